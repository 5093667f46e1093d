//! The whole page.

use super::about::About;
use super::attack::written::Write;
use super::bar::Bar;
use super::beliefs::Beliefs;
use super::bytes::Bytes;
use super::commands::Screen;
use super::compare::Compare;
use super::defence::Defence;
use super::dialogs::{Dropping, Help, Import};
use super::first::Minute;
use super::folded::Later;
use super::header::Header;
use super::help::Here;
use super::holdings::Holdings;
use super::input;
use super::ladder::Ladder;
use super::learn::{self, Act, Learn, Place};
use super::machines::Machines;
use super::manual::Read;
use super::own::{Describe, Own};
use super::palette::Palette;
use super::plain::Plain;
use super::rail::Rail;
use super::remedy::Remedy;
use super::route::Route;
use super::rulebook::Rulebook;
use super::rulepage::RulePage;
use super::score::Score;
use super::seek::Seek;
use super::session::Shared;
use super::share;
use super::state::{Action, State, Tab, Theme};
use super::states::States;
use super::story::Story;
use super::tabs::Tabs;
use super::verdicts::Verdicts;
use gloo_timers::callback::{Interval, Timeout};
use std::rc::Rc;
use yew::prelude::*;

/// How long a state stands before its address is written down, in milliseconds: browsers count how often that is done.
const SETTLED: u32 = 120;

/// How components send actions.
pub type Go = UseReducerDispatcher<State>;

/// Properties of [`App`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it opens with.
    pub opened: Shared<State>,
}

/// The page.
#[component(App)]
pub fn app(props: &Props) -> Html {
    let state = use_reducer(|| (*props.opened).clone());
    let go = state.dispatcher();
    use_effect_with(state.theme, |theme| paint(*theme));
    use_effect_with((state.playing, state.pace, go.clone()), |(playing, pace, go)| {
        let (go, pace) = (go.clone(), *pace);
        let ticking = playing.then(|| Interval::new(pace.milliseconds(), move || go.dispatch(Action::Tick)));
        move || drop(ticking)
    });
    let (bench, room) = (state.route.bench(), state.route.room());
    let on = Screen { bench, log: state.log.is_some(), room, held: state.session.held().is_some() };
    use_effect_with((state.keys, on, go.clone()), |(keys, on, go)| {
        let listening = input::keys(*keys, *on, go.clone());
        move || drop(listening)
    });
    use_effect_with(go.clone(), |go| {
        let listening = input::addresses(go.clone());
        move || drop(listening)
    });
    use_effect_with(state.address(), |address| {
        let address = address.clone();
        let writing = Timeout::new(SETTLED, move || input::write(&address));
        move || drop(writing)
    });
    let opened = use_mut_ref(|| false);
    use_effect_with(state.route.title(), move |title| {
        entitle(title.as_deref());
        if opened.replace(true) {
            arrive();
        }
    });
    // What a recording is judged by that is opened now.
    let recorded = state.by_of_recordings();
    use_effect_with((recorded, go.clone()), |(by, go)| {
        let listening = input::files(*by, go);
        move || drop(listening)
    });
    use_effect_with((state.learn.keep, state.learn.progress.clone()), |(keep, progress)| {
        if *keep {
            // Refused by the device: then the code is the way to keep it, which stands beside the switch.
            let _ = learn::keep(progress);
        } else {
            learn::forget();
        }
    });
    // The last of the ears: from now on everything that comes is heard.
    use_effect_with((), |()| input::announce());
    let session = &state.session;
    let tab = match state.tab {
        Tab::Lesson => "show-lesson",
        Tab::Verdicts => "show-verdicts",
        Tab::Beliefs => "show-beliefs",
        Tab::Bytes => "show-bytes",
        Tab::Switches => "show-switches",
        Tab::States => "show-states",
    };
    let lane = |party| (state.log.is_none()).then(|| super::story::lane(&state.setup, party));
    let class = state.learn.class.clone().filter(|_| matches!(state.route, Route::Learn(_)));
    let rail = || {
        html! {
            <Rail by={recorded} setup={state.setup.clone()} session={session.clone()} log={state.log.clone()} asked={state.asked.clone().map(super::recording::AskedHere)} at={state.at} own={state.own.clone()} go={go.clone()} />
        }
    };
    let screen = match &state.route {
        Route::Learn(place) if place.step().is_none() => beside(place, &state.learn, &go),
        Route::Learn(_) if state.learn.class.is_none() => learn::nothing(),
        Route::Learn(Place::Present(..)) => html! {
            <main class={classes!("bench", "present", class.as_ref().is_some_and(|class| class.opening()).then_some("opening"))} id="text">
                { for class.iter().map(|class| html! { <learn::Presented class={class.clone()} rules={state.rule_set} blank={state.learn.blank} go={go.clone()} /> }) }
                if class.as_ref().is_some_and(|class| !class.opening()) {
                    <div class="work">
                        <Ladder lens={state.lens} wanted={AttrValue::from(state.sieve.clone())} session={session.clone()} setup={None::<Shared<crate::sim::Setup>>} at={state.at} reached={state.reached} lit={state.lit()}
                            client={lane(crate::base::Party::Client)} middle={lane(crate::base::Party::Middle)}
                            server={lane(crate::base::Party::Server)} go={go.clone()} />
                        <Score session={session.clone()} setup={state.setup.clone()} at={state.at} go={go.clone()} />
                    </div>
                }
            </main>
        },
        Route::Bench | Route::Learn(_) => html! {
            <main class={classes!("bench", tab, class.as_ref().map(|_| "teaching"))}>
                { for class.iter().map(|class| side(class, rail(), &state, &go)) }
                <Story setup={state.setup.clone()} log={state.log.clone()} reading={state.reading.clone()}
                    changed={state.changed.clone()} next={super::story::next(session, state.at)}
                    turns={(state.history.back(), state.history.on())} kept={state.kept.is_some()} first={state.route == Route::Bench} go={go.clone()} />
                <Ladder lens={state.lens} wanted={AttrValue::from(state.sieve.clone())} session={session.clone()} setup={state.log.is_none().then(|| state.setup.clone())} at={state.at} reached={state.reached} lit={state.lit()}
                    client={lane(crate::base::Party::Client)} middle={lane(crate::base::Party::Middle)}
                    server={lane(crate::base::Party::Server)} go={go.clone()} />
                <Bar session={session.clone()} hold={state.setup.hold} at={state.at} reached={state.reached} playing={state.playing} pace={state.pace} stop={state.stop} go={go.clone()} />
                <Tabs tab={state.tab} lesson={class.is_some()} imported={state.log.is_some()} go={go.clone()} />
                <section class="panels" aria-label="At this moment">
                    <Later turn={1}>
                    <Beliefs session={session.clone()} at={state.at} />
                    if session.simulated { <Holdings session={session.clone()} at={state.at} go={go.clone()} /> }
                    <Bytes session={session.clone()} at={state.at} />
                    </Later>
                </section>
                if class.is_none() { { rail() } }
                <div class="findings">
                <Score session={session.clone()} setup={state.setup.clone()} at={state.at} go={go.clone()} />
                <Later turn={2}>
                if state.first_minute() { <Minute first={state.first} go={go.clone()} /> } else if session.simulated { if class.as_ref().is_none_or(|class| class.finished()) { <Remedy session={session.clone()} setup={state.setup.clone()} at={state.at} go={go.clone()} /> } else { <p class="remedy empty">{ "The smallest change that stops it is shown when the step is done." }</p> } } else { { for session.facts.last().map(super::facts::table) } }
                if session.simulated && class.as_ref().is_none_or(|class| class.finished()) { <Defence session={session.clone()} setup={state.setup.clone()} at={state.at} go={go.clone()} /> }
                </Later>
                <Later turn={3}>
                if session.simulated { { choice(state.tab, &go) } }
                if state.tab == Tab::States { <States setup={state.setup.clone()} session={session.clone()} at={state.at} go={go.clone()} /> }
                <Verdicts session={session.clone()} by={state.by()} wish={state.wish()} select={state.select.clone()} selected={state.selected}
                    until={state.reached} whole={state.whole} changed={state.changed.clone()} go={go.clone()} />
                </Later>
                </div>
            </main>
        },
        Route::Rules(query) => html! { <Rulebook query={query.clone()} go={go.clone()} /> },
        Route::Rule(id) => {
            html! { <RulePage key={id.clone()} id={id.clone()} rules={state.rule_set} go={go.clone()} /> }
        }
        Route::Machines(query) => html! { <Machines query={query.clone()} go={go.clone()} /> },
        Route::Own => html! { <Describe own={state.own.clone()} go={go.clone()} /> },
        Route::Matrix(query) => html! { <super::matrix::Screen query={query.clone()} go={go.clone()} /> },
        Route::Search(query) => {
            html! { <Seek query={query.clone()} setup={state.setup.clone()} go={go.clone()} /> }
        }
        Route::Attack => {
            html! { <Write setup={state.setup.clone()} draft={state.draft.clone()} rules={state.rule_set} bench={state.desk()} go={go.clone()} /> }
        }
        Route::Plain => html! { <Plain tool={state.plain.clone()} go={go.clone()} /> },
        Route::Compare => {
            html! { <Compare kept={state.kept.as_ref().map(|(name, kept)| (AttrValue::from(name.clone()), kept.clone()))}
            session={session.clone()} name={state.name()} bench={state.bench()} go={go.clone()} /> }
        }
        Route::Examples => html! { <super::gallery::Gallery /> },
        Route::About => html! { <About /> },
        Route::Read(manual) => html! { <Read manual={*manual} /> },
        Route::Missing(path) => html! {
            <main class="screen" id="text" tabindex="0">
                <h1 tabindex="-1">{ "There is nothing here" }</h1>
                <p class="lead">{ format!("The address “{path}” leads nowhere. It may come from another version of this page.") }</p>
                <p><a href={state.bench()}>{ "To the workbench" }</a></p>
            </main>
        },
    };
    let skip = Callback::from(|event: MouseEvent| {
        // Its address is no screen, and must not become the page's.
        event.prevent_default();
        input::focus("#ladder, #text");
    });
    html! {
        <>
            if !room { <a class="skip" href={if bench { "#ladder" } else { "#text" }} onclick={skip}>{ if bench { "Skip to the session" } else { "Skip to the text" } }</a> }
            if !room { <Header theme={state.theme} route={state.route.clone()} bench={state.bench()} lesson={state.lesson_link()} go={go.clone()} /> }
            { screen }
            <p class="unseen" role="status">{ &*state.say }</p>
            <Help open={state.dialog == Some(super::state::Dialog::Help)} keys={state.keys} go={go.clone()} />
            <Import by={recorded} open={state.dialog == Some(super::state::Dialog::Import)} go={go.clone()} />
            <Palette open={state.dialog == Some(super::state::Dialog::Palette)} screen={on} go={go.clone()} />
            <Here open={state.dialog == Some(super::state::Dialog::Here)} go={go.clone()} />
            <share::Dialog open={bench && state.dialog == Some(super::state::Dialog::Share)} session={session.clone()} setup={state.setup.clone()}
                log={state.log.clone()} replayed={state.asked.is_some()} by={state.by()} bench={state.address()}
                view={(state.view(true), state.view(false))} go={go.clone()} />
            if state.dragging { <Dropping /> }
        </>
    }
}

/// What a wide page shows at its right; a narrow one has tabs for that.
fn choice(tab: Tab, go: &Go) -> Html {
    let option = |wanted: Tab, name: &'static str| {
        let go = go.clone();
        let choose = Callback::from(move |_: Event| go.dispatch(Action::Tab(wanted)));
        html! {
            <label>
                <input type="radio" name="right" checked={(tab == Tab::States) == (wanted == Tab::States)} onchange={choose} />
                <span>{ name }</span>
            </label>
        }
    };
    html! {
        <div class="segments right-choice" role="radiogroup" aria-label="Show at the right">
            <div>{ option(Tab::Verdicts, "Verdicts") }{ option(Tab::States, "States") }</div>
        </div>
    }
}

/// The page as its address opens it, with the progress that may be remembered.
pub fn opened() -> State {
    // Known before the address is opened: a step may be done already.
    let kept = learn::kept();
    let mut state = State { own: Rc::new(Own::kept()), ..State::on(&input::hash(), input::today()) };
    if let Some(progress) = kept {
        state.learn.progress.join(&progress);
        state.learn.keep = true;
    }
    state
}

/// The lesson's column: the lesson, or who plays.
fn side(class: &Rc<learn::Class>, rail: Html, state: &State, go: &Go) -> Html {
    let option = |wanted: bool, name: &'static str| {
        let go = go.clone();
        let choose = Callback::from(move |_: Event| go.dispatch(Action::Learn(Act::Rail(wanted))));
        html! {
            <label>
                <input type="radio" name="left" checked={class.rail == wanted} onchange={choose} />
                <span>{ name }</span>
            </label>
        }
    };
    html! {
        <div class={classes!("side", if class.rail { "rail-front" } else { "lesson-front" })}>
            <div class="segments side-choice" role="radiogroup" aria-label="Show at the left">
                <div>{ option(false, "Lesson") }{ option(true, "Who plays") }</div>
            </div>
            <learn::Player class={class.clone()} rules={state.rule_set} go={go.clone()} />
            { rail }
        </div>
    }
}

/// The screens about lessons that have no session.
fn beside(place: &Place, learn: &Learn, go: &Go) -> Html {
    let go = go.clone();
    match place {
        Place::Preflight => html! { <learn::Preflight /> },
        Place::Sheet(answers) => html! { <learn::Sheet answers={*answers} /> },
        Place::Own => html! { <learn::Own text={learn.own.as_ref().map(|(text, _)| text.clone())} {go} /> },
        Place::Exam => html! { <learn::Exam progress={learn.progress.clone()} {go} /> },
        Place::Objections => html! { <learn::Objections /> },
        Place::Tally => html! { <learn::Tally /> },
        Place::Notes(id, number) => {
            html! { <learn::Notes lesson={learn.lesson(id)} number={*number} {go} /> }
        }
        Place::List | Place::Step(..) | Place::Present(..) => {
            html! { <learn::List progress={learn.progress.clone()} keep={learn.keep} {go} /> }
        }
    }
}

/// Names the window.
fn entitle(title: Option<&str>) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document
            .set_title(&title.map_or("STARTTLS Lab".to_owned(), |title| format!("{title} · STARTTLS Lab")));
    }
}

/// Another screen: from its top, and its title is read out. A table that somebody comes back to may have given the focus
/// to its cell already; then that is the place.
fn arrive() {
    let Some(window) = web_sys::window() else { return };
    let cell =
        window.document().and_then(|document| document.query_selector("[role=grid] :focus").ok().flatten());
    if cell.is_none() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
        input::focus("h1");
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
        Theme::Contrast => root.set_attribute("data-theme", "contrast"),
    };
}
