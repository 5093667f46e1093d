//! The two readings of UTF-8 that PLAIN has had: RFC 2595 section 6 with sequences of up to six octets and no further
//! condition, and RFC 4616 section 2 with the UTF-8 of RFC 3629.

use super::{Grammar, Malformed};

/// The faults of a text, in order; after each, reading goes on behind the octets that are wrong.
pub(super) fn faults(text: &[u8], grammar: Grammar) -> impl Iterator<Item = Malformed> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&lead) = text.get(at) {
            let start = at;
            let (length, fault) = sequence(text, start, lead, grammar);
            at = start.saturating_add(length.max(1));
            if fault.is_some() {
                return fault;
            }
        }
        None
    })
}

/// How many octets belong together, and what is wrong with them.
fn sequence(text: &[u8], at: usize, lead: u8, grammar: Grammar) -> (usize, Option<Malformed>) {
    let length: usize = match lead {
        b'\r' | b'\n' if grammar == Grammar::Rfc2595 => return (1, Some(Malformed::LineBreak { at })),
        0x00..=0x7F => return (1, None),
        0x80..=0xBF => return (1, Some(Malformed::StrayContinuation { at })),
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        0xF8..=0xFB => 5,
        0xFC..=0xFD => 6,
        0xFE..=0xFF => return (1, Some(Malformed::NoLead { at })),
    };
    let tail = text.iter().skip(at.saturating_add(1)).take(length.saturating_sub(1));
    let tail: Vec<u8> = tail.copied().take_while(|o| (0x80..=0xBF).contains(o)).collect();
    if tail.len() < length.saturating_sub(1) {
        return (tail.len().saturating_add(1), Some(Malformed::Truncated { at }));
    }
    if grammar == Grammar::Rfc2595 {
        return (length, None);
    }
    let second = tail.first().copied().unwrap_or_default();
    let fault = match (lead, second) {
        (0xF8.., _) => Some(Malformed::LongForm { at, octets: if length == 5 { 5 } else { 6 } }),
        (0xC0..=0xC1, _) | (0xE0, ..0xA0) | (0xF0, ..0x90) => Some(Malformed::Overlong { at }),
        (0xED, 0xA0..) => Some(Malformed::Surrogate { at }),
        (0xF4, 0x90..) | (0xF5..=0xF7, _) => Some(Malformed::AboveUnicode { at }),
        _ => None,
    };
    (length, fault)
}
