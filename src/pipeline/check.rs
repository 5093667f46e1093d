//! From the octets of an input to judged sessions, in chunks, so that an input of any length can be judged.

use super::{Assumed, By, Judged, judge};
use crate::import::{
    self, Batch, Detected, Format, HEAD_LIMIT, ImportError, KeyLog, Notice, Reader, Unparsed,
};
use crate::report::{Input, InputError, Remark, Select, SessionRecord};
use crate::spec::RuleSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A session of an input, judged.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The session.
    pub judged: Judged,
    /// False when nothing of the dialogue is readable, so that the protocol is only assumed.
    pub protocol_seen: bool,
    /// True when the format does not say who sent a line, so that the grammar had to tell.
    pub guessed_direction: bool,
    /// Lines that nothing was read from.
    pub unparsed: Vec<Unparsed>,
    /// Lines that are known not to be of the protocol.
    pub remarks: Vec<import::Remark>,
    /// Lines outside the dialogue that were dropped because there were too many.
    pub left_out: u64,
    /// What else has to be said about it.
    pub notices: Vec<Notice>,
}

impl Checked {
    /// The session as a report has it.
    #[must_use]
    pub fn record(&self) -> SessionRecord {
        self.record_of(&Select::default(), true)
    }

    /// The same with some of the verdicts, and on demand with what later text turned round about them.
    #[must_use]
    pub fn record_of(&self, select: &Select, turned: bool) -> SessionRecord {
        let mut record = self.judged.record_of(select, turned);
        if !self.protocol_seen {
            record.protocol = None;
            let message =
                "Nothing of the dialogue is readable, so that the protocol is not known.".to_owned();
            record.remarks.push(Remark { message, lines: Vec::new() });
        }
        record.remarks.extend(not_read(&self.unparsed));
        record.remarks.extend(dropped(self.left_out));
        record.remarks.extend(self.notices.iter().map(remark));
        record
    }
}

/// A session of an input that was read and not judged yet: what takes the longer part of the time needs nothing but it, so
/// that a face can have it done elsewhere.
#[derive(Debug)]
pub struct Unjudged {
    session: import::Session,
    by: By,
}

impl Unjudged {
    /// The verdicts.
    #[must_use]
    pub fn judge(self) -> Checked {
        let Self { session, by } = self;
        Checked {
            judged: judge(session.trace, by),
            protocol_seen: session.protocol_seen,
            guessed_direction: session.guessed_direction,
            unparsed: session.unparsed,
            remarks: session.remarks,
            left_out: session.left_out,
            notices: session.notices,
        }
    }
}

/// Judges one input.
#[derive(Debug)]
pub struct Checker {
    by: By,
    open: Open,
    keys: Arc<KeyLog>,
    /// The first octets, to tell the format by and to say what is wrong.
    head: Vec<u8>,
    state: State,
    sessions: u64,
    foreign: Option<ImportError>,
    remarks: Vec<Remark>,
}

/// How an input of a format is opened; nothing for one that is not.
type Open = fn(&'static Format, &Arc<KeyLog>) -> Option<Box<dyn Reader>>;

#[derive(Debug)]
enum State {
    Detecting,
    Reading(&'static Format, Box<dyn Reader>),
    Failed(ImportError),
}

/// What is left to be said of an input once it was read.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Its format, if it has one.
    pub format: Option<&'static Format>,
    /// Why it is not readable.
    pub error: Option<ImportError>,
    /// What has to be said about lines that belong to no session.
    pub remarks: Vec<Remark>,
}

impl Checker {
    /// A checker for an input in a named format, or in the one that it seems to have.
    #[must_use]
    pub fn new(format: Option<&'static Format>, rule_set: RuleSet) -> Self {
        let mut checker = Self::opening(rule_set, |format, keys| Some(format.reader_with(keys)));
        checker.state = format.map_or(State::Detecting, |format| State::Reading(format, format.reader()));
        checker
    }

    fn opening(rule_set: RuleSet, open: Open) -> Self {
        Self {
            by: rule_set.into(),
            open,
            keys: Arc::default(),
            head: Vec::new(),
            state: State::Detecting,
            sessions: 0,
            foreign: None,
            remarks: Vec::new(),
        }
    }

    /// The same with the keys of TLS connections, so that what is inside is judged too.
    #[must_use]
    pub fn with_keys(mut self, keys: &Arc<KeyLog>) -> Self {
        self.keys = Arc::clone(keys);
        if let State::Reading(format, reader) = &mut self.state {
            *reader = format.reader_with(keys);
        }
        self
    }

    /// The same with the policies that the parties are taken to be set to where nothing states them.
    #[must_use]
    pub fn assuming(mut self, assumed: Assumed) -> Self {
        self.by.assumed = assumed;
        self
    }

    /// The format, as soon as it is known.
    #[must_use]
    pub fn format(&self) -> Option<&'static Format> {
        match &self.state {
            State::Reading(format, _) => Some(format),
            State::Detecting | State::Failed(_) => None,
        }
    }

    /// Takes a chunk in and returns the sessions that it completes.
    #[must_use]
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Checked> {
        self.read(chunk).into_iter().map(Unjudged::judge).collect()
    }

    /// The same without judging them.
    #[must_use]
    pub fn read(&mut self, chunk: &[u8]) -> Vec<Unjudged> {
        let room = HEAD_LIMIT.saturating_sub(self.head.len()).min(chunk.len());
        let (into_head, rest) = chunk.split_at_checked(room).unwrap_or((chunk, &[]));
        self.head.extend_from_slice(into_head);
        let mut batch = Batch::default();
        match &mut self.state {
            State::Reading(_, reader) => reader.push(chunk, &mut batch),
            State::Detecting if self.head.len() >= HEAD_LIMIT => {
                self.detect(&mut batch);
                if let State::Reading(_, reader) = &mut self.state {
                    reader.push(rest, &mut batch);
                }
            }
            State::Detecting | State::Failed(_) => {}
        }
        self.take(batch)
    }

    /// The input is over: returns its last sessions and what is left to be said.
    #[must_use]
    pub fn finish(self) -> (Vec<Checked>, Ending) {
        let (sessions, ending) = self.end();
        (sessions.into_iter().map(Unjudged::judge).collect(), ending)
    }

    /// The same without judging them.
    #[must_use]
    pub fn end(mut self) -> (Vec<Unjudged>, Ending) {
        let mut batch = Batch::default();
        if matches!(self.state, State::Detecting) {
            self.detect(&mut batch);
        }
        let mut format = None;
        let mut error = None;
        match std::mem::replace(&mut self.state, State::Detecting) {
            State::Reading(known, reader) => {
                reader.finish(&mut batch);
                format = Some(known);
            }
            State::Failed(failure) => error = Some(failure),
            State::Detecting => {}
        }
        let sessions = self.take(batch);
        if self.sessions == 0 && error.is_none() {
            error = self.foreign.or_else(|| import::check(&Batch::default(), &self.head).err());
        }
        (sessions, Ending { format, error, remarks: self.remarks })
    }

    fn detect(&mut self, batch: &mut Batch) {
        self.state = match import::detect(&self.head) {
            Ok(Detected { format, .. }) => match (self.open)(format, &self.keys) {
                Some(mut reader) => {
                    reader.push(&self.head, batch);
                    State::Reading(format, reader)
                }
                None => State::Failed(ImportError::OtherFile { kind: "a capture" }),
            },
            Err(error) => State::Failed(error),
        };
    }

    fn take(&mut self, batch: Batch) -> Vec<Unjudged> {
        for foreign in &batch.foreign {
            let error = ImportError::NotCovered { dialect: foreign.dialect, line: foreign.line };
            self.foreign.get_or_insert(error);
            let message = format!("A connection of {}, which is not covered.", foreign.dialect);
            self.remarks.push(Remark { message, lines: vec![foreign.line] });
        }
        self.remarks.extend(not_read(&batch.stray));
        self.remarks.extend(batch.notices.iter().map(remark));
        let by = self.by;
        self.sessions = self.sessions.saturating_add(batch.sessions.len() as u64);
        batch.sessions.into_iter().map(|session| Unjudged { session, by }).collect()
    }
}

/// Judges an input that is there as a whole.
#[must_use]
pub fn check(octets: &[u8], format: Option<&'static Format>, rule_set: RuleSet) -> (Vec<Checked>, Ending) {
    whole(Checker::new(format, rule_set), octets)
}

/// Judges a log that goes by lines. A module that asks for nothing else does not carry what opens captures.
#[must_use]
pub fn check_log(log: &str, rule_set: RuleSet) -> (Vec<Checked>, Ending) {
    whole(Checker::opening(rule_set, |format, _| format.line_reader()), log.as_bytes())
}

fn whole(mut checker: Checker, octets: &[u8]) -> (Vec<Checked>, Ending) {
    let mut sessions = checker.push(octets);
    let (last, ending) = checker.finish();
    sessions.extend(last);
    (sessions, ending)
}

impl Ending {
    /// The input as a report has it.
    #[must_use]
    pub fn input(self, file: &str) -> Input {
        Input {
            file: file.to_owned(),
            format: self.format.map(|format| (format.id, format.title)),
            places: self.format.map(|format| format.place),
            error: self.error.map(|error| InputError { message: error.to_string(), line: line_of(&error) }),
            remarks: self.remarks,
        }
    }
}

fn line_of(error: &ImportError) -> Option<u32> {
    match error {
        ImportError::NoDialogue { line } => u32::try_from(*line).ok(),
        ImportError::NotCovered { line, .. } => Some(*line),
        ImportError::Empty { .. }
        | ImportError::OtherFile { .. }
        | ImportError::NotText { .. }
        | ImportError::NoMailInCapture => None,
    }
}

/// Lines by the reason for which nothing was read from them, in the order of their first ones.
fn not_read(unparsed: &[Unparsed]) -> Vec<Remark> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut remarks: Vec<Remark> = Vec::new();
    for line in unparsed {
        let message = format!("Not read: {}.", line.why);
        let at = *known.entry(message).or_insert_with_key(|message| {
            remarks.push(Remark { message: message.clone(), lines: Vec::new() });
            remarks.len().saturating_sub(1)
        });
        if let Some(remark) = remarks.get_mut(at) {
            remark.lines.push(line.line);
        }
    }
    remarks
}

fn remark(notice: &Notice) -> Remark {
    Remark { message: notice.message.clone(), lines: notice.places.clone() }
}

fn dropped(lines: u64) -> Option<Remark> {
    let message = format!("{lines} lines outside the dialogue were too many to keep and were left out.");
    (lines > 0).then_some(Remark { message, lines: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_judged_alike_and_a_capture_is_refused_where_only_logs_are_read() {
        let log = "S: * OK ready\nC: a LOGIN joe secret\nS: a OK in\n";
        let (here, there) = (check_log(log, RuleSet::Today), check(log.as_bytes(), None, RuleSet::Today));
        assert_eq!(format!("{:?}", here.0), format!("{:?}", there.0));
        assert!(!here.0.is_empty());
        let (sessions, ending) = check_log("peers:\n  - peer: 0\npackets:\n", RuleSet::Today);
        assert!(sessions.is_empty());
        assert_eq!(ending.error, Some(ImportError::OtherFile { kind: "a capture" }));
    }
}
