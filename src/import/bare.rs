//! The lines of a session without marks, as a terminal or a capture of both directions shows them.

mod pop3;
mod tagged;

use super::kit::{Assembler, Dialect, Mark, mark, recognise};
use super::{Batch, Confidence, Format, Head, LineFormat, LineReader, Why};
use crate::base::{Layer, Protocol, Side};
use crate::proto::imap::grammar;
use crate::trace::Carries;
use pop3::Pop3;
use tagged::Tagged;

/// The format.
pub static FORMAT: Format = Format {
    id: "bare",
    title: "Lines without marks",
    about: "The lines of both sides in their order and nothing else, as a copy from a terminal (`nc -C host 143`) has them. Who sent a line follows from the grammar of the protocol, so it is a guess. A line such as `<TLS negotiation>` stands where the handshake began; without one nobody can tell whether there was one, nor where.",
    place: "line",
    detect,
    reader: |_| LineReader::boxed(Bare::default(), Assembler::by_marks(Carries::LINES, true)),
};

/// So many octets behind a lone CR tell whether a line begins there.
const NEXT_LINE_HEAD: usize = 256;

/// Who sends in one protocol.
trait Grammar: std::fmt::Debug {
    /// Who sent a line.
    fn side(&mut self, line: &[u8]) -> Option<Side>;
    /// The next line belongs to a message that is not over, whatever it looks like.
    fn inside(&self) -> bool;
    /// The client has been asked for something, so that an empty line is an answer.
    fn waits(&self) -> bool;
    /// Whether a line is the first of another connection.
    fn begins_again(&self, line: &[u8]) -> bool;
    /// Whether what stands behind a lone CR is certainly a line of the session.
    fn begins_line(&self, head: &[u8]) -> bool;
    /// A handshake begins: nothing is awaited any longer.
    fn tls_began(&mut self);
}

/// Tells who sends: by IMAP's grammar until a line shows another protocol.
#[derive(Debug)]
struct Speaker {
    grammar: Box<dyn Grammar>,
    known: bool,
}

impl Default for Speaker {
    fn default() -> Self {
        Self { grammar: Box::new(Tagged::default()), known: false }
    }
}

impl Speaker {
    fn side(&mut self, line: &[u8]) -> Option<Side> {
        if !self.known
            && let Some(protocol) = spoken(line)
        {
            self.known = true;
            match protocol {
                Protocol::Imap => {}
                Protocol::Pop3 => self.grammar = Box::new(Pop3::default()),
                Protocol::Acap => self.grammar = Box::new(Tagged::acap()),
            }
        }
        self.grammar.side(line)
    }
}

/// The protocol that a line shows, whoever sent it.
fn spoken(line: &[u8]) -> Option<Protocol> {
    match recognise(Side::Server, line) {
        Some(Dialect::Mail(protocol)) => return Some(protocol),
        Some(_) => return None,
        None => {}
    }
    match recognise(Side::Client, line) {
        Some(Dialect::Mail(Protocol::Pop3)) if !pop3::is_command(line) => None,
        Some(Dialect::Mail(protocol)) => Some(protocol),
        _ => None,
    }
}

fn base64(line: &[u8]) -> bool {
    line == b"="
        || (line.len() >= 4
            && line.len().is_multiple_of(4)
            && line.iter().all(|&o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/' | b'=')))
}

/// What a line without a side shows of a protocol that is not covered, and whose line it then is.
fn foreign(line: &[u8]) -> Option<Side> {
    let mut sides = Side::BOTH.into_iter().rev();
    sides.find(|&side| recognise(side, line).is_some_and(|dialect| !matches!(dialect, Dialect::Mail(_))))
}

/// Untagged data that servers send, so that it can be told from text with a star in front.
fn known_data(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else { return false };
    grammar::status(rest).is_some()
        || recognise(Side::Server, line) == Some(Dialect::Mail(Protocol::Acap))
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
    let mut speaker = Speaker::default();
    let (mut client, mut server, mut lines) = (0_u32, 0_u32, 0_u32);
    let mut first = true;
    for line in &head.lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() || mark(line.trim_ascii()).is_some() {
            continue;
        }
        lines = lines.saturating_add(1);
        match speaker.side(line) {
            Some(Side::Client) => client = client.saturating_add(1),
            Some(Side::Server) if !line.starts_with(b"* ") || known_data(line) || server > 0 => {
                server = server.saturating_add(1);
            }
            Some(Side::Server) => {}
            None if first && foreign(line).is_some() => return Some(Confidence::Likely),
            None => {}
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
    speaker: Speaker,
    layer: Layer,
    buffer: Vec<u8>,
}

impl Default for Bare {
    fn default() -> Self {
        Self { speaker: Speaker::default(), layer: Layer::Clear, buffer: Vec::new() }
    }
}

impl Bare {
    fn restart(&mut self, to: &mut Assembler, out: &mut Batch) {
        to.end(out);
        self.speaker = Speaker::default();
        self.layer = Layer::Clear;
    }

    fn hand_on(&mut self, number: u32, from: Side, line: &[u8], to: &mut Assembler) {
        self.buffer.clear();
        self.buffer.extend_from_slice(line);
        self.buffer.extend_from_slice(b"\r\n");
        to.octets(number, from, self.layer, &self.buffer);
    }

    fn part(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let inside = self.speaker.grammar.inside();
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
                    self.speaker.grammar.tls_began();
                }
                Mark::ClearAgain => {
                    self.layer = Layer::Clear;
                    to.clear_again();
                }
                Mark::Connection | Mark::Comment => {}
            }
            return;
        }
        if self.speaker.grammar.begins_again(line) {
            self.restart(to, out);
        }
        let turned_away = matches!(to.dialect(), Some(dialect) if !matches!(dialect, Dialect::Mail(_)));
        let waits = self.speaker.grammar.waits();
        if turned_away {
            self.hand_on(number, Side::Server, line, to);
        } else if !inside && !waits && line.trim_ascii().is_empty() {
            to.remark(number, line);
        } else if let Some(side) = self.speaker.side(line) {
            self.hand_on(number, side, line, to);
        } else if to.dialect().is_none()
            && let Some(side) = foreign(line)
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
        let cut = |bare: &Self, rest: &[u8]| {
            let begins = |behind: &[u8]| {
                let head = behind.get(..behind.len().min(NEXT_LINE_HEAD)).unwrap_or_default();
                bare.speaker.grammar.begins_line(head)
            };
            rest.iter().enumerate().find_map(|(at, &o)| {
                (o == b'\r' && begins(rest.get(at.saturating_add(1)..).unwrap_or_default())).then_some(at)
            })
        };
        while let Some(at) = cut(self, rest) {
            self.part(number, rest.get(..at).unwrap_or_default(), to, out);
            rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
        }
        self.part(number, rest, to, out);
    }
}
