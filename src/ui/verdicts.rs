//! The verdicts on the whole session, the worst first.

use super::app::Go;
use super::session::{Key, Session, Shared};
use super::state::{Action, Changed};
use super::words;
use crate::pipeline::RunVerdict;
use crate::rules::Outcome;
use crate::spec::RuleSet;
use yew::prelude::*;

/// Properties of [`Verdicts`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The documents in force.
    pub rule_set: RuleSet,
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
    let counts = [Outcome::Fail, Outcome::CannotTell, Outcome::Pass];
    let counts = counts.map(|outcome| format!("{} {}", session.count(outcome), outcome.word())).join(" · ");
    let item = |found: &Shared<RunVerdict>| {
        let key = (found.verdict.rule.id, found.verdict.side);
        let glow = props.changed.as_ref().is_some_and(|changed| changed.verdicts.contains(&key));
        html! { <Item key={format!("{}-{}", key.0, key.1.name())} found={found.clone()} session={session.clone()}
        selected={props.selected == Some(key)} glow={props.changed.clone().filter(|_| glow)} go={props.go.clone()} /> }
    };
    let judged = |found: &&Shared<RunVerdict>| {
        !matches!(found.verdict.outcome, Outcome::NotApplicable | Outcome::NotInForce)
    };
    let idle = session.verdicts.iter().filter(|found| !judged(found)).count();
    html! {
        <section class="verdicts" aria-labelledby="verdicts">
            <h2 id="verdicts" class="small">{ "Verdicts on the whole session" }</h2>
            <p class="counts">{ counts }</p>
            { rule_sets(props) }
            <ul role="list">{ for session.verdicts.iter().filter(judged).map(item) }</ul>
            if idle > 0 {
                <details>
                    <summary>{ format!("{idle} not applicable or not in force") }</summary>
                    <ul role="list">{ for session.verdicts.iter().filter(|found| !judged(found)).map(item) }</ul>
                </details>
            }
        </section>
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
                    let go = props.go.clone();
                    let choose = Callback::from(move |_: Event| go.dispatch(Action::Rules(set)));
                    html! {
                        <label key={set.id()}>
                            <input type="radio" name="rules" checked={set == props.rule_set} onchange={choose} />
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
    selected: bool,
    glow: Option<Shared<Changed>>,
    go: Go,
}

/// One verdict.
#[component(Item)]
fn item(props: &ItemProps) -> Html {
    let verdict = &props.found.verdict;
    let key = (verdict.rule.id, verdict.side);
    let choose = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Select(key)))
    };
    // Alternating between two names of the same animation starts it anew at each change.
    let twice = use_mut_ref(|| false);
    let glow = use_memo(props.glow.clone(), |glow| {
        let mut odd = twice.borrow_mut();
        *odd = !*odd;
        glow.as_ref().map(|_| if *odd { "glow" } else { "glow-again" })
    });
    html! {
        <li class={classes!("verdict", words::class(verdict.outcome), *glow)}>
            <button type="button" aria-pressed={props.selected.to_string()} onclick={choose}>
                <span class="outcome"><i aria-hidden="true">{ words::mark(verdict.outcome) }</i>{ verdict.outcome.word() }</span>
                <span class="rule">{ verdict.rule.title }</span>
                <span class="basis">{ words::basis(&props.session, &props.found) }</span>
                <span class="message">{ &verdict.message }</span>
                if let Some(by) = verdict.excused_by { <span class="message">{ by }</span> }
            </button>
        </li>
    }
}
