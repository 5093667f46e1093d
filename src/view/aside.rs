//! Lines of a recording that no event was read from: shown between their neighbours, so that none is lost.

use super::{Mark, Piece};
use crate::base::{MASK, printable};
use std::rc::Rc;

/// So much of a line is shown.
const SHOWN: usize = 400;
/// A word that may be a credential is at least so long.
const TOKEN: usize = 12;

/// Such a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its number in the input.
    pub line: u32,
    /// Its text, with what may be a password as dots.
    pub text: Vec<Piece>,
    /// Why nothing was read from it.
    pub why: Rc<str>,
    /// The protocol that it is of, if that one is known and not covered.
    pub foreign: Option<Rc<str>>,
}

impl Aside {
    /// Takes a line in.
    #[must_use]
    pub fn new(line: u32, octets: &[u8], why: Rc<str>, foreign: Option<Rc<str>>) -> Self {
        let shown = octets.get(..octets.len().min(SHOWN)).unwrap_or_default();
        let mut text = veiled(&printable(shown));
        if shown.len() < octets.len() {
            let left = format!("… and {} more octets", octets.len().saturating_sub(shown.len()));
            text.push(Piece { text: left, mark: Mark::Plain });
        }
        Self { line, text, why, foreign }
    }

    /// Its text as a reader hears it.
    #[must_use]
    pub fn spoken(&self) -> String {
        super::ladder::read_aloud(&self.text)
    }
}

/// Nobody knows what the line is, so whatever looks like a login is taken for one.
fn veiled(text: &str) -> Vec<Piece> {
    let plain = |text: &str| Piece { text: text.to_owned(), mark: Mark::Plain };
    let Some(start) = secret_from(text).filter(|&start| !text.get(start..).unwrap_or_default().is_empty())
    else {
        return if text.is_empty() { Vec::new() } else { vec![plain(text)] };
    };
    let before = text.get(..start).unwrap_or_default();
    let secret = Piece { text: MASK.to_owned(), mark: Mark::Secret };
    if before.is_empty() { vec![secret] } else { vec![plain(before), secret] }
}

/// Where the part begins that may be a secret.
fn secret_from(text: &str) -> Option<usize> {
    let mut words = Vec::new();
    let mut at = 0_usize;
    for word in text.split_inclusive(' ') {
        if !word.trim_end().is_empty() {
            words.push((at, word.trim_end()));
        }
        at = at.saturating_add(word.len());
    }
    // A command stands behind a mark, a tag and perhaps a time.
    for (number, (_, word)) in words.iter().enumerate().take(4) {
        let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        let kept = match () {
            () if is(&["LOGIN", "PASS"]) => 1,
            () if is(&["AUTH", "AUTHENTICATE", "APOP"]) => 2,
            () => continue,
        };
        return words.get(number.saturating_add(kept)).map(|&(start, _)| start);
    }
    match words.as_slice() {
        [(start, word)] | [_, (start, word)] if word.len() >= TOKEN && base64(word) => Some(*start),
        _ => None,
    }
}

fn base64(word: &str) -> bool {
    let body = word.trim_end_matches('=');
    word.len().is_multiple_of(4) && body.bytes().all(|o| o.is_ascii_alphanumeric() || o == b'+' || o == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(line: &str) -> String {
        Aside::new(1, line.as_bytes(), "".into(), None).spoken()
    }

    #[test]
    fn what_looks_like_a_login_is_dots() {
        assert_eq!(heard("a1 LOGIN joe swordfish"), "a1 LOGIN (secret)");
        assert_eq!(heard("12:00 > AUTH PLAIN AGpvZQBzd29yZGZpc2g="), "12:00 > AUTH PLAIN (secret)");
        assert_eq!(heard("PASS swordfish"), "PASS (secret)");
        assert_eq!(heard("AGpvZQBzd29yZGZpc2gx"), "(secret)");
        assert_eq!(heard("C: AGpvZQBzd29yZGZpc2gx"), "C: (secret)");
    }

    #[test]
    fn everything_else_stays() {
        for line in
            ["this is no line of it", "then I tried to find my login data again", "a1 LOGIN", "  ", ""]
        {
            assert_eq!(heard(line), line);
        }
        assert_eq!(heard("\u{7}bell"), "\\x07bell");
    }
}
