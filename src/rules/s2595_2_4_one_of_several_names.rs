//! B10: one name that fits is enough.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B10",
    title: "One name that fits is enough",
    why: "A server with several names has one certificate for all of them.",
    how: "A certificate with several names, one of which fits: the client's own comparison must say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IPA,
    examples: Examples {
        bad: FITTING_NAME_REFUSED,
        good: Run("imap client=private server=strict"),
        implies: &["A09"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.names(|named| named.by_alternative, "The client did not take the one name that fits.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B10"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- B10 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED== <-- B10 fail"
        Client "C: a NOOP
             <-- B10 not-applicable"
    }
}
