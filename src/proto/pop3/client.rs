//! POP3's words for a client.

use super::grammar;
use crate::proto::client::{Heard, Tongue, Way};
use crate::proto::{Account, exchange, initial_base64, line_base64};
use crate::trace::{Capabilities, GreetingStatus, Status};
use crate::wire;
use std::collections::VecDeque;

/// The commands after the login.
const WORK: &[&str] = &["STAT", "RETR 1", "NOOP"];

/// An answer of more octets than this is not waited for any longer.
const ANSWER_LIMIT: usize = 64 << 10;

/// The words.
#[derive(Debug, Default)]
pub struct Pop3Tongue {
    octets: Vec<u8>,
    /// The last command, whose answer is awaited.
    command: Vec<u8>,
    greeted: bool,
    user_sent: bool,
    heard: VecDeque<Heard>,
    /// The status line that was read last.
    line: Vec<u8>,
}

impl Pop3Tongue {
    fn command(&mut self, text: &str) -> Vec<u8> {
        self.command = text.as_bytes().to_vec();
        format!("{text}\r\n").into_bytes()
    }

    /// Takes one answer off the buffer.
    fn answer(&mut self) -> Option<()> {
        let first = wire::line(&self.octets, 0, 0)?;
        let line = self.octets.get(first.text.clone())?.to_vec();
        let status = grammar::status(&line);
        let several =
            self.greeted && grammar::multi_line(&self.command) && matches!(status, Some((Status::Ok, _)));
        let mut end = first.end();
        let mut body = Vec::new();
        if several {
            loop {
                let line = wire::line(&self.octets, end, 0)?;
                end = line.end();
                let text = self.octets.get(line.text)?;
                if text == b"." {
                    break;
                }
                body.push(grammar::unstuffed(text).to_vec());
            }
        }
        self.octets.drain(..end);
        if matches!(status, Some((Status::Err, _))) {
            // RFC 3206: trouble that the user should hear of.
            let code = grammar::code(&line).and_then(|code| line.get(code));
            let alert =
                code.is_some_and(|code| code.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"SYS/")));
            self.heard.push_back(if alert { Heard::Alert } else { Heard::Trouble });
        }
        self.line.clone_from(&line);
        match status {
            Some((status, _)) if !self.greeted => {
                self.greeted = true;
                let greeting = if status == Status::Ok { GreetingStatus::Ok } else { GreetingStatus::Other };
                self.heard.push_back(Heard::Greeting(greeting));
            }
            Some((status, _)) => {
                if self.command.eq_ignore_ascii_case(b"CAPA") && status == Status::Ok {
                    let list = Capabilities::new(body.iter().map(Vec::as_slice));
                    self.heard.push_back(Heard::Capabilities(list));
                }
                self.heard.push_back(Heard::Answer(status));
            }
            None => match grammar::continuation(&line) {
                Some(challenge) => {
                    let challenge = exchange::base64(challenge).unwrap_or_default();
                    self.heard.push_back(Heard::Continue(challenge));
                }
                None if !self.greeted => {
                    self.greeted = true;
                    self.heard.push_back(Heard::Greeting(GreetingStatus::Other));
                }
                None => self.heard.push_back(Heard::Nonsense),
            },
        }
        Some(())
    }
}

impl Tongue for Pop3Tongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        Some(self.command("CAPA"))
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.command("STLS")
    }

    fn may_log_in(&self, _list: Option<&Capabilities>) -> Option<bool> {
        Some(true)
    }

    /// RFC 5034 section 4: where the SASL capability is listed; the line limit is looked at when it is written.
    fn initial_response(&self, list: Option<&Capabilities>) -> bool {
        list.is_some_and(|list| list.mechanisms().next().is_some())
    }

    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8> {
        self.user_sent = way == Way::Command;
        match way {
            Way::Command => self.command(&format!("USER {}", account.user)),
            Way::Sasl { mechanism, initial } => {
                let whole = initial.map(|initial| format!("AUTH {mechanism} {}", initial_base64(initial)));
                // RFC 5034 section 4: a message that does not fit the line waits to be asked for.
                let fits = whole.filter(|line| line.len().saturating_add(2) <= grammar::COMMAND_LIMIT);
                self.command(&fits.unwrap_or_else(|| format!("AUTH {mechanism}")))
            }
        }
    }

    fn log_in_further(&mut self, account: &Account) -> Option<Vec<u8>> {
        std::mem::take(&mut self.user_sent).then(|| {
            self.command = b"PASS".to_vec();
            [b"PASS ", account.password.reveal(), b"\r\n"].concat()
        })
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        line_base64(message)
    }

    fn work(&mut self, step: usize) -> Option<Vec<u8>> {
        WORK.get(step).map(|text| self.command(text))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.command("QUIT")
    }

    fn aside(&mut self) -> Vec<u8> {
        b"CAPA\r\n".to_vec()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        [format!("USER {}\r\nPASS ", account.user).as_bytes(), account.password.reveal(), b"\r\n"].concat()
    }

    fn line(&self) -> &[u8] {
        &self.line
    }

    fn unread(&self) -> usize {
        self.octets.len()
    }

    fn push(&mut self, octets: &[u8]) {
        self.octets.extend_from_slice(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        if self.heard.is_empty() {
            let found = self.answer();
            if found.is_none() && self.octets.len() > ANSWER_LIMIT {
                self.octets.clear();
                self.heard.push_back(Heard::Nonsense);
            }
        }
        self.heard.pop_front()
    }

    fn forget_input(&mut self) {
        self.octets.clear();
        self.heard.clear();
    }

    fn start_again(&mut self) {
        *self = Self::default();
    }
}
