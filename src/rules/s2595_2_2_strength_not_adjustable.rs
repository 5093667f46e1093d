//! B03: how strong encryption must be can be set.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B03",
    title: "How strong encryption must be can be set",
    why: "What is strong enough changes, and differs from site to site.",
    how: "A probe: an end that is set to demand a minimum does not log anybody in below it.",
    blind: "One session shows one setting.",
    protocols: IPA,
    examples: Examples {
        bad: Probe("imap client=private client.weak-tls=on"),
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
        "B03"
        Client "C: a NOOP
             <-- B03 cannot-tell"
    }
}
