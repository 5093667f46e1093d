//! P3S03: a client that insists on its certificate never falls back on a password.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "P3S03",
    title: "A client that insists on its certificate never falls back on a password",
    why: "Whoever refuses the certificate would get the password instead.",
    how: "A probe: set to log in by certificate, the client meets a server that does not take it; sending a password then breaks the rule.",
    blind: "Whether a client insists, which no session says.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Probe("pop3 client=private client.password-after-external=on"),
        good: Run("pop3 client=private server=strict"),
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
        "P3S03"
        Client "==POP3==
             C: NOOP
             <-- P3S03 cannot-tell"
    }
}
