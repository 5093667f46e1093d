//! What faces draw, as plain values: rows of the ladder, what each side believes, what the attacker holds.
//! Nothing here knows a screen; nothing in a face decides what is shown.

mod aside;
mod beliefs;
mod bytes;
mod compare;
mod diagram;
mod draft;
mod ladder;
mod meaning;
mod parting;

pub use aside::Aside;
pub use beliefs::{Belief, Believed, beliefs, entered, stages};
pub use bytes::{HexLine, escaped, hex, octets};
pub use compare::{Comparison, Pair, Step, compare, steps};
pub use diagram::{Drawing, Edge, Node, diagram};
pub use draft::{DRAFT_LIMIT, Difference, Draft, Edit};
pub use ladder::{Arrow, Band, Change, Ladder, Mark, Pencil, Piece, Row, RowKind, ladder};
pub use meaning::{Word, words};
pub use parting::{Parting, parting};
