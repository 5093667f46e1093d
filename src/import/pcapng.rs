//! Captures of Wireshark and its kin.

use super::capture;
use super::{Confidence, Format, Head};

/// The format.
pub static FORMAT: Format = Format {
    id: "pcapng",
    title: "Packet capture (pcapng)",
    about: "A capture as Wireshark and dumpcap write it: `dumpcap -i any -w session.pcapng`. It may hold the keys of its TLS connections itself (`editcap --inject-secrets tls,keys.txt`); otherwise a key log of the client opens TLS 1.3 and the AEAD suites of TLS 1.2. Places are numbers of packets.",
    place: "packet",
    detect,
    reader: capture::unopened,
};

fn detect(head: &Head<'_>) -> Option<Confidence> {
    is_capture(head.octets).then_some(Confidence::Sure)
}

/// Whether these are the first octets of one.
pub(super) fn is_capture(octets: &[u8]) -> bool {
    let section = octets.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A]);
    let order = octets.get(8..12).is_some_and(|order| {
        order == [0x1A, 0x2B, 0x3C, 0x4D].as_slice() || order == [0x4D, 0x3C, 0x2B, 0x1A].as_slice()
    });
    section && order
}
