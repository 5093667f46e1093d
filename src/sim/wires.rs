//! The state of one connection's two hops: who has TLS with whom.

use crate::base::{Layer, Side};

/// What octets on one hop travel in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wire {
    /// Everybody can read and write.
    #[default]
    Clear,
    /// A layer between the two ends: the middle sees octets that mean nothing to it.
    Joint,
    /// A layer between this hop's end and the middle.
    Middle,
}

impl Wire {
    pub(super) fn layer(self) -> Layer {
        match self {
            Self::Clear => Layer::Clear,
            Self::Joint | Self::Middle => Layer::Tls,
        }
    }
}

/// Both hops, by the end next to them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wires {
    client: Wire,
    server: Wire,
}

impl Wires {
    pub(super) fn get(self, side: Side) -> Wire {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }

    pub(super) fn set(&mut self, side: Side, wire: Wire) {
        match side {
            Side::Client => self.client = wire,
            Side::Server => self.server = wire,
        }
    }
}
