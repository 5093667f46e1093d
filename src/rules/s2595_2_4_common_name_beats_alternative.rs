//! B06: with alternative names, the common name says nothing.

use super::kit::*;
use crate::tls::identity::NameRules;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B06",
    title: "With alternative names, the common name says nothing",
    why: "Nobody who issues certificates vouches for the common name any more.",
    how: "A certificate with names of the type dNSName, of which none fits: the client's own comparison must not say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IPA,
    examples: Examples {
        bad: COMMON_NAME_TAKEN,
        good: COMMON_NAME_REFUSED,
        implies: &["A06", "A10", "S-9525"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.misnamed(
        |certificate, _| !certificate.dns_names.is_empty() && certificate.common_name.is_some(),
        NameRules::Rfc2595,
        "The client took the common name of a certificate that has alternative names.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B06"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED COMMON== <-- B06 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED COMMON== <-- B06 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED==
             <-- B06 not-applicable"
    }
}
