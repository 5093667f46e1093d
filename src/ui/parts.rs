//! The sessions of an imported file, and the lines that are no part of one.

use super::app::Go;
use super::reading;
use super::recording::{AskedHere, Deal, Editor, WhatIf};
use super::session::{Session, Shared};
use super::state::{Action, Log, Part};
use super::words;
use crate::pipeline::{self, By};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// So many unparsed lines are listed; all are counted, and stand in the ladder.
const SHOWN: usize = 200;
/// So many sessions are listed at a time.
const PAGE: usize = 100;

/// Properties of [`Parts`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The file.
    pub log: Shared<Log>,
    /// The session that is shown.
    pub part: usize,
    /// What it is judged by.
    pub by: By,
    /// The current row.
    pub at: usize,
    /// The session on the table.
    pub session: Shared<Session>,
    /// How it is being played again, if it is.
    pub asked: Option<AskedHere>,
    /// Where actions go.
    pub go: Go,
}

/// The left rail of an import.
#[component(Parts)]
pub fn parts(props: &Props) -> Html {
    let open = |number: usize| {
        let (log, by, go) = (props.log.clone(), props.by, props.go.clone());
        Callback::from(move |_: MouseEvent| reading::part(log.clone(), number, by, go.clone()))
    };
    let leave = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Leave))
    };
    let count = props.log.parts.len();
    let from = (props.part / PAGE).saturating_mul(PAGE);
    let next = from.saturating_add(PAGE);
    let part = props.log.parts.get(props.part);
    html! {
        <section class="rail" aria-label="The recording">
            <button type="button" class="strong" onclick={leave}>{ "Back to the simulation" }</button>
            <h2 class="small">{ words::many(count, "session") }</h2>
            if from > 0 {
                <button type="button" class="plain" onclick={open(from.saturating_sub(1))}>{ "Earlier sessions" }</button>
            }
            <ol class="parts" role="list">
                { for props.log.parts.iter().enumerate().skip(from).take(PAGE).map(|(number, part)| html! {
                    <li key={number}>
                        <button type="button" class="option" aria-pressed={(number == props.part).to_string()}
                            onclick={open(number)}>
                            <span>{ &part.title }</span>
                            if part.exposes { <small class="open">{ "password visible" }</small> }
                        </button>
                    </li>
                }) }
            </ol>
            if next < count {
                <button type="button" class="plain" onclick={open(next)}>{ "Later sessions" }</button>
            }
            if let Some(part) = part { { aside(part, &props.go) } }
            { format_chip(props) }
            if props.asked.is_none() { <Editor log={props.log.clone()} session={props.session.clone()} at={props.at} go={props.go.clone()} /> }
            <WhatIf session={props.session.clone()} asked={props.asked.clone()} go={props.go.clone()} />
            <super::proof::Proof moment={props.at} />
        </section>
    }
}

/// What the recording was taken for, to be put right, and its sides, to be turned around.
fn format_chip(props: &Props) -> Html {
    let Some(source) = &props.log.source else { return html! {} };
    let chosen = {
        let (go, log, by) = (props.go.clone(), props.log.clone(), props.by);
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let format = pipeline::formats().iter().copied().find(|format| format.id == select.value());
            if let Some(source) = &log.source {
                reading::octets_as(log.name.clone(), source.octets.to_vec(), format, by, go.clone());
            }
        })
    };
    let swap = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Recording(Deal::Swap)))
    };
    let texts = pipeline::formats().iter().filter(|format| format.line_reader().is_some());
    html! {
        <div class="chip-row">
            <label for="format">{ "Read as" }</label>
            <select id="format" onchange={chosen}>
                { for texts.map(|format| html! { <option key={format.id} value={format.id} selected={format.id == source.format.id}>{ format.title }</option> }) }
            </select>
            if props.asked.is_none() { <p class="actions"><button type="button" class="plain" onclick={swap}>{ "Swap client and server" }</button></p> }
        </div>
    }
}

/// The lines of a session that nothing was read from: how many, and the way to each.
fn aside(part: &Part, go: &Go) -> Html {
    let foreign: usize = part.aside.iter().filter(|line| line.foreign.is_some()).count();
    let unread = part.aside.len().saturating_sub(foreign);
    let list = |title: String, wanted: bool| {
        let lines = part.aside.iter().filter(move |line| line.foreign.is_some() == wanted);
        let more = lines.clone().count().saturating_sub(SHOWN);
        html! {
            <details class="unparsed">
                <summary>{ title }</summary>
                <p class="about">{ "They stand grey in the session; the step keys pass over them." }</p>
                <ol role="list">
                    { for lines.take(SHOWN).map(|line| {
                        let (go, place) = (go.clone(), line.line);
                        let jump = Callback::from(move |_: MouseEvent| go.dispatch(Action::Jump(place)));
                        html! { <li key={place}><button type="button" onclick={jump}><b>{ place }</b>{ " " }{ line.spoken() }</button></li> }
                    }) }
                </ol>
                if more > 0 { <p class="about">{ format!("and {more} more") }</p> }
            </details>
        }
    };
    html! {
        <>
            if unread > 0 { { list(format!("{} not understood", words::many(unread, "line")), false) } }
            if foreign > 0 { { list(format!("{} of protocols not covered", words::many(foreign, "line")), true) } }
            if part.left_out > 0 {
                <p class="about">{ format!("{} more such lines were counted, but not kept: there are too many.", part.left_out) }</p>
            }
            if part.remarks > 0 {
                <p class="about">{ format!("{} of comments or of the log's own words.", words::many(part.remarks, "line")) }</p>
            }
        </>
    }
}
