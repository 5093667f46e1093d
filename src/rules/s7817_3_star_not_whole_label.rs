//! S-7817-wild: a star counts only as the whole leftmost label.

use super::kit::*;
use crate::tls::identity::NameRules;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7817-wild",
    title: "A star counts only as the whole leftmost label",
    why: "A star inside a label or further to the right makes one certificate good for hosts of other people.",
    how: "A certificate with a star in a name, and a host that RFC 7817 does not let it cover: the client's own comparison must not say yes.",
    blind: "In a recording, what the client compared.",
    protocols: IP,
    examples: Examples { bad: STAR_TAKEN, good: STAR_REFUSED, implies: &["A06", "A10", "B09"] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.starred(NameRules::Rfc7817)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7817-wild"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED STAR== <-- S-7817-wild fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME REFUSED STAR== <-- S-7817-wild pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED==
             <-- S-7817-wild not-applicable"
    }
}
