//! B26: a PLAIN message has two NULs, a name and a password.

use super::kit::*;
use crate::sasl::plain::Malformed;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B26",
    title: "A PLAIN message has two NULs, a name and a password",
    why: "A message that two programs take apart in different ways can log somebody in under another name.",
    how: "The client's PLAIN messages, decoded: the identity to act as, which may be empty, NUL, a name, NUL, a password.",
    blind: "Text that is not base64 is a fault of another grammar and not judged here.",
    protocols: IPA,
    examples: Examples {
        bad: PLAIN_WITH_THIRD_NUL,
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
             S: a OK welcome",
        ),
        implies: &["S-4616"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.plain(
        |fault| {
            matches!(
                fault,
                Malformed::MissingNul { .. }
                    | Malformed::ThirdNul { .. }
                    | Malformed::EmptyAuthcid { .. }
                    | Malformed::EmptyPassword { .. }
            )
        },
        "The PLAIN message is outside its grammar",
        "The PLAIN message keeps its grammar.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B26"
        Client "C: a AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZgB0YW5zdGFhZg== <-- B26 fail"
        Client "C: a AUTHENTICATE PLAIN = <-- B26 fail"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- B26 pass"
        Client "C: a AUTHENTICATE PLAIN
             S: +
             C: *
             <-- B26 not-applicable"
    }
}
