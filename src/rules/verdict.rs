//! What a rule is given and what it answers.

use super::logins::Standing;
use super::{ALL, Rule};
use crate::base::{Origin, Side};
use crate::facts::Facts;
use crate::spec::{Clause, Level, Requirement, RuleSet};
use crate::trace::{Event, EventId, Leg, Policy, Trace};
use serde::Serialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::LazyLock;

/// One side of one trace, as a rule sees it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The side that is judged.
    pub side: Side,
    /// What that side sent and saw.
    pub leg: Leg<'a>,
    /// The facts of the session on that leg.
    pub facts: &'a Facts,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// When somebody was logged in, found out when a rule asks for it first.
    pub(super) standing: &'a OnceCell<Standing>,
}

impl<'a> Case<'a> {
    /// Whether the judged side itself put an event on the wire: nobody answers for what the middle wrote in his name.
    #[must_use]
    pub fn own(&self, event: &Event) -> bool {
        event.from == self.side && !matches!(event.origin, Origin::Added | Origin::Changed)
    }

    /// The policy of the judged side, where it is known, with the note that states it.
    #[must_use]
    pub fn policy(&self) -> Option<(&'a Event, Policy)> {
        self.leg.policy(self.side)
    }

    /// The last event before another one that logged somebody in, unless somebody was logged out since. The server
    /// knows what it said itself; the client believes what reaches it.
    #[must_use]
    pub fn logged_in(&self, before: EventId) -> Option<&'a Event> {
        let standing = self.standing.get_or_init(|| Standing::new(self));
        self.leg.trace().event(standing.logged_in(before)?)
    }

    /// The last event before another one that logged somebody out, unless somebody logged in since.
    #[must_use]
    pub fn logged_out(&self, before: EventId) -> Option<&'a Event> {
        let standing = self.standing.get_or_init(|| Standing::new(self));
        self.leg.trace().event(standing.logged_out(before)?)
    }

    /// Whether the judged side is known to be set to a policy.
    #[must_use]
    pub fn is_set_to(&self, policy: Policy) -> bool {
        self.policy().is_some_and(|(_, set)| set == policy)
    }

    /// What to add to a sentence about the judged server's own lines: a recording of one wire shows what arrived
    /// there, which the server need not have sent.
    #[must_use]
    pub fn here(&self) -> &'static str {
        if self.leg.trace().two_hops() { "" } else { ", as seen on this wire" }
    }
}

/// A sentence about the judged server's own lines, which nothing varies but [`Case::here`], so that it need not be
/// put together for every session.
macro_rules! here {
    ($case:expr, $sentence:literal) => {
        if $case.leg.trace().two_hops() {
            concat!($sentence, ".")
        } else {
            concat!($sentence, ", as seen on this wire.")
        }
    };
}
pub(super) use here;

/// Why something that looks like a breach is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse(pub &'static str);

/// What a rule answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Kept; the events prove it.
    Pass {
        /// The evidence, never empty.
        events: Vec<EventId>,
        /// What was seen, in a sentence.
        message: Cow<'static, str>,
        /// A MAY or an exception that the text grants.
        excused_by: Option<Excuse>,
    },
    /// Broken; the events prove it.
    Fail {
        /// The evidence, never empty.
        events: Vec<EventId>,
        /// What was seen, in a sentence.
        message: Cow<'static, str>,
        /// Which clause of the requirement, from 0.
        clause: usize,
    },
    /// The rule had nothing to judge.
    NotApplicable {
        /// Why not.
        reason: &'static str,
    },
    /// The trace lacks a fact.
    CannotTell {
        /// The missing fact, and how to record it.
        missing: &'static str,
    },
}

impl Finding {
    /// Kept.
    pub fn pass<'a>(
        events: impl IntoIterator<Item = &'a Event>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Pass { events: ids(events), message: message.into(), excused_by: None }
    }

    /// Kept because the text grants an exception.
    pub fn excused<'a>(
        events: impl IntoIterator<Item = &'a Event>,
        message: impl Into<Cow<'static, str>>,
        by: &'static str,
    ) -> Self {
        Self::Pass { events: ids(events), message: message.into(), excused_by: Some(Excuse(by)) }
    }

    /// The requirement's first clause is broken.
    pub fn fail<'a>(
        events: impl IntoIterator<Item = &'a Event>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Fail { events: ids(events), message: message.into(), clause: 0 }
    }

    /// A certain clause of the requirement is broken.
    #[must_use]
    pub fn of_clause(mut self, number: usize) -> Self {
        if let Self::Fail { clause, .. } = &mut self {
            *clause = number;
        }
        self
    }

    /// Nothing to judge.
    #[must_use]
    pub fn not_applicable(reason: &'static str) -> Self {
        Self::NotApplicable { reason }
    }

    /// A fact is missing.
    #[must_use]
    pub fn cannot_tell(missing: &'static str) -> Self {
        Self::CannotTell { missing }
    }
}

fn ids<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<EventId> {
    let mut ids: Vec<_> = events.into_iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The one vocabulary of outcomes, for code, reports and page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Broken.
    Fail,
    /// The trace lacks a fact.
    CannotTell,
    /// Kept.
    Pass,
    /// Nothing to judge.
    NotApplicable,
    /// The document is not in the chosen rule set.
    NotInForce,
}

impl Outcome {
    /// The word for people; the id for machines is the serialised form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "broken",
            Self::CannotTell => "cannot tell",
            Self::Pass => "kept",
            Self::NotApplicable => "not applicable",
            Self::NotInForce => "not in force",
        }
    }
}

/// A rule's answer about one side.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The rule.
    pub rule: &'static Rule,
    /// The side that was judged.
    pub side: Side,
    /// The clause that decided the level.
    pub clause: &'static Clause,
    /// What came out.
    pub outcome: Outcome,
    /// The evidence; never empty for pass and fail.
    pub events: Vec<EventId>,
    /// What was seen, in a sentence.
    pub message: Cow<'static, str>,
    /// The exception that made it a pass.
    pub excused_by: Option<&'static str>,
}

impl Verdict {
    /// The level, which follows from the keyword.
    #[must_use]
    pub fn level(&self) -> Level {
        self.clause.keyword.level()
    }
}

/// A rule and one side that it binds.
#[derive(Clone, Copy, Debug)]
struct Duty {
    rule: &'static Rule,
    requirement: &'static Requirement,
    side: Side,
    /// The most serious clause for that side.
    strongest: &'static Clause,
}

/// Looked up once and not for every session: a large log has many short ones.
static DUTIES: LazyLock<Vec<Duty>> = LazyLock::new(|| {
    let rules = ALL.iter().filter_map(|&rule| rule.requirement().map(|requirement| (rule, requirement)));
    let duties = rules.flat_map(|(rule, requirement)| {
        requirement.sides().into_iter().filter_map(move |side| {
            requirement.strongest(side).map(|strongest| Duty { rule, requirement, side, strongest })
        })
    });
    duties.collect()
});

/// Judges a trace by all rules, each side that a rule binds by itself.
#[must_use]
pub fn judge(trace: &Trace, client: &Facts, server: &Facts, rules: RuleSet) -> Vec<Verdict> {
    let mut verdicts = Vec::with_capacity(DUTIES.len());
    let standings = [OnceCell::new(), OnceCell::new()];
    let [of_client, of_server] = &standings;
    for &Duty { rule, requirement, side, strongest } in DUTIES.iter() {
        let mut verdict = Verdict {
            rule,
            side,
            clause: strongest,
            outcome: Outcome::NotInForce,
            events: Vec::new(),
            message: Cow::Borrowed(""),
            excused_by: None,
        };
        if !rules.includes(requirement.document) {
            verdict.message = requirement.document.not_in_force().into();
        } else if !rule.protocols.contains(&trace.protocol()) {
            verdict.outcome = Outcome::NotApplicable;
            verdict.message = "This rule is about other protocols.".into();
        } else {
            let (facts, standing) = match side {
                Side::Client => (client, of_client),
                Side::Server => (server, of_server),
            };
            let finding =
                (rule.check)(&Case { side, leg: trace.leg(side), facts, rule_set: rules, standing });
            fill(&mut verdict, finding, requirement.clauses);
            // What is missing could have broken it.
            if trace.truncated() && matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable) {
                verdict.outcome = Outcome::CannotTell;
                verdict.message = Cow::Borrowed(
                    "Part of this session is not in the recording, or was too long to be read.",
                );
            }
            // What a rule saw in the clear may have been inside TLS.
            let unsaid = !trace.carries().beginning && facts.tls.is_none();
            if unsaid && matches!(verdict.outcome, Outcome::Pass | Outcome::Fail) {
                verdict.outcome = Outcome::CannotTell;
                verdict.events.clear();
                verdict.message = Cow::Borrowed(
                    "Whether the connection began inside TLS: this kind of log does not say it.",
                );
            }
        }
        debug_assert!(
            !matches!(verdict.outcome, Outcome::Pass | Outcome::Fail) || !verdict.events.is_empty(),
            "{} passes or fails without evidence",
            rule.id
        );
        verdicts.push(verdict);
    }
    verdicts
}

fn fill(verdict: &mut Verdict, finding: Finding, clauses: &'static [Clause]) {
    match finding {
        Finding::Pass { events, message, excused_by } => {
            verdict.outcome = Outcome::Pass;
            verdict.events = events;
            verdict.message = message;
            verdict.excused_by = excused_by.map(|excuse| excuse.0);
        }
        Finding::Fail { events, message, clause } => {
            verdict.outcome = Outcome::Fail;
            verdict.events = events;
            verdict.message = message;
            verdict.clause = clauses.get(clause).unwrap_or(verdict.clause);
        }
        Finding::NotApplicable { reason } => {
            verdict.outcome = Outcome::NotApplicable;
            verdict.message = Cow::Borrowed(reason);
        }
        Finding::CannotTell { missing } => {
            verdict.outcome = Outcome::CannotTell;
            verdict.message = Cow::Borrowed(missing);
        }
    }
}
