//! What IMAPClient for Python logs.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has, python};
use crate::tls::Facts;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "imapclient",
    title: "IMAPClient",
    about: "The log of IMAPClient at the level DEBUG, with any prefix of Python's logging. The greeting is not in it, and the arguments of LOGIN are hidden.",
    place: "line",
    detect: |head| {
        detect_log::<ImapClient>(head, |line| has(line, "imapclient.imap") && has(line, " DEBUG "))
    },
    reader: |_| LogReader::boxed::<ImapClient>(),
};

#[derive(Debug, Default)]
struct ImapClient;

impl Log for ImapClient {
    const CARRIES: Carries = Carries { opening: false, ..Carries::LOG_TLS_UNSAID };
    const KEYS: Option<&'static str> = Some("the variable `SSLKEYLOGFILE=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if !has(line, "imapclient.") {
            return Said::Unknown;
        }
        if let Some(octets) = behind(line, " > ").and_then(python) {
            return Said::sent(octets);
        }
        if let Some(octets) = behind(line, " < ").and_then(python) {
            return Said::received(octets);
        }
        if has(line, "Connected to host") {
            let tls = has(line, "SSL") || has(line, "TLS");
            return if tls {
                Said::Many(vec![Said::Connects, Said::TlsUp(Facts::default())])
            } else {
                Said::Connects
            };
        }
        if has(line, "write literal") {
            return Said::Hidden;
        }
        Said::Own
    }
}
