//! S-3501-state: no mailbox is served before a login.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-3501-state",
    title: "No mailbox is served before a login",
    why: "What is served before a login is served to everybody.",
    how: "The server's OK to a command on mailboxes or messages, where no login had succeeded and the greeting was not PREAUTH.",
    blind: "A login before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STATUS INBOX (MESSAGES)
             S: a OK done",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a STATUS INBOX (MESSAGES)
             S: a BAD log in first",
        ),
        implies: &["S-8314-minconf"],
    },
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
        "S-3501-state"
        Server "S: * OK hi
             C: a SELECT INBOX <-- S-3501-state fail
             S: a OK x <-- S-3501-state fail"
        Server "S: * OK hi
             C: a SELECT INBOX
             S: a BAD x <-- S-3501-state pass"
        Server "S: * OK hi
             C: a LOGIN ana s3cret
             S: a OK in
             C: b UNAUTHENTICATE
             S: b OK out
             C: c SELECT INBOX <-- S-3501-state fail
             S: c OK x <-- S-3501-state fail"
        Server "C: a SELECT INBOX
             S: a OK x
             <-- S-3501-state cannot-tell"
        Server "S: * PREAUTH hi
             C: a SELECT INBOX
             S: a OK x
             <-- S-3501-state not-applicable"
    }
}
