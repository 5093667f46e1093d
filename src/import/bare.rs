//! The lines of a session without marks, as a terminal or a capture of both directions shows them.

use super::kit::{Assembler, Dialect, Mark, mark, recognise, tagged_command, tagged_status};
use super::{Batch, Confidence, Format, Head, LineFormat, LineReader, Why};
use crate::base::{Layer, Protocol, Side};
use crate::proto::imap::grammar::{self, Response};
use crate::trace::{Carries, Status, Verb};
use crate::wire;

/// The format.
pub static FORMAT: Format = Format {
    id: "bare",
    title: "Lines without marks",
    about: "The lines of both sides in their order and nothing else, as a copy from a terminal (`nc -C host 143`) has them. Who sent a line follows from IMAP's grammar, so it is a guess. A line such as `<TLS negotiation>` stands where the handshake began; without one nobody can tell whether there was one, nor where.",
    detect,
    reader: || LineReader::boxed(Bare::default(), Assembler::new(Carries::LINES, true)),
};

/// How many of the tags that were used are kept; the oldest is forgotten first.
const TAG_LIMIT: usize = 64;

/// So many octets behind a lone CR tell whether a line begins there.
const NEXT_LINE_HEAD: usize = 256;

/// Who sends, told from what was sent before.
#[derive(Debug, Default)]
struct Grammar {
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

impl Grammar {
    /// Who sent a line.
    fn side(&mut self, line: &[u8]) -> Option<Side> {
        if let Some((side, missing)) = self.open.take() {
            self.inside(side, missing, line);
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

    fn whose(&self, line: &[u8]) -> Option<Side> {
        let waits = self.exchange.as_ref().map(|(_, waits)| *waits);
        let one_word = !line.contains(&b' ');
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
    fn inside(&mut self, side: Side, missing: u64, line: &[u8]) {
        let length = line.len() as u64;
        let with_ending = length.saturating_add(2);
        if missing >= with_ending {
            self.open = Some((side, missing.saturating_sub(with_ending)));
        } else if missing <= length {
            let behind = line.get(usize::try_from(missing).unwrap_or(usize::MAX)..).unwrap_or_default();
            self.message_end(side, behind);
        }
    }

    /// A greeting behind an answered LOGOUT is that of another connection.
    fn begins_again(&self, line: &[u8]) -> bool {
        self.open.is_none() && self.logout.as_ref().is_some_and(|(_, answered)| *answered) && greeting(line)
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

fn base64(line: &[u8]) -> bool {
    line == b"="
        || (line.len() >= 4
            && line.len().is_multiple_of(4)
            && line.iter().all(|&o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/' | b'=')))
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

/// What a line without a side shows of a protocol that is not IMAP, and whose line it then is.
fn of_another(line: &[u8]) -> Option<Side> {
    Side::BOTH
        .into_iter()
        .rev()
        .find(|&side| recognise(side, line).is_some_and(|dialect| dialect != Dialect::Mail(Protocol::Imap)))
}

/// Untagged data that servers send, so that it can be told from text with a star in front.
fn known_data(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else { return false };
    grammar::status(rest).is_some()
        || grammar::capability_items(rest).is_some()
        || [
            "EXISTS",
            "EXPUNGE",
            "FETCH",
            "FLAGS",
            "ID",
            "LIST",
            "LSUB",
            "NAMESPACE",
            "RECENT",
            "SEARCH",
            "STATUS",
        ]
        .contains(&&*grammar::data_name(rest))
}

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let mut grammar = Grammar::default();
    let (mut client, mut server, mut lines) = (0_u32, 0_u32, 0_u32);
    let mut first = true;
    for line in &head.lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() || mark(line.trim_ascii()).is_some() {
            continue;
        }
        lines = lines.saturating_add(1);
        match grammar.side(line) {
            Some(Side::Client) => client = client.saturating_add(1),
            Some(Side::Server) if !line.starts_with(b"* ") || known_data(line) || server > 0 => {
                server = server.saturating_add(1);
            }
            Some(Side::Server) => {}
            None if first && of_another(line).is_some() => return Some(Confidence::Likely),
            None => {}
        }
        if first && recognise(Side::Server, line) == Some(Dialect::Mail(Protocol::Acap)) {
            return Some(Confidence::Likely);
        }
        first = false;
    }
    let told = client.saturating_add(server);
    match (client, server) {
        (1.., 1..) if told.saturating_mul(2) >= lines => Some(Confidence::Likely),
        _ if told > 0 => Some(Confidence::Guess),
        _ => None,
    }
}

#[derive(Debug)]
struct Bare {
    grammar: Grammar,
    layer: Layer,
    buffer: Vec<u8>,
}

impl Default for Bare {
    fn default() -> Self {
        Self { grammar: Grammar::default(), layer: Layer::Clear, buffer: Vec::new() }
    }
}

impl Bare {
    fn restart(&mut self, to: &mut Assembler, out: &mut Batch) {
        to.end(out);
        self.grammar = Grammar::default();
        self.layer = Layer::Clear;
    }

    fn hand_on(&mut self, number: u32, from: Side, line: &[u8], to: &mut Assembler) {
        self.buffer.clear();
        self.buffer.extend_from_slice(line);
        self.buffer.extend_from_slice(b"\r\n");
        to.octets(number, from, self.layer, &self.buffer);
    }

    fn part(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let inside = self.grammar.open.is_some();
        if !inside && let Some(found) = mark(line.trim_ascii()) {
            if found == Mark::Connection {
                self.restart(to, out);
            }
            to.remark(number, line);
            match found {
                Mark::TlsBegan | Mark::TlsFailed => {
                    if self.layer == Layer::Clear {
                        to.tls_began(number);
                    }
                    if found == Mark::TlsFailed {
                        to.tls_failed(number, crate::tls::Failure::Alert);
                        self.layer = Layer::Clear;
                    } else {
                        self.layer = Layer::Tls;
                    }
                    let _ = std::mem::take(&mut self.grammar.exchange);
                }
                Mark::ClearAgain => self.layer = Layer::Clear,
                Mark::Connection | Mark::Comment => {}
            }
            return;
        }
        if self.grammar.begins_again(line) {
            self.restart(to, out);
        }
        let foreign = matches!(to.dialect(), Some(dialect) if dialect != Dialect::Mail(Protocol::Imap));
        let waits = self.grammar.exchange.as_ref().is_some_and(|(_, waits)| *waits);
        if foreign {
            self.hand_on(number, Side::Server, line, to);
        } else if !inside && !waits && line.trim_ascii().is_empty() {
            to.remark(number, line);
        } else if let Some(side) = self.grammar.side(line) {
            self.hand_on(number, side, line, to);
        } else if to.dialect().is_none()
            && let Some(side) = of_another(line)
        {
            self.hand_on(number, side, line, to);
        } else {
            to.keep_unparsed(number, line, Why::NoSide);
        }
    }
}

impl LineFormat for Bare {
    fn line(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let mut rest = line;
        // A lone CR ends a line where one that is certainly of a session follows it.
        let begins = |behind: &[u8]| {
            let head = behind.get(..behind.len().min(NEXT_LINE_HEAD)).unwrap_or_default();
            known_data(head) || tagged_status(head) || tagged_command(head)
        };
        while let Some(at) = rest.iter().enumerate().find_map(|(at, &o)| {
            (o == b'\r' && begins(rest.get(at.saturating_add(1)..).unwrap_or_default())).then_some(at)
        }) {
            self.part(number, rest.get(..at).unwrap_or_default(), to, out);
            rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
        }
        self.part(number, rest, to, out);
    }
}
