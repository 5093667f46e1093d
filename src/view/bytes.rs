//! Octets in hexadecimal with the text beside them.

use crate::base::MASK;
use crate::trace::{Event, Trace};

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexLine {
    /// Offset of its first octet in the message.
    pub offset: usize,
    /// The octets: two digits, or dots for an octet that must not be shown.
    pub octets: Vec<(String, bool)>,
    /// The same as text, one character each; CR, LF and NUL are `←`, `↵` and `∅`, what else is not printable ASCII is a middle dot.
    pub text: String,
}

/// An event's octets as they are, but for secrets, which are dots.
#[must_use]
pub fn octets(trace: &Trace, event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    let mut done = event.span.start;
    let mut secrets = event.secrets.clone();
    secrets.sort_unstable_by_key(|secret| secret.start);
    let all = trace.octets(event);
    let part = |from: u32, to: u32| {
        let index =
            |place: u32| usize::try_from(place.saturating_sub(event.span.start)).unwrap_or(usize::MAX);
        all.get(index(from)..index(to).min(all.len())).unwrap_or_default()
    };
    for secret in secrets.iter().filter(|secret| secret.end > event.span.start) {
        out.extend_from_slice(part(done, secret.start.max(done)));
        out.extend_from_slice(MASK.as_bytes());
        done = done.max(secret.end);
    }
    out.extend_from_slice(part(done, event.span.end));
    out
}

/// The same, with every octet that is no printable ASCII as `\r`, `\n`, `\t` or `\x00`, and `\\` for itself.
#[must_use]
pub fn escaped(octets: &[u8]) -> String {
    let mut text = String::new();
    // The dots of a secret are ours and stay.
    for (number, part) in split(octets).enumerate() {
        if number > 0 {
            text.push_str(MASK);
        }
        for octet in part {
            match octet {
                b'\r' => text.push_str("\\r"),
                b'\n' => text.push_str("\\n"),
                b'\t' => text.push_str("\\t"),
                b'\\' => text.push_str("\\\\"),
                b' '..=b'~' => text.push(char::from(*octet)),
                _ => text.push_str(&format!("\\x{octet:02x}")),
            }
        }
    }
    text
}

fn split(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = Some(0_usize);
    let mut dots = memchr::memmem::find_iter(octets, MASK.as_bytes()).collect::<Vec<_>>().into_iter();
    std::iter::from_fn(move || {
        let start = from?;
        let (end, next) = match dots.next() {
            Some(at) => (at, Some(at.saturating_add(MASK.len()))),
            None => (octets.len(), None),
        };
        from = next;
        Some(octets.get(start..end).unwrap_or_default())
    })
}

/// The first lines of an event's octets, so many octets each; secrets are dots, octet by octet.
#[must_use]
pub fn hex(trace: &Trace, event: &Event, width: usize, lines: usize) -> Vec<HexLine> {
    let octets = trace.octets(event);
    let hidden = |at: usize| {
        let place = event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        event.secrets.iter().any(|secret| (secret.start..secret.end).contains(&place))
    };
    octets
        .chunks(width.max(1))
        .enumerate()
        .take(lines)
        .map(|(number, chunk)| {
            let offset = number.saturating_mul(width);
            let mut line = HexLine { offset, octets: Vec::with_capacity(chunk.len()), text: String::new() };
            for (column, &octet) in chunk.iter().enumerate() {
                let secret = hidden(offset.saturating_add(column));
                line.octets.push((if secret { "••".to_owned() } else { format!("{octet:02x}") }, secret));
                line.text.push(match octet {
                    _ if secret => '•',
                    b' '..=b'~' => char::from(octet),
                    b'\r' => '←',
                    b'\n' => '↵',
                    0 => '∅',
                    _ => '·',
                });
            }
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::sim::{Setup, run};

    #[test]
    fn what_is_copied_is_what_was_sent_but_for_secrets() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let traces = run(&setup).connections;
        let (mut same, mut dots) = (0, 0);
        for (trace, event) in
            traces.iter().flat_map(|trace| trace.events().iter().map(move |event| (trace, event)))
        {
            let copied = octets(trace, event);
            if event.secrets.is_empty() {
                assert_eq!(copied, trace.octets(event));
                same += 1;
            } else {
                let text = String::from_utf8(copied).unwrap();
                assert!(text.contains(MASK) && !text.contains("swordfish"), "{text}");
                dots += 1;
            }
        }
        assert!(same > 5 && dots > 0, "{same} {dots}");
        assert_eq!(escaped(b"a\r\n\0\\\xff\t"), r"a\r\n\x00\\\xff\t");
        assert_eq!(
            escaped([b"x ".as_slice(), MASK.as_bytes(), b"\r\n"].concat().as_slice()),
            format!("x {MASK}\\r\\n")
        );
    }
}
