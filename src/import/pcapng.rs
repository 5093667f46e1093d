//! Captures of Wireshark and its kin.

use super::capture::CaptureReader;
use super::{Confidence, Format, Head};

/// The format.
pub static FORMAT: Format = Format {
    id: "pcapng",
    title: "Packet capture (pcapng)",
    about: "A capture as Wireshark and dumpcap write it: `dumpcap -i any -w session.pcapng`. It may hold the keys of its TLS connections itself (`editcap --inject-secrets tls,keys.txt`); otherwise a key log of the client opens TLS 1.3 and the AEAD suites of TLS 1.2. Places are numbers of packets.",
    detect,
    reader: CaptureReader::pcapng,
};

fn detect(head: &Head<'_>) -> Option<Confidence> {
    let section = head.octets.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A]);
    let order = head.octets.get(8..12).is_some_and(|order| {
        order == [0x1A, 0x2B, 0x3C, 0x4D].as_slice() || order == [0x4D, 0x3C, 0x2B, 0x1A].as_slice()
    });
    (section && order).then_some(Confidence::Sure)
}
