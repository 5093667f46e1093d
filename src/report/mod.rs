//! Reports: what was found, as records of stable shape, and the writers that turn them into a format.
//!
//! A writer is fed as the judging goes on, session by session, so that a report of a large input never stands in
//! memory as a whole. Nothing here shows a secret: text comes from [`Trace::text`](crate::trace::Trace::text).

mod compare;
mod drawing;
mod events;
mod excerpt;
mod html;
mod json;
#[cfg(feature = "cli")]
mod junit;
mod list;
mod markdown;
mod markup;
mod matrix;
mod ndjson;
mod pcapng;
mod record;
mod replay;
#[cfg(any(feature = "cli", feature = "ui"))]
mod sarif;
mod select;
mod session_file;
mod svg;
mod text;

pub use compare::{COMPARE_SCHEMA, CompareRecord};
pub use events::{Change, EventRecord, Kind as EventRecordKind, events};
pub use list::{Entry, Field, Kind};
pub use matrix::{CellRecord, FixesRecord, MatrixRecord, PairRecord, SearchRecord};
pub use record::{
    ComplianceRecord, HarmRecord, Input, InputError, PartyRecord, PolicyRecord, Remark, RunRecord,
    SessionRecord, SetupRecord, StepRecord, TurnedRecord, VerdictRecord, WhyRecord,
};
pub use select::Select;

pub use pcapng::pcapng;
pub use replay::{OpenRecord, REPLAY_SCHEMA, ReplayRecord};
pub use session_file::{Kept, SESSION_FORMAT, session_head, session_lines};

pub use svg::svg;

use crate::rules::{self, Outcome};
use crate::spec::Level;
use crate::view::Ladder;

/// The name and version of the report's shape.
pub const SCHEMA: &str = "starttls-lab.report/1";

/// A writer: what it writes and how to make one.
#[derive(Debug)]
pub struct Format {
    /// Stable id.
    pub id: &'static str,
    /// A short label.
    pub title: &'static str,
    /// For whom it is, in a sentence.
    pub about: &'static str,
    /// It shows lines of sessions, so that sessions are redacted for it: the record then has the connection.
    pub shows: bool,
    /// It has lists and tables: what there is of a kind, the matrix, what came of a search.
    pub lists: bool,
    /// It tells why a rule did or did not fire.
    pub tells_why: bool,
    /// It is for large runs: kept rules stand in it where somebody asks for their outcome, and nothing of what later text
    /// turned round.
    pub terse: bool,
    /// Makes a writer.
    pub writer: fn() -> Box<dyn Writer>,
}

/// All formats of reports, by id.
pub static ALL: &[&Format] = &[
    &html::FORMAT,
    &json::FORMAT,
    #[cfg(feature = "cli")]
    &junit::FORMAT,
    &markdown::FORMAT,
    &ndjson::FORMAT,
    #[cfg(any(feature = "cli", feature = "ui"))]
    &sarif::FORMAT,
    &drawing::SESSION,
    &drawing::SVG,
    &text::FORMAT,
];

/// A format by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.id == id)
}

/// Writes one report. The calls come in this order: for each input [`session`](Self::session) as often as it has
/// any, then [`end_of_input`](Self::end_of_input); [`finish`](Self::finish) at last. A run and a list are reports of
/// their own.
pub trait Writer {
    /// From which level on a broken rule counts, for formats that tell a failure from a warning. Comes first, if it comes.
    fn fail_on(&mut self, _least: FailOn) {}
    /// A judged session of an input.
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord);
    /// Everything of an input was read.
    fn end_of_input(&mut self, out: &mut String, input: &Input);
    /// The last input was read.
    fn finish(&mut self, out: &mut String);
    /// A simulated run.
    fn run(&mut self, out: &mut String, run: &RunRecord);
    /// What there is of a kind. Who [has no lists](Format::lists) is not asked.
    fn list(&mut self, out: &mut String, kind: Kind, entries: &[Entry]) {
        text::list(out, kind, entries);
    }
    /// What every attack did to a setup, one entry for each.
    fn trials(&mut self, out: &mut String, entries: &[Entry]) {
        self.list(out, Kind::Attacks, entries);
    }
    /// Attacks against rules and profiles.
    fn matrix(&mut self, out: &mut String, matrix: &MatrixRecord) {
        out.push_str(&matrix.text());
    }
    /// What came of a search.
    fn search(&mut self, out: &mut String, searched: &SearchRecord) {
        out.push_str(&searched.text());
    }
}

/// The broken rules of a session, the worst first; accepted ones last.
fn findings(verdicts: &[VerdictRecord]) -> Vec<&VerdictRecord> {
    let mut broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fail).collect();
    broken.sort_by_key(|verdict| (!verdict.counts(), std::cmp::Reverse(verdict.level)));
    broken
}

/// That a rule is broken, by whom, and how serious that is.
fn broken(verdict: &VerdictRecord) -> String {
    [Outcome::Fail.word(), " by the ", verdict.side.name(), ", ", verdict.level.name()].concat()
}

/// What a verdict rests on, with its first places.
fn evidence(word: &str, verdict: &VerdictRecord) -> String {
    /// More than anybody looks at.
    const MOST: usize = 40;
    let places = verdict.lines.get(..MOST).unwrap_or(&verdict.lines);
    text::evidence(word, places, &verdict.message)
}

/// That a finding and one in front of it are about the same deed of the same side: one thing may break two requirements, of
/// which one implies the other.
fn same_deed(findings: &[&VerdictRecord], number: usize) -> Option<String> {
    let this = findings.get(number)?;
    let implies = |a: &VerdictRecord, b: &VerdictRecord| {
        rules::find(a.rule).is_some_and(|rule| rule.examples.implies.contains(&b.rule))
    };
    let same = |other: &&&VerdictRecord| {
        other.side == this.side && other.lines == this.lines && (implies(this, other) || implies(other, this))
    };
    let ids: Vec<_> = findings.iter().take(number).filter(same).map(|other| other.rule).collect();
    let said =
        ["The same breaks ", &ids.join(", "), " too: demands of their own, each counted once."].concat();
    (!ids.is_empty()).then_some(said)
}

/// How many verdicts of a session are what an issue or a printed page is about.
struct Counts {
    broken: usize,
    aside: usize,
    undecided: usize,
    kept: usize,
}

impl Counts {
    fn of(verdicts: &[VerdictRecord]) -> Self {
        let count = |outcome| verdicts.iter().filter(|verdict| verdict.outcome == outcome).count();
        Self {
            broken: count(Outcome::Fail),
            aside: verdicts.iter().filter(|v| v.outcome == Outcome::Fail && !v.counts()).count(),
            undecided: count(Outcome::CannotTell),
            kept: count(Outcome::Pass),
        }
    }

    fn words(&self) -> String {
        let aside = of_them_aside(self.aside);
        format!("{} broken{aside}, {} cannot be told, {} kept", self.broken, self.undecided, self.kept)
    }
}

/// How many of the broken rules just counted are set aside, if any is.
fn of_them_aside(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", of them {count} set aside") }
}

/// That a broken rule does not count, and why.
fn set_aside(verdict: &VerdictRecord) -> Option<String> {
    verdict.accepted.as_ref().map(|reason| format!("set aside: {reason}"))
}

/// The lines of a ladder as transcripts write them.
#[must_use]
pub fn preview(ladder: &Ladder) -> Vec<String> {
    excerpt::shown(ladder).map(|line| line.text()).collect()
}

/// From which level on a broken rule counts as a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// MUST and MUST NOT only.
    #[default]
    Error,
    /// SHOULD and SHOULD NOT too.
    Warning,
    /// Every broken rule.
    Note,
    /// Nothing.
    Never,
}

impl FailOn {
    /// All, the strictest demand last.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Note, Self::Never];

    /// The id used on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Never => "never",
        }
    }

    /// Whether a broken rule of this level counts.
    #[must_use]
    pub fn counts(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}
