//! What `tshark -z follow,tcp,ascii,N` prints.

use super::kit::Assembler;
use super::{Batch, Confidence, Format, Head, Reader};
use crate::base::{Layer, Side};
use crate::tls::Failure;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "tshark-ascii",
    title: "tshark follow, ASCII",
    about: "What `tshark -q -z follow,tcp,ascii,0 -r session.pcap` prints: what each side sent, with a length in front and octets outside ASCII as dots. TLS shows as dots, so that nothing in it can be read; the YAML form or the capture itself says more.",
    place: "line",
    detect,
    reader: |_| Box::new(Ascii::new()),
};

/// A line of the frame around the octets is shorter than this.
const FRAME_LIMIT: usize = 4096;
/// A piece of one side longer than this is read in parts.
const PIECE_LIMIT: usize = 64 << 10;

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let starts = |text: &str| head.lines.iter().any(|line| line.starts_with(text.as_bytes()));
    (starts("Follow: tcp,") && starts("Node 0: ")).then_some(Confidence::Signed)
}

#[derive(Debug)]
struct Ascii {
    to: Assembler,
    frame: Vec<u8>,
    line: u32,
    /// A piece: who sent it and how much of it is to come.
    piece: Option<(Side, usize)>,
    octets: Vec<u8>,
    /// The line where the piece so far begins.
    start: u32,
    tls: bool,
    asked: bool,
    client_spoke: bool,
    server_answered: bool,
}

impl Ascii {
    fn new() -> Self {
        Self {
            to: Assembler::new(Carries { tls_result: false, ..Carries::TRANSCRIPT }, false),
            frame: Vec::new(),
            line: 1,
            piece: None,
            octets: Vec::new(),
            start: 1,
            tls: false,
            asked: false,
            client_spoke: false,
            server_answered: false,
        }
    }

    fn octet(&mut self, octet: u8, out: &mut Batch) {
        if let Some((from, left)) = self.piece {
            self.octets.push(octet);
            let left = left.saturating_sub(1);
            self.line = self.line.saturating_add(u32::from(octet == b'\n'));
            self.piece = (left > 0).then_some((from, left));
            let in_parts = self.octets.len() >= PIECE_LIMIT && octet == b'\n';
            if left == 0 || in_parts {
                self.hand_on(from);
            }
        } else if octet == b'\n' {
            self.framed(out);
            self.line = self.line.saturating_add(1);
        } else if self.frame.len() < FRAME_LIMIT {
            self.frame.push(octet);
        }
    }

    /// A line of the frame is complete.
    fn framed(&mut self, out: &mut Batch) {
        let frame = std::mem::take(&mut self.frame);
        let text = frame.strip_suffix(b"\r").unwrap_or(&frame);
        if text.starts_with(b"Follow: ") {
            self.to.end(out);
            let (to, line) =
                (std::mem::replace(&mut self.to, Assembler::new(Carries::TRANSCRIPT, false)), self.line);
            *self = Self { to, line, ..Self::new() };
        }
        self.to.remark(self.line, text);
        let (from, digits) = match text.strip_prefix(b"\t") {
            Some(digits) => (Side::Server, digits),
            None => (Side::Client, text),
        };
        let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
        if let Some(length) = length.filter(|length| *length > 0) {
            self.piece = Some((from, length));
            self.start = self.line.saturating_add(1);
        }
    }

    /// Octets of one side.
    fn hand_on(&mut self, from: Side) {
        let octets = std::mem::take(&mut self.octets);
        let mut number = self.start;
        self.start = self.line;
        // The type and the version of a record are dots, and so is what a ClientHello has behind its length.
        let record = octets.starts_with(b"...");
        let hello = record
            && octets.get(5) == Some(&b'.')
            && from == Side::Client
            && octets.len() > 40
            && (self.asked || !self.client_spoke);
        if hello && !self.tls {
            self.to.tls_began(number);
            self.tls = true;
        }
        if self.tls && record {
            if octets.len() == 7 && octets.starts_with(b"......") {
                self.to.tls_failed(number, Failure::Alert);
            }
            self.server_answered |= from == Side::Server;
        } else if self.tls && from == Side::Server && !self.server_answered {
            self.to.tls_failed(number, Failure::NotTls);
            self.server_answered = true;
        }
        self.client_spoke |= from == Side::Client;
        for line in octets.split_inclusive(|&o| o == b'\n') {
            if self.tls && record {
                self.to.remark(number, line.trim_ascii_end());
            } else {
                self.asked |= from == Side::Client && asks(line);
                self.to.octets(number, from, Layer::Clear, line);
            }
            number = number.saturating_add(1);
        }
        // The line end of the frame may stand in the same line as the last octets.
    }
}

fn asks(line: &[u8]) -> bool {
    line.split(|&o| o == b' ').any(|word| {
        word.trim_ascii().eq_ignore_ascii_case(b"STARTTLS") || word.trim_ascii().eq_ignore_ascii_case(b"STLS")
    })
}

impl Reader for Ascii {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        for &octet in chunk {
            self.octet(octet, out);
        }
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        if let Some((from, _)) = self.piece
            && !self.octets.is_empty()
        {
            self.hand_on(from);
        }
        self.piece = None;
        // Without a single LF an editor counts lines by CR; this is no output of tshark, but its lines are kept.
        let whole = std::mem::take(&mut self.frame);
        let lone_cr = |octet: &u8| self.line == 1 && *octet == b'\r';
        let ended = whole.strip_suffix(b"\r").unwrap_or(&whole);
        let lines: Vec<&[u8]> = if whole.is_empty() { Vec::new() } else { ended.split(lone_cr).collect() };
        for line in lines {
            self.frame = line.to_vec();
            self.framed(out);
            self.piece = None;
            self.line = self.line.saturating_add(1);
        }
        self.to.finish(out);
    }
}
