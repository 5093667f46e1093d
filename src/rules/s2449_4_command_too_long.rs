//! S-2449: a command line has 255 octets at the most.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2449",
    title: "A command line has 255 octets at the most",
    why: "A server may cut a longer line, and what is cut off a password or a message of an exchange becomes a line of its own.",
    how: "The length of each command line, its line ending included. The lines of an exchange behind a challenge have no such limit.",
    blind: "Nothing on this wire.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: CAPA
             S: +OK
             S: SASL OAUTHBEARER
             S: .
             C: AUTH OAUTHBEARER bixhPWFuYSwBaG9zdD1tYWlsLmV4YW1wbGUudGVzdAFhdXRoPUJlYXJlciBhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQEB
             S: -ERR line too long",
        ),
        good: USER_THEN_PASS,
        implies: &["S-5034"],
    },
    check,
};

/// RFC 2449 section 4, with CR and LF.
const LONGEST: u32 = 255;

fn check(case: &Case<'_>) -> Finding {
    let occasions = case.leg.commands().filter(|(event, _)| case.own(event)).map(|(event, _)| {
        let length = event.span.len();
        if length > LONGEST {
            broken([event], format!("The client's command line has {length} octets."))
        } else {
            Occasion::Kept(event)
        }
    });
    each(occasions, "The client's command lines are short enough.", "The client sent no command.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2449"
        Client "==POP3==
             C: STAT <-- S-2449 pass"
        Client "==POP3==
             S: +OK
             <-- S-2449 not-applicable"
        Client "==POP3==
             C: USER aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <-- S-2449 fail"
    }
}
