//! Sessions in this project's own format, to be read again: `docs/session.md` describes it, `import::session_file`
//! reads it.
//!
//! One JSON object per line, so that a file of any length can be written and read as it goes.

use crate::base::{Hop, Layer, Origin, Tick};
use crate::trace::{Event, EventKind, Seen, Tapped, Trace};
use base64::Engine;
use serde::Serialize;
use std::borrow::Cow;

/// The name and version of the format.
pub const SESSION_FORMAT: &str = "session/1";

/// A session to be written.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// What happened.
    pub trace: &'a Trace,
    /// False when nothing of the dialogue is readable, so that the protocol is only assumed.
    pub protocol_seen: bool,
    /// True when who sent a line was guessed.
    pub guessed_direction: bool,
    /// The lines outside the dialogue, where they may be written: number and text.
    pub unparsed: &'a [(u32, &'a [u8])],
}

#[derive(Serialize)]
struct Head<'a> {
    #[serde(rename = "starttls-lab")]
    format: &'static str,
    by: &'a str,
    redacted: bool,
}

#[derive(Serialize)]
struct Begin<'a> {
    session: usize,
    protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a crate::base::Endpoint>,
    carries: Vec<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    two_hops: bool,
    #[serde(skip_serializing_if = "is_false")]
    behind: bool,
    #[serde(skip_serializing_if = "is_false")]
    protocol_assumed: bool,
    #[serde(skip_serializing_if = "is_false")]
    guessed_direction: bool,
}

/// One report of a tap.
#[derive(Default, Serialize)]
struct Line<'a> {
    place: u32,
    #[serde(skip_serializing_if = "is_zero")]
    at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<Hop>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<crate::base::Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<Layer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Cow<'static, str>>,
}

/// What a recording can show of a handshake.
#[derive(Serialize)]
struct Tls<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cipher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_certificate_asked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_certificate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<&'a crate::tls::Recorded>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// The first line of a file.
pub fn session_head(out: &mut String, redacted: bool) {
    let by = concat!("starttls-lab ", env!("CARGO_PKG_VERSION"));
    put(out, &Head { format: SESSION_FORMAT, by, redacted });
}

/// The lines of a session, which has this number in the file, from 1.
pub fn session_lines(out: &mut String, number: usize, kept: &Kept<'_>) {
    let trace = kept.trace;
    // What only the machines of a simulation know of themselves is in no recording, and this is one.
    let carried = trace.carries().words().into_iter().filter(|(word, carried)| *carried && *word != "notes");
    put(
        out,
        &Begin {
            session: number,
            protocol: trace.protocol().id(),
            to: trace.peer().map(|peer| &peer.endpoint),
            carries: carried.map(|(word, _)| word).collect(),
            two_hops: trace.two_hops(),
            behind: trace.peer().is_some_and(|peer| peer.behind),
            protocol_assumed: !kept.protocol_seen,
            guessed_direction: kept.guessed_direction,
        },
    );
    let mut aside = kept.unparsed.iter().peekable();
    for tapped in trace.tapped() {
        while let Some((place, text)) = aside.next_if(|(place, _)| *place < tapped.stamp.place) {
            unparsed(out, *place, text);
        }
        lines(trace, tapped, &mut |line| put(out, &line));
    }
    for (place, text) in aside {
        unparsed(out, *place, text);
    }
}

fn unparsed(out: &mut String, place: u32, octets: &[u8]) {
    let (text, base64) = octets_as(octets);
    put(out, &Line { place, is: Some("unparsed"), text, base64, ..Line::default() });
}

/// Octets as text where that is exact, and otherwise in base64.
fn octets_as(octets: &[u8]) -> (Option<&str>, Option<String>) {
    match std::str::from_utf8(octets) {
        Ok(text) => (Some(text), None),
        Err(_) => (None, Some(base64::engine::general_purpose::STANDARD.encode(octets))),
    }
}

/// So many octets stand in one line at most.
const LINE_OCTETS: usize = 32 << 10;

fn lines<'a>(trace: &'a Trace, tapped: &'a Tapped, each: &mut dyn FnMut(Line<'a>)) {
    let Tick(at) = tapped.stamp.at;
    let hop = trace.two_hops().then_some(tapped.stamp.hop);
    let mut line = Line { place: tapped.stamp.place, at, hop, ..Line::default() };
    match tapped.seen {
        Seen::Octets { from, layer, origin, span } => {
            for octets in trace.slice(tapped.stamp.hop, from, span).chunks(LINE_OCTETS) {
                let (text, base64) = octets_as(octets);
                let layer = Some(layer).filter(|layer| *layer != Layer::Clear);
                let origin = Some(origin).filter(|origin| *origin != Origin::Unknown);
                let (place, from) = (tapped.stamp.place, Some(from));
                each(Line { place, at, hop, from, layer, origin, text, base64, ..Line::default() });
            }
        }
        Seen::Omitted(from) => {
            line.is = Some("omitted");
            line.from = Some(from);
            each(line);
        }
        Seen::Lost => {
            line.is = Some("lost");
            each(line);
        }
        Seen::Happened(id) => {
            if let Some(line) = trace.event(id).and_then(|event| happened(event, line)) {
                each(line);
            }
        }
    }
}

fn happened<'a>(event: &'a Event, mut line: Line<'a>) -> Option<Line<'a>> {
    line.is = Some(match &event.kind {
        EventKind::TlsBegan => "tls-began",
        EventKind::TlsHello(facts) => {
            line.tls = Some(tls(facts));
            "tls-hello"
        }
        EventKind::TlsUp(facts) => {
            line.tls = Some(tls(facts));
            "tls-up"
        }
        EventKind::TlsFailed(failure) => {
            line.why = Some(word(failure));
            "tls-failed"
        }
        EventKind::TlsEnded(ending) => {
            line.from = Some(event.from);
            line.why = Some(word(ending));
            "tls-ended"
        }
        EventKind::Closed => {
            line.from = Some(event.from);
            "closed"
        }
        // A look-up is no part of this connection, and a note no part of a recording.
        _ => return None,
    });
    Some(line)
}

fn tls(facts: &crate::tls::Facts) -> Tls<'_> {
    Tls {
        version: facts.version.map(|version| version.name()),
        cipher: facts.cipher.as_deref(),
        client_certificate_asked: facts.client_certificate_asked,
        client_certificate: facts.client_certificate.as_ref().map(|shown| shown.subject.as_str()),
        recorded: facts.recorded.as_deref(),
    }
}

/// The word by which a record names a value.
fn word(value: &impl Serialize) -> Cow<'static, str> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Cow::Owned(word),
        _ => Cow::Borrowed(""),
    }
}

fn put(out: &mut String, value: &impl Serialize) {
    super::json::put(out, value);
    out.push('\n');
}
