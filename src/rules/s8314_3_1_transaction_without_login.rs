//! S-8314-noauth-state: behind the greeting nobody is logged in.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-noauth-state",
    title: "Behind the greeting nobody is logged in",
    why: "A certificate proves who holds a key, and not which mailbox is meant.",
    how: "The server's +OK to a command on messages, where no login had succeeded.",
    blind: "A login before the recording began.",
    protocols: &[Pop3],
    examples: Examples { bad: STAT_SERVED_TO_NOBODY, good: STAT_REFUSED, implies: &["B16", "S-1939"] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(
        case.mailbox_without_login(|_| true),
        "The server granted nothing before a login.",
        "Nothing was asked for before a login.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-noauth-state"
        Server "==POP3==
             S: +OK
             C: STAT <-- S-8314-noauth-state fail
             S: +OK 1 2 <-- S-8314-noauth-state fail"
        Server "==POP3==
             S: +OK
             C: STAT
             S: -ERR <-- S-8314-noauth-state pass"
        Server "==POP3==
             C: STAT
             S: +OK 1 2
             <-- S-8314-noauth-state cannot-tell"
        Server "==POP3==
             C: NOOP
             <-- S-8314-noauth-state not-applicable"
    }
}
