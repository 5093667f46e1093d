//! Undo and redo of whatever changes what is on the table.

use super::recording::Asked;
use super::session::{Session, Shared};
use super::state::{Action, Log, State};
use crate::pipeline::Assumed;
use crate::sim::Setup;
use crate::spec::RuleSet;
use std::rc::Rc;

/// So many steps are kept.
const STEPS: usize = 100;

/// What is on the table at one moment. Its parts are shared with the page, so that it costs nothing.
#[derive(Clone, Debug)]
struct Moment {
    setup: Shared<Setup>,
    rule_set: RuleSet,
    assumed: Assumed,
    session: Shared<Session>,
    log: Option<(Shared<Log>, usize)>,
    asked: Option<Rc<Asked>>,
    at: usize,
    reached: usize,
}

/// Moments that can be gone back to, and on to again.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
}

impl History {
    /// How many steps lead back.
    #[must_use]
    pub fn back(&self) -> usize {
        self.past.len()
    }

    /// How many steps lead on again.
    #[must_use]
    pub fn on(&self) -> usize {
        self.future.len()
    }
}

impl Action {
    /// Whether it changes what is on the table, so that it can be undone.
    #[must_use]
    pub fn undoable(&self) -> bool {
        matches!(
            self,
            Self::Protocol(_)
                | Self::Path(_)
                | Self::Attack(_)
                | Self::Profile(..)
                | Self::Switch(..)
                | Self::Behave(_)
                | Self::Strict
                | Self::Rules(_)
                | Self::Assume(_)
                | Self::SetAside(..)
                | Self::Apply(_)
                | Self::Open(..)
                | Self::Judged(..)
                | Self::Leave
                | Self::Recording(_)
        )
    }
}

impl State {
    fn snapshot(&self) -> Moment {
        Moment {
            setup: self.setup.clone(),
            rule_set: self.rule_set,
            assumed: self.assumed,
            session: self.session.clone(),
            log: self.log.clone(),
            asked: self.asked.clone(),
            at: self.at,
            reached: self.reached,
        }
    }

    /// Remembers how it was before a change, if there was one.
    pub(super) fn remember(&mut self, before: &Self) {
        if self.session == before.session {
            return;
        }
        let mut history = (*self.history).clone();
        history.future.clear();
        history.past.push(before.snapshot());
        if history.past.len() > STEPS {
            history.past.remove(0);
        }
        self.history = Rc::new(history);
    }

    /// One change back, or one on again.
    pub(super) fn turn_back(&mut self, on: bool) {
        let mut history = (*self.history).clone();
        let (from, to) = if on {
            (&mut history.future, &mut history.past)
        } else {
            (&mut history.past, &mut history.future)
        };
        let Some(moment) = from.pop() else {
            self.say = if on { "There is nothing to redo." } else { "There is nothing to undo." }.into();
            return;
        };
        to.push(self.snapshot());
        self.history = Rc::new(history);
        let old = self.session.clone();
        self.playing = false;
        (self.setup, self.rule_set, self.session) = (moment.setup, moment.rule_set, moment.session);
        (self.log, self.asked, self.assumed) = (moment.log, moment.asked, moment.assumed);
        (self.at, self.reached) = (moment.at, moment.reached);
        self.selected = self.selected.filter(|_| !self.lit().is_empty());
        self.tell_changes(&old, if on { "Done again. " } else { "Undone. " });
    }
}
