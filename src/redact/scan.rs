//! What no grammar marks: addresses and hosts in texts, and further places of values that are known by now.

use super::Kind;
use super::edit::Edits;
use super::find::tapes;
use super::leak::{Encoding, Leaks};
use super::names::{Names, is_ip};
use super::value::{PLACEHOLDER, masked};
use crate::base::{Hop, Side};
use crate::trace::{EventKind, Span, Trace};
use crate::wire;
use std::ops::Range;

/// Marks addresses, network addresses and hosts.
pub fn for_names(connection: usize, trace: &Trace, names: &mut Names, edits: &mut Edits) {
    if let Some(peer) = trace.peer() {
        let _ = names.host(&peer.endpoint.host);
    }
    for event in trace.events() {
        match &event.kind {
            EventKind::TlsHello(facts) | EventKind::TlsUp(facts) => names.tls(&mut facts.as_ref().clone()),
            EventKind::Lookup(lookup) => names.lookup(&mut lookup.as_ref().clone()),
            _ => {}
        }
    }
    for (hop, side, octets) in tapes(trace) {
        let mut found = |range: Range<usize>, kind: Kind| {
            let span = span(&range);
            let Some(value) = octets.get(range).filter(|_| !edits.taken(hop, side, span)) else { return };
            let place = (connection, edits.place(hop, side, span.start));
            if let Some(by) = names.found(kind, value, place) {
                edits.replace(hop, side, span, by);
            }
        };
        addresses(octets, &mut found);
        network_addresses(octets, &mut found);
    }
    for event in trace.events() {
        let text = match &event.kind {
            EventKind::Greeting(_) => true,
            EventKind::Reply(reply) => reply.status.is_some(),
            _ => false,
        };
        if text {
            hosts(connection, trace, event, names, edits);
        }
    }
}

/// Marks every other place where a value stands, as it is or encoded.
pub fn for_values(connection: usize, trace: &Trace, names: &mut Names, edits: &mut Edits) {
    let items = names.items();
    let leaks = Leaks::new(&items);
    for (hop, side, octets) in tapes(trace) {
        for (item, encoding, range) in leaks.places(octets) {
            let Some(item) = items.get(item) else { continue };
            let place = (connection, edits.place(hop, side, span(&range).start));
            let by = match encoding {
                Encoding::Plain if item.kind.is_secret() => masked(item.value.reveal(), names.wanted().shape),
                Encoding::Plain => item.shown.clone().into_bytes(),
                Encoding::Base64 | Encoding::Hex => PLACEHOLDER.to_vec(),
            };
            if edits.replace(hop, side, span(&range), by) {
                names.also(item, place);
            }
        }
    }
}

fn span(range: &Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: at(range.start), end: at(range.end) }
}

/// `local@domain` (RFC 5322 section 3.4.1, without quoted local parts and comments).
fn addresses(octets: &[u8], found: &mut dyn FnMut(Range<usize>, Kind)) {
    let local = |o: &u8| o.is_ascii_alphanumeric() || b".!#$&'*+-/=?^_`{|}~".contains(o) || *o >= 0x80;
    for at in memchr::memchr_iter(b'@', octets) {
        let before = octets.get(..at).unwrap_or_default();
        let start = before.iter().rposition(|o| !local(o)).map_or(0, |last| last.saturating_add(1));
        let behind = at.saturating_add(1);
        let rest = octets.get(behind..).unwrap_or_default();
        let length = rest.iter().position(|o| !host_octet(o)).unwrap_or(rest.len());
        let domain = rest.get(..length).unwrap_or_default();
        let domain = domain.strip_suffix(b".").unwrap_or(domain);
        if start < at && !domain.is_empty() {
            found(start..behind.saturating_add(domain.len()), Kind::Address);
        }
    }
}

fn host_octet(octet: &u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-') || *octet >= 0x80
}

/// IPv4 and IPv6 addresses as they are usually written.
fn network_addresses(octets: &[u8], found: &mut dyn FnMut(Range<usize>, Kind)) {
    let part = |o: &u8| o.is_ascii_hexdigit() || matches!(o, b'.' | b':');
    let mut at = 0;
    while let Some(first) = octets.get(at..).and_then(|rest| rest.iter().position(part)) {
        let start = at.saturating_add(first);
        let rest = octets.get(start..).unwrap_or_default();
        let length = rest.iter().position(|o| !part(o)).unwrap_or(rest.len());
        at = start.saturating_add(length.max(1));
        // Longer than any address; and a letter in front makes it a word.
        let word =
            start.checked_sub(1).and_then(|before| octets.get(before)).is_some_and(u8::is_ascii_alphanumeric);
        let text = rest.get(..length.min(48)).unwrap_or_default();
        let text = text.strip_suffix(b".").or_else(|| text.strip_suffix(b":")).unwrap_or(text);
        if !word && length <= 46 && text.len() >= 3 && is_ip(text) {
            found(start..start.saturating_add(text.len()), Kind::Ip);
        }
    }
}

/// Words with dots in what a server says to people: the greeting and the text of a status.
fn hosts(
    connection: usize,
    trace: &Trace,
    event: &crate::trace::Event,
    names: &mut Names,
    edits: &mut Edits,
) {
    let octets = wire::text(trace.octets(event));
    let (hop, side): (Hop, Side) = (event.hop, event.from);
    let mut at = 0_usize;
    for word in octets.split(|o| !host_octet(o)) {
        let start = at;
        at = at.saturating_add(word.len()).saturating_add(1);
        let word = word.strip_suffix(b".").unwrap_or(word);
        if is_host(word) {
            let offset = |at: usize| event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let span = Span { start: offset(start), end: offset(start.saturating_add(word.len())) };
            if edits.taken(hop, side, span) {
                continue;
            }
            let place = (connection, edits.place(hop, side, span.start));
            if let Some(by) = names.found(Kind::Host, word, place) {
                edits.replace(hop, side, span, by);
            }
        }
    }
}

/// Labels with dots between them, the last one of letters, and not all in capitals as the words of protocols are.
fn is_host(word: &[u8]) -> bool {
    let labels: Vec<&[u8]> = word.split(|&o| o == b'.').collect();
    let last = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with(b"-"))
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && word.iter().any(u8::is_ascii_lowercase)
        && labels.first() != Some(&&b"INBOX"[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Find = fn(&[u8], &mut dyn FnMut(Range<usize>, Kind));

    fn found(find: Find, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        find(text.as_bytes(), &mut |range, _| all.push(text[range].to_owned()));
        all
    }

    #[test]
    fn addresses_are_found_in_any_surroundings() {
        assert_eq!(
            found(addresses, "<tim@mail.firma.de>, \"x\"@y, a.b+c@d.e."),
            ["tim@mail.firma.de", "a.b+c@d.e"]
        );
        assert_eq!(found(addresses, "@ a@ @b"), Vec::<String>::new());
    }

    #[test]
    fn network_addresses_are_no_versions_and_no_times() {
        assert_eq!(
            found(network_addresses, "from [10.1.2.3] via fe80::1, v1.2.3.4 2.3.19 12:30:59 300.1.1.1"),
            ["10.1.2.3", "fe80::1"]
        );
    }

    #[test]
    fn hosts_are_words_with_dots_that_are_no_words_of_protocols() {
        for host in ["mail.firma.de", "Mail.Firma.DE", "a.bc"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for word in ["RFC822.SIZE", "INBOX.Sent", "2.3.19", "v2.x", "ready", ".de", "mail..de"] {
            assert!(!is_host(word.as_bytes()), "{word}");
        }
    }
}
