//! From taps to a trace: octets and marks go in, in order of time; the protocol's observer turns them into events.

use super::ProtocolRecord;
use super::dialogue::Dialogue;
use crate::base::{Hop, Layer, Origin, Side};
use crate::tls::{Facts, Failure};
use crate::trace::{
    Carries, Ending, Event, EventKind, Lookup, Note, Peer, Seen, Stamp, Tapped, Trace, TraceBuilder,
};
use std::borrow::Cow;

/// What a tap on one hop reports.
#[derive(Clone, Debug)]
pub enum Tap<'a> {
    /// Octets.
    Octets {
        /// Who sent them.
        from: Side,
        /// Whether they went through TLS.
        layer: Layer,
        /// Who put them on the wire.
        origin: Origin,
        /// The octets.
        octets: &'a [u8],
    },
    /// The source leaves out the rest of the literal that this side had announced, or of its answer in several lines.
    Omitted(Side),
    /// Octets of this connection are not in the source.
    Lost,
    /// The first octet of a handshake.
    TlsBegan,
    /// The server chose version and suite.
    TlsHello(Facts),
    /// The handshake was completed.
    TlsUp(Facts),
    /// The handshake failed.
    TlsFailed(Failure),
    /// One side ended the layer; what follows is in the clear.
    TlsEnded(Side, Ending),
    /// The client asked the resolver.
    Lookup(Lookup),
    /// One side closed the connection.
    Closed(Side),
    /// A party's statement about itself.
    Note(Side, Note),
}

impl Tap<'_> {
    /// The report that an event without octets comes from.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        Some(match &event.kind {
            EventKind::TlsBegan => Self::TlsBegan,
            EventKind::TlsHello(facts) => Self::TlsHello((**facts).clone()),
            EventKind::TlsUp(facts) => Self::TlsUp((**facts).clone()),
            EventKind::TlsFailed(failure) => Self::TlsFailed(*failure),
            EventKind::TlsEnded(ending) => Self::TlsEnded(event.from, *ending),
            EventKind::Lookup(lookup) => Self::Lookup((**lookup).clone()),
            EventKind::Closed => Self::Closed(event.from),
            EventKind::Note(note) => Self::Note(event.from, *note),
            _ => return None,
        })
    }
}

/// Reads the octets of one hop into events. It sees each octet once, in order, however they were cut.
pub trait Observer: std::fmt::Debug {
    /// New octets of one side stand on the tape.
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder);
    /// The source leaves out the rest of an announced literal, or of an answer in several lines: what follows on the
    /// tape stands behind it.
    fn omitted(&mut self, _hop: Hop, _from: Side, _trace: &mut TraceBuilder) {}
    /// What one side has on the tape will never be complete.
    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder);
    /// What it keeps of the dialogue.
    fn dialogue(&mut self) -> &mut Dialogue;
    /// A handshake begins: what is unread in the clear will never be completed. On a port with TLS from the first
    /// octet the greeting is still to come.
    fn tls_began(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        self.finish(hop, trace);
        self.dialogue().tls_began(hop, trace);
    }
    /// The recording is over.
    fn finish(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        for from in Side::BOTH {
            self.unfinished(hop, from, trace);
        }
    }
}

/// Collects one connection.
#[derive(Debug)]
pub struct Recorder {
    protocol: &'static ProtocolRecord,
    builder: TraceBuilder,
    client_hop: Box<dyn Observer>,
    /// In a recording there is only one hop.
    server_hop: Option<Box<dyn Observer>>,
    layer: [Layer; 2],
}

impl Recorder {
    /// A recorder for one connection.
    #[must_use]
    pub fn new(protocol: &'static ProtocolRecord, carries: Carries, two_hops: bool) -> Self {
        Self {
            protocol,
            builder: TraceBuilder::new(protocol.protocol, carries, two_hops),
            client_hop: (protocol.observer)(),
            server_hop: two_hops.then(|| (protocol.observer)()),
            layer: [Layer::Clear; 2],
        }
    }

    /// Says where the client of the connection that is about to begin connects to.
    pub fn connected_to(&mut self, peer: Peer) {
        self.builder.connected_to(peer);
    }

    /// Takes one report of a tap.
    pub fn tap(&mut self, stamp: Stamp, tap: Tap<'_>) {
        let [client_layer, server_layer] = &mut self.layer;
        let (observer, layer_now) = match stamp.hop {
            Hop::Client => (&mut self.client_hop, client_layer),
            Hop::Server => (self.server_hop.get_or_insert_with(self.protocol.observer), server_layer),
        };
        match tap {
            Tap::Octets { from, layer, origin, octets } => {
                self.builder.append(stamp, from, layer, origin, octets);
                observer.octets(stamp.hop, from, &mut self.builder);
                *layer_now = layer;
            }
            Tap::Omitted(from) => {
                self.builder.omitted(stamp, from);
                observer.omitted(stamp.hop, from, &mut self.builder);
            }
            Tap::Lost => self.builder.lost(stamp),
            Tap::TlsBegan => {
                observer.tls_began(stamp.hop, &mut self.builder);
                self.builder.happen(stamp, Side::Client, Layer::Clear, EventKind::TlsBegan);
            }
            Tap::TlsHello(facts) => {
                let kind = EventKind::TlsHello(Box::new(facts));
                self.builder.happen(stamp, Side::Server, Layer::Clear, kind);
            }
            Tap::TlsUp(facts) => {
                *layer_now = Layer::Tls;
                self.builder.happen(stamp, Side::Client, Layer::Tls, EventKind::TlsUp(Box::new(facts)));
            }
            Tap::TlsFailed(failure) => {
                self.builder.happen(stamp, Side::Client, Layer::Clear, EventKind::TlsFailed(failure));
            }
            Tap::TlsEnded(by, ending) => {
                self.builder.happen(stamp, by, *layer_now, EventKind::TlsEnded(ending));
                *layer_now = Layer::Clear;
                // What was unread inside the layer will never be completed.
                observer.tls_began(stamp.hop, &mut self.builder);
            }
            Tap::Lookup(lookup) => {
                self.builder.happen(stamp, Side::Client, *layer_now, EventKind::Lookup(Box::new(lookup)));
            }
            Tap::Closed(by) => {
                self.builder.happen(stamp, by, *layer_now, EventKind::Closed);
            }
            Tap::Note(by, note) => {
                self.builder.happen(stamp, by, *layer_now, EventKind::Note(note));
            }
        }
    }

    /// What the source is able to show of this connection, where that is known only now.
    pub fn carries(&mut self, carries: Carries) {
        self.builder.carries(carries);
    }

    /// What has been collected so far.
    #[must_use]
    pub fn so_far(&self) -> &Trace {
        self.builder.so_far()
    }

    /// Takes everything that the taps of a trace reported, with the octets and the other things that `edit` makes of
    /// them: so a trace is made again, or made with other octets.
    pub fn replay<'a>(
        &mut self,
        trace: &'a Trace,
        octets: &mut dyn FnMut(&'a Tapped) -> Cow<'a, [u8]>,
        edit: &mut dyn FnMut(&mut Tap<'a>, Hop),
    ) {
        if let Some(peer) = trace.peer() {
            self.connected_to(peer.clone());
        }
        for tapped in trace.tapped() {
            let tap = match tapped.seen {
                Seen::Octets { from, layer, origin, .. } => {
                    self.tap(tapped.stamp, Tap::Octets { from, layer, origin, octets: &octets(tapped) });
                    continue;
                }
                Seen::Omitted(from) => Tap::Omitted(from),
                Seen::Lost => Tap::Lost,
                Seen::Happened(id) => match trace.event(id).and_then(Tap::of) {
                    Some(mut tap) => {
                        edit(&mut tap, tapped.stamp.hop);
                        tap
                    }
                    None => continue,
                },
            };
            self.tap(tapped.stamp, tap);
        }
    }

    /// The finished trace. The recorder is then as for another connection of the same kind.
    #[must_use]
    pub fn finish(&mut self) -> Trace {
        self.client_hop.finish(Hop::Client, &mut self.builder);
        self.client_hop = (self.protocol.observer)();
        if let Some(server_hop) = &mut self.server_hop {
            server_hop.finish(Hop::Server, &mut self.builder);
            *server_hop = (self.protocol.observer)();
        }
        self.layer = [Layer::Clear; 2];
        self.builder.finish()
    }
}
