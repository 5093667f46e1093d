//! The password crossed a wire that somebody else can read.

use super::{Done, Harm, Planted, at_sender, holds, readable};
use crate::base::{Layer, Side};
use crate::trace::{EventKind, Trace};
use base64::Engine;

/// The harm.
pub static HARM: Harm = Harm {
    id: "credential",
    title: "The attacker has the password",
    about: "The account's password, or base64 that decodes to it, left the client outside TLS, or inside a layer that ends at the attacker or keeps nobody out. Whether the server took it makes no difference.",
    denial: false,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    let password = planted.password.reveal();
    readable(traces)
        .filter(|(_, _, event)| {
            at_sender(event, Side::Client)
                && matches!(event.kind, EventKind::Command(_) | EventKind::AuthStep { .. })
        })
        .filter(|(_, trace, event)| {
            let octets = trace.octets(event);
            holds(octets, password)
                || octets.split(u8::is_ascii_whitespace).any(|word| {
                    let decoded = base64::engine::general_purpose::STANDARD.decode(word);
                    decoded.is_ok_and(|decoded| holds(&decoded, password))
                })
        })
        .map(|(connection, _, event)| Done {
            connection,
            event: event.id,
            message: match event.layer {
                Layer::Clear => "The password left the client outside TLS.",
                Layer::Tls => "The password left the client in a TLS layer that the attacker can read.",
            },
        })
        .collect()
}
