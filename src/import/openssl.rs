//! What `openssl s_client` prints.

use super::kit::log::{Log, LogReader, Said, has, tls_words};
use super::kit::{recognise, tagged_status};
use super::{Confidence, Format, Head};
use crate::base::Side;
use crate::tls::{Facts, Failure};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "openssl",
    title: "openssl s_client",
    about: "What `openssl s_client` prints, with or without `-starttls`. It has the server's lines inside TLS and neither what was typed nor what came before TLS, so that little can be judged from it.",
    place: "line",
    detect,
    reader: |_| LogReader::boxed::<Openssl>(),
};

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let signed = head.lines.iter().any(|line| line.starts_with(b"SSL handshake has read "));
    (signed && head.lines.iter().any(|line| line.starts_with(b"CONNECTED("))).then_some(Confidence::Signed)
}

#[derive(Debug, Default)]
struct Openssl {
    /// The handshake was said to have failed.
    failed: bool,
    /// The report on the handshake is over: what follows is the dialogue.
    reported: bool,
    verdict: bool,
    /// A ticket is printed.
    ticket: bool,
}

impl Log for Openssl {
    const CARRIES: Carries = Carries { beginning: false, opening: false, ..Carries::LOG };
    const KEYS: Option<&'static str> = Some("`openssl s_client -keylogfile keys.txt`");

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if line == b"---" {
            self.reported |= self.verdict;
            self.ticket = false;
            return Said::Own;
        }
        if self.reported {
            self.ticket |= line.starts_with(b"Post-Handshake New Session Ticket");
            let spoken = recognise(Side::Server, line).is_some() || tagged_status(line);
            let line_of_list = !line.is_empty() && !line.starts_with(b" ") && !has(line, ":error:");
            let own = [&b"read R BLOCK"[..], b"closed", b"DONE", b"RENEGOTIATING"].contains(&line);
            return if !self.ticket && !own && (spoken || line_of_list) {
                Said::received(line)
            } else {
                Said::Own
            };
        }
        if line.starts_with(b"Verify return code: ") || line.starts_with(b"    Verify return code: ") {
            self.verdict = true;
            return Said::Own;
        }
        if line.starts_with(b"New, ") && has(line, "Cipher is ") {
            return Said::Many(if has(line, "(NONE)") {
                vec![Said::TlsFailed(Failure::NotTls), Said::Lost]
            } else if self.failed {
                vec![Said::TlsHello(tls_words(line)), Said::TlsFailed(Failure::Untrusted), Said::Lost]
            } else {
                vec![Said::TlsUp(tls_words(line)), Said::Lost]
            });
        }
        if has(line, ":error:") {
            self.failed = true;
        }
        if line.starts_with(b"CONNECTED(") {
            Said::Many(vec![Said::TlsHello(Facts::default())])
        } else {
            Said::Own
        }
    }
}
