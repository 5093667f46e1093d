//! S-9051-ignore: before the login a client believes nothing about mailboxes.

use super::kit::*;
use crate::trace::Acts;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-ignore",
    title: "Before the login a client believes nothing about mailboxes",
    why: "Before TLS anybody can write such data, and a client that believes it shows mail that its server never had.",
    how: "What the client says that it believed of a mailbox or of another server, or broke down on, and whether it had come outside TLS.",
    blind: "In a recording, what the client made of what it read.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             S: * 3 EXISTS
             A client MailboxData",
        ),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let believed = case.acts(Acts::MailboxData).map(|(note, told)| match told {
        Some(at) if case.clear(at) && case.logged_in(at.id).is_none() => {
            broken([at, note], "The client believed data about a mailbox that came before any login.")
        }
        _ => Occasion::Kept(note),
    });
    let sent_away = case.acts(Acts::Referral).map(|(note, told)| match told {
        Some(at) if at.layer == Layer::Clear && case.logged_in(at.id).is_none() => {
            broken([at, note], "The client followed a referral that came before any login.")
        }
        _ => Occasion::Kept(note),
    });
    let too_early = |at: &Event| {
        case.clear(at)
            && case.logged_in(at.id).is_none()
            && matches!(&at.kind, EventKind::Reply(reply) if matches!(&*reply.name, "EXISTS" | "FETCH" | "LIST" | "LSUB" | "EXPUNGE" | "RECENT" | "FLAGS" | "STATUS" | "SEARCH"))
    };
    let early = leg.of(Class::Untagged).find(|at| too_early(at));
    // Who breaks down on it has not ignored it.
    let crashed = leg.note(Side::Client, |note| note == Note::Crashed).and_then(|note| {
        let last = leg.of(Class::Untagged).take_while(|at| at.id < note.id).last()?;
        too_early(last).then(|| {
            let message = "The client broke down on data about a mailbox that came before any login.";
            broken([last, note], message)
        })
    });
    let unknown = early.filter(|_| !leg.trace().carries().notes);
    let unused = early.filter(|_| leg.trace().carries().notes).map(Occasion::Kept);
    let unknown =
        unknown.map(|_| Occasion::Open("What the client made of the data: its own log must say so."));
    each(
        believed.chain(sent_away).chain(crashed).chain(unknown).chain(unused),
        "The client believed nothing of it.",
        "No data about mailboxes came before a login.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-ignore"
        Client "S: * OK hi
             S: * 3 EXISTS <-- S-9051-ignore fail
             A client MailboxData <-- S-9051-ignore fail"
        Client "S: * OK hi
             S: * 3 EXISTS <-- S-9051-ignore fail
             N client Crashed <-- S-9051-ignore fail"
        Client "S: * OK hi
             S: * 3 EXISTS
             <-- S-9051-ignore cannot-tell"
        Client "S: * OK hi
             <-- S-9051-ignore not-applicable"
    }
}
