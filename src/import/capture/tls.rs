//! The records of one TLS connection: what the handshake says, whether it was completed, and, with keys, the content.

use super::cipher::{Opener, Suite};
use super::hello;
use super::keys::{KeyLog, Secrets};
use crate::base::Side;
use crate::tls::{Application, Facts, Failure, Recorded, Version};
use std::sync::Arc;

/// A record holds at most 2^14 octets and what encryption adds (RFC 5246 section 6.2.3).
pub(super) const RECORD_LIMIT: usize = (1 << 14) + 2048;
/// So much of a handshake message is put together.
const MESSAGE_LIMIT: usize = 256 << 10;
/// Content that came before the handshake was over and waits for its end.
const HELD_LIMIT: usize = 1 << 20;

/// What a record tells.
#[derive(Debug)]
pub(super) enum Told {
    /// The server chose.
    Hello(Facts),
    /// The client completed the handshake.
    Up(Facts),
    Failed(Failure),
    /// Content of the connection.
    Content(Side, Vec<u8>),
}

/// The type and length of a record whose header begins here; `None` where none does, as far as the octets show it.
pub(super) fn header(octets: &[u8]) -> Option<Header> {
    let fits = |at: usize, good: &dyn Fn(u8) -> bool| octets.get(at).is_none_or(|&o| good(o));
    let good = fits(0, &|o| (20..=24).contains(&o)) && fits(1, &|o| o == 3) && fits(2, &|o| o <= 4);
    if !good {
        return None;
    }
    let [kind, major, minor, a, b, ..] = octets else { return Some(Header::Begun) };
    let length = usize::from(u16::from_be_bytes([*a, *b]));
    let fits = length <= RECORD_LIMIT && (length > 0 || *kind == 23);
    fits.then_some(Header::Whole { head: [*kind, *major, *minor, *a, *b], length })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// The octets end within it.
    Begun,
    Whole {
        head: [u8; 5],
        length: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Early,
    Handshake,
    Application,
}

/// One direction.
#[derive(Debug)]
struct Direction {
    /// A handshake message that is not complete.
    message: Vec<u8>,
    /// TLS 1.2 and older: ChangeCipherSpec was sent, so that records are encrypted.
    changed: bool,
    phase: Phase,
    opener: Option<Opener>,
    secret: Option<Vec<u8>>,
    /// Encrypted records that did not open, and of those the ones that are longer than an alert.
    opaque: u32,
    longer: u32,
}

impl Direction {
    fn new() -> Self {
        Self {
            message: Vec::new(),
            changed: false,
            phase: Phase::Handshake,
            opener: None,
            secret: None,
            opaque: 0,
            longer: 0,
        }
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct Tls {
    keys: Arc<KeyLog>,
    client: Direction,
    server: Direction,
    client_random: Option<[u8; 32]>,
    early_data: bool,
    server_random: Option<[u8; 32]>,
    suite: Option<Suite>,
    version: Option<Version>,
    cipher: Option<String>,
    /// What is known of names so far.
    pub recorded: Recorded,
    /// The protocols that the client would speak.
    pub offers: Vec<String>,
    up: bool,
    failed: bool,
    /// Octets of a direction are missing: what follows cannot be opened.
    broken: bool,
    /// Content before the client's Finished.
    held: Vec<(Side, Vec<u8>)>,
    held_octets: usize,
    chosen: bool,
    /// Content that was not kept.
    dropped: bool,
    any_content: bool,
}

impl Tls {
    pub(super) fn new(keys: Arc<KeyLog>) -> Self {
        Self {
            keys,
            client: Direction::new(),
            server: Direction::new(),
            client_random: None,
            early_data: false,
            server_random: None,
            suite: None,
            version: None,
            cipher: None,
            recorded: Recorded::default(),
            offers: Vec::new(),
            up: false,
            failed: false,
            broken: false,
            held: Vec::new(),
            held_octets: 0,
            chosen: false,
            dropped: false,
            any_content: false,
        }
    }

    /// Whether there are keys, and none of them is of this connection.
    pub(super) fn locked_out(&self) -> bool {
        let known = self.client_random.is_some_and(|random| self.keys.of(&random).is_some());
        !self.keys.is_empty() && !known && !self.readable()
    }

    /// Whether everything that went through was opened.
    pub(super) fn readable(&self) -> bool {
        !self.broken && !self.dropped && self.client.opaque == 0 && self.server.opaque == 0
    }

    /// Whether any content was opened.
    pub(super) fn opened(&self) -> bool {
        self.any_content
    }

    /// Whether it can be told if the handshake was completed.
    pub(super) fn decided(&self) -> bool {
        self.up || self.failed || !(self.broken || self.client.opaque > 0)
    }

    /// Whether the server has said anything in TLS.
    pub(super) fn answered(&self) -> bool {
        self.chosen
    }

    /// Whether the handshake was completed.
    pub(super) fn up(&self) -> bool {
        self.up
    }

    /// Octets of the connection are missing.
    pub(super) fn lost(&mut self) {
        self.broken = true;
    }

    fn facts(&self) -> Facts {
        let recorded = Some(Box::new(self.recorded.clone()));
        // In TLS 1.3 what the server chose stands in a message that is encrypted.
        let chosen = self.recorded.application.clone();
        let known =
            !self.offers.is_empty() && (chosen.is_some() || (self.version.is_some() && !self.tls13()));
        let application = known.then(|| Box::new(Application { offered: self.offers.clone(), chosen }));
        Facts {
            version: self.version,
            cipher: self.cipher.clone(),
            application,
            recorded,
            ..Facts::default()
        }
    }

    fn direction(&mut self, from: Side) -> &mut Direction {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn tls13(&self) -> bool {
        self.version == Some(Version::Tls13)
    }

    /// Takes a record in; `now` is in seconds since 1970.
    pub(super) fn record(&mut self, from: Side, head: [u8; 5], body: &[u8], now: i64, told: &mut Vec<Told>) {
        let [kind, ..] = head;
        let encrypted = kind == 23 || (self.direction(from).changed && !self.tls13());
        match kind {
            20 => self.change(from),
            _ if encrypted => self.encrypted(from, head, body, now, told),
            21 => self.alert(body, told),
            22 => self.handshake(from, body, now, told),
            _ => {}
        }
    }

    fn change(&mut self, from: Side) {
        self.direction(from).changed = true;
        if self.tls13() {
            return;
        }
        let (Some(suite), Some(client), Some(server)) = (self.suite, self.client_random, self.server_random)
        else {
            return;
        };
        let Some(master) = self.keys.of(&client).and_then(|secrets| secrets.master.clone()) else { return };
        if self.direction(from).opener.is_none()
            && let Some([for_client, for_server]) = suite.keys12(&master, &client, &server)
        {
            self.direction(from).opener = Some(if from == Side::Client { for_client } else { for_server });
        }
    }

    fn encrypted(&mut self, from: Side, head: [u8; 5], body: &[u8], now: i64, told: &mut Vec<Told>) {
        let [kind, ..] = head;
        let Some((kind, content)) = self.open(from, head, body) else {
            self.opaque(from, kind, body.len(), told);
            return;
        };
        match kind {
            21 => self.alert(&content, told),
            22 => self.handshake(from, &content, now, told),
            23 => self.content(from, content, told),
            _ => {}
        }
    }

    fn open(&mut self, from: Side, head: [u8; 5], body: &[u8]) -> Option<(u8, Vec<u8>)> {
        let [kind, ..] = head;
        if !self.tls13() && self.chosen {
            return self.direction(from).opener.as_mut()?.open(head, body).map(|content| (kind, content));
        }
        if self.direction(from).opener.is_none() {
            self.key(from);
        }
        let opened = self.direction(from).opener.as_mut().and_then(|opener| opener.open(head, body));
        let opened = opened.or_else(|| {
            // The phase before this one cannot be opened, or was not recorded.
            let next = match self.direction(from).phase {
                Phase::Early => Phase::Handshake,
                Phase::Handshake => Phase::Application,
                Phase::Application => return None,
            };
            let before = (self.direction(from).opener.take(), self.direction(from).phase);
            self.direction(from).phase = next;
            self.key(from);
            let opened = self.direction(from).opener.as_mut().and_then(|opener| opener.open(head, body));
            if opened.is_none() {
                let direction = self.direction(from);
                (direction.opener, direction.phase) = before;
            }
            opened
        })?;
        // Padding is zeroes behind the type (RFC 8446 section 5.2).
        let end = opened.iter().rposition(|&o| o != 0)?;
        let kind = *opened.get(end)?;
        let mut content = opened;
        content.truncate(end);
        Some((kind, content))
    }

    /// The keys of TLS 1.3 for the phase of a direction.
    fn key(&mut self, from: Side) -> Option<()> {
        let random = self.client_random?;
        let keys = Arc::clone(&self.keys);
        let secrets = keys.of(&random)?;
        let phase = self.direction(from).phase;
        let secret = secret(secrets, phase, from)?;
        // Early data comes before the server's choice; its suite is that of the session before.
        let opener = self.suite?.keys13(secret)?;
        let direction = self.direction(from);
        direction.opener = Some(opener);
        direction.secret = Some(secret.to_vec());
        Some(())
    }

    /// An encrypted record that stays closed: its length is all there is.
    fn opaque(&mut self, from: Side, kind: u8, length: usize, told: &mut Vec<Told>) {
        let before_choice = !self.chosen;
        if from == Side::Client
            && (before_choice || (self.early_data && !self.up && length != self.finished()))
        {
            self.direction(from).opaque = self.direction(from).opaque.saturating_add(1);
            return;
        }
        let tls13 = self.tls13();
        let finished = self.finished();
        let direction = self.direction(from);
        direction.opaque = direction.opaque.saturating_add(1);
        if !tls13 {
            match (kind, from, self.up) {
                (22, Side::Client, false) => self.complete(told),
                (21, _, false) => self.fail(Failure::Alert, told),
                _ => {}
            }
            return;
        }
        // An alert of TLS 1.3 is two octets, its type and the tag.
        let alert = length == 19;
        direction.longer = direction.longer.saturating_add(u32::from(!alert));
        let longer = direction.longer;
        if from != Side::Client || self.up {
            return;
        }
        if length == finished || longer > 1 {
            self.complete(told);
        } else if alert && longer == 0 {
            self.fail(Failure::Alert, told);
        }
    }

    /// The length of a record of TLS 1.3 that holds a Finished and no padding.
    fn finished(&self) -> usize {
        let hash = self.suite.map(Suite::hash_length).unwrap_or(32);
        hash.saturating_add(4 + 1 + 16)
    }

    fn alert(&mut self, body: &[u8], told: &mut Vec<Told>) {
        let Some(&[level, description]) = body.get(..2).and_then(|two| <&[u8; 2]>::try_from(two).ok()) else {
            return;
        };
        let failure = match description {
            // close_notify; user_canceled is followed by it.
            0 | 90 => return,
            48 => Failure::Untrusted,
            45 => Failure::OutOfDate,
            70 => Failure::NoCommonVersion,
            // no_renegotiation and unrecognized_name may be warnings.
            _ if level == 1 && !self.tls13() => return,
            _ => Failure::Alert,
        };
        self.fail(failure, told);
    }

    /// The handshake comes to nothing.
    pub(super) fn fail(&mut self, failure: Failure, told: &mut Vec<Told>) {
        if !self.failed && !self.up {
            self.failed = true;
            told.push(Told::Failed(failure));
        }
    }

    fn handshake(&mut self, from: Side, body: &[u8], now: i64, told: &mut Vec<Told>) {
        let direction = self.direction(from);
        if direction.message.len().saturating_add(body.len()) > MESSAGE_LIMIT {
            direction.message.clear();
            self.dropped = true;
            return;
        }
        direction.message.extend_from_slice(body);
        loop {
            let pending = &self.direction(from).message;
            let Some(&[kind, a, b, c]) = pending.get(..4).and_then(|four| <&[u8; 4]>::try_from(four).ok())
            else {
                return;
            };
            let length = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
            let whole = length.saturating_add(4);
            if pending.len() < whole {
                return;
            }
            let rest = self.direction(from).message.split_off(whole);
            let message = std::mem::replace(&mut self.direction(from).message, rest);
            self.message(from, kind, &message, now, told);
        }
    }

    fn message(&mut self, from: Side, kind: u8, message: &[u8], now: i64, told: &mut Vec<Told>) {
        let body = message.get(4..).unwrap_or_default();
        match (kind, from) {
            (1, Side::Client) => {
                if let Some(hello) = hello::client_hello(message) {
                    self.client_random = Some(hello.random);
                    self.early_data = hello.early_data;
                    if hello.early_data {
                        self.client.phase = Phase::Early;
                    }
                    self.recorded.server_name = hello.server_name;
                    self.offers = hello.offers;
                }
            }
            (2, Side::Server) => self.server_hello(message, told),
            (8, Side::Server) => {
                self.recorded.application = hello::application(body).or(self.recorded.application.take());
            }
            (11, Side::Server) => {
                let presented = hello::certificate(body, self.tls13(), now);
                self.recorded.presented = presented.or(self.recorded.presented.take());
            }
            (20, _) => {
                if self.tls13() {
                    let direction = self.direction(from);
                    direction.phase = Phase::Application;
                    direction.opener = None;
                }
                if from == Side::Client {
                    self.complete(told);
                }
            }
            // KeyUpdate (RFC 8446 section 4.6.3).
            (24, _) => {
                let suite = self.suite;
                let direction = self.direction(from);
                let next = suite.zip(direction.secret.as_deref()).and_then(|(s, old)| s.updated(old));
                direction.opener = suite.zip(next.as_deref()).and_then(|(s, secret)| s.keys13(secret));
                direction.secret = next;
            }
            _ => {}
        }
    }

    fn server_hello(&mut self, message: &[u8], told: &mut Vec<Told>) {
        let Some(hello) = hello::server_hello(message) else { return };
        self.version = hello.version;
        if hello.retry {
            // Early data is over with it (RFC 8446 section 4.1.2).
            self.early_data = false;
            self.client.phase = Phase::Handshake;
            told.push(Told::Hello(Facts { version: hello.version, ..Facts::default() }));
            return;
        }
        self.chosen = true;
        self.suite = hello.cipher.as_deref().and_then(Suite::named);
        self.cipher = hello.cipher;
        self.recorded.application = hello.application.or(self.recorded.application.take());
        self.server_random = Some(hello.random);
        told.push(Told::Hello(self.facts()));
    }

    fn complete(&mut self, told: &mut Vec<Told>) {
        if self.up || self.failed {
            return;
        }
        self.up = true;
        told.push(Told::Up(self.facts()));
        told.extend(self.held.drain(..).map(|(from, octets)| Told::Content(from, octets)));
    }

    fn content(&mut self, from: Side, octets: Vec<u8>, told: &mut Vec<Told>) {
        self.any_content = true;
        if self.up {
            told.push(Told::Content(from, octets));
        } else if self.held_octets.saturating_add(octets.len()) <= HELD_LIMIT {
            self.held_octets = self.held_octets.saturating_add(octets.len());
            self.held.push((from, octets));
        } else {
            self.dropped = true;
        }
    }
}

fn secret(secrets: &Secrets, phase: Phase, from: Side) -> Option<&[u8]> {
    match (phase, from) {
        (Phase::Early, _) => secrets.early.as_deref(),
        (Phase::Handshake, Side::Client) => secrets.handshake[0].as_deref(),
        (Phase::Handshake, Side::Server) => secrets.handshake[1].as_deref(),
        (Phase::Application, Side::Client) => secrets.application[0].as_deref(),
        (Phase::Application, Side::Server) => secrets.application[1].as_deref(),
    }
}
