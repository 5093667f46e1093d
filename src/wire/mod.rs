//! Octets to units, without judgement: every octet belongs to exactly one unit, and joining the units gives
//! the octets back. What a unit means is the business of an observer or a machine.

mod inbox;
mod lines;

pub use inbox::{Inbox, MESSAGE_LIMIT, Unit};
pub use lines::{LineUnit, Lines};

use std::ops::Range;

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// CR LF, the only ending that the protocols allow.
    CrLf,
    /// LF alone.
    Lf,
}

impl Ending {
    /// Its length in octets.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::CrLf => 2,
            Self::Lf => 1,
        }
    }

    /// Never: an ending has at least one octet.
    #[must_use]
    pub fn is_empty(self) -> bool {
        false
    }
}

/// One line: its text without the ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where the text stands.
    pub text: Range<usize>,
    /// What ended it.
    pub ending: Ending,
}

impl Line {
    /// Where the next unit begins.
    #[must_use]
    pub fn end(&self) -> usize {
        self.text.end.saturating_add(self.ending.len())
    }
}

/// Finds the line that begins at `from`; `None` while its ending has not arrived. `searched` octets from `from`
/// on are known to hold no LF, so that a long line costs its length once however it arrives.
#[must_use]
pub fn line(octets: &[u8], from: usize, searched: usize) -> Option<Line> {
    let rest = octets.get(from.checked_add(searched)?..)?;
    let lf = from.checked_add(searched)?.checked_add(memchr::memchr(b'\n', rest)?)?;
    let cr = lf > from && octets.get(lf.wrapping_sub(1)) == Some(&b'\r');
    let (end, ending) = if cr { (lf.saturating_sub(1), Ending::CrLf) } else { (lf, Ending::Lf) };
    Some(Line { text: from..end, ending })
}

/// A line's octets without its ending.
#[must_use]
pub fn text(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// An announcement `{n}` or `{n+}` at the end of a line (RFC 3501 section 4.3, RFC 7888): the client or server
/// sends `octets` octets next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal {
    /// How many octets follow.
    pub octets: u64,
    /// `{n}`: the sender waits for a continuation; `{n+}`: it does not.
    pub synchronizing: bool,
    /// Length of the announcement itself, braces included.
    pub announced_in: usize,
}

/// Reads the literal announcement at the end of a line's text.
#[must_use]
pub fn literal(text: &[u8]) -> Option<Literal> {
    let inner = text.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|&o| o == b'{')?;
    let digits = inner.get(open.checked_add(1)?..)?;
    let (digits, synchronizing) = match digits.strip_suffix(b"+") {
        Some(digits) => (digits, false),
        None => (digits, true),
    };
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    let mut octets: u64 = 0;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        octets = octets.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))?;
    }
    Some(Literal { octets, synchronizing, announced_in: text.len().saturating_sub(open) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_crlf_or_bare_lf_and_a_bare_cr_is_text() {
        let octets = b"a\r\nb\nc\rd\r\n\r\nopen";
        let mut at = 0;
        let mut seen = Vec::new();
        while let Some(found) = line(octets, at, 0) {
            seen.push((octets[found.text.clone()].to_vec(), found.ending));
            at = found.end();
        }
        let crlf = Ending::CrLf;
        assert_eq!(
            seen,
            [
                (b"a".to_vec(), crlf),
                (b"b".to_vec(), Ending::Lf),
                (b"c\rd".to_vec(), crlf),
                (Vec::new(), crlf)
            ]
        );
        assert_eq!(&octets[at..], b"open");
    }

    #[test]
    fn literals_are_announced_at_the_end_only() {
        assert_eq!(
            literal(b"a LOGIN {3}"),
            Some(Literal { octets: 3, synchronizing: true, announced_in: 3 })
        );
        assert_eq!(literal(b"{21+}").map(|l| (l.octets, l.synchronizing)), Some((21, false)));
        assert_eq!(literal(b"{3} "), None);
        assert_eq!(literal(b"{}"), None);
        assert_eq!(literal(b"{-1}"), None);
        assert_eq!(literal(b"{99999999999999999999}"), None);
        assert_eq!(literal(b"3}"), None);
    }
}
