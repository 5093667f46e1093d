//! The sessions of an imported file, and the lines that are no part of one.

use super::app::Go;
use super::reading;
use super::session::Shared;
use super::state::{Action, Log};
use super::words;
use crate::spec::RuleSet;
use yew::prelude::*;

/// So many unparsed lines are shown; all are counted.
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
    /// The documents in force.
    pub rules: RuleSet,
    /// Where actions go.
    pub go: Go,
}

/// The left rail of an import.
#[component(Parts)]
pub fn parts(props: &Props) -> Html {
    let open = |number: usize| {
        let (log, rules, go) = (props.log.clone(), props.rules, props.go.clone());
        Callback::from(move |_: MouseEvent| reading::part(log.clone(), number, rules, go.clone()))
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
            if let Some(part) = part {
                { unread(&part.unparsed, "not understood in this session") }
                if part.remarks > 0 {
                    <p class="about">{ format!("{} are comments or the log's own words.", words::many(part.remarks, "line")) }</p>
                }
            }
            { unread(&props.log.stray, "of no session that is covered") }
        </section>
    }
}

fn unread(lines: &[(u32, String)], what: &str) -> Html {
    if lines.is_empty() {
        return html! {};
    }
    html! {
        <details class="unparsed">
            <summary>{ format!("{} {what}", words::many(lines.len(), "line")) }</summary>
            <ol role="list">
                { for lines.iter().take(SHOWN).map(|(number, text)| html! {
                    <li key={*number}><b>{ number }</b>{ " " }{ text }</li>
                }) }
            </ol>
            if lines.len() > SHOWN { <p>{ format!("and {} more", lines.len().saturating_sub(SHOWN)) }</p> }
        </details>
    }
}
