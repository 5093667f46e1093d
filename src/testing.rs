//! What tests of several modules share: traces written as short scripts.

use crate::base::{Hop, Layer, Origin, Side, Tick};
use crate::proto::{Recorder, Tap};
use crate::trace::{Carries, Stamp, Trace};

/// Reads an IMAP script: `C: ` and `S: ` lines, `==TLS==` where a handshake begins and all that follows is inside TLS,
/// and `C> `, `S> ` for octets without a line ending. Places are line numbers of the trimmed script, from 1.
pub(crate) fn read_imap(script: &str) -> Trace {
    read(&crate::proto::imap::RECORD, script)
}

fn read(protocol: &crate::proto::ProtocolRecord, script: &str) -> Trace {
    let mut recorder = Recorder::new(protocol, Carries::TRANSCRIPT, false);
    let mut layer = Layer::Clear;
    for (number, line) in script.trim().lines().enumerate() {
        let stamp = Stamp { at: Tick(0), hop: Hop::Client, place: number as u32 + 1 };
        let line = line.trim_start();
        if line == "==TLS==" {
            recorder.tap(stamp, Tap::TlsBegan);
            layer = Layer::Tls;
            continue;
        }
        let from = if line.starts_with('C') { Side::Client } else { Side::Server };
        let mut octets = line[2..].strip_prefix(' ').unwrap_or(&line[2..]).as_bytes().to_vec();
        if line.as_bytes()[1] == b':' {
            octets.extend(b"\r\n");
        }
        recorder.tap(stamp, Tap::Octets { from, layer, origin: Origin::Unknown, octets: &octets });
    }
    recorder.finish()
}
