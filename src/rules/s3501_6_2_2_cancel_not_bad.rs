//! S-3501-cancel: an exchange that the client gives up ends with BAD.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-3501-cancel",
    title: "An exchange that the client gives up ends with BAD",
    why: "NO means that the credentials were wrong, and OK that somebody is logged in: neither is true.",
    how: "The answer to an exchange in which the client sent a star.",
    blind: "Nothing on this wire.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: *
             S: a NO wrong",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: *
             S: a BAD given up",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(case.cancelled(Status::Bad), "The server answered BAD.", "No exchange was given up.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-3501-cancel"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: * <-- S-3501-cancel fail
             S: a NO no <-- S-3501-cancel fail"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: *
             S: a BAD no <-- S-3501-cancel pass"
        Server "C: a NOOP
             <-- S-3501-cancel not-applicable"
    }
}
