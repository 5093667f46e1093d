//! A machine's input buffer: whole messages, their literals included, with a limit.

use super::{Line, line, literal};

/// A message of more octets than this is refused.
pub const MESSAGE_LIMIT: usize = 64 << 10;

/// What a machine finds in its buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A message: its lines and literals, endings included.
    Message(Vec<u8>),
    /// A synchronizing literal was announced: the peer waits for a continuation. Told once.
    Waiting,
    /// A synchronizing literal was announced that makes the message longer than [`MESSAGE_LIMIT`]: the line that
    /// announces it. The peer sends nothing of the literal once it is told.
    TooBig(Vec<u8>),
    /// The message is longer than [`MESSAGE_LIMIT`]. All of it is dropped, however long it goes on, so that no part of it
    /// is taken for a message. Told once.
    Overlong,
}

/// Octets that arrived and were not used yet.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    octets: Vec<u8>,
    /// Where the message begins; what lies before it was used.
    start: usize,
    /// Where its current line begins; literals of the same message lie before it.
    line: usize,
    /// Octets of that line that are known to hold no LF.
    searched: usize,
    told: bool,
    /// What is left of a message that was refused.
    refused: Option<Refused>,
}

/// A message that was refused goes on.
#[derive(Clone, Debug, Default)]
struct Refused {
    /// Octets of a literal that are to come.
    literal: u64,
    /// The last octets of its current line: they may announce a literal.
    tail: Vec<u8>,
}

/// The longest announcement of a literal: 19 digits in braces, with a plus.
const ANNOUNCEMENT: usize = 22;

impl Inbox {
    /// Takes octets in.
    pub fn push(&mut self, octets: &[u8]) {
        if self.start > 0 {
            self.octets.drain(..self.start.min(self.octets.len()));
            self.line = self.line.saturating_sub(self.start);
            self.start = 0;
        }
        self.octets.extend_from_slice(octets);
    }

    /// Throws everything away that was not used, as a handshake demands (RFC 9051 section 6.2.1).
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many octets were not used.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.octets.len().saturating_sub(self.start)
    }

    /// Everything that was not used, complete or not.
    pub fn take_rest(&mut self) -> Vec<u8> {
        let mut rest = std::mem::take(self);
        rest.octets.split_off(rest.start.min(rest.octets.len()))
    }

    /// The next unit, if one is complete.
    pub fn next_unit(&mut self) -> Option<Unit> {
        if self.refused.is_some() && !self.swallow() {
            return None;
        }
        loop {
            let Some(Line { text, ending }) = line(&self.octets, self.line, self.searched) else {
                self.searched = self.octets.len().saturating_sub(self.line);
                if self.octets.len().saturating_sub(self.start) > MESSAGE_LIMIT {
                    let from = self.octets.len().saturating_sub(ANNOUNCEMENT).max(self.line);
                    let tail = self.octets.get(from..).unwrap_or_default().to_vec();
                    self.clear();
                    self.refused = Some(Refused { literal: 0, tail });
                    return Some(Unit::Overlong);
                }
                return None;
            };
            let end = text.end.saturating_add(ending.len());
            let announced = self.octets.get(text).and_then(literal);
            let Some(announced) = announced else {
                let message = self.octets.get(self.start..end).unwrap_or_default().to_vec();
                (self.start, self.line, self.searched, self.told) = (end, end, 0, false);
                return Some(if message.len() > MESSAGE_LIMIT {
                    Unit::Overlong
                } else {
                    Unit::Message(message)
                });
            };
            let behind = usize::try_from(announced.octets).ok().and_then(|length| end.checked_add(length));
            let Some(behind) = behind.filter(|behind| behind.saturating_sub(self.start) <= MESSAGE_LIMIT)
            else {
                let line = self.octets.get(self.start..end).unwrap_or_default().to_vec();
                (self.start, self.line, self.searched, self.told) = (end, end, 0, false);
                if announced.synchronizing && line.len() <= MESSAGE_LIMIT {
                    return Some(Unit::TooBig(line));
                }
                self.refused = Some(Refused { literal: announced.octets, tail: Vec::new() });
                return Some(Unit::Overlong);
            };
            if self.octets.len() >= behind {
                (self.line, self.searched, self.told) = (behind, 0, false);
            } else if announced.synchronizing && !self.told {
                self.told = true;
                return Some(Unit::Waiting);
            } else {
                return None;
            }
        }
    }
}

impl Inbox {
    /// Drops what came of a refused message. True: it is over.
    fn swallow(&mut self) -> bool {
        let Some(mut refused) = self.refused.take() else { return true };
        loop {
            let here = self.octets.len().saturating_sub(self.start);
            let dropped = usize::try_from(refused.literal).unwrap_or(usize::MAX).min(here);
            self.start = self.start.saturating_add(dropped);
            refused.literal = refused.literal.saturating_sub(dropped as u64);
            let found = if refused.literal == 0 { line(&self.octets, self.start, 0) } else { None };
            let text = found.as_ref().map_or(self.start..self.octets.len(), |found| found.text.clone());
            refused.tail.extend_from_slice(self.octets.get(text).unwrap_or_default());
            if found.is_some() && refused.tail.last() == Some(&b'\r') {
                refused.tail.pop();
            }
            refused.tail.drain(..refused.tail.len().saturating_sub(ANNOUNCEMENT));
            self.start = found.as_ref().map_or(self.octets.len(), Line::end);
            (self.line, self.searched, self.told) = (self.start, 0, false);
            if found.is_none() {
                self.refused = Some(refused);
                return false;
            }
            match literal(&refused.tail) {
                Some(next) if !next.synchronizing => {
                    refused = Refused { literal: next.octets, tail: Vec::new() };
                }
                _ => return true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &[u8]) -> Option<Unit> {
        Some(Unit::Message(text.to_vec()))
    }

    #[test]
    fn messages_come_whole_however_they_were_cut() {
        let octets = b"a NOOP\r\nb LOGIN {3}\r\ntim {2+}\r\nxy\r\n";
        let mut inbox = Inbox::default();
        let mut units = Vec::new();
        for octet in octets {
            inbox.push(&[*octet]);
            units.extend(std::iter::from_fn(|| inbox.next_unit()));
        }
        assert_eq!(units.len(), 3);
        assert_eq!(Some(units[0].clone()), message(b"a NOOP\r\n"));
        assert_eq!(units[1], Unit::Waiting);
        assert_eq!(Some(units[2].clone()), message(b"b LOGIN {3}\r\ntim {2+}\r\nxy\r\n"));
    }

    #[test]
    fn no_part_of_a_refused_message_is_a_message() {
        let filler = "y".repeat(MESSAGE_LIMIT);
        for refused in [
            format!("a X {{{}+}}\r\n{filler}\r\nx STARTTLS\r\n\r\n", MESSAGE_LIMIT + 14),
            format!("a X {{{}+}}\r\n{filler}\r\nx STARTTLS\r\n {{6+}}\r\nb c\r\nd\r\n", MESSAGE_LIMIT + 14),
            format!("a {filler} LOGIN\r\n"),
            format!("a {filler} {{14+}}\r\nx STARTTLS\r\n!\r\n"),
        ] {
            for cut in [1, 7, 1000, usize::MAX] {
                let octets = format!("{refused}n NOOP\r\n");
                let mut inbox = Inbox::default();
                let mut units = Vec::new();
                for part in octets.as_bytes().chunks(cut.min(octets.len())) {
                    inbox.push(part);
                    units.extend(std::iter::from_fn(|| inbox.next_unit()));
                    assert!(inbox.unread() <= MESSAGE_LIMIT);
                }
                let wanted = [Unit::Overlong, Unit::Message(b"n NOOP\r\n".to_vec())];
                assert_eq!(units, wanted, "{} cut {cut}", octets.len());
            }
        }
    }

    #[test]
    fn a_huge_literal_is_refused_before_it_is_read() {
        let mut inbox = Inbox::default();
        inbox.push(b"a APPEND x {999999999}\r\nb NOOP\r\n");
        assert_eq!(inbox.next_unit(), Some(Unit::TooBig(b"a APPEND x {999999999}\r\n".to_vec())));
        assert_eq!(inbox.next_unit(), message(b"b NOOP\r\n"));
        inbox.push(b"c APPEND x {999999999+}\r\n");
        assert_eq!(inbox.next_unit(), Some(Unit::Overlong));
        assert_eq!(inbox.next_unit(), None);
    }
}
