//! S-8314-deprecate: access in the clear is brought to an end.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-deprecate",
    title: "Access in the clear is brought to an end",
    why: "As long as it works, somebody's password goes over the wire.",
    how: "A probe: as the server is set up, no login works outside TLS.",
    blind: "Plans for the time to come.",
    protocols: IP,
    examples: Examples { bad: Probe("imap server=open"), good: Probe("imap server=strict"), implies: &[] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let refused =
        case.leg.answers().find(|a| a.in_clear() && a.refuses() && a.is_to_password() && case.own(a.at));
    match refused.filter(|_| case.is_set_to(Policy::ClearTextRefused)) {
        Some(answer) => Finding::pass([answer.asked, answer.at], "The server takes no password outside TLS."),
        None => Finding::cannot_tell(PROBE),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-deprecate"
        Server "P server ClearTextRefused
             C: a LOGIN ana x <-- S-8314-deprecate pass
             S: a NO no <-- S-8314-deprecate pass"
        Server "C: a LOGIN ana x
             S: a NO no
             <-- S-8314-deprecate cannot-tell"
    }
}
