//! What a reader of a leg looked at, in order: so that a rule that did not fire can say what it stopped at. It is written
//! down by the finders themselves while a rule runs, so that it cannot say anything else than what the rule did.

use super::{EventId, Leg};
use std::cell::RefCell;

/// One thing that was looked at and what it showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The event, where there is one.
    pub event: Option<EventId>,
    /// What was found, as a statement without a full stop.
    pub says: &'static str,
    /// Whether that is what was asked for.
    pub holds: bool,
}

/// The record of one reading.
///
/// A reader goes over candidates, such as all LOGIN commands, and asks questions about each. Of the candidates only
/// the one that came furthest is kept, the first of several: the others say less about why nothing was found. So the
/// record stays short however long the session is.
#[derive(Debug, Default)]
pub struct Trail(RefCell<Steps>);

#[derive(Debug, Default)]
struct Steps {
    /// What is settled.
    done: Vec<Step>,
    /// The loop that is being gone over, and its candidates: the current one and the best so far.
    outer: Option<u32>,
    current: Vec<Step>,
    /// The inner loop that gave the last step, so that its candidates do not pile up.
    inner: Option<(u32, usize)>,
    best: Vec<Step>,
    loops: u32,
}

/// More than anybody reads of one candidate.
const MOST: usize = 24;

impl Steps {
    fn push(&mut self, step: Step) {
        let steps = if self.outer.is_some() { &mut self.current } else { &mut self.done };
        // Asked twice, said once.
        if steps.len() < MOST && steps.last() != Some(&step) {
            steps.push(step);
        }
    }

    fn close(&mut self) {
        let current = std::mem::take(&mut self.current);
        self.inner = None;
        if current.len() > self.best.len() {
            self.best = current;
        }
    }

    fn settle(&mut self) {
        self.close();
        self.outer = None;
        let best = std::mem::take(&mut self.best);
        self.done.extend(best);
    }
}

impl Trail {
    /// What was looked at, the last thing being the one that was stopped at.
    #[must_use]
    pub fn steps(self) -> Vec<Step> {
        let mut steps = self.0.into_inner();
        steps.settle();
        steps.done
    }

    fn began(&self) -> u32 {
        let mut steps = self.0.borrow_mut();
        steps.loops = steps.loops.saturating_add(1);
        steps.loops
    }

    fn candidate(&self, number: u32, event: EventId, says: &'static str) {
        let steps = &mut *self.0.borrow_mut();
        let step = Step { event: Some(event), says, holds: true };
        match steps.outer {
            None => steps.outer = Some(number),
            Some(outer) if outer == number => steps.close(),
            Some(_) => {
                // The next candidate of an inner loop replaces the one before it.
                if let Some((_, kept)) = steps.inner.filter(|(inner, _)| *inner == number) {
                    steps.current.truncate(kept);
                }
                steps.inner = Some((number, steps.current.len()));
            }
        }
        steps.push(step);
    }

    fn none_left(&self, number: u32, any: bool, none: &'static str) {
        let steps = &mut *self.0.borrow_mut();
        if steps.outer == Some(number) {
            steps.settle();
        }
        if !any {
            steps.push(Step { event: None, says: none, holds: false });
        }
    }

    fn fact(&self, step: Step) {
        self.0.borrow_mut().push(step);
    }
}

/// What a loop goes over, in words: each candidate, and that there was none.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// Of one that there is.
    pub one: &'static str,
    /// That there is none.
    pub none: &'static str,
}

/// An iterator that writes down what it gives.
#[derive(Clone, Debug)]
pub(super) struct Watched<'a, I: Iterator> {
    inner: I,
    of: fn(&I::Item) -> EventId,
    sought: Sought,
    trail: Option<(&'a Trail, u32)>,
    any: bool,
}

impl<I: Iterator> Watched<'_, I> {
    fn saw(&mut self, item: Option<&I::Item>) {
        let Some((trail, number)) = self.trail else { return };
        match item {
            Some(item) => {
                self.any = true;
                trail.candidate(number, (self.of)(item), self.sought.one);
            }
            None => trail.none_left(number, self.any, self.sought.none),
        }
    }
}

impl<I: Iterator> Iterator for Watched<'_, I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let item = self.inner.next();
        if self.trail.is_some() {
            self.saw(item.as_ref());
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.size_hint()
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Watched<'_, I> {
    fn next_back(&mut self) -> Option<I::Item> {
        let item = self.inner.next_back();
        if self.trail.is_some() {
            self.saw(item.as_ref());
        }
        item
    }
}

impl<'a> Leg<'a> {
    /// The same leg, whose finders write down what they find.
    #[must_use]
    pub fn watched(self, trail: &'a Trail) -> Self {
        Self { trail: Some(trail), ..self }
    }

    /// Whether its finders write down what they find.
    #[must_use]
    pub fn is_watched(self) -> bool {
        self.trail.is_some()
    }

    /// Goes over candidates and writes them down.
    pub(super) fn watch<I: Iterator>(
        self,
        inner: I,
        of: fn(&I::Item) -> EventId,
        sought: Sought,
    ) -> Watched<'a, I> {
        let trail = self.trail.map(|trail| (trail, trail.began()));
        Watched { inner, of, sought, trail, any: false }
    }

    /// Writes down what a question about an event showed, and gives the answer back.
    pub fn fact(self, event: EventId, holds: bool, yes: &'static str, no: &'static str) -> bool {
        if let Some(trail) = self.trail {
            trail.fact(Step { event: Some(event), says: if holds { yes } else { no }, holds });
        }
        holds
    }

    /// Writes down whether something was found, and gives it back.
    pub(super) fn found<T>(
        self,
        found: Option<T>,
        of: fn(&T) -> EventId,
        yes: &'static str,
        no: &'static str,
    ) -> Option<T> {
        if let Some(trail) = self.trail {
            let event = found.as_ref().map(of);
            let holds = found.is_some();
            trail.fact(Step { event, says: if holds { yes } else { no }, holds });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Side;
    use crate::testing::read_imap;
    use crate::trace::Verb;

    fn says(trail: Trail) -> Vec<(Option<EventId>, &'static str)> {
        trail.steps().into_iter().map(|step| (step.event, step.says)).collect()
    }

    #[test]
    fn the_candidate_that_came_furthest_is_kept_and_loops_without_one_say_so() {
        let trace = read_imap("C: a LOGIN x y\nS: a OK\nC: b LOGIN x y\nS: b OK\nC: c LOGIN x y\nS: c OK");
        let trail = Trail::default();
        let leg = trace.leg(Side::Client).watched(&trail);
        let second = leg.commands_of(Verb::Login).nth(1).unwrap().0.id;
        let trail = Trail::default();
        let leg = trace.leg(Side::Client).watched(&trail);
        let far = |id: EventId| {
            leg.fact(id, id == second, "yes", "no") && leg.fact(id, false, "further", "stopped here")
        };
        assert!(!leg.commands_of(Verb::Login).any(|(event, _)| far(event.id)));
        assert!(leg.commands_of(Verb::Apop).next().is_none());
        let steps = says(trail);
        assert_eq!(steps.len(), 4, "{steps:?}");
        assert_eq!(steps[1..3], [(Some(second), "yes"), (Some(second), "stopped here")]);
        assert_eq!(steps[3].0, None);
    }

    #[test]
    fn candidates_of_an_inner_loop_do_not_pile_up() {
        let script: String = (0..40).map(|n| format!("C: a{n} NOOP\n")).collect();
        let trace = read_imap(&format!("C: a LOGIN x y\nC: b LOGIN x y\n{script}"));
        let trail = Trail::default();
        let leg = trace.leg(Side::Client).watched(&trail);
        let never = |(event, _): (&crate::trace::Event, &crate::trace::Command)| {
            leg.fact(event.id, false, "yes", "no")
        };
        assert!(!leg.commands_of(Verb::Login).any(|_| leg.commands().any(never)));
        let steps = says(trail);
        assert_eq!(steps.len(), 3, "{steps:?}");
        assert_eq!(steps[2].1, "no");
    }

    #[test]
    fn nobody_who_watches_changes_what_is_found() {
        let trace = read_imap("C: a LOGIN x y\nS: a OK\nC: b NOOP\nS: b BAD");
        let trail = Trail::default();
        let (watched, alone) = (trace.leg(Side::Client).watched(&trail), trace.leg(Side::Client));
        let ids = |leg: Leg<'_>| leg.answers().rev().map(|a| (a.at.id, a.accepts())).collect::<Vec<_>>();
        assert_eq!(ids(watched), ids(alone));
    }
}
