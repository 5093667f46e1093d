//! What `curl -v` writes to standard error.

use super::kit::{Assembler, Dialect, recognise, tagged_command, tagged_status};
use super::{Batch, Confidence, Format, Head, LineFormat, LineReader, Why};
use crate::base::{Layer, Protocol, Side, Tick};
use crate::proto::pop3;
use crate::tls::{Facts, Failure, Version};
use crate::trace::Carries;
use crate::wire;

/// The format.
pub static FORMAT: Format = Format {
    id: "curl",
    title: "curl -v",
    about: "The standard error of curl with `-v`: `curl -v --ssl imap://host/ 2> session.log`. With `--trace-time` the lines have times. It shows what curl read and wrote, also inside TLS, so that octets which curl never looked at are missing.",
    place: "line",
    detect,
    reader: |_| LineReader::boxed(Curl::default(), Assembler::new(Carries::LOG, false)),
};

/// What a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry<'a> {
    Sent(&'a [u8]),
    Received(&'a [u8]),
    /// curl's own words.
    Info(&'a [u8]),
    /// Progress, sizes of data, nothing.
    Noise,
    Other,
}

/// A line taken apart: the time in microseconds of its day, and what it is.
fn entry(line: &[u8]) -> (Option<u64>, Entry<'_>) {
    let (rest, metered) = without_meter(line);
    let (time, rest) = match time(rest) {
        Some((time, behind)) => (Some(time), without_ids(behind)),
        None => (None, without_ids(rest)),
    };
    let kind = match rest {
        [b'>', b' ', text @ ..] => Entry::Sent(text),
        [b'<', b' ', text @ ..] => Entry::Received(text),
        // A line end that was trimmed with its space.
        [b'>'] => Entry::Sent(&[]),
        [b'<'] => Entry::Received(&[]),
        [b'*', b' ', text @ ..] => Entry::Info(text),
        [b'{' | b'}', b' ', b'[', ..] => Entry::Noise,
        _ if metered && rest.trim_ascii().is_empty() => Entry::Noise,
        _ if header(rest) => Entry::Noise,
        _ => Entry::Other,
    };
    (time, kind)
}

/// The two lines above a progress meter, and what curl says of itself without a mark.
fn header(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let known: [&[u8]; 4] = [b"% Total", b"Dload  Upload", b"curl: (", b"Warning: "];
    line.is_empty() || known.iter().any(|start| line.starts_with(start))
}

/// `HH:MM:SS.ffffff ` at the start of a line, as microseconds, and what follows.
fn time(line: &[u8]) -> Option<(u64, &[u8])> {
    let (stamp, rest) = line.split_at_checked(15)?;
    let rest = rest.strip_prefix(b" ")?;
    let mut numbers = [0_u64; 4];
    for (at, &o) in stamp.iter().enumerate() {
        let expected = match at {
            2 | 5 => Some(b':'),
            8 => Some(b'.'),
            _ => None,
        };
        if let Some(expected) = expected {
            if o != expected {
                return None;
            }
            continue;
        }
        let digit = u64::from(o.checked_sub(b'0').filter(|digit| *digit < 10)?);
        let number = numbers.get_mut(at.min(9) / 3)?;
        *number = number.saturating_mul(10).saturating_add(digit);
    }
    let [hours, minutes, seconds, micros] = numbers;
    let whole = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
    Some((whole.saturating_mul(1_000_000).saturating_add(micros), rest))
}

/// Without `[0-0] `, which `--trace-ids` puts in front.
fn without_ids(line: &[u8]) -> &[u8] {
    let ids = || {
        let inner = line.strip_prefix(b"[")?;
        let end = inner.iter().take(24).position(|&o| o == b']')?;
        let (ids, rest) = inner.split_at_checked(end)?;
        let numbers = ids.iter().all(|&o| o.is_ascii_digit() || o == b'-' || o == b'x');
        if numbers { rest.strip_prefix(b"] ") } else { None }
    };
    ids().unwrap_or(line)
}

/// The progress meter has no line end of its own, so that the next line stands behind it.
fn without_meter(line: &[u8]) -> (&[u8], bool) {
    let mut rest = line;
    let mut found = false;
    loop {
        let start = rest.iter().position(|&o| o != b'\r').unwrap_or(rest.len());
        let behind = rest.get(start..).unwrap_or_default();
        if start > 0 && behind.is_empty() {
            return (behind, true);
        }
        match meter(behind) {
            Some(length) => {
                rest = behind.get(length..).unwrap_or_default();
                found = true;
            }
            None if found || start > 0 => return (behind, found),
            None => return (line, false),
        }
    }
}

/// The length of a progress meter at the start of a line: eight numbers, three times, and a speed of five columns.
fn meter(line: &[u8]) -> Option<usize> {
    if !line.first().is_some_and(|&o| o == b' ' || o.is_ascii_digit()) {
        return None;
    }
    let mut at = 0_usize;
    for field in 0..11 {
        let rest = line.get(at..)?;
        at = at.checked_add(rest.iter().position(|&o| o != b' ')?)?;
        let rest = line.get(at..)?;
        let length = rest.iter().position(|&o| o == b' ').unwrap_or(rest.len());
        let word = rest.get(..length)?;
        let fits = if field < 8 {
            word.first()?.is_ascii_digit()
                && word.iter().all(|&o| o.is_ascii_digit() || b".kKMGTP".contains(&o))
        } else {
            word.iter().all(|&o| o.is_ascii_digit() || b"-:dhms".contains(&o))
                && (word.contains(&b':') || word.contains(&b'd'))
        };
        if !fits {
            return None;
        }
        at = at.checked_add(length)?;
    }
    let speed = line.get(at..at.checked_add(6)?)?;
    let digits = speed.trim_ascii();
    let fits = !digits.is_empty() && digits.iter().all(|&o| o.is_ascii_digit() || b".kKMGTP".contains(&o));
    fits.then(|| at.saturating_add(6))
}

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let (mut sent, mut received, mut connected, mut known, mut timed) = (false, false, false, false, false);
    for line in &head.lines {
        let (time, kind) = entry(line);
        match kind {
            Entry::Sent(text) => {
                sent = true;
                known |= recognise(Side::Client, text).is_some();
            }
            Entry::Received(text) => {
                received = true;
                known |= recognise(Side::Server, text).is_some();
            }
            Entry::Info(text) => connected |= connection(text) || said(text) != Said::Nothing,
            Entry::Noise | Entry::Other => continue,
        }
        timed |= time.is_some();
    }
    match (connected, sent || received) {
        (true, true) if known => Some(Confidence::Sure),
        _ if known && timed => Some(Confidence::Sure),
        _ if known && sent && received => Some(Confidence::Likely),
        (true, _) => Some(Confidence::Likely),
        _ if known => Some(Confidence::Guess),
        _ => None,
    }
}

/// Whether curl says that it opens a connection.
fn connection(info: &[u8]) -> bool {
    let info = info.trim_ascii_start();
    info.starts_with(b"Trying ") || info.starts_with(b"Connected to ") || established(info)
}

fn established(info: &[u8]) -> bool {
    info.starts_with(b"Established ") && contains(info, b"connection to ")
}

/// What curl says of TLS and of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Handshake,
    Up(Box<Facts>),
    Failed(Failure),
    Closed,
}

fn said(info: &[u8]) -> Said {
    let text = info.trim_ascii_start();
    if starts(text, b"Closing connection") || starts(text, b"shutting down connection") {
        return Said::Closed;
    }
    if let Some(at) = find(text, b"connection using ") {
        let before = text.get(..at).unwrap_or_default();
        if before.len() <= 12 && (before.starts_with(b"SSL ") || before.starts_with(b"TLS ")) {
            let names = text.get(at.saturating_add(17)..).unwrap_or_default();
            return Said::Up(Box::new(result(before, names)));
        }
    }
    // What follows is OpenSSL's trace: `TLSv1.3 (OUT), TLS handshake, Client hello (1):`
    if let Some(at) = find(text, b"TLS alert, ") {
        let alert = text.get(at.saturating_add(11)..).unwrap_or_default().to_ascii_lowercase();
        return match () {
            () if alert.starts_with(b"close notify") => Said::Nothing,
            () if alert.starts_with(b"unknown ca") => Said::Failed(Failure::Untrusted),
            () if alert.starts_with(b"certificate expired") => Said::Failed(Failure::OutOfDate),
            () if alert.starts_with(b"protocol version") => Said::Failed(Failure::NoCommonVersion),
            () => Said::Failed(Failure::Alert),
        };
    }
    if contains(text, b"TLS handshake, ")
        || starts(text, b"schannel: SSL/TLS connection with")
        || starts(text, b"SSL connection to ")
    {
        return Said::Handshake;
    }
    if starts(text, b"SSL certificate problem: ") {
        let expired = contains(text, b"expired") || contains(text, b"not yet valid");
        return Said::Failed(if expired { Failure::OutOfDate } else { Failure::Untrusted });
    }
    if contains(text, b"SSL_connect: ")
        || contains(text, b"wrong version number")
        || starts(text, b"gnutls_handshake() failed")
        || starts(text, b"TLS connect error")
        || starts(text, b"schannel: next InitializeSecurityContext failed")
    {
        return Said::Failed(Failure::NotTls);
    }
    Said::Nothing
}

/// Version and suite as `TLSv1.3 / TLS_AES_256_GCM_SHA384 / ...` or, before the words, `TLS 1.2`.
fn result(before: &[u8], names: &[u8]) -> Facts {
    let text = String::from_utf8_lossy(names);
    let version = |name: &str| {
        let number = name.trim().trim_start_matches("TLS").trim_start_matches(['v', ' ']);
        Version::from_name(&format!("TLSv{number}"))
    };
    let mut facts = Facts { version: version(&String::from_utf8_lossy(before)), ..Facts::default() };
    for name in text.split(" / ").map(str::trim) {
        if facts.version.is_none() {
            facts.version = version(name);
        }
        facts.cipher = facts.cipher.or_else(|| crate::tls::suites::iana_name(name));
    }
    facts
}

fn starts(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

#[derive(Debug)]
struct Curl {
    layer: Layer,
    began: bool,
    decided: bool,
    /// The dialogue of this connection has begun, or the connection was closed.
    used: bool,
    /// The side whose last line announced a literal that curl does not show.
    literal: [bool; 2],
    /// POP3: a positive answer to the last command has lines that curl takes for data and does not show.
    lines_hidden: bool,
    /// The first time of the session.
    first: Option<u64>,
    buffer: Vec<u8>,
}

impl Default for Curl {
    fn default() -> Self {
        Self {
            layer: Layer::Clear,
            began: false,
            decided: false,
            used: false,
            literal: [false; 2],
            lines_hidden: false,
            first: None,
            buffer: Vec::new(),
        }
    }
}

impl Curl {
    fn dialogue(&mut self, number: u32, from: Side, text: &[u8], to: &mut Assembler) {
        self.used = true;
        let [client, server] = &mut self.literal;
        let announced = match from {
            Side::Client => client,
            Side::Server => server,
        };
        if std::mem::take(announced) {
            // curl shows a body as its size only; a literal in any other place it shows as the lines that it has.
            let behind = match from {
                Side::Client => text.is_empty() || tagged_command(text),
                Side::Server => {
                    matches!(text.first(), None | Some(b' ' | b')'))
                        || text.starts_with(b"* ")
                        || tagged_status(text)
                }
            };
            if behind {
                to.omitted(number, from);
            }
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(text);
        self.buffer.extend_from_slice(b"\r\n");
        to.octets(number, from, self.layer, &self.buffer);
        if to.dialect() != Some(Dialect::Mail(Protocol::Pop3)) {
            *announced = wire::literal(text).is_some_and(|literal| literal.octets > 0);
        } else if from == Side::Client {
            let (keyword, _) = pop3::grammar::command(text);
            // The answers to CAPA and AUTH it reads itself, and shows.
            let shown = ["CAPA", "AUTH"].iter().any(|name| keyword.eq_ignore_ascii_case(name.as_bytes()));
            self.lines_hidden = pop3::grammar::multi_line(text) && !shown;
        } else if std::mem::take(&mut self.lines_hidden) {
            to.omitted(number, from);
        }
    }

    fn info(&mut self, number: u32, text: &[u8], to: &mut Assembler, out: &mut Batch) {
        if self.used && connection(text) {
            to.end(out);
            *self = Self { first: None, buffer: std::mem::take(&mut self.buffer), ..Self::default() };
        }
        match said(text) {
            Said::Nothing => {}
            Said::Handshake => self.begin(number, to),
            Said::Up(facts) => {
                self.begin(number, to);
                if !self.decided {
                    to.tls_up(number, *facts);
                    self.layer = Layer::Tls;
                }
                self.decided = true;
            }
            Said::Failed(failure) => {
                if self.began && !self.decided {
                    to.tls_failed(number, failure);
                    self.decided = true;
                }
            }
            Said::Closed => {
                if to.begun() {
                    to.closed(number, Side::Client);
                }
                self.used = true;
            }
        }
    }

    fn begin(&mut self, number: u32, to: &mut Assembler) {
        self.used = true;
        if !self.began {
            to.tls_began(number);
        }
        self.began = true;
    }
}

impl LineFormat for Curl {
    fn line(&mut self, number: u32, line: &[u8], to: &mut Assembler, out: &mut Batch) {
        let (time, kind) = entry(line);
        match kind {
            Entry::Sent(text) => {
                self.tick(time, to);
                self.dialogue(number, Side::Client, text, to);
            }
            Entry::Received(text) => {
                self.tick(time, to);
                self.dialogue(number, Side::Server, text, to);
            }
            Entry::Info(text) => {
                if self.used && connection(text) {
                    self.first = None;
                }
                self.tick(time, to);
                self.info(number, text, to, out);
                to.remark(number, line);
            }
            Entry::Noise => to.remark(number, line),
            Entry::Other => to.keep_unparsed(number, line, Why::NoMark),
        }
    }
}

impl Curl {
    fn tick(&mut self, time: Option<u64>, to: &mut Assembler) {
        if let Some(time) = time {
            let first = *self.first.get_or_insert(time);
            to.at(Tick(time.saturating_sub(first) / 1000));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_have_a_time_ids_and_a_meter_in_front() {
        let text = b"A1 NOOP";
        let meter = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
        for line in [
            "> A1 NOOP".to_owned(),
            "09:28:49.830395 > A1 NOOP".to_owned(),
            "09:28:49.830395 [0-0] > A1 NOOP".to_owned(),
            format!("\r{meter}> A1 NOOP"),
            format!("\r{meter}\r{meter}09:28:49.830395 > A1 NOOP"),
            format!("{meter}{meter}09:28:49.830395 > A1 NOOP"),
            "100  1234  100  1234    0     0   12.3k      0  0:00:01 --:--:--  0:00:01 12.3k> A1 NOOP"
                .to_owned(),
        ] {
            assert_eq!(entry(line.as_bytes()).1, Entry::Sent(text), "{line}");
        }
        assert_eq!(entry(meter.as_bytes()).1, Entry::Noise);
        assert_eq!(entry(b"\r").1, Entry::Noise);
        assert_eq!(entry(b"{ [5 bytes data]").1, Entry::Noise);
        assert_eq!(entry(b"curl: (67) Login denied").1, Entry::Noise);
        assert_eq!(entry(b"how to fix it").1, Entry::Other);
    }

    #[test]
    fn the_words_on_tls() {
        let up = |line: &str| match said(line.as_bytes()) {
            Said::Up(facts) => (facts.version, facts.cipher),
            other => panic!("{line}: {other:?}"),
        };
        let suite = Some("TLS_AES_256_GCM_SHA384".to_owned());
        assert_eq!(
            up("SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384"),
            (Some(Version::Tls13), suite.clone())
        );
        assert_eq!(
            up("SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS"),
            (Some(Version::Tls13), suite)
        );
        assert_eq!(
            up("SSL connection using TLSv1.2 / ECDHE-RSA-AES256-GCM-SHA384"),
            (Some(Version::Tls12), Some("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384".to_owned()))
        );
        assert_eq!(
            up("SSL connection using TLS1.3 / ECDHE_RSA_AES_256_GCM_SHA384"),
            (Some(Version::Tls13), None)
        );
        assert_eq!(said(b"TLSv1.3 (OUT), TLS handshake, Client hello (1):"), Said::Handshake);
        assert_eq!(said(b"TLSv1.3 (OUT), TLS alert, unknown CA (560):"), Said::Failed(Failure::Untrusted));
        assert_eq!(said(b"TLSv1.3 (OUT), TLS alert, close notify (256):"), Said::Nothing);
        assert_eq!(said(b"Closing connection 0"), Said::Closed);
        assert_eq!(said(b"Server certificate:"), Said::Nothing);
    }
}
