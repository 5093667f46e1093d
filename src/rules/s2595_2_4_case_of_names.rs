//! B08: names are compared without regard to case.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B08",
    title: "Names are compared without regard to case",
    why: "Names in the name system have no case, and a client that sees one refuses its own server.",
    how: "A certificate whose name differs from the client's in upper and lower case only: the client's own comparison must say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED CASE==",
        ),
        good: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED CASE==",
        ),
        implies: &["A09", "B10"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.names(
        |named| named.by_alternative && named.in_other_case,
        "The client did not take a name in another case.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B08"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED CASE== <-- B08 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED CASE== <-- B08 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED==
             <-- B08 not-applicable"
    }
}
