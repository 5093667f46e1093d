//! Findings that somebody sets aside, with a reason: they are still there and do not count any more. The page means by it
//! what a policy file means.

use super::app::Go;
use super::route::{encoded, side_of};
use super::session::{Key, Shared};
use super::state::{Action, Changed, State};
use crate::pipeline::policy::{Accepted, Aside};
use crate::rules;
use std::rc::Rc;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

/// Why a finding is set aside, and the last day; nothing where it counts again.
pub type Why = Option<(String, Option<String>)>;

/// What is set aside as parts of an address, each with `&` in front.
#[must_use]
pub fn query(aside: &[Accepted]) -> String {
    let mut query = String::new();
    for one in aside {
        let Some(side) = one.side else { continue };
        let until = one.until.as_deref().unwrap_or_default();
        for part in ["&aside=", &one.rule, ".", side.name(), ":", until, ":", &encoded(&one.reason)] {
            query.push_str(part);
        }
    }
    query
}

/// Reads a part of an address; nothing where it means nothing.
#[must_use]
pub fn read(text: &str) -> Option<Accepted> {
    let mut parts = text.splitn(3, ':');
    let (id, side) = parts.next()?.rsplit_once('.')?;
    let until = parts.next()?;
    let accepted = one((rules::find(id)?.id, side_of(side)?), parts.next()?, Some(until));
    accepted.check().is_ok().then_some(accepted)
}

fn one((rule, side): Key, reason: &str, until: Option<&str>) -> Accepted {
    Accepted {
        rule: rule.to_owned(),
        side: Some(side),
        file: None,
        reason: reason.trim().to_owned(),
        until: until.filter(|day| !day.is_empty()).map(str::to_owned),
    }
}

impl State {
    /// Sets a finding aside, or takes that back.
    pub(super) fn set_aside(&mut self, key: Key, why: &Why) {
        let mut aside = (*self.session.aside).clone();
        aside.accepted.retain(|accepted| !accepted.fits(key.0, key.1));
        aside.today.clone_from(&self.today);
        let sentence = match why {
            Some((reason, until)) => {
                let accepted = one(key, reason, until.as_deref());
                if accepted.check().is_err() {
                    return;
                }
                aside.accepted.push(accepted);
                format!("{} is set aside: it is still listed, and does not count.", key.0)
            }
            None => format!("{} counts again.", key.0),
        };
        self.put_aside(Rc::new(aside));
        self.say = sentence.as_str().into();
        self.changed = Some(Shared::new(Changed { sentence, verdicts: Vec::new() }));
    }

    /// What a link sets aside, on this day.
    pub(super) fn dated(&self, accepted: Vec<Accepted>) -> Rc<Aside> {
        Rc::new(Aside { accepted, today: self.today.clone() })
    }

    /// The same session with other findings set aside.
    pub(super) fn put_aside(&mut self, aside: Rc<Aside>) {
        if *aside != *self.session.aside {
            let mut session = (*self.session).clone();
            session.aside = aside;
            self.session = Shared::new(session);
        }
    }
}

/// Properties of [`SetAside`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The finding.
    pub verdict: Key,
    /// Why it is set aside, if it is.
    pub accepted: Option<Accepted>,
    /// That it was, until a day that is over.
    pub over: Option<Accepted>,
    /// Where actions go.
    pub go: Go,
}

/// The way to set a finding aside, and back.
#[component(SetAside)]
pub fn set_aside(props: &Props) -> Html {
    let (reason, until) = (use_node_ref(), use_node_ref());
    let (key, go) = (props.verdict, props.go.clone());
    if props.accepted.is_some() {
        let back = Callback::from(move |_: MouseEvent| go.dispatch(Action::SetAside(key, None)));
        return html! { <div><dd><button type="button" class="plain" onclick={back}>{ "Let it count again" }</button></dd></div> };
    }
    let submit = {
        let (reason, until) = (reason.clone(), until.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |field: &NodeRef| field.cast::<HtmlInputElement>().map(|field| field.value());
            let (Some(reason), until) = (value(&reason), value(&until)) else { return };
            go.dispatch(Action::SetAside(key, Some((reason, until))));
        })
    };
    html! {
        <div><dt>{ "Set it aside" }</dt><dd>
            if let Some(over) = &props.over { <p>{ said(over) }{ " That day is over, so it counts again." }</p> }
            <form class="aside-form" onsubmit={submit}>
                <label class="field"><span>{ "Why it should not count here" }</span>
                    <input ref={reason} type="text" required={true} pattern=r".*\S.*" maxlength="300" autocomplete="off" /></label>
                <label class="field"><span>{ "Until (may stay empty)" }</span><input ref={until} type="date" /></label>
                <button type="submit" class="plain">{ "Set aside" }</button>
            </form>
        </dd></div>
    }
}

/// Why something is set aside, in words.
#[must_use]
pub fn said(accepted: &Accepted) -> String {
    let until = accepted.until.as_ref().map(|day| format!(" (until {day})")).unwrap_or_default();
    format!("Set aside: {}{until}", accepted.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Side;
    use yew::Reducible;

    const KEY: Key = ("A16", Side::Client);

    fn why(reason: &str, until: Option<&str>) -> Action {
        Action::SetAside(KEY, Some((reason.to_owned(), until.map(str::to_owned))))
    }

    fn reasons(state: &State) -> Vec<&str> {
        state.session.aside.accepted.iter().map(|one| one.reason.as_str()).collect()
    }

    #[test]
    fn what_is_set_aside_is_undone_and_stands_in_the_address() {
        let state =
            Rc::new(State::default()).reduce(why("  an old phone: it goes in spring ", Some("2027-03-31")));
        assert_eq!(reasons(&state), ["an old phone: it goes in spring"]);
        let address = state.address();
        assert!(
            address.ends_with("&aside=A16.client:2027-03-31:an%20old%20phone:%20it%20goes%20in%20spring"),
            "{address}"
        );
        let again = State::at(&address);
        assert_eq!((again.address(), reasons(&again)), (address, reasons(&state)));
        assert!(again.session.aside.of("A16", Side::Client).is_some());
        assert!(again.session.aside.of("A16", Side::Server).is_none());
        let undone = state.clone().reduce(Action::Undo);
        assert!(reasons(&undone).is_empty() && !undone.address().contains("aside"));
        assert_eq!(reasons(&undone.reduce(Action::Redo)), reasons(&state));
        // Another reason takes the place of the first, and a run with another switch is the same concern.
        let state = state.reduce(why("another", None)).reduce(Action::Rules(crate::spec::RuleSet::Then));
        assert_eq!(reasons(&state), ["another"]);
        let back = state.reduce(Action::SetAside(KEY, None));
        assert!(reasons(&back).is_empty() && back.history.back() == 4);
    }

    #[test]
    fn it_takes_a_reason_and_ends_with_its_last_day() {
        let state = Rc::new(State { today: "2027-04-01".to_owned(), ..State::default() });
        assert!(reasons(&state.clone().reduce(why("  ", None))).is_empty());
        assert!(reasons(&state.clone().reduce(why("why not", Some("soon")))).is_empty());
        let state = state.reduce(why("old", Some("2027-03-31")));
        assert!(state.session.aside.of("A16", Side::Client).is_none());
        assert!(state.session.aside.over("A16", Side::Client).is_some());
    }

    #[test]
    fn a_link_says_what_of_it_means_nothing() {
        for text in
            ["A99.client::why", "A16.middle::why", "A16.client:: ", "A16.client:soon:why", "A16.client"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let wrong = State::at("#/?p=imap&a=none&aside=A99.client::why");
        assert!(matches!(&wrong.reading, super::super::state::Reading::Failed(said) if said.contains("A99")));
    }
}
