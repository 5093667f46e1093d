//! UNA04: behind UNAUTHENTICATE nobody is logged in.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA04",
    title: "Behind UNAUTHENTICATE nobody is logged in",
    why: "The next user of the connection would work in the mailbox of the one before.",
    how: "The server's OK to a command on mailboxes behind an UNAUTHENTICATE that it had accepted, before a new login.",
    blind: "What the server does not answer.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b SELECT INBOX
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b SELECT INBOX
             S: b BAD log in first",
        ),
        implies: &["B16", "S-3501-state", "UNA03"],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let answers = leg.answers().filter(|a| a.is_final() && a.is_to(Verb::Mailbox) && case.own(a.at));
    let occasions = answers.filter_map(|answer| {
        let left = case.logged_out(answer.at.id)?;
        Some(if answer.accepts() {
            let name = &answer.command.name;
            let here = case.here();
            broken(
                [left, answer.at],
                format!("The server granted {name} although nobody was logged in any more{here}."),
            )
        } else {
            Occasion::Kept(answer.at)
        })
    });
    each(occasions, "The server refused it.", "Nothing was asked for between UNAUTHENTICATE and a new login.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA04"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA04 fail
             C: b SELECT INBOX
             S: b OK done <-- UNA04 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             C: b SELECT INBOX
             S: b BAD no <-- UNA04 pass"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN ana x
             S: b OK in
             C: c SELECT INBOX
             S: c OK done
             <-- UNA04 not-applicable"
    }
}
