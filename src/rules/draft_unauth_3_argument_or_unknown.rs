//! UNA01: UNAUTHENTICATE has no argument and is known where it is listed.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA01",
    title: "UNAUTHENTICATE has no argument and is known where it is listed",
    why: "A command that one side takes for a reset and the other for nothing leaves a session with two owners.",
    how: "The client breaks it with an argument, the server by listing the command and answering BAD to it in a session that is logged in.",
    blind: "Lists from before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE now
             S: a BAD no arguments",
        ),
        good: RESET,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let sent = case.asks_for_reset();
    let occasions = sent.filter_map(|(event, _)| {
        let argument = leg.arguments(event).next().is_some();
        if case.side == Side::Client {
            return case.own(event).then(|| match argument {
                true => broken([event], "The client gave UNAUTHENTICATE an argument."),
                false => Occasion::Kept(event),
            });
        }
        let (at, reply) = leg.reply_to(event.id).filter(|(at, _)| case.own(at) && !argument)?;
        let (listed, list) = leg.list_before(event.id, event.layer)?;
        case.logged_in(event.id).filter(|_| list.has("UNAUTHENTICATE"))?;
        Some(match reply.status {
            Some(Status::Bad) => {
                broken([listed, at], here!(case, "The server lists UNAUTHENTICATE and does not know it"))
            }
            _ => Occasion::Kept(at),
        })
    });
    each(occasions, "The command was as it has to be.", "UNAUTHENTICATE was not used.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA01"
        Client "C: a UNAUTHENTICATE x <-- UNA01 fail"
        Client "C: a UNAUTHENTICATE <-- UNA01 pass"
        Server "S: * PREAUTH [CAPABILITY UNAUTHENTICATE] hi <-- UNA01 fail
             C: a UNAUTHENTICATE
             S: a BAD what <-- UNA01 fail"
        Server "S: * PREAUTH [CAPABILITY UNAUTHENTICATE] hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA01 pass"
        Client "C: a NOOP
             <-- UNA01 not-applicable"
    }
}
