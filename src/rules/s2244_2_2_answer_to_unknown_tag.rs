//! S-2244-tag: an answer has the tag of a command that was sent.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2244-tag",
    title: "An answer has the tag of a command that was sent",
    why: "A forger who guesses the tag can answer before the command is sent, and a client that does not look takes STARTTLS for answered.",
    how: "An answer of the server with a tag that no awaited command has.",
    blind: "Commands that a program did not write into its log; a recording without any command is not judged. Of more than 256 commands in flight the oldest are forgotten.",
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
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(case.answers_to_nothing(), "Every answer belongs to a command.", "The server answered nothing.")
}

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
