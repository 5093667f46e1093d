//! What logs of programs have in common: lines that one side wrote, and words about the connection between them.
//!
//! A format's file says how a line of its log reads ([`Log`]); here stands what follows from it: where TLS begins if the
//! log has no word for it, where a connection ends, and what is hidden.

use super::threads::Threads;
use super::{Assembler, Notice, recognise, tagged_command, tagged_status};
use crate::base::{Layer, Protocol, Side};
use crate::import::{Batch, Confidence, Head, LineFormat, LineReader, Reader, Why};
use crate::tls::{Facts, Failure};
use crate::trace::Carries;
use crate::wire;
use std::borrow::Cow;

/// What stands for a line that a log hides.
const MASKED: &[u8] = b"********";

/// How a program's log reads. A value of it knows what it has to know of the lines before.
pub(in crate::import) trait Log: std::fmt::Debug + Default {
    /// What the log is able to show.
    const CARRIES: Carries;
    /// The log has no word for a handshake: where the client goes on behind a positive answer to STARTTLS, it does so
    /// inside TLS, because the program knows no other way.
    const TLS_UNSAID: bool = false;

    /// It is a server's: what the client sent behind STARTTLS and the server threw away is not in it.
    const OF_SERVER: bool = false;

    /// How the program is made to write the keys of its TLS connections, if it can.
    const KEYS: Option<&'static str> = None;

    /// Lines of several connections may stand mixed: [`Log::id`] tells them apart.
    const BY_ID: bool = false;

    /// The id of the connection that a line is of; a line without one is of the same as the line before.
    fn id(_line: &[u8]) -> Option<&[u8]> {
        None
    }

    /// Reads one line.
    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a>;
}

/// What a line of a log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) enum Said<'a> {
    /// A line of one side, or several with their endings between them; the last ending may be missing.
    Line(Side, Cow<'a, [u8]>),
    /// Octets of one side, with all their endings.
    Octets(Side, Cow<'a, [u8]>),
    /// The content of a literal, or of an answer in several lines, of one side is left out here.
    Omitted(Side),
    /// A secret of the client stood here: the content of a literal, or a line of a SASL exchange.
    Hidden,
    /// Something of the dialogue is not in the log.
    Lost,
    /// What shows the protocol is no line of the dialogue.
    Speaks(Protocol),
    /// Several of these, in order.
    Many(Vec<Said<'a>>),
    /// A connection is opened.
    Connects,
    /// The same, and it begins with TLS.
    ConnectsWithTls,
    /// A handshake begins.
    TlsBegins,
    /// The server chose version and suite.
    TlsHello(Facts),
    /// A handshake was completed.
    TlsUp(Facts),
    /// A handshake came to nothing.
    TlsFailed(Failure),
    /// It came to nothing, or the client ended it when it was completed.
    TlsDoubtful,
    /// The connection is over.
    Over,
    /// The program's own words.
    Own,
    /// Nobody knows.
    Unknown,
}

impl<'a> Said<'a> {
    /// A line of the client.
    pub(in crate::import) fn sent(text: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::Line(Side::Client, text.into())
    }

    /// A line of the server.
    pub(in crate::import) fn received(text: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::Line(Side::Server, text.into())
    }
}

/// What is the same for all lines of a log. The reader asks it rather than the [`Log`], so that there is one reader for all
/// programs and not one for each: it would be a sixth of what the page loads.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) carries: Carries,
    tls_unsaid: bool,
    of_server: bool,
    keys: Option<&'static str>,
    pub(super) id: fn(&[u8]) -> Option<&[u8]>,
    start: fn() -> Box<dyn Words>,
}

impl Program {
    const fn of<L: Log + 'static>() -> &'static Self {
        const {
            &Self {
                carries: L::CARRIES,
                tls_unsaid: L::TLS_UNSAID,
                of_server: L::OF_SERVER,
                keys: L::KEYS,
                id: L::id,
                start: || Box::new(L::default()),
            }
        }
    }
}

/// The lines of a [`Log`], whichever it is.
trait Words: std::fmt::Debug {
    fn said<'a>(&mut self, line: &'a [u8]) -> Said<'a>;
}

impl<L: Log> Words for L {
    fn said<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        self.line(line)
    }
}

/// Reads a log.
#[derive(Debug)]
pub(in crate::import) struct LogReader {
    program: &'static Program,
    words: Box<dyn Words>,
    connection: State,
    buffer: Vec<u8>,
    /// Something of a dialogue was read.
    any: bool,
}

#[derive(Debug)]
struct State {
    layer: Layer,
    began: bool,
    decided: bool,
    /// Something of the dialogue was seen.
    used: bool,
    /// The tag of a STARTTLS that was not answered; empty in POP3.
    asked: Option<Vec<u8>>,
    granted: bool,
    /// A LOGOUT or QUIT was sent.
    leaving: bool,
    /// It was answered.
    left: bool,
    /// The last line of each side announced a literal.
    literal: [bool; 2],
    doubtful: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            layer: Layer::Clear,
            began: false,
            decided: false,
            used: false,
            asked: None,
            granted: false,
            leaving: false,
            left: false,
            literal: [false; 2],
            doubtful: false,
        }
    }
}

impl LogReader {
    /// A reader at the start of a log.
    pub(in crate::import) fn boxed<L: Log + 'static>() -> Box<dyn Reader> {
        let program = Program::of::<L>();
        if L::BY_ID {
            return Threads::boxed(program);
        }
        LineReader::boxed(Self::new(program), Assembler::new(program.carries, false))
    }

    pub(super) fn new(program: &'static Program) -> Self {
        let words = (program.start)();
        Self { program, words, connection: State::default(), buffer: Vec::new(), any: false }
    }

    /// What this connection's lines were able to show.
    pub(super) fn settle(&self, to: &mut Assembler) {
        let mut carries = self.program.carries;
        carries.tls_result &= !self.connection.doubtful;
        carries.opening &= !(self.program.of_server && self.connection.granted);
        to.carries(carries);
    }

    fn over(&mut self, to: &mut Assembler, out: &mut Batch) {
        if self.connection.used || self.connection.began {
            self.settle(to);
            to.end(out);
            to.carries(self.program.carries);
        }
        self.connection = State::default();
    }

    fn dialogue(
        &mut self,
        number: u32,
        from: Side,
        text: &[u8],
        whole: bool,
        to: &mut Assembler,
        out: &mut Batch,
    ) {
        self.any = true;
        let state = &mut self.connection;
        if state.left && (from == Side::Client || greeting(text)) {
            self.over(to, out);
        }
        let state = &mut self.connection;
        if self.program.tls_unsaid && from == Side::Client && state.granted && !state.began {
            state.began = true;
            state.decided = true;
            to.tls_began(number);
            to.tls_up(number, Facts::default());
            state.layer = Layer::Tls;
        }
        // Who speaks behind the beginning of a handshake does so inside.
        if state.began && !state.decided && !state.doubtful {
            state.decided = true;
            to.tls_up(number, Facts::default());
            state.layer = Layer::Tls;
        }
        state.used = true;
        if std::mem::take(state.literal(from)) && behind_literal(from, text) {
            to.omitted(number, from);
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(text);
        if whole && !text.ends_with(b"\n") {
            self.buffer.extend_from_slice(b"\r\n");
        }
        let lines = self.buffer.split_inclusive(|&o| o == b'\n');
        for line in lines {
            to.octets(number, from, state.layer, line);
        }
        let first = text.split(|&o| o == b'\n').next().unwrap_or_default().trim_ascii_end();
        if from == Side::Client {
            state.watch_command(first);
        } else {
            for line in text.split(|&o| o == b'\n') {
                state.watch_answer(line.trim_ascii_end());
            }
        }
        let announced = wire::literal(text.trim_ascii_end()).is_some_and(|literal| literal.octets > 0);
        *state.literal(from) = announced;
    }

    fn begin(&mut self, number: u32, to: &mut Assembler) {
        if !self.connection.began {
            to.tls_began(number);
        }
        self.connection.began = true;
    }
}

impl State {
    fn literal(&mut self, from: Side) -> &mut bool {
        let [client, server] = &mut self.literal;
        if from == Side::Client { client } else { server }
    }

    /// Whether a handshake can stand here: at the start, or behind a positive answer.
    fn may_begin(&self) -> bool {
        self.began || self.granted || !self.used
    }

    fn watch_command(&mut self, line: &[u8]) {
        let mut words = line.split(|&o| o == b' ');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if first.eq_ignore_ascii_case(b"STLS") {
            self.asked = Some(Vec::new());
        } else if second.eq_ignore_ascii_case(b"STARTTLS") {
            self.asked = Some(first.to_vec());
        }
        self.leaving |= first.eq_ignore_ascii_case(b"QUIT") || second.eq_ignore_ascii_case(b"LOGOUT");
    }

    fn watch_answer(&mut self, line: &[u8]) {
        let pop3 = line.starts_with(b"+OK") || line.starts_with(b"-ERR");
        self.left |= self.leaving && (pop3 || tagged_status(line));
        let Some(tag) = &self.asked else { return };
        let answer = if tag.is_empty() {
            line.starts_with(b"+OK").then_some(true).or(line.starts_with(b"-ERR").then_some(false))
        } else {
            let status = line.strip_prefix(tag.as_slice()).and_then(|rest| rest.strip_prefix(b" "));
            status.map(|status| status.get(..2).is_some_and(|word| word.eq_ignore_ascii_case(b"OK")))
        };
        if let Some(granted) = answer {
            self.asked = None;
            self.granted = granted;
        }
    }
}

/// Whether a line stands behind a literal that the log leaves out.
fn behind_literal(from: Side, text: &[u8]) -> bool {
    match from {
        Side::Client => text.is_empty() || tagged_command(text),
        Side::Server => {
            matches!(text.first(), None | Some(b' ' | b')')) || text.starts_with(b"* ") || tagged_status(text)
        }
    }
}

fn greeting(line: &[u8]) -> bool {
    ["* OK", "* PREAUTH", "+OK"].iter().any(|start| line.starts_with(start.as_bytes()))
}

impl LineFormat for LogReader {
    fn line(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let said = self.words.said(line);
        let shown = matches!(said, Said::Line(..) | Said::Octets(..) | Said::Hidden | Said::Unknown);
        if said == Said::Unknown {
            to.keep_unparsed(number, line, Why::NoMark);
        }
        self.take(number, said, to, out);
        if !shown {
            to.remark(number, line);
        }
    }

    fn finish(&mut self, to: &mut Assembler) {
        self.settle(to);
    }

    fn notice(&self) -> Option<Notice> {
        self.any.then(|| lacking(self.program)).flatten()
    }
}

/// What a log of this kind never shows, which is what rules cannot decide by it, and how to see it all the same.
pub(super) fn lacking(program: &Program) -> Option<Notice> {
    let carries = program.carries;
    let what: Vec<&str> = [
        (carries.opening, "what was said before the login"),
        (carries.beginning, "whether the connection began inside TLS"),
        (carries.handshake, "whether a handshake that came to nothing had begun"),
        (carries.tls_result, "what became of a handshake"),
        (carries.inside_tls, "all that was said inside TLS"),
        (carries.every_octet, "octets that the program did not take for a line"),
    ]
    .into_iter()
    .filter_map(|(shown, what)| (!shown).then_some(what))
    .collect();
    let (last, others) = what.split_last()?;
    let what =
        if others.is_empty() { (*last).to_owned() } else { format!("{}, nor {last}", others.join(", ")) };
    let keys = program
        .keys
        .map(|keys| format!("; opened together with its keys ({keys}) it shows what was said inside TLS"));
    let message = format!(
        "A log of this kind does not show {what}: rules that rest on it cannot be told. A capture beside it shows more: `tcpdump -i any -s 0 -w session.pcap`{}.",
        keys.unwrap_or_default()
    );
    Some(Notice { message, places: Vec::new() })
}

impl LogReader {
    fn take(&mut self, number: u32, said: Said<'_>, to: &mut Assembler, out: &mut Batch) {
        match said {
            Said::Line(from, text) => self.dialogue(number, from, &text, true, to, out),
            Said::Octets(from, text) => self.dialogue(number, from, &text, false, to, out),
            Said::Many(all) => {
                for said in all {
                    self.take(number, said, to, out);
                }
            }
            Said::Hidden => {
                if std::mem::take(self.connection.literal(Side::Client)) {
                    to.omitted(number, Side::Client);
                    self.dialogue(number, Side::Client, b"", true, to, out);
                } else {
                    self.dialogue(number, Side::Client, MASKED, true, to, out);
                }
            }
            Said::Lost => to.lost(number),
            Said::Speaks(protocol) => {
                to.speak(protocol);
                self.connection.used = true;
            }
            Said::Own | Said::Unknown => {}
            Said::Omitted(from) => {
                *self.connection.literal(from) = false;
                to.omitted(number, from);
            }
            Said::Connects => self.over(to, out),
            Said::ConnectsWithTls => {
                self.over(to, out);
                self.begin(number, to);
            }
            Said::TlsBegins | Said::TlsHello(_) | Said::TlsUp(_) | Said::TlsFailed(_) | Said::TlsDoubtful
                if !self.connection.may_begin() => {}
            Said::TlsBegins => self.begin(number, to),
            Said::TlsHello(facts) => {
                self.begin(number, to);
                to.tls_hello(number, facts);
            }
            Said::TlsUp(facts) => {
                self.begin(number, to);
                if !self.connection.decided {
                    to.tls_up(number, facts);
                    self.connection.layer = Layer::Tls;
                }
                self.connection.decided = true;
            }
            Said::TlsFailed(failure) => {
                self.begin(number, to);
                if !self.connection.decided {
                    to.tls_failed(number, failure);
                }
                self.connection.decided = true;
            }
            Said::TlsDoubtful => {
                self.begin(number, to);
                self.connection.doubtful |= !self.connection.decided;
            }
            Said::Over => self.over(to, out),
        }
    }
}

/// Tells a log by its lines: `signs` counts for lines that only this program writes.
pub(in crate::import) fn detect_log<L: Log>(
    head: &Head<'_>,
    sign: impl Fn(&[u8]) -> bool,
) -> Option<Confidence> {
    detected(&mut L::default(), head, &sign)
}

fn detected(log: &mut dyn Words, head: &Head<'_>, sign: &dyn Fn(&[u8]) -> bool) -> Option<Confidence> {
    let (mut known, mut spoken, mut signed) = (0_u32, 0_u32, false);
    for line in &head.lines {
        signed |= sign(line);
        if let Said::Line(from, text) | Said::Octets(from, text) = log.said(line) {
            let first = text.split(|&o| o == b'\n').next().unwrap_or_default();
            spoken = spoken.saturating_add(1);
            known = known.saturating_add(u32::from(recognise(from, first.trim_ascii_end()).is_some()));
        }
    }
    match (signed, known, spoken) {
        (true, 1.., _) => Some(Confidence::Signed),
        (true, ..) => Some(Confidence::Likely),
        (false, 1.., _) if known.saturating_mul(4) >= spoken => Some(Confidence::Likely),
        (false, 1.., _) => Some(Confidence::Guess),
        _ => None,
    }
}

/// The octets that a literal of Python stands for: `b'...'`, `'...'`, with either quote; what is behind it is left.
pub(in crate::import) fn python(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"b").unwrap_or(text);
    quoted(text).map(|(octets, _)| octets)
}

/// A string in quotes with escapes as Python and JavaScript write them, and what follows it. A string whose end was cut
/// off is what there is of it.
pub(in crate::import) fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let quote = *text.first().filter(|quote| matches!(quote, b'\'' | b'"' | b'`'))?;
    let mut rest = text.get(1..)?;
    let mut octets = Vec::with_capacity(rest.len());
    loop {
        match rest {
            [o, behind @ ..] if *o == quote => return Some((octets, behind)),
            [b'\\', b'x', a, b, behind @ ..] if let (Some(a), Some(b)) = (hex(*a), hex(*b)) => {
                octets.push(a << 4 | b);
                rest = behind;
            }
            [b'\\', o, behind @ ..] => {
                octets.push(match o {
                    b'r' => b'\r',
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'0' => 0,
                    other => *other,
                });
                rest = behind;
            }
            [o, behind @ ..] => {
                octets.push(*o);
                rest = behind;
            }
            [] => return Some((octets, &[])),
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// What stands behind the first place of a part.
pub(in crate::import) fn behind<'a>(text: &'a [u8], part: &str) -> Option<&'a [u8]> {
    let at = text.windows(part.len()).position(|window| window == part.as_bytes())?;
    text.get(at.saturating_add(part.len())..)
}

/// Whether a part stands anywhere.
pub(in crate::import) fn has(text: &[u8], part: &str) -> bool {
    behind(text, part).is_some()
}

/// Version and suite as programs write them in one of their own sentences.
pub(in crate::import) fn tls_words(text: &[u8]) -> Facts {
    use crate::tls::{Version, suites::iana_name};
    let text = String::from_utf8_lossy(text);
    let mut facts = Facts::default();
    let between = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || c == '-');
    for word in text.split(between).map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()) {
        let number = word.strip_prefix("TLS").map(|number| number.trim_start_matches(['v', '-']));
        let version = number.and_then(|number| {
            let number = if number == "1" { "1.0" } else { number };
            Version::from_name(&format!("TLSv{number}"))
        });
        facts.version = facts.version.or(version);
        facts.cipher = facts.cipher.or_else(|| iana_name(word));
    }
    facts
}

/// What a program says of why a handshake failed.
pub(in crate::import) fn failure(text: &[u8]) -> Failure {
    let lower = text.to_ascii_lowercase();
    match () {
        () if has(&lower, "expired") || has(&lower, "not yet valid") => Failure::OutOfDate,
        () if has(&lower, "self-signed") || has(&lower, "self signed") || has(&lower, "unable to get") => {
            Failure::Untrusted
        }
        () if has(&lower, "wrong version number") || has(&lower, "unexpected eof") => Failure::NotTls,
        () if has(&lower, "hostname") || has(&lower, "altname") => Failure::WrongName,
        () => Failure::Alert,
    }
}
