//! A08: the compared name does not come from an insecure look-up.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A08",
    title: "The compared name does not come from an insecure look-up",
    how: "Where the client had the name from that it compared: an alias, a service record or a referral outside TLS breaks the rule.",
    protocols: IPA,
    examples: Examples { implies: &["A07", "S-7817-ref"], ..INSECURE_LOOKUP.examples },
    ..INSECURE_LOOKUP
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A08"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- A08 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CNAME== <-- A08 fail"
        Client "C: a NOOP
             <-- A08 not-applicable"
    }
}
