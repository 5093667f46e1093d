//! One requirement and the rules that judge it: what it asks, why, how it is judged, and two sessions to look at.

use super::app::Go;
use super::reading;
use super::rulebook::judges;
use super::state;
use super::words;
use crate::base::Side;
use crate::pipeline::{self, Example};
use crate::rules::{self, Rule};
use crate::spec::{self, Decided, Requirement, RuleSet};
use yew::prelude::*;

/// Properties of [`RulePage`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The id of a requirement or of a rule.
    pub id: String,
    /// The documents in force.
    pub rules: RuleSet,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(RulePage)]
pub fn rule_page(props: &Props) -> Html {
    let row = spec::find(&props.id);
    let rules: Vec<&'static Rule> = match row {
        Some(row) => judges(row).filter_map(rules::find).collect(),
        None => rules::find(&props.id).into_iter().collect(),
    };
    let Some(row) = row.or_else(|| rules.first().and_then(|rule| rule.requirement())) else {
        return html! {
            <main class="screen" id="text" tabindex="0">
                <p class="back"><a href="#/rules">{ "← The rule book" }</a></p>
                <h1 tabindex="-1">{ "There is no such rule" }</h1>
                <p class="lead">{ format!("Nothing here has the id “{}”. It may come from another version of this page.", props.id) }</p>
            </main>
        };
    };
    let title = match rules.as_slice() {
        [rule] => rule.title,
        _ => row.clauses.first().map_or("A requirement", |clause| clause.says),
    };
    let protocols: Vec<_> = row.protocols.iter().map(|protocol| protocol.title()).collect();
    html! {
        <main class="screen rulepage" id="text" tabindex="0">
            <p class="back"><a href="#/rules">{ "← The rule book" }</a></p>
            <h1 tabindex="-1">{ title }</h1>
            <p class="meta"><span class="id">{ row.id }</span><span>{ row.citation() }</span>
                if !protocols.is_empty() { <span>{ protocols.join(", ") }</span> }</p>
            <section aria-labelledby="asks">
                <h2 id="asks">{ "What it asks" }</h2>
                <ul class="clauses" role="list">
                    { for row.clauses.iter().map(|clause| {
                        let sides: Vec<_> = clause.sides.iter().map(|side| side.name()).collect();
                        html! { <li key={clause.says}>
                            <span class="keyword">{ clause.keyword.word() }</span>
                            <span class="duty">{ sides.join(" and ") }</span>
                            <span class="says">{ clause.says }</span></li> }
                    }) }
                </ul>
            </section>
            { for rules.iter().map(|rule| html! { <Judging key={rule.id} rule={rule.id} alone={rules.len() == 1} rules={props.rules} go={props.go.clone()} /> }) }
            if rules.is_empty() { { unjudged(row) } }
            <section aria-labelledby="later">
                <h2 id="later">{ "What later documents did to it" }</h2>
                <p>{ row.later }</p>
            </section>
            { shared(row) }
        </main>
    }
}

fn unjudged(row: &Requirement) -> Html {
    let why = match row.decided {
        Decided::Never(why) => why.to_owned(),
        Decided::By(_) => "Its rule is not written yet.".to_owned(),
    };
    let needs: Vec<_> = row.judge.iter().map(|judge| judge.words()).collect();
    html! {
        <section aria-labelledby="not-judged">
            <h2 id="not-judged">{ "Not judged here" }</h2>
            <p>{ why }</p>
            if !needs.is_empty() { <p>{ format!("To judge it takes {}.", needs.join("; or ")) }</p> }
        </section>
    }
}

/// The other rows that the same rules decide.
fn shared(row: &'static Requirement) -> Html {
    let mine: Vec<_> = judges(row).collect();
    let others: Vec<_> = spec::all()
        .filter(|other| other.id != row.id && judges(other).any(|id| mine.contains(&id)))
        .collect();
    if others.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="shared">
            <h2 id="shared">{ "The same is asked in" }</h2>
            <ul class="rows-list" role="list">
                { for others.into_iter().map(|other| html! {
                    <li key={other.id}><a href={format!("#/rules/{}", other.id)}>
                        <span class="id">{ other.id }</span><span class="says">{ other.citation() }</span></a></li>
                }) }
            </ul>
        </section>
    }
}

/// Properties of [`Judging`].
#[derive(PartialEq, Properties)]
struct JudgingProps {
    rule: &'static str,
    alone: bool,
    rules: RuleSet,
    go: Go,
}

/// How one rule judges, and its two sessions.
#[component(Judging)]
fn judging(props: &JudgingProps) -> Html {
    let example = use_memo(props.rule, |rule| rules::find(rule).and_then(pipeline::example));
    let Some(rule) = rules::find(props.rule) else { return html! {} };
    let needs: Vec<_> = rule
        .requirement()
        .map(|row| row.judge.iter().map(|judge| judge.words()).collect())
        .unwrap_or_default();
    html! {
        <>
            if !props.alone { <h2>{ format!("Rule {}: {}", rule.id, rule.title) }</h2> }
            <section aria-label="Why it exists">
                <h2>{ "Why it exists" }</h2>
                <p>{ rule.why }</p>
            </section>
            <section aria-label="How it is judged">
                <h2>{ "How it is judged, and what that cannot see" }</h2>
                <p>{ rule.how }</p>
                if !rule.blind.is_empty() { <p class="blind"><b>{ "What it cannot see: " }</b>{ rule.blind }</p> }
                if !needs.is_empty() { <p class="about">{ format!("It takes {}.", needs.join("; or ")) }</p> }
            </section>
            <section aria-label="See it happen">
                <h2>{ "See it happen" }</h2>
                { match &*example {
                    Some(example) => sessions(rule, example),
                    None => html! { <p>{ "Nothing that can be set here breaks it; it is judged in logs that you open." }</p> },
                } }
                { recordings(rule, props) }
            </section>
        </>
    }
}

/// The two examples as recordings, where they can be judged as such.
fn recordings(rule: &'static Rule, props: &JudgingProps) -> Html {
    let open = |bad: bool, name: &'static str| {
        let text = pipeline::recording(rule, bad)?;
        let (rules, go, shown) = (props.rules, props.go.clone(), text.clone());
        let title = format!("{} example of {}", if bad { "Bad" } else { "Good" }, rule.id);
        let open = Callback::from(move |_: MouseEvent| {
            reading::octets(title.clone(), text.clone().into_bytes(), rules, go.clone());
        });
        Some(html! {
            <div class={classes!("recording", if bad { "bad" } else { "good" })}>
                <h3>{ name }</h3>
                <pre tabindex="0" aria-label={name}>{ for shown.lines().map(|line| html! { <span>{ line }{ "\n" }</span> }) }</pre>
                <button type="button" onclick={open}>{ "Open it in the workbench" }</button>
            </div>
        })
    };
    let both = [open(true, "A recording that breaks it"), open(false, "A recording that does not")];
    if both.iter().all(Option::is_none) {
        return html! {};
    }
    html! { <div class="pair">{ for both.into_iter().flatten() }</div> }
}

fn sessions(rule: &'static Rule, example: &Example) -> Html {
    let cast = |setup: &pipeline::Setup| {
        let middle: Vec<_> = setup.attacks.iter().map(|(attack, _)| attack.title).collect();
        let middle = if middle.is_empty() {
            "nobody in the middle".to_owned()
        } else {
            format!("in the middle: {}", middle.join(", "))
        };
        format!(
            "{}, client “{}”, server “{}”, {middle}",
            setup.protocol.protocol.title(),
            setup.client.0.title,
            setup.server.0.title
        )
    };
    let by = example.by.map(|(switch, value)| {
        let who = words::side(example.side);
        if switch.values.contains(&"on") {
            format!("{who} fault “{}”.", switch.title)
        } else {
            format!("{who} setting “{}”: {}.", switch.title, words::value(switch, value))
        }
    });
    let bad = state::link(&example.bad, Some(example.place), Some((rule.id, example.side)));
    html! {
        <div class="pair">
            <a class="example bad" href={bad}>
                <b>{ "✕ A session that breaks it" }</b>
                if let Some(by) = by { <span>{ by }</span> }
                <small>{ cast(&example.bad) }</small>
            </a>
            if let Some(good) = &example.good {
                <a class="example good" href={state::link(good, None, Some((rule.id, example.side)))}>
                    <b>{ "✓ A session that does not" }</b>
                    <span>{ good_by(example) }</span>
                    <small>{ cast(good) }</small>
                </a>
            }
        </div>
    }
}

fn good_by(example: &Example) -> String {
    let same = example.good.as_ref().is_some_and(|good| good.attacks.len() == example.bad.attacks.len());
    match example.by {
        Some((switch, _)) if same && switch.values.contains(&"on") => {
            "The same without that fault.".to_owned()
        }
        Some(_) if same => "The same with the other choice.".to_owned(),
        _ => format!(
            "The same protocol with a careful {}.",
            if example.side == Side::Client { "client" } else { "server" }
        ),
    }
}
