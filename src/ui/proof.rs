//! That nothing leaves the page, as the browser itself counts it.

use js_sys::Reflect;
use yew::prelude::*;

/// Properties of [`Proof`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Anything that changes when something happened: then it counts anew.
    pub moment: usize,
}

/// The count.
#[component(Proof)]
pub fn proof(props: &Props) -> Html {
    let loaded = use_memo((), |()| clock());
    let count = use_memo(props.moment, |_| loaded.and_then(requests_since));
    match *count {
        Some(0) => html! { <p class="proof">{ "0 requests since load: nothing leaves this page." }</p> },
        Some(count) => {
            html! { <p class="proof">{ format!("{} since load, counted by the browser.", super::words::many(count, "request")) }</p> }
        }
        None => html! {},
    }
}

fn clock() -> Option<f64> {
    Some(web_sys::window()?.performance()?.now())
}

/// How many resources were asked for since a time, of whatever kind and from wherever.
fn requests_since(loaded: f64) -> Option<usize> {
    let entries = web_sys::window()?.performance()?.get_entries_by_type("resource");
    let start = |entry: &wasm_bindgen::JsValue| Reflect::get(entry, &"startTime".into()).ok()?.as_f64();
    Some(entries.iter().filter(|entry| start(entry).is_none_or(|start| start > loaded)).count())
}
