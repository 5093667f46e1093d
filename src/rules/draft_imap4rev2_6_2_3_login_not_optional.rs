//! SEC02: a client can be told not to use LOGIN by itself.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "SEC02",
    title: "A client can be told not to use LOGIN by itself",
    why: "A user who knows that LOGIN shows the password can then rule it out.",
    how: "A probe: set to another way to log in, the client never sends LOGIN, whatever it is offered.",
    blind: "One session shows one setting.",
    protocols: &[Imap],
    examples: Examples {
        bad: Nobody("Every client here can be told to use another way than LOGIN."),
        good: Probe("imap client=private"),
        implies: &[],
    },
    check,
};

fn check(_: &Case<'_>) -> Finding {
    Finding::cannot_tell(PROBE)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "SEC02"
        Client "C: a NOOP
             <-- SEC02 cannot-tell"
    }
}
