//! What client and server hold for true at this moment, and from where.

use super::session::{Session, Shared};
use crate::base::{Layer, Side};
use crate::view::{self, Belief};
use yew::prelude::*;

/// Properties of [`Beliefs`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The current row.
    pub at: usize,
}

/// Two cards.
#[component(Beliefs)]
pub fn beliefs(props: &Props) -> Html {
    let session = &props.session;
    let (client, server) = view::beliefs(&session.traces, session.place(props.at));
    html! {
        <>
            { card(Side::Client, "The client believes", &client, session.noun()) }
            { card(Side::Server, "The server said", &server, session.noun()) }
        </>
    }
}

fn card(side: Side, title: &'static str, belief: &Belief, noun: &str) -> Html {
    let stale = belief.capabilities.iter().any(|item| item.stale);
    let source = match belief.learned {
        None if side == Side::Client => "no capability list yet".to_owned(),
        None => "no capabilities yet".to_owned(),
        Some((place, layer)) => {
            let layer = if layer == Layer::Tls { "inside TLS" } else { "before TLS" };
            let fate = if stale { ", forgotten" } else { "" };
            format!("{noun} {place}, {layer}{fate}")
        }
    };
    let state = belief.state.map(|state| format!(", {state}")).unwrap_or_default();
    let secure = if belief.secure { "TLS" } else { "no TLS" };
    html! {
        <section class="card beliefs" aria-label={title} tabindex="0">
            <h3>{ title }</h3>
            if !belief.capabilities.is_empty() {
                <ul class="chips">
                    { for belief.capabilities.iter().enumerate().map(|(n, item)| html! {
                        <li key={n}>if item.stale { <s>{ &item.item }</s> } else { { &item.item } }</li>
                    }) }
                </ul>
            }
            <p>{ source }</p>
            <p><span class={if belief.secure { "safe" } else { "open" }}>{ secure }</span>{ state }</p>
        </section>
    }
}
