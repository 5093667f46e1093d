//! Reads a recording in, in pieces, so that the page stays awake and the person can stop it.

use super::app::Go;
use super::session::{self, Session, Shared};
use super::state::{Action, Log, Part, Reading};
use crate::base::{Layer, Side};
use crate::facts::Facts;
use crate::import::{self, Batch, Confidence, Unparsed, Why};
use crate::spec::RuleSet;
use crate::view::{self, Aside};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::platform::time::sleep;

/// So many octets are read between two looks at the clock.
const CHUNK: usize = 64 << 10;
/// So long the page may be kept from drawing, in milliseconds.
const PATIENCE: u64 = 40;

thread_local! {
    /// Counts the readings: one that is not the newest stops.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

fn begin() -> u32 {
    NEWEST.with(|newest| {
        newest.set(newest.get().wrapping_add(1));
        newest.get()
    })
}

fn stopped(run: u32) -> bool {
    NEWEST.with(|newest| newest.get() != run)
}

/// Stops whatever is being read.
pub fn cancel(go: &Go) {
    begin();
    go.dispatch(Action::Read(Reading::Idle));
}

/// Reads a file.
pub fn file(file: web_sys::File, rules: RuleSet, go: Go) {
    let (run, name) = (begin(), file.name());
    go.dispatch(Action::Read(Reading::Busy(name.as_str().into(), 0)));
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => read(run, name, js_sys::Uint8Array::new(&buffer).to_vec(), rules, go).await,
            Err(_) => failed(&go, &name, "the browser could not read it"),
        }
    });
}

/// Reads octets.
pub fn octets(name: String, octets: Vec<u8>, rules: RuleSet, go: Go) {
    let run = begin();
    go.dispatch(Action::Read(Reading::Busy(name.as_str().into(), 0)));
    spawn_local(read(run, name, octets, rules, go));
}

/// Milliseconds of the clock.
fn now() -> u64 {
    js_sys::Date::now() as u64
}

async fn read(run: u32, name: String, octets: Vec<u8>, rules: RuleSet, go: Go) {
    // The progress line is drawn first.
    sleep(Duration::ZERO).await;
    let detected = match import::detect(&octets) {
        Ok(detected) => detected,
        Err(error) => return failed(&go, &name, &error.to_string()),
    };
    let mut reader = detected.format.reader();
    let mut batch = Batch::default();
    let mut since = now();
    let chunks = octets.len().div_ceil(CHUNK).max(1);
    for (number, chunk) in octets.chunks(CHUNK).enumerate() {
        reader.push(chunk, &mut batch);
        if now().saturating_sub(since) > PATIENCE {
            let percent = number.saturating_mul(90).checked_div(chunks).unwrap_or_default();
            let percent = u8::try_from(percent).unwrap_or_default();
            go.dispatch(Action::Read(Reading::Busy(name.as_str().into(), percent)));
            sleep(Duration::ZERO).await;
            since = now();
        }
        if stopped(run) {
            return;
        }
    }
    reader.finish(&mut batch);
    if let Err(error) = import::check(&batch, &octets) {
        return failed(&go, &name, &error.to_string());
    }
    drop(octets);
    sleep(Duration::ZERO).await;
    if !stopped(run) {
        let guess = if detected.confidence == Confidence::Guess { ", at a guess" } else { "" };
        let format = format!("{}{guess}", detected.format.title);
        show(run, Shared::new(log(name, format, batch)), 0, rules, go).await;
    }
}

/// Judges and draws one connection of an import and puts it on the table.
pub fn part(log: Shared<Log>, number: usize, rules: RuleSet, go: Go) {
    spawn_local(show(begin(), log, number, rules, go));
}

/// Each piece of the work is a task of its own: with 50,000 rows each takes a tenth of a second on a slow machine.
async fn show(run: u32, log: Shared<Log>, number: usize, rules: RuleSet, go: Go) {
    let Some(part) = log.parts.get(number) else { return };
    let traces = part.traces.clone();
    let facts = Shared::new(traces.iter().map(|trace| Facts::of(trace, Side::Client)).collect::<Vec<_>>());
    sleep(Duration::ZERO).await;
    let verdicts = session::judged(&traces, &facts, rules);
    sleep(Duration::ZERO).await;
    let ladder = view::ladder(&traces, &part.aside);
    sleep(Duration::ZERO).await;
    let session = Shared::new(Session::of(traces, facts, verdicts, ladder));
    if !stopped(run) {
        go.dispatch(Action::Open(log, number, session));
    }
}

/// Sessions as the page keeps them.
fn log(name: String, format: String, batch: Batch) -> Log {
    let guessed = batch.sessions.iter().any(|session| session.guessed_direction);
    let mut reasons = BTreeMap::new();
    let mut asides =
        |lines: &[Unparsed]| -> Vec<Aside> { lines.iter().map(|line| aside(line, &mut reasons)).collect() };
    let (mut parts, mut lines): (Vec<Part>, Vec<(u32, Vec<Aside>)>) = (Vec::new(), Vec::new());
    for session in batch.sessions {
        let events = session.trace.events();
        let (first, last) =
            (events.first().map_or(0, |e| e.places.0), events.last().map_or(0, |e| e.places.1));
        lines.push((first, asides(&session.unparsed)));
        parts.push(Part {
            title: format!("Lines {first} to {last}"),
            exposes: events.iter().any(|event| event.layer == Layer::Clear && !event.secrets.is_empty()),
            aside: Shared::new(Vec::new()),
            left_out: session.left_out,
            remarks: session.remarks.len(),
            traces: Shared::new(vec![session.trace]),
        });
    }
    // What is of no session that is covered stands behind the one before it.
    for foreign in &batch.foreign {
        let at = lines.partition_point(|(first, _)| *first < foreign.line).saturating_sub(1);
        if let (Some((_, list)), Some(part)) = (lines.get_mut(at), parts.get_mut(at)) {
            list.extend(asides(&foreign.unparsed));
            part.left_out = part.left_out.saturating_add(foreign.left_out);
        }
    }
    if let Some((_, list)) = lines.last_mut() {
        list.extend(asides(&batch.stray));
    }
    for (part, (_, mut list)) in parts.iter_mut().zip(lines) {
        list.sort_by_key(|line| line.line);
        part.aside = Shared::new(list);
    }
    Log { name, format, guessed, parts }
}

/// An unread line. Lines of the same kind share their reason.
fn aside(line: &Unparsed, reasons: &mut BTreeMap<String, Rc<str>>) -> Aside {
    let mut shared =
        |text: String| Rc::clone(reasons.entry(text).or_insert_with_key(|text| text.as_str().into()));
    let foreign = match line.why {
        Why::NotCovered(dialect) => Some(shared(dialect.to_string())),
        _ => None,
    };
    Aside::new(line.line, &line.text, shared(line.why.to_string()), foreign)
}

fn failed(go: &Go, name: &str, why: &str) {
    go.dispatch(Action::Read(Reading::Failed(Rc::from(format!("{name} was not read: {why}.")))));
}
