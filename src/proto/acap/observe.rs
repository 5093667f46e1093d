//! Reads ACAP octets into events. It judges nothing and never fails.

use super::grammar::{self, Token};
use crate::base::{Hop, Side};
use crate::proto::Observer;
use crate::proto::exchange::{Encoding, Exchange, shown_by};
use crate::proto::messages::Messages;
use crate::proto::upgrade::Upgrade;
use crate::trace::{
    Advertised, Capabilities, Command, EventId, EventKind, Form, GreetingStatus, Problem, Reply, Span, Stamp,
    Status, TraceBuilder, Verb,
};
use std::borrow::Cow;
use std::ops::Range;

/// Commands whose answer is awaited; the oldest is forgotten first.
const PENDING_LIMIT: usize = 256;

/// The observer of one hop.
#[derive(Debug, Default)]
pub struct AcapObserver {
    client: Messages,
    server: Messages,
    pending: Vec<(Box<[u8]>, EventId)>,
    exchange: Option<Exchange>,
    upgrade: Upgrade,
    greeted: bool,
}

fn span(range: &Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: at(range.start), end: at(range.end) }
}

fn within(base: usize, range: &Range<usize>) -> Span {
    span(&(base.saturating_add(range.start)..base.saturating_add(range.end)))
}

impl AcapObserver {
    fn messages(&mut self, from: Side) -> &mut Messages {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn client_message(&mut self, hop: Hop, whole: &Range<usize>, complete: bool, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Client).get(whole.clone()).unwrap_or_default();
        if let Some(exchange) = &mut self.exchange
            && let Some([Token::String(answer)]) = grammar::tokens(octets).as_deref()
        {
            let answer = within(whole.start, answer);
            exchange.answer(hop, span(whole), answer, trace);
            return;
        }
        if self.exchange.is_some() && crate::wire::text(octets) == b"*" {
            if let Some(mut exchange) = self.exchange.take() {
                exchange.answer(hop, span(whole), within(whole.start, &(0..1)), trace);
            }
            return;
        }
        let Some(parsed) = grammar::command(octets) else {
            if !crate::wire::text(octets).is_empty() {
                trace.read(
                    hop,
                    Side::Client,
                    span(whole),
                    Vec::new(),
                    EventKind::Malformed(Problem::NoCommand),
                );
            }
            return;
        };
        let tag: Box<[u8]> = octets.get(parsed.tag.clone()).unwrap_or_default().into();
        let mut command = Command {
            tag: Some(within(whole.start, &parsed.tag)),
            verb: parsed.verb,
            name: parsed.name,
            mechanism: None,
            initial_response: false,
            credential: None,
            fault: None,
            surplus_arguments: !parsed.arguments.is_empty()
                && matches!(parsed.verb, Verb::StartTls | Verb::Logout),
            complete,
        };
        let mut secrets = Vec::new();
        if command.verb == Verb::Authenticate {
            let mut strings = parsed.arguments.iter().filter_map(|token| match token {
                Token::String(range) => Some(range),
                _ => None,
            });
            let mechanism: Box<str> = strings
                .next()
                .and_then(|range| octets.get(range.clone()))
                .map(|name| String::from_utf8_lossy(name).to_uppercase())
                .unwrap_or_default()
                .into();
            if let Some(initial) = strings.next() {
                let message = octets.get(initial.clone()).unwrap_or_default();
                let shown = shown_by(&mechanism, 0, Some(message.to_vec()), message);
                command.initial_response = true;
                if shown.credential.is_some() {
                    secrets.push(within(whole.start, initial));
                }
                command.credential = shown.credential;
                command.fault = shown.fault;
            }
            command.name = Cow::Owned(format!("AUTHENTICATE {mechanism}"));
            command.mechanism = Some(mechanism);
        }
        let (verb, mechanism) = (command.verb, command.mechanism.clone());
        let answers = u32::from(command.initial_response);
        let id = trace.read(hop, Side::Client, span(whole), secrets, EventKind::Command(Box::new(command)));
        if let Some(mechanism) = mechanism {
            let encoding = Encoding::Raw;
            self.exchange = Some(Exchange { command: id, mechanism, encoding, asked: false, answers });
        }
        if verb == Verb::StartTls {
            self.upgrade.asked(id, whole.end);
        }
        if self.pending.len() >= PENDING_LIMIT {
            self.pending.remove(0);
        }
        self.pending.push((tag, id));
    }

    fn server_message(&mut self, hop: Hop, whole: &Range<usize>, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default();
        if let Some(items) = grammar::greeting_items(octets) {
            self.greeted = true;
            let list = Capabilities::new(items.iter().map(|(_, text)| text.as_bytes()));
            let kind = EventKind::Greeting(GreetingStatus::Ok);
            trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
            let kind = EventKind::Advertise(Box::new(list), Advertised::Greeting);
            trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
            return;
        }
        let tokens = grammar::tokens(octets).unwrap_or_default();
        let text = |range: &Range<usize>| octets.get(range.clone()).unwrap_or_default();
        let reply =
            |form, status, to, name| EventKind::Reply(Box::new(Reply { form, status, to, code: None, name }));
        let kind = match tokens.as_slice() {
            [Token::Word(plus), ..] if text(plus) == b"+" => {
                let to = self.exchange.as_mut().map(|exchange| {
                    exchange.asked = true;
                    exchange.command
                });
                reply(Form::Continue, None, to, Cow::Borrowed("+"))
            }
            [Token::Word(star), Token::Word(word), ..] if text(star) == b"*" => {
                let status = grammar::status(text(word));
                if !self.greeted && status == Some(Status::Bye) {
                    EventKind::Greeting(GreetingStatus::Bye)
                } else {
                    let name = String::from_utf8_lossy(text(word)).to_uppercase();
                    reply(Form::Untagged, status, None, Cow::Owned(name))
                }
            }
            [Token::Word(tag), Token::Word(word), ..] => {
                let tag = text(tag);
                let status = grammar::status(text(word));
                let place = self.pending.iter().rposition(|(pending, _)| **pending == *tag);
                let to = place.and_then(|at| self.pending.get(at)).map(|(_, command)| *command);
                match (status, place) {
                    (Some(status), place) => {
                        if let Some(place) = place {
                            self.pending.remove(place);
                        }
                        if self.exchange.as_ref().is_some_and(|exchange| Some(exchange.command) == to) {
                            self.exchange = None;
                        }
                        self.upgrade.answered(to, status, whole.end);
                        reply(Form::Final, Some(status), to, Cow::Borrowed(""))
                    }
                    // ENTRY, MODTIME and their like carry the tag of the command that they belong to.
                    (None, _) => {
                        let name = String::from_utf8_lossy(text(word)).to_uppercase();
                        reply(Form::Untagged, None, to, Cow::Owned(name))
                    }
                }
            }
            _ => EventKind::Malformed(Problem::NoResponse),
        };
        self.greeted = true;
        trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
    }

    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        let messages = self.messages(from);
        let whole = messages.start()..end;
        messages.restart(end);
        if !whole.is_empty() {
            if from == Side::Client {
                self.client_message(hop, &whole, false, trace);
            }
            let kind = EventKind::Malformed(Problem::Unfinished);
            trace.read(hop, from, span(&whole), Vec::new(), kind);
        }
    }
}

impl Observer for AcapObserver {
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        while let Some(whole) = self.messages(from).next(trace.so_far().tape(hop, from), from == Side::Client)
        {
            match from {
                Side::Client => self.client_message(hop, &whole, true, trace),
                Side::Server => self.server_message(hop, &whole, trace),
            }
        }
    }

    fn tls_began(&mut self, stamp: Stamp, trace: &mut TraceBuilder) {
        for from in Side::BOTH {
            self.unfinished(stamp.hop, from, trace);
        }
        self.upgrade.began(stamp.hop, trace);
        self.pending.clear();
        self.exchange = None;
    }

    fn finish(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        for from in Side::BOTH {
            self.unfinished(hop, from, trace);
        }
    }
}
