//! S-8997-tls12: TLS is of version 1.2 or newer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8997-tls12",
    title: "TLS is of version 1.2 or newer",
    protocols: IP,
    examples: Examples { implies: &["S-9051-tls", "S-9325-ver"], ..OLD_VERSION.examples },
    ..OLD_VERSION
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8997-tls12"
        Client "==TLS UP OLD== <-- S-8997-tls12 fail"
        Server "==TLS UP== <-- S-8997-tls12 pass"
        Client "==TLS==
             C: a NOOP
             <-- S-8997-tls12 cannot-tell"
        Client "C: a NOOP
             <-- S-8997-tls12 not-applicable"
    }
}
