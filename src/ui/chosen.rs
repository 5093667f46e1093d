//! Which verdicts are shown, and which policies are assumed where a recording does not state them.

use super::app::Go;
use super::reading;
use super::route::{encoded, side_of};
use super::session::{Session, Shared};
use super::state::Action;
use crate::base::Side;
use crate::pipeline::{By, Select};
use crate::rules::Outcome;
use crate::trace::Policy;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The keys of an address that choose among verdicts.
pub const KEYS: [&str; 4] = ["min", "side", "sec", "out"];

/// The choice as a part of an address, each with `&` in front.
#[must_use]
pub fn query(select: &Select) -> String {
    let mut query = String::new();
    let mut add = |key: &str, value: &str| {
        query.push('&');
        query.push_str(key);
        query.push('=');
        query.push_str(value);
    };
    for (id, level) in Select::STRICT {
        if select.strict == Some(level) {
            add("min", id);
        }
    }
    if let Some(side) = select.side {
        add("side", side.name());
    }
    if !select.section.is_empty() {
        add("sec", &encoded(&select.section));
    }
    for outcome in &select.outcomes {
        add("out", outcome.id());
    }
    query
}

/// Takes a part of an address in; whether it was understood.
#[must_use]
pub fn read(select: &mut Select, key: &str, value: &str) -> bool {
    match key {
        "min" => {
            select.strict = Select::STRICT.into_iter().find(|(id, _)| *id == value).map(|(_, level)| level)
        }
        "side" => select.side = side_of(value),
        "sec" => value.clone_into(&mut select.section),
        _ => select.outcomes.extend(Outcome::ALL.into_iter().find(|outcome| outcome.id() == value)),
    }
    query(select).contains(&format!("{key}={}", encoded(value)))
}

/// Properties of [`Chosen`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The choice.
    pub select: Select,
    /// How many verdicts it leaves, and of how many.
    pub left: (usize, usize),
    /// Where actions go.
    pub go: Go,
}

/// The controls.
#[component(Chosen)]
pub fn chosen(props: &Props) -> Html {
    let set = |change: fn(&mut Select, &str)| {
        let (select, go) = (props.select.clone(), props.go.clone());
        move |value: String| {
            let mut select = select.clone();
            change(&mut select, &value);
            go.dispatch(Action::Show(select));
        }
    };
    let pick = |change: fn(&mut Select, &str)| {
        let set = set(change);
        Callback::from(move |event: Event| {
            if let Some(list) = event.target_dyn_into::<HtmlSelectElement>() {
                set(list.value());
            }
        })
    };
    let typed = {
        let set = set(|select, value| value.clone_into(&mut select.section));
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                set(input.value());
            }
        })
    };
    let option = |value: &'static str, name: &'static str, now: bool| html! { <option key={value} {value} selected={now}>{ name }</option> };
    let select = &props.select;
    let strict = pick(|select, value| {
        select.strict = Select::STRICT.into_iter().find(|(id, _)| *id == value).map(|(_, level)| level);
    });
    let side = pick(|select, value| select.side = side_of(value));
    let outcome = pick(|select, value| {
        select.outcomes = Outcome::ALL.into_iter().filter(|outcome| outcome.id() == value).collect();
    });
    let strict_of =
        |id: &str| Select::STRICT.iter().any(|(known, level)| *known == id && select.strict == Some(*level));
    let (left, all) = props.left;
    html! {
        <details class="chosen" open={!select.is_all()}>
            <summary>{ if select.is_all() { "Choose what is listed".to_owned() } else { format!("{left} of {all} verdicts are listed") } }</summary>
            <label class="field"><span>{ "Strictness" }</span>
                <select onchange={strict}>
                    { option("", "every rule", select.strict.is_none()) }
                    { option("should", "MUST and SHOULD", strict_of("should")) }
                    { option("must", "MUST only", strict_of("must")) }
                </select></label>
            <label class="field"><span>{ "Side" }</span>
                <select onchange={side}>
                    { option("", "both", select.side.is_none()) }
                    { option("client", "client", select.side == Some(Side::Client)) }
                    { option("server", "server", select.side == Some(Side::Server)) }
                </select></label>
            <label class="field"><span>{ "Outcome" }</span>
                <select onchange={outcome}>
                    { option("", "all", select.outcomes.is_empty()) }
                    { for Outcome::ALL.into_iter().map(|one| option(one.id(), one.word(), select.outcomes == [one])) }
                </select></label>
            <label class="field"><span>{ "Document or section" }</span>
                <input type="search" value={select.section.clone()} oninput={typed} autocomplete="off" spellcheck="false" placeholder="2595 2.4" /></label>
        </details>
    }
}

/// Properties of [`Policies`].
#[derive(PartialEq, Properties)]
pub struct PoliciesProps {
    /// The recording.
    pub session: Shared<Session>,
    /// What it is judged by.
    pub by: By,
    /// Where actions go.
    pub go: Go,
}

/// What the two ends of a recording are taken to be set to.
#[component(Policies)]
pub fn policies(props: &PoliciesProps) -> Html {
    let choice = |side: Side, name: &'static str| {
        let (session, by, go) = (props.session.clone(), props.by, props.go.clone());
        let choose = Callback::from(move |event: Event| {
            let Some(list) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let policy = Policy::ALL.into_iter().find(|policy| policy.id() == list.value());
            let assumed = by.assumed.with(side, policy);
            reading::again(&session, By { assumed, ..by }, Action::Assume(assumed), &go);
        });
        let now = props.by.assumed.of(side);
        html! {
            <label class="field"><span>{ name }</span>
                <select onchange={choose}>
                    <option value="" selected={now.is_none()}>{ "is not known" }</option>
                    { for Policy::ALL.into_iter().filter(|policy| policy.side() == side).map(|policy| html! {
                        <option key={policy.id()} value={policy.id()} selected={now == Some(policy)}>{ policy.words() }</option>
                    }) }
                </select></label>
        }
    };
    html! {
        <fieldset class="policies">
            <legend>{ "What the recording does not say" }</legend>
            { choice(Side::Client, "The client") }
            { choice(Side::Server, "The server") }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Level;

    #[test]
    fn a_choice_comes_back_from_its_address() {
        let select = Select {
            strict: Some(Level::Warning),
            side: Some(Side::Client),
            section: "2595 2.4".to_owned(),
            outcomes: vec![Outcome::Fail, Outcome::Pass],
        };
        assert_eq!(query(&select), "&min=should&side=client&sec=2595%202.4&out=fail&out=pass");
        let mut back = Select::default();
        for (key, value) in super::super::route::parts(&query(&select)) {
            assert!(read(&mut back, key, &value), "{key}={value}");
        }
        assert_eq!(back, select);
        assert_eq!(query(&Select::default()), "");
        for (key, value) in [("min", "may"), ("side", "middle"), ("out", "fine")] {
            assert!(!read(&mut Select::default(), key, value), "{key}");
        }
    }
}
