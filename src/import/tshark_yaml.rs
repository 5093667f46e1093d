//! What `tshark -z follow,tcp,yaml,N` prints.

use super::capture::{self, Connection, KeyLog, Seen};
use super::kit::{Line, Lines, Why};
use super::{Batch, Confidence, Format, Head, Reader};
use crate::base::Side;
use base64::Engine;
use std::sync::Arc;

/// The format.
pub static FORMAT: Format = Format {
    id: "tshark-yaml",
    title: "tshark follow, YAML",
    about: "What `tshark -q -z follow,tcp,yaml,0 -r session.pcap` prints: every octet of one connection in base64. It says as much as the capture; a key log opens TLS in it too.",
    place: "line",
    detect,
    reader: capture::unopened,
};

/// The reader: it opens TLS as that of a capture does.
pub(super) fn reader(keys: &Arc<KeyLog>) -> Box<dyn Reader> {
    Box::new(Yaml { lines: Lines::new(), stream: Stream::new(Arc::clone(keys)) })
}

/// Octets of one packet; a longer one is no packet.
const PACKET_LIMIT: usize = 1 << 20;

pub(super) fn detect(head: &Head<'_>) -> Option<Confidence> {
    let any = |text: &str| head.lines.iter().any(|line| line.trim_ascii() == text.as_bytes());
    (any("peers:") && any("packets:")).then_some(Confidence::Signed)
}

#[derive(Debug)]
struct Yaml {
    lines: Lines,
    stream: Stream,
}

#[derive(Debug)]
struct Stream {
    keys: Arc<KeyLog>,
    connection: Option<Connection>,
    number: u32,
    /// The second peer's port, and whether the next port is its.
    port: u16,
    second: bool,
    packets: bool,
    from: Side,
    time: u64,
    /// The base64 of a packet, and the line where it begins.
    data: Option<(Vec<u8>, u32)>,
    last: Seen,
}

impl Stream {
    fn new(keys: Arc<KeyLog>) -> Self {
        Self {
            keys,
            connection: None,
            number: 0,
            port: 0,
            second: false,
            packets: false,
            from: Side::Client,
            time: 0,
            data: None,
            last: Seen { packet: 1, time: 0 },
        }
    }

    fn connection(&mut self) -> &mut Connection {
        let (port, keys, seen) = (self.port, &self.keys, self.last);
        self.connection.get_or_insert_with(|| Connection::new(port, Arc::clone(keys), seen, true))
    }

    fn line(&mut self, line: Line<'_>, out: &mut Batch) {
        let text = line.text.trim_ascii();
        let value = |name: &str| {
            let rest = text.strip_prefix(b"- ").unwrap_or(text);
            rest.strip_prefix(name.as_bytes()).map(<[u8]>::trim_ascii)
        };
        if let Some((data, _)) = &mut self.data
            && line.text.starts_with(b"      ")
            && data.len().saturating_add(text.len()) <= PACKET_LIMIT * 2
        {
            data.extend_from_slice(text);
            self.connection().remark(line.number, line.text);
            return;
        }
        self.flush();
        if text == b"peers:" {
            self.end(out);
        }
        self.connection().remark(line.number, line.text);
        match () {
            () if text == b"packets:" => self.packets = true,
            () if let Some(peer) = value("peer:") => {
                self.second = peer == b"1";
                self.from = if self.second { Side::Server } else { Side::Client };
            }
            () if let Some(port) = value("port:") => {
                if self.second {
                    self.port = number(port).and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
                    let port = self.port;
                    self.connection().server_port(port);
                }
            }
            () if let Some(time) = value("timestamp:") => {
                let mut parts = time.split(|&o| o == b'.');
                let seconds = parts.next().and_then(number).unwrap_or_default();
                let part = parts.next().unwrap_or_default();
                let micros = number(part.get(..part.len().min(6)).unwrap_or_default()).unwrap_or_default();
                self.time = seconds.saturating_mul(1_000_000).saturating_add(micros);
                if self.number == 0 || self.last.time == 0 {
                    let time = self.time;
                    self.connection().began(time);
                }
            }
            () if text.starts_with(b"data:") => self.data = Some((Vec::new(), line.number)),
            () => {}
        }
    }

    /// Hands a packet on.
    fn flush(&mut self) {
        let Some((data, line)) = self.data.take() else { return };
        let seen = Seen { packet: line, time: self.time };
        self.last = seen;
        let from = self.from;
        match base64::engine::general_purpose::STANDARD.decode(&data) {
            Ok(octets) => self.connection().octets(from, &octets, seen),
            Err(_) => {
                self.connection().gap(from, seen);
                self.connection().keep_unparsed(line, &data, Why::NoMark);
            }
        }
    }

    fn end(&mut self, out: &mut Batch) {
        self.flush();
        if !std::mem::take(&mut self.packets) {
            return;
        }
        if let Some(connection) = self.connection.take() {
            let number = self.number.saturating_add(1);
            connection.end(number, self.last, out);
            self.number = number;
        }
    }
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

impl Reader for Yaml {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        let stream = &mut self.stream;
        self.lines.push(chunk, &mut |line| stream.line(line, out));
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        let stream = &mut self.stream;
        self.lines.finish(&mut |line| stream.line(line, out));
        stream.packets = true;
        stream.end(out);
    }
}
