//! S-5161: ENABLE comes behind the login and before a mailbox is opened.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-5161",
    title: "ENABLE comes behind the login and before a mailbox is opened",
    why: "Outside that place a server may take it or not, and the two sides then differ about what is on.",
    how: "ENABLE of the client before a login succeeded, or behind a SELECT or EXAMINE that succeeded.",
    blind: "A login before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 ENABLE AUTH=PLAIN] ready
             C: a ENABLE CONDSTORE
             S: a BAD log in first",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 ENABLE AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a OK welcome
             C: b ENABLE CONDSTORE
             S: * ENABLED CONDSTORE
             S: b OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let from_the_start = leg.of(Class::Greeting).next().is_some() || leg.upgraded().is_some();
    let mut opened: Option<&Event> = None;
    let occasions = leg.commands().filter_map(move |(event, command)| match &*command.name {
        "SELECT" | "EXAMINE" => {
            let done = leg.reply_to(event.id).filter(|(_, reply)| reply.status == Some(Status::Ok));
            opened = opened.or(done.map(|(at, _)| at));
            case.saw(event, false, "", "it is not ENABLE");
            None
        }
        "UNAUTHENTICATE" => {
            opened = None;
            case.saw(event, false, "", "it is not ENABLE");
            None
        }
        "ENABLE" if case.own(event) => Some(match (case.logged_in(event.id), opened) {
            (None, _) if !from_the_start => {
                Occasion::Open("Whether somebody had logged in before: record the session from its greeting.")
            }
            (None, _) => broken([event], "The client sent ENABLE before any login."),
            (Some(_), Some(opened)) if opened.id < event.id => {
                broken([opened, event], "The client sent ENABLE after it had opened a mailbox.")
            }
            _ => Occasion::Kept(event),
        }),
        _ => {
            case.saw(event, false, "", "it is not ENABLE");
            None
        }
    });
    each(occasions, "ENABLE stands where it belongs.", "No ENABLE was sent.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-5161"
        Client "S: * OK hi
             C: a ENABLE X <-- S-5161 fail"
        Client "S: * PREAUTH hi
             C: a SELECT INBOX
             S: a OK done <-- S-5161 fail
             C: b ENABLE X <-- S-5161 fail"
        Client "S: * PREAUTH hi
             C: b ENABLE X <-- S-5161 pass"
        Client "C: b ENABLE X
             <-- S-5161 cannot-tell"
        Client "C: b NOOP
             <-- S-5161 not-applicable"
    }
}
