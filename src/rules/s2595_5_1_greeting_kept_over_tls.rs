//! B24: the greeting inside TLS replaces the first one.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B24",
    title: "The greeting inside TLS replaces the first one",
    why: "What the first greeting listed anybody could have written. A client that mixes both lists believes the forger.",
    how: "As A13: a mechanism that only the first greeting listed is used inside TLS, or the client says that it kept its list.",
    blind: "A mechanism that everybody knows may have been tried without any list.",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * ACAP (SASL \"X-ODD\") (STARTTLS)
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             S: * ACAP (SASL \"PLAIN\")
             C: b AUTHENTICATE \"X-ODD\"
             S: b NO \"not here\"",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"X-ODD\") (STARTTLS)
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             S: * ACAP (SASL \"PLAIN\")
             C: b AUTHENTICATE \"PLAIN\" {11+}
             C: <NUL>ana<NUL>s3cret
             S: b OK \"welcome\"",
        ),
        implies: &["A13"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    super::s2595_3_1_capabilities_kept_over_tls::check(case)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B24"
        Client "==ACAP==
             S: * ACAP (SASL \"X-ODD\") <-- B24 fail
             C: a STARTTLS
             S: a OK \"x\"
             ==TLS==
             S: * ACAP (SASL \"PLAIN\")
             C: b AUTHENTICATE \"X-ODD\" <-- B24 fail"
        Client "==ACAP==
             S: * ACAP (SASL \"PLAIN\")
             C: a LOGOUT
             <-- B24 not-applicable"
    }
}
