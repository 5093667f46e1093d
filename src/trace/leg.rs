//! What one side sent and saw: the finders that rules and facts are written with.

use super::{Capabilities, Class, Command, Credential, Event, EventId, EventKind, Note, Reply, Trace, Verb};
use crate::base::{Hop, Layer, Side};
use crate::tls::{Facts, Failure};

/// The events of one hop.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    trace: &'a Trace,
    hop: Hop,
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
            EventKind::Reply(reply) => Some((event, &**reply)),
            _ => None,
        })
    }

    /// The final reply to a command.
    #[must_use]
    pub fn reply_to(self, command: EventId) -> Option<(&'a Event, &'a Reply)> {
        let ids = self.trace.of_class(self.hop, Class::Reply);
        let after = ids.partition_point(|&id| id <= command);
        ids.get(after..)?.iter().filter_map(|&id| self.trace.event(id)).find_map(|event| match &event.kind {
            EventKind::Reply(reply) if reply.form == super::Form::Final && reply.to == Some(command) => {
                Some((event, &**reply))
            }
            _ => None,
        })
    }

    /// Capability lists.
    pub fn lists(self) -> impl DoubleEndedIterator<Item = (&'a Event, &'a Capabilities)> + Clone {
        self.of(Class::Advertise).filter_map(|event| match &event.kind {
            EventKind::Advertise(list, _) => Some((event, &**list)),
            _ => None,
        })
    }

    /// The newest capability list of a layer before an event: the newest replaces the older ones completely.
    #[must_use]
    pub fn list_before(self, event: EventId, layer: Layer) -> Option<(&'a Event, &'a Capabilities)> {
        let ids = self.trace.of_class(self.hop, Class::Advertise);
        let before = ids.get(..ids.partition_point(|&id| id < event))?;
        before.iter().rev().filter_map(|&id| self.trace.event(id)).find_map(|event| match &event.kind {
            EventKind::Advertise(list, _) if event.layer == layer => Some((event, &**list)),
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

    /// Messages of the client that show a credential, with what they show.
    pub fn credentials(self) -> impl Iterator<Item = (&'a Event, &'a Credential)> + Clone {
        let in_commands = self.commands().filter_map(|(e, c)| c.credential.as_ref().map(|c| (e, c)));
        let in_steps = self.of(Class::AuthStep).filter_map(|event| match &event.kind {
            EventKind::AuthStep { credential: Some(credential), .. } => Some((event, credential)),
            _ => None,
        });
        in_commands.chain(in_steps)
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
