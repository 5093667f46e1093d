//! Two sessions side by side, aligned by what the client did.

use super::app::Go;
use super::session::{Session, Shared};
use super::state::Action;
use crate::base::Layer;
use crate::pipeline;
use crate::view::{Pair, Step};
use yew::prelude::*;

/// Properties of [`Compare`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session that was kept to compare with, and its name.
    pub kept: Option<(AttrValue, Shared<Session>)>,
    /// The session on the table.
    pub session: Shared<Session>,
    /// Its name.
    pub name: AttrValue,
    /// The address of the workbench.
    pub bench: String,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Compare)]
pub fn compare(props: &Props) -> Html {
    let keep = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Keep))
    };
    let Some((kept, first)) = &props.kept else {
        return html! {
            <main class="screen" id="text" tabindex="0">
                <h1 tabindex="-1">{ "Compare two sessions" }</h1>
                <p class="lead">{ "Keep the session that is on the workbench now, change it or open another one there, and come back: both stand side by side, and the first difference is named." }</p>
                <p class="actions">
                    <button type="button" class="strong" onclick={keep}>{ format!("Keep “{}”", props.name) }</button>
                    <a class="button" href={props.bench.clone()}>{ "To the workbench" }</a>
                </p>
            </main>
        };
    };
    let comparison = pipeline::compare(&first.traces, &props.session.traces);
    let jump = Callback::from(|_: MouseEvent| super::input::focus(".pairs .first"));
    html! {
        <main class="screen compare" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Compare two sessions" }</h1>
            <p class="lead" role="status">{ comparison.announcement() }</p>
            <p class="actions">
                if comparison.first.is_some() { <button type="button" class="strong" onclick={jump}>{ "Go to the first difference" }</button> }
                <button type="button" class="plain" onclick={keep}>{ "Keep the second one instead" }</button>
                <a class="button" href={props.bench.clone()}>{ "To the workbench" }</a>
            </p>
            <div class="versus heads" aria-hidden="true"><b>{ kept }</b><b>{ &props.name }</b></div>
            <ol class="pairs" role="list" aria-label={format!("{kept} and {}", props.name)}>
                { for comparison.pairs.iter().enumerate().map(|(number, pair)| row(number, pair, comparison.first == Some(number))) }
            </ol>
        </main>
    }
}

fn row(number: usize, pair: &Pair, first: bool) -> Html {
    let differs = pair.difference.is_some();
    let class = classes!("versus", differs.then_some("differs"), first.then_some("first"));
    html! {
        <li key={number} {class} tabindex={differs.then_some("-1")}>
            { cell("First", pair.left.as_ref()) }
            { cell("Second", pair.right.as_ref()) }
            if let Some(difference) = &pair.difference { <p class="difference">{ format!("≠ {difference}") }</p> }
        </li>
    }
}

fn cell(which: &'static str, step: Option<&Step>) -> Html {
    let Some(step) = step else {
        return html! { <div class="step none"><span class="unseen">{ format!("{which}: ") }</span>{ "—" }<span class="unseen">{ "nothing" }</span></div> };
    };
    let tls = step.layer == Layer::Tls;
    html! {
        <div class={classes!("step", tls.then_some("tls"))}>
            <span class="unseen">{ format!("{which}: ") }</span>
            <small>{ step.places.0 }</small>
            <code>{ &step.what }</code>
            if let Some(answer) = step.answer { <span>{ answer.to_uppercase() }</span> }
            if tls { <small>{ "inside TLS" }</small> }
        </div>
    }
}
