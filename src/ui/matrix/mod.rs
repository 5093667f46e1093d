//! Attacks against rules and against profiles, computed here and now from runs; filters and the chosen cell stand in the
//! address, and every cell opens the run that shows it.

mod filters;
mod grid;
mod table;

use super::app::Go;
use super::job::{Stage, use_job};
use super::route::Route;
use super::state::Action;
use super::words::{party, value};
use crate::base::{Party, Protocol, Side};
use crate::pipeline;
use crate::pipeline::Wanted;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::work::{Answer, Grid as Made, Request};
use filters::{Filters, View};
use grid::Grid;
use std::cell::RefCell;
use std::rc::Rc;
use table::Table;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// So many matrices are kept, so that the way back from a run is short.
const KEPT: usize = 8;

thread_local! {
    /// What was computed already. The same wish gives the same matrix.
    static MADE: RefCell<Vec<(Wanted, Rc<Made>)>> = const { RefCell::new(Vec::new()) };
}

fn known(wanted: &Wanted) -> Option<Rc<Made>> {
    MADE.with_borrow(|made| made.iter().find(|(known, _)| known == wanted).map(|(_, matrix)| matrix.clone()))
}

fn keep(wanted: Wanted, matrix: Rc<Made>) {
    MADE.with_borrow_mut(|made| {
        if made.len() >= KEPT {
            made.remove(0);
        }
        made.push((wanted, matrix));
    });
}

/// Properties of [`Screen`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The filters as the address writes them.
    pub query: String,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Screen)]
pub fn screen(props: &Props) -> Html {
    let filters = Rc::new(Filters::read(&props.query));
    let again = use_state(|| 0_u32);
    let wanted = filters.wanted();
    let job = use_job::<(), _>(wanted.clone());
    // Computes what is missing, one matrix after the other; each that is done draws the page again.
    {
        let (job, again) = (job.clone(), again.clone());
        use_effect_with((wanted.clone(), *again), move |(wanted, round)| {
            let round = round.wrapping_add(1);
            if let Some(wanted) = wanted.iter().find(|wanted| known(wanted).is_none()).cloned() {
                job.begin(&Request::Matrix(wanted.clone()), move |answer| match answer {
                    Answer::Matrix(made) => {
                        keep(wanted.clone(), Rc::new(made));
                        again.set(round);
                        Some(())
                    }
                    _ => None,
                });
            }
        });
    }
    let cancel = {
        let job = job.clone();
        Callback::from(move |_: MouseEvent| job.stop(Some("stopped")))
    };
    let resume = {
        let (job, again) = (job.clone(), again.clone());
        Callback::from(move |_: MouseEvent| {
            job.stop(None);
            again.set(again.wrapping_add(1));
        })
    };
    let made: Vec<_> = wanted.iter().map(known).collect();
    let table =
        use_memo((filters.clone(), made.iter().map(Option::is_some).collect::<Vec<_>>()), |(filters, _)| {
            let mut made = made.iter();
            let base = made.next().cloned().flatten()?;
            let flipped = match made.next() {
                Some(flipped) => Some(flipped.clone()?),
                None => None,
            };
            Some(Table::new(filters, &base, flipped.as_deref()))
        });
    html! {
        <main class="screen matrix" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Attacks against rules and programs" }</h1>
            <p class="lead">{ match filters.view {
                View::Profiles => "Every attack in all its variants against every client, each one played out now. A cell opens the session at the event that decided it.",
                View::Rules => "Which rule ends which attack: two parties that keep every rule but those that open them to it, played with each weakness and without. A cell opens the session at the event that decided it.",
            } }</p>
            <Controls filters={filters.clone()} go={props.go.clone()} />
            <p class="found" role="status">{ match (job.stage(), table.as_ref()) {
                (_, Some(table)) => table.summary.clone(),
                (Stage::Failed(why), None) => format!("Not computed: {why}."),
                (Stage::Busy(done, all), None) if *all > 0 => format!("{done} of {all} attacks"),
                (_, None) => "Beginning.".to_owned(),
            } }</p>
            if table.is_none() {
                <p class="acts">{ match job.stage() {
                    Stage::Busy(done, all) => html! {
                        <><label class="unseen" for="computing">{ "Computing" }</label>
                        <progress id="computing" max={(*all > 0).then(|| all.to_string())} value={(*all > 0).then(|| done.to_string())}></progress>
                        <button type="button" class="plain" onclick={cancel}>{ "Cancel" }</button></> },
                    Stage::Failed(_) => html! { <button type="button" class="plain" onclick={resume}>{ "Go on" }</button> },
                    Stage::Idle | Stage::Made(_) => html! {},
                } }</p>
            }
            if let Some(table) = table.as_ref() {
                <Grid table={table.clone()} filters={filters.clone()} />
                <Legend view={filters.view} />
                <p class="actions">
                    <a class="button" href={format!("data:text/csv;charset=utf-8,{}", super::route::encoded(&table.csv()))} download="matrix.csv">{ "Save as CSV" }</a>
                    <a class="button" href={format!("data:text/markdown;charset=utf-8,{}", super::route::encoded(&table.markdown()))} download="matrix.md">{ "Save as Markdown" }</a>
                </p>
            }
        </main>
    }
}

/// What the words in the cells mean.
#[component(Legend)]
fn legend(props: &LegendProps) -> Html {
    let terms: &[(&str, &str)] = match props.view {
        View::Profiles => &[
            ("stopped", "The attack does not reach what it is for, in none of its variants."),
            (
                "succeeds",
                "It reaches what it is for; what the attacker gains first stands in its place, if it is a harm.",
            ),
        ],
        View::Rules => &[
            ("stops", "Mending what breaks this rule ends the attack."),
            ("decides", "Breaking this rule and no other is enough for the attack."),
            ("notices", "The rule is broken in the harmful run, or its warning reached the user."),
        ],
    };
    html! {
        <dl class="terms">{ for terms.iter().map(|(word, about)| html! { <div key={*word}><dt>{ *word }</dt><dd>{ *about }</dd></div> }) }</dl>
    }
}

#[derive(PartialEq, Properties)]
struct LegendProps {
    view: View,
}

/// Properties of [`Controls`].
#[derive(PartialEq, Properties)]
struct ControlsProps {
    filters: Rc<Filters>,
    go: Go,
}

/// What is shown.
#[component(Controls)]
fn controls(props: &ControlsProps) -> Html {
    let filters = &props.filters;
    let visit = {
        let go = props.go.clone();
        move |filters: &Filters| go.dispatch(Action::Visit(Route::Matrix(filters.query()).hash()))
    };
    let radio = |name: &'static str, on: bool, label: &'static str, to: Filters| {
        let visit = visit.clone();
        let choose = Callback::from(move |_: Event| visit(&to));
        html! { <label><input type="radio" {name} checked={on} onchange={choose} /><span>{ label }</span></label> }
    };
    let toggle = |label: &'static str, on: bool, to: Filters| {
        let visit = visit.clone();
        let flip = Callback::from(move |_: Event| visit(&to));
        html! { <label class="toggle field"><span>{ label }</span><input type="checkbox" role="switch" checked={on} onchange={flip} /></label> }
    };
    let select = |label: &'static str,
                  options: Vec<(String, String, bool)>,
                  to: Rc<dyn Fn(String) -> Filters>| {
        let visit = visit.clone();
        let choose = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                visit(&to(select.value()));
            }
        });
        html! {
            <label class="field"><span>{ label }</span><select onchange={choose}>
                { for options.into_iter().map(|(value, name, on)| html! { <option key={value.clone()} {value} selected={on}>{ name }</option> }) }
            </select></label>
        }
    };
    let typed = {
        let (filters, visit) = (filters.clone(), visit.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                visit(&Filters { text: input.value(), ..(*filters).clone() });
            }
        })
    };
    let with = |change: &dyn Fn(&mut Filters)| {
        let mut next = (**filters).clone();
        change(&mut next);
        next
    };
    let record = Setup::new(filters.protocol).ok().map(|setup| setup.protocol);
    let servers = record
        .iter()
        .flat_map(|record| (record.profiles)(Side::Server))
        .map(|profile| (profile.id.to_string(), profile.title.to_string(), filters.server == profile.id));
    let flips = record.iter().flat_map(|record| {
        Side::BOTH.into_iter().flat_map(|side| (record.switches)(side)).flat_map(|switch| {
            let owner: Party = switch.owner;
            switch.values.iter().map(move |now| {
                let text = format!("{}.{}={now}", owner.name(), switch.id);
                (text, format!("{}: {} {}", party(owner), switch.title, value(switch, now)))
            })
        })
    });
    let nothing = (String::new(), "nothing".to_owned(), filters.flip.is_none());
    let flips = std::iter::once(nothing)
        .chain(flips.map(|(text, name)| {
            let on = filters.flip.as_ref() == Some(&text);
            (text, name, on)
        }))
        .collect();
    let protocol = |protocol: Protocol| {
        let usual = Filters { protocol, ..Filters::default() };
        radio(
            "protocol",
            filters.protocol == protocol,
            protocol.title(),
            with(&|next| {
                (next.protocol, next.flip, next.server) = (protocol, None, usual.server.clone());
            }),
        )
    };
    let (for_server, for_flip) = (filters.clone(), filters.clone());
    html! {
        <form class="filters" role="search" aria-label="Matrix" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <div class="segments field" role="radiogroup" aria-label="Protocol"><span aria-hidden="true">{ "Protocol" }</span>
                <div>{ for pipeline::protocols().map(protocol) }</div></div>
            <div class="segments field" role="radiogroup" aria-label="Attacks against"><span aria-hidden="true">{ "Attacks against" }</span>
                <div>{ radio("view", filters.view == View::Profiles && !filters.programs, "clients", with(&|next| (next.view, next.programs) = (View::Profiles, false))) }
                    { radio("view", filters.view == View::Profiles && filters.programs, "real programs", with(&|next| (next.view, next.programs) = (View::Profiles, true))) }
                    { radio("view", filters.view == View::Rules, "rules", with(&|next| next.view = View::Rules)) }</div></div>
            <label class="field wide"><span>{ "Attack" }</span>
                <input type="search" value={filters.text.clone()} oninput={typed} autocomplete="off" spellcheck="false" placeholder="strip, certificate" /></label>
            if filters.view == View::Profiles {
                { select("Server", servers.collect(), Rc::new(move |server| Filters { server, ..(*for_server).clone() })) }
                { select("Flip for everybody", flips, Rc::new(move |flip| Filters { flip: Some(flip).filter(|flip| !flip.is_empty()), ..(*for_flip).clone() })) }
            } else {
                <div class="segments field" role="radiogroup" aria-label="Rules"><span aria-hidden="true">{ "Rules" }</span>
                    <div>{ radio("rules", filters.rule_set == RuleSet::Then, "as of 1999", with(&|next| next.rule_set = RuleSet::Then)) }
                        { radio("rules", filters.rule_set == RuleSet::Today, "as of today", with(&|next| next.rule_set = RuleSet::Today)) }</div></div>
                { toggle("Only MUST", filters.must, with(&|next| next.must = !next.must)) }
                { toggle("Also rules without a part in any attack", filters.all, with(&|next| next.all = !next.all)) }
                { toggle("Only attacks that no rule stops or notices", filters.gaps, with(&|next| next.gaps = !next.gaps)) }
            }
        </form>
    }
}
