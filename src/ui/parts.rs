//! The sessions of an imported file, and the lines that are no part of one.

use super::app::Go;
use super::session::Shared;
use super::state::{Action, Log};
use super::words;
use crate::rules::Outcome;
use yew::prelude::*;

/// So many unparsed lines are shown; all are counted.
const SHOWN: usize = 200;

/// Properties of [`Parts`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The file.
    pub log: Shared<Log>,
    /// The session that is shown.
    pub part: usize,
    /// Where actions go.
    pub go: Go,
}

/// The left rail of an import.
#[component(Parts)]
pub fn parts(props: &Props) -> Html {
    let leave = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Leave))
    };
    let unparsed = props.log.parts.get(props.part).map(|part| part.unparsed.clone());
    html! {
        <section class="rail" aria-label="The recording">
            <button type="button" class="strong" onclick={leave}>{ "Back to the simulation" }</button>
            <h2 class="small">{ words::many(props.log.parts.len(), "session") }</h2>
            <ol class="parts" role="list">
                { for props.log.parts.iter().enumerate().map(|(number, part)| {
                    let go = props.go.clone();
                    let open = Callback::from(move |_: MouseEvent| go.dispatch(Action::Part(number)));
                    let broken = part.session.count(Outcome::Fail);
                    html! {
                        <li key={number}>
                            <button type="button" class="option" aria-pressed={(number == props.part).to_string()} onclick={open}>
                                <span>{ &part.title }</span>
                                <small>{ format!("{} broken", broken) }</small>
                            </button>
                        </li>
                    }
                }) }
            </ol>
            if let Some(unparsed) = unparsed.filter(|lines| !lines.is_empty()) {
                <details class="unparsed">
                    <summary>{ format!("{} not understood", words::many(unparsed.len(), "line")) }</summary>
                    <ol role="list">
                        { for unparsed.iter().take(SHOWN).map(|(number, text)| html! {
                            <li key={*number}><b>{ number }</b>{ " " }{ text }</li>
                        }) }
                    </ol>
                    if unparsed.len() > SHOWN { <p>{ format!("and {} more", unparsed.len().saturating_sub(SHOWN)) }</p> }
                </details>
            }
        </section>
    }
}
