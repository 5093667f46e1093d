//! The documents and their normative statements, each in our own words and with its section.

mod rows;

pub use rows::ALL;

use crate::base::Side;
use serde::Serialize;

/// A document that rules come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Document {
    /// Using TLS with IMAP, POP3 and ACAP, 1999.
    #[serde(rename = "RFC 2595")]
    Rfc2595,
    /// The PLAIN mechanism, 2006.
    #[serde(rename = "RFC 4616")]
    Rfc4616,
    /// Cleartext considered obsolete, 2018.
    #[serde(rename = "RFC 8314")]
    Rfc8314,
    /// IMAP4rev2, 2021.
    #[serde(rename = "RFC 9051")]
    Rfc9051,
}

impl Document {
    /// The name to cite it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rfc2595 => "RFC 2595",
            Self::Rfc4616 => "RFC 4616",
            Self::Rfc8314 => "RFC 8314",
            Self::Rfc9051 => "RFC 9051",
        }
    }
}

/// Which documents are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum RuleSet {
    /// RFC 2595 alone.
    #[serde(rename = "1999")]
    Then,
    /// RFC 2595 as later documents update it.
    #[default]
    #[serde(rename = "today")]
    Today,
}

impl RuleSet {
    /// Both, older first.
    pub const ALL: [Self; 2] = [Self::Then, Self::Today];

    /// The id used on the command line and in links.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Then => "1999",
            Self::Today => "today",
        }
    }

    /// Whether a document is in force.
    #[must_use]
    pub fn includes(self, document: Document) -> bool {
        self == Self::Today || document == Document::Rfc2595
    }
}

/// The requirement words of RFC 2119, and what stands below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Keyword {
    /// A statement of fact that is used as a rule.
    #[serde(rename = "statement")]
    Statement,
    /// SHOULD.
    #[serde(rename = "SHOULD")]
    Should,
    /// SHOULD NOT.
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    /// MUST.
    #[serde(rename = "MUST")]
    Must,
    /// MUST NOT.
    #[serde(rename = "MUST NOT")]
    MustNot,
}

impl Keyword {
    /// The word itself.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
        }
    }

    /// The level of a broken requirement of this word.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Must | Self::MustNot => Level::Error,
            Self::Should | Self::ShouldNot => Level::Warning,
            Self::Statement => Level::Note,
        }
    }
}

/// How serious a broken requirement is; it follows from the keyword alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not a requirement word.
    Note,
    /// SHOULD and SHOULD NOT.
    Warning,
    /// MUST and MUST NOT.
    Error,
}

impl Level {
    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What can prove a requirement kept or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Judge {
    /// One transcript.
    #[serde(rename = "a")]
    Transcript,
    /// What both sides saw, or a party's statement about itself.
    #[serde(rename = "b")]
    BothSides,
    /// Several runs with the configuration changed.
    #[serde(rename = "c")]
    Probe,
    /// Facts of the handshake.
    #[serde(rename = "d")]
    Handshake,
}

/// One duty of one or both sides.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Clause {
    /// Its requirement word.
    pub keyword: Keyword,
    /// Whom it binds.
    pub sides: &'static [Side],
    /// What it says, in our words.
    pub says: &'static str,
}

/// A normative statement of a document.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Requirement {
    /// Stable id: `A16`, `B14`, `S-9051-preauth`.
    pub id: &'static str,
    /// Where it stands.
    pub document: Document,
    /// Its section or sections.
    pub section: &'static str,
    /// Its duties, the most serious of each side first.
    pub clauses: &'static [Clause],
    /// What can prove it.
    pub judge: Judge,
    /// What later documents did to it.
    pub later: &'static str,
}

impl Requirement {
    /// Document and section, as a citation.
    #[must_use]
    pub fn citation(&self) -> String {
        format!("{} section {}", self.document.name(), self.section)
    }

    /// The sides that it binds.
    #[must_use]
    pub fn sides(&self) -> Vec<Side> {
        Side::BOTH.into_iter().filter(|side| self.clauses.iter().any(|c| c.sides.contains(side))).collect()
    }

    /// The most serious duty of one side.
    #[must_use]
    pub fn strongest(&self, side: Side) -> Option<&Clause> {
        self.clauses.iter().filter(|c| c.sides.contains(&side)).max_by_key(|c| c.keyword.level())
    }
}

/// A requirement by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Requirement> {
    ALL.iter().find(|row| row.id == id)
}
