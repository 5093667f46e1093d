//! What can be done to a recording on the table: change its lines, turn its sides around, ask what if.

mod changes;
mod editor;
mod whatif;

pub use editor::Editor;
pub use whatif::{AskedHere, WhatIf};

use super::reading;
use super::session::{Session, Shared};
use super::state::State;
use crate::base::{MASK, Side, order, printable};
use crate::import::Format;
use crate::pipeline;
use crate::report::ReplayRecord;
use crate::trace::{Capabilities, EventKind, Trace};
use crate::view::{Draft, Edit};
use std::rc::Rc;

/// What a log on the table was read from.
#[derive(Debug)]
pub struct Source {
    /// Its octets.
    pub octets: Rc<[u8]>,
    /// What it was read as.
    pub format: &'static Format,
    /// Its lines, if it is short text.
    pub draft: Option<Draft>,
}

impl Source {
    /// A recording that can be changed line by line, if it is short text whose places are its lines.
    #[must_use]
    pub fn new(octets: Vec<u8>, format: &'static Format) -> Self {
        // The places of a saved session are those of what was saved.
        let draft = if format.id == "session" { None } else { Draft::new(&octets) };
        Self { octets: octets.into(), format, draft }
    }
}

/// What happens to a recording.
#[derive(Clone, Debug)]
pub enum Deal {
    /// A change of its lines.
    Edit(Edit),
    /// A change of the current line.
    Here(Here),
    /// What the client is said to have said the server said, and the other way round.
    Swap,
    /// It is played again in another way; nothing: as it was.
    WhatIf(Question),
}

/// A change of the current line.
#[derive(Clone, Copy, Debug)]
pub enum Here {
    /// It goes before the line before it.
    Up,
    /// It goes behind the line behind it.
    Down,
    /// The same line once more.
    Double,
    /// Away with it.
    Delete,
}

/// How a recording is to be played again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The attack that is put into it.
    pub attack: Option<&'static str>,
    /// The profile that plays the client instead of the recording.
    pub client: Option<String>,
    /// The profile that plays the server.
    pub server: Option<String>,
}

/// A recording that is being played again.
#[derive(Debug)]
pub struct Asked {
    /// How.
    pub question: Question,
    /// What came of it, or why nothing.
    pub answer: Result<ReplayRecord, String>,
    /// The recording itself.
    pub recorded: Shared<Session>,
}

/// A list that a line shows, and the lines that it stands on.
#[must_use]
pub fn list_at(traces: &[Trace], place: u32) -> Option<(Capabilities, (u32, u32))> {
    let mut events = traces.iter().flat_map(|trace| trace.leg(Side::Client).events());
    events.find_map(|event| match &event.kind {
        EventKind::Advertise(list, _) if (event.places.0..=event.places.1).contains(&place) => {
            Some((list.clone(), event.places))
        }
        _ => None,
    })
}

/// The secrets in a line, as octets.
fn secrets(traces: &[Trace], line: u32) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for trace in traces {
        for event in trace.events().iter().filter(|event| (event.places.0..=event.places.1).contains(&line)) {
            let of = |span: &crate::trace::Span| trace.slice(event.hop, event.from, *span).to_vec();
            found.extend(event.secrets.iter().map(of).filter(|secret| !secret.is_empty()));
        }
    }
    order::sort_by_key(&mut found, |secret| std::cmp::Reverse(secret.len()));
    found.dedup();
    found
}

/// A line as a field shows it: secrets as dots. `None` where a text field would change its octets.
#[must_use]
pub fn shown(traces: &[Trace], number: u32, line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok().filter(|text| printable(text.as_bytes()) == *text)?;
    let mut text = text.to_owned();
    for secret in secrets(traces, number) {
        text = text.replace(std::str::from_utf8(&secret).ok()?, MASK);
    }
    Some(text)
}

/// The octets that a field means: dots stand for the secrets that they came from, in order.
#[must_use]
pub fn meant(traces: &[Trace], number: u32, line: &[u8], text: &str) -> Vec<u8> {
    let mut secrets = secrets(traces, number);
    let position = |secret: &Vec<u8>| memchr::memmem::find(line, secret).unwrap_or(usize::MAX);
    order::sort_by_key(&mut secrets, position);
    let mut octets = Vec::new();
    let mut parts = text.split(MASK);
    octets.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    let mut secrets = secrets.into_iter();
    for part in parts {
        octets.extend(secrets.next().unwrap_or_else(|| MASK.as_bytes().to_vec()));
        octets.extend_from_slice(part.as_bytes());
    }
    octets
}

impl State {
    /// Something happens to the recording on the table.
    pub(super) fn deal(&mut self, deal: &Deal) {
        match deal {
            Deal::Edit(edit) => self.edit(edit),
            Deal::Here(here) => {
                let line = self.session.place(self.at);
                let text =
                    || self.source().and_then(|source| Some(source.draft.as_ref()?.line(line)?.to_vec()));
                let edit = match here {
                    Here::Up => Some(Edit::Up(line)),
                    Here::Down => Some(Edit::Down(line)),
                    Here::Delete => Some(Edit::Delete(line)),
                    Here::Double => text().map(|text| Edit::Insert(line, text)),
                };
                edit.iter().for_each(|edit| self.edit(edit));
            }
            Deal::Swap => self.swap(),
            Deal::WhatIf(question) => self.what_if(question),
        }
    }

    fn source(&self) -> Option<Rc<Source>> {
        self.log.as_ref()?.0.source.clone()
    }

    fn edit(&mut self, edit: &Edit) {
        let Some(source) = self.source().filter(|_| self.asked.is_none()) else { return };
        let Some((draft, line)) = source.draft.as_ref().and_then(|draft| draft.with(edit)) else { return };
        let next = Source { octets: draft.octets().into(), draft: Some(draft), ..copy(&source) };
        self.put(next, line);
    }

    /// Lines that are marked with their sides, the other way round.
    fn swap(&mut self) {
        let Some(source) = self.source() else { return };
        let Some(octets) = changes::swapped(&self.session.traces, &source.octets) else { return };
        let Some(format) = pipeline::formats().iter().copied().find(|format| format.id == "transcript")
        else {
            return;
        };
        let next = Source::new(octets, format);
        self.put(next, 1);
    }

    /// Another text in the place of the recording: read, judged and compared with what was there.
    fn put(&mut self, source: Source, line: u32) {
        let Some((log, part)) = self.log.clone() else { return };
        let read = match reading::changed(&log, source) {
            Ok(read) => read,
            Err(why) => {
                self.say = format!("That would be no recording any more: {why}").as_str().into();
                self.changed = Some(Shared::new(super::state::Changed {
                    sentence: self.say.to_string(),
                    verdicts: Vec::new(),
                }));
                return;
            }
        };
        let part = part.min(read.parts.len().saturating_sub(1));
        let Some(mut session) = read.parts.get(part).map(|part| {
            Session::imported(part, pipeline::By { rule_set: self.rule_set, assumed: self.assumed })
        }) else {
            return;
        };
        let old = self.session.clone();
        session.aside = old.aside.clone();
        self.show(Shared::new(session));
        self.log = Some((Shared::new(read), part));
        self.at = self.session.index_of(line);
        self.tell_changes(&old, "");
    }

    /// The recording is played again, or stands there as it was.
    pub(super) fn what_if(&mut self, question: &Question) {
        let Some((log, part)) = self.log.clone() else { return };
        let recorded =
            self.asked.as_ref().map_or_else(|| self.session.clone(), |asked| asked.recorded.clone());
        let old = self.session.clone();
        if *question == Question::default() {
            self.asked = None;
            self.show(recorded);
            self.tell_changes(&old, "The recording as it was. ");
            return;
        }
        let name = log.parts.get(part).map_or(String::new(), |part| part.title.clone());
        let (session, answer) = match whatif::play(question, &recorded, &name, self.by()) {
            Ok((session, record)) => (Shared::new(session), Ok(record)),
            // The same session as a new one, so that the way back is one step.
            Err(why) => (Shared::new((*recorded).clone()), Err(why)),
        };
        self.show(session);
        let sentence = match &answer {
            Ok(record) => format!("Would it have fallen? {}", record.answer()),
            Err(why) => format!("This recording cannot be played again: {why}."),
        };
        self.say = super::words::spoken(&sentence).into();
        self.changed = Some(Shared::new(super::state::Changed { sentence, verdicts: Vec::new() }));
        self.asked = Some(Rc::new(Asked { question: question.clone(), answer, recorded }));
    }
}

fn copy(source: &Source) -> Source {
    Source { octets: source.octets.clone(), format: source.format, draft: source.draft.clone() }
}
