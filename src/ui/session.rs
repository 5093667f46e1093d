//! What is on the table: one simulated run or one imported session, with everything the components draw made once.

use super::fix::{self, Fix};
use crate::base::Side;
use crate::facts::Facts;
use crate::pipeline::{self, HarmDone, Judged, RunVerdict};
use crate::rules::Outcome;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::{Class, EventKind, Note, Trace};
use crate::view::{self, Row};
use std::ops::Deref;
use std::rc::Rc;

/// A shared value that is equal to itself only: cheap as a property of a component.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Which verdict: rule and side.
pub type Key = (&'static str, Side);

/// One session, ready to be drawn.
#[derive(Debug)]
pub struct Session {
    /// The rows of the ladder.
    pub rows: Vec<Shared<Row>>,
    /// Whether there is a lane for the middle.
    pub middle: bool,
    /// The connections behind it.
    pub traces: Vec<Trace>,
    /// The facts of the first connection that has any.
    pub facts: Facts,
    /// The verdicts, the worst first.
    pub verdicts: Vec<Shared<RunVerdict>>,
    /// What the attacker gained.
    pub harms: Vec<HarmDone>,
    /// Whether the client got in.
    pub logged_in: bool,
    /// The smallest change that prevents all harm.
    pub fix: Option<Fix>,
    /// Whether it was run here. An imported one has no middle, no harms and no fix.
    pub simulated: bool,
}

impl Session {
    /// Runs a setup.
    #[must_use]
    pub fn simulate(setup: &Setup, rule_set: RuleSet) -> Self {
        let run = pipeline::simulate(setup, rule_set);
        let fix = if run.harms.is_empty() { None } else { fix::find(setup) };
        let mut session = Self::of(run.connections, true);
        session.harms = run.harms;
        session.fix = fix;
        session
    }

    /// Takes judged connections in.
    #[must_use]
    pub fn of(judged: Vec<Judged>, simulated: bool) -> Self {
        let mut verdicts = pipeline::over_run(&judged);
        verdicts.sort_by_key(|v| (v.verdict.outcome, std::cmp::Reverse(v.verdict.level())));
        let facts = judged.last().map(|j| j.facts.clone()).unwrap_or_default();
        let traces: Vec<_> = judged.into_iter().map(|judged| judged.trace).collect();
        let ladder = view::ladder(&traces);
        Self {
            rows: ladder.rows.into_iter().map(Shared::new).collect(),
            middle: ladder.middle,
            logged_in: logged_in(&traces),
            facts,
            verdicts: verdicts.into_iter().map(Shared::new).collect(),
            traces,
            harms: Vec::new(),
            fix: None,
            simulated,
        }
    }

    /// The same session under another rule set.
    #[must_use]
    pub fn judged_again(&self, rule_set: RuleSet) -> Self {
        let judged = self.traces.iter().map(|trace| pipeline::judge(trace.clone(), rule_set));
        Self::of(judged.collect(), self.simulated)
    }

    /// The last row's index.
    #[must_use]
    pub fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// The row at an index, or the last.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&Shared<Row>> {
        self.rows.get(index).or_else(|| self.rows.last())
    }

    /// The place of the row at an index.
    #[must_use]
    pub fn place(&self, index: usize) -> u32 {
        self.row(index).map_or(0, |row| row.place)
    }

    /// The index of the row that shows a place, or of the one before it.
    #[must_use]
    pub fn index_of(&self, place: u32) -> usize {
        self.rows.partition_point(|row| row.place <= place).saturating_sub(1)
    }

    /// What its places are called.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        if self.simulated { "event" } else { "line" }
    }

    /// How many verdicts have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.verdicts.iter().filter(|v| v.verdict.outcome == outcome).count()
    }
}

/// Whether client and server both hold the session for authenticated: in a simulation both say so themselves.
#[must_use]
pub fn logged_in(traces: &[Trace]) -> bool {
    traces.iter().any(|trace| {
        Side::BOTH.into_iter().all(|side| {
            trace.leg(side).of(Class::Note).any(|event| {
                event.from == side && matches!(event.kind, EventKind::Note(Note::State("authenticated")))
            })
        })
    })
}
