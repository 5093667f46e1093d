//! Captures of packets, with a key log in front: the first octet is its length in units of 64 octets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::import::{self, KeyLog};
use std::sync::Arc;

fuzz_target!(|octets: &[u8]| {
    let Some((first, rest)) = octets.split_first() else { return };
    let (keys, capture) = rest.split_at((usize::from(*first) * 64).min(rest.len()));
    let keys = Arc::new(KeyLog::parse(keys));
    for id in ["pcap", "pcapng"] {
        // Rules are the target `observers`: they take a hundred times as long as the packets.
        let _ = import::read_with(capture, import::find(id), &keys);
    }
});
