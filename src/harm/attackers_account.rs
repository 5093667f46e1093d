//! The victim works in the attacker's account.

use super::{Done, Harm, Planted};
use crate::base::{Origin, Side};
use crate::trace::{Note, Trace, Who};

/// The harm.
pub static HARM: Harm = Harm {
    id: "attackers-account",
    title: "The victim is in the attacker's account",
    about: "A command that the genuine client sent inside TLS reached a session that the attacker had logged in.",
    denial: false,
    find,
};

fn find(traces: &[Trace], _planted: &Planted) -> Vec<Done> {
    let done = traces.iter().enumerate().filter_map(|(connection, trace)| {
        let leg = trace.leg(Side::Server);
        let whose = |event: u32| {
            let before = leg.notes(Side::Server).filter(|(note, _)| note.id < event);
            before
                .filter_map(|(_, note)| match note {
                    Note::Identity(who) => Some(who),
                    _ => None,
                })
                .next_back()
        };
        let (event, _) = leg.commands().find(|(event, command)| {
            event.origin == Origin::Genuine
                && event.layer == crate::base::Layer::Tls
                && command.verb.wants_protection()
                && whose(event.id) == Some(Who::Attacker)
        })?;
        let message = "The victim's command reached a session of the attacker.";
        Some(Done { connection, event: event.id, message })
    });
    done.collect()
}
