//! What a rule is given and what it answers.

use super::logins::Standing;
use super::{ALL, Rule};
use crate::base::{Layer, Origin, Protocol, Side};
use crate::facts::Facts;
use crate::spec::{Clause, Document, Level, Requirement, RuleSet};
use crate::trace::{Event, EventId, Leg, Policy, Step, Trace, Trail};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
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
    /// The policy that the side is taken to be set to where nothing states it.
    pub assumed: Option<Policy>,
    /// Set as soon as the rule asks for the policy.
    pub(super) basis: &'a Cell<Option<Basis>>,
    /// When somebody was logged in, found out when a rule asks for it first.
    pub(super) standing: &'a OnceCell<Standing>,
}

impl<'a> Case<'a> {
    /// Whether the judged side itself put an event on the wire: nobody answers for what the middle wrote in his name.
    #[must_use]
    pub fn own(&self, event: &Event) -> bool {
        let foreign = matches!(event.origin, Origin::Added | Origin::Changed);
        let no = if foreign { "somebody in the middle wrote it" } else { "the other side sent it" };
        let holds = event.from == self.side && !foreign;
        self.leg.fact(event.id, holds, "the judged side sent it itself", no)
    }

    /// Whether an event travelled outside TLS.
    #[must_use]
    pub fn clear(&self, event: &Event) -> bool {
        self.leg.fact(event.id, event.layer == Layer::Clear, "it is outside TLS", "it is inside TLS")
    }

    /// Whether an event travelled inside TLS.
    #[must_use]
    pub fn inside(&self, event: &Event) -> bool {
        self.leg.fact(event.id, event.layer == Layer::Tls, "it is inside TLS", "it is outside TLS")
    }

    /// Writes down what a question about an event showed, for who asks why a rule did not fire.
    pub fn saw(&self, event: &Event, holds: bool, yes: &'static str, no: &'static str) -> bool {
        self.leg.fact(event.id, holds, yes, no)
    }

    /// The policy of the judged side, where it is known or assumed, with the note that states it.
    #[must_use]
    pub fn policy(&self) -> Option<(Option<&'a Event>, Policy)> {
        let stated = match self.assumed {
            Some(policy) => self.leg.policy_or(self.side, policy.assumed()),
            None => self.leg.policy(self.side),
        };
        let stated = stated.map(|(note, policy)| (Some(note), policy));
        let policy = stated.or(self.assumed.map(|policy| (None, policy)));
        self.basis.set(Some(match policy {
            Some((Some(_), policy)) => Basis::Stated(policy),
            Some((None, policy)) => Basis::Assumed(policy),
            None => Basis::Unknown,
        }));
        policy
    }

    /// The last event before another one that logged somebody in, unless somebody was logged out since. The server
    /// knows what it said itself; the client believes what reaches it.
    #[must_use]
    pub fn logged_in(&self, before: EventId) -> Option<&'a Event> {
        let standing = self.standing.get_or_init(|| Standing::new(self));
        let login = standing.logged_in(before).and_then(|id| self.leg.trace().event(id));
        let says = login.map_or(before, |login| login.id);
        let (yes, no) = ("somebody had logged in before", "nobody had logged in before");
        self.leg.fact(says, login.is_some(), yes, no);
        login
    }

    /// The last event before another one that logged somebody out, unless somebody logged in since.
    #[must_use]
    pub fn logged_out(&self, before: EventId) -> Option<&'a Event> {
        let standing = self.standing.get_or_init(|| Standing::new(self));
        let left = standing.logged_out(before).and_then(|id| self.leg.trace().event(id));
        let says = left.map_or(before, |left| left.id);
        let (yes, no) = ("the user before had been logged out", "nobody had been logged out before");
        self.leg.fact(says, left.is_some(), yes, no);
        left
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

/// The events that prove an answer: mostly one or two.
pub type Evidence = SmallVec<[EventId; 2]>;

/// What a rule answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Kept; the events prove it.
    Pass {
        /// The evidence, never empty.
        events: Evidence,
        /// What was seen, in a sentence.
        message: Cow<'static, str>,
        /// A MAY or an exception that the text grants.
        excused_by: Option<Excuse>,
    },
    /// Broken; the events prove it.
    Fail {
        /// The evidence, never empty.
        events: Evidence,
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

fn ids<'a>(events: impl IntoIterator<Item = &'a Event>) -> Evidence {
    let mut ids: Evidence = events.into_iter().map(|event| event.id).collect();
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
    /// All, the worst first.
    pub const ALL: [Self; 5] =
        [Self::Fail, Self::CannotTell, Self::Pass, Self::NotApplicable, Self::NotInForce];

    /// The id for machines, which is the serialised form too.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::CannotTell => "cannot-tell",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::NotInForce => "not-in-force",
        }
    }

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

/// Which policy of the judged side a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The side says so itself.
    Stated(Policy),
    /// It is assumed, because somebody said so who asked for the verdict.
    Assumed(Policy),
    /// Nobody knows it; the rule judged without, as its text says.
    Unknown,
}

impl Basis {
    /// The policy, where there is one.
    #[must_use]
    pub fn policy(self) -> Option<Policy> {
        match self {
            Self::Stated(policy) | Self::Assumed(policy) => Some(policy),
            Self::Unknown => None,
        }
    }

    /// How it is known, as reports name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Stated(_) => "stated",
            Self::Assumed(_) => "assumed",
            Self::Unknown => "unknown",
        }
    }
}

/// The policies that the parties are taken to be set to where nothing states them. RFC 2595 asks for little more than
/// that a policy can be set; a recording does not say which one was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed {
    /// Of the client.
    pub client: Option<Policy>,
    /// Of the server.
    pub server: Option<Policy>,
}

impl Assumed {
    /// The policy of one side.
    #[must_use]
    pub fn of(self, side: Side) -> Option<Policy> {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }

    /// The same with another policy of one side; `None` takes it away.
    #[must_use]
    pub fn with(mut self, side: Side, policy: Option<Policy>) -> Self {
        match side {
            Side::Client => self.client = policy,
            Side::Server => self.server = policy,
        }
        self
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
    pub events: Evidence,
    /// What was seen, in a sentence.
    pub message: Cow<'static, str>,
    /// The exception that made it a pass.
    pub excused_by: Option<&'static str>,
    /// The policy that it rests on, where the rule asked for one.
    pub basis: Option<Basis>,
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
    /// Whether the rule is about a protocol, by their order: most are passed over without a look at the rule itself.
    about: [bool; Protocol::ALL.len()],
    document: Document,
}

impl Duty {
    /// The answer of a rule that is not asked: it is not in force, or about other protocols.
    fn set_aside(&self, rules: RuleSet, protocol: Protocol) -> Option<(Outcome, &'static str)> {
        if !rules.includes(self.document) {
            return Some((Outcome::NotInForce, self.document.not_in_force()));
        }
        let about =
            Protocol::ALL.into_iter().zip(self.about).any(|(known, about)| known == protocol && about);
        (!about).then_some((Outcome::NotApplicable, "This rule is about other protocols."))
    }
}

/// Looked up once and not for every session: a large log has many short ones.
static DUTIES: LazyLock<Vec<Duty>> = LazyLock::new(|| {
    let rules = ALL.iter().filter_map(|&rule| rule.requirement().map(|requirement| (rule, requirement)));
    let duties = rules.flat_map(|(rule, requirement)| {
        requirement.sides().into_iter().filter_map(move |side| {
            requirement.strongest(side).map(|strongest| Duty {
                rule,
                requirement,
                side,
                strongest,
                about: Protocol::ALL.map(|protocol| rule.protocols.contains(&protocol)),
                document: requirement.document,
            })
        })
    });
    duties.collect()
});

/// Judges a trace by all rules, each side that a rule binds by itself.
#[must_use]
pub fn judge(trace: &Trace, client: &Facts, server: &Facts, rules: RuleSet) -> Vec<Verdict> {
    judge_assuming(trace, [client, server], rules, Assumed::default())
}

/// The same with the policies that the parties are taken to be set to. Facts: the client's leg first.
#[must_use]
pub fn judge_assuming(trace: &Trace, facts: [&Facts; 2], rules: RuleSet, assumed: Assumed) -> Vec<Verdict> {
    let mut verdicts = Vec::with_capacity(DUTIES.len());
    verdicts.extend(judging(trace, facts, rules, assumed));
    verdicts
}

/// The sides that break a rule, and the rules; nothing is put together for the other answers.
pub fn broken<'a>(
    trace: &'a Trace,
    facts: [&'a Facts; 2],
    rules: RuleSet,
) -> impl Iterator<Item = (Side, &'static str)> + 'a {
    let bench = Bench::new(trace, facts, rules, Assumed::default());
    let about = DUTIES.iter().filter(move |duty| duty.set_aside(rules, trace.protocol()).is_none());
    about.filter_map(move |duty| {
        (bench.judge(duty, None).outcome == Outcome::Fail).then_some((duty.side, duty.rule.id))
    })
}

/// The same, one verdict after the other.
pub fn judging<'a>(
    trace: &'a Trace,
    facts: [&'a Facts; 2],
    rules: RuleSet,
    assumed: Assumed,
) -> impl Iterator<Item = Verdict> + 'a {
    let bench = Bench::new(trace, facts, rules, assumed);
    DUTIES.iter().map(move |duty| bench.judge(duty, None))
}

/// Judges one side by some rules only.
#[must_use]
pub fn judge_by(
    trace: &Trace,
    facts: [&Facts; 2],
    rules: RuleSet,
    assumed: Assumed,
    ids: &[&str],
    side: Side,
) -> Vec<Verdict> {
    let bench = Bench::new(trace, facts, rules, assumed);
    let duties = DUTIES.iter().filter(|duty| duty.side == side && ids.contains(&duty.rule.id));
    duties.map(|duty| bench.judge(duty, None)).collect()
}

/// What a trace is judged by.
struct Bench<'a> {
    trace: &'a Trace,
    client: &'a Facts,
    server: &'a Facts,
    rules: RuleSet,
    assumed: Assumed,
    standings: [OnceCell<Standing>; 2],
    /// The same session, read as if a handshake had been where nothing says whether there was one.
    inside: Option<Box<Inside>>,
}

/// A session read in another way.
struct Inside {
    trace: Trace,
    client: Facts,
    server: Facts,
}

impl Inside {
    /// Nothing where the source marks every handshake, or none can have been.
    fn of(trace: &Trace) -> Option<Box<Self>> {
        let granted = if trace.carries().handshake { None } else { trace.goes_on_unmarked() };
        let trace = trace.inside_behind(granted?);
        let [client, server] = Side::BOTH.map(|side| Facts::of(&trace, side));
        Some(Box::new(Self { trace, client, server }))
    }

    fn judge(&self, duty: &Duty, rules: RuleSet, assumed: Assumed) -> Outcome {
        let Self { trace, client, server } = self;
        let bench =
            Bench { trace, client, server, rules, assumed, standings: Default::default(), inside: None };
        bench.judge(duty, None).outcome
    }
}

/// What is missing where it makes a difference whether TLS began.
const UNMARKED: &str = "Whether TLS began behind the positive answer to the request for it: nothing in the recording says so. A line such as `<TLS negotiation>` below that answer, or `# clear text again`, tells it.";

impl<'a> Bench<'a> {
    fn new(trace: &'a Trace, [client, server]: [&'a Facts; 2], rules: RuleSet, assumed: Assumed) -> Self {
        let standings = [OnceCell::new(), OnceCell::new()];
        Self { trace, client, server, rules, assumed, standings, inside: Inside::of(trace) }
    }

    /// One rule about one side, and on demand what it looked at.
    fn judge(&self, duty: &Duty, trail: Option<&Trail>) -> Verdict {
        let &Duty { rule, requirement, side, strongest, .. } = duty;
        let trace = self.trace;
        let mut verdict = Verdict {
            rule,
            side,
            clause: strongest,
            outcome: Outcome::NotInForce,
            events: Evidence::new(),
            message: Cow::Borrowed(""),
            excused_by: None,
            basis: None,
        };
        if let Some((outcome, why)) = duty.set_aside(self.rules, trace.protocol()) {
            (verdict.outcome, verdict.message) = (outcome, Cow::Borrowed(why));
        } else {
            let [of_client, of_server] = &self.standings;
            let (facts, standing) = match side {
                Side::Client => (self.client, of_client),
                Side::Server => (self.server, of_server),
            };
            let leg = trace.leg(side);
            let leg = trail.map_or(leg, |trail| leg.watched(trail));
            let (basis, assumed) = (Cell::new(None), self.assumed.of(side));
            let case = Case { side, leg, facts, rule_set: self.rules, assumed, basis: &basis, standing };
            let finding = (rule.check)(&case);
            fill(&mut verdict, finding, requirement.clauses);
            let judged = verdict.outcome != Outcome::NotApplicable;
            verdict.basis = basis.get().filter(|_| judged);
            // What is missing could have broken it.
            if trace.truncated() && matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable) {
                verdict.outcome = Outcome::CannotTell;
                verdict.message = Cow::Borrowed(
                    "Part of this session is not in the recording, or was too long to be read.",
                );
            }
            // Where a handshake may have been, only what holds in both cases is known.
            if let Some(inside) = &self.inside
                && verdict.outcome != Outcome::CannotTell
                && inside.judge(duty, self.rules, self.assumed) != verdict.outcome
            {
                verdict.outcome = Outcome::CannotTell;
                verdict.events.clear();
                verdict.message = Cow::Borrowed(UNMARKED);
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
        verdict
    }
}

/// Why a rule did or did not fire: its verdict, and what it looked at on the way to it.
#[derive(Clone, Debug)]
pub struct Why {
    /// The verdict.
    pub verdict: Verdict,
    /// What the rule looked at, in its order. Of many candidates only the one that came furthest is here.
    pub steps: Vec<Step>,
}

impl Why {
    /// The last condition that was not met and the event where that was seen; nothing where the rule fired. Where it
    /// was kept, the condition is the breach itself.
    #[must_use]
    pub fn unmet(&self) -> Option<(&str, Option<EventId>)> {
        let last = self.steps.iter().rev().find(|step| !step.holds);
        let seen = || self.steps.iter().rev().find_map(|step| step.event);
        match self.verdict.outcome {
            Outcome::Fail => None,
            Outcome::Pass | Outcome::CannotTell => {
                Some((&self.verdict.message, self.verdict.events.last().copied().or_else(seen)))
            }
            Outcome::NotApplicable => match last {
                Some(step) => Some((step.says, step.event)),
                None => Some((&self.verdict.message, None)),
            },
            Outcome::NotInForce => Some((&self.verdict.message, None)),
        }
    }
}

/// Judges one side of a trace by one rule and says what the rule looked at; nothing where the rule does not bind that
/// side.
#[must_use]
pub fn why(
    trace: &Trace,
    facts: [&Facts; 2],
    rules: RuleSet,
    assumed: Assumed,
    rule: &str,
    side: Side,
) -> Option<Why> {
    let duty = DUTIES.iter().find(|duty| duty.rule.id == rule && duty.side == side)?;
    let bench = Bench::new(trace, facts, rules, assumed);
    let trail = Trail::default();
    let verdict = bench.judge(duty, Some(&trail));
    Some(Why { verdict, steps: trail.steps() })
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
