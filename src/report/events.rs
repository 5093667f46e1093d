//! What crossed each hop of a run, message by message.

use crate::base::{Hop, Layer, Origin, Side};
use crate::trace::{Event, EventKind, Note, Policy, Trace};
use serde::Serialize;

/// One thing that happened on one hop.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct EventRecord {
    /// Its number, which verdicts and harms point at; a message has the same number on both hops.
    pub event: u32,
    /// The connection, from 0: the index of its session.
    pub connection: usize,
    /// The moment, in milliseconds.
    pub at: u64,
    /// The hop on which it was seen.
    pub hop: Hop,
    /// Who sent it, or in whose name the attacker did.
    pub from: Side,
    /// Whether it travelled inside TLS.
    pub layer: Layer,
    /// What it is.
    pub kind: Kind,
    /// Its text, safe to show; secrets are dots.
    pub text: String,
    /// What the attacker did to it.
    pub change: Option<Change>,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Octets.
    Message,
    /// A handshake begins.
    TlsBegan,
    /// A handshake was completed.
    TlsUp,
    /// A handshake failed.
    TlsFailed,
    /// The layer ended and the connection went on, or was cut.
    TlsEnded,
    /// The client asked the resolver.
    Lookup,
    /// One side closed the connection.
    Closed,
    /// A party's statement about itself.
    Note,
}

/// What the attacker did to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// He made it up; on the hop of its receiver.
    Added,
    /// He altered it; on the hop of its receiver.
    Changed,
    /// He kept it; on the hop of its sender.
    Removed,
}

/// The events of one connection.
#[must_use]
pub fn events(connection: usize, trace: &Trace) -> Vec<EventRecord> {
    let all = trace.events();
    let mut records: Vec<EventRecord> = all
        .iter()
        .filter_map(|event| {
            let (kind, text) = text(trace, event)?;
            Some(EventRecord {
                event: event.places.0,
                connection,
                at: event.at.0,
                hop: event.hop,
                from: event.from,
                layer: event.layer,
                kind,
                text,
                change: if kind == Kind::Message { change(trace, event) } else { None },
            })
        })
        .collect();
    records.sort_by_key(|record| record.event);
    records
}

fn text(trace: &Trace, event: &Event) -> Option<(Kind, String)> {
    Some(match &event.kind {
        EventKind::TlsBegan => (Kind::TlsBegan, "TLS handshake begins".to_owned()),
        EventKind::TlsUp(facts) => {
            let words = [facts.version.map(|version| version.name()), facts.cipher.as_deref()];
            (Kind::TlsUp, words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        EventKind::TlsFailed(failure) => (Kind::TlsFailed, failure.to_string()),
        EventKind::TlsEnded(ending) => (Kind::TlsEnded, ending.to_string()),
        EventKind::Lookup(lookup) => (Kind::Lookup, lookup.to_string()),
        // Said again when the handshake is completed.
        EventKind::TlsHello(_) => return None,
        EventKind::Closed => (Kind::Closed, format!("the {} closes the connection", event.from.name())),
        EventKind::Note(note) => (Kind::Note, note_text(*note)),
        _ if outermost(trace, event) => (Kind::Message, trace.text(event)),
        _ => return None,
    })
}

/// Several events may be read from the same octets; the longest stands for all, the first of equals.
fn outermost(trace: &Trace, event: &Event) -> bool {
    let same_place = |other: &&Event| {
        other.id != event.id
            && (other.hop, other.from, other.places.0) == (event.hop, event.from, event.places.0)
            && !other.span.is_empty()
    };
    let covers = |other: &Event| {
        let around = other.span.start <= event.span.start && other.span.end >= event.span.end;
        let rank = |e: &Event| (e.span.len(), e.secrets.len(), std::cmp::Reverse(e.id));
        around && rank(other) > rank(event)
    };
    let around = neighbours(trace, event).filter(same_place);
    !event.span.is_empty() && !around.into_iter().any(covers)
}

/// The events near an event in the trace: those of one place stand together.
fn neighbours<'a>(trace: &'a Trace, event: &Event) -> impl Iterator<Item = &'a Event> {
    let all = trace.events();
    let at = event.id as usize;
    let place = event.places.0;
    let before = all.get(..at).unwrap_or_default().iter().rev().take_while(move |e| e.places.0 >= place);
    let behind = all.get(at..).unwrap_or_default().iter().take_while(move |e| e.places.0 <= place);
    before.chain(behind)
}

fn change(trace: &Trace, event: &Event) -> Option<Change> {
    match event.origin {
        Origin::Added => return Some(Change::Added),
        Origin::Changed => return Some(Change::Changed),
        Origin::Genuine | Origin::Unknown => {}
    }
    let arrived = |other: &Event| {
        other.hop != event.hop
            && (other.from, other.places.0) == (event.from, event.places.0)
            && other.origin != Origin::Added
            && !other.span.is_empty()
    };
    let kept =
        trace.two_hops() && event.hop == Hop::next_to(event.from) && !trace.events().iter().any(arrived);
    kept.then_some(Change::Removed)
}

fn note_text(note: Note) -> String {
    match note {
        Note::Policy(Policy::TlsRequired) => "policy: no login without TLS".to_owned(),
        Note::Policy(Policy::TlsIfOffered) => "policy: TLS if offered".to_owned(),
        Note::Policy(Policy::ClearTextRefused) => "policy: no password in the clear".to_owned(),
        Note::Policy(Policy::ClearTextAccepted) => "policy: passwords in the clear are taken".to_owned(),
        Note::SetTo(what) => what.words().to_owned(),
        Note::CapabilitiesDropped => "dropped the capabilities from before TLS".to_owned(),
        Note::CapabilitiesKept => "kept the capabilities from before TLS".to_owned(),
        Note::WarnedUser => "warned the user".to_owned(),
        Note::UserNotWarned => "did not warn the user".to_owned(),
        Note::ResultChecked => "checked the result of the upgrade".to_owned(),
        Note::ResultIgnored => "ignored the result of the upgrade".to_owned(),
        Note::AskedUser(doubt) => format!("asked the user: {doubt}?"),
        Note::UserAgreed => "the user said yes".to_owned(),
        Note::UserDeclined => "the user said no".to_owned(),
        Note::CertificatePinned => "kept the certificate for later sessions".to_owned(),
        Note::KeptIncomplete => "took what was cut off for complete".to_owned(),
        Note::Refused(refusal) => format!("stopped: {refusal}"),
        Note::State(state) => format!("state: {state}"),
        Note::Stage(stage) => format!("its machine: {stage}"),
        Note::Acts(acts, _) => acts.words().to_owned(),
        Note::Identity(who) => format!("the session is that of {}", who.word()),
        Note::NameKept => "kept the user name from before TLS".to_owned(),
        Note::Attacker => "is the attacker, on a connection of his own".to_owned(),
        Note::Crashed => "broke down".to_owned(),
        Note::Reset => "forgot the user before".to_owned(),
        Note::Kept(what) => format!("kept {} of the user before", what.words()),
    }
}
