//! What `mbsync -D` writes (isync).

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log, has};
use super::kit::{recognise, tagged_status};
use crate::base::Side;
use crate::tls::Facts;
use crate::trace::Carries;
use crate::wire;

/// The format.
pub static FORMAT: Format = Format {
    id: "isync",
    title: "mbsync -D",
    about: "What mbsync of isync writes with `-D` or `-DN`: the client's lines behind `>>>`, the server's as they are. Passwords are hidden, and so is the content of messages.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| {
            line.starts_with(b"Opening far side store") || line.starts_with(b"Opening master store")
        };
        detect_log::<Isync>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Isync>(),
};

#[derive(Debug, Default)]
struct Isync {
    literal: bool,
    spoken: bool,
}

impl Log for Isync {
    // A handshake that failed may leave no word.
    const CARRIES: Carries = Carries { handshake: false, ..Carries::LOG };

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        // With several stores open each line has the one that it is of in front.
        let text = ["M: ", "S: ", "F: ", "N: "].iter().find_map(|side| line.strip_prefix(side.as_bytes()));
        let text = text.unwrap_or(line);
        if let Some(sent) = text.strip_prefix(b">>> ") {
            self.spoken = true;
            return Said::sent(sent);
        }
        let text = text.strip_prefix(b"<<< ").unwrap_or(text);
        let behind = std::mem::take(&mut self.literal) && matches!(text.first(), Some(b' ' | b')'));
        let answer = recognise(Side::Server, text).is_some_and(super::kit::Dialect::is_mail);
        if behind || answer || text.starts_with(b"+ ") || text == b"+" || tagged_status(text) {
            self.literal = wire::literal(text).is_some_and(|literal| literal.octets > 0);
            return Said::received(text);
        }
        match () {
            () if line.starts_with(b"Connecting to ") => Said::Connects,
            () if has(line, "Connection is now encrypted") => Said::TlsUp(Facts::default()),
            () if line.starts_with(b"SSL error") || line.starts_with(b"Error, certificate ") => {
                Said::TlsDoubtful
            }
            () => Said::Own,
        }
    }
}
