//! S-9325-fs: no suite below 128 bits, with static RSA or finite-field Diffie-Hellman.

use super::kit::*;
use crate::tls::suites;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-fs",
    title: "No suite below 128 bits, with static RSA or finite-field Diffie-Hellman",
    why: "A key that is lost later opens what was recorded before, or the numbers are too small by now.",
    how: "The suite of the layer.",
    blind: "Suites that an end would have taken and that were not chosen; suites that nobody here knows.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.suite(
        |suite| {
            suite.strength < suites::Strength::Strong
                || matches!(suite.key_exchange, suites::KeyExchange::StaticRsa | suites::KeyExchange::Dhe)
        },
        "should not be used",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9325-fs"
        Client "==TLS UP TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA== <-- S-9325-fs fail"
        Server "==TLS UP TLS_AES_128_GCM_SHA256== <-- S-9325-fs pass"
        Client "C: a NOOP
             <-- S-9325-fs not-applicable"
    }
}
