//! Connections as a capture (pcapng): what Wireshark and its kin read, so that a simulated session can be looked at with
//! the tools that people know.
//!
//! Addresses, ports and sequence numbers are made up. What went through TLS is written as records of the right length and
//! without its content, since a modelled handshake has no keys.

use crate::base::{Hop, Layer, Protocol, Side};
use crate::trace::{EventKind, Seen, Trace};

/// So many octets stand in one segment at most.
const SEGMENT: usize = 1400;

/// The longest record of TLS.
const RECORD: usize = 16 << 10;

/// Writes the connections.
#[must_use]
pub fn pcapng(traces: &[Trace]) -> Vec<u8> {
    let mut file = File::default();
    file.section();
    for (number, trace) in traces.iter().enumerate() {
        let hops: &[Hop] = if trace.two_hops() { &[Hop::Client, Hop::Server] } else { &[Hop::Client] };
        for hop in hops {
            connection(&mut file, trace, number, *hop);
        }
    }
    file.octets
}

#[derive(Default)]
struct File {
    octets: Vec<u8>,
}

impl File {
    fn block(&mut self, kind: u32, body: &[u8]) {
        let padding = body.len().wrapping_neg() % 4;
        let length = u32::try_from(body.len().saturating_add(padding).saturating_add(12)).unwrap_or(u32::MAX);
        self.octets.extend_from_slice(&kind.to_le_bytes());
        self.octets.extend_from_slice(&length.to_le_bytes());
        self.octets.extend_from_slice(body);
        self.octets.extend(std::iter::repeat_n(0, padding));
        self.octets.extend_from_slice(&length.to_le_bytes());
    }

    /// The head of the file, and one interface: Ethernet, moments in microseconds.
    fn section(&mut self) {
        let mut body = 0x1A2B_3C4D_u32.to_le_bytes().to_vec();
        body.extend_from_slice(&[1, 0, 0, 0]);
        body.extend_from_slice(&u64::MAX.to_le_bytes());
        option(&mut body, 4, concat!("starttls-lab ", env!("CARGO_PKG_VERSION")).as_bytes());
        option(&mut body, 0, b"");
        self.block(0x0A0D_0D0A, &body);
        self.block(1, &[1, 0, 0, 0, 0, 0, 4, 0]);
    }

    fn packet(&mut self, milliseconds: u64, frame: &[u8]) {
        let moment = milliseconds.saturating_mul(1000);
        let mut body = vec![0; 4];
        let half = |value: u64| u32::try_from(value & 0xFFFF_FFFF).unwrap_or_default().to_le_bytes();
        body.extend_from_slice(&half(moment >> 32));
        body.extend_from_slice(&half(moment));
        let length = u32::try_from(frame.len()).unwrap_or_default().to_le_bytes();
        body.extend_from_slice(&length);
        body.extend_from_slice(&length);
        body.extend_from_slice(frame);
        self.block(6, &body);
    }
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend_from_slice(&code.to_le_bytes());
    body.extend_from_slice(&u16::try_from(value.len()).unwrap_or_default().to_le_bytes());
    body.extend_from_slice(value);
    body.extend(std::iter::repeat_n(0, value.len().wrapping_neg() % 4));
}

/// One direction of a connection.
struct End {
    mac: [u8; 6],
    address: [u8; 4],
    port: u16,
    next: u32,
}

struct Wire<'a> {
    file: &'a mut File,
    /// Client, then server.
    ends: [End; 2],
    at: u64,
}

const SYN: u8 = 2;
const ACK: u8 = 16;
const PUSH: u8 = 8;
const FIN: u8 = 1;

impl Wire<'_> {
    fn send(&mut self, from: Side, flags: u8, octets: &[u8]) {
        let [client, server] = &mut self.ends;
        let (from, to) = if from == Side::Client { (client, server) } else { (server, client) };
        let frame = frame(from, to, flags, octets);
        let taken =
            u32::try_from(octets.len()).unwrap_or_default().wrapping_add(u32::from(flags & (SYN | FIN) != 0));
        from.next = from.next.wrapping_add(taken);
        self.file.packet(self.at, &frame);
    }

    fn say(&mut self, from: Side, octets: &[u8]) {
        for segment in octets.chunks(SEGMENT) {
            self.send(from, ACK | PUSH, segment);
        }
    }
}

fn frame(from: &End, to: &End, flags: u8, octets: &[u8]) -> Vec<u8> {
    let mut tcp = Vec::with_capacity(octets.len().saturating_add(20));
    tcp.extend_from_slice(&from.port.to_be_bytes());
    tcp.extend_from_slice(&to.port.to_be_bytes());
    tcp.extend_from_slice(&from.next.to_be_bytes());
    let acknowledged = if flags & ACK == 0 { 0 } else { to.next };
    tcp.extend_from_slice(&acknowledged.to_be_bytes());
    tcp.extend_from_slice(&[0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]);
    tcp.extend_from_slice(octets);
    let length = u16::try_from(tcp.len()).unwrap_or(u16::MAX);
    let pseudo = [&from.address[..], &to.address, &[0, 6], &length.to_be_bytes(), &tcp].concat();
    let sum = checksum(&pseudo).to_be_bytes();
    if let Some(place) = tcp.get_mut(16..18) {
        place.copy_from_slice(&sum);
    }
    let total = length.saturating_add(20);
    let mut ip = vec![0x45, 0];
    ip.extend_from_slice(&total.to_be_bytes());
    ip.extend_from_slice(&[0, 0, 0x40, 0, 64, 6, 0, 0]);
    ip.extend_from_slice(&from.address);
    ip.extend_from_slice(&to.address);
    let sum = checksum(&ip).to_be_bytes();
    if let Some(place) = ip.get_mut(10..12) {
        place.copy_from_slice(&sum);
    }
    [&to.mac[..], &from.mac, &[8, 0], &ip, &tcp].concat()
}

/// The checksum of IP and TCP (RFC 1071).
fn checksum(octets: &[u8]) -> u16 {
    let pairs = octets.chunks(2).map(|pair| {
        let high = pair.first().copied().unwrap_or_default();
        let low = pair.get(1).copied().unwrap_or_default();
        u64::from(u16::from_be_bytes([high, low]))
    });
    let mut sum: u64 = pairs.sum();
    while sum >> 16 != 0 {
        sum = (sum & 0xFFFF).saturating_add(sum >> 16);
    }
    !u16::try_from(sum).unwrap_or_default()
}

fn connection(file: &mut File, trace: &Trace, number: usize, hop: Hop) {
    let usual = match trace.protocol() {
        Protocol::Imap => 143,
        Protocol::Pop3 => 110,
        Protocol::Acap => 674,
    };
    let port = trace.peer().map_or(usual, |peer| peer.endpoint.port);
    let low = u8::try_from(number % 200).unwrap_or_default().saturating_add(10);
    // On the server's side of a middle it is the middle that speaks to the server.
    let client: [u8; 4] = if hop == Hop::Client { [192, 0, 2, low] } else { [198, 51, 100, low] };
    let own = u16::try_from(number % 10_000).unwrap_or_default().saturating_add(50_000);
    let host = trace.peer().map(|peer| peer.endpoint.host.clone()).unwrap_or_default();
    let ends = [
        End { mac: [2, 0, 0, 0, 0, low], address: client, port: own, next: 1000 },
        End { mac: [2, 0, 0, 0, 0, 1], address: [203, 0, 113, 1], port, next: 5000 },
    ];
    let mut wire = Wire { file, ends, at: 0 };
    let mine = trace.tapped().iter().filter(|tapped| tapped.stamp.hop == hop);
    wire.at = mine.clone().next().map_or(0, |tapped| tapped.stamp.at.0);
    wire.send(Side::Client, SYN, &[]);
    wire.send(Side::Server, SYN | ACK, &[]);
    wire.send(Side::Client, ACK, &[]);
    let mut shaken = false;
    for tapped in mine {
        wire.at = wire.at.max(tapped.stamp.at.0);
        match tapped.seen {
            Seen::Octets { from, layer: Layer::Clear, span, .. } => {
                wire.say(from, trace.slice(hop, from, span))
            }
            Seen::Octets { from, layer: Layer::Tls, span, .. } => {
                if !std::mem::replace(&mut shaken, true) {
                    handshake(&mut wire, &host);
                }
                for part in trace.slice(hop, from, span).chunks(RECORD) {
                    // A layer adds the true type of the content and a tag of 16 octets.
                    let content = vec![0; part.len().saturating_add(17)];
                    wire.say(from, &record(23, &content));
                }
            }
            Seen::Happened(id) => match trace.event(id).map(|event| &event.kind) {
                Some(EventKind::TlsUp(_)) if !std::mem::replace(&mut shaken, true) => {
                    handshake(&mut wire, &host)
                }
                Some(EventKind::TlsFailed(_)) => {
                    if !std::mem::replace(&mut shaken, true) {
                        hello(&mut wire, &host);
                    }
                    // A fatal alert: the handshake failed.
                    wire.say(Side::Server, &record(21, &[2, 40]));
                }
                _ => {}
            },
            Seen::Omitted(_) | Seen::Lost => {}
        }
    }
    wire.send(Side::Client, FIN | ACK, &[]);
    wire.send(Side::Server, FIN | ACK, &[]);
    wire.send(Side::Client, ACK, &[]);
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[kind, 3, 3][..], &length, content].concat()
}

/// A message of the handshake: its type, its length in three octets, its body.
fn handshake_message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or_default().to_be_bytes();
    [&[kind][..], length.get(1..).unwrap_or_default(), body].concat()
}

fn sized(octets: &[u8]) -> Vec<u8> {
    [&u16::try_from(octets.len()).unwrap_or_default().to_be_bytes()[..], octets].concat()
}

fn extension(code: u16, body: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes()[..], &sized(body)].concat()
}

/// The client's first message (RFC 8446 section 4.1.2), with the host that it asks for.
fn hello(wire: &mut Wire<'_>, host: &str) {
    let mut extensions = Vec::new();
    if !host.is_empty() {
        let name = [&[0][..], &sized(host.as_bytes())].concat();
        extensions.extend(extension(0, &sized(&name)));
    }
    extensions.extend(extension(43, &[4, 3, 4, 3, 3]));
    let mut body = vec![3, 3];
    body.extend_from_slice(&[0x11; 32]);
    body.push(0);
    body.extend(sized(&[0x13, 0x02, 0x13, 0x01]));
    body.extend_from_slice(&[1, 0]);
    body.extend(sized(&extensions));
    wire.say(Side::Client, &record(22, &handshake_message(1, &body)));
}

/// Both sides' hellos for TLS 1.3; what follows them is encrypted.
fn handshake(wire: &mut Wire<'_>, host: &str) {
    hello(wire, host);
    let mut body = vec![3, 3];
    body.extend_from_slice(&[0x22; 32]);
    body.push(0);
    body.extend_from_slice(&[0x13, 0x02, 0]);
    body.extend(sized(&extension(43, &[3, 4])));
    wire.say(Side::Server, &record(22, &handshake_message(2, &body)));
    for from in [Side::Server, Side::Client] {
        wire.say(from, &record(20, &[1]));
        wire.say(from, &record(23, &[0; 69]));
    }
}
