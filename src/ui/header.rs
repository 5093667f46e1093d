//! Name, promise, import, colours, help.

use super::app::Go;
use super::state::{Action, Dialog, Theme};
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The colours now.
    pub theme: Theme,
    /// Where actions go.
    pub go: Go,
}

/// The top of the page.
#[component(Header)]
pub fn header(props: &Props) -> Html {
    let go = &props.go;
    let open = |dialog| {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(Some(dialog))))
    };
    let (sign, word, next) = match props.theme {
        Theme::System => ("◐", "as the system", Theme::Light),
        Theme::Light => ("○", "light", Theme::Dark),
        Theme::Dark => ("●", "dark", Theme::System),
    };
    let turn = {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Theme(next)))
    };
    html! {
        <header class="top">
            <p class="wordmark">{ "START" }<s>{ "TLS" }</s>{ " Lab" }</p>
            <h1>{ "See what a man in the middle does to your mail login" }</h1>
            <div class="tools">
                <button type="button" class="plain import" onclick={open(Dialog::Import)}>{ "Open a log" }</button>
                <button type="button" class="plain square" onclick={turn} aria-label={format!("Colours: {word}")}
                    title={format!("Colours: {word}")}>{ sign }</button>
                <button type="button" class="plain square" onclick={open(Dialog::Help)} aria-label="Help and keys"
                    title="Help and keys">{ "?" }</button>
            </div>
        </header>
    }
}
