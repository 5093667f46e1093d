//! What somebody in the middle has to know of a protocol to change it: where the words stand, how answers look.

use std::ops::Range;

/// An answer that a middle can make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The protocol's refusal of a valid command: NO, in POP3 -ERR.
    No,
    /// The protocol's answer to an unknown command: BAD, in POP3 -ERR.
    Bad,
}

/// One protocol, for a middle.
#[derive(Debug)]
pub struct Dialect {
    /// The places of the capability words in a server's message, wherever that message may carry a list.
    pub capability_words: fn(&[u8]) -> Vec<Range<usize>>,
    /// The words that offer the upgrade.
    pub starttls_words: &'static [&'static str],
    /// The tag of a client's message that asks for the upgrade; empty in a protocol without tags.
    pub starttls_tag: fn(&[u8]) -> Option<Vec<u8>>,
    /// Puts an answer together, from tag, kind and text.
    pub answer: fn(&[u8], Answer, &str) -> Vec<u8>,
}
