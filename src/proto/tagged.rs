//! What the tongues of IMAP and ACAP share: tags, and messages of lines and literals that are heard one by one.

use super::client::Heard;
use crate::wire::{Inbox, Unit};
use std::collections::VecDeque;

/// Tags given out, octets that came, and what they said.
#[derive(Debug, Default)]
pub struct Tagged {
    inbox: Inbox,
    tags: u32,
    awaited: String,
    heard: VecDeque<Heard>,
}

impl Tagged {
    /// A tag that was not used yet.
    pub fn tag(&mut self) -> String {
        self.tags = self.tags.saturating_add(1);
        format!("a{}", self.tags)
    }

    /// A tag whose answer is awaited from now on.
    pub fn await_new(&mut self) -> &str {
        self.awaited = self.tag();
        &self.awaited
    }

    /// A command line, whose answer is awaited from now on.
    pub fn command(&mut self, text: &str) -> Vec<u8> {
        format!("{} {text}\r\n", self.await_new()).into_bytes()
    }

    /// Whether an answer with this tag is the awaited one.
    #[must_use]
    pub fn awaits(&self, tag: &[u8]) -> bool {
        tag == self.awaited.as_bytes()
    }

    /// Takes octets in.
    pub fn push(&mut self, octets: &[u8]) {
        self.inbox.push(octets);
    }

    /// Adds to what was heard.
    pub fn say(&mut self, heard: impl IntoIterator<Item = Heard>) {
        self.heard.extend(heard);
    }

    /// What was heard and not taken yet.
    pub fn heard(&mut self) -> Option<Heard> {
        self.heard.pop_front()
    }

    /// The next whole message.
    pub fn message(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Unit::Message(message) = self.inbox.next_unit()? {
                return Some(message);
            }
        }
    }

    /// Throws away what was not used.
    pub fn forget(&mut self) {
        self.inbox.clear();
        self.heard.clear();
    }
}
