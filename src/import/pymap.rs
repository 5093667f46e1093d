//! What pymap logs.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "pymap",
    title: "pymap debug",
    about: "What the IMAP server pymap logs with `--debug`: `-->|` in front of what it gets, `<--|` in front of what it sends, both with the connection's id. It has no word for TLS: where the client goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| detect_log::<Pymap>(head, |line| has(line, "pymap.") && has(line, "--| ")),
    reader: |_| LogReader::boxed::<Pymap>(),
};

#[derive(Debug, Default)]
struct Pymap {
    /// The side whose message goes on in lines without a mark.
    last: Option<Side>,
}

impl Log for Pymap {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const OF_SERVER: bool = true;
    const TLS_UNSAID: bool = true;
    const BY_ID: bool = true;

    /// `DEBUG:pymap.imap:379dca73 -->| text`.
    fn id(line: &[u8]) -> Option<&[u8]> {
        let rest = behind(line, "pymap.").and_then(|rest| behind(rest, ":"))?;
        let id = rest.split(|&o| o == b' ').next().unwrap_or_default();
        (!id.is_empty() && id.iter().all(u8::is_ascii_hexdigit)).then_some(id)
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let marked = |mark: &str| behind(line, mark).map(|text| text.strip_prefix(b" ").unwrap_or(text));
        if !has(line, "pymap.") {
            return match self.last {
                Some(side) => Said::Line(side, line.into()),
                None => Said::Unknown,
            };
        }
        if let Some(text) = marked(" -->|") {
            self.last = Some(Side::Client);
            return Said::sent(text);
        }
        if let Some(text) = marked(" <--|") {
            self.last = Some(Side::Server);
            return Said::received(text);
        }
        self.last = None;
        match () {
            () if has(line, " +++|") => Said::Connects,
            () if has(line, " ---|") => Said::Over,
            () => Said::Own,
        }
    }
}
