//! Dovecot's rawlogs.

use super::kit::log::{Log, LogReader, Said};
use super::kit::{recognise, tagged_status};
use super::{Confidence, Format, Head};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "dovecot-rawlog",
    title: "Dovecot rawlog",
    about: "What Dovecot's rawlog writes (`rawlog_dir`, or the program `rawlog` in front of imap): a time in front of each line, the client's in a file `.in`, the server's in `.out`. Both together, sorted by time, are a session; `check` does that for two files of one name. It begins when the login is over, or, as the login's rawlog, ends where TLS begins.",
    place: "line",
    detect,
    reader: |_| LogReader::boxed::<Rawlog>(),
};

#[derive(Debug, Default)]
struct Rawlog {
    /// Whose half it is, as its first line shows.
    half: Option<Side>,
}

/// What follows `1795253325.049340 `, perhaps with `I: ` or `O: `.
fn timed(line: &[u8]) -> Option<&[u8]> {
    let digits = line.iter().take_while(|o| o.is_ascii_digit()).count();
    let rest = line.get(digits..)?.strip_prefix(b".")?;
    let micros = rest.iter().take_while(|o| o.is_ascii_digit()).count();
    if !(9..=12).contains(&digits) || micros != 6 {
        return None;
    }
    let rest = rest.get(6..)?;
    Some(rest.strip_prefix(b" ").unwrap_or(rest))
}

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let timed = head.lines.iter().filter(|line| timed(line).is_some()).count();
    (timed > 0 && timed.saturating_mul(2) >= head.lines.len()).then_some(Confidence::Signed)
}

impl Log for Rawlog {
    const CARRIES: Carries =
        Carries { beginning: false, opening: false, inside_tls: false, ..Carries::LOG_WITHOUT_TLS };

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Some(text) = timed(line) else { return Said::Unknown };
        let spoken = match text {
            [b'I', b':', b' ', text @ ..] => Said::sent(text),
            [b'O', b':', b' ', text @ ..] => Said::received(text),
            _ if text.starts_with(&[0x16, 3]) || text.starts_with(&[0x15, 3]) => return Said::Unknown,
            _ => {
                let server =
                    recognise(Side::Server, text).is_some() || tagged_status(text) || text.starts_with(b"+");
                let side = if server { Side::Server } else { Side::Client };
                let fresh = self.half.is_none();
                let spoken = Said::Line(*self.half.get_or_insert(side), text.into());
                // One half is half of what was said.
                return if fresh { Said::Many(vec![spoken, Said::Lost]) } else { spoken };
            }
        };
        // It begins or ends with the login.
        let fresh = self.half.replace(Side::Server).is_none();
        if fresh { Said::Many(vec![spoken, Said::Lost]) } else { spoken }
    }
}
