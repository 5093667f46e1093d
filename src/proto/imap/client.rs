//! IMAP's words for a client.

use super::grammar::{self, Response};
use crate::proto::client::{Heard, Tongue, Way};
use crate::proto::{Account, exchange, initial_base64, line_base64, quoted};
use crate::trace::{Capabilities, GreetingStatus, Status};
use crate::wire::{self, Inbox, Unit};
use std::collections::VecDeque;

/// The commands after the login.
const WORK: &[&str] = &["SELECT INBOX", "FETCH 1 BODY[]", "NOOP"];

/// More answers to commands that were never sent are not remembered.
const EARLY_LIMIT: usize = 16;

/// The words.
#[derive(Debug, Default)]
pub struct ImapTongue {
    inbox: Inbox,
    tags: u32,
    /// The tag whose answer is awaited.
    awaited: String,
    greeted: bool,
    heard: VecDeque<Heard>,
    /// The line that was read last.
    line: Vec<u8>,
    /// Tags that were answered with success before they were used.
    early: Vec<Vec<u8>>,
}

impl ImapTongue {
    fn tag(&mut self) -> String {
        self.tags = self.tags.saturating_add(1);
        format!("a{}", self.tags)
    }

    fn command(&mut self, text: &str) -> Vec<u8> {
        self.awaited = self.tag();
        format!("{} {text}\r\n", self.awaited).into_bytes()
    }

    fn message(&mut self, octets: &[u8]) {
        let line = wire::text(octets.split_inclusive(|&o| o == b'\n').next().unwrap_or_default());
        self.line = line.to_vec();
        if line.ends_with(b"}") && memchr::memmem::find(line, b"{-").is_some() {
            self.heard.push_back(Heard::Nonsense);
        }
        match grammar::response(line) {
            Some(Response::Continue) => {
                let challenge = exchange::base64(line.get(2..).unwrap_or_default());
                self.heard.push_back(Heard::Continue(challenge.unwrap_or_default()));
            }
            Some(Response::Untagged(rest)) => {
                let rest = line.get(rest).unwrap_or_default();
                let status = grammar::status(rest);
                self.learn(rest, status.map(|(_, behind)| behind));
                self.notice(rest, status);
                if !self.greeted {
                    self.greeted = true;
                    self.heard.push_back(Heard::Greeting(match status {
                        Some((Status::Ok, _)) => GreetingStatus::Ok,
                        Some((Status::Preauth, _)) => GreetingStatus::Preauth,
                        Some((Status::Bye, _)) => GreetingStatus::Bye,
                        _ => GreetingStatus::Other,
                    }));
                }
            }
            Some(Response::Tagged(tag, rest)) if self.greeted => {
                let rest = line.get(rest).unwrap_or_default();
                let tag = line.get(tag).unwrap_or_default();
                match grammar::status(rest) {
                    Some((status, behind)) if tag == self.awaited.as_bytes() => {
                        self.learn(rest, Some(behind));
                        self.notice(rest, Some((status, behind)));
                        self.heard.push_back(Heard::Answer(status));
                    }
                    Some((Status::Ok, _)) if self.early.len() < EARLY_LIMIT => self.early.push(tag.to_vec()),
                    _ => {}
                }
            }
            _ if !self.greeted => {
                self.greeted = true;
                self.heard.push_back(Heard::Greeting(GreetingStatus::Other));
            }
            _ => {}
        }
    }

    /// Data, alerts and refusals.
    fn notice(&mut self, rest: &[u8], status: Option<(Status, usize)>) {
        let code = status.and_then(|(_, behind)| {
            let rest = rest.get(behind..)?;
            rest.get(grammar::code(rest)?)
        });
        match status {
            None if grammar::capability_items(rest).is_none() => self.heard.push_back(Heard::Data),
            _ if code.is_some_and(|code| code.eq_ignore_ascii_case(b"ALERT")) => {
                self.heard.push_back(Heard::Alert);
            }
            Some((Status::No | Status::Bad | Status::Bye, _)) => self.heard.push_back(Heard::Trouble),
            _ => {}
        }
    }

    /// Takes in a capability list: an untagged response of its own, or a code behind a status word.
    fn learn(&mut self, rest: &[u8], behind_status: Option<usize>) {
        let list = match behind_status {
            None => grammar::capability_items(rest).map(Capabilities::new),
            Some(behind) => rest.get(behind..).and_then(|rest| {
                let code = grammar::code(rest)?;
                grammar::capability_items(rest.get(code)?).map(Capabilities::new)
            }),
        };
        self.heard.extend(list.map(Heard::Capabilities));
    }
}

impl Tongue for ImapTongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        Some(self.command("CAPABILITY"))
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.command("STARTTLS")
    }

    fn may_log_in(&self, list: Option<&Capabilities>) -> Option<bool> {
        Some(!list.is_some_and(Capabilities::login_disabled))
    }

    fn initial_response(&self, list: Option<&Capabilities>) -> bool {
        list.is_some_and(|list| list.has("SASL-IR"))
    }

    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8> {
        match way {
            Way::Command => {
                self.awaited = self.tag();
                let user = astring(account.user.as_bytes());
                let password = astring(account.password.reveal());
                [self.awaited.as_bytes(), b" LOGIN ", &user, b" ", &password, b"\r\n"].concat()
            }
            Way::Sasl { mechanism, initial: Some(initial) } => {
                self.command(&format!("AUTHENTICATE {mechanism} {}", initial_base64(initial)))
            }
            Way::Sasl { mechanism, initial: None } => self.command(&format!("AUTHENTICATE {mechanism}")),
        }
    }

    fn log_in_further(&mut self, _account: &Account) -> Option<Vec<u8>> {
        None
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        line_base64(message)
    }

    fn work(&mut self, step: usize) -> Option<Vec<u8>> {
        WORK.get(step).map(|text| self.command(text))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.command("LOGOUT")
    }

    fn aside(&mut self) -> Vec<u8> {
        format!("{} CAPABILITY\r\n", self.tag()).into_bytes()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        let awaited = std::mem::take(&mut self.awaited);
        let octets = self.log_in(Way::Command, account);
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

/// A string in its shortest form: an atom, or quoted.
fn astring(octets: &[u8]) -> Vec<u8> {
    if !octets.is_empty() && octets.iter().all(|&o| grammar::is_astring_char(o)) {
        return octets.to_vec();
    }
    quoted(octets)
}
