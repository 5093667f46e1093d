//! S-9051-portbad: STARTTLS where TLS came first is answered with BAD.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-portbad",
    title: "STARTTLS where TLS came first is answered with BAD",
    why: "A second handshake inside the first has been a way to confuse both ends about what is protected.",
    how: "The answer to STARTTLS on a connection that began with TLS.",
    blind: "What went through TLS, in recordings that do not show it.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a STARTTLS
             S: a NO TLS is here already",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a STARTTLS
             S: a BAD TLS is here already",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let implicit = leg.upgraded().is_none() && leg.inside_tls().is_some();
    let asked = leg.answers().filter(|a| {
        case.saw(a.at, implicit, "TLS came first", "TLS did not come first")
            && a.is_to(Verb::StartTls)
            && case.inside(a.asked)
            && a.is_final()
            && case.own(a.at)
    });
    let occasions = asked.map(|answer| match answer.reply.status {
        Some(Status::Bad) => Occasion::Kept(answer.at),
        _ => broken(
            [answer.at],
            here!(case, "The server answers STARTTLS inside TLS with something else than BAD"),
        ),
    });
    each(occasions, "The server answered BAD.", "Nobody sent STARTTLS where TLS came first.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-portbad"
        Server "==TLS==
             S: * OK hi
             C: a STARTTLS
             S: a OK go <-- S-9051-portbad fail"
        Server "==TLS==
             S: * OK hi
             C: a STARTTLS
             S: a BAD no <-- S-9051-portbad pass"
        Server "C: a STARTTLS
             S: a OK go
             <-- S-9051-portbad not-applicable"
    }
}
