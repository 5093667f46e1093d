//! What Python's poplib prints.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, python};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "poplib",
    title: "Python poplib",
    about: "What Python's poplib prints with `set_debuglevel(2)`; the greeting comes before that and is not in it. It has no word for TLS: where the script goes on behind a positive answer to STLS, it does so inside.",
    place: "line",
    detect: |head| {
        detect_log::<Poplib>(head, |line| line.starts_with(b"*cmd* ") || line.starts_with(b"*put* b"))
    },
    reader: |_| LogReader::boxed::<Poplib>(),
};

#[derive(Debug, Default)]
struct Poplib;

impl Log for Poplib {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("the variable `SSLKEYLOGFILE=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let starts = |mark: &str| line.strip_prefix(mark.as_bytes());
        if let Some(octets) = starts("*put* ").and_then(python) {
            return Said::sent(octets);
        }
        if let Some(octets) = starts("*get* ").and_then(python) {
            return Said::received(octets);
        }
        let own = ["*cmd* ", "*resp* ", "*stat* ", "*welcome* ", "*logging in"];
        if own.iter().any(|mark| line.starts_with(mark.as_bytes())) { Said::Own } else { Said::Unknown }
    }
}
