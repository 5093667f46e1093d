//! The page's end of its worker: asks, hears how far it is, and can stop it at any moment.
//!
//! One task, one worker; one that is done waits for the next task. What it is asked for, and what comes back, is in
//! [`crate::work`].

use crate::work::{Answer, Message, RELEASE, Request, pack, unpack};
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Event, MessageEvent, Worker};

/// Where the worker's script is, unless the page says so in `<meta name="worker">`: relative to the page.
const SCRIPT: &str = "worker_loader.js";

/// What comes of a task, in this order: any number of the first, and one of the others.
#[derive(Debug)]
pub enum Heard {
    /// So much of so much is done; of nothing: nobody knows how much there is.
    Progress(u64, u64),
    /// It is done.
    Done(Answer),
    /// It cannot be done: why, in a sentence without its end.
    Failed(String),
    /// There is no worker in this browser, or its script did not come: why.
    Missing(String),
}

/// A task under way. It goes on when this is dropped; [`Task::cancel`] ends it.
#[derive(Clone, Debug)]
pub struct Task(Rc<RefCell<Option<Desk>>>);

/// A worker with the ears that belong to it.
#[derive(Debug)]
struct Desk {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(Event)>,
}

thread_local! {
    /// A worker that has nothing to do.
    static IDLE: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

impl Task {
    /// Ends it: nothing more is heard of it.
    pub fn cancel(&self) {
        if let Some(desk) = self.0.take() {
            desk.worker.terminate();
            desk.leave();
        }
    }

    /// Whether it is still under way.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.0.borrow().is_some()
    }
}

/// Asks for something; the files belong to the request.
pub fn ask(request: &Request, files: &[Blob], hear: impl Fn(Heard) + 'static) -> Task {
    let task = Task(Rc::default());
    let letter = match pack(request) {
        Ok(octets) => Array::of1(&Uint8Array::from(octets.as_slice())),
        Err(why) => {
            hear(Heard::Failed(why));
            return task;
        }
    };
    for file in files {
        letter.push(file);
    }
    // A worker hears nothing before it has said that it is there.
    let (worker, ready) = match IDLE.with_borrow_mut(Option::take) {
        Some(worker) => (worker, true),
        None => match Worker::new(&script()) {
            Ok(worker) => (worker, false),
            Err(why) => {
                hear(Heard::Missing(words(&why)));
                return task;
            }
        },
    };
    let hear = Rc::new(hear);
    let heard = {
        let (task, worker, letter, hear) = (task.clone(), worker.clone(), letter.clone(), Rc::clone(&hear));
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match message(&event.data()) {
            Ok(Message::Ready(release)) if release != RELEASE => {
                task.cancel();
                let why = "another release of this page was put in its place; load it again";
                hear(Heard::Missing(why.to_owned()));
            }
            Ok(Message::Ready(_)) => drop(worker.post_message(&letter)),
            Ok(Message::Progress(done, of)) => hear(Heard::Progress(done, of)),
            Ok(Message::Done(answer)) => {
                task.rest();
                hear(Heard::Done(*answer));
            }
            Ok(Message::Failed(why)) => {
                task.rest();
                hear(Heard::Failed(why));
            }
            Err(why) => {
                task.cancel();
                hear(Heard::Missing(why));
            }
        })
    };
    let failed = {
        let (task, hear) = (task.clone(), hear);
        Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            if task.runs() {
                task.cancel();
                // An event with words comes from the worker's code, one without from its absence.
                let said = js_sys::Reflect::get(&event, &"message".into()).ok().and_then(|m| m.as_string());
                hear(match said.filter(|said| !said.is_empty()) {
                    Some(said) => Heard::Failed(format!("the worker broke down: {said}")),
                    None => Heard::Missing("its script did not come".to_owned()),
                });
            }
        })
    };
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    let sent = if ready { worker.post_message(&letter) } else { Ok(()) };
    task.0.replace(Some(Desk { worker, _heard: heard, _failed: failed }));
    drop(sent);
    task
}

impl Task {
    /// It is done: its worker waits for the next one.
    fn rest(&self) {
        let Some(desk) = self.0.take() else { return };
        desk.worker.set_onmessage(None);
        desk.worker.set_onerror(None);
        let before = IDLE.replace(Some(desk.worker.clone()));
        if let Some(worker) = before {
            worker.terminate();
        }
        desk.leave();
    }
}

impl Desk {
    /// This may run inside of its ears, which have to stay until that is over.
    fn leave(self) {
        wasm_bindgen_futures::spawn_local(async move { drop(self) });
    }
}

fn message(data: &JsValue) -> Result<Message, String> {
    let octets = data.dyn_ref::<Uint8Array>().ok_or("the worker said something else")?;
    unpack(&octets.to_vec())
}

/// The address of the worker's script: a page in one file has it from elsewhere than a site.
fn script() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let named = document.and_then(|document| document.query_selector("meta[name=worker]").ok().flatten());
    named.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| SCRIPT.to_owned())
}

fn words(value: &JsValue) -> String {
    let message = js_sys::Reflect::get(value, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| "this browser has no workers".to_owned())
}
