//! What is folded away, and what can wait: neither is made before somebody can see it.

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`Folded`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its class.
    #[prop_or_default]
    pub class: &'static str,
    /// What stands there when it is folded.
    pub summary: AttrValue,
    /// Whether it begins unfolded, or is unfolded now.
    #[prop_or_default]
    pub open: bool,
    /// Makes what is inside.
    pub content: Callback<(), Html>,
}

/// A fold whose content is made when it is opened for the first time: closed ones are most of the page.
#[component(Folded)]
pub fn folded(props: &Props) -> Html {
    let seen = use_state(|| props.open);
    let turned = {
        let seen = seen.clone();
        Callback::from(move |event: Event| {
            let details = event.target_dyn_into::<Element>();
            if !*seen && details.is_some_and(|details| details.has_attribute("open")) {
                seen.set(true);
            }
        })
    };
    html! {
        <details class={props.class} open={props.open} ontoggle={turned}>
            <summary>{ &props.summary }</summary>
            if *seen || props.open { { props.content.emit(()) } }
        </details>
    }
}

/// Properties of [`Later`].
#[derive(PartialEq, Properties)]
pub struct LaterProps {
    /// Its turn, in milliseconds: what has a lower one is made before it.
    pub turn: u32,
    /// What waits.
    pub children: Html,
}

/// What a first look does not need: each is made in a task of its own, so that a key is answered in between.
#[component(Later)]
pub fn later(props: &LaterProps) -> Html {
    let settled = use_state(|| false);
    let now = *settled;
    use_effect_with((), {
        let turn = props.turn;
        move |()| {
            let waiting = Timeout::new(turn, move || settled.set(true));
            move || drop(waiting)
        }
    });
    if now {
        props.children.clone()
    } else {
        html! {}
    }
}
