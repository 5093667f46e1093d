//! The step bar: back, play, forward, scrub.

use super::app::Go;
use super::attack::{Deed, Path};
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Bar`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The message that is held, if the run halts.
    pub hold: Option<u32>,
    /// The current row.
    pub at: usize,
    /// Steps follow by themselves.
    pub playing: bool,
    /// Where actions go.
    pub go: Go,
}

/// The step bar.
#[component(Bar)]
pub fn bar(props: &Props) -> Html {
    let send = |action: fn() -> Action| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(action()))
    };
    let scrub = {
        let go = props.go.clone();
        Callback::from(move |event: InputEvent| {
            let value =
                event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            if let Some(to) = value {
                go.dispatch(Action::Scrub(to));
            }
        })
    };
    let hold = {
        let (go, held) = (props.go.clone(), props.hold.is_some());
        let at = super::attack::stop_at(&props.session, props.session.place(props.at));
        Callback::from(move |_: MouseEvent| {
            let path = if held { Path::Decide(Deed::RunOn) } else { Path::Hold(at) };
            go.dispatch(Action::Path(path));
        })
    };
    let last = props.session.last();
    let words = words::position(&props.session, props.at);
    // Never disabled: a button that goes dead under the finger takes the focus with it.
    let edge = |edge: bool| edge.then_some("true");
    html! {
        <section class="bar" aria-label="Steps">
            <button type="button" class="plain square" aria-label="Back" title="Back (left arrow)"
                aria-disabled={edge(props.at == 0)} onclick={send(|| Action::Back)}>{ "◀" }</button>
            <button type="button" class="strong play" onclick={send(|| Action::Play)} title="Space">
                { if props.playing { "❚❚ Pause" } else { "▶ Play" } }</button>
            <button type="button" class="plain square" aria-label="Forward" title="Forward (right arrow)"
                aria-disabled={edge(props.at >= last)} onclick={send(|| Action::Forward)}>{ "▶" }</button>
            if props.session.simulated {
                <button type="button" class="plain hold" aria-pressed={props.hold.is_some().to_string()} onclick={hold}
                    title={if props.hold.is_some() { "Let everything go on" } else { "Let the run halt at this message, to decide about it by hand" }}>
                    { if props.hold.is_some() { "Run on" } else { "Hold" } }</button>
            }
            <input type="range" class="scrub" aria-label="Step" min="0" max={last.to_string()} step="1"
                value={props.at.to_string()} aria-valuetext={words.clone()} oninput={scrub} />
            <p class="position" aria-hidden="true">{ words }</p>
        </section>
    }
}
