//! The documents and their normative statements, each in our own words and with its section.

mod colasoft;
mod pop3_over_tls;
mod reversals;
mod rfc2595_body;
mod rfc2595_checklist;
mod secdir;
mod successors_protocol;
mod successors_tls;
mod unauthenticate;
mod words;

pub use reversals::{REVERSALS, Reversal};

use crate::base::{Protocol, Side, order};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The rows, in groups of documents.
pub static GROUPS: &[&[Requirement]] = &[
    rfc2595_checklist::ROWS,
    rfc2595_body::ROWS,
    secdir::ROWS,
    colasoft::ROWS,
    pop3_over_tls::ROWS,
    unauthenticate::ROWS,
    successors_protocol::ROWS,
    successors_tls::ROWS,
];

/// Every row.
pub fn all() -> impl Iterator<Item = &'static Requirement> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// A document that rules come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// POP3, 1996.
    Rfc1939,
    /// Login referrals of IMAP, 1997.
    Rfc2221,
    /// ACAP, 1997.
    Rfc2244,
    /// The extension mechanism of POP3, 1998.
    Rfc2449,
    /// Using TLS with IMAP, POP3 and ACAP, 1999.
    Rfc2595,
    /// STARTTLS of SMTP, 2002.
    Rfc3207,
    /// IMAP4rev1, 2003.
    Rfc3501,
    /// SASL, 2006.
    Rfc4422,
    /// The PLAIN mechanism, 2006.
    Rfc4616,
    /// The initial response of IMAP, 2007.
    Rfc4959,
    /// COMPRESS of IMAP, 2007.
    Rfc4978,
    /// SASL in POP3, 2007.
    Rfc5034,
    /// ENABLE of IMAP, 2008.
    Rfc5161,
    /// SCRAM, 2010.
    Rfc5802,
    /// ManageSieve, 2010.
    Rfc5804,
    /// Finding mail servers by SRV, 2011.
    Rfc6186,
    /// UTF-8 in IMAP, 2013.
    Rfc6855,
    /// Server identity in mail, 2016.
    Rfc7817,
    /// Literals that wait for nobody, 2016.
    Rfc7888,
    /// Cleartext considered obsolete, 2018.
    Rfc8314,
    /// UNAUTHENTICATE of IMAP, 2018.
    Rfc8437,
    /// TLS 1.1 in mail is over, 2021.
    Rfc8997,
    /// IMAP4rev2, 2021.
    Rfc9051,
    /// Recommendations for TLS, 2022.
    Rfc9325,
    /// Service identity in TLS, 2023.
    Rfc9525,
    /// The draft of IMAP4rev2 as the security directorate's review of 2021 quotes it, and what the review asks for.
    Imap4rev2Review,
    /// An abridged copy of RFC 2595 on a web page of 2005.
    ColasoftPage,
    /// An answer of 2011 to a review of draft-melnikov-pop3-over-tls-01.
    Pop3sReview,
    /// UNAUTHENTICATE as its draft of 2013 has it; RFC 8437 took it over.
    UnauthenticateDraft,
}

impl Document {
    /// The name to cite it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rfc1939 => "RFC 1939",
            Self::Rfc2221 => "RFC 2221",
            Self::Rfc2244 => "RFC 2244",
            Self::Rfc2449 => "RFC 2449",
            Self::Rfc2595 => "RFC 2595",
            Self::Rfc3207 => "RFC 3207",
            Self::Rfc3501 => "RFC 3501",
            Self::Rfc4422 => "RFC 4422",
            Self::Rfc4616 => "RFC 4616",
            Self::Rfc4959 => "RFC 4959",
            Self::Rfc4978 => "RFC 4978",
            Self::Rfc5034 => "RFC 5034",
            Self::Rfc5161 => "RFC 5161",
            Self::Rfc5802 => "RFC 5802",
            Self::Rfc5804 => "RFC 5804",
            Self::Rfc6186 => "RFC 6186",
            Self::Rfc6855 => "RFC 6855",
            Self::Rfc7817 => "RFC 7817",
            Self::Rfc7888 => "RFC 7888",
            Self::Rfc8314 => "RFC 8314",
            Self::Rfc8437 => "RFC 8437",
            Self::Rfc8997 => "RFC 8997",
            Self::Rfc9051 => "RFC 9051",
            Self::Rfc9325 => "RFC 9325",
            Self::Rfc9525 => "RFC 9525",
            Self::Imap4rev2Review => "draft-ietf-extra-imap4rev2-24",
            Self::ColasoftPage => "Colasoft page on IMAPS",
            Self::Pop3sReview => "review of POP3 over TLS",
            Self::UnauthenticateDraft => "draft-newman-imap-unauth-00",
        }
    }

    /// The sentence that a verdict gives when the document is not in force.
    #[must_use]
    pub fn not_in_force(self) -> &'static str {
        match self {
            Self::Rfc2595 => "RFC 2595 is not in this rule set.",
            Self::ColasoftPage => "This text never had force of its own.",
            _ => "This document is later than RFC 2595 or about something else, and not in this rule set.",
        }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Which documents are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Whether a document is in force. The drafts are, where an RFC took their text over.
    #[must_use]
    pub fn includes(self, document: Document) -> bool {
        match document {
            Document::Rfc2595 => true,
            Document::ColasoftPage => false,
            _ => self == Self::Today,
        }
    }
}

/// The requirement words of RFC 2119, and what stands below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Keyword {
    /// A statement of fact that is used as a rule.
    #[serde(rename = "statement")]
    Statement,
    /// Encouraged or discouraged.
    #[serde(rename = "encouraged")]
    Encouraged,
    /// MAY.
    #[serde(rename = "MAY")]
    May,
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
            Self::Encouraged => "encouraged",
            Self::May => "MAY",
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
            Self::Statement | Self::Encouraged | Self::May => Level::Note,
        }
    }
}

/// How serious a broken requirement is; it follows from the keyword alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
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

impl Judge {
    /// Its letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Transcript => "a",
            Self::BothSides => "b",
            Self::Probe => "c",
            Self::Handshake => "d",
        }
    }

    /// What it takes, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Transcript => "one transcript",
            Self::BothSides => "both hops, or a party's statement about itself",
            Self::Probe => "several runs with the configuration changed",
            Self::Handshake => "facts of the handshake",
        }
    }
}

/// What decides whether a row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// These rules, by id. Rows that ask for the same share a rule.
    By(&'static [&'static str]),
    /// Nothing can, and why.
    Never(&'static str),
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
    /// The protocols that it is about.
    pub protocols: &'static [Protocol],
    /// Its duties, the most serious of each side first.
    pub clauses: &'static [Clause],
    /// What can prove it; empty where nothing can.
    pub judge: &'static [Judge],
    /// What decides it here.
    pub decided: Decided,
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
    static BY_ID: LazyLock<BTreeMap<&'static str, &'static Requirement>> =
        LazyLock::new(|| order::collect(all().map(|row| (row.id, row))));
    BY_ID.get(id).copied()
}
