//! What the servers of GNU Mailutils write with a transcript.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has, tls_words};
use super::mailutils::said;
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "mailutils-server",
    title: "GNU Mailutils server",
    about: "What imap4d and pop3d of GNU Mailutils write with `--transcript`: their name, then `C:` or `S:`, and `info:` for their own words. Passwords stand as stars.",
    place: "line",
    detect: |head| {
        detect_log::<MailutilsServer>(head, server).filter(|_| head.lines.iter().any(|line| server(line)))
    },
    reader: |_| LogReader::boxed::<MailutilsServer>(),
};

#[derive(Debug, Default)]
struct MailutilsServer;

fn server(line: &[u8]) -> bool {
    let name = ["imap4d", "pop3d"].iter().find_map(|name| behind(line, name));
    name.is_some_and(|rest| has(rest.get(..rest.len().min(24)).unwrap_or_default(), ": "))
}

impl Log for MailutilsServer {
    // Whether a handshake that failed had begun it does not say.
    const CARRIES: Carries = Carries { handshake: false, ..Carries::LOG };
    const OF_SERVER: bool = true;
    const BY_ID: bool = true;

    /// `imap4d[4711]: C: text`, where it writes its process id.
    fn id(line: &[u8]) -> Option<&[u8]> {
        let rest = ["imap4d[", "pop3d["].iter().find_map(|name| behind(line, name))?;
        let id = rest.split(|&o| o == b']').next().unwrap_or_default();
        (!id.is_empty() && id.iter().all(u8::is_ascii_digit)).then_some(id)
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some((_, side, text)) = said(line) {
            let spoken = Said::Line(side, text.into());
            // A handshake that it took for commands.
            let binary = side == Side::Client && text.iter().any(|&o| o < b' ' && o != b'\t');
            return if binary { Said::Many(vec![spoken, Said::Lost]) } else { spoken };
        }
        match () {
            () if has(line, "info: TLS established using ") => Said::TlsUp(tls_words(line)),
            () if has(line, "finished with code") => Said::Over,
            () if server(line) => Said::Own,
            () => Said::Unknown,
        }
    }
}
