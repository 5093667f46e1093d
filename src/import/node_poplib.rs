//! What poplib for Node.js prints.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, quoted};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "node-poplib",
    title: "poplib for Node.js",
    about: "What poplib for Node.js prints with `debug: true`: `Client:` and `Server:` in front of strings of JavaScript. It has no word for TLS.",
    place: "line",
    detect: |head| {
        detect_log::<NodePoplib>(head, |line| {
            ["Client: '", "Server: '"].iter().any(|mark| line.starts_with(mark.as_bytes()))
                && line.ends_with(b"'")
        })
    },
    reader: |_| LogReader::boxed::<NodePoplib>(),
};

#[derive(Debug, Default)]
struct NodePoplib {
    /// The string goes on in the next line.
    open: Option<Side>,
}

impl Log for NodePoplib {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("`node --tls-keylog=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let marked = |mark: &str, side| line.strip_prefix(mark.as_bytes()).map(|text| (side, text));
        let begun = marked("Client: ", Side::Client).or_else(|| marked("Server: ", Side::Server));
        let goes_on =
            self.open.take().filter(|_| line.starts_with(b"  ")).map(|side| (side, line.trim_ascii_start()));
        let Some((side, text)) = begun.or(goes_on) else { return Said::Unknown };
        let Some((octets, behind)) = quoted(text) else { return Said::Unknown };
        self.open = (behind.trim_ascii() == b"+").then_some(side);
        Said::Octets(side, octets.into())
    }
}
