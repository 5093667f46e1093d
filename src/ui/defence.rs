//! The defender's turn: every smallest change that stops what the attacker gains, each tried by running it.

use super::app::Go;
use super::job::{Stage, use_job};
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use crate::base::{Side, Switch};
use crate::sim::Setup;
use crate::work::{Answer, Fixes, Request};
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

/// Offered once a harm is done.
#[component(Defence)]
pub fn defence(props: &Props) -> Html {
    let job = use_job::<Fixes, _>(props.setup.clone());
    let place = props.session.place(props.at);
    if props.session.held().is_some() || !props.session.harms.iter().any(|done| done.place <= place) {
        return html! {};
    }
    let begin = {
        let (job, setup) = (job.clone(), props.setup.clone());
        Callback::from(move |_: MouseEvent| {
            job.begin(&Request::Fixes((&*setup).into()), |answer| match answer {
                Answer::Fixes(fixes) => Some(fixes),
                _ => None,
            });
        })
    };
    let cancel = {
        let job = job.clone();
        Callback::from(move |_: MouseEvent| job.stop(None))
    };
    html! {
        <section class="defence" aria-label="Defender's turn">
            { match job.stage() {
                Stage::Idle => html! { <button type="button" class="plain" onclick={begin}>{ "Find every smallest change" }</button> },
                Stage::Failed(why) => html! { <p role="alert">{ format!("Not computed: {why}.") }</p> },
                Stage::Busy(done, all) => html! {
                    <p><label>{ "Every change is tried " }<progress max={(*all > 0).then(|| all.to_string())} value={(*all > 0).then(|| done.to_string())}></progress></label>
                        { if *all > 0 { format!(" {done} of {all} ") } else { " ".to_owned() } }
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
