//! SEC16: there is a configuration in which no password is taken unprotected.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "SEC16",
    title: "There is a configuration in which no password is taken unprotected",
    why: "Without it a site cannot keep its users' passwords off the wire.",
    how: "A probe: with the switch set, nothing that shows a password is listed outside TLS, and every such login fails, with the right password too.",
    blind: "One session shows one setting.",
    protocols: &[Imap],
    examples: Examples {
        bad: Probe("imap server=careless"),
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
        "SEC16"
        Server "C: a NOOP
             <-- SEC16 cannot-tell"
    }
}
