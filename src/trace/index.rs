//! Where the events of each class stand, and which reply answers which command: put together once a trace is complete.

use super::{Class, Event, EventId, EventKind, Form, hop_index};
use crate::base::{Hop, Layer};

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
    /// The capability lists by hop, then by layer, so that the newest of a layer need not be looked for.
    lists: [Vec<EventId>; 4],
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
        let mut lists: [Vec<EventId>; 4] = Default::default();
        for event in events.iter().filter(|event| event.kind.class() == Class::Advertise) {
            if let Some(lists) = lists.get_mut(list_slot(event.hop, event.layer)) {
                lists.push(event.id);
            }
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
        Self { ids, ends, answers, lists }
    }

    pub(super) fn of_class(&self, hop: Hop, class: Class) -> &[EventId] {
        let slot = slot(hop, class);
        let begin = slot.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(slot).copied().unwrap_or_default();
        self.ids.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// The newest capability list of a layer before an event.
    pub(super) fn list_before(&self, hop: Hop, layer: Layer, event: EventId) -> Option<EventId> {
        let lists = self.lists.get(list_slot(hop, layer))?;
        lists.get(lists.partition_point(|&id| id < event).checked_sub(1)?).copied()
    }

    pub(super) fn answer_to(&self, command: EventId) -> Option<EventId> {
        let at = self.answers.binary_search_by_key(&command, |(command, _)| *command).ok()?;
        self.answers.get(at).map(|(_, reply)| *reply)
    }
}

fn slot(hop: Hop, class: Class) -> usize {
    hop_index(hop).saturating_mul(Class::COUNT).saturating_add(class as usize)
}

fn list_slot(hop: Hop, layer: Layer) -> usize {
    hop_index(hop).saturating_mul(2).saturating_add(usize::from(layer == Layer::Tls))
}

fn answer(event: &Event) -> Option<(EventId, EventId)> {
    match &event.kind {
        EventKind::Reply(reply) if reply.form == Form::Final => reply.to.map(|command| (command, event.id)),
        _ => None,
    }
}
