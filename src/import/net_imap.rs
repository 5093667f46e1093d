//! What Ruby's Net::IMAP prints.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "net-imap",
    title: "Ruby Net::IMAP",
    about: "What Ruby's Net::IMAP prints with `Net::IMAP.debug = true`: `C:` and `S:` in front of each line. It has no word for TLS: where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| {
        // The tags are what only it writes.
        let sign = |line: &[u8]| line.get(3..).is_some_and(|text| text.starts_with(b"RUBY00"));
        detect_log::<NetImap>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<NetImap>(),
};

#[derive(Debug, Default)]
struct NetImap;

impl Log for NetImap {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        match line {
            [b'C', b':', b' ', text @ ..] => Said::sent(text),
            [b'S', b':', b' ', text @ ..] => Said::received(text),
            [b'@', ..] => Said::Own,
            _ => Said::Unknown,
        }
    }
}
