//! Base64 as SASL in IMAP and POP3 carries it (RFC 4648 section 4): strictly, and with the place of what is wrong.
//!
//! A decoder that repairs bad input takes a message that a strict one refuses, so that two programs can be made to see
//! different things.

use std::fmt;

/// Why text is not base64; `at` counts characters from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `*` alone: not a message, the exchange is given up.
    Cancel,
    /// `=` alone: the empty message, which only a first line can carry.
    LoneEquals,
    /// A blank, a tabulator or a line break.
    WhiteSpace {
        /// The character.
        at: usize,
    },
    /// A character outside the alphabet.
    Alien {
        /// The character.
        at: usize,
        /// Its octet.
        octet: u8,
    },
    /// A `=` with more characters behind it.
    PaddingMisplaced {
        /// The first `=`.
        at: usize,
    },
    /// The last group lacks its `=`.
    PaddingMissing {
        /// The end of the text.
        at: usize,
    },
    /// More `=` than the last group needs.
    PaddingSurplus {
        /// The first that is too much.
        at: usize,
    },
    /// One character alone in the last group, which is less than an octet.
    Length {
        /// The character.
        at: usize,
    },
    /// Bits of the last character belong to no octet and are not zero.
    TrailingBits {
        /// The character.
        at: usize,
    },
}

impl Fault {
    /// The character that is wrong.
    #[must_use]
    pub fn at(self) -> usize {
        match self {
            Self::Cancel | Self::LoneEquals => 0,
            Self::WhiteSpace { at }
            | Self::Alien { at, .. }
            | Self::PaddingMisplaced { at }
            | Self::PaddingMissing { at }
            | Self::PaddingSurplus { at }
            | Self::Length { at }
            | Self::TrailingBits { at } => at,
        }
    }

    /// The section that says so.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Cancel => "RFC 3501 section 6.2.2, RFC 5034 section 4",
            Self::LoneEquals => "RFC 4959 section 3, RFC 5034 section 4",
            Self::WhiteSpace { .. } | Self::Alien { .. } => "RFC 4648 section 3.3",
            Self::PaddingMissing { .. } => "RFC 4648 section 3.2",
            Self::TrailingBits { .. } => "RFC 4648 section 3.5",
            Self::PaddingMisplaced { .. } | Self::PaddingSurplus { .. } | Self::Length { .. } => {
                "RFC 4648 section 4"
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancel => f.write_str("a lone * gives the exchange up; it is no message"),
            Self::LoneEquals => {
                f.write_str("a lone = is the empty message, which stands in a first line only")
            }
            Self::WhiteSpace { at } => write!(f, "character {at} is white space"),
            Self::Alien { at, octet: octet @ b'!'..=b'~' } => {
                write!(f, "character {at}, {}, is not in the alphabet", char::from(*octet))
            }
            Self::Alien { at, octet } => {
                write!(f, "character {at}, octet {octet:02x}, is not in the alphabet")
            }
            Self::PaddingMisplaced { at } => write!(f, "the = at character {at} is not at the end"),
            Self::PaddingMissing { at } => write!(f, "the text ends at character {at} without its ="),
            Self::PaddingSurplus { at } => write!(f, "the = at character {at} is too much"),
            Self::Length { at } => write!(f, "character {at} is alone in its group"),
            Self::TrailingBits { at } => {
                write!(f, "the last bits of character {at} belong to no octet and are not zero")
            }
        }
    }
}

/// Four characters and the octets that they stand for; fewer of both at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where its characters stand in the text.
    pub text: std::ops::Range<usize>,
    /// Where its octets stand in the message.
    pub octets: std::ops::Range<usize>,
}

fn value(character: u8) -> Option<u32> {
    Some(u32::from(match character {
        b'A'..=b'Z' => character.wrapping_sub(b'A'),
        b'a'..=b'z' => character.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => character.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Decodes a message.
///
/// # Errors
/// The first fault.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, Fault> {
    match fault(text) {
        Some(fault) => Err(fault),
        None => Ok(groups(text).0),
    }
}

/// The first fault of a text.
#[must_use]
pub fn fault(text: &[u8]) -> Option<Fault> {
    match text {
        b"*" => return Some(Fault::Cancel),
        b"=" => return Some(Fault::LoneEquals),
        _ => {}
    }
    for (at, &octet) in text.iter().enumerate() {
        match octet {
            b' ' | b'\t' | b'\r' | b'\n' => return Some(Fault::WhiteSpace { at }),
            _ if octet != b'=' && value(octet).is_none() => return Some(Fault::Alien { at, octet }),
            _ => {}
        }
    }
    let data = text.iter().position(|&o| o == b'=').unwrap_or(text.len());
    if text.iter().skip(data).any(|&o| o != b'=') {
        return Some(Fault::PaddingMisplaced { at: data });
    }
    let padding = text.len().saturating_sub(data);
    let (wanted, spare_bits) = match data % 4 {
        0 => (0, 0),
        1 => return Some(Fault::Length { at: data.saturating_sub(1) }),
        2 => (2, 0b1111),
        _ => (1, 0b11),
    };
    if padding < wanted {
        return Some(Fault::PaddingMissing { at: text.len() });
    }
    if padding > wanted {
        return Some(Fault::PaddingSurplus { at: data.saturating_add(wanted) });
    }
    let last = data.saturating_sub(1);
    let bits = text.get(last).copied().and_then(value).unwrap_or(0);
    (bits & spare_bits != 0).then_some(Fault::TrailingBits { at: last })
}

/// What a careless decoder makes of a text: it passes over every character that is none of the alphabet.
#[must_use]
pub fn guessed(text: &[u8]) -> Vec<u8> {
    let known: Vec<u8> = text.iter().copied().filter(|&octet| value(octet).is_some()).collect();
    groups(&known).0
}

/// The octets of the text up to the first character that is none of the alphabet, and which characters made which.
#[must_use]
pub fn groups(text: &[u8]) -> (Vec<u8>, Vec<Group>) {
    let data = text.iter().position(|&o| value(o).is_none()).unwrap_or(text.len());
    let mut octets = Vec::with_capacity(data);
    let mut groups = Vec::new();
    for (number, group) in text.get(..data).unwrap_or_default().chunks(4).enumerate() {
        let mut bits = 0_u32;
        for at in 0..4 {
            bits = bits << 6 | group.get(at).copied().and_then(value).unwrap_or(0);
        }
        let start = octets.len();
        octets.extend(bits.to_be_bytes().into_iter().skip(1).take(group.len().saturating_sub(1)));
        let at = number.saturating_mul(4);
        let padding =
            text.iter().skip(at.saturating_add(group.len())).take(4_usize.saturating_sub(group.len()));
        let padding = padding.take_while(|&&o| o == b'=').count();
        let text = at..at.saturating_add(group.len()).saturating_add(padding);
        groups.push(Group { text, octets: start..octets.len() });
    }
    (octets, groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine;

    #[test]
    fn a_careless_decoder_reads_on() {
        assert_eq!(guessed(b"AHRp=bQBz"), decode(b"AHRpbQBz").unwrap());
        assert_eq!(guessed(b"=*="), b"");
    }

    #[test]
    fn every_fault_has_its_place() {
        let table: [(&[u8], Fault); 20] = [
            (b"*", Fault::Cancel),
            (b"=", Fault::LoneEquals),
            (b"AA AA", Fault::WhiteSpace { at: 2 }),
            (b"AAAA\r\n", Fault::WhiteSpace { at: 4 }),
            (b" AAAA", Fault::WhiteSpace { at: 0 }),
            (b"AA*A", Fault::Alien { at: 2, octet: b'*' }),
            (b"AA-_", Fault::Alien { at: 2, octet: b'-' }),
            (b"AAA\xE9", Fault::Alien { at: 3, octet: 0xE9 }),
            (b"AA==AAAA", Fault::PaddingMisplaced { at: 2 }),
            (b"A=A=", Fault::PaddingMisplaced { at: 1 }),
            (b"=AAA", Fault::PaddingMisplaced { at: 0 }),
            (b"AA", Fault::PaddingMissing { at: 2 }),
            (b"AA=", Fault::PaddingMissing { at: 3 }),
            (b"AAA", Fault::PaddingMissing { at: 3 }),
            (b"AAAA=", Fault::PaddingSurplus { at: 4 }),
            (b"AAA==", Fault::PaddingSurplus { at: 4 }),
            (b"==", Fault::PaddingSurplus { at: 0 }),
            (b"AAAAA", Fault::Length { at: 4 }),
            (b"A===", Fault::Length { at: 0 }),
            (b"AB==", Fault::TrailingBits { at: 1 }),
        ];
        for (text, fault) in table {
            assert_eq!(decode(text), Err(fault), "{:?}", String::from_utf8_lossy(text));
            assert!(!fault.to_string().is_empty() && fault.section().starts_with("RFC"));
        }
        assert_eq!(decode(b"AAB="), Err(Fault::TrailingBits { at: 2 }));
        assert_eq!(decode(b""), Ok(Vec::new()));
    }

    #[test]
    fn groups_say_which_characters_made_which_octets() {
        let (octets, groups) = groups(b"AHRpbQB0YQ==");
        assert_eq!(octets, b"\0tim\0ta");
        let groups: Vec<_> = groups.into_iter().map(|g| (g.text, g.octets)).collect();
        assert_eq!(groups, [(0..4, 0..3), (4..8, 3..6), (8..12, 6..7)]);
    }

    #[test]
    fn it_takes_what_the_strict_decoder_of_a_library_takes() {
        use proptest::prelude::*;
        let engine = ::base64::engine::general_purpose::STANDARD;
        let text = prop::collection::vec(prop::sample::select(&b"AAABQgwz09+/==-* "[..]), 0..14);
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() },
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let strategy = prop_oneof![
            text,
            prop::collection::vec(any::<u8>(), 0..9).prop_map(move |octets| {
                ::base64::engine::general_purpose::STANDARD.encode(octets).into_bytes()
            })
        ];
        runner
            .run(&strategy, |text| {
                prop_assert_eq!(decode(&text).ok(), engine.decode(&text).ok());
                Ok(())
            })
            .unwrap();
    }
}
