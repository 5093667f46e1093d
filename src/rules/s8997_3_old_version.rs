//! S-8997-tls12: TLS is of version 1.2 or newer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8997-tls12",
    title: "TLS is of version 1.2 or newer",
    why: "The versions before it have been broken, or rest on parts that were.",
    how: "The version of the layer.",
    blind: "Versions that an end would have taken and that were not chosen.",
    protocols: IP,
    examples: Examples {
        bad: Session(
            "C: a STARTTLS
             S: a OK go
             ==TLS UP OLD==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-9051-tls", "S-9325-ver"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.new_enough()
}

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
