//! What the formats share: lines, the marks between them, the protocol they speak, and the sessions they become.

mod lines;
pub(in crate::import) mod log;
mod marks;
mod recognise;
mod session;
mod threads;
mod unmarked;

pub use lines::{LINE_LIMIT, Line, Lines};
pub(in crate::import) use marks::{Mark, mark};
pub use recognise::{Dialect, recognise, tagged_command, tagged_status};
pub(in crate::import) use session::Assembler;
pub use session::{ASIDE_LIMIT, Batch, Foreign, Notice, Remark, Session, Unparsed, Why};
