//! Octets in hexadecimal with the text beside them.

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
