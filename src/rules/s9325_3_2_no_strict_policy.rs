//! S-9325-strict: where only STARTTLS is there, a policy without clear text can be set.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-strict",
    title: "Where only STARTTLS is there, a policy without clear text can be set",
    why: "STARTTLS alone can be taken away by anybody on the way.",
    how: "A probe: with the policy set, nobody logs in outside TLS, whatever is done to the offer.",
    blind: "One session shows one setting.",
    protocols: IPA,
    examples: Examples {
        bad: Probe("imap client=careless"),
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
        "S-9325-strict"
        Client "C: a NOOP
             <-- S-9325-strict cannot-tell"
    }
}
