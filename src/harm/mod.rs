//! What an attacker gained, computed from octets and layers and never declared. A harm is a fact of its own: it can
//! happen without a broken rule, and a rule can be broken without harm.

mod content;
mod credential;
mod redirected;

use crate::base::{Hop, Layer, Secret, Side};
use crate::trace::{Event, EventId, Trace};

/// What the simulator planted, so that it can be found again on a wire.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The account's password.
    pub password: Secret,
    /// A piece of the message that stands nowhere else.
    pub content: Secret,
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

/// A kind of harm.
#[derive(Debug)]
pub struct Harm {
    /// Stable id.
    pub id: &'static str,
    /// What the attacker has when it happened, as a short statement.
    pub title: &'static str,
    /// How it is decided.
    pub about: &'static str,
    /// Finds where it was done, in order.
    pub find: fn(&[Trace], &Planted) -> Vec<Done>,
}

/// All harms, by id.
pub static ALL: &[&Harm] = &[&content::HARM, &credential::HARM, &redirected::HARM];

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
    !needle.is_empty() && octets.windows(needle.len()).any(|window| window == needle)
}

/// Whether an event is the first sighting of what one side sent: each message is seen on two hops.
fn at_sender(event: &Event, from: Side) -> bool {
    event.from == from && event.hop == Hop::next_to(from)
}
