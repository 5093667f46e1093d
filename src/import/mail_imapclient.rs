//! What Mail::IMAPClient for Perl writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, failure, has};
use crate::tls::Facts;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "mail-imapclient",
    title: "Mail::IMAPClient",
    about: "What Mail::IMAPClient for Perl writes with `Debug => 1`: `Sending:` and `Read:`. It says when TLS failed and not when it came up: where it goes on behind a positive answer, it does so inside.",
    place: "line",
    detect: |head| {
        detect_log::<MailImapClient>(head, |line| line.starts_with(b"Using Mail::IMAPClient version"))
    },
    reader: |_| LogReader::boxed::<MailImapClient>(),
};

#[derive(Debug, Default)]
struct MailImapClient {
    reading: bool,
}

impl Log for MailImapClient {
    const CARRIES: Carries = Carries::LOG_TLS_UNSAID;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(text) = line.strip_prefix(b"Sending: ") {
            self.reading = false;
            return Said::sent(text);
        }
        if let Some(text) = line.strip_prefix(b"Read: \t") {
            self.reading = true;
            return Said::received(text);
        }
        if let Some(text) = line.strip_prefix(b"  \t").filter(|_| self.reading) {
            return Said::received(text);
        }
        self.reading = false;
        match () {
            () if line.starts_with(b"Connecting with ") || line.starts_with(b"Connecting via ") => {
                if has(line, "IO::Socket::SSL") { Said::ConnectsWithTls } else { Said::Connects }
            }
            () if line.starts_with(b"ERROR: Unable to start TLS: ") => {
                // The name is compared when the handshake is over.
                if has(line, "verify failed") && !has(line, "hostname") {
                    Said::TlsFailed(failure(line))
                } else {
                    Said::TlsDoubtful
                }
            }
            () if has(line, "STARTTLS succeeded") => Said::TlsUp(Facts::default()),
            () => Said::Own,
        }
    }
}
