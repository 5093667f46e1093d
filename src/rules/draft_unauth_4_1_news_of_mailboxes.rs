//! UNA19: behind UNAUTHENTICATE no news of mailboxes comes.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA19",
    title: "Behind UNAUTHENTICATE no news of mailboxes comes",
    why: "News that the user before had asked for tell the next one about a mailbox that is not his.",
    how: "Data of a mailbox from the server between an UNAUTHENTICATE that was granted and a new login.",
    blind: "News that are held back until the new login.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE NOTIFY] ready
             C: a UNAUTHENTICATE
             S: a OK done
             S: * STATUS Private (MESSAGES 3)
             C: b NOOP
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE NOTIFY] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b NOOP
             S: b OK done",
        ),
        implies: &["UNA03"],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let news = |name: &str| {
        matches!(
            name,
            "STATUS"
                | "LIST"
                | "LSUB"
                | "EXISTS"
                | "EXPUNGE"
                | "RECENT"
                | "FETCH"
                | "FLAGS"
                | "VANISHED"
                | "ESEARCH"
        )
    };
    let data = |at: &Event| matches!(&at.kind, EventKind::Reply(reply) if news(&reply.name));
    let login = |event: &Event| matches!(&event.kind, EventKind::Command(command) if command.verb.logs_in() || command.verb == Verb::Mailbox);
    each(
        case.carried_over(login, data, "The server sends news of a mailbox while nobody is logged in"),
        "No news came while nobody was logged in.",
        "UNAUTHENTICATE was not granted.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA19"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA19 fail
             S: * 3 EXISTS <-- UNA19 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA19 pass"
        Server "S: * PREAUTH hi
             C: a NOOP
             <-- UNA19 not-applicable"
    }
}
