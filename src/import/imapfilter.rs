//! What IMAPFilter writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "imapfilter",
    title: "IMAPFilter",
    about: "What IMAPFilter writes with `-d FILE`: `sending command` and `getting response` with the connection's number in front of the lines themselves. Passwords are in it. It has no word for TLS: where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| heading(line).is_some();
        detect_log::<ImapFilter>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<ImapFilter>(),
};

#[derive(Debug, Default)]
struct ImapFilter {
    from: Option<Side>,
    /// The line behind a heading is empty.
    fresh: bool,
    /// An empty line, which ends what was said or is a part of it.
    empty: bool,
}

/// Who speaks in what follows `sending command (4):`, and the connection's number.
fn heading(line: &[u8]) -> Option<(Side, &[u8])> {
    let (side, rest) = match line {
        [b's', b'e', b'n', ..] => (Side::Client, line.strip_prefix(b"sending command (")?),
        _ => (Side::Server, line.strip_prefix(b"getting response (")?),
    };
    let number = rest.strip_suffix(b"):")?;
    (!number.is_empty() && number.iter().all(u8::is_ascii_digit)).then_some((side, number))
}

impl Log for ImapFilter {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const TLS_UNSAID: bool = true;
    const BY_ID: bool = true;

    fn id(line: &[u8]) -> Option<&[u8]> {
        heading(line).map(|(_, number)| number)
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some((side, _)) = heading(line) {
            *self = Self { from: Some(side), fresh: true, empty: false };
            return Said::Own;
        }
        let Some(side) = self.from else { return Said::Own };
        if line.is_empty() {
            // Two of them: the first was said.
            let said = std::mem::replace(&mut self.empty, !self.fresh);
            self.fresh = false;
            return if said { Said::Line(side, b"".into()) } else { Said::Own };
        }
        self.fresh = false;
        // `namespace (4): '' '.'` is its own.
        if self.empty && own(line) {
            self.from = None;
            return Said::Own;
        }
        let said = Said::Line(side, line.into());
        if std::mem::take(&mut self.empty) {
            return Said::Many(vec![Said::Line(side, b"".into()), said]);
        }
        said
    }
}

/// A word, the number of a connection, a colon.
fn own(line: &[u8]) -> bool {
    let word = line.iter().take_while(|o| o.is_ascii_lowercase() || **o == b' ').count();
    let rest = line.get(word..).unwrap_or_default();
    let digits = rest.iter().skip(1).take_while(|o| o.is_ascii_digit()).count();
    word > 0
        && digits > 0
        && rest.starts_with(b"(")
        && rest.get(digits.saturating_add(1)..).is_some_and(|rest| rest.starts_with(b"):"))
}
