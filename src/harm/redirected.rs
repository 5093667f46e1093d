//! The client went to a server of the attacker's.

use super::{Done, Harm, Planted};
use crate::base::Side;
use crate::trace::{Class, EventKind, Trace};

/// The harm.
pub static HARM: Harm = Harm {
    id: "redirected",
    title: "The client talks to the attacker's own server",
    about: "The client opened a connection that ended at a machine of the attacker, sent there by a look-up or a referral, and found nothing wrong with it: it went on after the greeting.",
    denial: false,
    find,
};

fn find(traces: &[Trace], _planted: &Planted) -> Vec<Done> {
    let theirs =
        traces.iter().enumerate().filter(|(_, trace)| trace.peer().is_some_and(|peer| peer.attackers));
    theirs
        .filter_map(|(connection, trace)| {
            let leg = trace.leg(Side::Client);
            let greeting = leg.of(Class::Greeting).next()?;
            let command = leg.of(Class::Command).find(|event| event.id > greeting.id);
            let event = command.filter(|event| matches!(event.kind, EventKind::Command(_)))?;
            let message = "The client spoke to a server of the attacker as if it were its own.";
            Some(Done { connection, event: event.id, message })
        })
        .collect()
}
