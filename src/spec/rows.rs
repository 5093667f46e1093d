//! The rows, in the order of the documents.

use super::{Clause, Document, Judge, Keyword, Requirement};
use crate::base::Side::{self, Client};

const C: &[Side] = &[Client];
// S
// BOTH

const fn clause(keyword: Keyword, sides: &'static [Side], says: &'static str) -> Clause {
    Clause { keyword, sides, says }
}

/// Every requirement.
pub static ALL: &[Requirement] = &[Requirement {
    id: "A16",
    document: Document::Rfc2595,
    section: "3.2",
    clauses: &[clause(
        Keyword::MustNot,
        C,
        "No LOGIN command once the newest capability list contains LOGINDISABLED.",
    )],
    judge: Judge::Transcript,
    later: "Repeated in RFC 9051 section 6.2.3.",
}];
