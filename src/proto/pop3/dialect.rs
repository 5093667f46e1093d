//! POP3 for somebody in the middle.

use super::grammar;
use crate::base::{Protocol, Side};
use crate::proto::{Answer, Asked, Dialect, Splitter};
use crate::trace::Status;
use crate::wire;
use std::collections::VecDeque;

/// POP3's dialect.
pub(super) static DIALECT: Dialect = Dialect {
    protocol: Protocol::Pop3,
    ports: &[110, 995],
    application: Some("pop3"),
    splitter,
    without_capabilities,
    items,
    with_items,
    starttls_words: &["STLS"],
    command,
    answer,
};

fn splitter() -> Box<dyn Splitter> {
    Box::new(Answers::default())
}

/// Lines of the client, and answers of the server with all their lines.
#[derive(Debug, Default)]
struct Answers {
    client: Vec<u8>,
    server: Vec<u8>,
    /// For each command whose answer has not come: whether a positive one has several lines, and whether it opened an
    /// exchange.
    pending: VecDeque<(bool, bool)>,
    greeted: bool,
    in_exchange: bool,
}

impl Splitter for Answers {
    fn push(&mut self, from: Side, octets: &[u8]) {
        match from {
            Side::Client => self.client.extend_from_slice(octets),
            Side::Server => self.server.extend_from_slice(octets),
        }
    }

    fn next(&mut self, from: Side) -> Option<Vec<u8>> {
        match from {
            Side::Client => {
                let end = wire::line(&self.client, 0, 0)?.end();
                let rest = self.client.split_off(end);
                Some(std::mem::replace(&mut self.client, rest))
            }
            Side::Server => {
                let first = wire::line(&self.server, 0, 0)?;
                let status = grammar::status(self.server.get(first.text.clone())?);
                let several = self.greeted
                    && self.pending.front().is_some_and(|(several, _)| *several)
                    && status.is_some_and(|(status, _)| status == Status::Ok);
                let mut end = first.end();
                if several {
                    loop {
                        let line = wire::line(&self.server, end, 0)?;
                        end = line.end();
                        if self.server.get(line.text) == Some(b".") {
                            break;
                        }
                    }
                }
                if status.is_some() {
                    // Only the answer to AUTH ends an exchange, not one to a command before it.
                    if self.greeted && self.pending.pop_front().is_some_and(|(_, exchange)| exchange) {
                        self.in_exchange = false;
                    }
                    self.greeted = true;
                }
                let rest = self.server.split_off(end);
                Some(std::mem::replace(&mut self.server, rest))
            }
        }
    }

    fn reached_server(&mut self, message: &[u8]) {
        if !self.in_exchange {
            let text = wire::text(message);
            let (keyword, arguments) = grammar::command(text);
            self.in_exchange = keyword.eq_ignore_ascii_case(b"AUTH") && !arguments.is_empty();
            self.pending.push_back((grammar::multi_line(text), self.in_exchange));
        }
    }

    fn tls_began(&mut self) {
        *self = Self { greeted: self.greeted, ..Self::default() };
    }
}

/// A capability is a line of an answer to CAPA; nothing else has lines that begin with such a word.
fn without_capabilities(message: &[u8], drop: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut lines = message.split_inclusive(|&o| o == b'\n');
    let mut kept = lines.next()?.to_vec();
    for line in lines {
        let (keyword, _) = grammar::command(wire::text(line));
        // The dot that ends the answer is no capability.
        if keyword == b"." || !drop(&String::from_utf8_lossy(keyword).to_uppercase()) {
            kept.extend_from_slice(line);
        }
    }
    (kept.len() < message.len()).then_some(kept)
}

fn items(message: &[u8]) -> Option<Vec<String>> {
    let mut lines = message.split_inclusive(|&o| o == b'\n').map(wire::text);
    let first = lines.next()?;
    let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let (last, items) = lines.split_last()?;
    // Other answers with several lines carry mail or numbers, which no capability begins with.
    let listed = |item: &String| item.starts_with(|c: char| c.is_ascii_uppercase()) && !item.contains(':');
    (grammar::status(first)?.0 == Status::Ok && last == "." && items.iter().all(listed))
        .then(|| items.to_vec())
}

fn with_items(message: &[u8], new: &[&str]) -> Option<Vec<u8>> {
    items(message)?;
    let mut with = message.strip_suffix(b".\r\n")?.to_vec();
    for item in new {
        with.extend_from_slice(item.as_bytes());
        with.extend_from_slice(b"\r\n");
    }
    with.extend_from_slice(b".\r\n");
    Some(with)
}

fn command(message: &[u8]) -> Option<Asked> {
    let (keyword, arguments) = grammar::command(wire::text(message));
    let (verb, name) = grammar::command_name(keyword, arguments)?;
    Some(Asked { tag: Vec::new(), verb, name: name.into_owned() })
}

fn answer(_tag: &[u8], answer: Answer, text: &str) -> Vec<u8> {
    let word = if answer == Answer::Ok { "+OK" } else { "-ERR" };
    format!("{word} {text}\r\n").into_bytes()
}
