//! What is on the table: one simulated run or one imported session, with everything the components draw made once.

use crate::attack::Met;
use crate::base::{Side, order};
use crate::facts::Facts;
use crate::pipeline::policy::{Accepted, Aside};
use crate::pipeline::{self, By, HarmDone, RunVerdict};
use crate::rules::{Outcome, Verdict};
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::Trace;
use crate::view::{self, Ladder, Parting, Row};
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
#[derive(Clone, Debug)]
pub struct Session {
    /// The rows of the ladder.
    pub rows: Shared<Vec<Shared<Row>>>,
    /// Whether there is a lane for the middle.
    pub middle: bool,
    /// The connections behind it.
    pub traces: Shared<Vec<Trace>>,
    /// The facts of each of them.
    pub facts: Shared<Vec<Facts>>,
    /// The verdicts, the worst first.
    pub verdicts: Vec<Shared<RunVerdict>>,
    /// Which of them are set aside, and why.
    pub aside: Rc<Aside>,
    /// From where on client and server do not believe the same.
    pub parting: Option<Parting>,
    /// What the attacker gained.
    pub harms: Vec<HarmDone>,
    /// Whether the client got in.
    pub logged_in: bool,
    /// The messages and handshakes that the middle could have decided about by hand, in order.
    pub met: Vec<Met>,
    /// The last of them is held, and the run has come no further.
    halted: bool,
    /// What the places of a recording count.
    counts: &'static str,
    /// Whether it was run here. An imported one has no middle and no harms.
    pub simulated: bool,
}

impl Session {
    /// Runs a setup.
    #[must_use]
    pub fn simulate(setup: &Setup, rule_set: RuleSet) -> Self {
        let run = pipeline::simulate(setup, rule_set);
        let (mut traces, mut facts, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
        for judged in run.connections {
            traces.push(judged.trace);
            facts.push(judged.facts);
            verdicts.push(judged.verdicts);
        }
        let verdicts = sorted(&traces, &verdicts);
        let ladder = view::ladder(&traces, &[]);
        Self {
            logged_in: pipeline::logged_in(&traces),
            parting: view::parting(&traces),
            harms: run.harms,
            met: run.met,
            halted: run.held,
            simulated: true,
            ..Self::of(Shared::new(traces), Shared::new(facts), verdicts, ladder)
        }
    }

    /// Puts the parts of an imported session together: each of them is a piece of work of its own, so that the page
    /// can draw in between.
    #[must_use]
    pub fn of(
        traces: Shared<Vec<Trace>>,
        facts: Shared<Vec<Facts>>,
        verdicts: Vec<Shared<RunVerdict>>,
        ladder: Ladder,
    ) -> Self {
        Self {
            rows: Shared::new(ladder.rows.into_iter().map(Shared::new).collect()),
            middle: ladder.middle,
            traces,
            facts,
            verdicts,
            harms: Vec::new(),
            aside: Rc::default(),
            parting: None,
            met: Vec::new(),
            halted: false,
            logged_in: false,
            counts: "line",
            simulated: false,
        }
    }

    /// A connection of an import at once; for short ones.
    #[must_use]
    pub fn imported(part: &super::state::Part, by: impl Into<By>) -> Self {
        let traces = part.traces.clone();
        let facts: Vec<_> = traces.iter().map(|trace| Facts::of(trace, Side::Client)).collect();
        let verdicts = judged(&traces, &facts, by);
        let ladder = view::ladder(&traces, &part.aside);
        Self::of(traces, Shared::new(facts), verdicts, ladder).counting(part.noun)
    }

    /// The same session of a recording whose places count something else than lines.
    #[must_use]
    pub fn counting(self, counts: &'static str) -> Self {
        Self { counts, ..self }
    }

    /// A recording that was played again, as far as it is known.
    #[must_use]
    pub fn played(traces: Vec<Trace>, rule_set: RuleSet) -> Self {
        let facts: Vec<_> = traces.iter().map(|trace| Facts::of(trace, Side::Client)).collect();
        let verdicts = judged(&traces, &facts, rule_set);
        let ladder = view::ladder(&traces, &[]);
        Self::of(Shared::new(traces), Shared::new(facts), verdicts, ladder)
    }

    /// The same session under another rule set: nothing but the verdicts is made anew.
    #[must_use]
    pub fn judged_again(&self, by: impl Into<By>) -> Self {
        self.with(judged(&self.traces, &self.facts, by))
    }

    /// The same session with other verdicts.
    #[must_use]
    pub fn with(&self, verdicts: Vec<Shared<RunVerdict>>) -> Self {
        Self { verdicts, ..self.clone() }
    }

    /// Why a verdict does not count although its rule is broken, if it is set aside.
    #[must_use]
    pub fn set_aside(&self, found: &RunVerdict) -> Option<&Accepted> {
        let verdict = &found.verdict;
        self.aside.of(verdict.rule.id, verdict.side).filter(|_| verdict.outcome == Outcome::Fail)
    }

    /// The broken rules that count.
    pub fn broken(&self) -> impl Iterator<Item = &Shared<RunVerdict>> {
        let broken = self.verdicts.iter().filter(|found| found.verdict.outcome == Outcome::Fail);
        broken.filter(|found| self.set_aside(found).is_none())
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

    /// The index of the row that shows a place, or of the one before it that is part of the session.
    #[must_use]
    pub fn index_of(&self, place: u32) -> usize {
        let last = self.rows.partition_point(|row| row.place <= place).saturating_sub(1);
        match self.row(last) {
            Some(row) if row.kind.aside() && row.place != place => self.before(last).unwrap_or(last),
            _ => last,
        }
    }

    /// The message or handshake at which the run halts.
    #[must_use]
    pub fn held(&self) -> Option<&Met> {
        self.met.last().filter(|_| self.halted)
    }

    /// The row before one, passing over the lines that were not understood.
    #[must_use]
    pub fn before(&self, index: usize) -> Option<usize> {
        self.rows.get(..index)?.iter().rposition(|row| !row.kind.aside())
    }

    /// The row behind one, passing over the lines that were not understood.
    #[must_use]
    pub fn behind(&self, index: usize) -> Option<usize> {
        let next = index.saturating_add(1);
        let steps = self.rows.get(next..)?.iter().position(|row| !row.kind.aside())?;
        Some(next.saturating_add(steps))
    }

    /// What its places are called.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        if self.simulated { "event" } else { self.counts }
    }
}

/// The verdicts on an import, the worst first.
#[must_use]
pub fn judged(traces: &[Trace], facts: &[Facts], by: impl Into<By>) -> Vec<Shared<RunVerdict>> {
    let by = by.into();
    let each = traces.iter().zip(facts).map(|(trace, facts)| pipeline::judge_again(trace, facts, by));
    sorted(traces, &each.collect::<Vec<_>>())
}

/// The verdicts on the connections of a session, the worst first.
pub(super) fn sorted(traces: &[Trace], verdicts: &[Vec<Verdict>]) -> Vec<Shared<RunVerdict>> {
    let mut all = pipeline::merged(traces.iter().zip(verdicts.iter().map(Vec::as_slice)));
    order::sort_by_key(&mut all, |v| (v.verdict.outcome, std::cmp::Reverse(v.verdict.level())));
    all.into_iter().map(Shared::new).collect()
}
