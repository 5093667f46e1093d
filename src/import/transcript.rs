//! `C:` and `S:` lines, as RFCs write sessions.

use super::kit::{Assembler, Mark, mark, recognise};
use super::{Batch, Confidence, Format, Head, LineFormat, LineReader, Why};
use crate::base::{Layer, Side};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "transcript",
    title: "C: and S: lines",
    about: "One line of the session per line, with `C:` or `S:` in front as in an RFC. A longer line goes on in the next ones, indented under its text. A line such as `<TLS negotiation>` stands where the handshake began, and what follows it went through TLS; `# clear text again` ends that, or says that none began. `# connection 2` begins another connection; other lines with `#` are comments. Octets outside ASCII may be written as `\\xNN`, NUL also as `<NUL>`. Text around the session is kept and left alone.",
    place: "line",
    detect,
    reader: |_| LineReader::boxed(Transcript::default(), Assembler::by_marks(Carries::TRANSCRIPT, false)),
};

/// Below so many octets a line without a space was not wrapped because it is base64.
const WRAPPED_BASE64: usize = 32;

/// A line's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sender {
    from: Side,
    /// Nothing but a transcript has this mark.
    strong: bool,
    /// The column of the mark.
    column: usize,
    /// Where what follows the mark begins.
    behind: usize,
}

static MARKS: &[(&str, Side, bool)] = &[
    ("C:", Side::Client, true),
    ("S:", Side::Server, true),
    ("Client:", Side::Client, true),
    ("Server:", Side::Server, true),
    ("C>", Side::Client, false),
    ("S>", Side::Server, false),
    ("-->", Side::Client, false),
    ("<--", Side::Server, false),
    ("->", Side::Client, false),
    ("<-", Side::Server, false),
];

fn sender(line: &[u8]) -> Option<Sender> {
    let start = line.iter().position(|&o| o != b' ' && o != b'\t')?;
    let found = marked(line, start, false);
    if found.is_some() || !line.get(start)?.is_ascii_alphabetic() {
        return found;
    }
    // `Example:    C: a001 CAPABILITY`
    let label = line.get(start..)?.iter().take(24).position(|&o| o == b':')?;
    let words = line.get(start..start.checked_add(label)?)?;
    if !words.iter().all(|&o| o.is_ascii_alphanumeric() || o == b' ') {
        return None;
    }
    let behind = start.checked_add(label)?.checked_add(1)?;
    let blanks = line.get(behind..)?.iter().position(|&o| o != b' ' && o != b'\t')?;
    if blanks == 0 { None } else { marked(line, behind.checked_add(blanks)?, true) }
}

fn marked(line: &[u8], start: usize, labelled: bool) -> Option<Sender> {
    let rest = line.get(start..)?;
    let (length, from, strong) = match rest {
        [b'C', b':', ..] => (2, Side::Client, true),
        [b'S', b':', ..] => (2, Side::Server, true),
        _ => MARKS.iter().find_map(|(mark, from, strong)| {
            let same = rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark.as_bytes()));
            same.then_some((mark.len(), *from, *strong))
        })?,
    };
    let upper = rest.first().is_some_and(u8::is_ascii_uppercase);
    let fits = match rest.get(length) {
        None | Some(b' ' | b'\t') => true,
        // `C:a001 NOOP`, but not a path and not a word.
        Some(b'/' | b'\\') => false,
        Some(_) => length == 2 && strong && upper && !labelled,
    };
    fits.then(|| {
        let column = line.get(..start).unwrap_or_default();
        Sender {
            from,
            strong: strong && (upper || length > 2),
            column: width(column),
            behind: start.saturating_add(length),
        }
    })
}

/// The columns that blanks take.
fn width(blanks: &[u8]) -> usize {
    blanks.iter().fold(0, |at: usize, &o| {
        if o == b'\t' { (at / 8).saturating_add(1).saturating_mul(8) } else { at.saturating_add(1) }
    })
}

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let (mut strong, mut weak, mut known, mut marks) = (0_u32, 0_u32, false, false);
    for line in &head.lines {
        if let Some(sender) = sender(line) {
            if sender.strong {
                strong = strong.saturating_add(1);
            } else {
                weak = weak.saturating_add(1);
            }
            let text = line.get(sender.behind..).unwrap_or_default().trim_ascii();
            known |= recognise(sender.from, text).is_some();
        } else if let Some(mark) = mark(line.trim_ascii()) {
            marks |= matches!(mark, Mark::TlsBegan | Mark::Connection);
        }
    }
    match (strong, weak) {
        (1.., _) if known => Some(Confidence::Sure),
        (2.., _) => Some(Confidence::Likely),
        (_, 1..) if known => Some(Confidence::Likely),
        _ if marks && head.lines.iter().all(|line| mark(line.trim_ascii()).is_some()) => {
            Some(Confidence::Likely)
        }
        (1.., _) => Some(Confidence::Guess),
        _ => None,
    }
}

/// A line that may go on in the next one.
#[derive(Debug, Default)]
struct Held {
    text: Vec<u8>,
    line: u32,
    from: Option<Side>,
    column: usize,
    /// Where the text of the last line begins in `text`: continuations stand behind it.
    last: usize,
}

#[derive(Debug)]
struct Transcript {
    layer: Layer,
    held: Held,
    /// How many blanks stand between mark and text.
    pad: Option<usize>,
    /// A mark that began with `<` and goes on in the next line.
    open_mark: bool,
    /// Prose stood between the last line of the session and this one.
    prose: bool,
    handshake: bool,
}

impl Default for Transcript {
    fn default() -> Self {
        Self {
            layer: Layer::Clear,
            held: Held::default(),
            pad: None,
            open_mark: false,
            prose: false,
            handshake: false,
        }
    }
}

impl Transcript {
    /// Hands on the held line; `ended` unless another line continues it.
    fn flush(&mut self, ended: bool, to: &mut Assembler) {
        let Some(from) = self.held.from else { return };
        if ended {
            self.held.text.extend_from_slice(b"\r\n");
            self.held.from = None;
        } else if self.held.text.is_empty() {
            // A mark whose text begins in the next line.
            to.remark(self.held.line, &[]);
            return;
        }
        to.octets(self.held.line, from, self.layer, &self.held.text);
        self.held.text.clear();
    }

    fn began(&mut self, number: u32, failed: bool, to: &mut Assembler) {
        if !self.handshake || self.layer == Layer::Clear {
            to.tls_began(number);
        }
        self.handshake = true;
        if failed {
            to.tls_failed(number, crate::tls::Failure::Alert);
            self.layer = Layer::Clear;
        } else {
            self.layer = Layer::Tls;
        }
    }

    fn restart(&mut self, to: &mut Assembler, out: &mut Batch) {
        to.end(out);
        self.layer = Layer::Clear;
        self.pad = None;
        self.handshake = false;
    }

    fn dialogue(&mut self, number: u32, sender: Sender, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let mut text = line.get(sender.behind..).unwrap_or_default();
        let blanks = text.iter().position(|&o| o != b' ').unwrap_or(text.len());
        if blanks < text.len() {
            let pad = *self.pad.get_or_insert(blanks);
            text = text.get(blanks.min(pad)..).unwrap_or_default();
            // Some examples align the text of both sides; what is indented further may be a folded header of a mail.
            if text.first() == Some(&b' ') && recognise(sender.from, text.trim_ascii_start()).is_some() {
                text = text.trim_ascii_start();
            }
        } else {
            text = &[];
        }
        if text.first() == Some(&b'<')
            && let Some(found @ (Mark::TlsBegan | Mark::TlsFailed)) = mark(text)
        {
            self.open_mark = !text.contains(&b'>');
            to.remark(number, line);
            self.began(number, found == Mark::TlsFailed, to);
            return;
        }
        if std::mem::take(&mut self.prose)
            && let Some(heard) = recognise(sender.from, text)
            && to.dialect().is_some_and(|spoken| spoken != heard)
        {
            self.restart(to, out);
        }
        self.held.line = number;
        self.held.from = Some(sender.from);
        self.held.column = sender.column;
        self.held.last = 0;
        unescape(text, &mut self.held.text);
    }

    /// Whether a line continues the held one, and how.
    fn continues(&self, line: &[u8]) -> bool {
        let blanks = line.iter().position(|&o| o != b' ' && o != b'\t').unwrap_or(0);
        self.held.from.is_some()
            && width(line.get(..blanks).unwrap_or_default()) >= self.held.column.saturating_add(2)
    }
}

impl LineFormat for Transcript {
    fn line(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        for part in parts(line) {
            self.part(number, part, to, out);
        }
    }

    fn finish(&mut self, to: &mut Assembler) {
        self.flush(true, to);
    }
}

impl Transcript {
    fn part(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        if let Some(sender) = sender(line) {
            self.flush(true, to);
            self.open_mark = false;
            self.dialogue(number, sender, line, to, out);
            return;
        }
        let text = line.trim_ascii();
        if self.open_mark && !text.is_empty() {
            self.open_mark = !text.contains(&b'>');
            to.remark(number, line);
            return;
        }
        if text.is_empty() {
            self.flush(true, to);
            to.remark(number, line);
            return;
        }
        if let Some(found) = mark(text) {
            self.flush(true, to);
            if found == Mark::Connection {
                self.restart(to, out);
            }
            to.remark(number, line);
            match found {
                Mark::TlsBegan | Mark::TlsFailed => {
                    self.open_mark = text.first() == Some(&b'<') && !text.contains(&b'>');
                    self.began(number, found == Mark::TlsFailed, to);
                }
                Mark::ClearAgain => {
                    self.layer = Layer::Clear;
                    to.clear_again();
                }
                Mark::Connection | Mark::Comment => {}
            }
            return;
        }
        if self.continues(line) {
            let before = self.held.text.get(self.held.last..).unwrap_or_default();
            let glue = !self.held.text.is_empty() && !splits_base64(before, text);
            self.flush(false, to);
            if glue {
                self.held.text.push(b' ');
            }
            self.held.last = self.held.text.len();
            unescape(text, &mut self.held.text);
            self.held.line = number;
            return;
        }
        self.flush(true, to);
        self.prose = true;
        to.keep_unparsed(number, line, Why::NoMark);
    }
}

/// A lone CR ends a line where a mark follows it.
fn parts(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let now = rest.take()?;
        let mut from = 0_usize;
        while let Some(cr) = memchr::memchr(b'\r', now.get(from..)?) {
            let at = from.saturating_add(cr);
            let behind = now.get(at.saturating_add(1)..).unwrap_or_default();
            let head = behind.get(..behind.len().min(64)).unwrap_or_default();
            if sender(head).is_some_and(|s| s.strong) {
                rest = Some(behind);
                return now.get(..at);
            }
            from = at.saturating_add(1);
        }
        Some(now)
    })
}

/// Whether a line was broken inside base64, where no space stood.
fn splits_base64(before: &[u8], after: &[u8]) -> bool {
    let base64 =
        |text: &[u8]| text.iter().all(|&o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/' | b'='));
    let word = before.rsplit(|&o| o == b' ').next().unwrap_or_default();
    word.len() >= WRAPPED_BASE64 && base64(word) && base64(after)
}

/// Octets outside ASCII are written as `\xNN`, and RFCs write `<NUL>`. What stands for a printable octet was meant as
/// it is written.
fn unescape(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\\', b'<', rest) {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        into.extend_from_slice(plain);
        match escape {
            [b'\\', b'x', a, b, behind @ ..]
                if let (Some(a), Some(b)) = (hex(*a), hex(*b))
                    && !(0x20..0x7F).contains(&(a << 4 | b)) =>
            {
                into.push(a << 4 | b);
                rest = behind;
            }
            [b'<', b'N', b'U', b'L', b'>', behind @ ..] => {
                into.push(0);
                rest = behind;
            }
            [first, behind @ ..] => {
                into.push(*first);
                rest = behind;
            }
            [] => rest = &[],
        }
    }
    into.extend_from_slice(rest);
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
