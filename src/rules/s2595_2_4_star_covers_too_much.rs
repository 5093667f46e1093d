//! B09: a star covers the leftmost part of a name and not the domain itself.

use super::kit::*;
use crate::tls::identity::NameRules;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B09",
    title: "A star covers the leftmost part of a name and not the domain itself",
    why: "A star that stands for more than it says makes one certificate good for hosts of other people.",
    how: "A certificate with a star in a name, and a host that RFC 2595 does not let it cover: the client's own comparison must not say yes.",
    blind: "In a recording, what the client compared. How many parts a star may cover RFC 2595 leaves open; here it is one.",
    protocols: IPA,
    examples: Examples { bad: STAR_TAKEN, good: STAR_REFUSED, implies: &["A06", "A10", "S-7817-wild"] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.starred(NameRules::Rfc2595)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B09"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED STAR== <-- B09 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED STAR== <-- B09 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED==
             <-- B09 not-applicable"
    }
}
