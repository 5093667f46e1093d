//! S-9051-tls: IMAP uses TLS 1.2 or newer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-tls",
    title: "IMAP uses TLS 1.2 or newer",
    protocols: &[Imap],
    examples: Examples { implies: &["S-8997-tls12", "S-9325-ver"], ..OLD_VERSION.examples },
    ..OLD_VERSION
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-tls"
        Client "==TLS UP OLD== <-- S-9051-tls fail"
        Server "==TLS UP== <-- S-9051-tls pass"
        Client "C: a NOOP
             <-- S-9051-tls not-applicable"
    }
}
