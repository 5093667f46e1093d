//! The six machines: their states, the moves between them, and what is legal in each.

use super::app::Go;
use super::diagram::{Picture, moves};
use super::route::{Route, parts};
use super::state::Action;
use super::words;
use crate::base::Side;
use crate::pipeline::{self, Setup};
use crate::view;
use yew::prelude::*;

/// Properties of [`Machines`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which protocol, as the address writes it.
    pub query: String,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Machines)]
pub fn machines(props: &Props) -> Html {
    let wanted = parts(&props.query).into_iter().find(|(key, _)| *key == "p").map(|(_, value)| value);
    let known = || pipeline::protocols().filter_map(|protocol| Setup::new(protocol).ok());
    let setup = known().find(|setup| wanted.as_deref() == Some(setup.protocol.protocol.id()));
    let Some(setup) = setup.or_else(|| known().next()) else { return html! {} };
    let here = setup.protocol.protocol;
    html! {
        <main class="screen machines" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Six machines" }</h1>
            <p class="lead">{ "The clients and servers of this laboratory are state machines. These are their own lists of states: what each waits for, and what moves it on. On the workbench the current state is lit at every step." }</p>
            <div class="segments big" role="radiogroup" aria-label="Protocol">
                <div>
                    { for pipeline::protocols().map(|protocol| {
                        let go = props.go.clone();
                        let choose = Callback::from(move |_: Event| {
                            go.dispatch(Action::Visit(Route::Machines(format!("p={}", protocol.id())).hash()));
                        });
                        html! {
                            <label key={protocol.id()}>
                                <input type="radio" name="machines" checked={protocol == here} onchange={choose} />
                                <span>{ protocol.title() }</span>
                            </label>
                        }
                    }) }
                </div>
            </div>
            { for Side::BOTH.into_iter().map(|side| machine(&setup, side)) }
        </main>
    }
}

fn machine(setup: &Setup, side: Side) -> Html {
    let states = (setup.protocol.diagram)(side);
    let drawing = view::diagram(states, &[]);
    let title = format!("{} {}", setup.protocol.protocol.title(), side.name());
    let id = format!("machine-{}", side.name());
    html! {
        <section key={id.clone()} aria-labelledby={id.clone()} class={classes!("machine", side.name())}>
            <h2 {id}>{ format!("The {title}") }</h2>
            <div class="drawn">
                <Picture drawing={drawing.clone()} {title} />
                <div>
                    <h3>{ "Moves" }</h3>
                    { moves(&drawing) }
                    <p class="about">{ "From every state the end comes when the other side hangs up." }</p>
                </div>
            </div>
            <h3>{ "States" }</h3>
            <dl class="stages">
                { for states.states.iter().map(|stage| html! {
                    <div key={stage.name}>
                        <dt>{ stage.name }</dt>
                        <dd>{ stage.about }
                            if !stage.legal.is_empty() { { words::commands(if side == Side::Server { "Legal here" } else { "What it may send" }, stage.legal.iter().copied()) } }
                        </dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}
