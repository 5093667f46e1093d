//! The defender's turn: every smallest change that stops what the attacker gains, each tried by running it.

use super::app::Go;
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use super::worker::{self, Heard, Task};
use crate::base::{Side, Switch};
use crate::sim::Setup;
use crate::work::{Answer, Fixes, Request};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Defence`].
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

/// How far it is.
#[derive(Clone, Default)]
enum Stage {
    #[default]
    Idle,
    Busy,
    Failed(Rc<str>),
    Made(Rc<Fixes>),
}

/// Offered once a harm is done.
#[component(Defence)]
pub fn defence(props: &Props) -> Html {
    let stage = use_state(Stage::default);
    let task = use_mut_ref(|| None::<Task>);
    {
        let (stage, task) = (stage.clone(), task.clone());
        use_effect_with(props.setup.clone(), move |_| {
            stage.set(Stage::Idle);
            // Who leaves, or asks something else, does not wait for this any more.
            move || {
                if let Some(task) = task.take() {
                    task.cancel();
                }
            }
        });
    }
    let place = props.session.place(props.at);
    if props.session.held().is_some() || !props.session.harms.iter().any(|done| done.place <= place) {
        return html! {};
    }
    let begin = {
        let (stage, task, setup) = (stage.clone(), task.clone(), props.setup.clone());
        Callback::from(move |_: MouseEvent| {
            stage.set(Stage::Busy);
            let stage = stage.clone();
            let asked = worker::ask(&Request::Fixes((&*setup).into()), &[], move |heard| match heard {
                Heard::Progress(..) => {}
                Heard::Done(Answer::Fixes(fixes)) => stage.set(Stage::Made(Rc::new(fixes))),
                Heard::Done(_) => {}
                Heard::Failed(why) | Heard::Missing(why) => stage.set(Stage::Failed(why.into())),
            });
            task.replace(Some(asked));
        })
    };
    let cancel = {
        let (stage, task) = (stage.clone(), task.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(task) = task.take() {
                task.cancel();
            }
            stage.set(Stage::Idle);
        })
    };
    html! {
        <section class="defence" aria-label="Defender's turn">
            { match &*stage {
                Stage::Idle => html! { <button type="button" class="plain" onclick={begin}>{ "Find every smallest change" }</button> },
                Stage::Failed(why) => html! { <p role="alert">{ format!("Not computed: {why}.") }</p> },
                Stage::Busy => html! {
                    <p><label>{ "Every change is tried " }<progress></progress></label>
                        <button type="button" class="plain" onclick={cancel}>{ "Cancel" }</button></p>
                },
                Stage::Made(fixes) => made(fixes, &props.setup, &props.go),
            } }
        </section>
    }
}

/// A change as it is written, as switch and value.
fn change(setup: &Setup, text: &str) -> Option<(&'static Switch, &'static str)> {
    let (name, value) = text.split_once('=')?;
    let (owner, id) = name.split_once('.')?;
    let switches = Side::BOTH.into_iter().flat_map(|side| (setup.protocol.switches)(side).iter().copied());
    let switch = switches.into_iter().find(|switch| switch.owner.name() == owner && switch.id == id)?;
    Some((switch, switch.values.iter().find(|known| **known == value)?))
}

fn made(fixes: &Fixes, setup: &Setup, go: &Go) -> Html {
    let told = |(switch, value): &(&'static Switch, &'static str)| {
        format!("{}: {} {}", words::party(switch.owner), switch.title, words::value(switch, value))
    };
    let size = fixes.switches.first().map_or(0, Vec::len);
    html! {
        <>
            <p role="status">{ match (fixes.switches.len(), size) {
                (0, _) => "No set of up to three changes stops it.".to_owned(),
                (1, 1) => "One change stops it.".to_owned(),
                (found, 1) => format!("Each of these {found} changes stops it."),
                (found, _) => format!("No single change stops it; {}.", words::many(found, "set")),
            } }{ if fixes.limit_reached { " There may be more: the search was ended by its limit." } else { "" } }</p>
            <ul role="list">
                { for fixes.switches.iter().enumerate().map(|(at, set)| {
                    let changes: Vec<_> = set.iter().filter_map(|text| change(setup, text)).collect();
                    let what = changes.iter().map(told).collect::<Vec<_>>().join(", and ");
                    let go = go.clone();
                    let apply = Callback::from(move |_: MouseEvent| {
                        for (switch, value) in &changes {
                            go.dispatch(Action::Switch(switch.owner, switch.id, value));
                        }
                    });
                    html! { <li key={at}><span>{ what.clone() }</span><button type="button" class="plain" onclick={apply} aria-label={format!("Apply: {what}")}>{ "Apply" }</button></li> }
                }) }
            </ul>
            if !fixes.rules.is_empty() {
                <p>{ "By rules, it is enough to keep " }{ for fixes.rules.iter().enumerate().map(|(at, set)| html! {
                    <span key={at}>{ if at > 0 { "; or " } else { "" } }{ for set.iter().enumerate().map(|(n, id)| html! {
                        <>{ if n > 0 { " and " } else { "" } }<a href={format!("#/rules/{id}")}>{ id.clone() }</a></> }) }</span>
                }) }{ "." }</p>
            }
        </>
    }
}
