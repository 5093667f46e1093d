//! From taps to a trace: octets and marks go in, in order of time; the protocol's observer turns them into events.

use super::ProtocolRecord;
use crate::base::{Hop, Layer, Origin, Side};
use crate::tls::{Facts, Failure};
use crate::trace::{Carries, EventKind, Note, Stamp, Trace, TraceBuilder};

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
    /// The first octet of a handshake.
    TlsBegan,
    /// The handshake was completed.
    TlsUp(Facts),
    /// The handshake failed.
    TlsFailed(Failure),
    /// One side closed the connection.
    Closed(Side),
    /// A party's statement about itself.
    Note(Side, Note),
}

/// Reads the octets of one hop into events. It sees each octet once, in order, however they were cut.
pub trait Observer: std::fmt::Debug {
    /// New octets of one side stand on the tape.
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder);
    /// The source leaves out the rest of an announced literal, or of an answer in several lines: what follows on the
    /// tape stands behind it.
    fn omitted(&mut self, _hop: Hop, _from: Side, _trace: &mut TraceBuilder) {}
    /// A handshake begins: what is unread in the clear will never be completed.
    fn tls_began(&mut self, stamp: Stamp, trace: &mut TraceBuilder);
    /// The recording is over.
    fn finish(&mut self, hop: Hop, trace: &mut TraceBuilder);
}

/// Collects one connection.
#[derive(Debug)]
pub struct Recorder {
    builder: TraceBuilder,
    observers: [Box<dyn Observer>; 2],
    two_hops: bool,
    layer: [Layer; 2],
}

impl Recorder {
    /// A recorder for one connection.
    #[must_use]
    pub fn new(protocol: &ProtocolRecord, carries: Carries, two_hops: bool) -> Self {
        Self {
            builder: TraceBuilder::new(protocol.protocol, carries, two_hops),
            observers: [(protocol.observer)(), (protocol.observer)()],
            two_hops,
            layer: [Layer::Clear; 2],
        }
    }

    /// Takes one report of a tap.
    pub fn tap(&mut self, stamp: Stamp, tap: Tap<'_>) {
        let [client_hop, server_hop] = &mut self.observers;
        let [client_layer, server_layer] = &mut self.layer;
        let (observer, layer_now) = match stamp.hop {
            Hop::Client => (client_hop, client_layer),
            Hop::Server => (server_hop, server_layer),
        };
        match tap {
            Tap::Octets { from, layer, origin, octets } => {
                self.builder.append(stamp, from, layer, origin, octets);
                observer.octets(stamp.hop, from, &mut self.builder);
                *layer_now = layer;
            }
            Tap::Omitted(from) => observer.omitted(stamp.hop, from, &mut self.builder),
            Tap::TlsBegan => {
                observer.tls_began(stamp, &mut self.builder);
                self.builder.happen(stamp, Side::Client, Layer::Clear, EventKind::TlsBegan);
            }
            Tap::TlsUp(facts) => {
                *layer_now = Layer::Tls;
                self.builder.happen(stamp, Side::Client, Layer::Tls, EventKind::TlsUp(Box::new(facts)));
            }
            Tap::TlsFailed(failure) => {
                self.builder.happen(stamp, Side::Client, Layer::Clear, EventKind::TlsFailed(failure));
            }
            Tap::Closed(by) => {
                self.builder.happen(stamp, by, *layer_now, EventKind::Closed);
            }
            Tap::Note(by, note) => {
                self.builder.happen(stamp, by, *layer_now, EventKind::Note(note));
            }
        }
    }

    /// What has been collected so far.
    #[must_use]
    pub fn so_far(&self) -> &Trace {
        self.builder.so_far()
    }

    /// The finished trace.
    #[must_use]
    pub fn finish(mut self) -> Trace {
        let [client_hop, server_hop] = &mut self.observers;
        client_hop.finish(Hop::Client, &mut self.builder);
        if self.two_hops {
            server_hop.finish(Hop::Server, &mut self.builder);
        }
        self.builder.finish()
    }
}
