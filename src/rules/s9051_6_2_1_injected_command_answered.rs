//! S-9051-buf: a command that came before the handshake is not answered inside TLS.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-buf",
    title: "A command that came before the handshake is not answered inside TLS",
    why: "What somebody wrote into the clear behind STARTTLS would count as said inside TLS, by a client who never said it.",
    how: "The client's octets between STARTTLS and the handshake, and an answer inside TLS that no command inside TLS asked for.",
    blind: "An answer that the server swallowed.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             C: b NOOP
             S: a OK go
             ==TLS==
             S: b OK done
             C: c CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: c OK done",
        ),
        good: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: c CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: c OK done",
        ),
        implies: &["A12", "S-3501-tag"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some(early) = leg.of(Class::LeftOver).find(|at| at.from == Side::Client) else {
        return Finding::not_applicable("The client sent nothing between STARTTLS and the handshake.");
    };
    let mut inside =
        leg.replies().filter(|(at, reply)| case.inside(at) && reply.form == Form::Final && case.own(at));
    if let Some((at, _)) = inside.clone().find(|(_, reply)| reply.to.is_none()) {
        return Finding::fail(
            [early, at],
            here!(case, "The server answers inside TLS what came before the handshake"),
        );
    }
    let end = inside
        .next()
        .map(|(at, _)| at)
        .or_else(|| leg.closed_by(Side::Server))
        .or(leg.tls_failed().map(|(at, _)| at));
    match end {
        Some(at) => Finding::pass([early, at], "The server did not answer what came before the handshake."),
        None => {
            Finding::cannot_tell("What the server says inside TLS: record the session with its contents.")
        }
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-buf"
        Server "C: a STARTTLS
             C: b NOOP <-- S-9051-buf fail
             S: a OK go
             ==TLS==
             S: b OK done <-- S-9051-buf fail"
        Server "C: a STARTTLS
             C: b NOOP <-- S-9051-buf pass
             S: a OK go
             ==TLS==
             C: c NOOP
             S: c OK done <-- S-9051-buf pass"
        Server "C: a STARTTLS
             C: b NOOP
             S: a OK go
             ==TLS==
             <-- S-9051-buf cannot-tell"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS==
             <-- S-9051-buf not-applicable"
    }
}
