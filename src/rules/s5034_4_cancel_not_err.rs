//! S-5034-cancel: an exchange that the client gives up ends with -ERR.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-5034-cancel",
    title: "An exchange that the client gives up ends with -ERR",
    why: "+OK would mean that somebody is logged in.",
    how: "The answer to an exchange in which the client sent a star.",
    blind: "Nothing on this wire.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: AUTH PLAIN
             S: +
             C: *
             S: +OK",
        ),
        good: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: AUTH PLAIN
             S: +
             C: *
             S: -ERR given up",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(case.cancelled(Status::Err), "The server answered -ERR.", "No exchange was given up.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-5034-cancel"
        Server "==POP3==
             C: AUTH PLAIN
             S: +
             C: * <-- S-5034-cancel fail
             S: +OK <-- S-5034-cancel fail"
        Server "==POP3==
             C: AUTH PLAIN
             S: +
             C: *
             S: -ERR <-- S-5034-cancel pass"
        Server "==POP3==
             C: NOOP
             <-- S-5034-cancel not-applicable"
    }
}
