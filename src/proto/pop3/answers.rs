//! A client's input buffer: whole answers, which have several lines where the command says so (RFC 1939 section 3). Every
//! octet is looked at once, however the answers are cut on their way.

use super::grammar;
use crate::wire;

/// An answer of more octets than this counts as a refusal, and nothing behind it is believed.
pub(super) const ANSWER_LIMIT: usize = 1 << 20;

/// Octets that arrived and were not used yet.
#[derive(Debug, Default)]
pub(super) struct Answers {
    octets: Vec<u8>,
    /// Where the answer begins; what lies before it was used.
    start: usize,
    /// Where the first line begins that was not looked at.
    line: usize,
    /// Octets of that line that are known to hold no LF.
    searched: usize,
    /// The answer whose lines come: its status line, and those behind it without their stuffing.
    open: Option<Answer>,
}

/// An answer: its status line and the lines behind it, without their endings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub line: Vec<u8>,
    pub body: Vec<Vec<u8>>,
}

impl Answers {
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.octets.drain(..self.start.min(self.octets.len()));
        self.line = self.line.saturating_sub(self.start);
        self.start = 0;
        self.octets.extend_from_slice(octets);
    }

    /// How many octets were not used: those of an answer that is not whole.
    pub(super) fn unread(&self) -> usize {
        self.octets.len().saturating_sub(self.start)
    }

    /// Throws away what was not used.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next answer, if it is whole; `several` says of its status line whether more lines belong to it.
    pub(super) fn next(&mut self, several: impl FnOnce(&[u8]) -> bool) -> Option<Answer> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                let answer = Answer { line: self.next_line()?, body: Vec::new() };
                if !several(&answer.line) {
                    self.start = self.line;
                    return Some(answer);
                }
                answer
            }
        };
        while let Some(line) = self.next_line() {
            if line == b"." {
                self.start = self.line;
                return Some(open);
            }
            open.body.push(grammar::unstuffed(&line).to_vec());
        }
        self.open = Some(open);
        None
    }

    fn next_line(&mut self) -> Option<Vec<u8>> {
        let Some(found) = wire::line(&self.octets, self.line, self.searched) else {
            self.searched = self.octets.len().saturating_sub(self.line);
            return None;
        };
        (self.line, self.searched) = (found.end(), 0);
        self.octets.get(found.text).map(<[u8]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_whole_however_they_were_cut() {
        let text = b"+OK one\r\n+OK several\r\n..a\r\n\r\nb\n.\r\n-ERR no\r\n+OK several\r\n.\r\n+O";
        for cut in 1..text.len() {
            let mut answers = Answers::default();
            let mut found = Vec::new();
            for part in text.chunks(cut) {
                answers.push(part);
                found.extend(std::iter::from_fn(|| answers.next(|line| line == b"+OK several")));
            }
            let lines: Vec<_> = found.iter().map(|answer| answer.line.as_slice()).collect();
            assert_eq!(lines, [&b"+OK one"[..], b"+OK several", b"-ERR no", b"+OK several"], "{cut}");
            assert_eq!(found[1].body, [&b".a"[..], b"", b"b"], "{cut}");
            assert_eq!((found[3].body.len(), answers.unread()), (0, 2), "{cut}");
        }
    }

    /// Looking at everything again with each octet would take hours here.
    #[test]
    fn an_answer_that_comes_octet_by_octet_is_read_once() {
        let text = [b"+OK\r\n".to_vec(), b"a line\r\n".repeat(ANSWER_LIMIT / 9), b".\r\n".to_vec()].concat();
        let mut answers = Answers::default();
        let mut found = Vec::new();
        for &octet in &text {
            answers.push(&[octet]);
            found.extend(answers.next(|_| true));
        }
        assert_eq!(found.iter().map(|answer| answer.body.len()).collect::<Vec<_>>(), [ANSWER_LIMIT / 9]);
        // Many answers in one segment cost what they are long, too.
        answers.push(&b"+OK\r\n".repeat(ANSWER_LIMIT / 5));
        assert_eq!(std::iter::from_fn(|| answers.next(|_| false)).count(), ANSWER_LIMIT / 5);
    }
}
