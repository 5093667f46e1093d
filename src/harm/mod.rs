//! What an attacker gained, computed from octets and layers and never declared. A harm is a fact of its own: it can
//! happen without a broken rule, and a rule can be broken without harm.

mod attackers_account;
mod availability;
mod content;
mod credential;
mod deceived;
mod forged;
mod leak;
mod redirected;
pub mod success;

use crate::base::{Hop, Layer, Secret, Side};
use crate::trace::{Acts, Capabilities, Event, EventId, EventKind, Note, Trace};

/// What the simulator planted, so that it can be found again on a wire.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The account's password.
    pub password: Secret,
    /// A piece of the message that stands nowhere else.
    pub content: Secret,
    /// Answers that only what is left of an earlier user makes.
    pub inherited: &'static [Inherited],
    /// Somebody whom a proxy in front of the server lets in from inside only.
    pub insider: &'static str,
}

/// What a second user of a connection is told only by a server that still thinks of the first one: it follows from how
/// rights and flags were planted.
#[derive(Clone, Copy, Debug)]
pub struct Inherited {
    /// A piece of the command.
    pub asked: &'static str,
    /// A piece of the untagged answer.
    pub told: &'static str,
}

/// Where a harm was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The connection, from 0.
    pub connection: usize,
    /// The event that decided it.
    pub event: EventId,
    /// What was gained, in a sentence.
    pub message: &'static str,
}

impl Done {
    /// Its place in the run; 0 if it is of another run.
    #[must_use]
    pub fn place_in(&self, connections: &[Trace]) -> u32 {
        let event = connections.get(self.connection).and_then(|trace| trace.event(self.event));
        event.map_or(0, |event| event.places.0)
    }
}

/// A kind of harm.
#[derive(Debug)]
pub struct Harm {
    /// Stable id.
    pub id: &'static str,
    /// What the attacker has when it happened, as a short statement.
    pub title: &'static str,
    /// How it is decided.
    pub about: &'static str,
    /// Somebody was kept from his mail and nothing was gained: never to be counted as a success against secrecy.
    pub denial: bool,
    /// Finds where it was done, in order.
    pub find: fn(&[Trace], &Planted) -> Vec<Done>,
}

/// All harms, by id.
pub static ALL: &[&Harm] = &[
    &attackers_account::HARM,
    &availability::HARM,
    &content::HARM,
    &credential::HARM,
    &deceived::HARM,
    &forged::HARM,
    &leak::HARM,
    &redirected::HARM,
];

/// Events on either hop that an attacker can read, with their connection: outside TLS, or in a layer that ends at him or
/// keeps nobody out.
fn readable(traces: &[Trace]) -> impl Iterator<Item = (usize, &Trace, &Event)> {
    traces.iter().enumerate().flat_map(|(connection, trace)| {
        let events = trace.events().iter();
        let open = |e: &&Event| e.layer == Layer::Clear || trace.open_to_attacker(e);
        events.filter(|e| !e.span.is_empty()).filter(open).map(move |e| (connection, trace, e))
    })
}

/// Whether octets hold a needle.
fn holds(octets: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && memchr::memmem::find(octets, needle).is_some()
}

/// Whether an event is the first sighting of what one side sent: each message is seen on two hops.
fn at_sender(event: &Event, from: Side) -> bool {
    event.from == from && event.hop == Hop::next_to(from)
}

/// A note that somebody acts on what it was told, with what it was told.
#[derive(Clone, Copy, Debug)]
struct Acted<'a> {
    note: &'a Event,
    acts: Acts,
    /// The message that it acts on, as its own hop carried it.
    source: &'a Event,
}

/// What the parties of a connection act on, each with where that came from.
fn acts(trace: &Trace) -> impl Iterator<Item = Acted<'_>> {
    trace.events().iter().filter_map(|note| {
        let EventKind::Note(Note::Acts(acts, end)) = note.kind else { return None };
        let source = trace.events().iter().find(|event| {
            event.hop == note.hop
                && event.from == note.from.other()
                && event.span.start < end
                && end <= event.span.end
        })?;
        Some(Acted { note, acts, source })
    })
}

/// The capability lists that the genuine server sent inside TLS.
fn listed_inside(trace: &Trace) -> impl Iterator<Item = &Capabilities> {
    trace.leg(Side::Server).lists().filter(|(event, _)| event.layer == Layer::Tls).map(|(_, list)| list)
}

/// What one side sent in the clear in front of a handshake where nothing belongs.
fn left_over(trace: &Trace, from: Side) -> impl Iterator<Item = &Event> {
    let events = trace.events().iter();
    events.filter(move |event| event.from == from && matches!(event.kind, EventKind::LeftOver))
}
