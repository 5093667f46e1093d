//! S-2449-order: every answer belongs to a command.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2449-order",
    title: "Every answer belongs to a command",
    why: "Answers are matched to commands by their order alone. One answer too many, and every later one is taken for the answer to something else.",
    how: "An answer of the server while no command awaits one.",
    blind: "Commands that a program did not write into its log; a recording without any command is not judged.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             S: +OK ready
             C: NOOP
             S: +OK
             S: +OK",
        ),
        good: NOOP_ANSWERED,
        implies: &[],
    },
    check: every_answer_is_awaited,
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2449-order"
        Server "==POP3==
             C: NOOP
             S: +OK
             S: +OK <-- S-2449-order fail"
        Server "==POP3==
             C: NOOP
             S: +OK <-- S-2449-order pass"
        Server "==POP3==
             C: NOOP
             <-- S-2449-order not-applicable"
    }
}
