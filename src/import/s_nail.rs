//! What `s-nail -vv` writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, failure, has, tls_words};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "s-nail",
    title: "s-nail -vv",
    about: "What s-nail writes with `-v -v`: `>>>` in front of what is sent, `>>> SERVER:` in front of what is received. The lines above it may show the password in an address.",
    place: "line",
    detect: |head| detect_log::<SNail>(head, |line| has(line, ">>> SERVER: ")),
    reader: |_| LogReader::boxed::<SNail>(),
};

#[derive(Debug, Default)]
struct SNail;

impl Log for SNail {
    const CARRIES: Carries = Carries::LOG;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(text) = behind(line, ">>> ") {
            return match text.strip_prefix(b"SERVER: ").or_else(|| text.strip_prefix(b"SERVER:")) {
                Some(text) => Said::received(text),
                None => Said::sent(text),
            };
        }
        match () {
            () if has(line, ": Connecting to ") => Said::Connects,
            () if has(line, "TLS connection using ") => Said::TlsUp(tls_words(line)),
            () if has(line, "could not initiate TLS") || has(line, "TLS connection failed") => {
                Said::TlsFailed(failure(line))
            }
            () if has(line, "Certificate depth ") => Said::TlsBegins,
            () if has(line, "s-nail: ") || has(line, "mailx: ") => Said::Own,
            () => Said::Unknown,
        }
    }
}
