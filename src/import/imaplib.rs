//! What Python's imaplib writes to standard error.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, has, python};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "imaplib",
    title: "Python imaplib",
    about: "What Python's imaplib writes with `imaplib.Debug = 4`, as scripts and imap_tools use it. It has no word for TLS: where the script goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| detect_log::<Imaplib>(head, |line| has(line, " imaplib version ")),
    reader: |_| LogReader::boxed::<Imaplib>(),
};

#[derive(Debug, Default)]
struct Imaplib;

/// What follows `  29:47.50 ` (minutes, seconds and hundredths).
fn timed(line: &[u8]) -> Option<&[u8]> {
    let [b' ', b' ', a, b, b':', c, d, b'.', e, f, b' ', rest @ ..] = line else { return None };
    [a, b, c, d, e, f].into_iter().all(u8::is_ascii_digit).then_some(rest)
}

impl Log for Imaplib {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("the variable `SSLKEYLOGFILE=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Some(rest) = timed(line) else { return Said::Unknown };
        let text = |text: &'a [u8]| python(text).unwrap_or_else(|| text.to_vec());
        if let Some(rest) = rest.strip_prefix(b"> ") {
            return Said::sent(text(rest));
        }
        if let Some(rest) = rest.strip_prefix(b"< ") {
            return Said::received(text(rest));
        }
        if rest.starts_with(b"new IMAP4") {
            return Said::Connects;
        }
        if rest.starts_with(b"write literal") {
            return Said::Hidden;
        }
        Said::Own
    }
}
