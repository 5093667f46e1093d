//! Who sends in POP3, where an answer has one line or ends with a lone dot.

use super::{Grammar, base64};
use crate::base::Side;
use crate::proto::pop3::grammar;
use crate::trace::{Status, Verb};
use std::collections::VecDeque;

/// How many unanswered commands are kept; the oldest is forgotten first.
const PENDING_LIMIT: usize = 256;

/// A command whose answer has not come.
#[derive(Debug)]
struct Pending {
    multi_line: bool,
    quits: bool,
}

/// Who sends, told from what was sent before.
#[derive(Debug, Default)]
pub(super) struct Pop3 {
    pending: VecDeque<Pending>,
    /// The lines of an answer are coming.
    body: bool,
    /// An AUTH has no final answer, and whether it waits for the client.
    exchange: Option<bool>,
    /// A QUIT was answered.
    over: bool,
}

impl Grammar for Pop3 {
    fn side(&mut self, line: &[u8]) -> Option<Side> {
        if self.body {
            self.body = line != b".";
            return Some(Side::Server);
        }
        if let Some((status, _)) = grammar::status(line) {
            let answered = self.pending.pop_front();
            self.body = status == Status::Ok && answered.as_ref().is_some_and(|command| command.multi_line);
            self.over = answered.is_some_and(|command| command.quits);
            self.exchange = None;
            return Some(Side::Server);
        }
        if grammar::continuation(line).is_some() {
            self.exchange = self.exchange.map(|_| true);
            return Some(Side::Server);
        }
        match self.exchange {
            Some(_) if line == b"*" => {
                self.exchange = None;
                return Some(Side::Client);
            }
            Some(true) => {
                self.exchange = Some(false);
                return Some(Side::Client);
            }
            Some(false) if base64(line) && !is_command(line) => return Some(Side::Client),
            _ => {}
        }
        if !is_command(line) && !is_extension(line) {
            return None;
        }
        let (keyword, arguments) = grammar::command(line);
        let verb = grammar::command_name(keyword, arguments).map(|(verb, _)| verb);
        self.exchange = (verb == Some(Verb::Authenticate)).then_some(false);
        if self.pending.len() >= PENDING_LIMIT {
            self.pending.pop_front();
        }
        self.pending
            .push_back(Pending { multi_line: grammar::multi_line(line), quits: verb == Some(Verb::Logout) });
        Some(Side::Client)
    }

    fn inside(&self) -> bool {
        self.body
    }

    fn waits(&self) -> bool {
        self.exchange == Some(true)
    }

    /// A positive line behind an answered QUIT greets another connection.
    fn begins_again(&self, line: &[u8]) -> bool {
        self.over && self.pending.is_empty() && matches!(grammar::status(line), Some((Status::Ok, _)))
    }

    fn begins_line(&self, head: &[u8]) -> bool {
        !self.body && (grammar::status(head).is_some() || is_command(head))
    }

    fn tls_began(&mut self) {
        *self = Self::default();
    }
}

/// A command with arguments of its form; in capitals it may have any, so that a sentence (`List of things`) is none.
pub(super) fn is_command(line: &[u8]) -> bool {
    let (keyword, arguments) = grammar::command(line);
    if grammar::command_name(keyword, arguments).is_none() {
        return false;
    }
    if keyword.iter().all(u8::is_ascii_uppercase) {
        return true;
    }
    let words = arguments.split(|&o| o == b' ').filter(|word| !word.is_empty());
    let numbers = words.clone().all(|word| word.iter().all(u8::is_ascii_digit));
    let count = words.count();
    match keyword.to_ascii_uppercase().as_slice() {
        b"PASS" => count > 0,
        b"USER" => count == 1,
        b"APOP" => count == 2,
        b"AUTH" => count <= 2,
        b"LIST" | b"UIDL" => count <= 1 && numbers,
        b"RETR" | b"DELE" => count == 1 && numbers,
        b"TOP" => count == 2 && numbers,
        _ => count == 0,
    }
}

/// The keyword of an extension: three or four letters (RFC 2449 section 4).
fn is_extension(line: &[u8]) -> bool {
    let (keyword, _) = grammar::command(line);
    matches!(keyword.len(), 3 | 4) && keyword.iter().all(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(lines: &[&str]) -> String {
        let mut grammar = Pop3::default();
        let letter = |side| match side {
            Some(Side::Client) => 'C',
            Some(Side::Server) => 'S',
            None => '?',
        };
        lines.iter().map(|line| letter(grammar.side(line.as_bytes()))).collect()
    }

    #[test]
    fn who_sends_follows_from_what_was_asked() {
        assert_eq!(sides(&["+OK hi", "CAPA", "+OK", "USER", "TOP", ".", "STLS", "+OK go"]), "SCSSSSCS");
        assert_eq!(sides(&["+OK hi", "LIST", "LIST 1", "+OK", "1 2", ".", "+OK 1 2", "quit"]), "SCCSSSSC");
        assert_eq!(
            sides(&["RETR 1", "-ERR no", "RETR 2", "+OK", "QUIT", "..", "", ".", "QUIT"]),
            "CSCSSSSSC"
        );
    }

    #[test]
    fn answers_to_challenges_are_the_clients_whatever_they_say() {
        assert_eq!(sides(&["AUTH LOGIN", "+ VXNlcg==", "QUIT", "+ UGFz", "eA==", "+OK", "eA=="]), "CSCSCS?");
        assert_eq!(sides(&["AUTH PLAIN", "+ ", "", "-ERR", "AUTH X", "*", "-ERR", "*"]), "CSCSCCS?");
        assert_eq!(sides(&["AUTH PLAIN", "AHRpbQB0YW5z", "+OK", "AHRpbQB0YW5z"]), "CCS?");
    }

    #[test]
    fn sentences_are_nobodys() {
        for line in ["List of things", "User manual, second edition", "top of the page", "Hello", "Note this"]
        {
            assert_eq!(sides(&["+OK hi", line]), "S?", "{line}");
        }
        assert_eq!(sides(&["+OK hi", "XTND XMIT", "pass two words", "capa"]), "SCCC");
    }
}
