//! The verdicts, the worst first: as they come, or on the whole session.

use super::app::Go;
use super::aside::{SetAside, said};
use super::chosen::{Chosen, Policies};
use super::reading;
use super::session::{Key, Session, Shared};
use super::state::{Action, Changed};
use super::turned::ThenAndNow;
use super::why::WhyNot;
use super::words;
use crate::base::Side;
use crate::pipeline::{By, RunVerdict, Select};
use crate::rules::{Basis, Outcome};
use crate::spec::RuleSet;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Verdicts`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// What it is judged by.
    pub by: By,
    /// What it is being judged by, or the same.
    pub wish: By,
    /// Which verdicts are listed.
    pub select: Rc<Select>,
    /// The last row that is drawn: what is decided behind it is not told yet.
    pub until: usize,
    /// All is told at once.
    pub whole: bool,
    /// The verdict whose evidence is lit.
    pub selected: Option<Key>,
    /// What the last flip changed.
    pub changed: Option<Shared<Changed>>,
    /// Where actions go.
    pub go: Go,
}

/// The list.
#[component(Verdicts)]
pub fn verdicts(props: &Props) -> Html {
    let session = &props.session;
    // A run that halts is not over.
    let over = props.until >= session.last() && session.held().is_none();
    let all = props.whole || over || !session.simulated;
    let place = session.place(props.until);
    // The last of its evidence decides a verdict; one without evidence is decided by the end.
    let told = |found: &&Shared<RunVerdict>| all || found.places.last().is_some_and(|last| *last <= place);
    let chosen = |found: &&Shared<RunVerdict>| {
        let verdict = &found.verdict;
        let open = props.selected == Some((verdict.rule.id, verdict.side));
        open || props.select.fits(verdict.rule, verdict.side, verdict.level(), verdict.outcome)
    };
    let shown = || session.verdicts.iter().filter(told).filter(chosen);
    let aside = shown().filter(|found| session.set_aside(found).is_some()).count();
    let count = |outcome| {
        let all = shown().filter(|found| found.verdict.outcome == outcome).count();
        if outcome == Outcome::Fail { all.saturating_sub(aside) } else { all }
    };
    let counts = [Outcome::Fail, Outcome::CannotTell, Outcome::Pass];
    let counts = counts.map(|outcome| format!("{} {}", count(outcome), outcome.word())).join(" · ");
    let counts = if aside == 0 { counts } else { format!("{counts} · {aside} set aside") };
    let open = session
        .verdicts
        .iter()
        .filter(judged)
        .count()
        .saturating_sub(session.verdicts.iter().filter(told).filter(judged).count());
    let item = |found: &Shared<RunVerdict>| {
        let key = (found.verdict.rule.id, found.verdict.side);
        let glow = props.changed.as_ref().is_some_and(|changed| changed.verdicts.contains(&key));
        html! { <Item key={format!("{}-{}", key.0, key.1.name())} found={found.clone()} session={session.clone()} by={props.by}
        selected={props.selected == Some(key)} glow={props.changed.clone().filter(|_| glow)} go={props.go.clone()} /> }
    };
    let idle = shown().filter(|found| !judged(found)).count();
    // What is broken is what somebody came for; the others may rest on what nobody said. One list, so that a verdict that
    // turns keeps the focus.
    let between = html! {
        <li key="between" class="between">
            if !session.simulated { <Policies session={session.clone()} by={props.wish} go={props.go.clone()} /> }
            <ThenAndNow session={session.clone()} assumed={props.by.assumed} select={props.select.clone()} />
        </li>
    };
    let others = shown().filter(judged).filter(|found| !broken(found));
    let items: Vec<Html> =
        shown().filter(broken).map(item).chain(std::iter::once(between)).chain(others.map(item)).collect();
    html! {
        <section class="verdicts" aria-labelledby="verdicts">
            <h2 id="verdicts" class="small">{ if all { "Verdicts on the whole session" } else { "Verdicts so far" } }</h2>
            <p class="counts">{ counts }</p>
            { rule_sets(props) }
            if session.simulated { { moments(props, all, over) } }
            <Chosen select={(*props.select).clone()} left={(shown().count(), session.verdicts.iter().filter(told).count())} go={props.go.clone()} />
            <ul role="list">{ for items }</ul>
            if open > 0 { <p class="about open-rules">{ format!("{} not decided yet. Step on to see.", words::many(open, "rule")) }</p> }
            if idle > 0 {
                <details>
                    <summary>{ format!("{idle} not applicable or not in force") }</summary>
                    <ul role="list">{ for shown().filter(|found| !judged(found)).map(item) }</ul>
                </details>
            }
        </section>
    }
}

fn broken(found: &&Shared<RunVerdict>) -> bool {
    found.verdict.outcome == Outcome::Fail
}

fn judged(found: &&Shared<RunVerdict>) -> bool {
    !matches!(found.verdict.outcome, Outcome::NotApplicable | Outcome::NotInForce)
}

/// Whether the end is told before it comes. At the end there is nothing to choose.
fn moments(props: &Props, all: bool, over: bool) -> Html {
    let choice = |whole: bool, name: &'static str| {
        let go = props.go.clone();
        let choose = Callback::from(move |_: Event| go.dispatch(Action::Whole(whole)));
        html! {
            <label>
                <input type="radio" name="moment" checked={whole == all} disabled={over && !whole} onchange={choose} />
                <span>{ name }</span>
            </label>
        }
    };
    html! {
        <div class="segments" role="radiogroup" aria-label="Show verdicts">
            <span class="title" aria-hidden="true">{ "Show" }</span>
            <div>{ choice(false, "as they come") }{ choice(true, "all at once") }</div>
        </div>
    }
}

fn rule_sets(props: &Props) -> Html {
    let words = |set| match set {
        RuleSet::Then => "as of 1999",
        RuleSet::Today => "as of today",
    };
    html! {
        <div class="segments" role="radiogroup" aria-label="Rules">
            <span class="title" aria-hidden="true">{ "Rules" }</span>
            <div>
                { for RuleSet::ALL.into_iter().map(|set| {
                    let (session, by, go) = (props.session.clone(), By { rule_set: set, ..props.wish }, props.go.clone());
                    let choose = Callback::from(move |_: Event| reading::again(&session, by, Action::Rules(set), &go));
                    html! {
                        <label key={set.id()}>
                            <input type="radio" name="rules" checked={set == props.wish.rule_set} onchange={choose} />
                            <span>{ words(set) }</span>
                        </label>
                    }
                }) }
            </div>
        </div>
    }
}

/// Properties of [`Item`].
#[derive(PartialEq, Properties)]
struct ItemProps {
    found: Shared<RunVerdict>,
    session: Shared<Session>,
    by: By,
    selected: bool,
    glow: Option<Shared<Changed>>,
    go: Go,
}

/// One verdict.
#[component(Item)]
fn item(props: &ItemProps) -> Html {
    let verdict = &props.found.verdict;
    let (aside, broken) = (props.session.set_aside(&props.found), verdict.outcome == Outcome::Fail);
    let key = (verdict.rule.id, verdict.side);
    let choose = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Select(key)))
    };
    // What was kept needs no explanation until somebody asks.
    let wordy = props.selected || matches!(verdict.outcome, Outcome::Fail | Outcome::CannotTell);
    // Alternating between two names of the same animation starts it anew at each change.
    let twice = use_mut_ref(|| false);
    let glow = use_memo(props.glow.clone(), |glow| {
        let mut odd = twice.borrow_mut();
        *odd = !*odd;
        glow.as_ref().map(|_| if *odd { "glow" } else { "glow-again" })
    });
    html! {
        <li class={classes!("verdict", words::class(verdict.outcome), aside.map(|_| "set-aside"), *glow)}>
            <button type="button" aria-pressed={props.selected.to_string()} onclick={choose}>
                <span class="outcome"><i aria-hidden="true">{ words::mark(verdict.outcome) }</i>{ verdict.outcome.word() }</span>
                <span class="duty">{ words::duty(&props.found) }</span>
                <span class="rule">{ verdict.rule.title }</span>
                <span class="basis">{ words::basis(&props.session, &props.found) }</span>
                if wordy { <span class="message">{ words::message(&props.session, &props.found) }</span> }
                if let Some(aside) = aside { <span class="message">{ said(aside) }</span> }
                if let Some(by) = verdict.excused_by { <span class="message">{ by }</span> }
            </button>
            if props.selected {
                <dl class="reason">
                    if let Some(requirement) = verdict.rule.requirement() {
                        <div><dt>{ "What it asks" }</dt><dd>{ for requirement.clauses.iter().filter(|clause|
                            clause.sides.contains(&verdict.side)).map(|clause| html! { <>{ clause.says }{ " " }</> }) }</dd></div>
                    }
                    <div><dt>{ "Why" }</dt><dd>{ verdict.rule.why }</dd></div>
                    <div><dt>{ "How it is judged" }</dt><dd>{ verdict.rule.how }</dd></div>
                    { verdict.basis.map(|basis| policy(basis, verdict.side)) }
                    if broken { <SetAside verdict={key} accepted={aside.cloned()} over={props.session.aside.over(key.0, key.1).cloned()} go={props.go.clone()} /> }
                    <WhyNot session={props.session.clone()} by={props.by} verdict={key} outcome={verdict.outcome} go={props.go.clone()} />
                    <div><dd><a href={format!("#/rules/{}", verdict.rule.id)}>{ format!("The page of rule {}", verdict.rule.id) }</a></dd></div>
                </dl>
            }
        </li>
    }
}

/// The policy that a verdict rests on.
fn policy(basis: Basis, side: Side) -> Html {
    let says = match basis {
        Basis::Stated(policy) => format!("The {} says that it {}.", side.name(), policy.words()),
        Basis::Assumed(policy) => {
            format!(
                "It is assumed that the {} {}. You can change that among the verdicts.",
                side.name(),
                policy.words()
            )
        }
        Basis::Unknown => {
            format!("How the {} is set is not known. You can say so among the verdicts.", side.name())
        }
    };
    html! { <div><dt>{ "Which policy it rests on" }</dt><dd>{ says }</dd></div> }
}
