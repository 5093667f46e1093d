//! S-3501-tag: an answer has the tag of a command that was sent.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-3501-tag",
    title: "An answer has the tag of a command that was sent",
    why: "A forger who guesses the tag can answer before the command is sent, and a client that does not look takes STARTTLS for answered.",
    how: "An answer of the server with a tag that no awaited command has.",
    blind: "Commands that a program did not write into its log; a recording without any command is not judged. Of more than 256 commands in flight the oldest are forgotten.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             S: a OK begin TLS now
             C: a CAPABILITY
             S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
             S: a OK done",
        ),
        good: CAPABILITY_ANSWERED,
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
