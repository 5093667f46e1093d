//! S-9051-tls: IMAP uses TLS 1.2 or newer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-tls",
    title: "IMAP uses TLS 1.2 or newer",
    why: "The versions before it have been broken, or rest on parts that were.",
    how: "The version of the layer.",
    blind: "Versions that an end would have taken and that were not chosen.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP OLD==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-8997-tls12", "S-9325-ver"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.new_enough()
}

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
