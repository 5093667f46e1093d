//! Mail text crossed a wire that somebody else can read.

use super::{Done, Harm, Planted, at_sender, holds, readable};
use crate::base::{Layer, Side};
use crate::trace::{EventKind, Trace};

/// The harm.
pub static HARM: Harm = Harm {
    id: "content",
    title: "The attacker has read the mail",
    about: "Text of a message crossed the wire outside TLS, or inside a layer that ends at the attacker or keeps nobody out, in either direction.",
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
            message: match event.layer {
                Layer::Clear => "Text of a message crossed the wire outside TLS.",
                Layer::Tls => "Text of a message crossed the wire in a TLS layer that the attacker can read.",
            },
        })
        .collect()
}
