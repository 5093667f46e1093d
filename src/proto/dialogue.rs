//! What the observers of all protocols keep of a dialogue: commands whose answer is awaited, an open SASL exchange,
//! and the upgrade.

use super::exchange::{Encoding, Exchange};
use super::upgrade::Upgrade;
use crate::base::{Hop, Protocol, Side};
use crate::trace::{Command, EventId, EventKind, Problem, Span, Status, TraceBuilder, Verb};
use crate::wire;
use std::collections::VecDeque;

/// Commands whose answer is awaited; the oldest is forgotten first.
const PENDING_LIMIT: usize = 256;

/// A command whose final answer has not come.
#[derive(Clone, Copy, Debug)]
pub struct Awaited {
    /// Where its tag stands on the client's tape; POP3 has none.
    pub tag: Option<Span>,
    /// Its event.
    pub command: EventId,
    /// What it means.
    pub verb: Verb,
}

/// The dialogue on one hop.
#[derive(Debug, Default)]
pub struct Dialogue {
    pending: VecDeque<Awaited>,
    /// The exchange that is open.
    pub exchange: Option<Exchange>,
    upgrade: Upgrade,
    greeted: bool,
}

impl Dialogue {
    /// Writes a command down, awaits its answer, and opens the exchange or the upgrade that it asks for.
    pub fn command(
        &mut self,
        hop: Hop,
        whole: Span,
        secrets: Vec<Span>,
        command: Command,
        encoding: Encoding,
        trace: &mut TraceBuilder,
    ) {
        let (tag, verb, complete) = (command.tag, command.verb, command.complete);
        let answers = u32::from(command.initial_response);
        let mechanism = command.mechanism.clone();
        let id = trace.read(hop, Side::Client, whole, secrets, EventKind::Command(Box::new(command)));
        if complete {
            line_end(hop, Side::Client, whole, trace);
        }
        if let Some(mechanism) = mechanism {
            self.exchange = Some(Exchange { command: id, mechanism, encoding, asked: false, answers });
        }
        if verb == Verb::StartTls {
            self.upgrade.asked(id, whole.end as usize);
        }
        self.awaits(Awaited { tag, command: id, verb });
    }

    /// The client sent what is to be answered.
    pub fn awaits(&mut self, awaited: Awaited) {
        if self.pending.len() >= PENDING_LIMIT {
            self.pending.pop_front();
        }
        self.pending.push_back(awaited);
    }

    /// Takes in the client's next message of the open exchange.
    pub fn sasl_message(&mut self, hop: Hop, whole: Span, content: Span, trace: &mut TraceBuilder) {
        if let Some(exchange) = &mut self.exchange
            && exchange.answer(hop, whole, content, trace)
        {
            self.exchange = None;
        }
    }

    /// The server speaks: whether this is its greeting.
    pub fn greeting_due(&mut self, hop: Hop, trace: &TraceBuilder) -> bool {
        self.first_words(hop, trace) == (true, false)
    }

    /// The server speaks: whether for the first time, and whether the client spoke before.
    pub fn first_words(&mut self, hop: Hop, trace: &TraceBuilder) -> (bool, bool) {
        let spoke = !trace.so_far().tape(hop, Side::Client).is_empty();
        (!std::mem::replace(&mut self.greeted, true), spoke)
    }

    /// A continuation came: the command whose exchange goes on, if one is open.
    pub fn continued(&mut self) -> Option<EventId> {
        self.exchange.as_mut().map(|exchange| {
            exchange.asked = true;
            exchange.command
        })
    }

    /// The command that was sent last and is not answered.
    #[must_use]
    pub fn last(&self) -> Option<&Awaited> {
        self.pending.back()
    }

    /// The newest unanswered command with a tag.
    #[must_use]
    pub fn tagged(&self, hop: Hop, tag: &[u8], trace: &TraceBuilder) -> Option<Awaited> {
        let written = |tag| trace.so_far().slice(hop, Side::Client, tag);
        self.pending.iter().rfind(|awaited| awaited.tag.map(written) == Some(tag)).copied()
    }

    /// The oldest unanswered command, which is then answered: POP3's answers come in order.
    pub fn oldest(&mut self) -> Option<Awaited> {
        self.pending.pop_front()
    }

    /// What seemed to be the answer to the oldest command was none.
    pub fn not_answered(&mut self, awaited: Awaited) {
        self.pending.push_front(awaited);
    }

    /// A final answer came, which ends at `end` of the server's tape.
    pub fn answered(&mut self, to: Option<EventId>, status: Status, end: usize) {
        if let Some(to) = to {
            self.pending.retain(|awaited| awaited.command != to);
            if self.exchange.as_ref().is_some_and(|exchange| exchange.command == to) {
                self.exchange = None;
            }
        }
        self.upgrade.answered(to, status, end);
    }

    /// Whether a server's octets behind its positive answer say in TLS that it gives up.
    #[must_use]
    pub fn is_alert(&self, octets: &[u8]) -> bool {
        self.upgrade.is_alert(octets)
    }

    /// A handshake begins: nothing that was said in the clear is awaited any longer.
    pub fn tls_began(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        self.upgrade.began(hop, trace);
        self.pending.clear();
        self.exchange = None;
    }
}

/// Writes down that a whole message ends in LF alone, if it does, and that it has a NUL where no grammar has one.
pub fn line_end(hop: Hop, from: Side, whole: Span, trace: &mut TraceBuilder) {
    if nul_in_text(trace.so_far().slice(hop, from, whole), trace.so_far().protocol()) {
        trace.read(hop, from, whole, Vec::new(), EventKind::Malformed(Problem::Nul));
    }
    if !trace.so_far().slice(hop, from, whole).ends_with(b"\r\n") {
        trace.read(hop, from, whole, Vec::new(), EventKind::Malformed(Problem::BareLineFeed));
    }
}

/// A NUL outside the literals of a message (RFC 2244 section 2.6.3, RFC 9051 section 4.3). What stands behind the first
/// line of POP3 is mail, whose octets are its own.
fn nul_in_text(message: &[u8], protocol: Protocol) -> bool {
    // An alert of TLS in the clear is no line of the protocol.
    if memchr::memchr(0, message).is_none() || message.starts_with(&[0x15, 0x03]) {
        return false;
    }
    let mut rest = message;
    loop {
        let first = memchr::memchr(b'\n', rest).map_or(rest.len(), |lf| lf.saturating_add(1));
        let (line, behind) = rest.split_at(first.min(rest.len()));
        if memchr::memchr(0, line).is_some() {
            return true;
        }
        let octets = match wire::literal(wire::text(line)) {
            _ if protocol == Protocol::Pop3 || behind.is_empty() => return false,
            Some(literal) => usize::try_from(literal.octets).unwrap_or(usize::MAX),
            None => 0,
        };
        rest = behind.get(octets..).unwrap_or_default();
    }
}
