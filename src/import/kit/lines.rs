//! Chunks to numbered lines, in one pass and with bounded memory.

/// A line longer than this is cut; what was kept of it stands among the unparsed lines.
pub const LINE_LIMIT: usize = 1 << 20;

/// How many octets may pass before a first LF decides how the input ends its lines.
const ENDING_WINDOW: usize = 4096;

/// How the input ends its lines. Numbers are those of an editor, which counts a lone CR only where no LF exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Not known yet.
    Open,
    /// LF, with or without CR in front of it; a lone CR is part of the line.
    Lf,
    /// Every CR too.
    Cr,
}

/// A line as it stands in the input.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number in the input, from 1.
    pub number: u32,
    /// Its octets without the ending, at most [`LINE_LIMIT`].
    pub text: &'a [u8],
    /// Octets beyond the limit, which were dropped.
    pub dropped: u64,
}

/// Puts lines together, however the input is cut.
#[derive(Debug)]
pub struct Lines {
    open: Vec<u8>,
    dropped: u64,
    number: u32,
    ending: Ending,
    /// The last octet was a CR that ended a line; an LF behind it belongs to it.
    after_cr: bool,
}

impl Lines {
    /// At the start of an input.
    #[must_use]
    pub fn new() -> Self {
        Self { open: Vec::new(), dropped: 0, number: 0, ending: Ending::Open, after_cr: false }
    }

    /// Takes a chunk in and hands out the lines that it completes.
    pub fn push(&mut self, chunk: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        if self.ending != Ending::Open {
            self.take(chunk, each);
            return;
        }
        let room = ENDING_WINDOW.saturating_sub(self.open.len());
        let window = chunk.get(..room.min(chunk.len())).unwrap_or_default();
        if window.contains(&b'\n') {
            self.ending = Ending::Lf;
        } else if chunk.len() >= room {
            self.ending =
                if self.open.contains(&b'\r') || window.contains(&b'\r') { Ending::Cr } else { Ending::Lf };
        } else {
            self.open.extend_from_slice(chunk);
            return;
        }
        let held = std::mem::take(&mut self.open);
        self.take(&held, each);
        self.take(chunk, each);
    }

    /// The input is over: hands out what is left.
    pub fn finish(&mut self, each: &mut dyn FnMut(Line<'_>)) {
        if self.ending == Ending::Open {
            self.ending = if self.open.contains(&b'\r') { Ending::Cr } else { Ending::Lf };
            let held = std::mem::take(&mut self.open);
            self.take(&held, each);
        }
        if !self.open.is_empty() || self.dropped > 0 {
            let last = std::mem::take(&mut self.open);
            self.hand_out(&last, each);
        }
    }

    fn take(&mut self, chunk: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        let mut rest = chunk;
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = self.find_end(rest) {
            let (line, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            if self.open.is_empty() && self.dropped == 0 && line.len() <= LINE_LIMIT {
                self.hand_out(line, each);
            } else {
                self.hold(line);
                let whole = std::mem::take(&mut self.open);
                self.hand_out(&whole, each);
                self.open = whole;
                self.open.clear();
            }
            let cr = behind.first() == Some(&b'\r');
            rest = behind.get(1..).unwrap_or_default();
            if cr {
                self.after_cr = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
        }
        self.hold(rest);
    }

    fn find_end(&self, octets: &[u8]) -> Option<usize> {
        match self.ending {
            Ending::Cr => memchr::memchr2(b'\r', b'\n', octets),
            Ending::Lf | Ending::Open => memchr::memchr(b'\n', octets),
        }
    }

    fn hold(&mut self, octets: &[u8]) {
        let room = LINE_LIMIT.saturating_sub(self.open.len());
        let kept = octets.get(..room.min(octets.len())).unwrap_or_default();
        self.open.extend_from_slice(kept);
        self.dropped = self.dropped.saturating_add(octets.len().saturating_sub(kept.len()) as u64);
    }

    fn hand_out(&mut self, line: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        self.number = self.number.saturating_add(1);
        let dropped = std::mem::take(&mut self.dropped);
        let mut text = if dropped == 0 { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
        if self.number == 1 {
            text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        }
        each(Line { number: self.number, text, dropped });
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<(u32, String)> {
        let mut seen = Vec::new();
        let mut lines = Lines::new();
        let mut each = |line: Line<'_>| seen.push((line.number, String::from_utf8_lossy(line.text).into()));
        for chunk in chunks {
            lines.push(chunk, &mut each);
        }
        lines.finish(&mut each);
        seen
    }

    fn numbered(texts: &[&str]) -> Vec<(u32, String)> {
        texts.iter().zip(1..).map(|(text, number)| (number, (*text).to_owned())).collect()
    }

    #[test]
    fn every_ending_ends_a_line_and_a_cr_among_lfs_is_text() {
        assert_eq!(lines(&[b"a\r\nb\nc\rd\n\ne"]), numbered(&["a", "b", "c\rd", "", "e"]));
        assert_eq!(lines(&[b"a\rb\r\rc"]), numbered(&["a", "b", "", "c"]));
        assert_eq!(lines(&[b"\xEF\xBB\xBFa\n"]), numbered(&["a"]));
        assert_eq!(lines(&[b""]), []);
        assert_eq!(lines(&[b"\r"]), numbered(&[""]));
    }

    #[test]
    fn a_cut_anywhere_changes_nothing() {
        let mut input = b"one\r\ntwo\nth\rree\n\r\n".repeat(600);
        input.extend(b"last");
        let whole = lines(&[&input]);
        for at in [1, 3, 4, 5, 9, 4095, 4096, 4097, 9000] {
            let (a, b) = input.split_at(at);
            assert_eq!(lines(&[a, b]), whole);
        }
        let macintosh: Vec<u8> = input.iter().copied().filter(|&o| o != b'\n').collect();
        let whole = lines(&[&macintosh]);
        for at in 4090..4100 {
            let (a, b) = macintosh.split_at(at);
            assert_eq!(lines(&[a, b]), whole);
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_cut_and_says_so() {
        let mut seen = Vec::new();
        let mut lines = Lines::new();
        let mut each = |line: Line<'_>| seen.push((line.number, line.text.len(), line.dropped));
        for _ in 0..3 {
            lines.push(&[b'x'; LINE_LIMIT / 2], &mut each);
        }
        lines.push(b"\nshort\n", &mut each);
        lines.finish(&mut each);
        assert_eq!(seen, [(1, LINE_LIMIT, (LINE_LIMIT / 2) as u64), (2, 5, 0)]);
    }
}
