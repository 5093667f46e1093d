//! Name, screens, import, colours, help.

use super::app::Go;
use super::route::Route;
use super::state::{Action, Dialog, Theme};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The colours now.
    pub theme: Theme,
    /// The screen.
    pub route: Route,
    /// The address of the workbench as it stands.
    pub bench: String,
    /// The address of the lesson that is played, or of all.
    pub lesson: String,
    /// Where actions go.
    pub go: Go,
}

/// The top of the page.
#[component(Header)]
pub fn header(props: &Props) -> Html {
    let go = &props.go;
    let screens = [
        (props.route == Route::Bench, props.bench.clone(), "Workbench"),
        (props.route == Route::Examples, "#/examples".to_owned(), "Examples"),
        (matches!(props.route, Route::Learn(_)), props.lesson.clone(), "Lessons"),
        (matches!(props.route, Route::Rules(_) | Route::Rule(_)), "#/rules".to_owned(), "Rules"),
        (matches!(props.route, Route::Machines(_)), "#/machines".to_owned(), "Machines"),
        (matches!(props.route, Route::Matrix(_)), "#/matrix".to_owned(), "Matrix"),
        (props.route == Route::Plain, "#/plain".to_owned(), "PLAIN"),
        (props.route == Route::About, "#/about".to_owned(), "About"),
    ];
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(props.route.clone(), move |_| {
            // When the screen is drawn: asking where things are would make the browser place them twice.
            let waiting = Timeout::new(100, move || show_current(&list));
            move || drop(waiting)
        });
    }
    let open = |dialog| {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(Some(dialog))))
    };
    let (sign, word, next) = match props.theme {
        Theme::System => ("◐", "as the system", Theme::Light),
        Theme::Light => ("○", "light", Theme::Dark),
        Theme::Dark => ("●", "dark", Theme::Contrast),
        Theme::Contrast => ("◉", "high contrast", Theme::System),
    };
    let turn = {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Theme(next)))
    };
    html! {
        <header class="top">
            <a class="wordmark" href="#/" aria-label="STARTTLS Lab, to its beginning">{ "START" }<s>{ "TLS" }</s>{ " Lab" }</a>
            <nav aria-label="Screens" ref={list}>
                { for screens.into_iter().map(|(here, address, name)| html! {
                    <a key={name} href={address} data-name={name} aria-current={here.then_some("page")}>{ name }</a>
                }) }
            </nav>
            <div class="tools">
                <button type="button" class="plain import" onclick={open(Dialog::Import)}>{ "Open a log" }</button>
                if props.route.bench() { <button type="button" class="plain import" onclick={open(Dialog::Share)}>{ "Share" }</button> }
                <button type="button" class="plain square anything" onclick={open(Dialog::Palette)} aria-label="Find anything"
                    title="Find anything (Ctrl K)">{ "⌕" }</button>
                <button type="button" class="plain square colours" onclick={turn} aria-label={format!("Colours: {word}")}
                    title={format!("Colours: {word}")}>{ sign }</button>
                <button type="button" class="plain square" onclick={open(Dialog::Help)} aria-label="Help and keys"
                    title="Help and keys">{ "?" }</button>
            </div>
        </header>
    }
}

/// On a phone the list of screens is wider than the window: the one that is shown comes into it.
fn show_current(list: &NodeRef) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let current = list.query_selector("[aria-current]").ok().flatten();
    if let Some(current) = current.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let room = list.client_width().saturating_sub(current.offset_width());
        let start = current.offset_left().saturating_sub(list.offset_left());
        list.set_scroll_left(start.saturating_sub(room / 2).max(0));
    }
}
