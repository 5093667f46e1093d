//! S-9325-ver: no SSL, and no TLS before 1.2.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-ver",
    title: "No SSL, and no TLS before 1.2",
    why: "The versions before it have been broken, or rest on parts that were.",
    how: "The version of the layer.",
    blind: "Versions that an end would have taken and that were not chosen.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP OLD==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-8997-tls12", "S-9051-tls"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.new_enough()
}

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
