//! What the grammars show to be private: the arguments of logins, SASL messages, the text of mail.

use super::Kind;
use super::edit::Edits;
use super::names::Names;
use super::sasl;
use crate::base::{Hop, Protocol, Side};
use crate::proto::acap::grammar as acap;
use crate::proto::imap::grammar as imap;
use crate::trace::{Command, Event, EventId, EventKind, Form, Reply, Span, Trace, Verb};
use crate::wire;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::ops::Range;

/// Marks what is private in the events of a connection.
pub fn in_events(connection: usize, trace: &Trace, names: &mut Names, edits: &mut Edits) {
    let mut finder = Finder { connection, trace, names, edits, answers: BTreeMap::new() };
    for event in trace.events().iter().filter(|event| !event.span.is_empty()) {
        finder.event(event);
    }
}

struct Finder<'a> {
    connection: usize,
    trace: &'a Trace,
    names: &'a mut Names,
    edits: &'a mut Edits,
    /// The answers so far in each exchange.
    answers: BTreeMap<EventId, u32>,
}

/// How a SASL message is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Base64,
    Raw,
}

impl Finder<'_> {
    fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Command(command) => self.command(event, command),
            EventKind::AuthStep { command, cancel: false, .. } => self.step(event, *command),
            EventKind::Reply(reply) => self.reply(event, reply),
            _ => {}
        }
        // Whatever an observer held for a secret and the above did not understand.
        for secret in &event.secrets {
            self.unclear(event, *secret);
        }
    }

    fn command(&mut self, event: &Event, command: &Command) {
        let trace = self.trace;
        let octets = trace.octets(event);
        let text = wire::text(octets);
        match (trace.protocol(), command.verb) {
            (Protocol::Imap, Verb::Login) => {
                let Some((_, _, rest)) = imap::command(text) else { return };
                let Some((user, behind)) = imap::astring(octets, rest.start) else { return };
                let password = octets.get(behind).filter(|o| **o == b' ').and_then(|_| {
                    imap::astring(octets, behind.saturating_add(1)).map(|(password, _)| password)
                });
                self.string(event, &user, Kind::User);
                if let Some(password) = password {
                    self.string(event, &password, Kind::Password);
                }
            }
            (Protocol::Pop3, Verb::User | Verb::Pass | Verb::Apop) => {
                let Some(space) = text.iter().position(|&o| o == b' ') else { return };
                let argument = space.saturating_add(1)..text.len();
                match command.verb {
                    Verb::User => self.value(event, &argument, Kind::User),
                    Verb::Pass => self.value(event, &argument, Kind::Password),
                    _ => {
                        let digest = text.iter().rposition(|&o| o == b' ').unwrap_or(space);
                        self.value(event, &(argument.start..digest.max(argument.start)), Kind::User);
                        self.value(event, &(digest.saturating_add(1)..text.len()), Kind::Proof);
                    }
                }
            }
            (protocol, Verb::Authenticate) => {
                self.answers.insert(event.id, u32::from(command.initial_response));
                let mechanism = command.mechanism.as_deref().unwrap_or_default();
                if mechanism == crate::trace::UNKNOWN {
                    return;
                }
                if let Some((initial, written)) = initial(protocol, octets, text) {
                    self.message(event, &initial, written, &sasl_client(mechanism, 0));
                }
            }
            (Protocol::Imap, _) if command.name == "APPEND" => self.strings(event, 0, true),
            _ => {}
        }
    }

    /// A line of the client within an exchange.
    fn step(&mut self, event: &Event, command: EventId) {
        let answer = self.answers.get(&command).copied().unwrap_or_default();
        self.answers.insert(command, answer.saturating_add(1));
        let trace = self.trace;
        let Some(mechanism) = mechanism(trace, command) else { return };
        let octets = trace.octets(event);
        let (content, written) = message_in(trace.protocol(), octets, 0);
        self.message(event, &content, written, &sasl_client(mechanism, answer));
    }

    fn reply(&mut self, event: &Event, reply: &Reply) {
        let trace = self.trace;
        let octets = trace.octets(event);
        if reply.form == Form::Continue {
            let Some(mechanism) = reply.to.and_then(|to| mechanism(trace, to)) else { return };
            let space =
                octets.iter().position(|&o| o == b' ').map_or(octets.len(), |at| at.saturating_add(1));
            let (content, written) = message_in(trace.protocol(), octets, space);
            self.message(event, &content, written, &|message| sasl::challenge(mechanism, message));
            return;
        }
        let asked = reply.to.and_then(|to| trace.event(to)).and_then(|event| match &event.kind {
            EventKind::Command(command) => Some(command.name.as_ref()),
            _ => None,
        });
        match trace.protocol() {
            Protocol::Imap if reply.name == "FETCH" => self.strings(event, 0, false),
            Protocol::Pop3 if matches!(asked, Some("RETR" | "TOP")) => self.lines(event),
            _ => {}
        }
    }

    /// The lines of a message behind the status, without the dot at the end.
    fn lines(&mut self, event: &Event) {
        let octets = self.trace.octets(event);
        let Some(status) = wire::line(octets, 0, 0) else { return };
        let end = if octets.ends_with(b"\n.\r\n") {
            octets.len().saturating_sub(3)
        } else if octets.ends_with(b"\n.\n") {
            octets.len().saturating_sub(2)
        } else {
            octets.len()
        };
        // The ending of the last line stays.
        let end = octets.get(..end).map_or(end, |body| wire::text(body).len());
        if status.end() < end {
            self.value(event, &(status.end()..end), Kind::Content);
        }
    }

    /// The strings of a message: literals, and quoted ones unless only literals are meant.
    fn strings(&mut self, event: &Event, from: usize, literals: bool) {
        let octets = self.trace.octets(event);
        let mut at = from;
        while let Some(found) = octets.get(at..).and_then(|rest| memchr::memchr2(b'"', b'{', rest)) {
            let start = at.saturating_add(found);
            match imap::astring(octets, start) {
                Some((content, behind)) => {
                    if !literals || octets.get(start) == Some(&b'{') {
                        self.value(event, &content, Kind::Content);
                    }
                    at = behind;
                }
                None if octets.get(start) == Some(&b'{') => {
                    // Cut off: what is there of it.
                    let behind = wire::line(octets, start, 0)
                        .filter(|line| octets.get(line.text.clone()).and_then(wire::literal).is_some());
                    if let Some(line) = behind {
                        self.value(event, &(line.end()..octets.len()), Kind::Content);
                        return;
                    }
                    at = start.saturating_add(1);
                }
                None => at = start.saturating_add(1),
            }
        }
    }

    fn place(&self, event: &Event, at: usize) -> (usize, u32) {
        let offset = event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        (self.connection, self.edits.place(event.hop, event.from, offset))
    }

    /// A string argument: what it says counts, not how it is quoted.
    fn string(&mut self, event: &Event, range: &Range<usize>, kind: Kind) {
        let octets = self.trace.octets(event);
        let said = acap::content(octets, range);
        let place = self.place(event, range.start);
        if let Some(by) = self.names.found(kind, &said, place) {
            self.replace(event, range, by);
        }
    }

    fn value(&mut self, event: &Event, range: &Range<usize>, kind: Kind) {
        let octets = self.trace.octets(event);
        let Some(value) = octets.get(range.clone()) else { return };
        let place = self.place(event, range.start);
        if let Some(by) = self.names.found(kind, value, place) {
            self.replace(event, range, by);
        }
    }

    /// A SASL message: its parts are replaced, and the whole is written as it was.
    fn message(
        &mut self,
        event: &Event,
        range: &Range<usize>,
        written: Written,
        parts: &dyn Fn(&[u8]) -> sasl::Parts,
    ) {
        let octets = self.trace.octets(event);
        let Some(text) = octets.get(range.clone()).filter(|text| !text.is_empty() && *text != b"=") else {
            return;
        };
        let decoded = match written {
            Written::Base64 => crate::sasl::base64::decode(text).ok(),
            Written::Raw => Some(acap::content(octets, range)),
        };
        // What does not decode is left to the observer's opinion, or is nothing private.
        let Some(decoded) = decoded else {
            self.value(event, range, Kind::Unclear);
            return;
        };
        let mut shown = Vec::with_capacity(decoded.len());
        let mut at = 0;
        let place = self.place(event, range.start);
        for (part, kind) in parts(&decoded) {
            let Some(value) = decoded.get(part.clone()) else { continue };
            shown.extend_from_slice(decoded.get(at..part.start).unwrap_or_default());
            match self.names.found(kind, value, place) {
                Some(by) => shown.extend_from_slice(&by),
                None => shown.extend_from_slice(value),
            }
            at = part.end;
        }
        shown.extend_from_slice(decoded.get(at..).unwrap_or_default());
        let by = match written {
            Written::Base64 => STANDARD.encode(&shown).into_bytes(),
            Written::Raw => shown,
        };
        self.replace(event, range, by);
    }

    /// A secret whose form nobody understood, as far as nothing in it was replaced already.
    fn unclear(&mut self, event: &Event, secret: Span) {
        let trace = self.trace;
        for gap in self.edits.gaps(event.hop, event.from, secret) {
            let text = trace.slice(event.hop, event.from, gap);
            let place = (self.connection, self.edits.place(event.hop, event.from, gap.start));
            for word in text.split(|o| o.is_ascii_whitespace() || matches!(o, b'"' | b'(' | b')')) {
                // A literal's announcement and the name of a command tell nothing.
                if wire::literal(word).is_none() && !imap::is_command(word) {
                    self.names.beware(Kind::Unclear, word, place);
                }
            }
            self.edits.replace(event.hop, event.from, gap, super::value::masked_text(text));
        }
    }

    fn replace(&mut self, event: &Event, range: &Range<usize>, by: Vec<u8>) {
        let offset = |at: usize| event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        let span = Span { start: offset(range.start), end: offset(range.end) };
        self.edits.replace(event.hop, event.from, span, by);
    }
}

/// The parts of a client's message in a mechanism.
fn sasl_client(mechanism: &str, answer: u32) -> impl Fn(&[u8]) -> sasl::Parts {
    move |message| sasl::parts(mechanism, answer, message)
}

/// The mechanism of the exchange that a command opened.
fn mechanism(trace: &Trace, command: EventId) -> Option<&str> {
    match &trace.event(command)?.kind {
        EventKind::Command(command) if command.verb == Verb::Authenticate => command.mechanism.as_deref(),
        _ => None,
    }
}

/// The initial response of an AUTHENTICATE or AUTH.
fn initial(protocol: Protocol, octets: &[u8], text: &[u8]) -> Option<(Range<usize>, Written)> {
    if protocol == Protocol::Acap {
        let mut strings = acap::command(octets)?.arguments.into_iter().filter_map(|token| match token {
            acap::Token::String(range) => Some(range),
            _ => None,
        });
        return strings.nth(1).map(|range| (range, Written::Raw));
    }
    // `tag AUTHENTICATE mechanism initial`, and in POP3 no tag.
    let skipped = if protocol == Protocol::Imap { 3 } else { 2 };
    let mut at = 0;
    for _ in 0..skipped {
        at = text.get(at..)?.iter().position(|&o| o == b' ')?.checked_add(at)?.checked_add(1)?;
    }
    (at < text.len()).then_some((at..text.len(), Written::Base64))
}

/// The message of a line within an exchange: base64, and in ACAP a string.
fn message_in(protocol: Protocol, octets: &[u8], from: usize) -> (Range<usize>, Written) {
    if protocol == Protocol::Acap {
        let token = imap::astring(octets, from).map(|(content, _)| content);
        return (token.unwrap_or(from..wire::text(octets).len().max(from)), Written::Raw);
    }
    (from..wire::text(octets).len().max(from), Written::Base64)
}

/// The tapes of a trace, for whoever looks at all octets.
pub fn tapes(trace: &Trace) -> impl Iterator<Item = (Hop, Side, &[u8])> {
    super::edit::TAPES.into_iter().map(|(hop, side)| (hop, side, trace.tape(hop, side)))
}
