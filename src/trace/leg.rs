//! What one side sent and saw: the finders that rules and facts are written with.

use super::{
    Capabilities, Class, Command, Credential, Event, EventId, EventKind, Form, Note, Policy, Reply, Status,
    Trace, Verb,
};
use crate::base::{Hop, Layer, Protocol, Side};
use crate::sasl::base64;
use crate::sasl::plain::{self, Malformed};
use crate::tls::{Facts, Failure};
use crate::wire;

/// The events of one hop.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    trace: &'a Trace,
    hop: Hop,
}

/// A reply and the command that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The command's event.
    pub asked: &'a Event,
    /// The command.
    pub command: &'a Command,
    /// The reply's event.
    pub at: &'a Event,
    /// The reply.
    pub reply: &'a Reply,
}

impl Answer<'_> {
    /// Whether it completes the command with a success.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.reply.form == Form::Final && self.reply.status == Some(Status::Ok)
    }

    /// Whether it completes the command.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.reply.form == Form::Final
    }

    /// Whether it completes the command with NO, BAD or -ERR.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.is_final() && matches!(self.reply.status, Some(Status::No | Status::Bad | Status::Err))
    }

    /// Whether command and reply both travelled outside TLS.
    #[must_use]
    pub fn in_clear(&self) -> bool {
        self.asked.layer == Layer::Clear && self.at.layer == Layer::Clear
    }
}

/// A client message of the PLAIN mechanism.
#[derive(Clone, Copy, Debug)]
pub struct PlainMessage<'a> {
    /// The command or line that carries it.
    pub at: &'a Event,
    /// The command that opened the exchange.
    pub command: EventId,
    /// The password that it shows.
    pub credential: Option<&'a Credential>,
    /// How it breaks the grammar of RFC 4616.
    pub fault: Option<Malformed>,
}

impl<'a> Leg<'a> {
    pub(super) fn new(trace: &'a Trace, hop: Hop) -> Self {
        Self { trace, hop }
    }

    /// The whole trace.
    #[must_use]
    pub fn trace(self) -> &'a Trace {
        self.trace
    }

    /// The hop.
    #[must_use]
    pub fn hop(self) -> Hop {
        self.hop
    }

    /// The events of one class, in order.
    pub fn of(self, class: Class) -> impl DoubleEndedIterator<Item = &'a Event> + Clone {
        self.trace.of_class(self.hop, class).iter().filter_map(move |&id| self.trace.event(id))
    }

    /// Everything that happened on this hop, in order.
    pub fn events(self) -> impl DoubleEndedIterator<Item = &'a Event> + Clone {
        self.trace.events().iter().filter(move |event| event.hop == self.hop)
    }

    /// The client's commands.
    pub fn commands(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        self.of(Class::Command).filter_map(|event| match &event.kind {
            EventKind::Command(command) => Some((event, &**command)),
            _ => None,
        })
    }

    /// The commands of one meaning.
    pub fn commands_of(
        self,
        verb: Verb,
    ) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        self.commands().filter(move |(_, command)| command.verb == verb)
    }

    /// Final replies and continuations.
    pub fn replies(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Reply)> + Clone {
        self.of(Class::Reply).filter_map(|event| match &event.kind {
            EventKind::Reply(reply) => Some((event, reply)),
            _ => None,
        })
    }

    /// The final reply to a command.
    #[must_use]
    pub fn reply_to(self, command: EventId) -> Option<(&'a Event, &'a Reply)> {
        let event = self.trace.answer_to(command).filter(|event| event.hop == self.hop)?;
        match &event.kind {
            EventKind::Reply(reply) => Some((event, reply)),
            _ => None,
        }
    }

    /// Final replies and continuations together with the command that each belongs to.
    pub fn answers(self) -> impl DoubleEndedIterator<Item = Answer<'a>> + Clone {
        self.replies().filter_map(move |(at, reply)| {
            let asked = self.trace.event(reply.to?)?;
            match &asked.kind {
                EventKind::Command(command) => Some(Answer { asked, command, at, reply }),
                _ => None,
            }
        })
    }

    /// The client's PLAIN messages, well formed or not: initial responses and answers to a challenge.
    pub fn plain_messages(self) -> impl Iterator<Item = PlainMessage<'a>> + Clone {
        let is_plain = |command: &Command| command.mechanism.as_deref() == Some("PLAIN");
        let at_once =
            self.commands().filter(move |(_, c)| c.initial_response && is_plain(c)).map(|(at, command)| {
                PlainMessage {
                    at,
                    command: at.id,
                    credential: command.credential.as_ref(),
                    fault: command.fault,
                }
            });
        let when_asked = self.of(Class::AuthStep).filter_map(move |at| match &at.kind {
            EventKind::AuthStep { command, cancel: false, credential, fault } => {
                let opened = self.trace.event(*command)?;
                let plain = matches!(&opened.kind, EventKind::Command(command) if is_plain(command));
                let (command, credential, fault) = (*command, credential.as_ref(), *fault);
                plain.then_some(PlainMessage { at, command, credential, fault })
            }
            _ => None,
        });
        at_once.chain(when_asked)
    }

    /// The parts of a PLAIN message. `None` where the octets are not here, or keep no grammar.
    #[must_use]
    pub fn plain_parts(self, message: &PlainMessage<'_>) -> Option<plain::Plain> {
        let at = message.at;
        let text = self.trace.slice(at.hop, at.from, *at.secrets.first()?);
        let octets = match self.trace.protocol() {
            Protocol::Acap => text.to_vec(),
            Protocol::Imap | Protocol::Pop3 => base64::decode(text).ok()?,
        };
        plain::decode(&octets, plain::Grammar::Rfc4616).ok()
    }

    /// Server lines with the response code ALERT.
    pub fn alerts(self) -> impl Iterator<Item = &'a Event> + Clone {
        let lines = self.of(Class::Untagged).chain(self.of(Class::Reply));
        lines.filter(move |at| match &at.kind {
            EventKind::Reply(reply) => {
                self.code(at, reply).is_some_and(|code| code.eq_ignore_ascii_case(b"ALERT"))
            }
            _ => false,
        })
    }

    /// An AUTHENTICATE PLAIN of a layer whose message, if the client sent one, is not in the recording.
    #[must_use]
    pub fn plain_left_open(self, layer: Layer) -> Option<&'a Event> {
        let (event, _) = self.commands_of(Verb::Authenticate).rfind(|(event, command)| {
            event.layer == layer && command.mechanism.as_deref() == Some("PLAIN") && !command.initial_response
        })?;
        let went_on = self.reply_to(event.id).is_some()
            || self.of(Class::Closed).next().is_some()
            || self.of(Class::AuthStep).next_back().is_some_and(|step| step.id > event.id);
        (!went_on).then_some(event)
    }

    /// Capability lists.
    pub fn lists(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Capabilities)> + Clone {
        self.of(Class::Advertise).filter_map(|event| match &event.kind {
            EventKind::Advertise(list, _) => Some((event, list)),
            _ => None,
        })
    }

    /// The newest capability list of a layer before an event: the newest replaces the older ones completely.
    #[must_use]
    pub fn list_before(self, event: EventId, layer: Layer) -> Option<(&'a Event, &'a Capabilities)> {
        let ids = self.trace.of_class(self.hop, Class::Advertise);
        let before = ids.get(..ids.partition_point(|&id| id < event))?;
        before.iter().rev().filter_map(|&id| self.trace.event(id)).find_map(|event| match &event.kind {
            EventKind::Advertise(list, _) if event.layer == layer => Some((event, list)),
            _ => None,
        })
    }

    /// Where a handshake began.
    #[must_use]
    pub fn tls_began(self) -> Option<&'a Event> {
        self.of(Class::Tls).find(|event| matches!(event.kind, EventKind::TlsBegan))
    }

    /// Where a handshake was completed. Octets seen inside TLS prove it too.
    #[must_use]
    pub fn tls_up(self) -> Option<(&'a Event, &'a Facts)> {
        self.of(Class::Tls).find_map(|event| match &event.kind {
            EventKind::TlsUp(facts) => Some((event, &**facts)),
            _ => None,
        })
    }

    /// Where a handshake failed.
    #[must_use]
    pub fn tls_failed(self) -> Option<(&'a Event, Failure)> {
        self.of(Class::Tls).find_map(|event| match event.kind {
            EventKind::TlsFailed(failure) => Some((event, failure)),
            _ => None,
        })
    }

    /// Whether anything that went through TLS can be read.
    #[must_use]
    pub fn sees_inside_tls(self) -> bool {
        self.of(Class::Command)
            .chain(self.of(Class::Reply))
            .chain(self.of(Class::Untagged))
            .chain(self.of(Class::Greeting))
            .chain(self.of(Class::Advertise))
            .any(|event| event.layer == Layer::Tls)
    }

    /// The first sign that a TLS layer is up: the end of a handshake, or something that went through TLS.
    #[must_use]
    pub fn inside_tls(self) -> Option<&'a Event> {
        self.events().find(|event| event.layer == Layer::Tls)
    }

    /// A handshake that STARTTLS led to: the command, and the first sign of the handshake or of TLS.
    #[must_use]
    pub fn upgraded(self) -> Option<(&'a Event, &'a Event)> {
        let tls = self.tls_began().or_else(|| self.inside_tls())?;
        let (asked, _) = self
            .commands_of(Verb::StartTls)
            .rfind(|(event, _)| event.layer == Layer::Clear && event.id < tls.id)?;
        Some((asked, tls))
    }

    /// Whether a handshake began of which neither the failure nor anything inside can be seen. A simulation hides
    /// nothing: there, nothing seen inside means that nothing happened inside.
    #[must_use]
    pub fn tls_hidden(self) -> bool {
        self.trace.carries() != super::Carries::ALL
            && self.tls_began().is_some()
            && self.tls_failed().is_none()
            && !self.sees_inside_tls()
    }

    /// Where one side closed the connection.
    #[must_use]
    pub fn closed_by(self, side: Side) -> Option<&'a Event> {
        self.of(Class::Closed).find(|event| event.from == side)
    }

    /// The policy that a party says it is set to, with the note that says so.
    #[must_use]
    pub fn policy(self, side: Side) -> Option<(&'a Event, Policy)> {
        self.notes(side).find_map(|(event, note)| match note {
            Note::Policy(policy) => Some((event, policy)),
            _ => None,
        })
    }

    /// Messages of the client that show a credential, with what they show.
    pub fn credentials(self) -> impl Iterator<Item = (&'a Event, &'a Credential)> + Clone {
        let in_commands = self.commands().filter_map(|(e, c)| c.credential.as_ref().map(|c| (e, c)));
        let in_steps = self.of(Class::AuthStep).filter_map(|event| match &event.kind {
            EventKind::AuthStep { credential: Some(credential), .. } => Some((event, credential)),
            _ => None,
        });
        in_commands.chain(in_steps)
    }

    /// The message that shows the credential of a login: the command itself, or a line of its exchange.
    #[must_use]
    pub fn secret_of(self, login: EventId) -> Option<&'a Event> {
        self.credentials().map(|(event, _)| event).find(|event| match &event.kind {
            EventKind::AuthStep { command, .. } => *command == login,
            _ => event.id == login,
        })
    }

    /// The secret that a login shows, as it was written. `None` where the source hides it.
    #[must_use]
    pub fn secret(self, login: EventId) -> Option<&'a [u8]> {
        let event = self.secret_of(login)?;
        event.secrets.first().map(|secret| self.trace.slice(event.hop, event.from, *secret))
    }

    /// What an answer says behind its tag.
    #[must_use]
    pub fn said(self, answer: &Event) -> &'a [u8] {
        let octets = self.trace.octets(answer);
        if self.trace.protocol() == Protocol::Pop3 {
            return octets;
        }
        let space = octets.iter().position(|&o| o == b' ').unwrap_or_default();
        octets.get(space..).unwrap_or_default()
    }

    /// The longest literal that a command sends without waiting, in octets.
    #[must_use]
    pub fn unasked_literal(self, command: &Event) -> Option<u64> {
        let octets = self.trace.octets(command);
        let (mut from, mut longest) = (0, None);
        while let Some(line) = wire::line(octets, from, 0) {
            let announced = octets.get(line.text.clone()).and_then(wire::literal);
            let Some(announced) = announced else { break };
            if !announced.synchronizing {
                longest = longest.max(Some(announced.octets));
            }
            from = line.end().saturating_add(usize::try_from(announced.octets).unwrap_or(usize::MAX));
        }
        longest
    }

    /// The inside of a reply's response code.
    #[must_use]
    pub fn code(self, at: &Event, reply: &Reply) -> Option<&'a [u8]> {
        reply.code.map(|code| self.trace.slice(at.hop, at.from, code))
    }

    /// The words of an event's first line, as they were written.
    pub fn words(self, at: &Event) -> impl Iterator<Item = &'a [u8]> + Clone {
        let octets = self.trace.octets(at);
        let line = octets.split(|&o| o == b'\r' || o == b'\n').next().unwrap_or_default();
        line.split(|&o| o == b' ').filter(|word| !word.is_empty())
    }

    /// The words of an IMAP command behind its name, as they were written.
    pub fn arguments(self, command: &Event) -> impl Iterator<Item = &'a [u8]> + Clone {
        self.words(command).skip(2)
    }

    /// Notes of one party.
    pub fn notes(self, by: Side) -> impl DoubleEndedIterator<Item = (&'a Event, Note)> + Clone {
        self.of(Class::Note).filter_map(move |event| match event.kind {
            EventKind::Note(note) if event.from == by => Some((event, note)),
            _ => None,
        })
    }

    /// The first note of one party that a predicate likes.
    pub fn note(self, by: Side, wanted: impl Fn(Note) -> bool) -> Option<&'a Event> {
        self.notes(by).find(|(_, note)| wanted(*note)).map(|(event, _)| event)
    }
}
