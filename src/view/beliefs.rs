//! What each side believes at a moment, and from where.

use crate::base::{Layer, Side};
use crate::proto::states::Diagram;
use crate::trace::{Class, EventKind, Note, Trace};

/// One capability that a side knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Believed {
    /// The item.
    pub item: String,
    /// It no longer counts: learned before TLS and dropped.
    pub stale: bool,
}

/// What one side believes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belief {
    /// The newest capability list: for the client what it got, for the server what it said.
    pub capabilities: Vec<Believed>,
    /// The place of the message that taught it, and whether that came inside TLS.
    pub learned: Option<(u32, Layer)>,
    /// Whether TLS is up for it.
    pub secure: bool,
    /// The state of its protocol machine, where it says so.
    pub state: Option<&'static str>,
}

/// What both sides believe once everything up to a place has happened: client, server.
#[must_use]
pub fn beliefs(connections: &[Trace], place: u32) -> (Belief, Belief) {
    let begun = |trace: &&Trace| trace.events().first().is_some_and(|event| event.places.0 <= place);
    match connections.iter().rev().find(begun) {
        Some(trace) => (belief(trace, Side::Client, place), belief(trace, Side::Server, place)),
        None => (Belief::default(), Belief::default()),
    }
}

/// The states that a side's machine was in up to a place, in order, the current one last. A recording knows of none.
#[must_use]
pub fn stages(connections: &[Trace], place: u32, side: Side) -> Vec<&'static str> {
    let begun = |trace: &Trace| trace.events().first().is_some_and(|event| event.places.0 <= place);
    let last = connections.iter().rposition(begun).unwrap_or_default();
    // The server is a fresh one on each connection.
    let first = if side == Side::Client { 0 } else { last };
    let traces = connections.iter().skip(first).take(last.saturating_sub(first).saturating_add(1));
    let notes = traces.flat_map(|trace| trace.leg(side).notes(side));
    notes
        .filter(|(event, _)| event.places.0 <= place)
        .filter_map(|(_, note)| match note {
            Note::Stage(stage) => Some(stage),
            _ => None,
        })
        .collect()
}

/// The states of a machine, each with the place where it was first entered, if it was.
#[must_use]
pub fn entered(connections: &[Trace], states: &Diagram) -> Vec<(&'static str, Option<u32>)> {
    let side = states.side;
    let first = |name: &str| {
        let mut notes = connections.iter().flat_map(|trace| trace.leg(side).notes(side));
        notes.find_map(|(event, note)| match note {
            Note::Stage(stage) if stage == name => Some(event.places.0),
            _ => None,
        })
    };
    states.states.iter().map(|stage| (stage.name, first(stage.name))).collect()
}

fn belief(trace: &Trace, side: Side, place: u32) -> Belief {
    let leg = trace.leg(side);
    let mut belief = Belief::default();
    let up = leg.of(Class::Tls).find(|event| matches!(event.kind, EventKind::TlsUp(_)));
    let inside = leg.of(Class::Command).chain(leg.of(Class::Untagged)).find(|e| e.layer == Layer::Tls);
    belief.secure = [up, inside].into_iter().flatten().any(|event| event.places.1 <= place);
    let list = leg.lists().rfind(|(event, _)| event.places.1 <= place);
    if let Some((event, capabilities)) = list {
        let dropped = side == Side::Client
            && leg.notes(side).any(|(note, what)| {
                what == Note::CapabilitiesDropped && note.id > event.id && note.places.0 <= place
            });
        belief.learned = Some((event.places.0, event.layer));
        belief.capabilities = as_written(trace.octets(event), capabilities.items())
            .map(|item| Believed { item: crate::base::printable(&item), stale: dropped })
            .collect();
    }
    belief.state = leg.notes(side).rev().find_map(|(event, note)| match note {
        Note::State(state) if event.places.0 <= place => Some(state),
        _ => None,
    });
    belief
}

/// Items in the letters of the message that listed them: a list knows them in capitals, because case means nothing.
fn as_written<'a>(
    octets: &'a [u8],
    items: impl Iterator<Item = &'a str> + 'a,
) -> impl Iterator<Item = Vec<u8>> + 'a {
    let mut from = 0;
    let mut word = move |word: &[u8]| {
        let rest = octets.get(from..).unwrap_or_default();
        let found = rest.windows(word.len().max(1)).position(|there| there.eq_ignore_ascii_case(word));
        let Some(at) = found.map(|at| from.saturating_add(at)) else { return word.to_vec() };
        from = at.saturating_add(word.len());
        octets.get(at..from).unwrap_or_default().to_vec()
    };
    items.map(move |item| {
        let words: Vec<_> = item.as_bytes().split(|&octet| octet == b' ').map(&mut word).collect();
        words.join(&b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn items_keep_the_letters_that_were_sent() {
        let written = |octets: &'static [u8], items: &'static [&'static str]| {
            let all: Vec<_> = as_written(octets, items.iter().copied()).collect();
            all.into_iter().map(|item| String::from_utf8(item).unwrap()).collect::<Vec<_>>()
        };
        let imap = b"* CAPABILITY IMAP4rev1 StartTLS AUTH=plain\r\n";
        assert_eq!(
            written(imap, &["IMAP4REV1", "STARTTLS", "AUTH=PLAIN"]),
            ["IMAP4rev1", "StartTLS", "AUTH=plain"]
        );
        let acap = b"* ACAP (IMPLEMENTATION \"Lab\") (SASL \"Plain\")\r\n";
        assert_eq!(
            written(acap, &["IMPLEMENTATION LAB", "SASL PLAIN"]),
            ["IMPLEMENTATION Lab", "SASL Plain"]
        );
        assert_eq!(written(b"", &["STLS", ""]), ["STLS", ""]);
    }
}
