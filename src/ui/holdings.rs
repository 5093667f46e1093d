//! What the attacker holds at this moment.

use super::app::Go;
use super::session::{Session, Shared};
use super::state::Action;
use crate::base::Layer;
use crate::harm;
use crate::view::RowKind;
use yew::prelude::*;

/// Properties of [`Holdings`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The current row.
    pub at: usize,
    /// Where actions go.
    pub go: Go,
}

/// One card.
#[component(Holdings)]
pub fn holdings(props: &Props) -> Html {
    let session = &props.session;
    let place = session.place(props.at);
    // A layer that ends at the attacker hides nothing from him.
    let messages = |read: bool| {
        let seen = session.rows.iter().filter(move |row| row.place <= place);
        let seen = seen.filter(move |row| (row.layer == Layer::Clear || row.open) == read);
        seen.filter(|row| matches!(row.kind, RowKind::Message { .. })).count()
    };
    let (clear, veiled) = (messages(true), messages(false));
    let held = session.harms.iter().filter(|done| done.place <= place);
    html! {
        <section class="card holds" aria-label="The attacker holds" tabindex="0">
            <h3>{ "The attacker holds" }</h3>
            <ul class="chips">
                { for held.map(|done| {
                    let (go, place) = (props.go.clone(), done.place);
                    let jump = Callback::from(move |_: MouseEvent| go.dispatch(Action::Jump(place)));
                    html! {
                        <li key={done.harm.id} class="danger"><button type="button" onclick={jump}>
                            { format!("{} · event {place}", super::words::gain(done.harm)) }</button></li>
                    }
                }) }
            </ul>
            <p>{ format!("{} read", super::words::many(clear, "message")) }
                { if veiled == 0 { ", nothing hidden from it".to_owned() }
                else { format!(", {} seen by length only", super::words::many(veiled, "message")) } }</p>
            if let Some(missing) = missing(session, place) { <p class="missing">{ missing }</p> }
        </section>
    }
}

/// What the attacker has not gained at a place, as a list.
fn missing(session: &Session, place: u32) -> Option<String> {
    let has = |id: &str| session.harms.iter().any(|done| done.harm.id == id && done.place <= place);
    let missing: Vec<_> = harm::ALL
        .iter()
        .filter(|harm| !harm.denial && !has(harm.id))
        .map(|harm| super::words::prize(harm))
        .collect();
    (!missing.is_empty()).then(|| format!("Not gained: {}.", missing.join(", ")))
}
