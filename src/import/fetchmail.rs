//! What `fetchmail -v` writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, failure, has, tls_words};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "fetchmail",
    title: "fetchmail -v",
    about: "What fetchmail writes with `-v` or `-vv`: lines such as `fetchmail: IMAP> A0001 STARTTLS`. Passwords stand as `*`.",
    place: "line",
    detect: |head| detect_log::<Fetchmail>(head, |line| has(line, "fetchmail: ") && has(line, "querying ")),
    reader: |_| LogReader::boxed::<Fetchmail>(),
};

#[derive(Debug, Default)]
struct Fetchmail;

/// `fetchmail: IMAP> text`, perhaps with a date of syslog in front.
fn spoken(line: &[u8]) -> Option<(Side, &[u8])> {
    let rest = behind(line, "fetchmail: ")?;
    let word = rest.iter().position(|&o| o == b'>' || o == b'<')?;
    let (name, marked) = rest.split_at_checked(word)?;
    let protocol = name.starts_with(b"IMAP") || name.starts_with(b"POP") || name.starts_with(b"APOP");
    if !protocol || !name.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let side = if marked.first() == Some(&b'>') { Side::Client } else { Side::Server };
    let text = marked.get(1..)?;
    Some((side, text.strip_prefix(b" ").unwrap_or(text)))
}

impl Log for Fetchmail {
    const CARRIES: Carries = Carries::LOG;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some((side, text)) = spoken(line) {
            return Said::Line(side, text.into());
        }
        if has(line, "poll started") || line.starts_with(b"Trying to connect to ") {
            return Said::Connects;
        }
        if has(line, "SSL/TLS: using protocol ") {
            return Said::TlsUp(tls_words(line));
        }
        if has(line, "SSL verify callback") || has(line, "Certificate chain, from root") {
            return Said::TlsBegins;
        }
        if has(line, "SSL connection failed") || has(line, "upgrade to TLS failed") {
            return Said::TlsFailed(failure(line));
        }
        if has(line, "poll completed") {
            return Said::Over;
        }
        let own = line.starts_with(b"fetchmail: ") || line.starts_with(b" ") || line.is_empty();
        if own || has(line, "UID") || has(line, " message") { Said::Own } else { Said::Unknown }
    }
}
