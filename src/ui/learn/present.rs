//! A step for a room: large letters, a clicker's keys, the address and a code to scan, notes in a second window.

use super::player::Player;
use super::qr::qr;
use super::{Act, Class, Place};
use crate::spec::RuleSet;
use crate::ui::app::Go;
use crate::ui::state::Action;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};
use yew::prelude::*;

/// What the two windows call each other on.
const CHANNEL: &str = "starttls-lab.present";

/// Properties of [`Presented`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is presented.
    pub class: Rc<Class>,
    /// The documents in force.
    pub rules: RuleSet,
    /// The screen is blank.
    pub blank: bool,
    /// Where actions go.
    pub go: Go,
}

/// The text of the room, and the line below it.
#[component(Presented)]
pub fn presented(props: &Props) -> Html {
    let class = &props.class;
    let here = Place::Notes(class.lesson.id.clone(), class.number).hash();
    {
        // The window with the notes follows.
        let here = here.clone();
        use_effect_with((here, class.lesson.id.clone()), |(here, _)| {
            if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
                let _ = channel.post_message(&JsValue::from_str(here));
                channel.close();
            }
        });
    }
    {
        let go = props.go.clone();
        use_effect_with((), move |()| {
            let heard = listen(move |word| match word {
                "onward" => go.dispatch(Action::Learn(Act::Onward)),
                "backward" => go.dispatch(Action::Learn(Act::Backward)),
                _ => {}
            });
            move || drop(heard)
        });
    }
    let address = address(&class.address());
    let send = |act: fn() -> Act| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(act())))
    };
    let notes = Callback::from(move |_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            // Where the browser refuses a second window, the link of the list opens the notes here.
            let _ = window.open_with_url_and_target_and_features(
                &here,
                "starttls-lab-notes",
                "width=900,height=700",
            );
        }
    });
    html! {
        <>
            <Player class={class.clone()} rules={props.rules} room={true} go={props.go.clone()} />
            if class.opening() {
                <aside class="scan" aria-label="Join in">
                    { qr(&address) }
                    <p>{ "Scan it, or type" }</p>
                    <p class="address">{ &address }</p>
                </aside>
            }
            <footer class="room">
                <button type="button" class="plain" onclick={send(|| Act::Backward)}>{ "◀ Back" }</button>
                <button type="button" class="strong" onclick={send(|| Act::Onward)}>{ "On ▶" }</button>
                <button type="button" class="plain" onclick={send(|| Act::Solve)}>{ "Show it" }</button>
                <button type="button" class="plain" onclick={send(|| Act::Blank)}>{ "Blank" }</button>
                <button type="button" class="plain" onclick={notes}>{ "Notes" }</button>
                <a class="button" href={class.address()}>{ "Leave" }</a>
                <span class="where">{ format!("Step {} of {}", class.number, class.lesson.steps.len()) }</span>
                <Clock key={class.lesson.id.clone()} minutes={class.lesson.minutes} />
                <span class="address">{ &address }</span>
            </footer>
            if props.blank { <div class="blank" role="status"><span>{ "Blank: press b to go on" }</span></div> }
        </>
    }
}

/// An address within the page as somebody else can type it.
fn address(hash: &str) -> String {
    let whole = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}{hash}", whole.split('#').next().unwrap_or_default())
}

/// Hears what the other window says, for as long as the result lives.
pub fn listen(heard: impl Fn(&str) + 'static) -> Option<(BroadcastChannel, EventListener)> {
    // A browser without it has one window only.
    let channel = BroadcastChannel::new(CHANNEL).ok()?;
    let listener = EventListener::new(&channel, "message", move |event| {
        let said = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        if let Some(said) = said {
            heard(&said);
        }
    });
    Some((channel, listener))
}

/// Tells the other window something.
pub fn say(word: &str) {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        // Nobody listens: then nothing happens.
        let _ = channel.post_message(&JsValue::from_str(word));
        channel.close();
    }
}

/// Properties of [`Clock`].
#[derive(PartialEq, Properties)]
pub struct ClockProps {
    /// How long the lesson takes.
    pub minutes: u32,
}

/// How long this lesson goes on already.
#[component(Clock)]
pub fn clock(props: &ClockProps) -> Html {
    let seconds = use_state(|| 0_u32);
    let ticks = use_mut_ref(|| 0_u32);
    {
        let seconds = seconds.setter();
        use_effect_with((), move |()| {
            let ticking = Interval::new(1000, move || {
                let now = ticks.borrow().saturating_add(1);
                *ticks.borrow_mut() = now;
                seconds.set(now);
            });
            move || drop(ticking)
        });
    }
    let (minute, second) = (seconds.div_euclid(60), seconds.rem_euclid(60));
    let over = minute >= props.minutes;
    html! {
        <span class={classes!("clock", over.then_some("over"))} role="timer" aria-live="off">
            { format!("{minute}:{second:02} of {} min{}", props.minutes, if over { ", over" } else { "" }) }</span>
    }
}
