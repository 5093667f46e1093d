//! What faces draw, as plain values: rows of the ladder, what each side believes, what the attacker holds.
//! Nothing here knows a screen; nothing in a face decides what is shown.

mod aside;
mod beliefs;
mod bytes;
mod compare;
mod diagram;
mod ladder;
mod parting;

pub use aside::Aside;
pub use beliefs::{Belief, Believed, beliefs, stages};
pub use bytes::{HexLine, hex};
pub use compare::{Comparison, Pair, Step, compare, steps};
pub use diagram::{Drawing, Edge, Node, diagram};
pub use ladder::{Arrow, Band, Change, Ladder, Mark, Piece, Row, RowKind, ladder};
pub use parting::{Parting, parting};
