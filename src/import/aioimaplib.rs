//! What aioimaplib for Python logs.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has, python};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "aioimaplib",
    title: "aioimaplib",
    about: "The log of aioimaplib at the level DEBUG, with any prefix of Python's logging. Passwords of LOGIN stand as stars. It has no word for TLS.",
    place: "line",
    detect: |head| detect_log::<Aioimaplib>(head, |line| has(line, "aioimaplib")),
    reader: |_| LogReader::boxed::<Aioimaplib>(),
};

#[derive(Debug, Default)]
struct Aioimaplib;

impl Log for Aioimaplib {
    const CARRIES: Carries = Carries::LOG_WITHOUT_TLS;
    const KEYS: Option<&'static str> = Some("the variable `SSLKEYLOGFILE=keys.txt`");
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(octets) = behind(line, "Received : ").and_then(python) {
            return Said::Octets(crate::base::Side::Server, octets.into());
        }
        if let Some(octets) = behind(line, "Sending : ").and_then(python) {
            return Said::sent(octets);
        }
        if has(line, "connection lost") {
            return Said::Over;
        }
        if has(line, "aioimaplib") || has(line, "asyncio") { Said::Own } else { Said::Unknown }
    }
}
