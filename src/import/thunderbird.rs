//! Thunderbird's protocol logs.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "thunderbird",
    title: "Thunderbird MOZ_LOG",
    about: "The log of Thunderbird with `MOZ_LOG=IMAP:4,POP3:4,timestamp` and `MOZ_LOG_FILE`: `SendData:` and `CreateNewLineFromSocket:` in IMAP, `SEND:` and `RECV:` or `C:` and `S:` in POP3. Lines with a login are suppressed. It has no word for TLS: where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| {
            ["/IMAP 0x", "/POP3 [this=", "mailnews.pop3"].iter().any(|module| has(line, module))
                && has(line, ":")
        };
        detect_log::<Thunderbird>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Thunderbird>(),
};

#[derive(Debug, Default)]
struct Thunderbird;

impl Log for Thunderbird {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("`SSLKEYLOGFILE=keys.txt thunderbird`");
    const TLS_UNSAID: bool = true;
    const BY_ID: bool = true;

    /// `0x7f3f:imap.example.test:NA:` names the connection and its state, `[this=0x7f3f]` is POP3's.
    fn id(line: &[u8]) -> Option<&[u8]> {
        let imap = behind(line, "/IMAP ").and_then(|rest| rest.split(|&o| o == b':').next());
        let pop3 = || behind(line, "[this=").and_then(|rest| rest.split(|&o| o == b']').next());
        imap.or_else(pop3).filter(|id| id.starts_with(b"0x"))
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let marked = |mark: &str| behind(line, mark).map(|text| text.strip_prefix(b" ").unwrap_or(text));
        let sent = marked("SendData:").or_else(|| marked("SEND:")).or_else(|| marked("mailnews.pop3.1: C:"));
        let received = marked("CreateNewLineFromSocket:").or_else(|| marked("RECV:"));
        let received = received.or_else(|| marked("mailnews.pop3.1: S:"));
        if has(line, "Logging suppressed for this") {
            return Said::Hidden;
        }
        let spoken = match (sent, received) {
            (Some(text), _) => (Side::Client, text),
            (None, Some(text)) => (Side::Server, text),
            (None, None) if has(line, "/IMAP ") || has(line, "/POP3 ") || has(line, "mailnews.") => {
                return Said::Own;
            }
            (None, None) => return Said::Unknown,
        };
        Said::Line(spoken.0, spoken.1.into())
    }
}
