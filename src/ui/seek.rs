//! Looks for an attack on the workbench's client and server: every sequence of an attacker's primitive moves within bounds.

use super::app::Go;
use super::job::{Stage, use_job};
use super::route::{Route, parts};
use super::session::Shared;
use super::state::{Action, link};
use super::words::many;
use crate::attack::Custom;
use crate::harm::{self, Harm};
use crate::sim::Setup;
use crate::work::{Answer, Found, Request};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// So many runs are made at most in a browser.
const RUNS: u32 = 20_000;
/// Only among so many first messages outside TLS.
const MESSAGES: u32 = 12;

/// Properties of [`Seek`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is looked for, as the address writes it.
    pub query: String,
    /// Whose client and server.
    pub setup: Shared<Setup>,
    /// Where actions go.
    pub go: Go,
}

/// What is looked for.
#[derive(Clone, Copy)]
struct Wish {
    harm: &'static Harm,
    moves: u32,
}

impl Wish {
    fn read(query: &str) -> Option<Self> {
        let mut wish =
            Self { harm: harm::ALL.iter().copied().find(|harm| harm.id == "credential")?, moves: 2 };
        for (key, value) in parts(query) {
            match key {
                "harm" => {
                    wish.harm = harm::ALL.iter().copied().find(|harm| harm.id == value).unwrap_or(wish.harm)
                }
                "moves" => {
                    wish.moves =
                        value.parse().ok().filter(|moves| (1..=3).contains(moves)).unwrap_or(wish.moves)
                }
                _ => {}
            }
        }
        Some(wish)
    }

    fn address(self) -> String {
        Route::Search(format!("harm={}&moves={}", self.harm.id, self.moves)).hash()
    }
}

/// The screen.
#[component(Seek)]
pub fn seek(props: &Props) -> Html {
    let job = use_job::<Found, _>((props.query.clone(), props.setup.clone()));
    let Some(wish) = Wish::read(&props.query) else { return html! {} };
    let bare = Setup { attacks: Vec::new(), custom: None, hold: None, ..(*props.setup).clone() };
    let begin = {
        let (job, bare) = (job.clone(), bare.clone());
        Callback::from(move |_: MouseEvent| {
            let bounds = (wish.moves, MESSAGES, RUNS);
            let request = Request::Search { setup: (&bare).into(), harm: wish.harm.id.to_owned(), bounds };
            job.begin(&request, |answer| match answer {
                Answer::Search(found) => Some(found),
                _ => None,
            });
        })
    };
    let cancel = {
        let job = job.clone();
        Callback::from(move |_: MouseEvent| job.stop(None))
    };
    let choose = |change: fn(Wish, &str) -> Wish| {
        let go = props.go.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                go.dispatch(Action::Visit(change(wish, &select.value()).address()));
            }
        })
    };
    let harm_chosen = choose(|wish, id| Wish {
        harm: harm::ALL.iter().copied().find(|harm| harm.id == id).unwrap_or(wish.harm),
        ..wish
    });
    let moves_chosen = choose(|wish, moves| Wish { moves: moves.parse().unwrap_or(wish.moves), ..wish });
    html! {
        <main class="screen" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Look for an attack" }</h1>
            <p class="lead">{ format!("Tries what a middle can do to the messages between the {} client “{}” and the server “{}” of the workbench: withhold, change, answer, add, hang up. The shortest way to the goal is played back to you.",
                bare.protocol.protocol.title(), bare.client.0.title, bare.server.0.title) }</p>
            <form class="filters" aria-label="What to look for" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                <label class="field wide"><span>{ "The attacker's goal" }</span><select onchange={harm_chosen}>
                    { for harm::ALL.iter().map(|harm| html! { <option key={harm.id} value={harm.id} selected={harm.id == wish.harm.id}>{ harm.title }</option> }) }
                </select></label>
                <label class="field"><span>{ "At most" }</span><select onchange={moves_chosen}>
                    { for (1..=3_u32).map(|moves| html! { <option key={moves} value={moves.to_string()} selected={moves == wish.moves}>{ format!("{moves} {}", if moves == 1 { "move" } else { "moves" }) }</option> }) }
                </select></label>
                if matches!(job.stage(), Stage::Busy(..)) {
                    <button type="button" class="plain" onclick={cancel}>{ "Cancel" }</button>
                } else {
                    <button type="button" class="strong" onclick={begin}>{ "Search" }</button>
                }
            </form>
            { match job.stage() {
                Stage::Idle => html! {},
                Stage::Busy(runs, _) => html! { <p class="found"><progress aria-label="Searching"></progress>{ format!(" {runs} runs so far") }</p> },
                Stage::Failed(why) => html! { <p class="found bad" role="alert">{ format!("Not searched: {why}.") }</p> },
                Stage::Made(searched) => result(&bare, searched, wish),
            } }
            <p class="about">{ format!("Bounds: the first {MESSAGES} messages outside TLS, {RUNS} runs. The command line searches further: ") }<code>{ "starttls-lab search" }</code></p>
        </main>
    }
}

fn result(bare: &Setup, searched: &Found, wish: Wish) -> Html {
    let (runs, states) = (
        usize::try_from(searched.runs).unwrap_or(usize::MAX),
        usize::try_from(searched.states).unwrap_or(usize::MAX),
    );
    let effort = format!("{} visited in {}", many(states, "state"), many(runs, "run"));
    match searched.attack.as_ref() {
        Some(text) => {
            // Without a rule it reads as nothing, and no attack is needed.
            let custom = Custom::parse(text).unwrap_or_default();
            let played = Setup { custom: (!custom.rules.is_empty()).then(|| custom.clone()), ..bare.clone() };
            html! {
                <section aria-label="Result">
                    <p class="found" role="status">{ format!("Found, {}: {effort}.", if custom.rules.is_empty() { "without any move".to_owned() } else { many(custom.rules.len(), "move") }) }</p>
                    <ol class="hits" role="list">{ for custom.text().lines().enumerate().map(|(at, line)| html! { <li key={at}><code>{ line.to_owned() }</code></li> }) }</ol>
                    <p class="actions"><a class="button strong" href={link(&played, None, None)}>{ "Play it on the workbench" }</a></p>
                </section>
            }
        }
        None if searched.complete => html! {
            <section aria-label="Result"><p class="found" role="status">{ format!("None within these bounds: {effort}.") }</p>
                <p>{ format!("No sequence of up to {} does this.", many(usize::try_from(wish.moves).unwrap_or_default(), "move")) }</p></section>
        },
        None => {
            html! { <section aria-label="Result"><p class="found" role="status">{ format!("None found before the runs were used up: {effort}.") }</p></section> }
        }
    }
}
