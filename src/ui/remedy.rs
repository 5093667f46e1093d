//! The smallest change that stops it, as one button.

use super::app::Go;
use super::fix::{self, Fix, party};
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use crate::sim::Setup;
use yew::prelude::*;

/// Properties of [`Remedy`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// What it was run from.
    pub setup: Shared<Setup>,
    /// The current row.
    pub at: usize,
    /// Where actions go.
    pub go: Go,
}

/// Offers the change once the harm is done; until then it keeps the place.
#[component(Remedy)]
pub fn remedy(props: &Props) -> Html {
    let session = &props.session;
    // The button goes away with the harm; what happened instead is the next thing to read. Once it is drawn, and
    // no later: a person who is somewhere else by then must not lose the place.
    let applied = use_mut_ref(|| false);
    {
        let applied = applied.clone();
        use_effect_with(session.clone(), move |_| {
            if applied.replace(false) {
                super::input::focus(".score h2");
            }
        });
    }
    let place = session.place(props.at);
    let harmed = session.harms.iter().any(|done| done.place <= place) && session.held().is_none();
    // Dozens of runs: only where somebody sees what comes of them.
    let found = use_memo(
        (harmed, props.setup.clone()),
        |(harmed, setup)| {
            if *harmed { fix::find(setup) } else { None }
        },
    );
    if !harmed {
        return html! { <p class="remedy empty">{ "Once something is lost, the smallest change that stops it stands here." }</p> };
    }
    let Some(fix) = *found else {
        return html! { <section class="remedy" aria-label="Remedy"><p>{ "No single switch or profile stops it." }</p></section> };
    };
    let apply = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| {
            *applied.borrow_mut() = true;
            go.dispatch(Action::Apply(fix));
        })
    };
    let what = match fix {
        Fix::Switch(switch, value) => format!("{} {}", switch.title, words::value(switch, value)),
        Fix::Profile(profile) => format!("the profile “{}”", profile.title),
    };
    html! {
        <section class="remedy" aria-label="Remedy">
            <h2>{ "Smallest change that stops it" }</h2>
            <p>{ format!("{}: {what}", words::party(party(fix))) }</p>
            <button type="button" class="strong" onclick={apply}>{ "Apply and replay" }</button>
        </section>
    }
}
