//! UNA16: a saved search does not outlive UNAUTHENTICATE.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA16",
    title: "A saved search does not outlive UNAUTHENTICATE",
    why: "It would show the next user which messages the one before had looked for.",
    how: "FETCH data in answer to a command on the saved result, behind an UNAUTHENTICATE that was granted and before a new SEARCH.",
    blind: "Data that the server does not send.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE SEARCHRES] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d FETCH $ (FLAGS)
             S: * 1 FETCH (FLAGS (\\Seen))
             S: d OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE SEARCHRES] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b OK welcome
             C: c SELECT INBOX
             S: c OK done
             C: d FETCH $ (FLAGS)
             S: d OK done",
        ),
        implies: &["UNA03"],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let saved = leg.answers().filter(|a| a.is_final() && leg.arguments(a.asked).any(|word| word == b"$"));
    let occasions = saved.filter_map(|answer| {
        let reset = leg
            .answers()
            .rfind(|a| a.command.name == "UNAUTHENTICATE" && a.accepts() && a.at.id < answer.asked.id)?;
        let new = leg.commands().any(|(at, command)| {
            at.id > reset.at.id && at.id < answer.asked.id && command.name.ends_with("SEARCH")
        });
        if new {
            return None;
        }
        let data = leg.of(Class::Untagged).find(|at| {
            at.id > answer.asked.id
                && at.id < answer.at.id
                && case.own(at)
                && matches!(&at.kind, EventKind::Reply(reply) if reply.name == "FETCH")
        });
        Some(match data {
            Some(at) => {
                broken([reset.at, at], here!(case, "The server still has the search of the user before"))
            }
            None => Occasion::Kept(answer.at),
        })
    });
    each(occasions, "The saved result is empty.", "Nobody asked for a saved result behind UNAUTHENTICATE.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA16"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA16 fail
             C: b FETCH $ (FLAGS)
             S: * 1 FETCH (FLAGS ()) <-- UNA16 fail
             S: b OK done"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             C: b FETCH $ (FLAGS)
             S: b OK done <-- UNA16 pass"
        Server "S: * PREAUTH hi
             C: b FETCH $ (FLAGS)
             S: b OK done
             <-- UNA16 not-applicable"
    }
}
