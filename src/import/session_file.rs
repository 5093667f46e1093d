//! This project's own format (`docs/session.md`): one JSON object per line, all that a recording can show.

use super::kit::{Line, Lines};
use super::{Batch, Confidence, Format, Head, Notice, Reader, Remark, Session, Unparsed, Why};
use crate::base::{Endpoint, Hop, Layer, Origin, Protocol, Side, Tick};
use crate::proto::{self, Recorder, Tap};
use crate::tls::{ClientCertificate, Facts, Failure, Presented, Recorded, Version};
use crate::trace::{Carries, Ending, Peer, Stamp};
use base64::Engine;
use serde_json::{Map, Value};

/// The format.
pub static FORMAT: Format = Format {
    id: "session",
    title: "STARTTLS Lab session",
    about: "What this program saves: one JSON object per line, for each session a line that begins it, then what was sent and what happened, in order. `docs/session.md` describes it, so that other programs can write it too.",
    place: "line",
    detect: |head: &Head<'_>| head.octets.starts_with(SIGNATURE).then_some(Confidence::Signed),
    reader: |_| Box::new(SessionFile { lines: Lines::new(), inner: Inner::default() }),
};

/// How every version begins.
const SIGNATURE: &[u8] = b"{\"starttls-lab\":\"session/";

/// The version that is read here.
const VERSION: &str = "session/1";

type Object = Map<String, Value>;

#[derive(Debug)]
struct SessionFile {
    lines: Lines,
    inner: Inner,
}

#[derive(Debug, Default)]
struct Inner {
    open: Option<Open>,
    stray: Vec<Unparsed>,
}

/// The session whose lines are read.
#[derive(Debug)]
struct Open {
    recorder: Recorder,
    /// Without its trace, which is not finished.
    number: u32,
    protocol_seen: bool,
    guessed_direction: bool,
    unparsed: Vec<Unparsed>,
    remarks: Vec<Remark>,
    notices: Vec<Notice>,
}

impl Reader for SessionFile {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        let inner = &mut self.inner;
        self.lines.push(chunk, &mut |line| inner.line(line, out));
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        let inner = &mut self.inner;
        self.lines.finish(&mut |line| inner.line(line, out));
        inner.end(out);
        out.stray.append(&mut inner.stray);
    }
}

impl Inner {
    fn line(&mut self, line: Line<'_>, out: &mut Batch) {
        if line.text.iter().all(u8::is_ascii_whitespace) {
            self.remark(&line, out);
            return;
        }
        let read = match serde_json::from_slice(line.text) {
            Ok(Value::Object(object)) if line.dropped == 0 => {
                let read = self.object(&object, out);
                if read.is_some() && (object.contains_key("starttls-lab") || object.contains_key("session")) {
                    self.remark(&line, out);
                }
                read
            }
            _ => None,
        };
        if read.is_none() {
            let why = if line.dropped > 0 { Why::Overlong(line.dropped) } else { Why::NotOurs };
            let lines = self.open.as_mut().map_or(&mut self.stray, |open| &mut open.unparsed);
            lines.push(Unparsed { line: line.number, text: line.text.into(), why });
        }
    }

    /// A line that is no part of a dialogue.
    fn remark(&mut self, line: &Line<'_>, out: &mut Batch) {
        let remarks = self.open.as_mut().map_or(&mut out.stray_remarks, |open| &mut open.remarks);
        remarks.push(Remark { line: line.number, text: line.text.into() });
    }

    /// Takes a line in; `None` when it means nothing here.
    fn object(&mut self, object: &Object, out: &mut Batch) -> Option<()> {
        if let Some(version) = object.get("starttls-lab") {
            if version.as_str() != Some(VERSION) {
                let message = "The file was written by a later version of this program; what is new in it was not read.";
                out.notices.push(Notice { message: message.to_owned(), places: Vec::new() });
            }
            return Some(());
        }
        if object.contains_key("session") {
            self.end(out);
            self.open = Some(begin(object)?);
            return Some(());
        }
        tap(self.open.as_mut()?, object)
    }

    fn end(&mut self, out: &mut Batch) {
        let Some(mut open) = self.open.take() else { return };
        out.sessions.push(Session {
            trace: open.recorder.finish(),
            number: open.number,
            protocol_seen: open.protocol_seen,
            guessed_direction: open.guessed_direction,
            unparsed: open.unparsed,
            remarks: open.remarks,
            left_out: 0,
            notices: open.notices,
        });
    }
}

fn begin(object: &Object) -> Option<Open> {
    let text = |name| object.get(name).and_then(Value::as_str);
    let says = |name| object.get(name) == Some(&Value::Bool(true));
    let protocol = Protocol::ALL.into_iter().find(|known| Some(known.id()) == text("protocol"))?;
    let words = object.get("carries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (carries, unknown) = Carries::of_words(words.iter().filter_map(Value::as_str));
    let mut notices = Vec::new();
    if !unknown.is_empty() {
        let message = format!("What “{}” means is not known here.", unknown.join("”, “"));
        notices.push(Notice { message, places: Vec::new() });
    }
    // A file may claim notes of the machines, but has none.
    let carries = Carries { notes: false, ..carries };
    let mut recorder = Recorder::new(proto::find(protocol)?, carries, says("two_hops"));
    if let Some(Value::Object(to)) = object.get("to") {
        let endpoint = Endpoint {
            host: to.get("host").and_then(Value::as_str)?.to_owned(),
            port: to.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok())?,
            tls_first: to.get("tls_first") == Some(&Value::Bool(true)),
        };
        recorder.connected_to(Peer {
            endpoint,
            attackers: false,
            behind: says("behind"),
            other_service: false,
        });
    }
    Some(Open {
        recorder,
        number: number(object.get("session"))?,
        protocol_seen: !says("protocol_assumed"),
        guessed_direction: says("guessed_direction"),
        unparsed: Vec::new(),
        remarks: Vec::new(),
        notices,
    })
}

fn number(value: Option<&Value>) -> Option<u32> {
    value.and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok())
}

fn side(value: Option<&Value>) -> Option<Side> {
    let name = value.and_then(Value::as_str)?;
    Side::BOTH.into_iter().find(|side| side.name() == name)
}

fn octets(object: &Object) -> Option<Vec<u8>> {
    match (object.get("text"), object.get("base64")) {
        (Some(Value::String(text)), None) => Some(text.clone().into_bytes()),
        (None, Some(Value::String(text))) => base64::engine::general_purpose::STANDARD.decode(text).ok(),
        _ => None,
    }
}

/// Hands one line to the recorder.
fn tap(open: &mut Open, object: &Object) -> Option<()> {
    let text = |name| object.get(name).and_then(Value::as_str);
    let hop = match text("hop") {
        None | Some("client") => Hop::Client,
        Some("server") => Hop::Server,
        Some(_) => return None,
    };
    let at = Tick(object.get("at").and_then(Value::as_u64).unwrap_or_default());
    let stamp = Stamp { at, hop, place: number(object.get("place"))? };
    let from = side(object.get("from"));
    let Some(is) = text("is") else {
        let layer = match text("layer") {
            None | Some("clear") => Layer::Clear,
            Some("tls") => Layer::Tls,
            Some(_) => return None,
        };
        let origin = match text("origin") {
            None | Some("unknown") => Origin::Unknown,
            Some("genuine") => Origin::Genuine,
            Some("changed") => Origin::Changed,
            Some("added") => Origin::Added,
            Some(_) => return None,
        };
        let octets = octets(object)?;
        open.recorder.tap(stamp, Tap::Octets { from: from?, layer, origin, octets: &octets });
        return Some(());
    };
    let tap = match is {
        "omitted" => Tap::Omitted(from?),
        "lost" => Tap::Lost,
        "tls-began" => Tap::TlsBegan,
        "tls-hello" => Tap::TlsHello(tls(object)),
        "tls-up" => Tap::TlsUp(tls(object)),
        "tls-failed" => Tap::TlsFailed(Failure::from_word(text("why")?)?),
        "tls-ended" => Tap::TlsEnded(from?, Ending::from_word(text("why")?)?),
        "closed" => Tap::Closed(from?),
        "unparsed" => {
            let line = Unparsed { line: stamp.place, text: octets(object)?.into(), why: Why::NoMark };
            open.unparsed.push(line);
            return Some(());
        }
        _ => return None,
    };
    open.recorder.tap(stamp, tap);
    Some(())
}

/// What a recording shows of a handshake.
fn tls(object: &Object) -> Facts {
    let empty = Object::new();
    let tls = object.get("tls").and_then(Value::as_object).unwrap_or(&empty);
    let text = |object: &Object, name| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let says = |object: &Object, name| object.get(name) == Some(&Value::Bool(true));
    let presented = |shown: &Object| Presented {
        dns_names: shown
            .get("dns_names")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default(),
        common_name: text(shown, "common_name"),
        issuer: text(shown, "issuer"),
        self_issued: says(shown, "self_issued"),
        in_date: says(shown, "in_date"),
    };
    let recorded = tls.get("recorded").and_then(Value::as_object).map(|recorded| {
        Box::new(Recorded {
            server_name: text(recorded, "server_name"),
            application: text(recorded, "application"),
            presented: recorded.get("presented").and_then(Value::as_object).map(presented),
        })
    });
    Facts {
        version: tls.get("version").and_then(Value::as_str).and_then(Version::from_name),
        cipher: text(tls, "cipher"),
        client_certificate_asked: tls.get("client_certificate_asked").and_then(Value::as_bool),
        client_certificate: text(tls, "client_certificate").map(|subject| ClientCertificate { subject }),
        recorded,
        ..Facts::default()
    }
}
