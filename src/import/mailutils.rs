//! What programs of GNU Mailutils print of a dialogue: clients.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "mailutils",
    title: "GNU Mailutils client",
    about: "What a client of GNU Mailutils (frm, movemail, mail) writes with `--debug-level=remote.trace8` or the like: its name, then `C:` or `S:`. Passwords stand as stars, and it has no word for TLS.",
    place: "line",
    // `Example: S: ...` stands in documents.
    detect: |head| {
        detect_log::<Mailutils>(head, |line| {
            said(line).is_some_and(|(program, ..)| program.first().is_some_and(u8::is_ascii_lowercase))
        })
    },
    reader: |_| LogReader::boxed::<Mailutils>(),
};

#[derive(Debug, Default)]
struct Mailutils;

/// `program: S: text`: the program, the side and the text.
pub(super) fn said(line: &[u8]) -> Option<(&[u8], Side, &[u8])> {
    let end = line.iter().take(64).position(|&o| o == b':')?;
    let (program, rest) = line.split_at_checked(end)?;
    let fits = |o: &u8| o.is_ascii_alphanumeric() || matches!(o, b'.' | b'-' | b'_' | b'[' | b']' | b'/');
    if program.is_empty() || !program.iter().all(fits) {
        return None;
    }
    let (side, text) = match rest {
        [b':', b' ', b'S', b':', text @ ..] => (Side::Server, text),
        [b':', b' ', b'C', b':', text @ ..] => (Side::Client, text),
        _ => return None,
    };
    Some((program, side, text.strip_prefix(b" ").unwrap_or(text)))
}

impl Log for Mailutils {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("the variable `SSLKEYLOGFILE=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        match said(line) {
            Some((_, side, b"(data...)")) => Said::Omitted(side),
            Some((_, side, text)) => Said::Line(side, text.into()),
            None => Said::Unknown,
        }
    }
}
