//! The whole page.

use super::bar::Bar;
use super::beliefs::Beliefs;
use super::bytes::Bytes;
use super::dialogs::{Dropping, Help, Import};
use super::header::Header;
use super::holdings::Holdings;
use super::input;
use super::ladder::Ladder;
use super::rail::Rail;
use super::remedy::Remedy;
use super::score::Score;
use super::state::{Action, State, Tab, Theme};
use super::story::Story;
use super::tabs::Tabs;
use super::verdicts::Verdicts;
use gloo_timers::callback::Interval;
use yew::prelude::*;

/// How long a step stays when playing, in milliseconds.
const PACE: u32 = 1600;

/// How components send actions.
pub type Go = UseReducerDispatcher<State>;

/// The page.
#[component(App)]
pub fn app() -> Html {
    let state = use_reducer(State::default);
    let go = state.dispatcher();
    use_effect_with(state.theme, |theme| paint(*theme));
    use_effect_with((state.playing, go.clone()), |(playing, go)| {
        let go = go.clone();
        let ticking = playing.then(|| Interval::new(PACE, move || go.dispatch(Action::Tick)));
        move || drop(ticking)
    });
    use_effect_with((state.keys, go.clone()), |(keys, go)| {
        let listening = input::keys(*keys, go.clone());
        move || drop(listening)
    });
    use_effect_with((state.rule_set, go.clone()), |(rules, go)| {
        let listening = input::files(*rules, go);
        move || drop(listening)
    });
    let session = &state.session;
    let tab = match state.tab {
        Tab::Verdicts => "show-verdicts",
        Tab::Beliefs => "show-beliefs",
        Tab::Bytes => "show-bytes",
        Tab::Switches => "show-switches",
    };
    let lane = |party| (state.log.is_none()).then(|| super::story::lane(&state.setup, party));
    html! {
        <>
            <a class="skip" href="#ladder">{ "Skip to the session" }</a>
            <Header theme={state.theme} go={go.clone()} />
            <main class={classes!("bench", tab)}>
                <Story setup={state.setup.clone()} log={state.log.clone()} reading={state.reading.clone()}
                    changed={state.changed.clone()} next={super::story::next(session, state.at)} go={go.clone()} />
                <Ladder session={session.clone()} at={state.at} reached={state.reached} lit={state.lit()}
                    client={lane(crate::base::Party::Client)} middle={lane(crate::base::Party::Middle)}
                    server={lane(crate::base::Party::Server)} go={go.clone()} />
                <Bar session={session.clone()} at={state.at} playing={state.playing} go={go.clone()} />
                <Tabs tab={state.tab} imported={state.log.is_some()} go={go.clone()} />
                <section class="panels" aria-label="At this moment">
                    <Beliefs session={session.clone()} at={state.at} />
                    if session.simulated { <Holdings session={session.clone()} at={state.at} go={go.clone()} /> }
                    <Bytes session={session.clone()} at={state.at} />
                </section>
                <Rail rules={state.rule_set} setup={state.setup.clone()} log={state.log.clone()} at={state.at} go={go.clone()} />
                <div class="findings">
                <Score session={session.clone()} setup={state.setup.clone()} at={state.at} go={go.clone()} />
                if session.simulated { <Remedy session={session.clone()} at={state.at} go={go.clone()} /> } else { { for session.facts.last().map(super::facts::table) } }
                <Verdicts session={session.clone()} rule_set={state.rule_set} selected={state.selected}
                    until={state.reached} whole={state.whole} changed={state.changed.clone()} go={go.clone()} />
                </div>
            </main>
            <p class="unseen" role="status">{ &*state.say }</p>
            <Help open={state.dialog == Some(super::state::Dialog::Help)} keys={state.keys} go={go.clone()} />
            <Import rules={state.rule_set} open={state.dialog == Some(super::state::Dialog::Import)} go={go.clone()} />
            if state.dragging { <Dropping /> }
        </>
    }
}

/// Tells the style sheet which colours to use.
fn paint(theme: Theme) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    let Some(root) = root else { return };
    // The document's root always takes these.
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
}
