//! What `getmail --trace` writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has, quoted};
use crate::base::{Protocol, Side};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "getmail",
    title: "getmail --trace",
    about: "What getmail writes with `--trace`: what it does, and of the dialogue a few answers only. Little can be judged from it.",
    place: "line",
    detect: |head| {
        let sign =
            |line: &[u8]| line.starts_with(b"getmail version ") || has(line, "instantiating retriever");
        detect_log::<Getmail>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Getmail>(),
};

#[derive(Debug, Default)]
struct Getmail;

impl Log for Getmail {
    const CARRIES: Carries = Carries { opening: false, inside_tls: false, ..Carries::LOG_WITHOUT_TLS };

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        // `SimplePOP3SSLRetriever:tim@localhost:23995` is connected to.
        if let Some(kind) = behind(line, "instantiating retriever ") {
            let kind = kind.split(|&o| o == b' ').next().unwrap_or_default();
            let protocol = if has(kind, "IMAP") { Protocol::Imap } else { Protocol::Pop3 };
            let connects = if has(kind, "SSL") { Said::ConnectsWithTls } else { Said::Connects };
            return Said::Many(vec![connects, Said::Speaks(protocol), Said::Lost]);
        }
        // `UIDL response "b'+OK unique-id listing follows'", 16 octets`
        if let Some(text) = behind(line, " response \"b").and_then(quoted).map(|(text, _)| text) {
            return Said::Line(Side::Server, text.into());
        }
        Said::Own
    }
}
