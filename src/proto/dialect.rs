//! What somebody in the middle has to know of a protocol to change it: where the words stand, how answers look.

use crate::base::Side;
use crate::wire::{Inbox, Unit};

/// An answer that a middle can make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The protocol's refusal of a valid command: NO, in POP3 -ERR.
    No,
    /// The protocol's answer to an unknown command: BAD, in POP3 -ERR.
    Bad,
}

/// Cuts the octets of both directions into whole messages: commands with their literals, multi-line answers.
pub trait Splitter {
    /// Takes octets of one side in.
    fn push(&mut self, from: Side, octets: &[u8]);
    /// The next whole message of one side.
    fn next(&mut self, from: Side) -> Option<Vec<u8>>;
    /// A message of the client reached the server: which answers are to come depends on it.
    fn reached_server(&mut self, message: &[u8]);
    /// A handshake begins: what is unread or unanswered is void.
    fn tls_began(&mut self);
}

/// Edits a server's message: gives it without the capabilities for whose upper-case name the predicate says yes,
/// wherever the message carries a list; `None` if there were none.
pub type WithoutCapabilities = fn(&[u8], &dyn Fn(&str) -> bool) -> Option<Vec<u8>>;

/// One protocol, for a middle.
#[derive(Debug)]
pub struct Dialect {
    /// Makes a splitter for a fresh connection.
    pub splitter: fn() -> Box<dyn Splitter>,
    /// Strips a capability list.
    pub without_capabilities: WithoutCapabilities,
    /// The words that offer the upgrade.
    pub starttls_words: &'static [&'static str],
    /// The tag of a client's message that asks for the upgrade; empty in a protocol without tags.
    pub starttls_tag: fn(&[u8]) -> Option<Vec<u8>>,
    /// Puts an answer together, from tag, kind and text.
    pub answer: fn(&[u8], Answer, &str) -> Vec<u8>,
}

/// Lines with their literals. The part before a synchronizing literal goes ahead alone, or the literal never comes.
#[derive(Debug, Default)]
pub struct Literals {
    client: Inbox,
    server: Inbox,
}

impl Splitter for Literals {
    fn push(&mut self, from: Side, octets: &[u8]) {
        match from {
            Side::Client => self.client.push(octets),
            Side::Server => self.server.push(octets),
        }
    }

    fn next(&mut self, from: Side) -> Option<Vec<u8>> {
        let inbox = match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        Some(match inbox.next_unit()? {
            Unit::Message(message) | Unit::TooBig(message) => message,
            Unit::Waiting if from == Side::Client => inbox.take_rest(),
            Unit::Waiting | Unit::Overlong => return None,
        })
    }

    fn reached_server(&mut self, _message: &[u8]) {}

    fn tls_began(&mut self) {
        *self = Self::default();
    }
}
