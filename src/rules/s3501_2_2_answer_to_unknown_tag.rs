//! S-3501-tag: an answer has the tag of a command that was sent.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-3501-tag",
    title: "An answer has the tag of a command that was sent",
    protocols: &[Imap],
    examples: Examples { good: CAPABILITY_ANSWERED, ..UNKNOWN_TAG.examples },
    ..UNKNOWN_TAG
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-3501-tag"
        Server "C: a NOOP
             S: b OK done <-- S-3501-tag fail"
        Server "C: a NOOP
             C: b NOOP
             S: b OK done <-- S-3501-tag pass
             S: a OK done"
        Server "S: a OK done
             <-- S-3501-tag not-applicable"
    }
}
