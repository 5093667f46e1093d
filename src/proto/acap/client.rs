//! ACAP's words for a client.

use super::grammar::{self, Token};
use crate::proto::Account;
use crate::proto::client::{Heard, Tongue, Way};
use crate::trace::{Capabilities, GreetingStatus, Status};
use crate::wire::{Inbox, Unit};
use std::collections::VecDeque;

/// The commands after the login.
const WORK: &[&str] = &["SEARCH \"/addressbook/user/tim/\" RETURN (\"addressbook.Comment\") ALL", "NOOP"];

/// More answers to commands that were never sent are not remembered.
const EARLY_LIMIT: usize = 16;

/// The words.
#[derive(Debug, Default)]
pub struct AcapTongue {
    inbox: Inbox,
    tags: u32,
    awaited: String,
    greeted: bool,
    heard: VecDeque<Heard>,
    /// The message that was read last.
    line: Vec<u8>,
    /// Tags that were answered with success before they were used.
    early: Vec<Vec<u8>>,
}

impl AcapTongue {
    fn tag(&mut self) -> String {
        self.tags = self.tags.saturating_add(1);
        format!("a{}", self.tags)
    }

    fn command(&mut self, text: &str) -> Vec<u8> {
        self.awaited = self.tag();
        format!("{} {text}\r\n", self.awaited).into_bytes()
    }

    fn message(&mut self, octets: &[u8]) {
        self.line = crate::wire::text(octets).to_vec();
        let first = !std::mem::replace(&mut self.greeted, true);
        if let Some(items) = grammar::greeting_items(octets) {
            let list = Capabilities::new(items.iter().map(|(_, text)| text.as_bytes()));
            self.heard.push_back(Heard::Capabilities(list));
            self.heard.push_back(Heard::Greeting(GreetingStatus::Ok));
            return;
        }
        let tokens = grammar::tokens(octets).unwrap_or_default();
        let text = |range: &std::ops::Range<usize>| octets.get(range.clone()).unwrap_or_default();
        match tokens.as_slice() {
            [Token::Word(plus), rest @ ..] if text(plus) == b"+" => {
                let challenge = match rest {
                    [Token::String(challenge), ..] => grammar::content(octets, challenge),
                    _ => Vec::new(),
                };
                self.heard.push_back(Heard::Continue(challenge));
            }
            [Token::Word(star), Token::Word(word), ..] if text(star) == b"*" => {
                let alert = text(word).eq_ignore_ascii_case(b"ALERT");
                match grammar::status(text(word)) {
                    Some(Status::Bye) => {
                        self.heard.push_back(Heard::Trouble);
                        self.heard.push_back(Heard::Greeting(GreetingStatus::Bye));
                    }
                    _ if alert => self.heard.push_back(Heard::Alert),
                    _ if first => self.heard.push_back(Heard::Greeting(GreetingStatus::Other)),
                    Some(Status::No | Status::Bad) => self.heard.push_back(Heard::Trouble),
                    Some(_) => self.heard.push_back(Heard::Other),
                    None => self.heard.push_back(Heard::Data),
                }
            }
            _ if first => self.heard.push_back(Heard::Greeting(GreetingStatus::Other)),
            [Token::Word(tag), Token::Word(word), ..] => match grammar::status(text(word)) {
                Some(status) if text(tag) == self.awaited.as_bytes() => {
                    if status != Status::Ok {
                        self.heard.push_back(Heard::Trouble);
                    }
                    self.heard.push_back(Heard::Answer(status));
                }
                Some(Status::Ok) if self.early.len() < EARLY_LIMIT => self.early.push(text(tag).to_vec()),
                Some(_) => self.heard.push_back(Heard::Other),
                None => self.heard.push_back(Heard::Data),
            },
            _ => self.heard.push_back(Heard::Nonsense),
        }
    }
}

impl Tongue for AcapTongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.command("STARTTLS")
    }

    fn may_log_in(&self, _list: Option<&Capabilities>) -> Option<bool> {
        None
    }

    fn initial_response(&self, _list: Option<&Capabilities>) -> bool {
        true
    }

    fn log_in(&mut self, way: Way<'_>, _account: &Account) -> Vec<u8> {
        match way {
            // A message may hold NULs, which a quoted string cannot, so that it is a literal (RFC 2595 section 6).
            Way::Sasl { mechanism, initial: Some(initial) } => {
                self.awaited = self.tag();
                let head =
                    format!("{} AUTHENTICATE \"{mechanism}\" {{{}+}}\r\n", self.awaited, initial.len());
                [head.as_bytes(), initial, b"\r\n"].concat()
            }
            Way::Sasl { mechanism, initial: None } => self.command(&format!("AUTHENTICATE \"{mechanism}\"")),
            // ACAP has no password command; the client core never asks for one.
            Way::Command => self.command("NOOP"),
        }
    }

    fn log_in_further(&mut self, _account: &Account) -> Option<Vec<u8>> {
        None
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        match message {
            Some(message) => [format!("{{{}+}}\r\n", message.len()).as_bytes(), message, b"\r\n"].concat(),
            None => b"*\r\n".to_vec(),
        }
    }

    fn work(&mut self, step: usize) -> Option<Vec<u8>> {
        WORK.get(step).map(|text| self.command(text))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.command("LOGOUT")
    }

    fn aside(&mut self) -> Vec<u8> {
        format!("{} NOOP\r\n", self.tag()).into_bytes()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        let message = crate::sasl::plain::encode("", &account.user, &account.password);
        let awaited = std::mem::take(&mut self.awaited);
        let octets = self.log_in(Way::Sasl { mechanism: "PLAIN", initial: Some(&message) }, account);
        self.awaited = awaited;
        octets
    }

    fn answered_early(&mut self) -> bool {
        self.early.iter().any(|tag| tag == self.awaited.as_bytes())
    }

    fn line(&self) -> &[u8] {
        &self.line
    }

    fn unread(&self) -> usize {
        self.inbox.unread()
    }

    fn push(&mut self, octets: &[u8]) {
        self.inbox.push(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return Some(heard);
            }
            match self.inbox.next_unit()? {
                Unit::Message(message) => self.message(&message),
                Unit::Overlong => self.heard.push_back(Heard::Nonsense),
                Unit::Waiting => {}
            }
        }
    }

    fn forget_input(&mut self) {
        self.inbox.clear();
        self.heard.clear();
        self.early.clear();
    }

    fn start_again(&mut self) {
        self.forget_input();
        self.greeted = false;
    }
}
