//! A machine's input buffer where messages are lines: POP3 (RFC 1939 section 3).

use super::line;

/// What a machine finds in its buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineUnit {
    /// A line with its ending, LF alone as well.
    Line(Vec<u8>),
    /// The line is longer than the limit. Told once; the line is thrown away up to its end, so that no part of it is
    /// taken for another line.
    Overlong,
}

/// Octets that arrived and were not used yet.
#[derive(Clone, Debug)]
pub struct Lines {
    limit: usize,
    octets: Vec<u8>,
    /// Where the next line begins; what lies before it was used.
    start: usize,
    /// Octets of that line that are known to hold no LF.
    searched: usize,
    /// Inside a line that is thrown away.
    skipping: bool,
}

impl Lines {
    /// A buffer for lines of at most `limit` octets, their endings included.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit, octets: Vec::new(), start: 0, searched: 0, skipping: false }
    }

    /// Takes octets in.
    pub fn push(&mut self, octets: &[u8]) {
        self.octets.drain(..self.start.min(self.octets.len()));
        self.start = 0;
        self.octets.extend_from_slice(octets);
    }

    /// Throws everything away that was not used.
    pub fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    /// How many octets wait for the rest of their line: never more than the limit after [`Lines::next_unit`] gave
    /// nothing.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.octets.len().saturating_sub(self.start)
    }

    /// The next unit, if one is complete.
    pub fn next_unit(&mut self) -> Option<LineUnit> {
        loop {
            let Some(found) = line(&self.octets, self.start, self.searched) else {
                self.searched = self.waiting();
                if self.skipping || self.waiting() > self.limit {
                    let told = std::mem::replace(&mut self.skipping, true);
                    (self.octets, self.start, self.searched) = (Vec::new(), 0, 0);
                    return (!told).then_some(LineUnit::Overlong);
                }
                return None;
            };
            let whole = self.start..found.end();
            (self.start, self.searched) = (whole.end, 0);
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            if whole.len() > self.limit {
                return Some(LineUnit::Overlong);
            }
            return Some(LineUnit::Line(self.octets.get(whole).unwrap_or_default().to_vec()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(limit: usize, octets: &[u8], cut: usize) -> Vec<LineUnit> {
        let mut lines = Lines::new(limit);
        let mut units = Vec::new();
        for part in octets.chunks(cut) {
            lines.push(part);
            units.extend(std::iter::from_fn(|| lines.next_unit()));
            assert!(lines.waiting() <= limit);
        }
        units
    }

    #[test]
    fn lines_come_whole_however_they_were_cut() {
        let line = |text: &[u8]| LineUnit::Line(text.to_vec());
        for cut in 1..9 {
            let found = units(6, b"ab\r\nc\n\r\nabcd\r\n", cut);
            assert_eq!(found, [line(b"ab\r\n"), line(b"c\n"), line(b"\r\n"), line(b"abcd\r\n")], "{cut}");
        }
    }

    #[test]
    fn no_part_of_an_overlong_line_is_another_line() {
        for cut in 1..30 {
            let found = units(6, b"0123456789 DELE 1\r\nok\r\n0123456789\r\n", cut);
            assert_eq!(
                found,
                [LineUnit::Overlong, LineUnit::Line(b"ok\r\n".to_vec()), LineUnit::Overlong],
                "{cut}"
            );
        }
    }
}
