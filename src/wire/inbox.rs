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
    /// The message is longer than [`MESSAGE_LIMIT`]; its first octets were dropped.
    Overlong,
}

/// Octets that arrived and were not used yet.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    octets: Vec<u8>,
    /// Where the current line begins; literals of the same message lie before it.
    line: usize,
    told: bool,
}

impl Inbox {
    /// Takes octets in.
    pub fn push(&mut self, octets: &[u8]) {
        self.octets.extend_from_slice(octets);
    }

    /// Throws everything away that was not used, as a handshake demands (RFC 9051 section 6.2.1).
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything that was not used, complete or not.
    pub fn take_rest(&mut self) -> Vec<u8> {
        std::mem::take(self).octets
    }

    /// The next unit, if one is complete.
    pub fn next_unit(&mut self) -> Option<Unit> {
        loop {
            let Some(Line { text, ending }) = line(&self.octets, self.line, 0) else {
                if self.octets.len() > MESSAGE_LIMIT {
                    self.clear();
                    return Some(Unit::Overlong);
                }
                return None;
            };
            let end = text.end.saturating_add(ending.len());
            let announced = self.octets.get(text).and_then(literal);
            let Some(announced) = announced else {
                let rest = self.octets.split_off(end.min(self.octets.len()));
                let message = std::mem::replace(&mut self.octets, rest);
                self.line = 0;
                self.told = false;
                return Some(Unit::Message(message));
            };
            let length = usize::try_from(announced.octets).unwrap_or(usize::MAX);
            if length > MESSAGE_LIMIT {
                self.clear();
                return Some(Unit::Overlong);
            }
            if self.octets.len() >= end.saturating_add(length) {
                self.line = end.saturating_add(length);
                self.told = false;
            } else if announced.synchronizing && !self.told {
                self.told = true;
                return Some(Unit::Waiting);
            } else {
                return None;
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
    fn a_huge_literal_is_refused_before_it_is_read() {
        let mut inbox = Inbox::default();
        inbox.push(b"a APPEND x {999999999}\r\n");
        assert_eq!(inbox.next_unit(), Some(Unit::Overlong));
        assert_eq!(inbox.next_unit(), None);
    }
}
