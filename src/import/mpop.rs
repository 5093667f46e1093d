//! What `mpop -d` prints.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, tls_words};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "mpop",
    title: "mpop -d",
    about: "What mpop prints with `-d`: `-->` in front of what is sent and `<--` in front of what is received. Passwords are in it.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| line.starts_with(b"using account ") || line.starts_with(b"tls_starttls = ");
        detect_log::<Mpop>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Mpop>(),
};

#[derive(Debug, Default)]
struct Mpop {
    settings: bool,
    session: bool,
}

impl Log for Mpop {
    const CARRIES: Carries = Carries { handshake: false, ..Carries::LOG };
    const KEYS: Option<&'static str> = Some("`SSLKEYLOGFILE=keys.txt mpop ...`");

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(text) = line.strip_prefix(b"--> ").or_else(|| line.strip_prefix(b"-->")) {
            self.settings = false;
            return Said::sent(text);
        }
        if let Some(text) = line.strip_prefix(b"<-- ").or_else(|| line.strip_prefix(b"<--")) {
            self.settings = false;
            return Said::received(text);
        }
        // The line behind `TLS session parameters:` has version and suite.
        if std::mem::take(&mut self.session) {
            return Said::TlsUp(tls_words(line));
        }
        match () {
            () if line.starts_with(b"using account ") || line.starts_with(b"loaded ") => {
                if std::mem::replace(&mut self.settings, true) { Said::Own } else { Said::Connects }
            }
            () if line.starts_with(b"TLS session parameters:")
                || line.starts_with(b"TLS certificate information:") =>
            {
                self.session = line.starts_with(b"TLS session parameters:");
                Said::TlsBegins
            }
            () => Said::Own,
        }
    }
}
