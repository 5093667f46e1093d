//! S-4959: no first message with AUTHENTICATE unless SASL-IR is listed.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-4959",
    title: "No first message with AUTHENTICATE unless SASL-IR is listed",
    why: "A server that does not know it takes the message for something else, and the password stands on the wire for nothing.",
    how: "A first message in the line of AUTHENTICATE, and the server's newest list of the same layer before it. IMAP4rev2 has it built in.",
    blind: "Without a list nobody can tell what the client knew.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a BAD what",
        ),
        good: PLAIN_INSIDE,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let at_once = leg.commands_of(Verb::Authenticate).filter(|(event, command)| {
        let (yes, no) = ("its first message came with it", "no message came with it");
        case.saw(event, command.initial_response, yes, no) && case.own(event)
    });
    let occasions = at_once.map(|(event, _)| match leg.list_before(event.id, event.layer) {
        None => Occasion::Open(
            "The server's capabilities before the login: record the session from its greeting.",
        ),
        Some((_, list)) if list.has("SASL-IR") || list.has("IMAP4REV2") => Occasion::Kept(event),
        Some((at, _)) => broken(
            [at, event],
            "The client sent its first message with AUTHENTICATE, and the list has no SASL-IR.",
        ),
    });
    each(occasions, "The list permits it.", "No first message came with AUTHENTICATE.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-4959"
        Client "S: * CAPABILITY IMAP4rev1 <-- S-4959 fail
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- S-4959 fail"
        Client "S: * CAPABILITY IMAP4rev2
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- S-4959 pass"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             <-- S-4959 cannot-tell"
        Client "C: a AUTHENTICATE PLAIN
             <-- S-4959 not-applicable"
    }
}
