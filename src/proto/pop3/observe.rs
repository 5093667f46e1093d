//! Reads POP3 octets into events. It judges nothing and never fails.

use super::grammar;
use crate::base::{Hop, Side};
use crate::proto::Observer;
use crate::proto::exchange::{Encoding, Exchange, base64, shown_by};
use crate::proto::upgrade::Upgrade;
use crate::trace::{
    Advertised, Capabilities, Command, Credential, EventId, EventKind, Form, GreetingStatus, Problem, Reply,
    Span, Stamp, Status, TraceBuilder, Verb,
};
use crate::wire;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

/// Commands whose answer is awaited; the oldest is forgotten first.
const PENDING_LIMIT: usize = 256;

/// A command whose answer has not come.
#[derive(Debug)]
struct Pending {
    command: EventId,
    verb: Verb,
    multi_line: bool,
}

/// An answer whose lines are still coming.
#[derive(Debug)]
struct Open {
    start: usize,
    status: Status,
    answered: Option<Pending>,
}

/// The observer of one hop.
#[derive(Debug, Default)]
pub struct Pop3Observer {
    /// Where the unread octets of each side begin, and how many behind that hold no line ending.
    client: (usize, usize),
    server: (usize, usize),
    pending: VecDeque<Pending>,
    open: Option<Open>,
    exchange: Option<Exchange>,
    upgrade: Upgrade,
    greeted: bool,
}

fn span(range: Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: at(range.start), end: at(range.end) }
}

impl Pop3Observer {
    fn next_line(&mut self, hop: Hop, from: Side, trace: &TraceBuilder) -> Option<Range<usize>> {
        let tape = trace.so_far().tape(hop, from);
        let (start, searched) = match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let Some(line) = wire::line(tape, *start, *searched) else {
            *searched = tape.len().saturating_sub(*start);
            return None;
        };
        let whole = *start..line.end();
        (*start, *searched) = (line.end(), 0);
        Some(whole)
    }

    fn client_line(&mut self, hop: Hop, whole: Range<usize>, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Client).get(whole.clone()).unwrap_or_default();
        let bare = octets.ends_with(b"\n") && !octets.ends_with(b"\r\n");
        let text = wire::text(octets);
        let place = span(whole.clone());
        let (keyword, arguments) = grammar::command(text);
        let known = grammar::command_name(keyword, arguments);
        if let Some(exchange) = &mut self.exchange
            && (exchange.asked || known.is_none())
        {
            let content = span(whole.start..whole.start.saturating_add(text.len()));
            if exchange.answer(hop, place, content, trace) {
                self.exchange = None;
            }
            return;
        }
        if text.is_empty() || !keyword.iter().all(u8::is_ascii_alphabetic) {
            if !text.is_empty() {
                trace.read(hop, Side::Client, place, Vec::new(), EventKind::Malformed(Problem::NoCommand));
            }
            return;
        }
        let (verb, name) = known
            .unwrap_or_else(|| (Verb::Other, Cow::Owned(String::from_utf8_lossy(keyword).to_uppercase())));
        let mut command = Command {
            tag: None,
            verb,
            name,
            mechanism: None,
            initial_response: false,
            credential: None,
            fault: None,
            surplus_arguments: !arguments.is_empty()
                && matches!(verb, Verb::StartTls | Verb::Capability | Verb::Logout),
            complete: octets.ends_with(b"\n"),
        };
        let argument_start = whole.start.saturating_add(keyword.len()).saturating_add(1);
        let text_end = whole.start.saturating_add(text.len());
        let mut secrets = Vec::new();
        match verb {
            Verb::Pass if !arguments.is_empty() => {
                secrets.push(span(argument_start..text_end));
                command.credential = Some(Credential { mechanism: "PASS".into(), hidden: false });
            }
            Verb::Authenticate if !arguments.is_empty() => {
                let mut words = arguments.split(|&o| o == b' ');
                let mechanism: Box<str> =
                    String::from_utf8_lossy(words.next().unwrap_or_default()).to_uppercase().into();
                if let Some(initial) = words.next() {
                    command.initial_response = true;
                    let shown = shown_by(&mechanism, 0, base64(initial), initial);
                    if shown.credential.is_some() {
                        secrets.push(span(text_end.saturating_sub(initial.len())..text_end));
                    }
                    command.credential = shown.credential;
                    command.fault = shown.fault;
                }
                command.mechanism = Some(mechanism);
            }
            _ => {}
        }
        let multi_line = grammar::multi_line(text);
        let exchange = command.mechanism.clone().map(|name| (name, u32::from(command.initial_response)));
        let id = trace.read(hop, Side::Client, place, secrets, EventKind::Command(Box::new(command)));
        if bare {
            trace.read(hop, Side::Client, place, Vec::new(), EventKind::Malformed(Problem::BareLineFeed));
        }
        if let Some((mechanism, answers)) = exchange {
            self.exchange =
                Some(Exchange { command: id, mechanism, encoding: Encoding::Base64, asked: false, answers });
        }
        if verb == Verb::StartTls {
            self.upgrade.asked(id, whole.end);
        }
        if self.pending.len() >= PENDING_LIMIT {
            self.pending.pop_front();
        }
        self.pending.push_back(Pending { command: id, verb, multi_line });
    }

    fn server_line(&mut self, hop: Hop, whole: Range<usize>, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default();
        let bare = octets.ends_with(b"\n") && !octets.ends_with(b"\r\n");
        let text = wire::text(octets);
        let place = span(whole.clone());
        let first = !self.greeted && trace.so_far().tape(hop, Side::Client).is_empty();
        let status = grammar::status(text);
        let (empty, asks) = (text.is_empty(), grammar::continuation(text).is_some());
        if let Some(open) = &self.open {
            if text == b"." {
                let start = open.start;
                if let Some(open) = self.open.take() {
                    self.answer(hop, start..whole.end, open.status, open.answered, trace);
                }
            }
            return;
        }
        self.greeted = true;
        match status {
            Some((status, _)) if first => {
                let greeting = if status == Status::Ok { GreetingStatus::Ok } else { GreetingStatus::Other };
                trace.read(hop, Side::Server, place, Vec::new(), EventKind::Greeting(greeting));
            }
            Some((status, _)) => {
                let answered = self.pending.pop_front();
                if status == Status::Ok && answered.as_ref().is_some_and(|pending| pending.multi_line) {
                    self.open = Some(Open { start: whole.start, status, answered });
                } else {
                    self.answer(hop, whole.clone(), status, answered, trace);
                }
            }
            None if asks => {
                let to = self.exchange.as_mut().map(|exchange| {
                    exchange.asked = true;
                    exchange.command
                });
                let reply =
                    Reply { form: Form::Continue, status: None, to, code: None, name: Cow::Borrowed("+") };
                trace.read(hop, Side::Server, place, Vec::new(), EventKind::Reply(Box::new(reply)));
            }
            None => {
                if first {
                    let kind = EventKind::Greeting(GreetingStatus::Other);
                    trace.read(hop, Side::Server, place, Vec::new(), kind);
                }
                if !empty {
                    trace.read(
                        hop,
                        Side::Server,
                        place,
                        Vec::new(),
                        EventKind::Malformed(Problem::NoResponse),
                    );
                }
            }
        }
        if bare {
            trace.read(hop, Side::Server, place, Vec::new(), EventKind::Malformed(Problem::BareLineFeed));
        }
    }

    /// A final answer with all its lines.
    fn answer(
        &mut self,
        hop: Hop,
        whole: Range<usize>,
        status: Status,
        answered: Option<Pending>,
        trace: &mut TraceBuilder,
    ) {
        let place = span(whole.clone());
        let octets = trace.so_far().slice(hop, Side::Server, place);
        let line = wire::text(octets.split_inclusive(|&o| o == b'\n').next().unwrap_or_default());
        let behind = grammar::status(line).map_or(0, |(_, behind)| behind);
        // RFC 2449 section 8: a code in brackets stands right behind the status word.
        let code = line.get(behind..).filter(|rest| rest.starts_with(b"[")).and_then(|rest| {
            let end = rest.iter().position(|&o| o == b']')?;
            let start = whole.start.saturating_add(behind);
            Some(span(start.saturating_add(1)..start.saturating_add(end)))
        });
        let verb = answered.as_ref().map(|pending| pending.verb);
        let listed = (verb == Some(Verb::Capability) && status == Status::Ok).then(|| {
            let lines =
                octets.split(|&o| o == b'\n').skip(1).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            Capabilities::new(lines.filter(|line| !line.is_empty() && *line != b"."))
        });
        let to = answered.map(|pending| pending.command);
        let reply = Reply { form: Form::Final, status: Some(status), to, code, name: Cow::Borrowed("") };
        trace.read(hop, Side::Server, place, Vec::new(), EventKind::Reply(Box::new(reply)));
        if let Some(listed) = listed {
            let kind = EventKind::Advertise(Box::new(listed), Advertised::Answer);
            trace.read(hop, Side::Server, place, Vec::new(), kind);
        }
        if self.exchange.as_ref().is_some_and(|exchange| Some(exchange.command) == to) {
            self.exchange = None;
        }
        self.upgrade.answered(to, status, whole.end);
    }

    /// What is on the tape but will never be complete.
    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        let (mut start, _) = match from {
            Side::Client => std::mem::replace(&mut self.client, (end, 0)),
            Side::Server => std::mem::replace(&mut self.server, (end, 0)),
        };
        if from == Side::Server
            && let Some(open) = self.open.take()
        {
            start = open.start;
            self.answer(hop, start..end, open.status, open.answered, trace);
        } else if from == Side::Client && start < end {
            self.client_line(hop, start..end, trace);
        }
        if start < end {
            let kind = EventKind::Malformed(Problem::Unfinished);
            trace.read(hop, from, span(start..end), Vec::new(), kind);
        }
    }
}

impl Observer for Pop3Observer {
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        while let Some(line) = self.next_line(hop, from, trace) {
            match from {
                Side::Client => self.client_line(hop, line, trace),
                Side::Server => self.server_line(hop, line, trace),
            }
        }
    }

    fn tls_began(&mut self, stamp: Stamp, trace: &mut TraceBuilder) {
        for from in Side::BOTH {
            self.unfinished(stamp.hop, from, trace);
        }
        self.upgrade.began(stamp.hop, trace);
        // On a port with TLS from the first octet the greeting is still to come.
        self.pending.clear();
        self.exchange = None;
    }

    fn finish(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        for from in Side::BOTH {
            self.unfinished(hop, from, trace);
        }
    }
}
