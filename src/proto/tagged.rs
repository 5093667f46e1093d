//! What the tongues of IMAP and ACAP share: tags, and messages of lines and literals that are heard one by one.

use super::client::Heard;
use crate::wire::{self, Inbox, Unit};
use std::collections::VecDeque;

/// Tags given out, octets that came, and what they said.
#[derive(Debug, Default)]
pub struct Tagged {
    inbox: Inbox,
    tags: u32,
    awaited: String,
    heard: VecDeque<Heard>,
    /// The line that was read last.
    line: Vec<u8>,
    /// Tags that were answered with success before they were used.
    early: Vec<Vec<u8>>,
}

/// More answers to commands that were never sent are not remembered.
const EARLY_LIMIT: usize = 16;

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
            match self.inbox.next_unit()? {
                Unit::Message(message) => {
                    let line = message.split_inclusive(|&o| o == b'\n').next().unwrap_or_default();
                    self.line = wire::text(line).to_vec();
                    return Some(message);
                }
                // An empty message is nothing that a protocol says.
                Unit::Overlong | Unit::TooBig(_) => return Some(Vec::new()),
                Unit::Waiting => {}
            }
        }
    }

    /// The first line of the message that was read last.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// How many octets were taken in and not used.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.inbox.unread()
    }

    /// A tag that nobody used yet was answered with success.
    pub fn answer_early(&mut self, tag: &[u8]) {
        if self.early.len() < EARLY_LIMIT {
            self.early.push(tag.to_vec());
        }
    }

    /// Whether the command that is awaited was answered before it was sent.
    #[must_use]
    pub fn answered_early(&self) -> bool {
        self.early.iter().any(|tag| self.awaits(tag))
    }

    /// Throws away what was not used.
    pub fn forget(&mut self) {
        self.inbox.clear();
        self.heard.clear();
        self.early.clear();
    }
}
