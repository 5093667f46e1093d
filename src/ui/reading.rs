//! Reads a recording in so that the page stays awake and the person can stop it: what is small at once and here, what
//! is large, and every capture, by the worker.

use super::app::Go;
use super::recording::Source;
use super::session::{self, Session, Shared};
use super::state::{Action, Log, Part, Reading};
use super::words;
use super::worker::{self, Heard, Task};
use crate::base::{Layer, Side, order};
use crate::facts::Facts;
use crate::import::{self, Batch, Confidence, Detected, Format, Unparsed, Why};
use crate::pipeline::{self, By};
use crate::rules::Verdict;
use crate::trace::Trace;
use crate::view::{Aside, Pencil};
use crate::work::{self, Answer, Request};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::platform::time::sleep;

/// From so many octets on the worker reads: below, this is done before the worker has started.
const LARGE: u64 = 256 << 10;
/// So many kinds of notices are told.
const NOTICES: usize = 5;
/// So many octets are read between two looks at the clock.
const CHUNK: usize = 64 << 10;
/// So long the page may be kept from drawing, in milliseconds.
const PATIENCE: u64 = 40;
/// A recording of so many events is judged in slices.
const LONG: usize = 2_000;
/// So many rows are drawn between two looks at the clock.
const ROWS: usize = 500;

thread_local! {
    /// Counts the readings: one that is not the newest stops.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
    /// The one that the worker does.
    static TASK: RefCell<Option<Task>> = const { RefCell::new(None) };
}

fn begin() -> u32 {
    if let Some(task) = TASK.take() {
        task.cancel();
    }
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

/// The files of a list that the browser made.
pub fn list(files: web_sys::FileList) -> Vec<web_sys::File> {
    (0..files.length()).filter_map(|number| files.get(number)).collect()
}

/// Reads files, one after the other, into one list of sessions.
pub fn files(files: Vec<web_sys::File>, by: By, go: Go) {
    let run = begin();
    let first = files.first().map(web_sys::File::name).unwrap_or_default();
    go.dispatch(Action::Read(Reading::Busy(first.as_str().into(), 0)));
    spawn_local(async move {
        let mut capture = false;
        for file in &files {
            capture |= head(file).await.is_some_and(|head| import::is_capture(&head));
        }
        let size: u64 = files.iter().map(|file| file.size() as u64).sum();
        if capture || size >= LARGE {
            elsewhere(run, files, capture, by, go);
        } else {
            here(run, files, by, go).await;
        }
    });
}

/// Reads octets.
pub fn octets(name: String, octets: Vec<u8>, by: impl Into<By>, go: Go) {
    octets_as(name, octets, None, by.into(), go);
}

/// Reads octets in a format that the person chose.
pub fn octets_as(name: String, octets: Vec<u8>, format: Option<&'static Format>, by: By, go: Go) {
    let run = begin();
    go.dispatch(Action::Read(Reading::Busy(name.as_str().into(), 0)));
    let capture = import::is_capture(&octets);
    if (capture || octets.len() as u64 >= LARGE)
        && let Some(file) = as_file(&name, &octets)
    {
        elsewhere(run, vec![file], capture, by, go);
        return;
    }
    spawn_local(async move {
        let result = read(run, &name, octets, format, &go).await;
        finish(run, vec![(name, result)], by, go).await;
    });
}

/// The first octets of a file.
async fn head(file: &web_sys::File) -> Option<Vec<u8>> {
    let end = i32::try_from(import::CAPTURE_HEAD).unwrap_or(i32::MAX);
    let piece = file.slice_with_i32_and_i32(0, end).ok()?;
    let buffer = JsFuture::from(piece.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Octets as a file, which the worker can take a piece at a time.
fn as_file(name: &str, octets: &[u8]) -> Option<web_sys::File> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(octets));
    web_sys::File::new_with_u8_array_sequence(&parts, name).ok()
}

/// Reads files on the page's own thread.
async fn here(run: u32, files: Vec<web_sys::File>, by: By, go: Go) {
    let mut results = Vec::with_capacity(files.len());
    for file in files {
        let name = file.name();
        let result = match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => read(run, &name, js_sys::Uint8Array::new(&buffer).to_vec(), None, &go).await,
            Err(_) => Err(Stop::Failed("the browser could not read it".to_owned())),
        };
        results.push((name, result));
    }
    finish(run, results, by, go).await;
}

/// Has files read by the worker. Where there is none, text is read here all the same.
fn elsewhere(run: u32, files: Vec<web_sys::File>, capture: bool, by: By, go: Go) {
    let names: Vec<_> = files.iter().map(web_sys::File::name).collect();
    let blobs: Vec<_> = files.iter().map(|file| web_sys::Blob::from(file.clone())).collect();
    let first: Rc<str> = names.first().map_or("", String::as_str).into();
    let request = Request::Read { names, format: None, keys: Vec::new() };
    let hear = move |heard| {
        let go = go.clone();
        match heard {
            _ if stopped(run) => {}
            Heard::Progress(done, of) => {
                let percent = done.saturating_mul(90).checked_div(of).unwrap_or_default();
                let percent = u8::try_from(percent).unwrap_or(u8::MAX);
                go.dispatch(Action::Read(Reading::Busy(Rc::clone(&first), percent)));
            }
            Heard::Done(Answer::Read(read)) => {
                spawn_local(async move {
                    // To take it out of its message was a piece of work by itself.
                    let mut breath = Breath::new();
                    breath.rest().await;
                    let mut results = Vec::with_capacity(read.len());
                    for (name, read) in read {
                        results.push((name.clone(), sessions(name, read)));
                        breath.take().await;
                    }
                    finish(run, results, by, go).await;
                });
            }
            Heard::Done(_) => {}
            Heard::Missing(_) if !capture => spawn_local(here(run, files.clone(), by, go)),
            Heard::Missing(why) => {
                let why = format!("Captures are read by a worker, and there is none: {why}.");
                go.dispatch(Action::Read(Reading::Failed(why.into())));
            }
            Heard::Failed(why) => {
                go.dispatch(Action::Read(Reading::Failed(format!("{first} was not read: {why}.").into())));
            }
        }
    };
    let task = worker::ask(&request, &blobs, hear);
    TASK.replace(Some(task));
}

/// What the worker read, as the page keeps it.
fn sessions(name: String, read: Result<work::Read, String>) -> Result<Log, Stop> {
    let read = read.map_err(Stop::Failed)?;
    let (title, place) =
        import::find(&read.format).map_or(("", "line"), |format| (format.title, format.place));
    Ok(log(name, named(title, read.confidence), place, read.batch))
}

/// A format, and how sure that is.
fn named(title: &str, confidence: Confidence) -> String {
    let guess = if confidence == Confidence::Guess { ", at a guess" } else { "" };
    format!("{title}{guess}")
}

/// Milliseconds of the clock.
fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// Why a recording did not become sessions.
enum Stop {
    /// The person stopped it.
    Cancelled,
    /// It cannot be read, and why.
    Failed(String),
}

async fn read(
    run: u32,
    name: &str,
    octets: Vec<u8>,
    format: Option<&'static Format>,
    go: &Go,
) -> Result<Log, Stop> {
    // The progress line is drawn first.
    sleep(Duration::ZERO).await;
    let detected = match format {
        Some(format) => Detected { format, confidence: Confidence::Sure },
        None => import::detect(&octets).map_err(|error| Stop::Failed(error.to_string()))?,
    };
    let mut reader = detected
        .format
        .line_reader()
        .ok_or_else(|| Stop::Failed("it is a capture; open it as a file".to_owned()))?;
    let mut batch = Batch::default();
    let mut since = now();
    let chunks = octets.len().div_ceil(CHUNK).max(1);
    for (number, chunk) in octets.chunks(CHUNK).enumerate() {
        reader.push(chunk, &mut batch);
        if now().saturating_sub(since) > PATIENCE {
            let percent = number.saturating_mul(90).checked_div(chunks).unwrap_or_default();
            let percent = u8::try_from(percent).unwrap_or_default();
            go.dispatch(Action::Read(Reading::Busy(name.into(), percent)));
            sleep(Duration::ZERO).await;
            since = now();
        }
        if stopped(run) {
            return Err(Stop::Cancelled);
        }
    }
    reader.finish(&mut batch);
    import::check(&batch, &octets).map_err(|error| Stop::Failed(error.to_string()))?;
    sleep(Duration::ZERO).await;
    if stopped(run) {
        return Err(Stop::Cancelled);
    }
    let mut read =
        log(name.to_owned(), named(detected.format.title, detected.confidence), detected.format.place, batch);
    if octets.len() as u64 <= LARGE {
        read.source = Some(Rc::new(Source::new(octets, detected.format)));
    }
    Ok(read)
}

/// Reads a text at once: what a link holds is short.
///
/// # Errors
/// When there is no session in it, as a sentence without its end.
pub fn text(name: &str, octets: Vec<u8>) -> Result<Log, String> {
    let detected = import::detect(&octets).map_err(|error| error.to_string())?;
    let mut reader = detected.format.line_reader().ok_or("it is a capture")?;
    let mut batch = Batch::default();
    reader.push(&octets, &mut batch);
    reader.finish(&mut batch);
    import::check(&batch, &octets).map_err(|error| error.to_string())?;
    let mut read =
        log(name.to_owned(), named(detected.format.title, detected.confidence), detected.format.place, batch);
    read.source = Some(Rc::new(Source::new(octets, detected.format)));
    Ok(read)
}

/// Another text in the place of one that was read, in its format and under its name.
///
/// # Errors
/// When there is no session in it, as a sentence without its end.
pub fn changed(old: &Log, source: Source) -> Result<Log, String> {
    let mut reader = source.format.line_reader().ok_or("it is a capture")?;
    let mut batch = Batch::default();
    reader.push(&source.octets, &mut batch);
    reader.finish(&mut batch);
    import::check(&batch, &source.octets).map_err(|error| error.to_string())?;
    let mut read = log(old.name.clone(), source.format.title.to_owned(), source.format.place, batch);
    read.source = Some(Rc::new(source));
    Ok(read)
}

/// Puts what was read on the table, or says why there is nothing.
async fn finish(run: u32, results: Vec<(String, Result<Log, Stop>)>, by: By, go: Go) {
    let (mut logs, mut refused) = (Vec::new(), Vec::new());
    for (name, result) in results {
        match result {
            Ok(log) => logs.push(log),
            Err(Stop::Cancelled) => return,
            Err(Stop::Failed(why)) => refused.push(format!("{name} was not read: {why}.")),
        }
    }
    match together(logs, refused) {
        Ok(log) => {
            sleep(Duration::ZERO).await;
            show(run, Shared::new(log), 0, by, go).await;
        }
        Err(why) if stopped(run) => drop(why),
        Err(why) => go.dispatch(Action::Read(Reading::Failed(Rc::from(why)))),
    }
}

/// Several files as one list of sessions; those that were not read are named.
///
/// # Errors
/// The sentences about all of them, when none was read.
fn together(mut logs: Vec<Log>, refused: Vec<String>) -> Result<Log, String> {
    let Some(mut first) = logs.pop() else { return Err(refused.join(" ")) };
    if !logs.is_empty() {
        logs.push(first);
        let mut formats: Vec<_> = logs.iter().map(|log| log.format.clone()).collect();
        formats.dedup();
        first = Log {
            name: words::many(logs.len(), "file"),
            format: formats.join("; "),
            refused: Vec::new(),
            guessed: logs.iter().any(|log| log.guessed),
            source: None,
            packed: None,
            notices: logs.iter().flat_map(|log| log.notices.iter().cloned()).collect(),
            parts: Vec::new(),
        };
        for log in logs {
            let alone = log.parts.len() == 1;
            first.parts.extend(log.parts.into_iter().map(|part| Part {
                title: if alone { log.name.clone() } else { format!("{}, {}", log.name, lower(&part.title)) },
                ..part
            }));
        }
    }
    first.refused = refused;
    Ok(first)
}

/// A title within a line.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// Judges and draws one connection of an import and puts it on the table.
pub fn part(log: Shared<Log>, number: usize, by: By, go: Go) {
    spawn_local(show(begin(), log, number, by, go));
}

/// Judges the session on the table by something else. A simulated or a short one is judged within the action, a long
/// recording in slices, after which its verdicts come as a whole.
pub fn again(session: &Shared<Session>, by: By, action: Action, go: &Go) {
    let events: usize = session.traces.iter().map(|trace| trace.events().len()).sum();
    if session.simulated || events < LONG {
        go.dispatch(action);
        return;
    }
    let (run, session, go) = (begin(), session.clone(), go.clone());
    spawn_local(async move {
        let mut breath = Breath::new();
        let all = session.verdicts.len().saturating_mul(session.traces.len());
        let busy = |done: usize| {
            let percent = done.saturating_mul(100).checked_div(all).unwrap_or_default();
            go.dispatch(Action::Read(Reading::Judging(by, u8::try_from(percent).unwrap_or(100))));
        };
        busy(0);
        breath.rest().await;
        let Some(verdicts) = judged(run, &session.traces, &session.facts, by, &mut breath, busy).await else {
            return;
        };
        let verdicts = session::sorted(&session.traces, &verdicts);
        breath.rest().await;
        if !stopped(run) {
            go.dispatch(Action::Judged(by, Shared::new(session.with(verdicts))));
        }
    });
}

/// The verdicts on each connection, with a breath behind each of them; nothing once it was stopped.
async fn judged(
    run: u32,
    traces: &[Trace],
    facts: &[Facts],
    by: By,
    breath: &mut Breath,
    tell: impl Fn(usize),
) -> Option<Vec<Vec<Verdict>>> {
    let mut all = Vec::with_capacity(traces.len());
    let mut done = 0_usize;
    for (trace, facts) in traces.iter().zip(facts) {
        let mut found = Vec::new();
        // A recording has one hop, whose facts are those of both sides.
        for verdict in pipeline::judging(trace, [facts; 2], by) {
            found.push(verdict);
            done = done.saturating_add(1);
            if breath.due() {
                tell(done);
                breath.rest().await;
            }
            if stopped(run) {
                return None;
            }
        }
        all.push(found);
    }
    Some(all)
}

/// Lets the page draw and hear whenever it was kept from it for long enough.
struct Breath(u64);

impl Breath {
    fn new() -> Self {
        Self(now())
    }

    fn due(&self) -> bool {
        now().saturating_sub(self.0) > PATIENCE
    }

    async fn take(&mut self) {
        if self.due() {
            self.rest().await;
        }
    }

    async fn rest(&mut self) {
        sleep(Duration::ZERO).await;
        self.0 = now();
    }
}

/// Every piece of the work is small enough to breathe behind it, however many rows there are.
async fn show(run: u32, log: Shared<Log>, number: usize, by: By, go: Go) {
    let Some(part) = log.parts.get(number) else { return };
    let traces = part.traces.clone();
    let mut breath = Breath::new();
    let mut facts = Vec::with_capacity(traces.len());
    for trace in traces.iter() {
        facts.push(Facts::of(trace, Side::Client));
        breath.take().await;
    }
    let Some(verdicts) = judged(run, &traces, &facts, by, &mut breath, |_| {}).await else { return };
    let verdicts = session::sorted(&traces, &verdicts);
    let mut pencil = Pencil::new(&traces);
    while pencil.draw(ROWS) {
        breath.take().await;
    }
    breath.rest().await;
    let ladder = pencil.finish(&part.aside);
    breath.take().await;
    if stopped(run) {
        return;
    }
    let session = Session::of(traces, Shared::new(facts), verdicts, ladder).counting(part.noun);
    let session = Shared::new(session);
    breath.rest().await;
    if !stopped(run) {
        go.dispatch(Action::Open(log, number, session, by));
    }
}

/// Sessions as the page keeps them.
fn log(name: String, format: String, noun: &'static str, batch: Batch) -> Log {
    let guessed = batch.sessions.iter().any(|session| session.guessed_direction);
    let told = batch.sessions.iter().flat_map(|session| &session.notices).chain(&batch.notices);
    let mut notices: Vec<String> = told.map(|notice| notice.message.clone()).collect();
    notices.extend(batch.sessions.iter().filter_map(|session| session.trace.left_out()));
    order::sort_by(&mut notices, Ord::cmp);
    notices.dedup();
    notices.truncate(NOTICES);
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
            title: format!("{}s {first} to {last}", if noun == "packet" { "Packet" } else { "Line" }),
            noun,
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
        order::sort_by_key(&mut list, |line| line.line);
        part.aside = Shared::new(list);
    }
    Log { name, format, refused: Vec::new(), guessed, source: None, packed: None, notices, parts }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Log {
        let mut batch = Batch::default();
        let mut reader = import::detect(text.as_bytes()).unwrap().format.reader();
        reader.push(text.as_bytes(), &mut batch);
        reader.finish(&mut batch);
        log(name.to_owned(), "a format".to_owned(), "line", batch)
    }

    #[test]
    fn several_files_become_one_list_that_names_them_and_what_was_refused() {
        let one = "S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n";
        let refused = vec!["photo.jpg was not read: it is a picture.".to_owned()];
        let log = together(vec![read("a.log", one), read("b.log", one)], refused.clone()).unwrap();
        assert_eq!((log.name.as_str(), log.format.as_str()), ("2 files", "a format"));
        let titles: Vec<_> = log.parts.iter().map(|part| part.title.as_str()).collect();
        assert_eq!(titles, ["a.log", "b.log"]);
        assert_eq!(log.refused, refused);
        let alone = together(vec![read("a.log", one)], Vec::new()).unwrap();
        assert_eq!((alone.name.as_str(), alone.parts[0].title.as_str()), ("a.log", "Lines 1 to 3"));
        assert_eq!(together(Vec::new(), refused).unwrap_err(), "photo.jpg was not read: it is a picture.");
    }

    #[test]
    fn what_did_not_fit_is_told_once() {
        let long = ["S: * OK ready\n", &"S: * 1 EXISTS\n".repeat(230_000)].concat();
        let log = read("a.log", &long);
        assert!(log.parts[0].traces[0].full());
        let [told] = log.notices.as_slice() else { panic!("{:?}", log.notices) };
        assert!(told.contains("16 MB in each direction"), "{told}");
        assert_eq!(read("a.log", "S: * OK ready\n").notices, [""; 0]);
    }

    #[test]
    fn verdicts_that_come_late_replace_those_of_the_same_recording_only() {
        use super::super::state::State;
        use crate::pipeline::Assumed;
        use crate::rules::Outcome;
        use crate::spec::RuleSet;
        use crate::trace::Policy;
        use yew::Reducible;

        let log = || Shared::new(read("a.log", "S: * OK ready\nC: a1 LOGIN joe swordfish\nS: a1 OK in\n"));
        let open = |state: Rc<State>, by: By| {
            let log = log();
            let session = Shared::new(Session::imported(&log.parts[0], by));
            state.reduce(Action::Open(log, 0, session, by))
        };
        let outcome = |state: &State| {
            let found = state
                .session
                .verdicts
                .iter()
                .find(|v| (v.verdict.rule.id, v.verdict.side) == ("A02", Side::Client));
            found.map(|v| v.verdict.outcome)
        };
        let told = By {
            rule_set: RuleSet::Then,
            assumed: Assumed::default().with(Side::Client, Some(Policy::TlsRequired)),
        };
        let state = open(Rc::new(State::default()), By::default());
        assert_eq!(outcome(&state), Some(Outcome::CannotTell));
        let late = Action::Judged(told, Shared::new(state.session.judged_again(told)));
        let busy = state.clone().reduce(Action::Read(Reading::Judging(told, 50)));
        assert_eq!((busy.by(), busy.wish()), (By::default(), told));
        let judged = busy.reduce(late);
        assert_eq!((judged.by(), judged.wish(), outcome(&judged)), (told, told, Some(Outcome::Fail)));
        assert_eq!(judged.reading, Reading::Idle);
        let undone = judged.clone().reduce(Action::Undo);
        assert_eq!((undone.by(), outcome(&undone)), (By::default(), Some(Outcome::CannotTell)));
        // Another recording came in the meantime: the verdicts are of no use any more.
        let late = Action::Judged(By::default(), Shared::new(state.session.judged_again(By::default())));
        let other = open(judged, By::default());
        assert_eq!(outcome(&other), Some(Outcome::Fail), "what was assumed holds for the next recording too");
        assert_eq!(other.clone().reduce(late).by(), other.by());
    }
}
