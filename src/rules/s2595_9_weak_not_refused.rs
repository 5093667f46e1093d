//! A20: weak mechanisms and suites can be ruled out.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A20",
    title: "Weak mechanisms and suites can be ruled out",
    why: "Somebody on the way can always bring two ends down to the weakest thing that both of them take.",
    how: "A probe: with the switches set, the weak ones are neither offered nor used, whatever the other end offers.",
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
        "A20"
        Client "C: a NOOP
             <-- A20 cannot-tell"
    }
}
