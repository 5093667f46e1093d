//! The worker's end: one request at a time comes as `[octets, file, ...]`, and messages go back as octets.

use super::{Message, RELEASE, Request, Source, pack, run, unpack};
use js_sys::{Array, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

/// So long nothing is said of progress after something was, in milliseconds.
const QUIET: u64 = 50;

/// Listens, and says that it does.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let heard = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| answer(&scope, &event.data()))
    };
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // It listens for as long as the worker lives.
    heard.forget();
    say(&scope, &Message::Ready(RELEASE.to_owned()));
}

fn answer(scope: &DedicatedWorkerGlobalScope, data: &JsValue) {
    let last = Cell::new(0);
    let mut progress = |done: u64, of: u64| {
        let now = js_sys::Date::now() as u64;
        if now >= u64::saturating_add(last.get(), QUIET) {
            last.set(now);
            say(scope, &Message::Progress(done, of));
        }
    };
    let message = match request(data).and_then(|(request, mut files)| run(request, &mut files, &mut progress))
    {
        Ok(answer) => Message::Done(Box::new(answer)),
        Err(why) => Message::Failed(why),
    };
    say(scope, &message);
}

fn request(data: &JsValue) -> Result<(Request, Vec<Box<dyn Source>>), String> {
    let parts = data.dyn_ref::<Array>().ok_or("this is no request")?;
    let octets = parts.get(0).dyn_into::<Uint8Array>().map_err(|_| "this is no request")?;
    let request = unpack(&octets.to_vec())?;
    let mut files: Vec<Box<dyn Source>> = Vec::new();
    for part in parts.iter().skip(1) {
        files.push(Box::new(File(part.dyn_into().map_err(|_| "this is no file")?)));
    }
    Ok((request, files))
}

/// Sends a message; its octets change hands and are not copied.
fn say(scope: &DedicatedWorkerGlobalScope, message: &Message) {
    let octets = pack(message).or_else(|why| pack(&Message::Failed(why))).unwrap_or_default();
    let octets = Uint8Array::from(octets.as_slice());
    // There is nobody to tell when the page does not hear.
    let _ = scope.post_message_with_transfer(&octets, &Array::of1(&octets.buffer()));
}

/// A file of the person's, of which the browser gives pieces.
struct File(Blob);

impl Source for File {
    fn len(&self) -> u64 {
        // A count of octets; browsers give it as a number.
        self.0.size() as u64
    }

    fn read(&mut self, from: u64, to: u64) -> Result<Vec<u8>, String> {
        let gone = "the browser could not read it";
        let piece = self.0.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| gone)?;
        let reader = FileReaderSync::new().map_err(|_| gone)?;
        let buffer = reader.read_as_array_buffer(&piece).map_err(|_| gone)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}
