//! What happened to the person so far, and the smallest change that stops it.

use super::app::Go;
use super::session::{Session, Shared};
use super::state::Action;
use crate::sim::Setup;
use yew::prelude::*;

/// Properties of [`Score`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// The current row.
    pub at: usize,
    /// Where actions go.
    pub go: Go,
}

/// One sentence, in the colour of what it says.
#[component(Score)]
pub fn score(props: &Props) -> Html {
    let session = &props.session;
    if !session.simulated {
        return recorded(session);
    }
    let place = session.place(props.at);
    let done: Vec<_> = session.harms.iter().filter(|done| done.place <= place).collect();
    if done.is_empty() {
        let (class, title, about) = nothing(props);
        return html! {
            <section class={classes!("score", class)} aria-label="What happened">
                <h2 tabindex="-1">{ title }</h2><p>{ about }</p>
            </section>
        };
    }
    html! {
        <section class="score danger" aria-label="What happened">
            { for done.into_iter().rev().map(|done| {
                let (go, place) = (props.go.clone(), done.place);
                let jump = Callback::from(move |_: MouseEvent| go.dispatch(Action::Jump(place)));
                html! {
                    <div key={done.harm.id}>
                        <h2 tabindex="-1">{ done.harm.title }</h2>
                        <p>{ "Decided at " }<button type="button" class="link" onclick={jump}>{ format!("event {place}") }</button>
                            { format!(". {}", done.message) }</p>
                    </div>
                }
            }) }
        </section>
    }
}

fn nothing(props: &Props) -> (&'static str, &'static str, &'static str) {
    let session = &props.session;
    let over = props.at >= session.last();
    let alone = props.setup.attacks.is_empty() && props.setup.custom.is_none();
    if session.held().is_some() {
        return (
            "calm",
            "The attacker has nothing yet",
            "The run halts here. Decide what becomes of this message.",
        );
    }
    match (over, alone, session.logged_in) {
        (false, true, _) => {
            ("calm", "The eavesdropper has nothing yet", "It reads every message until TLS is up.")
        }
        (false, false, _) => ("calm", "The attacker has nothing yet", "Step on and watch the middle."),
        (true, true, true) => ("safe", "The eavesdropper has nothing", "The login worked, out of its sight."),
        (true, _, true) => ("safe", "The attacker has nothing", "The login worked all the same."),
        (true, _, false) => (
            "doubt",
            "The attacker has nothing",
            "But the login did not happen: the attack cost access, not secrets.",
        ),
    }
}

/// The sentence about a recording.
fn recorded(session: &Session) -> Html {
    let exposed = session.rows.iter().find(|row| row.exposes);
    let (class, title) = match (exposed, session.facts.last().and_then(|facts| facts.credential_in_clear)) {
        (Some(row), _) => {
            ("danger", format!("A password crossed in the clear · {} {}", session.noun(), row.place))
        }
        (None, Some(true)) => ("danger", "A password crossed in the clear".to_owned()),
        (None, Some(false)) => ("calm", "No password is visible in this recording".to_owned()),
        (None, None) => ("doubt", "Whether a password crossed in the clear cannot be told".to_owned()),
    };
    html! {
        <section class={classes!("score", class)} aria-label="What happened">
            <h2>{ title }</h2><p>{ "As far as this recording shows." }</p>
        </section>
    }
}
