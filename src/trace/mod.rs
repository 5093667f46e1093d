//! What happened on one connection: the octets of every hop and direction, and the events read from them.
//!
//! A trace of a simulated session and one of an imported recording have the same form. A rule sees no more
//! than this, so it cannot look inside a machine. What the wire cannot show is a [`Note`]: a statement of one
//! party about itself, which only a simulation has.

use serde::{Deserialize, Serialize};
mod build;
mod event;
mod index;
mod leg;
mod tapped;
mod trail;
mod unmarked;

pub use build::{CONNECTION_LIMIT, PIECE_COST, Stamp, TraceBuilder};
pub use event::{
    Acts, Advertised, Capabilities, Class, Command, Credential, Doubt, Ending, Event, EventKind, Form,
    GreetingStatus, Kept, Lookup, Note, Policy, Problem, Refusal, Reply, SetTo, Status, UNKNOWN, Verb, Who,
};
pub use leg::{Answer, Leg, PlainMessage};
pub use tapped::{Seen, Tapped};
pub use trail::{Sought, Step, Trail};

use crate::base::{Endpoint, Hop, Layer, MASK, Protocol, Side, printable};
use crate::tls::suites;
use crate::wire;
use index::Index;

/// The number of an event in its trace, from 0.
pub type EventId = u32;

/// A range of octets on the tape of one hop and direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First octet.
    pub start: u32,
    /// One past the last octet.
    pub end: u32,
}

impl Span {
    /// Its length in octets.
    #[must_use]
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no octet.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// What a source is able to show. A fact that a source does not carry is unknown, never absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carries {
    /// Every octet that was on the wire outside TLS, also what no program ever read.
    pub every_octet: bool,
    /// Every handshake that began: where none is marked, there was none.
    pub handshake: bool,
    /// Whether a handshake that began was completed, and with which result.
    pub tls_result: bool,
    /// What went through TLS: where nothing is shown, nothing was sent.
    pub inside_tls: bool,
    /// What went through a compression layer (RFC 4978), readable.
    pub inside_compression: bool,
    /// Notes of the parties about themselves.
    pub notes: bool,
    /// Who put each octet on the wire.
    pub origin: bool,
    /// Whether the connection began inside TLS.
    pub beginning: bool,
    /// The dialogue from its first command.
    pub opening: bool,
}

impl Carries {
    /// A simulation shows everything.
    pub const ALL: Self = Self {
        every_octet: true,
        handshake: true,
        tls_result: true,
        inside_tls: true,
        inside_compression: true,
        notes: true,
        origin: true,
        beginning: true,
        opening: true,
    };
    /// A transcript shows the octets outside TLS and where a handshake began.
    pub const TRANSCRIPT: Self = Self {
        every_octet: true,
        handshake: true,
        tls_result: false,
        inside_tls: false,
        inside_compression: false,
        notes: false,
        origin: false,
        beginning: true,
        opening: true,
    };
    /// A capture shows every octet, and the handshake; what went through TLS only where its keys are known.
    pub const CAPTURE: Self = Self {
        every_octet: true,
        handshake: true,
        tls_result: true,
        inside_tls: false,
        inside_compression: false,
        notes: false,
        origin: false,
        beginning: true,
        opening: true,
    };
    /// A program's log shows what the program read and wrote, inside TLS too, and what became of the handshake.
    pub const LOG: Self = Self {
        every_octet: false,
        handshake: true,
        tls_result: true,
        inside_tls: true,
        inside_compression: false,
        notes: false,
        origin: false,
        beginning: true,
        opening: true,
    };
    /// The same of a program that has no word for a handshake.
    pub const LOG_TLS_UNSAID: Self = Self { handshake: false, tls_result: false, ..Self::LOG };
    /// The same of a program that does not even say whether it began inside TLS.
    pub const LOG_WITHOUT_TLS: Self = Self { beginning: false, ..Self::LOG_TLS_UNSAID };
    /// Lines that somebody copied from somewhere prove what they show and nothing else.
    pub const LINES: Self = Self {
        every_octet: false,
        handshake: false,
        tls_result: false,
        inside_tls: false,
        inside_compression: false,
        notes: false,
        origin: false,
        beginning: true,
        opening: true,
    };

    /// Its fields by the words that a session file has for them.
    #[must_use]
    pub fn words(mut self) -> [(&'static str, bool); 9] {
        self.fields().map(|(word, carried)| (word, *carried))
    }

    /// What the words say and no more; the words that mean nothing.
    #[must_use]
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> (Self, Vec<&'a str>) {
        let mut made = Self { beginning: false, opening: false, ..Self::LINES };
        let mut unknown = Vec::new();
        for word in words {
            match made.fields().into_iter().find(|(known, _)| *known == word) {
                Some((_, carried)) => *carried = true,
                None => unknown.push(word),
            }
        }
        (made, unknown)
    }

    fn fields(&mut self) -> [(&'static str, &mut bool); 9] {
        [
            ("every-octet", &mut self.every_octet),
            ("handshake", &mut self.handshake),
            ("tls-result", &mut self.tls_result),
            ("inside-tls", &mut self.inside_tls),
            ("inside-compression", &mut self.inside_compression),
            ("notes", &mut self.notes),
            ("origin", &mut self.origin),
            ("beginning", &mut self.beginning),
            ("opening", &mut self.opening),
        ]
    }
}

/// Who is at the other end of a client's connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Where the client connected to.
    pub endpoint: Endpoint,
    /// The machine there belongs to an attacker. Only a simulation knows; it tells what was gained by whom, and no
    /// rule may read it.
    pub attackers: bool,
    /// The client of this connection is no user's program but a proxy in front of the server.
    pub behind: bool,
    /// The server there speaks another protocol than the client wants. Only a simulation knows, and no rule may read it.
    pub other_service: bool,
}

/// One connection. It can be sent to the page's other module unless it has notes or look-ups, which no recording has.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Sent")]
pub struct Trace {
    protocol: Protocol,
    peer: Option<Peer>,
    carries: Carries,
    two_hops: bool,
    /// By hop, then by sender.
    tapes: [[Vec<u8>; 2]; 2],
    events: Vec<Event>,
    /// Empty until the trace is finished.
    #[serde(skip)]
    index: Index,
    truncated: bool,
    full: bool,
    /// What the taps reported, in order of time.
    tapped: Vec<Tapped>,
}

/// A trace on its way from one module of the page to the other: all but the index, which follows from the rest.
#[derive(Deserialize)]
struct Sent {
    protocol: Protocol,
    peer: Option<Peer>,
    carries: Carries,
    two_hops: bool,
    tapes: [[Vec<u8>; 2]; 2],
    events: Vec<Event>,
    truncated: bool,
    full: bool,
    tapped: Vec<Tapped>,
}

impl From<Sent> for Trace {
    fn from(sent: Sent) -> Self {
        let Sent { protocol, peer, carries, two_hops, tapes, events, truncated, full, tapped } = sent;
        let index = Index::new(&events);
        Self { protocol, peer, carries, two_hops, tapes, events, index, truncated, full, tapped }
    }
}

fn hop_index(hop: Hop) -> usize {
    match hop {
        Hop::Client => 0,
        Hop::Server => 1,
    }
}

fn side_index(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 1,
    }
}

impl Trace {
    /// The protocol that was spoken.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Where the client connected to, where known.
    #[must_use]
    pub fn peer(&self) -> Option<&Peer> {
        self.peer.as_ref()
    }

    /// What its source is able to show.
    #[must_use]
    pub fn carries(&self) -> Carries {
        self.carries
    }

    /// Whether both hops were recorded, so that each side can be judged by what it itself sent and saw.
    #[must_use]
    pub fn two_hops(&self) -> bool {
        self.two_hops
    }

    /// Whether octets beyond the limit of one connection were left out.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// Whether what is missing was more than a connection keeps ([`CONNECTION_LIMIT`]).
    #[must_use]
    pub fn full(&self) -> bool {
        self.full
    }

    /// What is missing, and why so little can be said for certain; nothing where all is there.
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        self.truncated.then(|| {
            if self.full {
                format!(
                    "This connection is longer than what is kept of one ({} MB in each direction, {PIECE_COST} octets more counted for each line): the rest was left out, so that little can be said for certain.",
                    CONNECTION_LIMIT >> 20
                )
            } else {
                "Part of what was sent is missing here or was too long to be kept, so that little can be said for certain."
                    .to_owned()
            }
        })
    }

    /// Whether an attacker can read an event inside TLS: the layer ends at him, because he is in the middle or because
    /// the server is his, or it does not keep anybody out. Tells what was gained; no rule may ask.
    #[must_use]
    pub fn open_to_attacker(&self, event: &Event) -> bool {
        if event.layer == Layer::Clear {
            return false;
        }
        if self.peer.as_ref().is_some_and(|peer| peer.attackers) {
            return true;
        }
        let before = self.of_class(event.hop, Class::Tls).iter().rev().filter(|&&id| id < event.id);
        let up = before.filter_map(|&id| self.event(id)).find_map(|event| match &event.kind {
            EventKind::TlsUp(facts) => Some(facts),
            _ => None,
        });
        up.is_some_and(|facts| {
            let suite = facts.cipher.as_deref().and_then(suites::find);
            facts.ends_at_middle || suite.is_some_and(|suite| suite.strength <= suites::Strength::Broken)
        })
    }

    /// All events in order of time.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// One event.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(id as usize)
    }

    /// The hop whose octets one side sent and saw.
    #[must_use]
    pub fn leg(&self, side: Side) -> Leg<'_> {
        let hop = if self.two_hops { Hop::next_to(side) } else { Hop::Client };
        Leg::new(self, hop)
    }

    /// Octets of a tape.
    #[must_use]
    pub fn slice(&self, hop: Hop, from: Side, span: Span) -> &[u8] {
        self.tape(hop, from).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Everything one side sent on a hop, as the hop carried it.
    #[must_use]
    pub fn tape(&self, hop: Hop, from: Side) -> &[u8] {
        let hop = self.tapes.get(hop_index(hop)).map(|tapes| tapes.get(side_index(from)));
        hop.flatten().map(Vec::as_slice).unwrap_or_default()
    }

    /// The same with nothing marked as a secret, for whoever asks to see everything.
    #[must_use]
    pub fn revealed(mut self) -> Self {
        self.events.iter_mut().for_each(|event| event.secrets.clear());
        self
    }

    /// What the taps reported, in order of time: with the tapes and the events it is all that a recorder needs to make
    /// this trace again.
    #[must_use]
    pub fn tapped(&self) -> &[Tapped] {
        &self.tapped
    }

    /// The octets of an event, line endings included.
    #[must_use]
    pub fn octets(&self, event: &Event) -> &[u8] {
        self.slice(event.hop, event.from, event.span)
    }

    /// The text of an event in pieces, each with whether it is a secret; no line ending at the end.
    pub fn pieces(&self, event: &Event) -> Vec<(String, bool)> {
        let octets = self.octets(event);
        let text = octets.strip_suffix(b"\n").unwrap_or(octets);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = event.span.start.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let mut pieces = Vec::new();
        let mut at = event.span.start;
        let mut push = |start: u32, end: u32, secret: bool| {
            if start < end {
                pieces.push((printable(self.slice(event.hop, event.from, Span { start, end })), secret));
            }
        };
        for secret in &event.secrets {
            push(at, secret.start.min(end), false);
            push(secret.start.max(at), secret.end.min(end), true);
            at = secret.end.max(at);
        }
        push(at, end, false);
        pieces
    }

    /// The text of an event with its secrets as dots.
    #[must_use]
    pub fn text(&self, event: &Event) -> String {
        self.pieces(event)
            .into_iter()
            .map(|(text, secret)| if secret { MASK.to_owned() } else { text })
            .collect()
    }

    /// The places that events stand for, in order, each once.
    #[must_use]
    pub fn places(&self, events: &[EventId]) -> Vec<u32> {
        let events = events.iter().filter_map(|&id| self.event(id));
        let mut places: Vec<_> = events.flat_map(|event| event.places.0..=event.places.1).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A literal that a side announced and did not send to its end: the line of the announcement, what was announced, and
    /// how much of it came, in octets. Of each side the last one, since nothing of that side can be read behind it.
    #[must_use]
    pub fn unfinished(&self) -> Vec<(u32, u64, u64)> {
        let last = |side: Side| {
            let mut from =
                self.leg(side).events().filter(|event| event.from == side && !event.span.is_empty());
            from.next_back().filter(|event| match &event.kind {
                EventKind::Command(command) => !command.complete,
                EventKind::Malformed(problem) => *problem == Problem::Unfinished,
                _ => false,
            })
        };
        let cut = |event: &Event| {
            let octets = self.octets(event);
            let mut at = 0;
            while let Some(line) = wire::line(octets, at, 0) {
                let announced =
                    wire::literal(octets.get(line.text.clone())?).map_or(0, |literal| literal.octets);
                let came = octets.len().saturating_sub(line.end()) as u64;
                if announced > came {
                    return Some((event.places.0, announced, came));
                }
                at = line.end().saturating_add(usize::try_from(announced).ok()?);
            }
            None
        };
        Side::BOTH.into_iter().filter_map(|side| cut(last(side)?)).collect()
    }

    pub(crate) fn answer_to(&self, command: EventId) -> Option<&Event> {
        self.index.answer_to(command).and_then(|id| self.event(id))
    }

    pub(crate) fn list_before(&self, hop: Hop, layer: Layer, event: EventId) -> Option<EventId> {
        self.index.list_before(hop, layer, event)
    }

    pub(crate) fn of_class(&self, hop: Hop, class: Class) -> &[EventId] {
        self.index.of_class(hop, class)
    }
}
