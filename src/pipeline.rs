//! The facade: what the page, the JavaScript binding and the command line call, and the records they get.

mod check;
mod example;
mod explain;
mod list;
mod record;
mod rehearse;
mod replay;
mod share;
mod trial;

pub use check::{Checked, Checker, Ending, Unjudged, check, check_log};
pub use example::{Example, example, recording};
pub use explain::{explain, requirements};
pub use list::list;
pub use rehearse::{Desk, logged_in, rehearse};
pub use replay::{Recorded, replay};
pub use share::{Blocked, Share, is_own as is_own_word};
pub use trial::trials;

// The records that faces get, so that they need no other module.
pub use crate::attack::{Attack, Custom, CustomError, Met, TEXT_LIMIT as ATTACK_LIMIT};
pub use crate::base::{Profile, Protocol, Secret, Seed, Side, meant, printable};
pub use crate::import::{Format as ImportFormat, KeyLog};
pub use crate::link;
pub use crate::matrix::Wanted;
pub use crate::matrix::search::Bounds;
pub use crate::policy;
pub use crate::probe::{Probed, probe};
pub use crate::proto::Answer;
pub use crate::proto::profile_file::{
    ProfileError, ProfileFile, SIZE_LIMIT as PROFILE_LIMIT, read as read_profile,
};
pub use crate::redact::{Leaks, Wanted as Hide, counted as redacted_counts};
pub use crate::replay::{CannotPlay, Open, Opened, Played, Prediction};
pub use crate::report;
pub use crate::report::Select;
pub use crate::rules::{Assumed, Basis, Outcome};
pub use crate::sasl::base64::Group as Base64Group;
pub use crate::sasl::plain;
pub use crate::sim::{Setup, SetupError};
pub use crate::spec::{Level, REVERSALS, Reversal, RuleSet};
pub use crate::trace::Policy;
pub use crate::view::{Comparison, compare};

use crate::facts::Facts;
use crate::harm::{self, Harm};
use crate::import::Format;
use crate::matrix;
use crate::proto;
use crate::rules::{self, Verdict, Why};
use crate::sim::{self, Run};
use crate::trace::{EventId, Trace};
use serde::{Deserialize, Serialize};

/// The formats of inputs, by id.
#[must_use]
pub fn formats() -> &'static [&'static Format] {
    crate::import::ALL
}

/// The protocols that can be simulated, in their order.
pub fn protocols() -> impl Iterator<Item = Protocol> {
    proto::ALL.iter().map(|record| record.protocol)
}

/// A built-in profile as a file that can be edited: by its id, or by `SIDE.ID` where both sides have one.
///
/// # Errors
/// When there is none of that id, or one on each side; what to write instead.
pub fn profile_file(name: &str) -> Result<ProfileFile, String> {
    let named = Side::BOTH.into_iter().find_map(|side| {
        let id = name.strip_prefix(side.name())?.strip_prefix('.')?;
        ProfileFile::built_in(side, id)
    });
    if let Some(file) = named {
        return Ok(file);
    }
    match Side::BOTH.map(|side| ProfileFile::built_in(side, name)) {
        [Some(file), None] | [None, Some(file)] => Ok(file),
        [Some(_), Some(_)] => {
            Err(format!("both sides have a profile `{name}`: write client.{name} or server.{name}"))
        }
        [None, None] => {
            let names = list(report::Kind::Profiles);
            let meant = meant(name, names.iter().map(|entry| entry.id));
            let all = if meant.is_empty() { "; `list profiles` shows them" } else { &meant };
            Err(format!("there is no profile `{name}`{all}"))
        }
    }
}

/// What is private in a connection, to look for in reports that show no line of it.
#[must_use]
pub fn secrets(trace: &Trace) -> Leaks {
    let mut leaks = crate::redact::secrets(std::slice::from_ref(trace));
    leaks.except(&share::is_own);
    leaks
}

/// Whether a verdict's sentence says that only several runs can tell.
#[must_use]
pub fn is_probe(message: &str) -> bool {
    message == rules::PROBE
}

/// A judged connection.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What happened.
    pub trace: Trace,
    /// The facts as the client's side of the wire shows them.
    pub facts: Facts,
    /// Every rule's answer about every side that it binds.
    pub verdicts: Vec<Verdict>,
    /// What it was judged by.
    pub by: By,
}

/// What a connection is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The documents in force.
    pub rule_set: RuleSet,
    /// The policies that the parties are taken to be set to where nothing states them.
    pub assumed: Assumed,
}

impl From<RuleSet> for By {
    fn from(rule_set: RuleSet) -> Self {
        Self { rule_set, assumed: Assumed::default() }
    }
}

/// Judges one connection.
#[must_use]
pub fn judge(trace: Trace, by: impl Into<By>) -> Judged {
    let by = by.into();
    let facts = Facts::of(&trace, Side::Client);
    let verdicts = judge_again(&trace, &facts, by);
    Judged { trace, facts, verdicts, by }
}

/// Whether a side of a connection can be judged: the attacker's own server is nobody's server.
fn to_be_judged(trace: &Trace, side: Side) -> bool {
    side == Side::Client || !trace.peer().is_some_and(|peer| peer.attackers)
}

/// The verdicts on a connection whose facts are known.
#[must_use]
pub fn judge_again(trace: &Trace, facts: &Facts, by: impl Into<By>) -> Vec<Verdict> {
    let server = trace.two_hops().then(|| Facts::of(trace, Side::Server));
    let By { rule_set, assumed } = by.into();
    let mut verdicts =
        rules::judge_assuming(trace, [facts, server.as_ref().unwrap_or(facts)], rule_set, assumed);
    verdicts.retain(|verdict| to_be_judged(trace, verdict.side));
    verdicts
}

/// The same one after the other, for a face that has to do something else in between. Facts: the client's leg first; a
/// recording of one hop has the same of both.
pub fn judging<'a>(
    trace: &'a Trace,
    facts: [&'a Facts; 2],
    by: impl Into<By>,
) -> impl Iterator<Item = Verdict> + 'a {
    let By { rule_set, assumed } = by.into();
    let verdicts = rules::judging(trace, facts, rule_set, assumed);
    verdicts.filter(|verdict| to_be_judged(trace, verdict.side))
}

/// Why a rule did or did not fire on one side of a connection: what it looked at, in order. Nothing where the rule
/// does not bind that side, or there is nobody to be judged.
#[must_use]
pub fn why(trace: &Trace, facts: &Facts, by: impl Into<By>, rule: &str, side: Side) -> Option<Why> {
    let By { rule_set, assumed } = by.into();
    if !to_be_judged(trace, side) {
        return None;
    }
    let server = trace.two_hops().then(|| Facts::of(trace, Side::Server));
    rules::why(trace, [facts, server.as_ref().unwrap_or(facts)], rule_set, assumed, rule, side)
}

/// The id of a rule as it was written, in any case of letters.
#[must_use]
pub fn rule(id: &str) -> Option<&'static str> {
    rules::named(id).map(|rule| rule.id)
}

/// A matter on which a verdict of 1999 and one of today differ.
#[derive(Clone, Debug)]
pub struct Turned {
    /// What it is about.
    pub reversal: &'static Reversal,
    /// The verdict of 1999 that weighs most.
    pub then: Verdict,
    /// That of today, about the same side.
    pub today: Verdict,
}

/// Where later documents turned RFC 2595 round and that makes a difference for this connection.
#[must_use]
pub fn turned(trace: &Trace, facts: &Facts, assumed: Assumed) -> Vec<Turned> {
    let server = trace.two_hops().then(|| Facts::of(trace, Side::Server));
    let facts = [facts, server.as_ref().unwrap_or(facts)];
    let sides = Side::BOTH.into_iter().filter(|side| to_be_judged(trace, *side));
    let pairs = sides.flat_map(|side| REVERSALS.iter().map(move |reversal| (side, reversal)));
    let turned = pairs.filter_map(|(side, reversal)| {
        let of = |rules, ids| {
            let verdicts = rules::judge_by(trace, facts, rules, assumed, ids, side);
            verdicts.into_iter().min_by_key(|verdict| rank(verdict.outcome))
        };
        let then = of(RuleSet::Then, reversal.then)?;
        let today = of(RuleSet::Today, reversal.today)?;
        let told = |verdict: &Verdict| {
            let level = (verdict.outcome == Outcome::Fail).then(|| verdict.level());
            (verdict.outcome, level, verdict.excused_by.is_some())
        };
        let weighs = |outcome| matches!(outcome, Outcome::Fail | Outcome::Pass);
        let differ = told(&then) != told(&today)
            && (weighs(then.outcome) || today.outcome == Outcome::Fail)
            && !matches!(today.outcome, Outcome::NotApplicable | Outcome::NotInForce);
        differ.then_some(Turned { reversal, then, today })
    });
    turned.collect()
}

/// A harm that was done in a run.
#[derive(Clone, Debug)]
pub struct HarmDone {
    /// Which harm.
    pub harm: &'static Harm,
    /// Where: connection and event, first first.
    pub events: Vec<(usize, EventId)>,
    /// The place of the event that decided it.
    pub place: u32,
    /// What was gained, in a sentence.
    pub message: &'static str,
}

/// A simulated and judged run.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// What was run.
    pub setup: Setup,
    /// Its connections.
    pub connections: Vec<Judged>,
    /// The attacks that reached what they are for, which need not be a harm.
    pub succeeded: Vec<&'static Attack>,
    /// What the attacker gained.
    pub harms: Vec<HarmDone>,
    /// That the user was kept from the mail, which gains the attacker nothing.
    pub denied: Option<HarmDone>,
    /// The messages and handshakes that the middle could have decided about by hand, in order.
    pub met: Vec<Met>,
    /// Whether the last of them is held, and the run ended there.
    pub held: bool,
    /// Whether the step limit ended the run.
    pub limit_reached: bool,
}

/// The connections of a run before anybody has judged them, for a face that has to do something else in between.
#[must_use]
pub fn unjudged(setup: &Setup) -> Vec<Trace> {
    sim::run(setup).connections
}

/// Runs and judges a setup.
#[must_use]
pub fn simulate(setup: &Setup, rule_set: RuleSet) -> Simulated {
    let Run { connections, planted, met, held, limit_reached } = sim::run(setup);
    let of = |harm: &&'static Harm| {
        let done = (harm.find)(&connections, &planted);
        let first = done.first()?;
        let place = connections.get(first.connection)?.event(first.event)?.places.0;
        let message = first.message;
        let events = done.iter().map(|d| (d.connection, d.event)).collect();
        Some(HarmDone { harm, events, place, message })
    };
    let harms: Vec<_> = harm::ALL.iter().filter(|harm| !harm.denial).filter_map(of).collect();
    // Who has lost something has worse to hear than that the session ended.
    let denied = harm::ALL.iter().filter(|harm| harm.denial && harms.is_empty()).find_map(of);
    let attacks = setup.attacks.iter().map(|(attack, _)| *attack);
    let succeeded =
        attacks.filter(|attack| !(attack.success.find)(&connections, &planted).is_empty()).collect();
    let connections = connections.into_iter().map(|trace| judge(trace, rule_set)).collect();
    Simulated { setup: setup.clone(), connections, succeeded, harms, denied, met, held, limit_reached }
}

/// A rule's answer over all connections of a run, with the places of its evidence.
#[derive(Clone, Debug)]
pub struct RunVerdict {
    /// The answer of the connection that decided it.
    pub verdict: Verdict,
    /// The places of the evidence, in order, each once.
    pub places: Vec<u32>,
}

/// One answer per rule and side for a whole run: broken anywhere is broken, and an answer with evidence beats one
/// without.
#[must_use]
pub fn over_run(connections: &[Judged]) -> Vec<RunVerdict> {
    merged(connections.iter().map(|judged| (&judged.trace, judged.verdicts.as_slice())))
}

/// The same, of verdicts that are kept elsewhere than their connections.
#[must_use]
pub fn merged<'a>(connections: impl IntoIterator<Item = (&'a Trace, &'a [Verdict])>) -> Vec<RunVerdict> {
    let mut merged: Vec<RunVerdict> = Vec::new();
    for (trace, verdicts) in connections {
        for verdict in verdicts {
            let places = places(trace, &verdict.events);
            let known = merged
                .iter_mut()
                .find(|known| known.verdict.rule.id == verdict.rule.id && known.verdict.side == verdict.side);
            match known {
                None => merged.push(RunVerdict { verdict: verdict.clone(), places }),
                Some(known) if rank(verdict.outcome) < rank(known.verdict.outcome) => {
                    *known = RunVerdict { verdict: verdict.clone(), places };
                }
                Some(_) => {}
            }
        }
    }
    merged
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::CannotTell => 1,
        Outcome::Pass => 2,
        Outcome::NotApplicable => 3,
        Outcome::NotInForce => 4,
    }
}

/// The places that events stand for, in order, each once.
#[must_use]
pub fn places(trace: &Trace, events: &[EventId]) -> Vec<u32> {
    trace.places(events)
}

/// The matrix of a protocol; `None` when nothing can be simulated in it.
#[must_use]
pub fn matrix(protocol: Protocol, rule_set: RuleSet) -> Option<report::MatrixRecord> {
    matrix::matrix(protocol, rule_set).map(|matrix| record::matrix(&matrix))
}

/// As much of a matrix as is wanted, telling after every attack how many of how many are done.
#[must_use]
pub fn matrix_with(wanted: Wanted, progress: &mut dyn FnMut(usize, usize)) -> Option<report::MatrixRecord> {
    let mut told = |done, of| {
        progress(done, of);
        true
    };
    matrix::matrix_with(wanted, &mut told).map(|matrix| record::matrix(&matrix))
}

/// Looks for the shortest attack that does a harm, by its id; `None` when there is no such harm.
#[must_use]
pub fn search(setup: &Setup, harm: &str, bounds: Bounds) -> Option<report::SearchRecord> {
    search_with(setup, harm, bounds, &mut |_| {})
}

/// The same, telling from time to time how many runs were made.
#[must_use]
pub fn search_with(
    setup: &Setup,
    harm: &str,
    bounds: Bounds,
    progress: &mut dyn FnMut(u32),
) -> Option<report::SearchRecord> {
    let harm = matrix::search::harm(harm)?;
    let mut told = |runs, _| {
        progress(runs);
        true
    };
    let searched = matrix::search::search(setup, harm, bounds, &mut told);
    Some(record::searched(harm, bounds, &searched))
}

/// The first single change of a switch after which the attacks of a setup neither succeed nor do harm.
#[must_use]
pub fn first_fix(setup: &Setup) -> Option<matrix::fixes::Change> {
    matrix::fixes::first(setup)
}

/// By which single changes, as the command line writes them, the only attack of a setup succeeds that fails as it is.
#[must_use]
pub fn nearby(setup: &Setup) -> Vec<String> {
    matrix::nearby(setup)
}

/// The smallest changes after which the attacks of a setup neither succeed nor do harm.
#[must_use]
pub fn fixes(setup: &Setup) -> report::FixesRecord {
    record::fixes(&matrix::fixes::fixes(setup))
}

/// The same, telling from time to time how many of how many sets of changes are tried.
#[must_use]
pub fn fixes_with(setup: &Setup, progress: &mut dyn FnMut(usize, usize)) -> report::FixesRecord {
    let mut told = |done, all| {
        progress(done, all);
        true
    };
    record::fixes(&matrix::fixes::fixes_with(setup, &mut told))
}

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod conduct_tests;
