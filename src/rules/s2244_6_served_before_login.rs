//! S-2244-state: nothing is served before a login.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2244-state",
    title: "Nothing is served before a login",
    why: "What is served before a login is served to everybody.",
    how: "The server's OK to a command that needs a login, where none had succeeded.",
    blind: "A login before the recording began.",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a SEARCH \"/\" DEPTH 1 RETURN (\"*\") ALL
             S: a OK \"done\"",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a SEARCH \"/\" DEPTH 1 RETURN (\"*\") ALL
             S: a BAD \"log in first\"",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(
        case.mailbox_without_login(|_| true),
        "The server granted nothing before a login.",
        "Nothing was asked for before a login.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2244-state"
        Server "==ACAP==
             S: * ACAP (SASL)
             C: a SEARCH \"/\" ALL <-- S-2244-state fail
             S: a OK \"x\" <-- S-2244-state fail"
        Server "==ACAP==
             S: * ACAP (SASL)
             C: a SEARCH \"/\" ALL
             S: a NO \"x\" <-- S-2244-state pass"
        Server "==ACAP==
             C: a SEARCH \"/\" ALL
             S: a OK \"x\"
             <-- S-2244-state cannot-tell"
        Server "==ACAP==
             S: * ACAP (SASL)
             C: a NOOP
             <-- S-2244-state not-applicable"
    }
}
