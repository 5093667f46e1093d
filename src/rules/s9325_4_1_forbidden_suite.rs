//! S-9325-cipher: no suite without encryption, with RC4 or below 112 bits.

use super::kit::*;
use crate::tls::suites;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-cipher",
    title: "No suite without encryption, with RC4 or below 112 bits",
    why: "What such a suite hides can be read by who has an afternoon.",
    how: "The suite of the layer. Triple DES counts as 112 bits and is not meant here.",
    blind: "Suites that an end would have taken and that were not chosen; suites that nobody here knows.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP TLS_RSA_WITH_RC4_128_SHA==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-9325-fs"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.suite(
        |suite| {
            suite.strength <= suites::Strength::Weak || suite.key_exchange == suites::KeyExchange::Anonymous
        },
        "is forbidden",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9325-cipher"
        Client "==TLS UP TLS_RSA_WITH_RC4_128_SHA== <-- S-9325-cipher fail"
        Server "==TLS UP TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA== <-- S-9325-cipher pass"
        Client "==TLS UP==
             <-- S-9325-cipher cannot-tell"
        Client "C: a NOOP
             <-- S-9325-cipher not-applicable"
    }
}
