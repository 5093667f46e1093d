//! The step bar: back, play, forward, scrub.

use super::app::Go;
use super::attack::{Deed, Path};
use super::marks::{Stop, Strip};
use super::session::{Session, Shared};
use super::state::{Action, Pace, Turn};
use super::words;
use web_sys::{HtmlInputElement, HtmlSelectElement};
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
    /// The last row that is drawn.
    pub reached: usize,
    /// Steps follow by themselves.
    pub playing: bool,
    /// How fast.
    pub pace: Pace,
    /// How far.
    pub stop: Stop,
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
    let turn = {
        let go = props.go.clone();
        Callback::from(move |event: Event| {
            let Some(list) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            if let Some(pace) = Pace::ALL.into_iter().find(|pace| pace.words() == list.value()) {
                go.dispatch(Action::Pace(Turn::To(pace)));
            }
        })
    };
    let mut stops = Stop::all(&props.session, props.at);
    if let (Stop::Here(place), Some(here)) = (props.stop, stops.get_mut(1)) {
        *here = (props.stop, ["to ", props.session.noun(), " ", &place.to_string()].concat());
    }
    let stop_at = {
        let (go, stops) = (props.go.clone(), stops.clone());
        Callback::from(move |event: Event| {
            let Some(list) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            if let Some((stop, _)) = stops.iter().find(|(_, words)| *words == list.value()) {
                go.dispatch(Action::Stop(Some(*stop)));
            }
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
            <select class="pace" aria-label="Pace of playing" title="Pace of playing (&lt; and &gt;)" onchange={turn}>
                { for Pace::ALL.into_iter().map(|pace| html! { <option key={pace.words()} value={pace.words()} selected={pace == props.pace}>{ pace.words() }</option> }) }
            </select>
            <select class="pace stop" aria-label="How far playing goes" title="How far playing goes (p: to this step, or no more)" onchange={stop_at}>
                { for stops.into_iter().map(|(stop, words)| html! { <option key={words.clone()} value={words.clone()} selected={stop == props.stop}>{ words }</option> }) }
            </select>
            if props.session.simulated {
                <button type="button" class="plain hold" aria-pressed={props.hold.is_some().to_string()} onclick={hold}
                    title={if props.hold.is_some() { "Let everything go on" } else { "Let the run halt at this message, to decide about it by hand" }}>
                    { if props.hold.is_some() { "Run on" } else { "Hold" } }</button>
            }
            <span class="course">
                <input type="range" class="scrub" aria-label="Step" min="0" max={last.to_string()} step="1"
                    value={props.at.to_string()} aria-valuetext={words.clone()} oninput={scrub} />
                <Strip session={props.session.clone()} at={props.at} reached={props.reached} go={props.go.clone()} />
            </span>
            <p class="position" aria-hidden="true">{ words }</p>
        </section>
    }
}
