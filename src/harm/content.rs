//! Mail text crossed a wire that somebody else can read.

use super::{Done, Harm, Planted, at_sender, holds, readable};
use crate::base::Side;
use crate::trace::{EventKind, Trace};

/// The harm.
pub static HARM: Harm = Harm {
    id: "content",
    title: "The attacker has read the mail",
    about: "Text of a message crossed the wire outside TLS, in either direction.",
    denial: false,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    readable(traces)
        .filter(|(_, trace, event)| {
            matches!(event.kind, EventKind::Command(_) | EventKind::Reply(_))
                && Side::BOTH.into_iter().any(|side| at_sender(event, side))
                && holds(trace.octets(event), planted.content.reveal())
        })
        .map(|(connection, _, event)| Done {
            connection,
            event: event.id,
            message: "Text of a message crossed the wire outside TLS.",
        })
        .collect()
}
