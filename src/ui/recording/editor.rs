//! Changing a recording: the current line, its capabilities, and what is different from the original.

use super::{Deal, Here, list_at, meant, shown};
use crate::base::{Protocol, printable};
use crate::ui::app::Go;
use crate::ui::session::{Session, Shared};
use crate::ui::state::{Action, Log};
use crate::ui::words;
use crate::view::{Difference, Edit};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// So many differences are listed.
const SHOWN: usize = 40;

/// Properties of [`Editor`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The file.
    pub log: Shared<Log>,
    /// The session on the table.
    pub session: Shared<Session>,
    /// The current row.
    pub at: usize,
    /// Where actions go.
    pub go: Go,
}

/// The line that is current, as a field, and what can be done with it.
#[component(Editor)]
pub fn editor(props: &Props) -> Html {
    let Some(source) = &props.log.source else { return html! {} };
    let Some(draft) = source.draft.as_ref() else {
        return html! { <p class="about">{ "This recording is too long, no text, or a saved session: it cannot be changed line by line." }</p> };
    };
    let place = props.session.place(props.at);
    let line = draft.line(place).unwrap_or_default().to_vec();
    let traces = &props.session.traces;
    let unread = props.session.row(props.at).is_some_and(|row| row.kind.aside());
    let text = if unread { None } else { shown(traces, place, &line) };
    // What stands on several lines stays whole.
    let mut here = traces.iter().flat_map(|trace| trace.events()).filter(|event| event.places.0 == place);
    let end = here.next_back().map_or(place, |event| event.places.1);
    let deal = |deal: Deal| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Recording(deal.clone())))
    };
    let save = {
        let (go, traces) = (props.go.clone(), traces.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let text = meant(&traces, place, &line, &input.value());
            go.dispatch(Action::Recording(Deal::Edit(Edit::Replace(place, text))));
        })
    };
    let known = text.is_some();
    let text = text.unwrap_or_default();
    let hint = if !known {
        "This line is not shown, since it may hold a secret or octets that are no text: what you write replaces it."
    } else {
        "Enter takes it over. Dots stand for a secret, which stays."
    };
    html! {
        <fieldset class="editor">
            <legend>{ "Change it" }</legend>
            <label for="edit-line">{ format!("Line {place} of {}", draft.len()) }</label>
            <input id="edit-line" key={format!("{place} {text}")} type="text" value={text.clone()} onchange={save}
                autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="edit-hint" />
            <p class="hint" id="edit-hint">{ hint }</p>
            <p class="actions">
                <button type="button" class="plain" title="Alt and arrow up" onclick={deal(Deal::Here(Here::Up))}>{ "Move up" }</button>
                <button type="button" class="plain" title="Alt and arrow down" onclick={deal(Deal::Here(Here::Down))}>{ "Move down" }</button>
                <button type="button" class="plain" title="Insert" onclick={deal(Deal::Here(Here::Double))}>{ "Add a line like it" }</button>
                <button type="button" class="plain" title="Delete" onclick={deal(Deal::Here(Here::Delete))}>{ "Delete" }</button>
                <button type="button" class="plain" onclick={deal(Deal::Edit(Edit::Keep(place, u32::MAX)))}>{ "Delete all before" }</button>
                <button type="button" class="plain" onclick={deal(Deal::Edit(Edit::Keep(1, end)))}>{ "Delete all behind" }</button>
            </p>
            { chips(props, place) }
            { differences(props, draft) }
        </fieldset>
    }
}

/// The capabilities that the current line lists, each a switch.
fn chips(props: &Props, place: u32) -> Html {
    let Some((list, (first, last))) = list_at(&props.session.traces, place) else { return html! {} };
    let protocol = props.session.traces.first().map(|trace| trace.protocol());
    let offered: &[&'static str] = match protocol {
        Some(Protocol::Pop3) => &["STLS", "USER", "SASL PLAIN"],
        Some(Protocol::Imap) => &["STARTTLS", "LOGINDISABLED", "AUTH=PLAIN"],
        _ => return html! {},
    };
    let missing = offered.iter().filter(|item| !list.has(item)).map(|item| ((*item).to_owned(), false));
    let all: Vec<_> = list.items().map(|item| (item.to_owned(), true)).chain(missing).collect();
    html! {
        <div class="way">
            <span class="title" id="chips-here">{ "Capabilities on this line" }</span>
            <ul class="chips" role="list" aria-labelledby="chips-here">
                { for all.into_iter().map(|(item, on)| {
                    let go = props.go.clone();
                    let edit = Edit::Toggle(first, last, item.clone());
                    let flip = Callback::from(move |_: MouseEvent| go.dispatch(Action::Recording(Deal::Edit(edit.clone()))));
                    html! { <li key={item.clone()}><button type="button" aria-pressed={on.to_string()} onclick={flip}>{ printable(item.as_bytes()) }</button></li> }
                }) }
            </ul>
        </div>
    }
}

/// What is different from the original. A line may hold a secret: only one that was understood is shown, without it.
fn differences(props: &Props, draft: &crate::view::Draft) -> Html {
    let all = draft.differences();
    if all.is_empty() {
        return html! {};
    }
    let more = all.len().saturating_sub(SHOWN);
    let traces = &props.session.traces;
    let understood = |line: u32| {
        let mut events = traces.iter().flat_map(|trace| trace.events());
        events.any(|event| (event.places.0..=event.places.1).contains(&line))
    };
    let text = |line: u32, octets: &[u8]| {
        let text = understood(line).then(|| shown(traces, line, octets.trim_ascii_end())).flatten();
        text.unwrap_or_else(|| "not understood, and not shown".to_owned())
    };
    html! {
        <details class="differences" open=true>
            <summary>{ format!("{} to the original", words::many(all.len(), "difference")) }</summary>
            <ul role="list">
                { for all.iter().take(SHOWN).enumerate().map(|(number, difference)| html! {
                    <li key={number}>{ match difference {
                        Difference::Removed(line, _) => html! { <del>{ format!("line {line} of the original") }</del> },
                        Difference::Added(line, octets) => html! { <><b>{ format!("line {line}: ") }</b><ins>{ text(*line, octets) }</ins></> },
                    } }</li>
                }) }
            </ul>
            if more > 0 { <p class="about">{ format!("and {more} more") }</p> }
        </details>
    }
}
