//! S-4422-trunc: an exchange ends with an answer, and what was cut off is not whole.

use super::kit::*;
use crate::trace::Ending;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-4422-trunc",
    title: "An exchange ends with an answer, and what was cut off is not whole",
    why: "When the end of an exchange cannot be told from a cut wire, somebody on the way can cut it where it suits him.",
    how: "The server closes the connection while an exchange that it had opened awaits its answer, and the client had not left first. The client says that it took something for complete in whose middle TLS was cut off.",
    blind: "Who cut a wire that nobody closed. In a recording, what the client made of it.",
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
    if case.side == Side::Client {
        return taken_for_complete(case);
    }
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

/// What a client makes of a layer that ends without its alert in the middle of something.
fn taken_for_complete(case: &Case<'_>) -> Finding {
    let cut = case.leg.of(Class::Tls).find(|at| {
        let cut = matches!(at.kind, EventKind::TlsEnded(Ending::Cut)) && at.from == Side::Server;
        case.saw(at, cut, "the layer is cut off", "the layer is not cut off")
    });
    let Some(cut) = cut else { return Finding::not_applicable("Nothing was cut off.") };
    match case.leg.note(Side::Client, |note| note == Note::KeptIncomplete) {
        Some(note) => Finding::fail([cut, note], "The client took what was cut off for complete."),
        None if case.leg.trace().carries().notes => {
            Finding::pass([cut], "The client took nothing that was cut off for complete.")
        }
        None => Finding::cannot_tell("What the client made of what was cut off: its own log must say so."),
    }
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
        Client "==TLS==
             S: * OK hi
             ==SERVER CUT== <-- S-4422-trunc fail
             N client KeptIncomplete <-- S-4422-trunc fail"
        Client "==TLS==
             N client ResultChecked
             S: * OK hi
             ==SERVER CUT== <-- S-4422-trunc pass"
        Client "==TLS==
             S: * OK hi
             ==SERVER CUT==
             <-- S-4422-trunc cannot-tell"
        Client "==TLS==
             S: * OK hi
             ==SERVER ALERT==
             <-- S-4422-trunc not-applicable"
        Server "C: a NOOP
             ==SERVER CLOSED==
             <-- S-4422-trunc not-applicable"
    }
}
