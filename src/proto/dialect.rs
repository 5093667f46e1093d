//! What somebody in the middle has to know of a protocol to change it: where the words stand, how answers look.

use crate::base::{Protocol, Side};
use crate::trace::Verb;
use crate::wire::{Inbox, Unit};

/// An answer that a middle can make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Ok,
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

/// A client's command, as a middle reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its tag; empty in a protocol without tags.
    pub tag: Vec<u8>,
    /// What it means.
    pub verb: Verb,
    /// Its upper-case name; AUTHENTICATE and AUTH with their mechanism.
    pub name: String,
}

/// One protocol, for a middle.
#[derive(Debug)]
pub struct Dialect {
    /// Which one.
    pub protocol: Protocol,
    /// The ports it listens on: clear text first, TLS from the first octet second.
    pub ports: &'static [u16],
    /// Its name in a handshake (ALPN, RFC 7301); nobody has registered one for ACAP.
    pub application: Option<&'static str>,
    /// Makes a splitter for a fresh connection.
    pub splitter: fn() -> Box<dyn Splitter>,
    /// Strips a capability list.
    pub without_capabilities: WithoutCapabilities,
    /// The words that offer the upgrade.
    pub starttls_words: &'static [&'static str],
    /// The items of the list that a server's message carries, as they are written; `None` if it carries none.
    pub items: fn(&[u8]) -> Option<Vec<String>>,
    /// Puts items behind the others of the list that a server's message carries: `AUTH=PLAIN`, in POP3 and ACAP
    /// `SASL PLAIN`. `None` if it carries none.
    pub with_items: fn(&[u8], &[&str]) -> Option<Vec<u8>>,
    /// Reads a client's message as a command.
    pub command: fn(&[u8]) -> Option<Asked>,
    /// Puts an answer together, from tag, kind and text.
    pub answer: fn(&[u8], Answer, &str) -> Vec<u8>,
}

impl Dialect {
    /// The port where TLS comes first, or the one that starts in the clear; ACAP has the latter only.
    #[must_use]
    pub fn port(&self, tls_first: bool) -> Option<u16> {
        self.ports.get(usize::from(tls_first)).copied()
    }

    /// A client's request for the upgrade, with a tag where the protocol has them.
    #[must_use]
    pub fn starttls(&self, tag: &str) -> Vec<u8> {
        match self.protocol {
            Protocol::Pop3 => b"STLS\r\n".to_vec(),
            Protocol::Imap | Protocol::Acap => format!("{tag} STARTTLS\r\n").into_bytes(),
        }
    }

    /// The tag of a client's message that means something; empty in a protocol without tags.
    #[must_use]
    pub fn tag_of(&self, verb: Verb, message: &[u8]) -> Option<Vec<u8>> {
        (self.command)(message).filter(|asked| asked.verb == verb).map(|asked| asked.tag)
    }

    /// The tag of a client's message that asks for the upgrade; empty in a protocol without tags.
    #[must_use]
    pub fn starttls_tag(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.tag_of(Verb::StartTls, message)
    }
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
