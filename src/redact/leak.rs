//! The last look at whatever is about to leave: are the values that were taken out still in it, as they are or encoded?

use super::{Item, Kind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::borrow::Cow;

/// Shorter values are words only where no letter or digit stands beside them.
const LOOSE: usize = 6;

/// Shorter values are not searched for in encoded form: a few characters are found by chance.
const ENCODED: usize = 4;

/// How a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// As it is, or escaped as percent signs, quoted-printable, HTML and JSON do it.
    Plain,
    /// In base64, wherever in a longer text it begins.
    Base64,
    /// In hexadecimal digits.
    Hex,
}

impl Encoding {
    /// The words that reports use.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Plain => "as it is or with escapes",
            Self::Base64 => "in base64",
            Self::Hex => "in hexadecimal digits",
        }
    }
}

/// A value that is still there. Which one is not said: the message would be the next leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub encoding: Encoding,
}

#[derive(Clone, Debug)]
struct Needle {
    item: usize,
    leak: Leak,
    octets: Vec<u8>,
    /// No letter or digit stands beside it.
    bounded: bool,
    /// It is a word of our own texts: where it stands in a report, nothing follows from that.
    own: bool,
}

/// The values that must not be found.
#[derive(Clone, Debug, Default)]
pub struct Leaks {
    needles: Vec<Needle>,
    values: usize,
    /// Values that cannot be searched for.
    common: usize,
}

impl Leaks {
    /// Searches for the values of items.
    #[must_use]
    pub fn new(items: &[Item]) -> Self {
        let mut leaks = Self::default();
        for (number, item) in items.iter().enumerate() {
            if item.kind == Kind::Content {
                continue;
            }
            if item.common {
                leaks.common = leaks.common.saturating_add(1);
                continue;
            }
            leaks.values = leaks.values.saturating_add(1);
            leaks.value(number, item.kind, item.value.reveal());
        }
        leaks
    }

    fn value(&mut self, item: usize, kind: Kind, value: &[u8]) {
        let mut add = |encoding, octets: Vec<u8>, bounded| {
            let mut same = self.needles.iter().rev().take_while(|needle| needle.item == item);
            if !same.any(|needle| needle.octets == octets) {
                let leak = Leak { kind, encoding };
                self.needles.push(Needle { item, leak, octets, bounded, own: false });
            }
        };
        add(Encoding::Plain, value.to_vec(), !kind.is_secret() || value.len() < LOOSE);
        if value.len() < ENCODED {
            return;
        }
        for before in 0..3_usize {
            let padded = [vec![0; before].as_slice(), value].concat();
            // Characters that octets before or behind the value have a part in are left out.
            let first = [0, 2, 3].get(before).copied().unwrap_or_default();
            let whole = padded.len().saturating_mul(8) / 6;
            for text in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
                if let Some(text) = text.get(first..whole).filter(|text| text.len() >= ENCODED) {
                    add(Encoding::Base64, text.as_bytes().to_vec(), false);
                }
            }
        }
        let digits = |upper: bool| -> Vec<u8> {
            let set: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
            let pair = |o: &u8| {
                [o >> 4, o & 15].map(|digit| set.get(usize::from(digit)).copied().unwrap_or_default())
            };
            value.iter().flat_map(pair).collect()
        };
        add(Encoding::Hex, digits(false), false);
        add(Encoding::Hex, digits(true), false);
    }

    /// Values that are words of our own texts mean nothing in a report; in a session's own octets they do.
    pub fn except(&mut self, is_own: &dyn Fn(&[u8]) -> bool) {
        for needle in &mut self.needles {
            needle.own |= needle.leak.encoding == Encoding::Plain && is_own(&needle.octets);
        }
    }

    /// How many values are searched for.
    #[must_use]
    pub fn values(&self) -> usize {
        self.values
    }

    /// How many values are too short or too common to be searched for.
    #[must_use]
    pub fn common(&self) -> usize {
        self.common
    }

    /// Adds the values of another search.
    pub fn join(&mut self, other: &Self) {
        let before =
            self.needles.iter().map(|needle| needle.item.saturating_add(1)).max().unwrap_or_default();
        let moved = other.needles.iter().cloned();
        self.needles
            .extend(moved.map(|needle| Needle { item: needle.item.saturating_add(before), ..needle }));
        self.values = self.values.saturating_add(other.values);
        self.common = self.common.saturating_add(other.common);
    }

    /// Looks through a report, a link or a file; what is still in it, each kind and encoding once.
    #[must_use]
    pub fn find(&self, output: &[u8]) -> Vec<Leak> {
        self.look(output, false)
    }

    /// Looks through the octets of sessions, where no word is our own.
    #[must_use]
    pub fn find_in_octets(&self, octets: &[u8]) -> Vec<Leak> {
        self.look(octets, true)
    }

    fn look(&self, output: &[u8], own_too: bool) -> Vec<Leak> {
        let mut found = Vec::new();
        if self.needles.is_empty() {
            return found;
        }
        let index = Index::new(&self.needles);
        for (view, only) in views(output) {
            index.scan(&view, &mut |needle, _| {
                let wanted = only.is_none_or(|encoding| needle.leak.encoding == encoding);
                if wanted && (own_too || !needle.own) && !found.contains(&needle.leak) {
                    found.push(needle.leak);
                }
            });
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Where values stand in octets as they are, in base64 or in hexadecimal: the item, the encoding and the range.
    pub(super) fn places(&self, octets: &[u8]) -> Vec<(usize, Encoding, std::ops::Range<usize>)> {
        let mut places = Vec::new();
        Index::new(&self.needles).scan(octets, &mut |needle, at| {
            let range = at..at.saturating_add(needle.octets.len());
            places.push((needle.item, needle.leak.encoding, range));
        });
        // The longest one first, where several begin at one place.
        places.sort_by_key(|(_, _, range)| (range.start, std::cmp::Reverse(range.end)));
        places
    }
}

/// The values by how they begin: one pass over a text finds all of them, however many there are.
struct Index<'a> {
    by_head: std::collections::BTreeMap<[u8; HEAD], Vec<&'a Needle>>,
    /// Which first two octets occur, as bits: most places of a text are passed over by it.
    pairs: Vec<u64>,
}

/// No value that is searched for is shorter.
const HEAD: usize = 3;

impl<'a> Index<'a> {
    fn new(needles: &'a [Needle]) -> Self {
        let mut index = Self { by_head: std::collections::BTreeMap::new(), pairs: vec![0; 1 << 10] };
        for needle in needles {
            let Some(head) = needle.octets.first_chunk::<HEAD>() else { continue };
            index.by_head.entry(*head).or_default().push(needle);
            let (word, bit) = Self::bit(head);
            if let Some(word) = index.pairs.get_mut(word) {
                *word |= bit;
            }
        }
        index
    }

    fn bit(head: &[u8; HEAD]) -> (usize, u64) {
        let [first, second, _] = *head;
        let pair = usize::from(first) << 8 | usize::from(second);
        (pair >> 6, 1 << (pair & 63))
    }

    /// Calls for each place where a value stands.
    fn scan(&self, view: &[u8], each: &mut dyn FnMut(&'a Needle, usize)) {
        for (at, head) in view.windows(HEAD).enumerate() {
            let Some(head) = head.first_chunk::<HEAD>() else { continue };
            let (word, bit) = Self::bit(head);
            if self.pairs.get(word).is_none_or(|bits| bits & bit == 0) {
                continue;
            }
            for needle in self.by_head.get(head).into_iter().flatten() {
                if view.get(at..).is_some_and(|rest| rest.starts_with(&needle.octets))
                    && stands(view, needle, at)
                {
                    each(needle, at);
                }
            }
        }
    }
}

/// Whether a value at a place is one of its own there, and no part of a longer word.
fn stands(view: &[u8], needle: &Needle, at: usize) -> bool {
    let part = |octet: Option<&u8>| octet.is_some_and(|o| o.is_ascii_alphanumeric() || *o >= 0x80);
    let before = at.checked_sub(1).and_then(|before| view.get(before));
    let behind = view.get(at.saturating_add(needle.octets.len()));
    !needle.bounded || !(part(before) || part(behind))
}

/// The output as it is and as its readers may decode it, each with the encoding that alone is looked for in it.
fn views(output: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Option<Encoding>)> {
    let has = |octet| memchr::memchr(octet, output).is_some();
    let decoded = [
        (has(b'%'), decode as fn(&[u8]) -> Vec<u8>, None),
        (has(b'='), quoted_printable, None),
        (has(b'&'), entities, None),
        (has(b'\\'), escapes, None),
        (output.iter().any(u8::is_ascii_whitespace), |o| without(o, b""), Some(Encoding::Base64)),
        (true, |o| without(o, b":,-\\x"), Some(Encoding::Hex)),
    ];
    let more = decoded.into_iter().filter(|(there, ..)| *there);
    std::iter::once((Cow::Borrowed(output), None))
        .chain(more.map(|(_, decode, only)| (Cow::Owned(decode(output)), only)))
}

fn hex(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    let digit =
        |o: Option<&u8>| o.and_then(|o| char::from(*o).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// `%41` is `A`, and `+` a space in forms.
fn decode(text: &[u8]) -> Vec<u8> {
    escaped(text, b'%')
}

/// `=41` is `A`, and `=` at the end of a line joins it to the next one (RFC 2045 section 6.7).
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    escaped(text, b'=')
}

fn escaped(text: &[u8], sign: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        if octet != sign {
            out.push(octet);
        } else if let Some(value) = hex(behind.first(), behind.get(1)) {
            out.push(value);
            rest = behind.get(2..).unwrap_or_default();
        } else if sign == b'=' && (behind.starts_with(b"\r\n") || behind.starts_with(b"\n")) {
            let ending = if behind.starts_with(b"\r") { 2 } else { 1 };
            rest = behind.get(ending..).unwrap_or_default();
        } else {
            out.push(octet);
        }
    }
    out
}

/// `&amp;`, `&#38;` and `&#x26;`.
fn entities(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&octet, behind)) = rest.split_first() {
        let end = (octet == b'&').then(|| behind.iter().take(10).position(|&o| o == b';')).flatten();
        let name = end.and_then(|end| std::str::from_utf8(behind.get(..end)?).ok());
        let meant = name.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            _ => {
                let number = name.strip_prefix('#')?;
                let value = match number.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(value)
            }
        });
        match (meant, end) {
            (Some(c), Some(end)) => {
                let mut octets = [0; 4];
                out.extend_from_slice(c.encode_utf8(&mut octets).as_bytes());
                rest = behind.get(end.saturating_add(1)..).unwrap_or_default();
            }
            _ => {
                out.push(octet);
                rest = behind;
            }
        }
    }
    out
}

/// Escapes of JSON, of C and of our own printable text: `\"`, `\\`, `\u0041`, `\u{41}`, `\x41`.
fn escapes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        let Some((&sign, after)) = behind.split_first().filter(|_| octet == b'\\') else {
            out.push(octet);
            continue;
        };
        rest = after;
        let unicode = |digits: &[u8]| {
            let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
            char::from_u32(value)
        };
        let wide = match after {
            [b'{', behind @ ..] if sign == b'u' => {
                let end = behind.iter().take(7).position(|&o| o == b'}');
                end.and_then(|end| Some((unicode(behind.get(..end)?)?, end.saturating_add(2))))
            }
            _ if sign == b'u' => after.get(..4).and_then(|digits| Some((unicode(digits)?, 4))),
            _ => None,
        };
        if let Some((c, length)) = wide {
            let mut octets = [0; 4];
            out.extend_from_slice(c.encode_utf8(&mut octets).as_bytes());
            rest = after.get(length..).unwrap_or_default();
        } else if let (b'x', Some(value)) = (sign, hex(after.first(), after.get(1))) {
            out.push(value);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(match sign {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => other,
            });
        }
    }
    out
}

/// Without white space and some further signs; what is searched for in it is in small letters or in base64.
fn without(text: &[u8], signs: &[u8]) -> Vec<u8> {
    let text = text.iter().copied().filter(|o| !o.is_ascii_whitespace() && !signs.contains(o));
    text.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Secret;
    use crate::redact::Shape;

    fn leaks(kind: Kind, value: &str) -> Leaks {
        Leaks::new(&[Item {
            kind,
            value: Secret::new(value.as_bytes()),
            shown: String::new(),
            shape: Shape::of(value.as_bytes()),
            places: Vec::new(),
            common: false,
        }])
    }

    fn found(leaks: &Leaks, text: &str) -> Vec<Encoding> {
        leaks.find(text.as_bytes()).into_iter().map(|leak| leak.encoding).collect()
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        let leaks = leaks(Kind::Password, "Tan+st/aaf\"1");
        for text in [
            "x Tan+st/aaf\"1 y",
            "Tan%2Bst%2Faaf%221",
            "Tan=2Bst/a=\r\naf\"1",
            "Tan+st/aaf&quot;1",
            "Tan&#43;st&#x2f;aaf&quot;1",
            r#"{"text":"Tan+st\/aaf\"1"}"#,
            r"Tan\x2Bst\u{2f}aaf\u00221",
        ] {
            assert_eq!(found(&leaks, text), [Encoding::Plain], "{text}");
        }
        for before in ["", "a", "ab", "abc", "\0tim\0"] {
            for behind in ["", "!", "!!"] {
                let text = [before, "Tan+st/aaf\"1", behind].concat();
                for coded in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                    assert_eq!(found(&leaks, &coded), [Encoding::Base64], "{before} {behind}");
                    let (left, right) = coded.split_at(coded.len() / 2);
                    assert_eq!(found(&leaks, &format!("{left}\r\n {right}")), [Encoding::Base64]);
                }
            }
        }
        assert_eq!(found(&leaks, "54616e2b73742f6161662231"), [Encoding::Hex]);
        assert_eq!(found(&leaks, "54 61 6E 2B 73 74 2F 61 61 66 22 31"), [Encoding::Hex]);
        assert_eq!(found(&leaks, "54:61:6e:2b:73:74:2f:61:61:66:22:31"), [Encoding::Hex]);
        assert_eq!(found(&leaks, "nothing of the kind, Tan+st/aaf"), []);
    }

    #[test]
    fn short_values_and_names_are_words() {
        assert_eq!(found(&leaks(Kind::Password, "tim"), "this time"), []);
        assert_eq!(found(&leaks(Kind::Password, "tim"), "LOGIN tim x"), [Encoding::Plain]);
        assert_eq!(found(&leaks(Kind::User, "marker"), "markers"), []);
        assert_eq!(found(&leaks(Kind::Password, "marker"), "markers"), [Encoding::Plain]);
    }

    #[test]
    fn our_own_words_count_in_octets_only() {
        let mut leaks = leaks(Kind::Password, "password");
        leaks.except(&|value| value == b"password");
        assert_eq!(found(&leaks, "sent its password"), []);
        assert_eq!(leaks.find_in_octets(b"sent its password").len(), 1);
        assert_eq!(found(&leaks, "cGFzc3dvcmQ="), [Encoding::Base64]);
    }
}
