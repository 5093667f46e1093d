//! What one side sent and saw: the finders that rules and facts are written with.

use super::{
    Capabilities, Class, Command, Credential, Event, EventId, EventKind, Form, Note, Policy, Reply, Sought,
    Span, Status, Trace, Trail, Verb,
};
use crate::base::{Hop, Layer, Protocol, Side};
use crate::sasl::base64;
use crate::sasl::plain::{self, Malformed};
use crate::tls::{Facts, Failure};
use crate::wire;

/// The events of one hop.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    pub(super) trace: &'a Trace,
    pub(super) hop: Hop,
    /// Where the finders write down what they find, while somebody asks why a rule did not fire.
    pub(super) trail: Option<&'a Trail>,
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
    leg: Leg<'a>,
}

impl Answer<'_> {
    /// Whether it completes the command with a success.
    #[must_use]
    pub fn accepts(&self) -> bool {
        let holds = self.reply.form == Form::Final && self.reply.status == Some(Status::Ok);
        self.leg.fact(self.at.id, holds, "the server grants it", "the server does not grant it")
    }

    /// Whether it completes the command.
    #[must_use]
    pub fn is_final(&self) -> bool {
        let holds = self.reply.form == Form::Final;
        self.leg.fact(self.at.id, holds, "it completes the command", "it only asks the client to go on")
    }

    /// Whether it completes the command with NO, BAD or -ERR.
    #[must_use]
    pub fn refuses(&self) -> bool {
        let refused = matches!(self.reply.status, Some(Status::No | Status::Bad | Status::Err));
        let holds = self.reply.form == Form::Final && refused;
        self.leg.fact(self.at.id, holds, "the server refuses it", "the server does not refuse it")
    }

    /// Whether command and reply both travelled outside TLS.
    #[must_use]
    pub fn in_clear(&self) -> bool {
        let holds = self.asked.layer == Layer::Clear && self.at.layer == Layer::Clear;
        self.leg.fact(self.at.id, holds, "all of it is outside TLS", "it is inside TLS")
    }

    /// Whether it answers a command of one meaning.
    #[must_use]
    pub fn is_to(&self, verb: Verb) -> bool {
        let what = verb.sought();
        self.leg.fact(self.at.id, self.command.verb == verb, what.one, "it answers another command")
    }

    /// Whether it answers part of a login.
    #[must_use]
    pub fn is_to_login(&self) -> bool {
        let holds = self.command.verb.logs_in();
        self.leg.fact(self.at.id, holds, "it answers part of a login", "it answers no login")
    }

    /// Whether it answers a login whose secret a reader of the wire learns.
    #[must_use]
    pub fn is_to_password(&self) -> bool {
        let holds = self.command.sends_password();
        let no = "what it answers shows no password";
        self.leg.fact(self.at.id, holds, "it answers a login that shows the password", no)
    }

    /// Whether it answers a command that was given more arguments than it has.
    #[must_use]
    pub fn is_to_argument(&self) -> bool {
        let holds = self.command.surplus_arguments;
        self.leg.fact(self.at.id, holds, "the command has an argument", "the command has no argument")
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
        Self { trace, hop, trail: None }
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
        self.watch(self.every(class), |event| event.id, class.sought())
    }

    /// The events of one class behind an event, in order, found without going over those before it.
    pub fn behind(self, class: Class, event: EventId) -> impl DoubleEndedIterator<Item = &'a Event> + Clone {
        let ids = self.trace.of_class(self.hop, class);
        let ids = ids.get(ids.partition_point(|&id| id <= event)..).unwrap_or_default();
        let events = ids.iter().filter_map(move |&id| self.trace.event(id));
        self.watch(events, |event| event.id, class.sought())
    }

    /// The commands behind an event.
    pub fn commands_behind(
        self,
        event: EventId,
    ) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        let alone = Self { trail: None, ..self };
        let commands = alone.behind(Class::Command, event).filter_map(|event| match &event.kind {
            EventKind::Command(command) => Some((event, &**command)),
            _ => None,
        });
        self.watch(commands, |(event, _)| event.id, Class::Command.sought())
    }

    /// The commands that begin at or behind an octet of the client's tape.
    pub fn commands_from(
        self,
        octet: u32,
    ) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        let ids = self.trace.of_class(self.hop, Class::Command);
        let before = |id: &EventId| self.trace.event(*id).is_some_and(|event| event.span.start < octet);
        let ids = ids.get(ids.partition_point(before)..).unwrap_or_default();
        let events = ids.iter().filter_map(move |&id| self.trace.event(id));
        events.filter_map(|event| match &event.kind {
            EventKind::Command(command) => Some((event, &**command)),
            _ => None,
        })
    }

    fn every(self, class: Class) -> impl DoubleEndedIterator<Item = &'a Event> + Clone {
        self.trace.of_class(self.hop, class).iter().filter_map(move |&id| self.trace.event(id))
    }

    /// Everything that happened on this hop, in order.
    pub fn events(self) -> impl DoubleEndedIterator<Item = &'a Event> + Clone {
        self.trace.events().iter().filter(move |event| event.hop == self.hop)
    }

    /// The client's commands.
    pub fn commands(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        self.watch(self.every_command(), |(event, _)| event.id, Class::Command.sought())
    }

    fn every_command(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        self.every(Class::Command).filter_map(|event| match &event.kind {
            EventKind::Command(command) => Some((event, &**command)),
            _ => None,
        })
    }

    /// The commands of one meaning.
    pub fn commands_of(
        self,
        verb: Verb,
    ) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        let commands = self.every_command().filter(move |(_, command)| command.verb == verb);
        self.watch(commands, |(event, _)| event.id, verb.sought())
    }

    /// The commands of a name.
    pub fn commands_named(
        self,
        name: &'static str,
        sought: Sought,
    ) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        let commands = self.every_command().filter(move |(_, command)| command.name == name);
        self.watch(commands, |(event, _)| event.id, sought)
    }

    /// The commands that are part of a login.
    pub fn logins(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Command)> + Clone {
        let commands = self.every_command().filter(|(_, command)| command.verb.logs_in());
        let sought = Sought { one: "part of a login", none: "nobody tried to log in" };
        self.watch(commands, |(event, _)| event.id, sought)
    }

    /// Final replies and continuations.
    pub fn replies(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Reply)> + Clone {
        self.watch(self.every_reply(), |(event, _)| event.id, Class::Reply.sought())
    }

    fn every_reply(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Reply)> + Clone {
        self.every(Class::Reply).filter_map(|event| match &event.kind {
            EventKind::Reply(reply) => Some((event, reply)),
            _ => None,
        })
    }

    /// The final reply to a command.
    #[must_use]
    pub fn reply_to(self, command: EventId) -> Option<(&'a Event, &'a Reply)> {
        let event = self.trace.answer_to(command).filter(|event| event.hop == self.hop);
        let answer = event.and_then(|event| match &event.kind {
            EventKind::Reply(reply) => Some((event, reply)),
            _ => None,
        });
        self.found(answer, |(event, _)| event.id, "it was answered", "it was not answered")
    }

    /// Final replies and continuations together with the command that each belongs to.
    pub fn answers(self) -> impl DoubleEndedIterator<Item = Answer<'a>> + Clone {
        let answers = self.every_reply().filter_map(move |(at, reply)| {
            let asked = self.trace.event(reply.to?)?;
            match &asked.kind {
                EventKind::Command(command) => Some(Answer { asked, command, at, reply, leg: self }),
                _ => None,
            }
        });
        self.watch(answers, |answer| answer.at.id, ANSWER)
    }

    /// Final replies to the commands of a name.
    pub fn answers_to(
        self,
        name: &'static str,
        sought: Sought,
    ) -> impl DoubleEndedIterator<Item = Answer<'a>> + Clone {
        let plain = Self { trail: None, ..self };
        let answers = plain.answers().filter(move |a| a.command.name == name && a.is_final());
        self.watch(answers.map(move |a| Answer { leg: self, ..a }), |answer| answer.at.id, sought)
    }

    /// The client's PLAIN messages, well formed or not: initial responses and answers to a challenge.
    pub fn plain_messages(self) -> impl Iterator<Item = PlainMessage<'a>> + Clone {
        let is_plain = |command: &Command| command.mechanism.as_deref() == Some("PLAIN");
        let at_once = self.every_command().filter(move |(_, c)| c.initial_response && is_plain(c)).map(
            |(at, command)| PlainMessage {
                at,
                command: at.id,
                credential: command.credential.as_ref(),
                fault: command.fault,
            },
        );
        let when_asked = self.every(Class::AuthStep).filter_map(move |at| match &at.kind {
            EventKind::AuthStep { command, cancel: false, credential, fault } => {
                let opened = self.trace.event(*command)?;
                let plain = matches!(&opened.kind, EventKind::Command(command) if is_plain(command));
                let (command, credential, fault) = (*command, credential.as_ref(), *fault);
                plain.then_some(PlainMessage { at, command, credential, fault })
            }
            _ => None,
        });
        self.watch(at_once.chain(when_asked), |message| message.at.id, PLAIN)
    }

    /// Whether a PLAIN message is not written as its protocol demands: in base64 that is none, or in ACAP as a quoted string,
    /// which cannot hold a NUL (RFC 2244 section 2.6.3).
    #[must_use]
    pub fn written_wrong(self, message: &PlainMessage<'_>) -> bool {
        let at = message.at;
        let Some(&span) = at.secrets.first() else { return false };
        let text = self.trace.slice(at.hop, at.from, span);
        match self.trace.protocol() {
            Protocol::Acap => {
                let before = Span { start: span.start.saturating_sub(1), end: span.start };
                text.contains(&0) && self.trace.slice(at.hop, at.from, before) == b"\""
            }
            Protocol::Imap | Protocol::Pop3 => !matches!(text, b"*" | b"=") && base64::decode(text).is_err(),
        }
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
        let lines = self.every(Class::Untagged).chain(self.every(Class::Reply));
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
        let (event, _) = self.every_command().rfind(|(event, command)| {
            event.layer == layer && command.mechanism.as_deref() == Some("PLAIN") && !command.initial_response
        })?;
        let went_on = self.trace.answer_to(event.id).is_some()
            || self.every(Class::Closed).next().is_some()
            || self.every(Class::AuthStep).next_back().is_some_and(|step| step.id > event.id);
        (!went_on).then_some(event)
    }

    /// Capability lists.
    pub fn lists(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Capabilities)> + Clone {
        let lists = self.every(Class::Advertise).filter_map(|event| match &event.kind {
            EventKind::Advertise(list, _) => Some((event, list)),
            _ => None,
        });
        self.watch(lists, |(event, _)| event.id, Class::Advertise.sought())
    }

    /// The newest capability list of a layer before an event: the newest replaces the older ones completely.
    #[must_use]
    pub fn list_before(self, event: EventId, layer: Layer) -> Option<(&'a Event, &'a Capabilities)> {
        let newest = self.trace.list_before(self.hop, layer, event);
        let newest = newest.and_then(|id| self.trace.event(id)).and_then(|event| match &event.kind {
            EventKind::Advertise(list, _) => Some((event, list)),
            _ => None,
        });
        let (yes, no) =
            ("a capability list of its layer came before", "no capability list of its layer came before");
        self.found(newest, |(event, _)| event.id, yes, no)
    }

    /// Where a handshake began.
    #[must_use]
    pub fn tls_began(self) -> Option<&'a Event> {
        let began = self.every(Class::Tls).find(|event| matches!(event.kind, EventKind::TlsBegan));
        self.found(began, |event| event.id, "a handshake began", "no handshake began")
    }

    /// Where a handshake was completed. Octets seen inside TLS prove it too.
    #[must_use]
    pub fn tls_up(self) -> Option<(&'a Event, &'a Facts)> {
        let up = self.every(Class::Tls).find_map(|event| match &event.kind {
            EventKind::TlsUp(facts) => Some((event, &**facts)),
            _ => None,
        });
        self.found(up, |(event, _)| event.id, "a handshake was completed", "no handshake is seen to complete")
    }

    /// Where the client looked a service of a domain up, and the service, as `imaps`.
    #[must_use]
    pub fn service_looked_up(self) -> Option<(&'a Event, &'a str)> {
        let looked_up = self.every(Class::Lookup).find_map(|event| match &event.kind {
            EventKind::Lookup(lookup) => Some((event, lookup.question.service()?)),
            _ => None,
        });
        self.found(looked_up, |(event, _)| event.id, "a service was looked up", "no service was looked up")
    }

    /// Where a handshake failed.
    #[must_use]
    pub fn tls_failed(self) -> Option<(&'a Event, Failure)> {
        let failed = self.every(Class::Tls).find_map(|event| match event.kind {
            EventKind::TlsFailed(failure) => Some((event, failure)),
            _ => None,
        });
        self.found(failed, |(event, _)| event.id, "a handshake failed", "no handshake failed")
    }

    /// Whether anything that went through TLS can be read.
    #[must_use]
    pub fn sees_inside_tls(self) -> bool {
        self.every(Class::Command)
            .chain(self.every(Class::Reply))
            .chain(self.every(Class::Untagged))
            .chain(self.every(Class::Greeting))
            .chain(self.every(Class::Advertise))
            .any(|event| event.layer == Layer::Tls)
    }

    /// The first sign that a TLS layer is up: the end of a handshake, or something that went through TLS.
    #[must_use]
    pub fn inside_tls(self) -> Option<&'a Event> {
        let inside = self.events().find(|event| event.layer == Layer::Tls);
        self.found(inside, |event| event.id, "something went through TLS", "nothing went through TLS")
    }

    /// A handshake that STARTTLS led to: the command, and the first sign of the handshake or of TLS.
    #[must_use]
    pub fn upgraded(self) -> Option<(&'a Event, &'a Event)> {
        let tls = self.tls_began().or_else(|| self.inside_tls())?;
        let asked = self.every_command().rfind(|(event, command)| {
            command.verb == Verb::StartTls && event.layer == Layer::Clear && event.id < tls.id
        });
        let upgrade = asked.map(|(asked, _)| (asked, tls));
        let (yes, no) = ("TLS was asked for by a command", "TLS came first, without a command");
        self.found(upgrade, |(asked, _)| asked.id, yes, no)
    }

    /// Whether a handshake began of which neither the failure nor anything inside can be seen. A simulation hides
    /// nothing: there, nothing seen inside means that nothing happened inside.
    #[must_use]
    pub fn tls_hidden(self) -> bool {
        let alone = Self { trail: None, ..self };
        self.trace.carries() != super::Carries::ALL
            && alone.tls_began().is_some()
            && alone.tls_failed().is_none()
            && !self.sees_inside_tls()
    }

    /// Where one side closed the connection.
    #[must_use]
    pub fn closed_by(self, side: Side) -> Option<&'a Event> {
        let closed = self.every(Class::Closed).find(|event| event.from == side);
        let (yes, no) = match side {
            Side::Client => ("the client closed", "the client did not close"),
            Side::Server => ("the server closed", "the server did not close"),
        };
        self.found(closed, |event| event.id, yes, no)
    }

    /// The policy that a party says it is set to, with the note that says so.
    #[must_use]
    pub fn policy(self, side: Side) -> Option<(&'a Event, Policy)> {
        self.policy_or(side, "which policy it is set to is not known")
    }

    /// The same, and what to write down where it says nothing.
    #[must_use]
    pub fn policy_or(self, side: Side, unsaid: &'static str) -> Option<(&'a Event, Policy)> {
        let policy = self.every_note(side).find_map(|(event, note)| match note {
            Note::Policy(policy) => Some((event, policy)),
            _ => None,
        });
        self.found(policy, |(event, _)| event.id, "it says which policy it is set to", unsaid)
    }

    /// Messages of the client that show a credential, with what they show.
    pub fn credentials(self) -> impl Iterator<Item = (&'a Event, &'a Credential)> + Clone {
        let in_commands = self.every_command().filter_map(|(e, c)| c.credential.as_ref().map(|c| (e, c)));
        let in_steps = self.every(Class::AuthStep).filter_map(|event| match &event.kind {
            EventKind::AuthStep { credential: Some(credential), .. } => Some((event, credential)),
            _ => None,
        });
        self.watch(in_commands.chain(in_steps), |(event, _)| event.id, CREDENTIAL)
    }

    /// The message that shows the credential of a login: the command itself, or a line of its exchange.
    #[must_use]
    pub fn secret_of(self, login: EventId) -> Option<&'a Event> {
        let shown = self.shows_secret(login);
        self.found(shown, |event| event.id, "it shows the secret", "it shows no secret")
    }

    fn shows_secret(self, login: EventId) -> Option<&'a Event> {
        let event = self.trace.event(login).filter(|event| event.hop == self.hop)?;
        if matches!(&event.kind, EventKind::Command(command) if command.credential.is_some()) {
            return Some(event);
        }
        // The lines of an exchange stand behind its command and in front of the answer.
        let steps = self.trace.of_class(self.hop, Class::AuthStep);
        let behind = steps.get(steps.partition_point(|&id| id < login)..)?;
        let mine = behind.iter().map_while(|&id| {
            let event = self.trace.event(id)?;
            match &event.kind {
                EventKind::AuthStep { command, credential, .. } if *command == login => {
                    Some((event, credential.is_some()))
                }
                _ => None,
            }
        });
        mine.filter(|(_, shows)| *shows).map(|(event, _)| event).next()
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
        self.watch(self.every_note(by), |(event, _)| event.id, Class::Note.sought())
    }

    fn every_note(self, by: Side) -> impl DoubleEndedIterator<Item = (&'a Event, Note)> + Clone {
        self.every(Class::Note).filter_map(move |event| match event.kind {
            EventKind::Note(note) if event.from == by => Some((event, note)),
            _ => None,
        })
    }

    /// The first note of one party that a predicate likes.
    pub fn note(self, by: Side, wanted: impl Fn(Note) -> bool) -> Option<&'a Event> {
        let note = self.every_note(by).find(|(_, note)| wanted(*note)).map(|(event, _)| event);
        let (yes, no) = match by {
            Side::Client => ("the client says so itself", "the client says nothing of it"),
            Side::Server => ("the server says so itself", "the server says nothing of it"),
        };
        self.found(note, |event| event.id, yes, no)
    }
}

const ANSWER: Sought = Sought { one: "an answer to a command", none: "no command was answered" };
const PLAIN: Sought = Sought { one: "a PLAIN message", none: "no PLAIN message was sent" };
const CREDENTIAL: Sought = Sought { one: "a message that shows a secret", none: "no message shows a secret" };

impl Verb {
    /// What is looked for when commands of this meaning are.
    #[must_use]
    pub fn sought(self) -> Sought {
        let (one, none) = match self {
            Self::Capability => ("a request for the capabilities", "nobody asked for the capabilities"),
            Self::StartTls => ("a request for TLS", "nobody asked for TLS"),
            Self::Login => ("a LOGIN", "no LOGIN was sent"),
            Self::User => ("a USER", "no USER was sent"),
            Self::Pass => ("a PASS", "no PASS was sent"),
            Self::Apop => ("an APOP", "no APOP was sent"),
            Self::Authenticate => ("a login by a mechanism", "no login by a mechanism was tried"),
            Self::Neutral => ("a command that needs nothing", "no command that needs nothing was sent"),
            Self::Logout => ("a goodbye of the client", "the client said no goodbye"),
            Self::Mailbox => ("a command that needs a login", "no command that needs a login was sent"),
            Self::Other => ("another command", "no other command was sent"),
        };
        Sought { one, none }
    }
}

impl Class {
    /// What is looked for when events of this class are.
    #[must_use]
    pub fn sought(self) -> Sought {
        let (one, none) = match self {
            Self::Greeting => ("a greeting", "no greeting was seen"),
            Self::Advertise => ("a capability list", "no capability list was seen"),
            Self::Command => ("a command", "no command was sent"),
            Self::Reply => ("an answer", "the server answered nothing"),
            Self::Untagged => ("data from the server", "the server sent no data"),
            Self::AuthStep => ("a line of an exchange", "no line of an exchange was sent"),
            Self::Tls => ("an event of TLS", "nothing happened about TLS"),
            Self::Lookup => ("a look-up", "nothing was looked up"),
            Self::LeftOver => ("octets in front of a handshake", "no octets stand in front of a handshake"),
            Self::Malformed => ("octets outside the grammar", "no octets are outside the grammar"),
            Self::Closed => ("the end of the connection", "nobody closed the connection"),
            Self::Note => ("a statement of a party", "no party made a statement"),
        };
        Sought { one, none }
    }
}
