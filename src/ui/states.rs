//! Where both machines are at this moment, and what may be said now.

use super::app::Go;
use super::diagram::Picture;
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use crate::base::Side;
use crate::sim::Setup;
use crate::view;
use yew::prelude::*;

/// Properties of [`States`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What is on the table.
    pub session: Shared<Session>,
    /// The current row.
    pub at: usize,
    /// Where actions go.
    pub go: Go,
}

/// Two diagrams below each other.
#[component(States)]
pub fn states(props: &Props) -> Html {
    let place = props.session.place(props.at);
    let (client, server) = view::beliefs(&props.session.traces, place);
    html! {
        <section class="states-now" aria-labelledby="states-now">
            <h2 id="states-now" class="small">{ "The machines at this step" }</h2>
            { for [(Side::Client, client.secure), (Side::Server, server.secure)].into_iter().map(|(side, secure)| {
                let path = view::stages(&props.session.traces, place, side);
                let states = (props.setup.protocol.diagram)(side);
                let now = path.last().and_then(|name| states.stage(name));
                let title = format!("{} {}", props.setup.protocol.protocol.title(), side.name());
                // TLS is asked for once.
                let legal = now.map(|stage| stage.legal).unwrap_or_default().iter().copied();
                let legal: Vec<_> = legal.filter(|command| !(secure && matches!(*command, "STARTTLS" | "STLS"))).collect();
                html! {
                    <div key={side.name()} class={classes!("machine", side.name())}>
                        <h3>{ words::side(side) }</h3>
                        <p class="stage"><b>{ now.map_or("not connected", |stage| stage.name) }</b>
                            if let Some(now) = now { { ". " }{ now.about } }</p>
                        if !legal.is_empty() { { words::commands(if side == Side::Server { "Legal now" } else { "It may send" }, legal.into_iter()) } }
                        { entered(props, view::entered(&props.session.traces, states)) }
                        <Picture drawing={view::diagram(states, &path)} {title} />
                    </div>
                }
            }) }
            <p class="about"><a href={super::route::Route::Machines(format!("p={}", props.setup.protocol.protocol.id())).hash()}>{ "All states and moves, with what triggers them" }</a></p>
        </section>
    }
}

/// From each state to where it was first entered; what was not entered says so.
fn entered(props: &Props, all: Vec<(&'static str, Option<u32>)>) -> Html {
    html! {
        <div class="commands"><span>{ "First time in" }</span>
            <ul class="chips">{ for all.into_iter().map(|(name, place)| {
                let go = props.go.clone();
                let jump = place.map(|place| Callback::from(move |_: MouseEvent| go.dispatch(Action::Jump(place))));
                let title = match place {
                    Some(place) => format!("{} {place}", props.session.noun()),
                    None => "not reached in this session".to_owned(),
                };
                html! {
                    <li key={name}><button type="button" class="link" aria-disabled={place.is_none().then_some("true")} {title}
                        onclick={jump}>{ name }if place.is_none() { <span class="unseen">{ ", not reached in this session" }</span> }</button></li>
                }
            }) }</ul></div>
    }
}
