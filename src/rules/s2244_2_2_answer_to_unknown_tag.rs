//! S-2244-tag: an answer has the tag of a command that was sent.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2244-tag",
    title: "An answer has the tag of a command that was sent",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a NOOP
             S: b OK \"done\"",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a NOOP
             S: a OK \"done\"",
        ),
        implies: &[],
    },
    ..UNKNOWN_TAG
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2244-tag"
        Server "==ACAP==
             C: a NOOP
             S: b OK \"done\" <-- S-2244-tag fail"
        Server "==ACAP==
             C: a NOOP
             S: a OK \"done\" <-- S-2244-tag pass"
        Server "==ACAP==
             S: a OK \"done\"
             <-- S-2244-tag not-applicable"
    }
}
