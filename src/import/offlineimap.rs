//! What `offlineimap -d imap` writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, failure, has, python};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "offlineimap",
    title: "OfflineIMAP -d imap",
    about: "What OfflineIMAP writes with `-d imap`: imaplib2's lines, the server's behind `reader <`, the client's behind `writer >`. It has no word for TLS by STARTTLS: where it goes on behind a positive answer, it does so inside.",
    place: "line",
    detect: |head| {
        detect_log::<OfflineImap>(head, |line| {
            line.starts_with(b"OfflineIMAP ") || has(line, "imaplib2 version")
        })
    },
    reader: |_| LogReader::boxed::<OfflineImap>(),
};

#[derive(Debug, Default)]
struct OfflineImap;

impl Log for OfflineImap {
    const CARRIES: Carries = Carries::LOG_TLS_UNSAID;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(octets) = behind(line, " reader < ").and_then(python) {
            return Said::received(octets);
        }
        if let Some(octets) = behind(line, " writer > ").and_then(python) {
            return Said::sent(octets);
        }
        match () {
            () if has(line, "Establishing connection to ") => Said::Connects,
            // It chooses versions for a connection that begins with TLS.
            () if has(line, ": level 'tls_") => Said::TlsBegins,
            () if has(line, "SSL") && has(line, "rror") && has(line, "CERTIFICATE_VERIFY_FAILED") => {
                Said::TlsFailed(failure(line))
            }
            () if line.starts_with(b"[imap]") || line.starts_with(b" ") => Said::Own,
            () => Said::Own,
        }
    }
}
