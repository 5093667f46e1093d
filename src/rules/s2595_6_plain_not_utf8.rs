//! A22: PLAIN is written in UTF-8.

use super::kit::*;
use crate::sasl::plain::Malformed;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A22",
    title: "PLAIN is written in UTF-8",
    why: "Octets in another encoding mean another password to another program: logins fail for no visible reason, or succeed for the wrong one.",
    how: "The client's PLAIN messages, decoded.",
    blind: "Whether the text is the one that the user typed.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQD/czNjcmV0
             S: a NO wrong",
        ),
        good: PLAIN_INSIDE,
        implies: &["S-4616"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.plain(
        |fault| {
            matches!(
                fault,
                Malformed::Truncated { .. } | Malformed::StrayContinuation { .. } | Malformed::NoLead { .. }
            )
        },
        "The PLAIN message is not UTF-8",
        "The PLAIN message is UTF-8.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A22"
        Client "C: a AUTHENTICATE PLAIN AGFuYQD/czNjcmV0 <-- A22 fail"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- A22 pass"
        Client "C: a NOOP
             <-- A22 not-applicable"
    }
}
