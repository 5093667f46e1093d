//! S-4422-trunc: an exchange ends with an answer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-4422-trunc",
    title: "An exchange ends with an answer",
    why: "When the end of an exchange cannot be told from a cut wire, somebody on the way can cut it where it suits him.",
    how: "The server closes the connection while an exchange that it had opened awaits its answer, and the client had not left first.",
    blind: "Who cut a wire that nobody closed.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             ==SERVER CLOSED==",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a NO wrong
             ==SERVER CLOSED==",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let closed = leg.of(Class::Closed).next().filter(|at| at.from == Side::Server);
    let occasions = leg.commands_of(Verb::Authenticate).filter_map(|(event, _)| {
        let went_on =
            |at: &&Event| matches!(&at.kind, EventKind::AuthStep { command, .. } if *command == event.id);
        match (leg.reply_to(event.id), closed) {
            (Some((at, _)), _) => Some(Occasion::Kept(at)),
            (None, Some(closed))
                // A layer that is ended properly is gone when the connection closes.
                if (event.layer == closed.layer || event.layer == Layer::Tls)
                    && leg.behind(Class::AuthStep, event.id).next().is_some_and(|at| went_on(&at)) =>
            {
                Some(broken(
                    [event, closed],
                    here!(case, "The server closed the connection in the middle of an exchange"),
                ))
            }
            _ => None,
        }
    });
    each(occasions, "The exchange ended with an answer.", "No exchange came to its end.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-4422-trunc"
        Server "C: a AUTHENTICATE PLAIN <-- S-4422-trunc fail
             S: +
             C: AGFuYQBzM2NyZXQ=
             ==SERVER CLOSED== <-- S-4422-trunc fail"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a NO no <-- S-4422-trunc pass
             ==SERVER CLOSED=="
        Server "C: a NOOP
             ==SERVER CLOSED==
             <-- S-4422-trunc not-applicable"
    }
}
