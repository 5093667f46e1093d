//! What hoodiecrow prints.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use super::kit::tagged_command;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "hoodiecrow",
    title: "hoodiecrow debug",
    about: "What the IMAP server hoodiecrow prints with `debug: true`: the client's lines as they are, its own behind `SEND:`. What the client says inside TLS is not in it.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| line.starts_with(b"SEND: ");
        detect_log::<Hoodiecrow>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Hoodiecrow>(),
};

#[derive(Debug, Default)]
struct Hoodiecrow {
    /// The client asked for TLS: what it says there is missing.
    asked: bool,
    lost: bool,
    /// The last line of the client opened an exchange.
    exchange: bool,
}

impl Log for Hoodiecrow {
    const CARRIES: Carries = Carries { inside_tls: false, ..Carries::LOG_WITHOUT_TLS };
    const OF_SERVER: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Some(text) = line.strip_prefix(b"SEND: ") else {
            self.asked |=
                line.split(|&o| o == b' ').nth(1).is_some_and(|word| word.eq_ignore_ascii_case(b"STARTTLS"));
            let spoken = tagged_command(line) || line.eq_ignore_ascii_case(b"DONE") || self.exchange;
            let command = line.split(|&o| o == b' ').nth(1).unwrap_or_default();
            self.exchange = command.eq_ignore_ascii_case(b"AUTHENTICATE");
            return if spoken { Said::sent(line) } else { Said::Unknown };
        };
        self.exchange &= text.starts_with(b"+");
        let first = self.asked && !std::mem::replace(&mut self.lost, self.asked);
        if first { Said::Many(vec![Said::received(text), Said::Lost]) } else { Said::received(text) }
    }
}
