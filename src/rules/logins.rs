//! When somebody was logged in.

use super::Case;
use crate::base::Side;
use crate::trace::{EventId, EventKind, Form, GreetingStatus, Status, Verb};

/// The events that logged somebody in or out, in order.
#[derive(Debug, Default)]
pub struct Standing(Vec<(EventId, bool)>);

impl Standing {
    /// Reads it from the leg of one side.
    pub(super) fn new(case: &Case<'_>) -> Self {
        let mut changes = Vec::new();
        for event in case.leg.events().filter(|event| event.from == Side::Server) {
            if case.side == Side::Server && !case.own(event) {
                continue;
            }
            match &event.kind {
                EventKind::Greeting(GreetingStatus::Preauth) => changes.push((event.id, true)),
                EventKind::Reply(reply) if reply.form == Form::Final && reply.status == Some(Status::Ok) => {
                    let asked = reply.to.and_then(|id| case.leg.trace().event(id));
                    let Some(EventKind::Command(command)) = asked.map(|event| &event.kind) else { continue };
                    // POP3: USER is the half of a login that opens nothing.
                    if command.verb.logs_in() && command.verb != Verb::User {
                        changes.push((event.id, true));
                    } else if command.name == "UNAUTHENTICATE" {
                        changes.push((event.id, false));
                    }
                }
                _ => {}
            }
        }
        Self(changes)
    }

    /// The last login before an event, if nobody logged out since.
    pub(super) fn logged_in(&self, before: EventId) -> Option<EventId> {
        let known = self.0.partition_point(|(at, _)| *at < before);
        let (at, logged_in) = self.0.get(known.checked_sub(1)?)?;
        logged_in.then_some(*at)
    }

    /// The last logout before an event, if nobody logged in since.
    pub(super) fn logged_out(&self, before: EventId) -> Option<EventId> {
        let known = self.0.partition_point(|(at, _)| *at < before);
        let (at, logged_in) = self.0.get(known.checked_sub(1)?)?;
        (!logged_in).then_some(*at)
    }
}
