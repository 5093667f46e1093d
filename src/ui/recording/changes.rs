//! A recording with its sides turned around, line by line.

use crate::base::Side;
use crate::trace::Trace;
use std::collections::BTreeMap;

/// The lines of a recording as a transcript in which everybody said what the other one is said to have said. Lines of
/// nobody stay as they are, so that every line keeps its number.
#[must_use]
pub fn swapped(traces: &[Trace], octets: &[u8]) -> Option<Vec<u8>> {
    let mut sides = BTreeMap::new();
    for trace in traces {
        for event in trace.leg(Side::Client).events().filter(|event| !event.span.is_empty()) {
            sides.extend((event.places.0..=event.places.1).map(|line| (line, event.from)));
        }
    }
    if sides.is_empty() {
        return None;
    }
    let mut swapped = Vec::with_capacity(octets.len().saturating_mul(2));
    let octets = octets.strip_suffix(b"\n").unwrap_or(octets);
    for (number, line) in (1_u32..).zip(octets.split(|&o| o == b'\n')) {
        let bare = [&b"C: "[..], b"S: "].iter().find_map(|mark| line.strip_prefix(*mark)).unwrap_or(line);
        match sides.get(&number) {
            Some(Side::Client) => swapped.extend([&b"S: "[..], bare].concat()),
            Some(Side::Server) => swapped.extend([&b"C: "[..], bare].concat()),
            None => swapped.extend_from_slice(line),
        }
        swapped.push(b'\n');
    }
    Some(swapped)
}
