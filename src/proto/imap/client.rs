//! IMAP's words for a client.

use super::grammar::{self, Response};
use crate::proto::client::{Heard, Tongue, Way};
use crate::proto::tagged::Tagged;
use crate::proto::{Account, exchange, initial_base64, line_base64, quoted};
use crate::trace::{Capabilities, GreetingStatus, Status};
use crate::wire;

/// The commands after the login.
const WORK: &[&str] = &["SELECT INBOX", "FETCH 1 BODY[]", "NOOP"];

/// The words.
#[derive(Debug, Default)]
pub struct ImapTongue {
    tagged: Tagged,
    greeted: bool,
}

impl ImapTongue {
    fn message(&mut self, octets: &[u8]) {
        if octets.is_empty() {
            self.tagged.say([Heard::Nonsense]);
            return;
        }
        let line = wire::text(octets.split_inclusive(|&o| o == b'\n').next().unwrap_or_default());
        if line.ends_with(b"}") && memchr::memmem::find(line, b"{-").is_some() {
            self.tagged.say([Heard::Nonsense]);
        }
        match grammar::response(line) {
            Some(Response::Continue) => {
                let challenge = exchange::base64(line.get(2..).unwrap_or_default());
                self.tagged.say([Heard::Continue(challenge.unwrap_or_default())]);
            }
            Some(Response::Untagged(rest)) => {
                let rest = line.get(rest).unwrap_or_default();
                let status = grammar::status(rest);
                self.learn(rest, status.map(|(_, behind)| behind));
                self.notice(rest, status);
                if !self.greeted {
                    self.greeted = true;
                    self.tagged.say([Heard::Greeting(match status {
                        Some((Status::Ok, _)) => GreetingStatus::Ok,
                        Some((Status::Preauth, _)) => GreetingStatus::Preauth,
                        Some((Status::Bye, _)) => GreetingStatus::Bye,
                        _ => GreetingStatus::Other,
                    })]);
                }
            }
            Some(Response::Tagged(tag, rest)) if self.greeted => {
                let rest = line.get(rest).unwrap_or_default();
                let tag = line.get(tag).unwrap_or_default();
                match grammar::status(rest) {
                    Some((status, behind)) if self.tagged.awaits(tag) => {
                        self.learn(rest, Some(behind));
                        self.notice(rest, Some((status, behind)));
                        self.tagged.say([Heard::Answer(status)]);
                    }
                    Some((Status::Ok, _)) => self.tagged.answer_early(tag),
                    _ => {}
                }
            }
            _ if !self.greeted => {
                self.greeted = true;
                self.tagged.say([Heard::Greeting(GreetingStatus::Other)]);
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
            None if grammar::capability_items(rest).is_none() => self.tagged.say([Heard::Data]),
            _ if code.is_some_and(|code| code.eq_ignore_ascii_case(b"ALERT")) => {
                self.tagged.say([Heard::Alert]);
            }
            Some((Status::No | Status::Bad | Status::Bye, _)) => self.tagged.say([Heard::Trouble]),
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
        self.tagged.say(list.map(Heard::Capabilities));
    }
}

impl Tongue for ImapTongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        Some(self.tagged.command("CAPABILITY"))
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.tagged.command("STARTTLS")
    }

    fn may_log_in(&self, list: Option<&Capabilities>) -> Option<bool> {
        Some(!list.is_some_and(Capabilities::login_disabled))
    }

    fn initial_response(&self, list: Option<&Capabilities>) -> bool {
        list.is_some_and(|list| list.has("SASL-IR"))
    }

    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8> {
        match way {
            // IMAP has no digest of its own; the client core never asks for one.
            Way::Command | Way::Digest => login(self.tagged.await_new(), account),
            Way::Sasl { mechanism, initial: Some(initial) } => {
                self.tagged.command(&format!("AUTHENTICATE {mechanism} {}", initial_base64(initial)))
            }
            Way::Sasl { mechanism, initial: None } => {
                self.tagged.command(&format!("AUTHENTICATE {mechanism}"))
            }
        }
    }

    fn log_in_further(&mut self, _account: &Account) -> Option<Vec<u8>> {
        None
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        line_base64(message)
    }

    fn work(&mut self, step: usize, _list: Option<&Capabilities>) -> Option<Vec<u8>> {
        WORK.get(step).map(|text| self.tagged.command(text))
    }

    fn named(&mut self, word: &str) -> Option<Vec<u8>> {
        let text = match word {
            "capability" => "CAPABILITY",
            "close" => "CLOSE",
            "compress" => "COMPRESS DEFLATE",
            "examine" => "EXAMINE INBOX",
            "fetch" => "FETCH 1 BODY[]",
            "id" => "ID NIL",
            "list" => "LIST \"\" \"*\"",
            "lsub" => "LSUB \"\" \"*\"",
            "namespace" => "NAMESPACE",
            "noop" => "NOOP",
            "search" => "SEARCH UNSEEN",
            "select" => "SELECT INBOX",
            "status" => "STATUS INBOX (MESSAGES)",
            "uid-fetch" => "UID FETCH 1:* FLAGS",
            "uid-search" => "UID SEARCH ALL",
            "unselect" => "UNSELECT",
            _ => return None,
        };
        Some(self.tagged.command(text))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.tagged.command("LOGOUT")
    }

    fn aside(&mut self) -> Vec<u8> {
        format!("{} CAPABILITY\r\n", self.tagged.tag()).into_bytes()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        login(&self.tagged.tag(), account)
    }

    fn answered_early(&mut self) -> bool {
        self.tagged.answered_early()
    }

    fn line(&self) -> &[u8] {
        self.tagged.line()
    }

    fn unread(&self) -> usize {
        self.tagged.unread()
    }

    fn push(&mut self, octets: &[u8]) {
        self.tagged.push(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.tagged.heard() {
                return Some(heard);
            }
            let message = self.tagged.message()?;
            self.message(&message);
        }
    }

    fn forget_input(&mut self) {
        self.tagged.forget();
    }

    fn start_again(&mut self) {
        self.forget_input();
        self.greeted = false;
    }
}

/// LOGIN with name and password.
fn login(tag: &str, account: &Account) -> Vec<u8> {
    let user = astring(account.user.as_bytes());
    let password = astring(account.password.reveal());
    [tag.as_bytes(), b" LOGIN ", &user, b" ", &password, b"\r\n"].concat()
}

/// A string in its shortest form: an atom, or quoted.
fn astring(octets: &[u8]) -> Vec<u8> {
    if !octets.is_empty() && octets.iter().all(|&o| grammar::is_astring_char(o)) {
        return octets.to_vec();
    }
    quoted(octets)
}
