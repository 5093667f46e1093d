//! S-9325-ver: no SSL, and no TLS before 1.2.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-ver",
    title: "No SSL, and no TLS before 1.2",
    protocols: IPA,
    examples: Examples { implies: &["S-8997-tls12", "S-9051-tls"], ..OLD_VERSION.examples },
    ..OLD_VERSION
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9325-ver"
        Client "==TLS UP OLD== <-- S-9325-ver fail"
        Server "==TLS UP== <-- S-9325-ver pass"
        Client "C: a NOOP
             <-- S-9325-ver not-applicable"
    }
}
