//! B37: a client has a mode that shows the server no password.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B37",
    title: "A client has a mode that shows the server no password",
    why: "A server that was told a password can use it wherever else it works.",
    how: "A probe: with the mode on, no mechanism and no command is used that shows the password, TLS or not.",
    blind: "One session shows one setting.",
    protocols: IPA,
    examples: Examples {
        bad: Nobody("Every client here can be set to show the server no password."),
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
        "B37"
        Client "C: a NOOP
             <-- B37 cannot-tell"
    }
}
