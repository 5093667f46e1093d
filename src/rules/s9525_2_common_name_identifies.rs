//! S-9525: the common name identifies no service.

use super::kit::*;
use crate::tls::identity::NameRules;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9525",
    title: "The common name identifies no service",
    why: "A common name was never meant to be a host, and issuers check it by other rules or none.",
    how: "A certificate with a common name whose other names do not fit: the client's own comparison must not say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IPA,
    examples: Examples { bad: COMMON_NAME_TAKEN, good: COMMON_NAME_REFUSED, implies: &["A06", "A10", "B06"] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.misnamed(
        |certificate, _| certificate.common_name.is_some(),
        NameRules::Rfc9525,
        "The client took the common name for the name of its server.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9525"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED COMMON== <-- S-9525 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED COMMON== <-- S-9525 pass"
        Client "C: a NOOP
             <-- S-9525 not-applicable"
    }
}
