//! Reads a recording in, in pieces, so that the page stays awake.

use super::app::Go;
use super::state::{Action, Reading};
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Reads a file.
pub fn file(file: web_sys::File, go: Go) {
    let name = file.name();
    go.dispatch(Action::Read(Reading::Busy(name.as_str().into(), 0)));
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => octets(name, js_sys::Uint8Array::new(&buffer).to_vec(), go),
            Err(_) => failed(&go, &format!("{name} could not be read: the browser refused")),
        }
    });
}

/// Reads octets.
pub fn octets(name: String, octets: Vec<u8>, go: Go) {
    let _ = octets;
    failed(&go, &format!("{name}: recordings cannot be read yet"));
}

fn failed(go: &Go, why: &str) {
    go.dispatch(Action::Read(Reading::Failed(Rc::from(why))));
}
