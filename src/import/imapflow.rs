//! What imapflow for Node.js hands to its logger.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has};
use crate::base::Side;
use crate::tls::{Facts, Version};
use crate::trace::Carries;
use base64::Engine;
use serde_json::Value;

/// The format.
pub static FORMAT: Format = Format {
    id: "imapflow",
    title: "imapflow",
    about: "What imapflow for Node.js hands to its logger with `logRaw: true`, one JSON object a line, as pino and others write it. The raw octets are in it, passwords too.",
    place: "line",
    detect: |head| {
        detect_log::<Imapflow>(head, |line| {
            line.starts_with(b"{")
                && (has(line, "\"read from socket\"") || has(line, "\"Established TCP connection\""))
        })
    },
    reader: |_| LogReader::boxed::<Imapflow>(),
};

#[derive(Debug, Default)]
struct Imapflow;

impl Log for Imapflow {
    // A handshake that failed leaves no word but an error.
    const CARRIES: Carries = Carries { every_octet: true, handshake: false, ..Carries::LOG };
    const KEYS: Option<&'static str> = Some("`node --tls-keylog=keys.txt`");
    const BY_ID: bool = true;

    fn id(line: &[u8]) -> Option<&[u8]> {
        behind(line, "\"cid\":\"").and_then(|rest| rest.split(|&o| o == b'"').next())
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Ok(Value::Object(entry)) = serde_json::from_slice::<Value>(line) else { return Said::Unknown };
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let side = match text("msg") {
            Some("read from socket") => Side::Server,
            Some("write to socket") => Side::Client,
            Some("Established TCP connection") if entry.get("secure") == Some(&Value::Bool(true)) => {
                return Said::Many(vec![Said::Connects, Said::TlsUp(facts(&text))]);
            }
            Some("Established TCP connection") => return Said::Connects,
            Some("Established TLS session") => return Said::TlsUp(facts(&text)),
            Some(message) if message.starts_with("Failed to upgrade") => return Said::TlsDoubtful,
            _ => return Said::Own,
        };
        let data = text("data").and_then(|data| base64::engine::general_purpose::STANDARD.decode(data).ok());
        let Some(octets) = data else { return Said::Unknown };
        let spoken = Said::Octets(side, octets.into());
        if entry.get("secure") == Some(&Value::Bool(true)) {
            Said::Many(vec![Said::TlsUp(Facts::default()), spoken])
        } else {
            spoken
        }
    }
}

fn facts<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> Facts {
    Facts {
        version: text("version").and_then(Version::from_name),
        cipher: text("algo").map(str::to_owned),
        ..Facts::default()
    }
}
