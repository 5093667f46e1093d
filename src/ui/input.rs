//! What comes from outside the components: keys, pastes and drops anywhere on the page.

use super::app::Go;
use super::commands::{self, Screen, Where, With};
use super::reading;
use super::route::Route;
use super::state::Action;
use crate::pipeline::By;
use gloo_events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, HtmlTextAreaElement, KeyboardEvent, ScrollBehavior,
    ScrollIntoViewOptions, ScrollLogicalPosition,
};

fn on(name: &'static str, what: impl FnMut(&Event) + 'static) -> Option<EventListener> {
    let document = web_sys::window().and_then(|window| window.document())?;
    let active = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, name, active, what))
}

thread_local! {
    /// The address that the page knows of.
    static SEEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Tells the script that was here before that the page hears what is pasted, dropped and pressed from now on.
pub fn announce() {
    let document = web_sys::window().and_then(|window| window.document());
    if let (Some(document), Ok(started)) = (document, Event::new("lab-started")) {
        // Nobody can refuse it.
        let _ = document.dispatch_event(&started);
    }
}

/// What stands behind the `#`.
#[must_use]
pub fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The day in UTC, as `2026-11-21`.
#[must_use]
pub fn today() -> String {
    js_sys::Date::new_0()
        .to_iso_string()
        .as_string()
        .and_then(|now| Some(now.get(..10)?.to_owned()))
        .unwrap_or_default()
}

/// Listens to addresses for as long as the result lives.
pub fn addresses(go: Go) -> Option<EventListener> {
    let window = web_sys::window()?;
    SEEN.set(hash());
    let visit = move |_: &Event| {
        SEEN.set(hash());
        go.dispatch(Action::Visit(hash()));
    };
    Some(EventListener::new(&window, "hashchange", visit))
}

/// Writes an address down: over the one that is there, so that Back leaves the screen and not the step; as a new one
/// when the screen is another.
pub fn write(address: &str) {
    let now = hash();
    let screen = |hash: &str| Route::read(hash).map_or(Route::Bench, |(route, _)| route.without_query());
    // An address that is not the one seen last was opened just now: it is about to be visited.
    let moved = SEEN.with_borrow(|seen| *seen != now);
    if moved || now == address || (now.is_empty() && address == "#/") {
        return;
    }
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    // Refused by a browser in a strange place: then the address stays behind, and nothing else.
    let _ = if screen(&now) == screen(address) {
        history.replace_state_with_url(&JsValue::NULL, "", Some(address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(address))
    };
    SEEN.set(hash());
}

/// Brings something into view without moving more than needed.
pub fn reveal(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_behavior(ScrollBehavior::Instant);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Opens an address as a link does.
pub fn open(address: &str) {
    if let Some(window) = web_sys::window() {
        // Refused by no browser for an address of the same page.
        let _ = window.location().set_hash(address.trim_start_matches('#'));
    }
}

/// What a person writes in: its keys are its own.
const FIELD: &str =
    "input:not([type=radio], [type=checkbox], [type=range]), select, textarea, [contenteditable]";

/// Whether a key goes to something of a kind, or to what is within it.
fn within(key: &KeyboardEvent, what: &str) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(what).is_ok_and(|found| found.is_some()))
}

/// Listens to the keyboard for as long as the result lives: what `commands` lists, and nothing else.
pub fn keys(single: bool, screen: Screen, go: Go) -> Option<EventListener> {
    on("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let ctrl = key.ctrl_key() || key.meta_key();
        let pressed = key.key();
        let sign = pressed.chars().count() == 1;
        let with = match (ctrl, key.alt_key(), key.shift_key()) {
            (true, false, _) => With::Ctrl,
            (false, true, false) => With::Alt,
            (false, false, true) if !sign => With::Shift,
            (false, false, _) => With::Nothing,
            _ => return,
        };
        if key.default_prevented() {
            return;
        }
        let found = commands::ALL.iter().find(|command| {
            // Without Shift, a capital letter comes of Caps Lock.
            let capital = ctrl && !key.shift_key();
            let same =
                |known: &&str| if capital { **known == pressed.to_lowercase() } else { **known == pressed };
            command.with == with && command.fits(screen) && command.keys.iter().any(same)
        });
        let Some(command) = found.filter(|command| single || !command.single) else { return };
        let within = |what| within(key, what);
        // Left and right step also where a choice has the focus; up and down are enough to choose by.
        let choosing = within("input[type=radio], input[type=checkbox]")
            && matches!(pressed.as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End");
        let free =
            choosing || matches!(pressed.as_str(), "F1" | "F8") || (ctrl && command.at == Where::Everywhere);
        let theirs = if ctrl { FIELD } else { "input, select, textarea, [contenteditable]" };
        if within("dialog") || (within(theirs) && !free) {
            return;
        }
        if pressed == " " && within("button, summary, a") {
            return;
        }
        key.prevent_default();
        (command.act)().into_iter().for_each(|action| go.dispatch(action));
    })
}

/// Whether what is pasted belongs into a field: all but the empty one for logs, where a paste is read at once.
fn writing(event: &Event) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let fields = "input:not([type=radio], [type=checkbox], [type=range], [type=file]), textarea";
    let empty = target.dyn_ref::<HtmlTextAreaElement>().is_some_and(|area| area.value().is_empty());
    target.matches(fields).unwrap_or(false) && !(empty && target.matches(".paste").unwrap_or(false))
}

/// Listens to pastes and drops for as long as the result lives.
pub fn files(by: By, go: &Go) -> Vec<EventListener> {
    let paste = {
        let go = go.clone();
        on("paste", move |event| {
            let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data)
            else {
                return;
            };
            if writing(event) {
                return;
            }
            event.prevent_default();
            let files = data.files().map(reading::list).unwrap_or_default();
            if !files.is_empty() {
                reading::files(files, by, go.clone());
            } else if let Ok(text) = data.get_data("text/plain") {
                reading::octets("Pasted text".to_owned(), text.into_bytes(), by, go.clone());
            }
        })
    };
    let over = {
        let go = go.clone();
        on("dragover", move |event| {
            event.prevent_default();
            go.dispatch(Action::Drag(true));
        })
    };
    let leave = {
        let go = go.clone();
        on("dragleave", move |event| {
            // Only when it leaves the window: between elements there is a next one.
            let next = event.dyn_ref::<DragEvent>().and_then(|drag| drag.related_target());
            if next.is_none() {
                go.dispatch(Action::Drag(false));
            }
        })
    };
    let drop = {
        let go = go.clone();
        on("drop", move |event| {
            event.prevent_default();
            go.dispatch(Action::Drag(false));
            let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
            let files = data.files().map(reading::list).unwrap_or_default();
            if !files.is_empty() {
                reading::files(files, by, go.clone());
            } else if let Ok(text) = data.get_data("text/plain") {
                reading::octets("Dropped text".to_owned(), text.into_bytes(), by, go.clone());
            }
        })
    };
    [paste, over, leave, drop].into_iter().flatten().collect()
}

/// Gives the focus to the first element that a selector finds.
pub fn focus(what: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(what).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Only a comfort: without the focus the page works as well.
        let _ = element.focus();
    }
}
