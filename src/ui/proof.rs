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
    let count = use_memo(props.moment, |_| LOADED.with(|loaded| *loaded).and_then(requests_since));
    match *count {
        Some((0, 0)) => {
            html! { <p class="proof">{ "0 requests since load: nothing leaves this page." }</p> }
        }
        Some((0, own)) => {
            let own = super::words::many(own, "file");
            html! { <p class="proof">{ format!("0 requests to anywhere since load, but for {own} of the page itself.") }</p> }
        }
        Some((count, _)) => {
            html! { <p class="proof">{ format!("{} since load, counted by the browser.", super::words::many(count, "request")) }</p> }
        }
        None => html! {},
    }
}

thread_local! {
    /// When the page was there, by its own clock.
    static LOADED: Option<f64> = clock();
}

/// Starts the clock: what is asked for from now on is counted.
pub fn begin() {
    LOADED.with(|_| ());
}

fn clock() -> Option<f64> {
    Some(web_sys::window()?.performance()?.now())
}

/// How many resources were asked for since a time: from wherever, and of the worker that is part of the page.
fn requests_since(loaded: f64) -> Option<(usize, usize)> {
    let window = web_sys::window()?;
    let page = window.location().href().ok()?;
    let page = page.split(['#', '?']).next().unwrap_or_default();
    let home = page.rsplit_once('/').map_or(page, |(home, _)| home);
    let of = |entry: &wasm_bindgen::JsValue, key: &str| Reflect::get(entry, &key.into()).ok();
    let (mut others, mut own) = (0_usize, 0_usize);
    for entry in window.performance()?.get_entries_by_type("resource").iter() {
        let start = of(&entry, "startTime").and_then(|start| start.as_f64());
        if start.is_some_and(|start| start <= loaded) {
            continue;
        }
        let name = of(&entry, "name").and_then(|name| name.as_string()).unwrap_or_default();
        let ours = name.strip_prefix(home).is_some_and(|rest| rest.starts_with("/worker"))
            || name.starts_with("blob:");
        let count = if ours { &mut own } else { &mut others };
        *count = count.saturating_add(1);
    }
    Some((others, own))
}
