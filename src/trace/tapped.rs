//! What a trace was made from: the reports of its taps, in order of time.

use super::{EventId, Span, Stamp};
use crate::base::{Layer, Origin, Side};
use serde::{Deserialize, Serialize};

/// One report of a tap.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Tapped {
    /// When and where.
    pub stamp: Stamp,
    /// What.
    pub seen: Seen,
}

/// What a tap saw.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Seen {
    /// Octets, and where they stand on the tape of the stamp's hop and of their sender.
    Octets {
        /// Who sent them.
        from: Side,
        /// Whether they went through TLS.
        layer: Layer,
        /// Who put them on the wire.
        origin: Origin,
        /// Where they stand.
        span: Span,
    },
    /// The source leaves out the rest of what this side had begun.
    Omitted(Side),
    /// Octets are missing here.
    Lost,
    /// Something without octets: the event that came of it.
    Happened(EventId),
}
