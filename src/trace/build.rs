//! The only way to make a [`Trace`].

use super::index::Index;
use super::{Carries, Event, EventId, EventKind, Peer, Seen, Span, Tapped, Trace, hop_index, side_index};
use crate::base::{Hop, Layer, Origin, Protocol, Side, Tick};
use serde::{Deserialize, Serialize};

/// One connection keeps at most this many octets per hop and direction, counted with [`PIECE_COST`]; what comes after is
/// counted and left out.
pub const CONNECTION_LIMIT: usize = 16 << 20;

/// What each piece of octets costs beyond its octets, so that a million short lines stay within the limit too: the place it
/// came from and the event that is read from it.
pub const PIECE_COST: usize = 64;

/// Room that a trace gets with its first event: that of the one before, but not above this, since a long session may
/// stand in front of many short ones.
const EVENT_ROOM: usize = 256;
/// The same for the octets of one hop and direction.
const TAPE_ROOM: usize = 4 << 10;
/// Room of the first one.
const FIRST_ROOM: Room = Room { events: 64, tapped: 64, tapes: [[512; 2]; 2] };

/// How large a trace will probably be: growing step by step costs more than the rest of a short one.
#[derive(Clone, Copy, Debug)]
struct Room {
    events: usize,
    tapped: usize,
    tapes: [[usize; 2]; 2],
}

/// When and where a tap saw something.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// The moment.
    pub at: Tick,
    /// The hop.
    pub hop: Hop,
    /// The input line, frame or simulation event that it comes from, from 1.
    pub place: u32,
}

/// Before anything was seen.
const START: Stamp = Stamp { at: Tick(0), hop: Hop::Client, place: 1 };

/// Octets that arrived together.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    start: u32,
    at: Tick,
    place: u32,
    layer: Layer,
    origin: Origin,
}

/// Collects octets and events; [`TraceBuilder::finish`] closes the trace.
#[derive(Debug)]
pub struct TraceBuilder {
    trace: Trace,
    chunks: [[Vec<Chunk>; 2]; 2],
    last: Stamp,
    room: Room,
}

impl TraceBuilder {
    /// An empty trace.
    #[must_use]
    pub fn new(protocol: Protocol, carries: Carries, two_hops: bool) -> Self {
        Self {
            trace: Trace {
                protocol,
                peer: None,
                carries,
                two_hops,
                tapes: Default::default(),
                events: Vec::new(),
                index: Index::default(),
                truncated: false,
                full: false,
                tapped: Vec::new(),
            },
            chunks: Default::default(),
            last: START,
            room: FIRST_ROOM,
        }
    }

    /// Says where the client connected to.
    pub fn connected_to(&mut self, peer: Peer) {
        self.trace.peer = Some(peer);
    }

    /// Puts octets on a tape. Returns false when the limit of the connection left some out.
    pub fn append(&mut self, stamp: Stamp, from: Side, layer: Layer, origin: Origin, octets: &[u8]) -> bool {
        self.last = stamp;
        let (hop, side) = (hop_index(stamp.hop), side_index(from));
        let Some(tape) = self.trace.tapes.get_mut(hop).and_then(|tapes| tapes.get_mut(side)) else {
            return false;
        };
        let chunks = self.chunks.get_mut(hop).and_then(|chunks| chunks.get_mut(side));
        let pieces = chunks.as_ref().map_or(0, |chunks| chunks.len());
        let cost = tape.len().saturating_add(pieces.saturating_mul(PIECE_COST));
        let room = CONNECTION_LIMIT.saturating_sub(cost);
        let kept = octets.get(..room.min(octets.len())).unwrap_or_default();
        if !kept.is_empty()
            && let Some(chunks) = chunks
        {
            if tape.is_empty() {
                let room = self.room.tapes.get(hop).and_then(|tapes| tapes.get(side));
                tape.reserve(room.copied().unwrap_or_default());
            }
            let start = offset(tape.len());
            chunks.push(Chunk { start, at: stamp.at, place: stamp.place, layer, origin });
            tape.extend_from_slice(kept);
            let span = Span { start, end: offset(tape.len()) };
            self.tapped(Tapped { stamp, seen: Seen::Octets { from, layer, origin, span } });
        }
        self.trace.full |= kept.len() < octets.len();
        if kept.len() < octets.len() && !self.trace.truncated {
            self.lost(stamp);
        }
        kept.len() == octets.len()
    }

    /// Adds an event that has octets; time, layer, origin and places follow from them.
    pub fn read(&mut self, hop: Hop, from: Side, span: Span, secrets: Vec<Span>, kind: EventKind) -> EventId {
        let chunks = self.chunks.get(hop_index(hop)).and_then(|chunks| chunks.get(side_index(from)));
        let chunks = chunks.map(Vec::as_slice).unwrap_or_default();
        // From the end, since an event is read from what came last: over a session each chunk is passed once.
        let first = chunks.iter().rposition(|c| c.start <= span.start).unwrap_or_default();
        let last = chunks.iter().rposition(|c| c.start < span.end).unwrap_or_default().max(first);
        let (mut at, mut layer) = (self.last.at, Layer::Clear);
        let (mut origin, mut places) = (Origin::Unknown, (self.last.place, self.last.place));
        if let (Some(first), Some(last), Some(all)) =
            (chunks.get(first), chunks.get(last), chunks.get(first..=last))
        {
            (at, layer, places) = (last.at, first.layer, (first.place, last.place));
            origin = all.iter().map(|c| c.origin).fold(first.origin, mixed);
        }
        let mut secrets = secrets;
        if matches!(kind, EventKind::Malformed(_) | EventKind::LeftOver) {
            secrets.extend(self.secrets_in(hop, from, span));
        }
        self.push(Event { id: 0, at, hop, from, layer, origin, span, places, secrets, kind })
    }

    /// What earlier events on the same octets hide: an event that says something else about them must hide it too.
    fn secrets_in(&self, hop: Hop, from: Side, span: Span) -> Vec<Span> {
        let same = self.trace.events.iter().rev().filter(|event| event.hop == hop && event.from == from);
        let here = same.take_while(|event| event.span.end > span.start || event.span.is_empty());
        let mut secrets: Vec<_> = here.flat_map(|event| &event.secrets).copied().collect();
        secrets.sort_unstable_by_key(|secret| (secret.start, secret.end));
        secrets.dedup();
        secrets
    }

    /// Notes that octets of this connection are missing.
    pub fn lost(&mut self, stamp: Stamp) {
        self.trace.truncated = true;
        self.tapped(Tapped { stamp, seen: Seen::Lost });
    }

    /// Notes that the source leaves out the rest of what a side had begun.
    pub fn omitted(&mut self, stamp: Stamp, from: Side) {
        self.tapped(Tapped { stamp, seen: Seen::Omitted(from) });
    }

    /// What the source is able to show of this connection.
    pub fn carries(&mut self, carries: Carries) {
        self.trace.carries = carries;
    }

    /// Adds an event without octets at the time and place of a stamp.
    pub fn happen(&mut self, stamp: Stamp, from: Side, layer: Layer, kind: EventKind) -> EventId {
        self.last = stamp;
        let origin = if self.trace.carries.origin { Origin::Genuine } else { Origin::Unknown };
        let end = offset(self.trace.tape(stamp.hop, from).len());
        let id = EventId::try_from(self.trace.events.len()).unwrap_or(EventId::MAX);
        self.tapped(Tapped { stamp, seen: Seen::Happened(id) });
        self.push(Event {
            id: 0,
            at: stamp.at,
            hop: stamp.hop,
            from,
            layer,
            origin,
            span: Span { start: end, end },
            places: (stamp.place, stamp.place),
            secrets: Vec::new(),
            kind,
        })
    }

    /// What has been collected so far.
    #[must_use]
    pub fn so_far(&self) -> &Trace {
        &self.trace
    }

    /// The finished trace. The builder is then as for another connection, which gets room for one like this as soon as
    /// anything happens on it: connections of one log are alike.
    #[must_use]
    pub fn finish(&mut self) -> Trace {
        let done = &self.trace;
        self.room = Room {
            events: done.events.len().min(EVENT_ROOM),
            tapped: done.tapped.len().min(EVENT_ROOM),
            tapes: done.tapes.each_ref().map(|tapes| tapes.each_ref().map(|tape| tape.len().min(TAPE_ROOM))),
        };
        let next = Trace {
            protocol: done.protocol,
            peer: None,
            carries: done.carries,
            two_hops: done.two_hops,
            tapes: Default::default(),
            events: Vec::new(),
            index: Index::default(),
            truncated: false,
            full: false,
            tapped: Vec::new(),
        };
        let mut trace = std::mem::replace(&mut self.trace, next);
        trace.index = Index::new(&trace.events);
        self.chunks.iter_mut().flatten().for_each(Vec::clear);
        self.last = START;
        trace
    }

    fn push(&mut self, mut event: Event) -> EventId {
        let id = EventId::try_from(self.trace.events.len()).unwrap_or(EventId::MAX);
        event.id = id;
        if self.trace.events.is_empty() {
            self.trace.events.reserve(self.room.events);
        }
        self.trace.events.push(event);
        id
    }

    fn tapped(&mut self, tapped: Tapped) {
        if self.trace.tapped.is_empty() {
            self.trace.tapped.reserve(self.room.tapped);
        }
        self.trace.tapped.push(tapped);
    }
}

/// Octets of more than one origin count as the less genuine.
fn mixed(a: Origin, b: Origin) -> Origin {
    if a == b {
        a
    } else if a == Origin::Unknown || b == Origin::Unknown {
        Origin::Unknown
    } else {
        Origin::Changed
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
