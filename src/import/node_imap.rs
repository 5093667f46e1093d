//! What imap for Node.js hands to its `debug` function.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, has, quoted};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "node-imap",
    title: "imap for Node.js",
    about: "What imap (node-imap) for Node.js hands to its `debug` function: `=> '...'` for what is sent and `<= '...'` for what is received. It has no word for TLS: where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| detect_log::<NodeImap>(head, |line| line.starts_with(b"[connection] ")),
    reader: |_| LogReader::boxed::<NodeImap>(),
};

#[derive(Debug, Default)]
struct NodeImap;

impl Log for NodeImap {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("`node --tls-keylog=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let spoken = |mark: &str| line.strip_prefix(mark.as_bytes()).and_then(quoted).map(|(text, _)| text);
        if let Some(text) = spoken("=> ") {
            return Said::sent(text);
        }
        if let Some(text) = spoken("<= ") {
            return Said::received(text);
        }
        match () {
            () if line.starts_with(b"[connection] Connected to host") => Said::Connects,
            () if line.starts_with(b"[connection] Error") && tls_error(line) => Said::TlsDoubtful,
            () if line.starts_with(b"[connection] Closed") => Said::Over,
            () if line.starts_with(b"[") => Said::Own,
            () => Said::Unknown,
        }
    }
}

fn tls_error(line: &[u8]) -> bool {
    let lower = line.to_ascii_lowercase();
    ["certificate", "err_tls", "ssl routines", "err_ssl"].iter().any(|word| has(&lower, word))
}
