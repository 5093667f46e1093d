//! What this session is about, and what the last flip changed.

use super::app::Go;
use super::session::{Session, Shared};
use super::state::{Action, Changed, Log, Reading};
use crate::base::Party;
use crate::sim::Setup;
use yew::prelude::*;

/// What the page is for.
const PROMISE: &str = "See what a man in the middle does to your mail login";

/// Properties of [`Story`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// The import, if one is on the table.
    pub log: Option<(Shared<Log>, usize)>,
    /// What is being read.
    pub reading: Reading,
    /// What the last flip changed.
    pub changed: Option<Shared<Changed>>,
    /// What there is to do next, while nothing else is new.
    pub next: &'static str,
    /// How many changes can be undone, and redone.
    pub turns: (usize, usize),
    /// Whether a session is kept to compare with.
    pub kept: bool,
    /// This is the page's first screen, which says what the page is for.
    pub first: bool,
    /// Where actions go.
    pub go: Go,
}

/// The words above the ladder.
#[component(Story)]
pub fn story(props: &Props) -> Html {
    let (title, about) = match &props.log {
        Some((log, _)) => (log.name.clone(), imported(log)),
        None => told(&props.setup),
    };
    let cancel = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| super::reading::cancel(&go))
    };
    let line = match &props.reading {
        Reading::Busy(name, percent) => html! {
            <p class="news toast"><label>{ format!("Reading {name} ") }<progress max="100" value={percent.to_string()}></progress></label>
                <button type="button" class="plain" onclick={cancel}>{ "Cancel" }</button></p>
        },
        Reading::Judging(_, percent) => html! {
            <p class="news toast"><label>{ "Judging again " }<progress max="100" value={percent.to_string()}></progress></label>
                <button type="button" class="plain" onclick={cancel}>{ "Cancel" }</button></p>
        },
        Reading::Failed(why) => html! {
            <p class="news toast bad" role="alert"><span>{ &**why }</span>
                <button type="button" class="plain" onclick={cancel}>{ "Close" }</button></p>
        },
        Reading::Idle => match &props.changed {
            Some(changed) => html! { <p class="news"><span>{ &changed.sentence }</span></p> },
            None => html! { <p class="news next">{ props.next }</p> },
        },
    };
    html! {
        <>
            <section class="story" aria-labelledby="story">
                if props.first { <h1 tabindex="-1">{ PROMISE }</h1> }
                <h2 id="story">{ title }</h2>
                <p class="about">{ about }</p>
                <div class="line">{ line }</div>
            </section>
            { turns(props) }
        </>
    }
}

/// Back and on again through what was changed, and a session to compare with.
fn turns(props: &Props) -> Html {
    let send = |action: fn() -> Action| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(action()))
    };
    let (back, on) = props.turns;
    html! {
        <p class="turns">
            <button type="button" class="plain" disabled={back == 0} title="Ctrl and Z" onclick={send(|| Action::Undo)}>{ "Undo" }</button>
            <button type="button" class="plain" disabled={on == 0} title="Ctrl, Shift and Z" onclick={send(|| Action::Redo)}>{ "Redo" }</button>
            <button type="button" class="plain" onclick={send(|| Action::Keep)}>{ "Keep to compare" }</button>
            if props.kept { <a class="button" href="#/compare" aria-label="Compare with the kept one">{ "Compare" }</a> }
        </p>
    }
}

fn imported(log: &Log) -> String {
    let guessed = if log.guessed { " The recording does not say who speaks; that was guessed." } else { "" };
    let unread =
        log.unread().map(|unread| format!(" {unread}: they stand grey in between.")).unwrap_or_default();
    let refused: String = log.refused.iter().map(|why| format!(" {why}")).collect();
    let notices: String = log.notices.iter().map(|notice| format!(" {notice}")).collect();
    let many = if log.parts.len() > 1 { " Choose a session from the list." } else { "" };
    format!("{}. Nothing of it left this device.{many}{guessed}{unread}{refused}{notices}", log.format)
        .replace('`', "")
}

/// What a first-time visitor can do next.
#[must_use]
pub fn next(session: &Session, at: usize) -> &'static str {
    match (session.simulated, at) {
        _ if session.held().is_some() => {
            "Decide what becomes of the held message: let it go on, change it, or keep it."
        }
        (true, 0) => "Press ▶ below, or the right arrow key, to see the next message.",
        (true, at) if at >= session.last() => {
            "Now change something: who is in the middle, or what the client insists on."
        }
        _ => "",
    }
}

/// The title of a setup.
#[must_use]
pub fn title(setup: &Setup) -> String {
    told(setup).0
}

/// Title and sentence of a setup.
fn told(setup: &Setup) -> (String, String) {
    match setup.attacks.as_slice() {
        [] if setup.custom.is_some() => (
            "An attack of your own".to_owned(),
            "The middle does what your rules say, and passes everything else on.".to_owned(),
        ),
        [] => (
            "An honest relay".to_owned(),
            "The middle passes everything on as it comes. It reads along until TLS is up.".to_owned(),
        ),
        [(attack, _)] => (attack.title.to_owned(), attack.about.to_owned()),
        several => {
            let titles: Vec<_> = several.iter().map(|(attack, _)| attack.title).collect();
            (
                titles.join(", then "),
                "Several attacks on one path, the first nearest to the client.".to_owned(),
            )
        }
    }
}

/// A title within a line: its names stay as they are.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What stands under a lane's name.
#[must_use]
pub fn lane(setup: &Setup, party: Party) -> AttrValue {
    let changed = |profile: &crate::base::Profile, switches: &crate::base::Switches| {
        let list = (setup.protocol.switches)(profile.side);
        if *switches == profile.switches(list) {
            profile.title.clone().into_owned()
        } else {
            format!("{}, changed", profile.title)
        }
    };
    match party {
        Party::Client => changed(&setup.client.0, &setup.client.1),
        Party::Server => changed(&setup.server.0, &setup.server.1),
        Party::Middle => {
            let titles = setup.attacks.iter().map(|(attack, _)| lower(attack.title));
            let mut all: Vec<_> = titles.collect();
            if setup.custom.is_some() {
                all.insert(setup.custom_place(), "your own rules".to_owned());
            }
            if all.is_empty() { "honest relay".to_owned() } else { all.join(", then ") }
        }
    }
    .into()
}
