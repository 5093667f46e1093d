//! Why an input could not be read.

use super::Dialect;
use std::fmt;

/// Why nothing could be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There are no octets, or empty lines only.
    Empty {
        /// How many lines there are.
        lines: u64,
    },
    /// A file of a known other kind.
    OtherFile {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// Octets that no text has.
    NotText {
        /// The first such octet, from 1.
        octet: u64,
        /// Its value.
        value: u8,
    },
    /// A capture without a connection of a protocol that is covered.
    NoMailInCapture,
    /// Text without a line of a session.
    NoDialogue {
        /// The first line that is not empty, from 1.
        line: u64,
    },
    /// A session of a protocol that is not covered.
    NotCovered {
        /// The protocol.
        dialect: Dialect,
        /// The line that shows it, from 1.
        line: u32,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { lines: 0 } => f.write_str("the input is empty"),
            Self::Empty { lines: 1 } => f.write_str("the input is one empty line"),
            Self::Empty { lines } => write!(f, "the input is {lines} empty lines"),
            Self::OtherFile { kind } => {
                write!(f, "the input is {kind} and not a transcript: see its first octets")
            }
            Self::NotText { octet, value } => {
                write!(
                    f,
                    "the input is not text: octet {octet} is 0x{value:02X}, and no line before it is of a session"
                )
            }
            Self::NoMailInCapture => f.write_str("no connection in the capture is of IMAP, POP3 or ACAP"),
            Self::NoDialogue { line } => {
                write!(
                    f,
                    "from line {line} on, nothing in the input looks like a mail session in a known format"
                )
            }
            Self::NotCovered { dialect, line } => {
                write!(f, "line {line} is {dialect}, which is not covered yet")
            }
        }
    }
}

impl std::error::Error for ImportError {}

static KINDS: &[(&[u8], &str)] = &[
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
    (b"\x7FELF", "a program"),
    (b"\xFF\xFE", "text in UTF-16"),
    (b"\xFE\xFF", "text in UTF-16"),
];

/// A file of a known other kind, by its first octets.
pub(super) fn other_file(head: &[u8]) -> Option<ImportError> {
    let kind = KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)?;
    Some(ImportError::OtherFile { kind })
}

/// What there is instead of a session.
pub(super) fn nothing(head: &[u8]) -> ImportError {
    if super::pcap::is_capture(head) || super::pcapng::is_capture(head) {
        return ImportError::NoMailInCapture;
    }
    let not_text = |&o: &u8| (o < 0x20 && !matches!(o, b'\t' | b'\r' | b'\n' | 0x0C | 0x1B)) || o == 0x7F;
    let lines = |octets: &[u8]| octets.iter().filter(|&&o| o == b'\n').count() as u64;
    if head.trim_ascii().is_empty() {
        let unended = head.last().is_some_and(|&o| o != b'\n');
        return ImportError::Empty { lines: lines(head).saturating_add(u64::from(unended)) };
    }
    if let Some(at) = head.iter().position(not_text) {
        let value = head.get(at).copied().unwrap_or_default();
        return ImportError::NotText { octet: (at as u64).saturating_add(1), value };
    }
    let blank = head.iter().position(|o| !o.is_ascii_whitespace()).unwrap_or_default();
    ImportError::NoDialogue { line: lines(head.get(..blank).unwrap_or_default()).saturating_add(1) }
}
