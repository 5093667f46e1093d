//! Who sends in IMAP and in ACAP, where commands and their answers have tags and literals.

use super::{Grammar, base64};
use crate::base::Side;
use crate::import::kit::{tagged_command, tagged_status};
use crate::proto::imap::grammar::{self, Response};
use crate::trace::{Status, Verb};
use crate::wire;

/// How many of the tags that were used are kept; the oldest is forgotten first.
const TAG_LIMIT: usize = 64;

/// Who sends, told from what was sent before.
#[derive(Debug, Default)]
pub(super) struct Tagged {
    /// ACAP: SASL messages are strings, and data carries its command's tag.
    acap: bool,
    /// Tags of the client's commands, the newest last.
    tags: Vec<Box<[u8]>>,
    /// The tag of an AUTHENTICATE that has no final answer, and whether it waits for the client.
    exchange: Option<(Box<[u8]>, bool)>,
    idle: bool,
    /// The side in the middle of a message, and how many octets of its literal are missing.
    open: Option<(Side, u64)>,
    /// A synchronizing literal of the client waits for its continuation; then so many octets.
    announced: Option<u64>,
    /// The tag of a LOGOUT, and whether it was answered.
    logout: Option<(Box<[u8]>, bool)>,
}

impl Grammar for Tagged {
    fn side(&mut self, line: &[u8]) -> Option<Side> {
        if let Some((side, missing)) = self.open.take() {
            self.within(side, missing, line);
            return Some(side);
        }
        let side = self.whose(line)?;
        match side {
            Side::Client => self.sent(line),
            Side::Server => self.received(line),
        }
        self.message_end(side, line);
        Some(side)
    }

    fn inside(&self) -> bool {
        self.open.is_some()
    }

    fn waits(&self) -> bool {
        self.exchange.as_ref().is_some_and(|(_, waits)| *waits)
    }

    /// A greeting behind an answered LOGOUT is that of another connection.
    fn begins_again(&self, line: &[u8]) -> bool {
        let greeting = if self.acap { line.starts_with(b"* ACAP") } else { greeting(line) };
        self.open.is_none() && self.logout.as_ref().is_some_and(|(_, answered)| *answered) && greeting
    }

    fn begins_line(&self, head: &[u8]) -> bool {
        super::known_data(head) || tagged_status(head) || tagged_command(head)
    }

    fn tls_began(&mut self) {
        self.exchange = None;
    }
}

impl Tagged {
    /// The grammar of ACAP.
    pub(super) fn acap() -> Self {
        Self { acap: true, ..Self::default() }
    }

    fn whose(&self, line: &[u8]) -> Option<Side> {
        let waits = self.exchange.as_ref().map(|(_, waits)| *waits);
        let one_word = !line.contains(&b' ');
        if self.acap && waits.is_some() && matches!(line.first(), Some(b'"' | b'{')) {
            return Some(Side::Client);
        }
        if self.acap && self.data(line) {
            return Some(Side::Server);
        }
        if waits.is_some() && line == b"*" {
            return Some(Side::Client);
        }
        if line.starts_with(b"* ") || line == b"+" || line.starts_with(b"+ ") || tagged_status(line) {
            return Some(Side::Server);
        }
        match waits {
            // An empty answer is one where the server has asked.
            Some(true) if one_word => return Some(Side::Client),
            Some(false) if one_word && base64(line) => return Some(Side::Client),
            _ => {}
        }
        if self.idle && line.eq_ignore_ascii_case(b"DONE") {
            return Some(Side::Client);
        }
        if (tagged_command(line) && plausible(line)) || self.like_before(line) {
            return Some(Side::Client);
        }
        None
    }

    /// ACAP: data behind the tag of a command that was sent.
    fn data(&self, line: &[u8]) -> bool {
        let mut words = line.split(|&o| o == b' ');
        let (tag, word) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let known: [&[u8]; 10] = [
            b"ADDTO",
            b"ALERT",
            b"CHANGE",
            b"DELETED",
            b"ENTRY",
            b"LANG",
            b"MODTIME",
            b"MYRIGHTS",
            b"QUOTA",
            b"REMOVEFROM",
        ];
        self.tags.iter().any(|sent| **sent == *tag) && known.contains(&word)
    }

    /// An unknown command behind a tag of the same make as one before.
    fn like_before(&self, line: &[u8]) -> bool {
        let Some((tag, word, _)) = grammar::command(line) else { return false };
        let (Some(tag), Some(word)) = (line.get(tag), line.get(word)) else { return false };
        word.iter().all(|&o| o.is_ascii_uppercase() || o.is_ascii_digit() || o == b'-')
            && tag.iter().any(u8::is_ascii_digit)
            && self.tags.last().is_some_and(|before| make(before) == make(tag))
    }

    fn sent(&mut self, line: &[u8]) {
        if let Some((_, waits)) = &mut self.exchange
            && (*waits || !tagged_command(line))
        {
            *waits = false;
            if line == b"*" {
                self.exchange = None;
            }
            return;
        }
        let Some((tag, word, rest)) = grammar::command(line) else {
            self.idle = false;
            return;
        };
        let tag: Box<[u8]> = line.get(tag).unwrap_or_default().into();
        let (verb, name) =
            grammar::command_name(line.get(word).unwrap_or_default(), line.get(rest).unwrap_or_default());
        self.exchange = (verb == Verb::Authenticate).then(|| (tag.clone(), false));
        self.idle = name == "IDLE";
        if verb == Verb::Logout {
            self.logout = Some((tag.clone(), false));
        }
        if self.tags.last() != Some(&tag) {
            if self.tags.len() >= TAG_LIMIT {
                self.tags.remove(0);
            }
            self.tags.push(tag);
        }
    }

    fn received(&mut self, line: &[u8]) {
        match grammar::response(line) {
            Some(Response::Continue) => {
                if let Some(octets) = self.announced.take() {
                    self.open = Some((Side::Client, octets));
                } else if let Some((_, waits)) = &mut self.exchange {
                    *waits = true;
                }
            }
            Some(Response::Tagged(tag, _)) => {
                self.announced = None;
                let tag = line.get(tag);
                if self.exchange.as_ref().is_some_and(|(open, _)| Some(&**open) == tag) {
                    self.exchange = None;
                }
                if let Some((logout, answered)) = &mut self.logout {
                    *answered |= Some(&**logout) == tag;
                }
            }
            Some(Response::Untagged(_)) | None => {}
        }
    }

    /// Looks for a literal at the end of a line.
    fn message_end(&mut self, side: Side, line: &[u8]) {
        let Some(literal) = wire::literal(line) else { return };
        if side == Side::Client && literal.synchronizing {
            self.announced = Some(literal.octets);
        } else {
            self.open = Some((side, literal.octets));
        }
    }

    /// A line of which at least the first octets belong to a literal.
    fn within(&mut self, side: Side, missing: u64, line: &[u8]) {
        let length = line.len() as u64;
        let with_ending = length.saturating_add(2);
        if missing >= with_ending {
            self.open = Some((side, missing.saturating_sub(with_ending)));
        } else if missing <= length {
            let behind = line.get(usize::try_from(missing).unwrap_or(usize::MAX)..).unwrap_or_default();
            self.message_end(side, behind);
        }
    }
}

fn greeting(line: &[u8]) -> bool {
    let status = line.strip_prefix(b"* ").and_then(grammar::status).map(|(status, _)| status);
    matches!(status, Some(Status::Ok | Status::Preauth))
}

/// Whether a line that has the form of a command is more than a sentence (`We select one`): a tag that is a word is
/// short or stands before a command in capitals.
fn plausible(line: &[u8]) -> bool {
    let Some((tag, word, rest)) = grammar::command(line) else { return false };
    let (Some(tag), Some(word)) = (line.get(tag), line.get(word)) else { return false };
    let arguments = line.get(rest).unwrap_or_default();
    let letters = tag.iter().all(u8::is_ascii_alphabetic);
    let capitals = word.iter().all(|o| !o.is_ascii_lowercase());
    let (verb, _) = grammar::command_name(word, arguments);
    let alone = matches!(verb, Verb::Capability | Verb::StartTls | Verb::Logout);
    let sentence = line.last().is_some_and(|&o| o == b'.') || (alone && arguments.contains(&b' '));
    capitals || !letters || (tag.len() <= 4 && !sentence)
}

/// A tag with each run of digits as one: `A001` and `A2` are of one make.
fn make(tag: &[u8]) -> Vec<u8> {
    let mut make = Vec::with_capacity(tag.len());
    for &o in tag {
        let o = if o.is_ascii_digit() { b'0' } else { o };
        if o != b'0' || make.last() != Some(&b'0') {
            make.push(o);
        }
    }
    make
}
