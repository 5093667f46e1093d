//! What Alpine writes, and other programs that are built on the UW c-client library.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has};
use super::kit::tagged_command;
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "alpine",
    title: "Alpine",
    about: "The file `.pine-debug1` of Alpine with `-d imap=4,tcp=1,flush`: its lines behind `IMAP DEBUG`, POP3 too, without a word about who sent them. Secrets are suppressed. It has no word for TLS but in `tcp`: where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| {
        let sign =
            |line: &[u8]| line.starts_with(b"Debug output of the Alpine program") || text(line).is_some();
        detect_log::<Alpine>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Alpine>(),
};

#[derive(Debug, Default)]
struct Alpine {
    pop3: bool,
    /// A login whose secret is suppressed behind it, in the same line if no answer stands between.
    held: Vec<u8>,
    /// POP3: the answer that is awaited has lines up to one with a dot, or will if it is positive.
    lines: bool,
    awaited: bool,
    up: bool,
}

/// What stands behind `IMAP DEBUG 21:39:54 11/21: `.
fn text(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"IMAP DEBUG")?;
    if let Some(text) = rest.strip_prefix(b": ") {
        return Some(text);
    }
    let stamp = rest.strip_prefix(b" ")?;
    // The tag behind it may be all digits, too.
    let end = stamp.windows(2).take(24).position(|two| two == b": ")?;
    let fits = |o: &u8| o.is_ascii_digit() || matches!(o, b':' | b'/' | b' ' | b'.');
    stamp.get(..end)?.iter().all(fits).then(|| stamp.get(end.saturating_add(2)..).unwrap_or_default())
}

impl Log for Alpine {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Some(text) = text(line) else {
            let inside = has(line, "mm_log tcp: Writing to SSL") || has(line, "mm_log tcp: Reading SSL data");
            return match () {
                () if has(line, "mm_log tcp: Stream open") => self.over(),
                () if inside && !std::mem::replace(&mut self.up, true) => Said::TlsBegins,
                () => Said::Own,
            };
        };
        if text == b"<suppressed>" {
            return match std::mem::take(&mut self.held) {
                held if held.is_empty() => Said::Hidden,
                held => Said::sent([held.as_slice(), b" ********"].concat()),
            };
        }
        let side = self.side(text);
        let login = behind(text, "AUTH").is_some() && !text.starts_with(b"*") && text.len() < 80;
        let said = if side == Side::Client && login && !self.lines {
            self.held = text.to_vec();
            return Said::Own;
        } else {
            Said::Line(side, text.into())
        };
        match std::mem::take(&mut self.held) {
            held if held.is_empty() => said,
            held => Said::Many(vec![Said::sent(held), said]),
        }
    }
}

impl Alpine {
    fn over<'a>(&mut self) -> Said<'a> {
        *self = Self::default();
        Said::Connects
    }

    /// Who sent a line shows in the grammar.
    fn side(&mut self, text: &[u8]) -> Side {
        if text.starts_with(b"+OK") || text.starts_with(b"-ERR") {
            self.pop3 = true;
            self.lines = self.awaited && text.starts_with(b"+OK");
            self.awaited = false;
            return Side::Server;
        }
        if self.pop3 {
            if self.lines {
                self.lines = text != b".";
                return Side::Server;
            }
            // What a program of the library asks for in several lines; their text is not in the log but for CAPA's.
            self.awaited = text.eq_ignore_ascii_case(b"CAPA");
            return if text.starts_with(b"+ ") { Side::Server } else { Side::Client };
        }
        if tagged_command(text) || text == b"DONE" { Side::Client } else { Side::Server }
    }
}
