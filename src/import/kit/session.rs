//! From lines that a format has understood to sessions: one recorder per connection, and a place for every other line.

use super::recognise::{Dialect, recognise};
use super::unmarked;
use crate::base::{Hop, Layer, Origin, Protocol, Side, Tick, order};
use crate::proto::{self, ProtocolRecord, Recorder, Tap};
use crate::tls::{Facts, Failure};
use crate::trace::{Carries, Stamp, Trace};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Lines outside the dialogue are kept up to this many octets for each connection; what comes after is counted.
pub const ASIDE_LIMIT: usize = 16 << 20;

/// How many octets may pass before the protocol of a connection is taken as the default.
const UNKNOWN_LIMIT: usize = 64 << 10;

/// Why a line is not part of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It has no mark that says who sent it.
    NoMark,
    /// Nothing shows who sent it.
    NoSide,
    /// It is no line of this project's own format.
    NotOurs,
    /// It is longer than [`super::LINE_LIMIT`]; so many octets of it were dropped.
    Overlong(u64),
    /// Its protocol is not covered.
    NotCovered(Dialect),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMark => f.write_str("the line has no mark that says who sent it"),
            Self::NoSide => f.write_str("nothing shows who sent the line"),
            Self::NotOurs => f.write_str("the line is none of a session file"),
            Self::Overlong(dropped) => {
                write!(f, "the line is longer than {} octets; {dropped} were left out", super::LINE_LIMIT)
            }
            Self::NotCovered(dialect) => write!(f, "{dialect} is not covered yet"),
        }
    }
}

/// An input line that no event was read from, although it may have been meant as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unparsed {
    /// Its number in the input, from 1.
    pub line: u32,
    /// Its octets without the ending.
    pub text: Box<[u8]>,
    /// Why nothing was read from it.
    pub why: Why,
}

/// An input line that is known not to be of the protocol: a comment, a log's own words, an empty line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Its number in the input, from 1.
    pub line: u32,
    /// Its octets without the ending.
    pub text: Box<[u8]>,
}

/// One connection of an input.
#[derive(Debug, Serialize, Deserialize)]
pub struct Session {
    /// What happened on it.
    pub trace: Trace,
    /// Its number in the input, from 1.
    pub number: u32,
    /// False when nothing of the dialogue is readable, so that the protocol is only assumed.
    pub protocol_seen: bool,
    /// True when the format does not say who sent a line, so that the grammar had to tell.
    pub guessed_direction: bool,
    /// Lines that nothing was read from.
    pub unparsed: Vec<Unparsed>,
    /// Lines that are known not to be of the protocol.
    pub remarks: Vec<Remark>,
    /// Lines outside the dialogue beyond [`ASIDE_LIMIT`], which were dropped.
    pub left_out: u64,
    /// What else has to be said about it.
    pub notices: Vec<Notice>,
}

/// A connection of a protocol that is not covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// What it speaks.
    pub dialect: Dialect,
    /// The line that shows it.
    pub line: u32,
    /// All its lines.
    pub unparsed: Vec<Unparsed>,
    /// Its lines beyond [`ASIDE_LIMIT`], which were dropped.
    pub left_out: u64,
}

/// Something to be said about an input or a session that is not about lines of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// A sentence.
    pub message: String,
    /// The places that it is about, in order.
    pub places: Vec<u32>,
}

/// What a reader hands out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Batch {
    /// Finished sessions.
    pub sessions: Vec<Session>,
    /// Connections of protocols that are not covered.
    pub foreign: Vec<Foreign>,
    /// Lines of an input that no connection followed: it has no session, or they stand behind the last one's end.
    pub stray: Vec<Unparsed>,
    /// Remarks of the same kind.
    pub stray_remarks: Vec<Remark>,
    /// What has to be said about the input as a whole.
    pub notices: Vec<Notice>,
}

/// Something that happened before the protocol was known.
#[derive(Debug)]
enum Early {
    Octets { from: Side, layer: Layer, octets: Vec<u8> },
    Began,
    Hello(Facts),
    Up(Facts),
    Failed(Failure),
    Closed(Side),
    Omitted(Side),
    Lost,
}

#[derive(Debug)]
enum State {
    /// The protocol is not known; so many octets wait.
    Unknown(Vec<(u32, Tick, Early)>, usize),
    Known(Box<Recorder>),
    Foreign(Dialect, u32),
    /// So much passed without a sign of a known protocol that it is none.
    Nothing,
}

/// Puts one session after another together.
#[derive(Debug)]
pub(in crate::import) struct Assembler {
    carries: Carries,
    guessed: bool,
    /// What shows no protocol is no session.
    strict: bool,
    number: u32,
    state: State,
    protocol: Option<&'static ProtocolRecord>,
    /// The recorder of the connection before, for the next one of the same protocol.
    spare: Option<Box<Recorder>>,
    unparsed: Vec<Unparsed>,
    remarks: Vec<Remark>,
    aside: usize,
    left_out: u64,
    notices: Vec<Notice>,
    now: Tick,
    /// Handshakes stand as marks in the text.
    marks: bool,
    /// A mark said that a connection goes on in the clear.
    clear: bool,
}

impl Assembler {
    pub(in crate::import) fn new(carries: Carries, guessed: bool) -> Self {
        Self {
            carries,
            guessed,
            strict: false,
            number: 0,
            state: State::Unknown(Vec::new(), 0),
            protocol: None,
            spare: None,
            unparsed: Vec::new(),
            remarks: Vec::new(),
            aside: 0,
            left_out: 0,
            notices: Vec::new(),
            now: Tick(0),
            marks: false,
            clear: false,
        }
    }

    /// One for a text in which a handshake is a mark that somebody may have forgotten.
    pub(in crate::import) fn by_marks(carries: Carries, guessed: bool) -> Self {
        Self { marks: true, ..Self::new(carries, guessed) }
    }

    /// What follows is outside TLS, as a mark says.
    pub(in crate::import) fn clear_again(&mut self) {
        self.clear = true;
    }

    /// One for a single connection among others of any kind: what shows no protocol is no session.
    pub(in crate::import) fn strict(carries: Carries) -> Self {
        Self { strict: true, ..Self::new(carries, false) }
    }

    /// The number of the next session.
    pub(in crate::import) fn number(&mut self, number: u32) {
        self.number = number.saturating_sub(1);
    }

    /// What the source is able to show of this connection, where that is known only now.
    pub(in crate::import) fn carries(&mut self, carries: Carries) {
        self.carries = carries;
        if let State::Known(recorder) = &mut self.state {
            recorder.carries(carries);
        }
    }

    /// What shows the protocol lies outside the dialogue.
    pub(in crate::import) fn speak(&mut self, protocol: Protocol) {
        if matches!(self.state, State::Unknown(..))
            && let Some(record) = proto::find(protocol)
        {
            self.open(record);
        }
    }

    /// The moment of what comes next.
    pub(in crate::import) fn at(&mut self, now: Tick) {
        self.now = now;
    }

    /// Octets of the dialogue, with their ending where the input shows one.
    pub(in crate::import) fn octets(&mut self, line: u32, from: Side, layer: Layer, octets: &[u8]) {
        if let State::Known(recorder) = &mut self.state {
            let stamp = Stamp { at: self.now, hop: Hop::Client, place: line };
            recorder.tap(stamp, Tap::Octets { from, layer, origin: Origin::Unknown, octets });
            return;
        }
        if let State::Foreign(dialect, _) = self.state {
            let text = octets.strip_suffix(b"\r\n").unwrap_or(octets);
            self.keep_unparsed(line, text, Why::NotCovered(dialect));
            return;
        }
        let text = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        let heard = recognise(from, text);
        if let Some(Dialect::Mail(protocol)) = heard
            && let Some(record) = proto::find(protocol)
        {
            self.open(record);
            self.octets(line, from, layer, octets);
            return;
        }
        let State::Unknown(early, waiting) = &mut self.state else { return };
        early.push((line, self.now, Early::Octets { from, layer, octets: octets.to_vec() }));
        *waiting = waiting.saturating_add(octets.len()).saturating_add(64);
        match heard {
            Some(dialect) => self.turn_away(dialect, line),
            None if *waiting > UNKNOWN_LIMIT && self.strict => self.state = State::Nothing,
            None if *waiting > UNKNOWN_LIMIT => self.assume(),
            None => {}
        }
    }

    /// A handshake begins.
    pub(in crate::import) fn tls_began(&mut self, line: u32) {
        self.happen(line, Early::Began);
    }

    /// The server chose version and suite.
    pub(in crate::import) fn tls_hello(&mut self, line: u32, facts: Facts) {
        self.happen(line, Early::Hello(facts));
    }

    /// A handshake was completed.
    pub(in crate::import) fn tls_up(&mut self, line: u32, facts: Facts) {
        self.happen(line, Early::Up(facts));
    }

    /// A handshake failed.
    pub(in crate::import) fn tls_failed(&mut self, line: u32, failure: Failure) {
        self.happen(line, Early::Failed(failure));
    }

    /// A side closed the connection.
    pub(in crate::import) fn closed(&mut self, line: u32, by: Side) {
        self.happen(line, Early::Closed(by));
    }

    /// The input leaves out the rest of a literal, or of an answer in several lines.
    pub(in crate::import) fn omitted(&mut self, line: u32, from: Side) {
        self.happen(line, Early::Omitted(from));
    }

    /// A line that is known not to be of the protocol.
    pub(in crate::import) fn remark(&mut self, line: u32, text: &[u8]) {
        if self.room_for(text) {
            self.remarks.push(Remark { line, text: text.into() });
        }
    }

    /// Something to be said about the session.
    pub(in crate::import) fn notice(&mut self, message: String, places: Vec<u32>) {
        self.notices.push(Notice { message, places });
    }

    /// A line that nothing can be read from.
    pub(in crate::import) fn keep_unparsed(&mut self, line: u32, text: &[u8], why: Why) {
        if self.room_for(text) {
            self.unparsed.push(Unparsed { line, text: text.into(), why });
        }
    }

    /// Octets of the dialogue are missing here. What was lost before anything happened is no session.
    pub(in crate::import) fn lost(&mut self, line: u32) {
        if self.begun() {
            self.happen(line, Early::Lost);
        }
    }

    /// Whether anything happened on the connection so far.
    pub(in crate::import) fn begun(&self) -> bool {
        match &self.state {
            State::Unknown(early, _) => !early.is_empty(),
            State::Nothing => false,
            State::Known(_) | State::Foreign(..) => true,
        }
    }

    /// What the connection speaks, once that is known.
    pub(in crate::import) fn dialect(&self) -> Option<Dialect> {
        match &self.state {
            State::Unknown(..) | State::Nothing => None,
            State::Known(recorder) => Some(Dialect::Mail(recorder.so_far().protocol())),
            State::Foreign(dialect, _) => Some(*dialect),
        }
    }

    /// The connection is over. Lines in front of the next one go with that one while nothing has happened.
    pub(in crate::import) fn end(&mut self, out: &mut Batch) {
        if !self.begun() {
            return;
        }
        let seen = !matches!(self.state, State::Unknown(..));
        if !seen {
            self.assume();
        }
        self.number = self.number.saturating_add(1);
        self.now = Tick(0);
        self.aside = 0;
        let left_out = std::mem::take(&mut self.left_out);
        let mut unparsed = std::mem::take(&mut self.unparsed);
        let remarks = std::mem::take(&mut self.remarks);
        let clear = std::mem::take(&mut self.clear);
        match std::mem::replace(&mut self.state, State::Unknown(Vec::new(), 0)) {
            State::Known(mut recorder) => {
                let mut trace = recorder.finish();
                if self.marks {
                    let (settled, notice) = unmarked::settled(trace, clear);
                    trace = settled;
                    self.notices.extend(notice);
                }
                out.sessions.push(Session {
                    trace,
                    number: self.number,
                    protocol_seen: seen,
                    guessed_direction: self.guessed,
                    unparsed,
                    remarks,
                    left_out,
                    notices: std::mem::take(&mut self.notices),
                });
                self.spare = Some(recorder);
            }
            State::Foreign(dialect, line) => {
                let why = Why::NotCovered(dialect);
                unparsed.extend(remarks.into_iter().map(|r| Unparsed { line: r.line, text: r.text, why }));
                order::sort_by_key(&mut unparsed, |line| line.line);
                out.foreign.push(Foreign { dialect, line, unparsed, left_out });
            }
            State::Unknown(..) | State::Nothing => {}
        }
    }

    /// The connection is over and was none of a mail protocol: what was said about its lines belongs to the input.
    pub(in crate::import) fn leave(&mut self, out: &mut Batch) {
        out.stray.append(&mut self.unparsed);
        out.stray_remarks.append(&mut self.remarks);
    }

    /// The input is over.
    pub(in crate::import) fn finish(&mut self, out: &mut Batch) {
        self.end(out);
        out.stray.append(&mut self.unparsed);
        out.stray_remarks.append(&mut self.remarks);
    }

    fn room_for(&mut self, text: &[u8]) -> bool {
        let cost = text.len().saturating_add(32);
        let fits = self.aside.saturating_add(cost) <= ASIDE_LIMIT;
        if fits {
            self.aside = self.aside.saturating_add(cost);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
        fits
    }

    fn happen(&mut self, line: u32, what: Early) {
        let now = self.now;
        match &mut self.state {
            State::Known(recorder) => replay(recorder, line, now, what),
            State::Unknown(early, _) => early.push((line, now, what)),
            State::Foreign(..) | State::Nothing => {}
        }
    }

    fn open(&mut self, record: &'static ProtocolRecord) {
        let spare = self.spare.take().filter(|spare| spare.so_far().protocol() == record.protocol);
        let mut recorder = spare.unwrap_or_else(|| Box::new(Recorder::new(record, self.carries, false)));
        self.protocol = Some(record);
        if let State::Unknown(early, _) = &mut self.state {
            for (line, at, what) in early.drain(..) {
                replay(&mut recorder, line, at, what);
            }
        }
        self.state = State::Known(recorder);
    }

    /// Nothing tells the protocol: that of the connection before, or the first one.
    fn assume(&mut self) {
        if let Some(record) = self.protocol.or_else(|| proto::ALL.first().copied()) {
            self.open(record);
        }
    }

    fn turn_away(&mut self, dialect: Dialect, line: u32) {
        if let State::Unknown(early, _) = &mut self.state {
            for (line, _, what) in std::mem::take(early) {
                if let Early::Octets { octets, .. } = what {
                    let text = octets.strip_suffix(b"\r\n").unwrap_or(&octets);
                    self.keep_unparsed(line, text, Why::NotCovered(dialect));
                }
            }
        }
        self.state = State::Foreign(dialect, line);
    }
}

fn replay(recorder: &mut Recorder, line: u32, at: Tick, what: Early) {
    let stamp = Stamp { at, hop: Hop::Client, place: line };
    match what {
        Early::Octets { from, layer, octets } => {
            recorder.tap(stamp, Tap::Octets { from, layer, origin: Origin::Unknown, octets: &octets });
        }
        Early::Began => recorder.tap(stamp, Tap::TlsBegan),
        Early::Hello(facts) => recorder.tap(stamp, Tap::TlsHello(facts)),
        Early::Up(facts) => recorder.tap(stamp, Tap::TlsUp(facts)),
        Early::Failed(failure) => recorder.tap(stamp, Tap::TlsFailed(failure)),
        Early::Closed(by) => recorder.tap(stamp, Tap::Closed(by)),
        Early::Omitted(from) => recorder.tap(stamp, Tap::Omitted(from)),
        Early::Lost => recorder.tap(stamp, Tap::Lost),
    }
}
