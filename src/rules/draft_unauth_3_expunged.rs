//! UNA05: UNAUTHENTICATE expunges nothing.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA05",
    title: "UNAUTHENTICATE expunges nothing",
    why: "Messages would disappear because a connection changed hands.",
    how: "EXPUNGE or VANISHED from the server between UNAUTHENTICATE and its answer.",
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
    let done = leg.answers().filter(|a| a.command.name == "UNAUTHENTICATE" && a.accepts());
    let occasions = done.map(|answer| {
        let between = |at: &&Event| at.id > answer.asked.id && at.id < answer.at.id && case.own(at);
        let gone = leg.of(Class::Untagged).filter(between).find(|at| {
            matches!(&at.kind, EventKind::Reply(reply) if matches!(&*reply.name, "EXPUNGE" | "VANISHED"))
        });
        match gone {
            Some(at) => {
                broken([answer.asked, at], here!(case, "The server expunged in the middle of UNAUTHENTICATE"))
            }
            None => Occasion::Kept(answer.at),
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
