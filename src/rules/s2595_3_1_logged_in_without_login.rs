//! B16: TLS alone logs nobody in.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B16",
    title: "TLS alone logs nobody in",
    why: "A certificate proves who holds a key, and not which mailbox is meant. A server that serves mail behind the handshake alone serves whoever comes.",
    how: "A command on mailboxes or messages that the server grants inside TLS before any login succeeded and without a PREAUTH greeting.",
    blind: "A server may have logged the client in by means that no line shows.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=EXTERNAL
             S: b OK done
             C: c SELECT INBOX
             S: c OK done",
        ),
        good: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=EXTERNAL
             S: b OK done
             C: c SELECT INBOX
             S: c BAD log in first",
        ),
        implies: &["S-3501-state"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    each(
        case.mailbox_without_login(|answer| case.inside(answer.asked)),
        "The server granted nothing before a login.",
        "Nothing was asked for inside TLS before a login.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B16"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b SELECT INBOX <-- B16 fail
             S: b OK done <-- B16 fail"
        Server "==TLS==
             S: * OK hi
             C: b SELECT INBOX
             S: b BAD first log in <-- B16 pass"
        Server "==TLS==
             S: * PREAUTH hi
             C: b SELECT INBOX
             S: b OK done
             <-- B16 not-applicable"
        Server "==TLS==
             S: * OK hi
             C: a LOGIN tim x
             S: a OK hi
             C: b SELECT INBOX
             S: b OK done
             <-- B16 not-applicable"
    }
}
