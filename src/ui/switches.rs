//! Profiles and switches of one side, and the switches of an attack.

use super::app::Go;
use super::folded::Folded;
use super::own::Own;
use super::session::Shared;
use super::state::{Action, OWN};
use super::words;
use crate::base::{Profile, Side, Switch, SwitchKind};
use crate::sim::Setup;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Group`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whose.
    pub side: Side,
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// Where actions go.
    pub go: Go,
}

/// Properties of [`Profiles`].
#[derive(PartialEq, Properties)]
pub struct ProfileProps {
    /// Whose.
    pub side: Side,
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What somebody described.
    pub own: Rc<Own>,
    /// Where actions go.
    pub go: Go,
}

/// The ready-made behaviours of one side.
#[component(Profiles)]
pub fn profiles(props: &ProfileProps) -> Html {
    let side = props.side;
    let (now, switches) = match side {
        Side::Client => &props.setup.client,
        Side::Server => &props.setup.server,
    };
    let changed = *switches != now.switches((props.setup.protocol.switches)(side));
    let own = props.own.listed(side).and_then(|file| file.profile(props.setup.protocol.protocol));
    let owned = |profile: &Profile| own.as_ref() == Some(profile);
    let is_now = |profile: &Profile| *profile == **now;
    let label = |profile: &Profile| {
        format!("{}{}", profile.title, if changed && is_now(profile) { ", changed" } else { "" })
    };
    let choose = {
        let go = props.go.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                go.dispatch(Action::Profile(side, select.value()));
            }
        })
    };
    html! {
        <>
            <label class="profile"><span class="unseen">{ format!("{} profile", words::side(side)) }</span>
                <select onchange={choose}>
                    { for (props.setup.protocol.profiles)(side).iter().map(|profile| html! {
                        <option key={&*profile.id} value={&*profile.id} selected={is_now(profile) && !owned(profile)}>{ label(profile) }</option>
                    }) }
                    if let Some(own) = &own {
                        <option key="own" value={OWN} selected={is_now(own)}>{ label(own) }</option>
                    }
                </select>
            </label>
            if !now.about.is_empty() { <p class="about">{ plain(&now.about) }</p> }
            <p class="own-link"><a href={super::route::Route::Own.hash()}>{ format!("Describe your own {}", side.name()) }</a></p>
        </>
    }
}

/// A description without what only somebody with the documents at hand can use.
#[must_use]
pub fn plain(about: &str) -> String {
    let text = about.split(" (RFC").next().unwrap_or(about);
    let text = text.split_once(": the ").map_or(text, |(text, _)| text);
    let text = text.split_once(", so that ").map_or(text, |(text, _)| text);
    format!("{}.", text.trim_end_matches('.'))
}

/// The switches of one side: choices first, faults folded away.
#[component(Group)]
pub fn group(props: &Props) -> Html {
    let all = (props.setup.protocol.switches)(props.side);
    let (settings, faults): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|switch| switch.kind == SwitchKind::Setting);
    // What decides most stands first in each list; the rest waits until somebody wants it.
    let first = if props.side == Side::Client { 1 } else { 2 };
    let (first, rest) = settings.split_at(first.min(settings.len()));
    let turned = |switches: &[&Switch]| {
        switches.iter().filter(|s| Some(&props.setup.value(s)) != s.values.first()).count()
    };
    let changed = turned(rest);
    let on = turned(&faults);
    let folded = |about: Option<&'static str>, switches: Vec<&'static Switch>| {
        let (setup, go) = (props.setup.clone(), props.go.clone());
        Callback::from(move |()| {
            html! {
                <>
                    if let Some(about) = about { <p class="about">{ about }</p> }
                    { for switches.iter().map(|switch| choice(switch, &setup, &go)) }
                </>
            }
        })
    };
    let about = "Mistakes that real programs make. Each one breaks a rule, and the verdicts say which.";
    html! {
        <>
            { for first.iter().map(|switch| choice(switch, &props.setup, &props.go)) }
            <Folded summary={format!("More settings of this {}{}", props.side.name(), if changed > 0 { format!(" ({changed} changed)") } else { String::new() })} content={folded(None, rest.to_vec())} />
            <Folded summary={format!("Faults of this {} ({on} on)", props.side.name())} content={folded(Some(about), faults)} />
        </>
    }
}

/// A switch of more values than this, or of longer ones, is a list to choose from.
const MANY: usize = 4;
/// See [`MANY`].
const LONG: usize = 18;

/// One switch, drawn by its values.
pub fn choice(switch: &'static Switch, setup: &Setup, go: &Go) -> Html {
    let now = setup.value(switch);
    let values: Vec<_> = words::values(switch, setup.protocol.protocol).collect();
    if values.len() < 2 {
        return html! {};
    }
    let label = |value| words::value(switch, value);
    let set = |value: &'static str| {
        let go = go.clone();
        Callback::from(move |_: Event| go.dispatch(Action::Switch(switch.owner, switch.id, value)))
    };
    let name = format!("{}.{}", switch.owner.name(), switch.id);
    let about = format!("{name}-about");
    let hint = html! { <p class="hint" id={about.clone()}>{ plain(switch.about) }</p> };
    if values.contains(&"on") {
        let on = now == "on";
        return html! {
            <div key={name.clone()} class="switch">
                <label class="toggle">
                    <span>{ switch.title }</span>
                    <input type="checkbox" role="switch" name={name} checked={on} aria-describedby={about}
                        onchange={set(if on { "off" } else { "on" })} />
                </label>
                { hint }
            </div>
        };
    }
    if values.len() > MANY || values.iter().any(|value| label(value).len() > LONG) {
        let go = go.clone();
        let choose = Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value());
            if let Some(value) = switch.values.iter().find(|value| Some(**value) == chosen.as_deref()) {
                go.dispatch(Action::Switch(switch.owner, switch.id, value));
            }
        });
        return html! {
            <div key={name} class="listed">
                <label><span class="title">{ switch.title }</span>
                    <select onchange={choose} aria-describedby={about}>
                        { for values.iter().map(|value| html! {
                            <option key={*value} value={*value} selected={*value == now}>{ label(value) }</option>
                        }) }
                    </select>
                </label>
                { hint }
            </div>
        };
    }
    html! {
        <div key={name.clone()} class="segments" role="radiogroup" aria-label={switch.title} aria-describedby={about}>
            <span class="title" aria-hidden="true">{ switch.title }</span>
            <div>
                { for values.iter().map(|value| html! {
                    <label key={*value}>
                        <input type="radio" name={name.clone()} checked={*value == now} onchange={set(value)} />
                        <span>{ label(value) }</span>
                    </label>
                }) }
            </div>
            { hint }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn hints_need_no_document() {
        assert_eq!(plain("Lists SASL-IR (RFC 4959)."), "Lists SASL-IR.");
        assert_eq!(plain("No login without TLS: the mode of RFC 2595 section 2.2."), "No login without TLS.");
        assert_eq!(plain("Sends no CAPABILITY inside TLS."), "Sends no CAPABILITY inside TLS.");
    }
}
