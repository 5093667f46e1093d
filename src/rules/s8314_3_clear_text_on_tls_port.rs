//! S-8314-implicit: where TLS comes first, nothing comes before it.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-implicit",
    title: "Where TLS comes first, nothing comes before it",
    why: "A greeting in the clear on a port for TLS can only be somebody else's, or a server that is set up wrongly.",
    how: "A handshake begins that no STARTTLS had asked for: it must be the first thing on the connection. A session that uses STARTTLS is not judged: that RFC 8314 prefers the other port says nothing against it.",
    blind: "The number of the port.",
    protocols: &[Imap, Pop3],
    examples: Examples {
        bad: Session(
            "S: * OK ready
             C: a NOOP
             S: a OK done
             ==TLS==
             C: b NOOP
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * OK ready
             C: a NOOP
             S: a OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some(began) = leg.tls_began().or_else(|| leg.inside_tls()) else {
        return Finding::not_applicable("No TLS layer came up.");
    };
    let asked = |event: &Event| {
        case.saw(
            event,
            event.id < began.id,
            "it came before the handshake",
            "it came after the handshake began",
        )
    };
    if leg.commands_of(Verb::StartTls).any(|(event, _)| asked(event)) {
        return Finding::not_applicable("The session asked for TLS by STARTTLS.");
    }
    if case.client_left_open(began) {
        return Finding::cannot_tell(LEFT_OPEN);
    }
    let early = leg
        .events()
        .find(|at| at.id < began.id && at.from == case.side && !at.span.is_empty() && case.own(at));
    match early {
        Some(early) => Finding::fail(
            [early, began],
            "Something was said in the clear before a handshake that nobody had asked for.",
        ),
        None => Finding::pass([began], "TLS came first."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-implicit"
        Server "S: * OK hi <-- S-8314-implicit fail
             ==TLS== <-- S-8314-implicit fail
             C: a NOOP"
        Client "S: * OK hi
             ==TLS== <-- S-8314-implicit pass
             C: a NOOP"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS==
             <-- S-8314-implicit not-applicable"
        Client "C: a NOOP
             <-- S-8314-implicit not-applicable"
    }
}
