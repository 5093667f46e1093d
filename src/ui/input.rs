//! What comes from outside the components: keys, pastes and drops anywhere on the page.

use super::app::Go;
use super::reading;
use super::state::{Action, Dialog};
use crate::spec::RuleSet;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Element, Event, HtmlTextAreaElement, KeyboardEvent};

fn on(name: &'static str, what: impl FnMut(&Event) + 'static) -> Option<EventListener> {
    let document = web_sys::window().and_then(|window| window.document())?;
    let active = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, name, active, what))
}

/// Listens to the keyboard for as long as the result lives.
pub fn keys(single: bool, go: Go) -> Option<EventListener> {
    on("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if key.default_prevented() || key.ctrl_key() || key.alt_key() || key.meta_key() {
            return;
        }
        let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within =
            |what: &str| target.as_ref().is_some_and(|t| t.closest(what).is_ok_and(|found| found.is_some()));
        // Left and right step also where a choice has the focus; up and down are enough to choose by.
        let choosing = within("input[type=radio], input[type=checkbox]")
            && matches!(key.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End");
        if within("input, select, textarea, dialog, [contenteditable]") && !choosing {
            return;
        }
        let action = match key.key().as_str() {
            "ArrowLeft" => Action::Back,
            "ArrowRight" => Action::Forward,
            "Home" => Action::First,
            "End" => Action::Last,
            " " if single && !within("button, summary, a") => Action::Play,
            "?" if single => Action::Dialog(Some(Dialog::Help)),
            _ => return,
        };
        key.prevent_default();
        go.dispatch(action);
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
pub fn files(rules: RuleSet, go: &Go) -> Vec<EventListener> {
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
                reading::files(files, rules, go.clone());
            } else if let Ok(text) = data.get_data("text/plain") {
                reading::octets("Pasted text".to_owned(), text.into_bytes(), rules, go.clone());
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
                reading::files(files, rules, go.clone());
            } else if let Ok(text) = data.get_data("text/plain") {
                reading::octets("Dropped text".to_owned(), text.into_bytes(), rules, go.clone());
            }
        })
    };
    [paste, over, leave, drop].into_iter().flatten().collect()
}
