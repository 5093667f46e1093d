//! What imtest and pop3test of Cyrus print.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, failure, tls_words};
use super::kit::{recognise, tagged_status};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "imtest",
    title: "imtest or pop3test",
    about: "What Cyrus' `imtest` and `pop3test` print. Behind the login the server's lines stand alone: what was typed is not in it. Passwords are left out.",
    place: "line",
    detect: |head| {
        detect_log::<Imtest>(head, |line| {
            line.starts_with(b"Security strength factor: ")
                || line.starts_with(b"TLS connection established: ")
        })
    },
    reader: |_| LogReader::boxed::<Imtest>(),
};

#[derive(Debug, Default)]
struct Imtest {
    /// The login is over, one way or the other.
    typing: bool,
    tls: bool,
    lost: bool,
}

impl Log for Imtest {
    const CARRIES: Carries = Carries::LOG;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(text) = line.strip_prefix(b"C: ").or_else(|| line.strip_prefix(b"C:")) {
            return if text == b"<omitted>" { Said::Hidden } else { Said::sent(text) };
        }
        if let Some(text) = line.strip_prefix(b"S: ").or_else(|| line.strip_prefix(b"S:")) {
            return Said::received(text);
        }
        if self.typing && (recognise(Side::Server, line).is_some() || tagged_status(line)) {
            let first = !std::mem::replace(&mut self.lost, true);
            let spoken = Said::received(line);
            // Inside TLS nothing of what was typed is in the clear.
            return if first && !self.tls { Said::Many(vec![Said::Lost, spoken]) } else { spoken };
        }
        match () {
            () if line.starts_with(b"TLS connection established: ") => {
                self.tls = true;
                Said::TlsUp(tls_words(line))
            }
            () if line.starts_with(b"verify error") => Said::TlsBegins,
            () if line.starts_with(b"SSL_connect error") || line.starts_with(b"TLS negotiation failed") => {
                Said::TlsFailed(failure(line))
            }
            () if line.starts_with(b"Security strength factor") => {
                self.typing = true;
                Said::Own
            }
            () if line.starts_with(b"Connection closed.") => Said::Own,
            () => Said::Own,
        }
    }
}
