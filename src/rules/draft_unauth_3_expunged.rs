//! UNA05: UNAUTHENTICATE expunges nothing.

use super::kit::*;
use crate::trace::{Kept, Note};

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA05",
    title: "UNAUTHENTICATE expunges nothing",
    why: "Messages would disappear because a connection changed hands.",
    how: "EXPUNGE or VANISHED from the server between UNAUTHENTICATE and its answer. In a simulation also the server's word that it left the mailbox open.",
    blind: "What happened to the mailbox without a word.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a SELECT INBOX
             S: a OK done
             C: b UNAUTHENTICATE
             S: * 1 EXPUNGE
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a SELECT INBOX
             S: a OK done
             C: b UNAUTHENTICATE
             S: b OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let gone = |at: &&Event| {
        matches!(&at.kind, EventKind::Reply(reply) if matches!(&*reply.name, "EXPUNGE" | "VANISHED"))
            && case.own(at)
    };
    let gone = Sorted::of(leg.of(Class::Untagged).filter(gone));
    // The server's own word that it left the mailbox open.
    let says = |note: Note| note == Note::Kept(Kept::Mailbox);
    let kept = Sorted::of(leg.notes(Side::Server).filter(|(_, note)| says(*note)).map(|(at, _)| at));
    let occasions = case.resets().filter(|a| a.accepts()).map(|answer| {
        let between = gone.behind(answer.asked.id).filter(|at| at.id < answer.at.id);
        match (between, kept.behind(answer.at.id)) {
            (Some(at), _) => {
                broken([answer.asked, at], here!(case, "The server expunged in the middle of UNAUTHENTICATE"))
            }
            (None, Some(at)) => {
                broken([answer.asked, at], "The server left the mailbox open for the next user.")
            }
            (None, None) => Occasion::Kept(answer.at),
        }
    });
    each(occasions, "Nothing was expunged.", "UNAUTHENTICATE was not granted.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA05"
        Server "S: * PREAUTH hi
             C: b UNAUTHENTICATE <-- UNA05 fail
             S: * 1 EXPUNGE <-- UNA05 fail
             S: b OK done"
        Server "S: * PREAUTH hi
             C: b UNAUTHENTICATE
             S: b OK done <-- UNA05 pass"
        Server "S: * PREAUTH hi
             C: b NOOP
             S: b OK done
             <-- UNA05 not-applicable"
    }
}
