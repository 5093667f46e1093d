//! S-7817-ref: what is compared is the mail domain or the host, and no alias.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7817-ref",
    title: "What is compared is the mail domain or the host, and no alias",
    how: "Where the client had the name from that it compared. A name that DNSSEC vouches for would count; here no look-up is signed.",
    protocols: IP,
    examples: Examples { implies: &["A07", "A08"], ..INSECURE_LOOKUP.examples },
    ..INSECURE_LOOKUP
};

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7817-ref"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- S-7817-ref pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CNAME== <-- S-7817-ref fail"
        Client "C: a NOOP
             <-- S-7817-ref not-applicable"
    }
}
