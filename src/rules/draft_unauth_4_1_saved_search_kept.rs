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
    let resets = Sorted::of(case.resets().filter(|a| a.accepts()).map(|a| a.at));
    let searches = leg.commands().filter(|(_, command)| command.name.ends_with("SEARCH"));
    let searches = Sorted::of(searches.map(|(at, _)| at));
    let fetched =
        |at: &&Event| matches!(&at.kind, EventKind::Reply(reply) if reply.name == "FETCH") && case.own(at);
    let fetched = Sorted::of(leg.of(Class::Untagged).filter(fetched));
    let saved = leg.answers().filter(|a| {
        let names = leg.arguments(a.asked).any(|word| word == b"$");
        a.is_final() && case.saw(a.asked, names, "it names the saved result", "it names no saved result")
    });
    let occasions = saved.filter_map(|answer| {
        let reset = resets.before(answer.asked.id);
        case.saw(
            answer.asked,
            reset.is_some(),
            "UNAUTHENTICATE was granted before",
            "no UNAUTHENTICATE was granted before",
        );
        let reset = reset?;
        let new = searches.behind(reset.id).is_some_and(|at| at.id < answer.asked.id);
        if case.saw(answer.asked, new, "a new SEARCH came before it", "no new SEARCH came before it") {
            return None;
        }
        Some(match fetched.behind(answer.asked.id).filter(|at| at.id < answer.at.id) {
            Some(at) => {
                broken([reset, at], here!(case, "The server still has the search of the user before"))
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
