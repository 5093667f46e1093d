//! The password crossed a wire that somebody else can read.

use super::{Done, Harm, Planted, at_sender, holds, readable};
use crate::base::{Layer, Origin, Side};
use crate::trace::{Event, EventKind, Note, Status, Trace, Who};
use base64::Engine;

/// The harm.
pub static HARM: Harm = Harm {
    id: "credential",
    title: "The attacker has the password",
    about: "The account's password, or base64 that decodes to it, left the client outside TLS, or inside a layer that ends at the attacker or keeps nobody out, or it was stored in a mailbox of the attacker. Whether the server took it makes no difference.",
    denial: false,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    let password = planted.password.reveal();
    let mut done: Vec<_> = readable(traces)
        .filter(|(_, _, event)| {
            at_sender(event, Side::Client)
                && matches!(event.kind, EventKind::Command(_) | EventKind::AuthStep { .. })
        })
        .filter(|(_, trace, event)| shows(trace.octets(event), password))
        .map(|(connection, _, event)| Done {
            connection,
            event: event.id,
            message: match event.layer {
                Layer::Clear => "The password left the client outside TLS.",
                Layer::Tls => "The password left the client in a TLS layer that the attacker can read.",
            },
        })
        .collect();
    for (connection, trace) in traces.iter().enumerate() {
        let message = "The server stored the password in a mailbox of the attacker.";
        done.extend(stored(trace, password).map(|event| Done { connection, event: event.id, message }));
    }
    done
}

/// Whether octets hold the password, or a word that decodes to it.
fn shows(octets: &[u8], password: &[u8]) -> bool {
    holds(octets, password)
        || octets.split(u8::is_ascii_whitespace).any(|word| {
            let decoded = base64::engine::general_purpose::STANDARD.decode(word);
            decoded.is_ok_and(|decoded| holds(&decoded, password))
        })
}

/// Where the server says that it has stored a message that the attacker began and that ended with the password, in a
/// session of the attacker.
fn stored<'a>(trace: &'a Trace, password: &[u8]) -> Option<&'a Event> {
    let leg = trace.leg(Side::Server);
    let attackers = leg.note(Side::Server, |note| note == Note::Identity(Who::Attacker))?;
    let here = || trace.events().iter().filter(|event| event.hop == leg.hop());
    let begun = here().find(|event| {
        event.from == Side::Client && event.origin == Origin::Added && holds(trace.octets(event), b" APPEND ")
    })?;
    let lines = trace.octets(begun).split(|octet| *octet == b'\n');
    let line = lines.into_iter().find(|line| holds(line, b" APPEND "))?;
    let tag = line.split(|octet| *octet == b' ').next()?;
    let secret = here().find(|event| {
        event.from == Side::Client && event.id > begun.id && shows(trace.octets(event), password)
    })?;
    let mut replies = leg
        .replies()
        .filter(|(event, reply)| event.id > secret.id.max(attackers.id) && reply.status == Some(Status::Ok));
    replies
        .find(|(event, _)| trace.octets(event).strip_prefix(tag).is_some_and(|rest| rest.starts_with(b" ")))
        .map(|(event, _)| event)
}
