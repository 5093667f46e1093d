//! A09: a name that stands only among the alternative names is accepted.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A09",
    title: "A name that stands only among the alternative names is accepted",
    why: "Today's certificates have their names nowhere else. A client that looks at the common name alone refuses them, or takes others.",
    how: "A certificate in which a name of the type dNSName fits, by the document that the client compares by, and the common name does not: the client's own comparison must say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IPA,
    examples: Examples {
        bad: FITTING_NAME_REFUSED,
        good: Run("imap client=private server=strict"),
        implies: &["B10"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.names(
        |named| named.by_alternative && !named.by_common,
        "The client did not accept the alternative name.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A09"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- A09 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED== <-- A09 fail"
        Client "C: a NOOP
             <-- A09 not-applicable"
    }
}
