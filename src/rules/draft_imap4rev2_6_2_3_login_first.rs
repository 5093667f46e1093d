//! SEC01: LOGIN is the last thing that a client tries.

use super::kit::*;
use crate::sasl::{self, Reveals};
use crate::trace::EventId;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "SEC01",
    title: "LOGIN is the last thing that a client tries",
    why: "Other mechanisms can do without showing the password, and the server has said that it takes one.",
    how: "LOGIN, while the newest list of its layer names a mechanism that the client had not tried before: inside TLS any that is known here, outside one that does not show the password.",
    blind: "Which mechanisms the client is able to use.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256] ready
             C: a LOGIN ana s3cret
             S: a OK welcome",
        ),
        good: LOGIN_INSIDE,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    // By mechanism, where the client first tried it.
    let mut tried: BTreeMap<&str, EventId> = BTreeMap::new();
    for (event, command) in leg.commands_of(Verb::Authenticate) {
        tried.entry(command.mechanism.as_deref().unwrap_or_default()).or_insert(event.id);
    }
    let better = |event: &Event, name: &str| {
        sasl::find(name).is_some_and(|known| {
            known.name != "EXTERNAL"
                && known.reveals != Reveals::Token
                && (event.layer == Layer::Tls || known.reveals == Reveals::Nothing)
        })
    };
    // What was exhausted stays so until another list comes.
    let mut exhausted = None;
    let logins = leg.commands_of(Verb::Login).filter(|(event, _)| case.own(event));
    let occasions = logins.filter_map(|(event, _)| {
        let (at, list) = leg.list_before(event.id, event.layer)?;
        let left = |name: &&str| better(event, name) && tried.get(name).is_none_or(|tried| *tried > event.id);
        let left = (exhausted != Some(at.id)).then(|| list.mechanisms().find(left)).flatten();
        exhausted = Some(at.id);
        Some(match left {
            Some(name) => broken([at, event], format!("The client sent LOGIN, and the server lists {name}.")),
            None => Occasion::Kept(event),
        })
    });
    each(occasions, "Nothing better was left.", "No LOGIN was sent behind a list.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "SEC01"
        Client "==TLS==
             S: * CAPABILITY AUTH=PLAIN <-- SEC01 fail
             C: a LOGIN ana s3cret <-- SEC01 fail"
        Client "==TLS==
             S: * CAPABILITY AUTH=PLAIN
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a NO no
             C: b LOGIN ana s3cret <-- SEC01 pass"
        Client "C: b LOGIN ana s3cret
             <-- SEC01 not-applicable"
    }
}
