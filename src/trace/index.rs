//! Where the events of each class stand, and which reply answers which command: put together once a trace is complete.

use super::{Class, Event, EventId, EventKind, Form, hop_index};
use crate::base::Hop;

const SLOTS: usize = 2 * Class::COUNT;

/// The events of a trace by hop and class, and the answers by command.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// By hop, then by class, then in order.
    ids: Vec<EventId>,
    /// Where each hop's class ends in `ids`.
    ends: [u32; SLOTS],
    /// Each answered command with the final reply that came first, by command.
    answers: Vec<(EventId, EventId)>,
}

impl Index {
    pub(super) fn new(events: &[Event]) -> Self {
        let mut ends = [0_u32; SLOTS];
        let mut answered = 0_usize;
        for event in events {
            if let Some(count) = ends.get_mut(slot(event.hop, event.kind.class())) {
                *count = count.saturating_add(1);
            }
            answered = answered.saturating_add(usize::from(answer(event).is_some()));
        }
        // From counts to beginnings; each beginning moves to its end while the numbers are put in their places.
        let mut begin = 0_u32;
        for count in &mut ends {
            let behind = begin.saturating_add(*count);
            *count = begin;
            begin = behind;
        }
        let mut ids = vec![0; events.len()];
        let mut answers = Vec::with_capacity(answered);
        for event in events {
            if let Some(at) = ends.get_mut(slot(event.hop, event.kind.class())) {
                if let Some(id) = ids.get_mut(*at as usize) {
                    *id = event.id;
                }
                *at = at.saturating_add(1);
            }
            answers.extend(answer(event));
        }
        answers.sort_unstable();
        answers.dedup_by_key(|(command, _)| *command);
        Self { ids, ends, answers }
    }

    pub(super) fn of_class(&self, hop: Hop, class: Class) -> &[EventId] {
        let slot = slot(hop, class);
        let begin = slot.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(slot).copied().unwrap_or_default();
        self.ids.get(begin as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn answer_to(&self, command: EventId) -> Option<EventId> {
        let at = self.answers.binary_search_by_key(&command, |(command, _)| *command).ok()?;
        self.answers.get(at).map(|(_, reply)| *reply)
    }
}

fn slot(hop: Hop, class: Class) -> usize {
    hop_index(hop).saturating_mul(Class::COUNT).saturating_add(class as usize)
}

fn answer(event: &Event) -> Option<(EventId, EventId)> {
    match &event.kind {
        EventKind::Reply(reply) if reply.form == Form::Final => reply.to.map(|command| (command, event.id)),
        _ => None,
    }
}
