//! UNA15: what ENABLE switched on does not outlive UNAUTHENTICATE.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA15",
    title: "What ENABLE switched on does not outlive UNAUTHENTICATE",
    why: "The next user's client gets answers in a form that it never asked for.",
    how: "VANISHED or METADATA behind an UNAUTHENTICATE that was granted, before a new ENABLE.",
    blind: "Extensions that change nothing in what is sent.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE QRESYNC] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d EXPUNGE
             S: * VANISHED 4
             S: d OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE QRESYNC] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d EXPUNGE
             S: * 4 EXPUNGE
             S: d OK done",
        ),
        implies: &["UNA03"],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let again =
        |event: &Event| matches!(&event.kind, EventKind::Command(command) if command.name == "ENABLE");
    let data = |at: &Event| matches!(&at.kind, EventKind::Reply(reply) if matches!(&*reply.name, "VANISHED" | "METADATA"));
    each(
        case.carried_over(
            again,
            data,
            "The server answers in the form of an extension that was not enabled again",
        ),
        "Nothing came in the form of an extension.",
        "UNAUTHENTICATE was not granted.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA15"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA15 fail
             C: b EXPUNGE
             S: * VANISHED 4 <-- UNA15 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA15 pass
             C: b ENABLE QRESYNC
             S: * VANISHED 4"
        Server "S: * PREAUTH hi
             C: a NOOP
             <-- UNA15 not-applicable"
    }
}
