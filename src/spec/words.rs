//! Short words that the tables of rows are written with.

use super::{Clause, Decided, Document, Judge, Keyword, Requirement};
use crate::base::{
    Protocol::{self, Acap, Imap, Pop3},
    Side::{self, Client, Server},
};

/// The client.
pub const C: &[Side] = &[Client];
/// The server.
pub const S: &[Side] = &[Server];
/// Both.
pub const CS: &[Side] = &[Client, Server];

/// IMAP.
pub const I: &[Protocol] = &[Imap];
/// POP3.
pub const P: &[Protocol] = &[Pop3];
/// ACAP.
pub const A: &[Protocol] = &[Acap];
/// IMAP and POP3.
pub const IP: &[Protocol] = &[Imap, Pop3];
/// IMAP and ACAP.
pub const IA: &[Protocol] = &[Imap, Acap];
/// All three.
pub const IPA: &[Protocol] = &[Imap, Pop3, Acap];

/// One transcript.
pub const T: &[Judge] = &[Judge::Transcript];
/// Both hops or a note.
pub const B: &[Judge] = &[Judge::BothSides];
/// Probing.
pub const X: &[Judge] = &[Judge::Probe];
/// The handshake.
pub const H: &[Judge] = &[Judge::Handshake];
/// One transcript, or probing.
pub const TX: &[Judge] = &[Judge::Transcript, Judge::Probe];
/// One transcript, or the handshake.
pub const TH: &[Judge] = &[Judge::Transcript, Judge::Handshake];
/// One transcript, or both sides.
pub const TB: &[Judge] = &[Judge::Transcript, Judge::BothSides];
/// Probing, or the handshake.
pub const XH: &[Judge] = &[Judge::Probe, Judge::Handshake];
/// The handshake, or both sides.
pub const HB: &[Judge] = &[Judge::Handshake, Judge::BothSides];
/// Nothing can prove it.
pub const NOTHING: &[Judge] = &[];

const fn clause(keyword: Keyword, sides: &'static [Side], says: &'static str) -> Clause {
    Clause { keyword, sides, says }
}

/// MUST.
pub const fn must(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::Must, sides, says)
}

/// MUST NOT.
pub const fn must_not(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::MustNot, sides, says)
}

/// SHOULD.
pub const fn should(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::Should, sides, says)
}

/// SHOULD NOT.
pub const fn should_not(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::ShouldNot, sides, says)
}

/// MAY.
pub const fn may(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::May, sides, says)
}

/// Encouraged or discouraged.
pub const fn urges(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::Encouraged, sides, says)
}

/// A statement without a requirement word.
pub const fn states(sides: &'static [Side], says: &'static str) -> Clause {
    clause(Keyword::Statement, sides, says)
}

/// Where a row stands: id, document and section.
pub type Where = (&'static str, Document, &'static str);

/// A row.
pub const fn row(
    (id, document, section): Where,
    protocols: &'static [Protocol],
    judge: &'static [Judge],
    clauses: &'static [Clause],
    decided: Decided,
    later: &'static str,
) -> Requirement {
    Requirement { id, document, section, protocols, clauses, judge, decided, later }
}

/// Decided by rules.
pub const fn by(rules: &'static [&'static str]) -> Decided {
    Decided::By(rules)
}

/// Decided by nothing, and why.
pub const fn never(why: &'static str) -> Decided {
    Decided::Never(why)
}
