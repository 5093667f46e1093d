//! A05: clear-text logins can be refused for all and for single users.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A05",
    title: "Clear-text logins can be refused for all and for single users",
    why: "A site moves its users over one by one, and can protect those first whose mail matters most.",
    how: "A probe: with the switch, one user is refused and another is not. A server that takes no password outside TLS from anybody is not bound.",
    blind: "One session is one user's.",
    protocols: IPA,
    examples: Examples {
        bad: Nobody("Every server here can refuse clear-text passwords to a single user."),
        good: Probe("imap server=strict"),
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
        "A05"
        Server "C: a LOGIN ana x
             S: a OK in
             <-- A05 cannot-tell"
    }
}
