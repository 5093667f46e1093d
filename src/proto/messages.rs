//! Cutting a tape into messages of lines and literals, as IMAP and ACAP have them, while the tape grows.

use crate::wire;
use std::ops::Range;

/// What the next octets of one side are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    /// Lines and literals of one message, which began at `start`; literals lie before `line`.
    Message { start: usize, line: usize },
    /// A literal that ends at `end`, inside a message that began at `start`. `refusable`: a synchronizing one of
    /// which nothing has been sent.
    Literal { start: usize, end: usize, refusable: bool },
}

/// One direction of one hop.
#[derive(Debug)]
pub struct Messages {
    reading: Reading,
    /// Octets behind the start of the line that are known to hold no LF.
    searched: usize,
}

impl Default for Messages {
    fn default() -> Self {
        Self { reading: Reading::Message { start: 0, line: 0 }, searched: 0 }
    }
}

impl Messages {
    /// Where the message that is not complete yet begins.
    #[must_use]
    pub fn start(&self) -> usize {
        match self.reading {
            Reading::Message { start, .. } | Reading::Literal { start, .. } => start,
        }
    }

    /// Goes on reading from a place.
    pub fn restart(&mut self, at: usize) {
        self.reading = Reading::Message { start: at, line: at };
        self.searched = 0;
    }

    /// Where a message begins that waits for leave to send its literal and has sent nothing of it.
    #[must_use]
    pub fn refusable(&self) -> Option<usize> {
        match self.reading {
            Reading::Literal { start, refusable: true, .. } => Some(start),
            _ => None,
        }
    }

    /// The rest of an announced literal is not on the tape: its message goes on at a place.
    pub fn skip_literal(&mut self, at: usize) {
        if let Reading::Literal { start, .. } = self.reading {
            self.reading = Reading::Message { start, line: at };
            self.searched = 0;
        }
    }

    /// Finds the next whole message and moves behind it. `asks_leave`: a synchronizing literal can be refused.
    pub fn next(&mut self, tape: &[u8], asks_leave: bool) -> Option<Range<usize>> {
        loop {
            match self.reading.clone() {
                Reading::Literal { start, end, .. } if tape.len() >= end => {
                    self.reading = Reading::Message { start, line: end };
                    self.searched = 0;
                }
                Reading::Literal { start, end, .. } => {
                    if tape.len() > self.searched {
                        self.reading = Reading::Literal { start, end, refusable: false };
                    }
                    return None;
                }
                Reading::Message { start, line } => {
                    let Some(found) = wire::line(tape, line, self.searched) else {
                        self.searched = tape.len().saturating_sub(line);
                        return None;
                    };
                    let end = found.end();
                    match tape.get(found.text.clone()).and_then(wire::literal) {
                        Some(literal) => {
                            let length = usize::try_from(literal.octets).unwrap_or(usize::MAX);
                            let refusable = asks_leave && literal.synchronizing;
                            self.reading =
                                Reading::Literal { start, end: end.saturating_add(length), refusable };
                            self.searched = end;
                        }
                        None => {
                            self.restart(end);
                            return Some(start..end);
                        }
                    }
                }
            }
        }
    }
}
