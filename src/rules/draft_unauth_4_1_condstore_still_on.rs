//! UNA13: CONDSTORE does not outlive UNAUTHENTICATE.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA13",
    title: "CONDSTORE does not outlive UNAUTHENTICATE",
    why: "The next user's client gets data that it never asked for and may not understand.",
    how: "FETCH data with MODSEQ behind an UNAUTHENTICATE that was granted, before the client switched CONDSTORE on again: by ENABLE, by a parameter of SELECT, or by a command that names MODSEQ.",
    blind: "Data that the server does not send.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE CONDSTORE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d STORE 1 +FLAGS (\\Seen)
             S: * 1 FETCH (FLAGS (\\Seen) MODSEQ (12))
             S: d OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE CONDSTORE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d STORE 1 +FLAGS (\\Seen)
             S: * 1 FETCH (FLAGS (\\Seen))
             S: d OK done",
        ),
        implies: &["UNA03"],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let again = |event: &Event| {
        case.leg.arguments(event).any(|word| {
            [&b"CONDSTORE"[..], b"QRESYNC", b"MODSEQ", b"CHANGEDSINCE", b"UNCHANGEDSINCE", b"HIGHESTMODSEQ"]
                .iter()
                .any(|known| contains(word, known))
        })
    };
    let data = |at: &Event| {
        matches!(&at.kind, EventKind::Reply(reply) if reply.name == "FETCH")
            && case.leg.words(at).any(|word| contains(word, b"MODSEQ"))
    };
    each(
        case.carried_over(
            again,
            data,
            "The server sends MODSEQ although CONDSTORE was not switched on again",
        ),
        "No MODSEQ came without being asked for.",
        "No FETCH data followed UNAUTHENTICATE.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA13"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA13 fail
             C: b STORE 1 +FLAGS (\\Seen)
             S: * 1 FETCH (MODSEQ (12)) <-- UNA13 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA13 pass
             C: b ENABLE CONDSTORE
             S: * 1 FETCH (MODSEQ (12))"
        Server "S: * PREAUTH hi
             C: a NOOP
             <-- UNA13 not-applicable"
    }
}
