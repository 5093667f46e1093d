//! What `fdm -vvvv` writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, failure, has};
use super::kit::{recognise, tagged_status};
use crate::base::Side;
use crate::trace::Carries;
use crate::wire;

/// The format.
pub static FORMAT: Format = Format {
    id: "fdm",
    title: "fdm -vvvv",
    about: "What fdm writes with `-vvvv`: `>` in front of what is sent, `<` in front of what is received. It says when TLS failed and not when it came up: where it goes on behind a positive answer, it does so inside.",
    place: "line",
    // Without its words the marks are those of many logs.
    detect: |head| {
        let words = |line: &[u8]| line.starts_with(b"version is: fdm ") || has(line, ": calling fetch state");
        detect_log::<Fdm>(head, words).filter(|_| head.lines.iter().any(|line| words(line)))
    },
    reader: |_| LogReader::boxed::<Fdm>(),
};

#[derive(Debug, Default)]
struct Fdm {
    /// The account is fetched over TLS from the beginning.
    tls: bool,
    /// The server's last line, so that lines of it without a mark are known.
    receiving: bool,
    literal: bool,
}

impl Log for Fdm {
    const CARRIES: Carries = Carries::LOG_TLS_UNSAID;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(text) = line.strip_prefix(b"> ") {
            self.receiving = false;
            return Said::sent(text);
        }
        if let Some(text) = line.strip_prefix(b"< ") {
            self.receiving = true;
            self.literal = wire::literal(text).is_some();
            return Said::received(text);
        }
        if let Some(fetch) = line.starts_with(b"added account ").then(|| behind(line, "fetch=")).flatten() {
            self.tls = fetch.starts_with(b"imaps ") || fetch.starts_with(b"pop3s ");
            return Said::Own;
        }
        // Lines that came together have one mark.
        let own = has(line, ": fetch")
            || has(line, ": calling ")
            || has(line, ": queued ")
            || has(line, ": polling");
        let answer = recognise(Side::Server, line).is_some() || tagged_status(line);
        if self.receiving && !own && (answer || (self.literal && line.starts_with(b")"))) {
            return Said::received(line);
        }
        match () {
            () if has(line, ": started processing") && self.tls => Said::ConnectsWithTls,
            () if has(line, ": started processing") => Said::Connects,
            () if has(line, "certificate verification failed") => Said::TlsDoubtful,
            () if has(line, "STARTTLS failed: ") || has(line, "SSL_connect") => {
                Said::TlsFailed(failure(line))
            }
            () => Said::Own,
        }
    }
}
