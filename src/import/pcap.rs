//! Captures of tcpdump and its kin.

use super::capture;
use super::{Confidence, Format, Head};

/// The format.
pub static FORMAT: Format = Format {
    id: "pcap",
    title: "Packet capture (pcap)",
    about: "A capture as tcpdump writes it: `tcpdump -i any -s 0 -w session.pcap tcp`. Every octet outside TLS is in it, and the handshake; with the client's key log (the file that `SSLKEYLOGFILE` names) also what went through TLS 1.3 and the AEAD suites of TLS 1.2. The protocol shows in what is said, not in the port. Places are numbers of packets.",
    place: "packet",
    detect,
    reader: capture::unopened,
};

static MAGIC: [[u8; 4]; 5] = [
    [0xD4, 0xC3, 0xB2, 0xA1],
    [0xA1, 0xB2, 0xC3, 0xD4],
    // Times in nanoseconds.
    [0x4D, 0x3C, 0xB2, 0xA1],
    [0xA1, 0xB2, 0x3C, 0x4D],
    // A variant with longer packet headers.
    [0x34, 0xCD, 0xB2, 0xA1],
];

fn detect(head: &Head<'_>) -> Option<Confidence> {
    is_capture(head.octets).then_some(Confidence::Sure)
}

/// Whether these are the first octets of one.
pub(super) fn is_capture(octets: &[u8]) -> bool {
    MAGIC.iter().any(|magic| octets.starts_with(magic))
}
