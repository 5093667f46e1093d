//! The records of a report. Their fields and the fields' order are a contract (`docs/report.schema.json`).

use super::Select;
use super::events::EventRecord;
use super::matrix::FixesRecord;
use crate::base::{Endpoint, Protocol, Side};
use crate::facts::Facts;
use crate::rules::compliance::{Grade, grade};
use crate::rules::{Outcome, Verdict, Why};
use crate::spec::Level;
use crate::trace::{CONNECTION_LIMIT, EventId, Policy, Trace};
use crate::view::Ladder;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What an input is and how far it could be read.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Its name: the path as it was given, `-` for standard input.
    pub file: String,
    /// The id and the name of its format, as soon as it is known.
    pub format: Option<(&'static str, &'static str)>,
    /// What its places count; lines where it is not known.
    pub places: Option<&'static str>,
    /// Why nothing, or nothing more, could be read.
    pub error: Option<InputError>,
    /// What has to be said about lines that belong to no session.
    pub remarks: Vec<Remark>,
}

impl Input {
    /// Its file as people read it: `-` is no file.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.file == "-" { "standard input" } else { &self.file }
    }

    /// The word for one of its places.
    #[must_use]
    pub fn place(&self) -> &'static str {
        self.places.unwrap_or("line")
    }
}

/// Why an input is not readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct InputError {
    /// What is the matter, in a sentence.
    pub message: String,
    /// The line, from 1; nothing when it is about the whole input.
    pub line: Option<u32>,
}

/// Something to be said about lines from which no event was read. Their text is not repeated: nobody knows what in
/// it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct Remark {
    /// What is the matter with them, in a sentence.
    pub message: String,
    /// The lines, from 1, in order; empty when it is about the whole.
    pub lines: Vec<u32>,
}

/// How far each side kept to the rules.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct ComplianceRecord {
    /// The client.
    pub client: Grade,
    /// The server.
    pub server: Grade,
}

/// A judged session.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct SessionRecord {
    /// The protocol that was spoken; `None` where nothing of the dialogue is readable.
    pub protocol: Option<Protocol>,
    /// Where the client connected to, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// What happened.
    pub facts: Facts,
    /// How far each side kept to the rules.
    pub compliance: ComplianceRecord,
    /// Every rule's answer.
    pub verdicts: Vec<VerdictRecord>,
    /// What has to be said about lines of this session that are no part of its dialogue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Where a verdict of 1999 and one of today differ because later text turned RFC 2595 round.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub turned: Vec<TurnedRecord>,
    /// Why the rule that was asked about did or did not fire, one for each side that it binds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<WhyRecord>,
    /// First and last place.
    #[serde(skip)]
    pub places: Option<(u32, u32)>,
    /// The connection, redacted, for writers that show its lines.
    #[serde(skip)]
    pub trace: Option<Trace>,
}

impl SessionRecord {
    /// The record of a session, with the verdicts that are to be shown.
    #[must_use]
    pub fn new(trace: &Trace, facts: &Facts, verdicts: &[Verdict], select: &Select) -> Self {
        let graded = |side| grade(verdicts, side, trace.protocol()).grade;
        let left_out = trace.left_out().map(|message| Remark { message, lines: Vec::new() });
        let mut remarks: Vec<_> = left_out.into_iter().collect();
        remarks.extend(trace.unfinished().into_iter().map(|(line, announced, came)| Remark {
            message: format!(
                "Here {announced} octets are announced, of which {came} came; nothing that this side sent behind it is read as a line. Of one connection {} MB are kept in each direction.",
                CONNECTION_LIMIT >> 20
            ),
            lines: vec![line],
        }));
        let events = trace.events().iter();
        let first = events.clone().map(|event| event.places.0).min();
        let last = events.map(|event| event.places.1).max();
        Self {
            protocol: Some(trace.protocol()),
            endpoint: trace.peer().map(|peer| peer.endpoint.clone()),
            facts: facts.clone(),
            compliance: ComplianceRecord { client: graded(Side::Client), server: graded(Side::Server) },
            verdicts: verdicts
                .iter()
                .filter(|verdict| select.chooses(verdict))
                .map(|verdict| VerdictRecord::new(verdict, trace.places(&verdict.events)))
                .collect(),
            remarks,
            turned: Vec::new(),
            why: Vec::new(),
            places: first.zip(last),
            trace: None,
        }
    }
}

impl SessionRecord {
    /// The diagram of the connection, where there is one to be shown.
    #[must_use]
    pub fn ladder(&self) -> Option<Ladder> {
        self.trace.as_ref().map(|trace| crate::view::ladder(std::slice::from_ref(trace), &[]))
    }
}

/// A rule's answer about one side.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct VerdictRecord {
    /// The rule's id.
    pub rule: &'static str,
    /// What the rule demands.
    pub title: &'static str,
    /// Where that stands.
    #[serde(rename = "section")]
    pub citation: String,
    /// How serious a breach is.
    pub level: Level,
    /// The side that was judged.
    pub side: Side,
    /// What came out.
    pub outcome: Outcome,
    /// The evidence: input lines, frame numbers or event numbers.
    pub lines: Vec<u32>,
    /// What was seen, in a sentence.
    pub message: Cow<'static, str>,
    /// The exception that made it a pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excused_by: Option<&'static str>,
    /// The policy of the side that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyRecord>,
    /// By what a finding is known again: it does not move with the lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Why a broken rule does not count: a policy's reason, or that it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// Where a finding can be looked at in the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The policy that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyRecord {
    /// `stated` by the side itself, `assumed` because somebody asked for it, or `unknown`.
    pub by: &'static str,
    /// Its id, where there is one.
    pub is: Option<&'static str>,
}

/// A matter on which a verdict of 1999 and one of today differ.
#[derive(Clone, Debug, Serialize)]
pub struct TurnedRecord {
    /// Its id.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What changed, in a sentence.
    pub says: &'static str,
    /// The verdict of 1999.
    #[serde(rename = "1999")]
    pub then: VerdictRecord,
    /// That of today.
    pub today: VerdictRecord,
}

/// Why a rule did or did not fire on one side.
#[derive(Clone, Debug, Serialize)]
pub struct WhyRecord {
    /// The rule's id.
    pub rule: &'static str,
    /// The side that was judged.
    pub side: Side,
    /// What came out.
    pub outcome: Outcome,
    /// The first condition that was not met, as a statement; null where the rule fired.
    pub unmet: Option<String>,
    /// Where that was seen.
    pub line: Option<u32>,
    /// What the rule looked at, in its order; of many candidates the one that came furthest.
    pub steps: Vec<StepRecord>,
}

/// One thing that a rule looked at.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StepRecord {
    /// The input line, frame or event, where there is one.
    pub line: Option<u32>,
    /// What it showed, as a statement.
    pub says: &'static str,
}

impl WhyRecord {
    /// The record of an answer.
    #[must_use]
    pub fn new(trace: &Trace, why: &Why) -> Self {
        let place = |event: Option<EventId>| Some(trace.event(event?)?.places.0);
        let unmet = why.unmet();
        Self {
            rule: why.verdict.rule.id,
            side: why.verdict.side,
            outcome: why.verdict.outcome,
            unmet: unmet.map(|(says, _)| says.to_owned()),
            line: unmet.and_then(|(_, event)| place(event)),
            steps: why
                .steps
                .iter()
                .map(|step| StepRecord { line: place(step.event), says: step.says })
                .collect(),
        }
    }
}

impl VerdictRecord {
    /// Whether it counts where it is broken.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.accepted.is_none()
    }

    /// The record of a verdict with the places of its evidence.
    #[must_use]
    pub fn new(verdict: &Verdict, lines: Vec<u32>) -> Self {
        Self {
            rule: verdict.rule.id,
            level: verdict.level(),
            side: verdict.side,
            outcome: verdict.outcome,
            lines,
            message: verdict.message.clone(),
            excused_by: verdict.excused_by,
            fingerprint: None,
            accepted: None,
            link: None,
            policy: verdict
                .basis
                .map(|basis| PolicyRecord { by: basis.id(), is: basis.policy().map(Policy::id) }),
            title: verdict.rule.title,
            citation: verdict.rule.requirement().map(|row| row.citation()).unwrap_or_default(),
        }
    }
}

/// What an attacker gained.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct HarmRecord {
    /// The harm's id.
    pub harm: &'static str,
    /// The numbers of the events that show it, the deciding one first.
    pub events: Vec<u32>,
    /// What was gained, in a sentence.
    pub message: &'static str,
    /// The same as a headline.
    #[serde(skip)]
    pub title: &'static str,
}

/// What was run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct SetupRecord {
    /// The protocol.
    pub protocol: Protocol,
    /// The rule set.
    pub rules: &'static str,
    /// Where chance came from.
    pub seed: u64,
    /// The client.
    pub client: PartyRecord,
    /// The server.
    pub server: PartyRecord,
    /// The attacks, nearest to the client first.
    pub attacks: Vec<PartyRecord>,
    /// The rules of an attack that was written as text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<String>,
}

/// A party of a run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null, hashmap_as_object))]
pub struct PartyRecord {
    /// The profile's or the attack's id.
    pub id: Cow<'static, str>,
    /// The switches that differ from their defaults.
    pub set: BTreeMap<&'static str, &'static str>,
}

/// A simulated run.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// What was run.
    pub setup: SetupRecord,
    /// One session per connection.
    pub sessions: Vec<SessionRecord>,
    /// The attacks that reached what they are for, by id: that need not be a harm.
    pub succeeded: Vec<&'static str>,
    /// What the attacker gained.
    pub harms: Vec<HarmRecord>,
    /// That the user was kept from the mail, which gains the attacker nothing.
    pub denied: Option<HarmRecord>,
    /// The smallest changes that stop the attacks, if they were asked for.
    pub fixes: Option<FixesRecord>,
    /// What crossed each hop.
    pub events: Vec<EventRecord>,
    /// Whether the step limit ended the run.
    pub limit_reached: bool,
    /// The answers over all connections, one per rule and side.
    pub verdicts: Vec<VerdictRecord>,
    /// The diagram, for writers that draw.
    pub ladder: Ladder,
    /// The connections, redacted, for writers that keep them.
    pub traces: Vec<Trace>,
}
