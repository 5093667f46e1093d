//! S-5034: a first message with AUTH needs SASL in the list and a short line.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-5034",
    title: "A first message with AUTH needs SASL in the list and a short line",
    why: "A server that does not know it takes the message for something else, and one that cuts the line takes half of it.",
    how: "A first message in the line of AUTH: the newest list of the same layer has an item SASL, and the line has no more than 255 octets.",
    blind: "Without a list nobody can tell what the client knew.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: CAPA
             S: +OK
             S: USER
             S: .
             C: AUTH PLAIN AGFuYQBzM2NyZXQ=
             S: -ERR what",
        ),
        good: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: CAPA
             S: +OK
             S: SASL PLAIN
             S: .
             C: AUTH PLAIN AGFuYQBzM2NyZXQ=
             S: +OK welcome",
        ),
        implies: &[],
    },
    check,
};

/// RFC 2449 section 4, with CR and LF.
const LONGEST: u32 = 255;

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let at_once = leg.commands_of(Verb::Authenticate).filter(|(event, command)| {
        let (yes, no) = ("its first message came with it", "no message came with it");
        case.saw(event, command.initial_response, yes, no) && case.own(event)
    });
    let occasions = at_once.map(|(event, _)| {
        if event.span.len() > LONGEST {
            return broken([event], "The client's first message makes the line longer than 255 octets.");
        }
        match leg.list_before(event.id, event.layer) {
            None => Occasion::Open(
                "The server's capabilities before the login: record the session from its greeting.",
            ),
            Some((_, list)) if list.items().any(|item| item == "SASL" || item.starts_with("SASL ")) => {
                Occasion::Kept(event)
            }
            Some((at, _)) => {
                broken([at, event], "The client sent its first message with AUTH, and the list has no SASL.")
            }
        }
    });
    each(occasions, "The list permits it, and the line is short enough.", "No first message came with AUTH.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-5034"
        Client "==POP3==
             C: CAPA
             S: +OK <-- S-5034 fail
             S: USER
             S: .
             C: AUTH PLAIN AGFuYQBzM2NyZXQ= <-- S-5034 fail"
        Client "==POP3==
             C: CAPA
             S: +OK
             S: SASL PLAIN
             S: .
             C: AUTH PLAIN AGFuYQBzM2NyZXQ= <-- S-5034 pass"
        Client "==POP3==
             C: AUTH PLAIN AGFuYQBzM2NyZXQ=
             <-- S-5034 cannot-tell"
        Client "==POP3==
             C: AUTH PLAIN
             <-- S-5034 not-applicable"
    }
}
