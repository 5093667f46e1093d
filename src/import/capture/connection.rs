//! One TCP connection: its octets in the clear, and what the TLS in it shows.

use super::keys::KeyLog;
use super::tls::{Header, Tls, Told, header};
use crate::base::{Layer, Protocol, Side, Tick};
use crate::import::Batch;
use crate::import::kit::{Assembler, Dialect, Why};
use crate::tls::{Failure, Recorded};
use crate::trace::Carries;
use std::sync::Arc;

/// What is said where there are keys for other connections only.
const NO_KEYS: &str = "The key log has no secret of this connection, so that what it says inside TLS stays closed. Is it of another recording?";

/// While the protocol is not known, octets wait for the end of their line; not more than this.
const LINE_WAIT: usize = 64 << 10;
/// A line of the PROXY protocol and its binary form are shorter than this.
const PROXY_LIMIT: usize = 4096;
const PROXY_BINARY: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Where something was seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Seen {
    /// The number of the packet.
    pub packet: u32,
    /// When, in microseconds since 1970.
    pub time: u64,
}

#[derive(Debug)]
pub(in crate::import) struct Connection {
    to: Assembler,
    keys: Arc<KeyLog>,
    tls: Option<Tls>,
    client: Direction,
    server: Direction,
    server_port: u16,
    began: u64,
    lost: bool,
}

#[derive(Debug, Default)]
struct Direction {
    /// Octets that belong to a record, or that may be the first of one.
    waiting: Vec<u8>,
    /// The last octet in the clear was not the end of a line.
    within_line: bool,
    /// Octets are missing: the rest of the line is passed over.
    skipping: bool,
    /// A line whose protocol is not known.
    line: Vec<u8>,
    /// Anything of the dialogue has come.
    used: bool,
}

/// How a connection ended up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Kept {
    Session,
    /// Of a protocol that is none of ours.
    Other,
    /// Nothing was said.
    Empty,
}

impl Connection {
    pub(in crate::import) fn new(server_port: u16, keys: Arc<KeyLog>, seen: Seen, from_start: bool) -> Self {
        Self {
            to: Assembler::strict(Carries::CAPTURE),
            keys,
            tls: None,
            client: Direction::default(),
            server: Direction::default(),
            server_port,
            began: seen.time,
            lost: !from_start,
        }
    }

    /// The port of the server, where it is known only now.
    pub(in crate::import) fn server_port(&mut self, port: u16) {
        self.server_port = port;
    }

    /// When the connection began, in microseconds since 1970.
    pub(in crate::import) fn began(&mut self, time: u64) {
        self.began = time;
    }

    /// A line that is known not to be of the dialogue.
    pub(in crate::import) fn remark(&mut self, line: u32, text: &[u8]) {
        self.to.remark(line, text);
    }

    /// A line that nothing can be read from.
    pub(in crate::import) fn keep_unparsed(&mut self, line: u32, text: &[u8], why: Why) {
        self.to.keep_unparsed(line, text, why);
    }

    fn direction(&mut self, from: Side) -> &mut Direction {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// Octets of one side, in their order.
    pub(in crate::import) fn octets(&mut self, from: Side, octets: &[u8], seen: Seen) {
        self.to.at(Tick(seen.time.saturating_sub(self.began) / 1000));
        if self.tls.is_some() && self.direction(from).skipping {
            return;
        }
        let waiting = &mut self.direction(from).waiting;
        waiting.extend_from_slice(octets);
        let mut rest = std::mem::take(waiting);
        loop {
            let taken = if self.tls.is_some() {
                self.record(from, &rest, seen)
            } else {
                self.clear(from, &rest, seen)
            };
            if taken == 0 {
                break;
            }
            rest.drain(..taken.min(rest.len()));
        }
        self.direction(from).waiting = rest;
    }

    /// Octets of one side are missing here.
    pub(in crate::import) fn gap(&mut self, from: Side, seen: Seen) {
        self.lost = true;
        if let Some(tls) = &mut self.tls {
            tls.lost();
        }
        let waiting = std::mem::take(&mut self.direction(from).waiting);
        if self.tls.is_none() {
            self.feed(from, Layer::Clear, &waiting, seen);
        }
        self.direction(from).skipping = true;
    }

    /// One side closed.
    pub(super) fn closed(&mut self, by: Side, seen: Seen) {
        self.to.at(Tick(seen.time.saturating_sub(self.began) / 1000));
        self.flush(by, seen);
        if self.to.begun() {
            self.to.closed(seen.packet, by);
        }
    }

    /// The connection is over.
    pub(in crate::import) fn end(mut self, number: u32, seen: Seen, out: &mut Batch) -> Kept {
        for side in Side::BOTH {
            self.flush(side, seen);
        }
        if let Some(tls) = &self.tls
            && self.to.dialect().is_none()
        {
            match guess(tls, self.server_port) {
                Guess::Mail(Some(protocol)) => self.to.speak(protocol),
                Guess::Mail(None) => {}
                Guess::Other => {
                    self.to.leave(out);
                    return Kept::Other;
                }
            }
        } else if self.to.dialect().is_none() {
            self.to.leave(out);
            let said = self.client.used || self.server.used || !self.client.waiting.is_empty();
            return if said { Kept::Other } else { Kept::Empty };
        }
        let mut carries = Carries::CAPTURE;
        carries.every_octet = !self.lost;
        if let Some(tls) = &self.tls {
            carries.tls_result = tls.decided();
            carries.inside_tls = tls.readable();
            if tls.locked_out() {
                self.to.notice(NO_KEYS.to_owned(), Vec::new());
            }
            if let Some(words) = words(&tls.recorded) {
                self.to.notice(words, Vec::new());
            }
        }
        self.to.carries(carries);
        // What was opened in part lacks the rest.
        if self.lost || self.tls.as_ref().is_some_and(|tls| tls.opened() && !tls.readable()) {
            self.to.lost(seen.packet);
        }
        self.to.number(number);
        self.to.end(out);
        Kept::Session
    }

    /// Octets outside TLS: how many of them were taken.
    fn clear(&mut self, from: Side, octets: &[u8], seen: Seen) -> usize {
        if octets.is_empty() {
            return 0;
        }
        if self.direction(from).skipping {
            return self.skip(from, octets, seen);
        }
        if from == Side::Client && !self.client.used {
            match proxy(octets) {
                Some(0) => return 0,
                Some(length) => {
                    self.to.remark(seen.packet, octets.get(..length).unwrap_or_default().trim_ascii_end());
                    return length;
                }
                None => {}
            }
        }
        // A record begins a line; within one, its first octet is text.
        let mut at = 0;
        while let Some(found) = memchr::memchr2(0x16, 0x15, octets.get(at..).unwrap_or_default()) {
            let start = at.saturating_add(found);
            let within = match start.checked_sub(1) {
                None => self.direction(from).within_line,
                Some(before) => octets.get(before) != Some(&b'\n'),
            };
            let behind = octets.get(start..).unwrap_or_default();
            let begins = if within { Begins::No } else { begins(from, behind) };
            match begins {
                Begins::No => at = start.saturating_add(1),
                _ if start > 0 => {
                    self.feed(from, Layer::Clear, octets.get(..start).unwrap_or_default(), seen);
                    return start;
                }
                Begins::Perhaps => return 0,
                Begins::Hello => {
                    self.begin(seen);
                    return self.record(from, octets, seen);
                }
                Begins::Alert => {
                    self.to.tls_failed(seen.packet, Failure::Alert);
                    return 7;
                }
            }
        }
        self.feed(from, Layer::Clear, octets, seen);
        octets.len()
    }

    /// Behind a gap nothing is certain before the next line.
    fn skip(&mut self, from: Side, octets: &[u8], seen: Seen) -> usize {
        let Some(end) = memchr::memchr(b'\n', octets) else { return octets.len() };
        self.direction(from).skipping = false;
        if self.direction(from).within_line {
            self.feed(from, Layer::Clear, b"\r\n", seen);
        }
        end.saturating_add(1)
    }

    fn begin(&mut self, seen: Seen) {
        for side in Side::BOTH {
            self.flush_line(side, seen);
        }
        self.to.tls_began(seen.packet);
        self.tls = Some(Tls::new(Arc::clone(&self.keys)));
    }

    /// The next record, or text where one should be: how many octets were taken.
    fn record(&mut self, from: Side, octets: &[u8], seen: Seen) -> usize {
        if octets.is_empty() {
            return 0;
        }
        match header(octets) {
            Some(Header::Begun) => 0,
            Some(Header::Whole { head, length }) => {
                let Some(body) = octets.get(5..length.saturating_add(5)) else { return 0 };
                let mut told = Vec::new();
                let now = i64::try_from(seen.time / 1_000_000).unwrap_or(i64::MAX);
                if let Some(tls) = &mut self.tls {
                    tls.record(from, head, body, now, &mut told);
                }
                self.tell(told, seen);
                length.saturating_add(5)
            }
            None => {
                let end = (1..octets.len()).find(|&at| {
                    octets.get(at.saturating_sub(1)) == Some(&b'\n')
                        && header(octets.get(at..).unwrap_or_default()).is_some()
                });
                let end = end.unwrap_or(octets.len());
                if from == Side::Server && self.tls.as_ref().is_some_and(|tls| !tls.answered()) {
                    let mut told = Vec::new();
                    if let Some(tls) = &mut self.tls {
                        tls.fail(Failure::NotTls, &mut told);
                    }
                    self.tell(told, seen);
                }
                self.feed(from, Layer::Clear, octets.get(..end).unwrap_or_default(), seen);
                end
            }
        }
    }

    fn tell(&mut self, told: Vec<Told>, seen: Seen) {
        for told in told {
            match told {
                Told::Hello(facts) => self.to.tls_hello(seen.packet, facts),
                Told::Up(facts) => self.to.tls_up(seen.packet, facts),
                Told::Failed(failure) => self.to.tls_failed(seen.packet, failure),
                Told::Content(from, octets) => self.feed(from, Layer::Tls, &octets, seen),
            }
        }
    }

    /// Hands octets on: by lines while the protocol is not known, since a line is what shows it.
    fn feed(&mut self, from: Side, layer: Layer, octets: &[u8], seen: Seen) {
        let Some(&last) = octets.last() else { return };
        self.direction(from).within_line = last != b'\n';
        self.direction(from).used = true;
        if self.to.dialect().is_some() {
            self.to.octets(seen.packet, from, layer, octets);
            return;
        }
        for part in octets.split_inclusive(|&o| o == b'\n') {
            let mut line = std::mem::take(&mut self.direction(from).line);
            line.extend_from_slice(part);
            if line.ends_with(b"\n") || line.len() > LINE_WAIT || self.to.dialect().is_some() {
                self.to.octets(seen.packet, from, layer, &line);
            } else {
                self.direction(from).line = line;
            }
        }
    }

    fn flush_line(&mut self, from: Side, seen: Seen) {
        let line = std::mem::take(&mut self.direction(from).line);
        if !line.is_empty() {
            let layer = if self.tls.as_ref().is_some_and(|tls| tls.up()) { Layer::Tls } else { Layer::Clear };
            self.to.octets(seen.packet, from, layer, &line);
        }
    }

    /// What waited for more that will not come.
    fn flush(&mut self, from: Side, seen: Seen) {
        if self.tls.is_none() {
            let waiting = std::mem::take(&mut self.direction(from).waiting);
            if !self.direction(from).skipping {
                self.feed(from, Layer::Clear, &waiting, seen);
            }
        }
        self.flush_line(from, seen);
    }
}

/// Whether a handshake stands where a line could begin.
enum Begins {
    No,
    Perhaps,
    Hello,
    /// A server gives up in TLS.
    Alert,
}

fn begins(from: Side, octets: &[u8]) -> Begins {
    let Some(header) = header(octets) else { return Begins::No };
    match (from, octets.first()) {
        (Side::Client, Some(0x16)) => {}
        (Side::Server, Some(0x15)) => {
            return match header {
                Header::Begun => Begins::Perhaps,
                Header::Whole { length: 2, .. } if octets.len() < 7 => Begins::Perhaps,
                Header::Whole { length: 2, .. } => Begins::Alert,
                Header::Whole { .. } => Begins::No,
            };
        }
        _ => return Begins::No,
    }
    // A record of the type handshake with a ClientHello: its type, three octets of length, a version.
    let good = |at: usize, fits: &dyn Fn(u8) -> bool| octets.get(at).is_none_or(|&o| fits(o));
    if !(good(5, &|o| o == 1) && good(6, &|o| o <= 1) && good(9, &|o| o == 3) && good(10, &|o| o <= 4)) {
        return Begins::No;
    }
    if octets.len() < 11 { Begins::Perhaps } else { Begins::Hello }
}

/// The length of a PROXY protocol header at the start of a connection; 0 where more octets are needed.
fn proxy(octets: &[u8]) -> Option<usize> {
    let starts = |sign: &[u8]| octets.iter().zip(sign).all(|(a, b)| a == b);
    if starts(b"PROXY ") && octets.first() == Some(&b'P') {
        if let Some(end) = octets.iter().take(PROXY_LIMIT).position(|&o| o == b'\n') {
            return (octets.len() >= 6).then(|| end.saturating_add(1));
        }
        // `PASS` begins like it.
        return (octets.len() > 1 && octets.len() < PROXY_LIMIT).then_some(0);
    }
    if starts(PROXY_BINARY) && octets.len() > 1 {
        let Some(&[a, b]) = octets.get(14..16).and_then(|two| <&[u8; 2]>::try_from(two).ok()) else {
            return Some(0);
        };
        let whole = usize::from(u16::from_be_bytes([a, b])).saturating_add(16);
        return (whole <= PROXY_LIMIT).then_some(if octets.len() >= whole { whole } else { 0 });
    }
    None
}

/// What a connection is of which nothing can be read.
enum Guess {
    Mail(Option<Protocol>),
    Other,
}

fn guess(tls: &Tls, port: u16) -> Guess {
    let by_name = |name: &str| match name {
        "imap" => Some(Protocol::Imap),
        "pop3" => Some(Protocol::Pop3),
        _ => None,
    };
    if let Some(name) = &tls.recorded.application {
        return by_name(name).map_or(Guess::Other, |protocol| Guess::Mail(Some(protocol)));
    }
    if let Some(protocol) = tls.offers.iter().find_map(|name| by_name(name)) {
        return Guess::Mail(Some(protocol));
    }
    match port {
        993 => Guess::Mail(Some(Protocol::Imap)),
        995 => Guess::Mail(Some(Protocol::Pop3)),
        _ if !tls.offers.is_empty() => Guess::Other,
        // HTTPS, submissions, LDAPS, DNS, FTPS, XMPP, MQTT, SIP.
        443 | 465 | 563 | 636 | 853 | 989 | 990 | 4433 | 5061 | 5223 | 5269 | 8443 | 8883 => Guess::Other,
        _ => Guess::Mail(None),
    }
}

/// What the handshake says of names, in a sentence.
fn words(facts: &Recorded) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(name) = &facts.server_name {
        parts.push(format!("the client asked for {name}"));
    }
    if let Some(protocol) = &facts.application {
        parts.push(format!("the server chose the protocol {protocol}"));
    }
    if let Some(presented) = &facts.presented {
        let names = if presented.dns_names.is_empty() {
            presented.common_name.clone().unwrap_or_else(|| "no name".to_owned())
        } else {
            presented.dns_names.join(", ")
        };
        let issuer = match &presented.issuer {
            _ if presented.self_issued => "issued by itself".to_owned(),
            Some(issuer) => format!("issued by {issuer}"),
            None => "issued by nobody with a name".to_owned(),
        };
        let dates = if presented.in_date { "within its dates" } else { "outside its dates" };
        parts.push(format!("the certificate is for {names}, {issuer} and {dates}"));
    }
    (!parts.is_empty()).then(|| format!("TLS: {}.", parts.join("; ")))
}

impl Dialect {
    /// Whether it is one of RFC 2595.
    pub(in crate::import) fn is_mail(self) -> bool {
        matches!(self, Self::Mail(_))
    }
}
