//! Logs in which the lines of several connections stand mixed, each line with an id of its own connection.

use super::log::{LogReader, Program, lacking};
use super::{Assembler, Line, Lines};
use crate::import::{Batch, Reader, take};
use std::collections::BTreeMap;

/// More connections than this are not kept open: the one that was silent longest is handed out before its end.
const OPEN_LIMIT: usize = 256;
/// The same for the octets of all their lines.
const KEPT_LIMIT: usize = 64 << 20;

/// The reader of a log with ids: for each of them the reader of a log with one connection after the other.
#[derive(Debug)]
pub(in crate::import) struct Threads {
    lines: Lines,
    all: Open,
}

#[derive(Debug)]
struct Open {
    program: &'static Program,
    /// The connection that the last line was of. Lines without an id are of it too.
    current: Thread,
    others: BTreeMap<Vec<u8>, Thread>,
    /// The octets of all lines that are kept.
    kept: usize,
    sessions: u32,
}

#[derive(Debug)]
struct Thread {
    id: Vec<u8>,
    reader: LogReader,
    to: Assembler,
    kept: usize,
    /// Its last line.
    last: u32,
}

impl Thread {
    fn new(program: &'static Program, id: &[u8]) -> Self {
        let to = Assembler::new(program.carries, false);
        Self { id: id.to_vec(), reader: LogReader::new(program), to, kept: 0, last: 0 }
    }
}

impl Threads {
    /// A reader at the start of a log.
    pub(super) fn boxed(program: &'static Program) -> Box<dyn Reader> {
        let current = Thread::new(program, b"");
        let all = Open { program, current, others: BTreeMap::new(), kept: 0, sessions: 0 };
        Box::new(Self { lines: Lines::new(), all })
    }
}

impl Open {
    fn line(&mut self, line: Line<'_>, out: &mut Batch) {
        if let Some(id) = (self.program.id)(line.text) {
            self.turn_to(id, out);
        }
        let before = out.sessions.len();
        let number = line.number;
        let cost = line.text.len().saturating_add(64);
        let thread = &mut self.current;
        take(&mut thread.reader, &mut thread.to, line, out);
        thread.last = number;
        thread.kept = thread.kept.saturating_add(cost);
        self.kept = self.kept.saturating_add(cost);
        if out.sessions.len() > before {
            self.kept = self.kept.saturating_sub(thread.kept);
            thread.kept = 0;
            self.number(before, out);
        }
        while self.kept > KEPT_LIMIT && self.hand_out_longest_silent(out) {}
    }

    fn turn_to(&mut self, id: &[u8], out: &mut Batch) {
        if self.current.id == id {
            return;
        }
        // What stood in front of the first id belongs to its connection.
        if self.current.id.is_empty() {
            self.current.id = id.to_vec();
            return;
        }
        let next = self.others.remove(id).unwrap_or_else(|| Thread::new(self.program, id));
        let last = std::mem::replace(&mut self.current, next);
        self.others.insert(last.id.clone(), last);
        if self.others.len() >= OPEN_LIMIT {
            self.hand_out_longest_silent(out);
        }
    }

    fn hand_out_longest_silent(&mut self, out: &mut Batch) -> bool {
        let longest = self.others.values().min_by_key(|thread| thread.last).map(|thread| thread.id.clone());
        let Some(thread) = longest.and_then(|id| self.others.remove(&id)) else { return false };
        self.end(thread, out);
        true
    }

    fn end(&mut self, mut thread: Thread, out: &mut Batch) {
        let before = out.sessions.len();
        self.kept = self.kept.saturating_sub(thread.kept);
        thread.reader.settle(&mut thread.to);
        thread.to.finish(out);
        self.number(before, out);
    }

    /// Sessions have their numbers in the order in which they ended.
    fn number(&mut self, from: usize, out: &mut Batch) {
        for session in out.sessions.iter_mut().skip(from) {
            self.sessions = self.sessions.saturating_add(1);
            session.number = self.sessions;
        }
    }
}

impl Reader for Threads {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        let all = &mut self.all;
        self.lines.push(chunk, &mut |line| all.line(line, out));
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        let mut all = self.all;
        self.lines.finish(&mut |line| all.line(line, out));
        let current = std::mem::replace(&mut all.current, Thread::new(all.program, b""));
        all.others.insert(current.id.clone(), current);
        while all.hand_out_longest_silent(out) {}
        if all.sessions > 0 {
            out.notices.extend(lacking(all.program));
        }
    }
}
