//! All lessons, how long they take, and how far somebody came.

use super::Act;
use crate::lesson::{self, Lesson, Progress};
use crate::ui::app::Go;
use crate::ui::state::Action;
use crate::ui::words::many;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`List`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// How far somebody came.
    pub progress: Progress,
    /// This stays on the device.
    pub keep: bool,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(List)]
pub fn list(props: &Props) -> Html {
    let wrong = use_state(String::new);
    let refused = use_state(|| false);
    {
        let refused = refused.setter();
        use_effect_with((props.keep, props.progress.clone()), move |(keep, progress)| {
            refused.set(*keep && !super::keep(progress));
        });
    }
    let minutes =
        |core: bool| lesson::all().iter().filter(|l| l.core == core).map(|l| l.minutes).sum::<u32>();
    let rows = |core: bool| {
        let lessons = lesson::all().iter().filter(move |lesson| lesson.core == core);
        html! { <ol class="rows-list lessons" role="list">{ for lessons.map(|lesson| row(lesson, &props.progress)) }</ol> }
    };
    let keep = {
        let (go, keep) = (props.go.clone(), props.keep);
        Callback::from(move |_: Event| go.dispatch(Action::Learn(Act::Keep(!keep))))
    };
    let forget = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(Act::Forget)))
    };
    let field = use_node_ref();
    let take = {
        let (go, field, wrong) = (props.go.clone(), field.clone(), wrong.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            match Progress::read(&input.value()) {
                Ok(progress) => {
                    input.set_value("");
                    wrong.set(String::new());
                    go.dispatch(Action::Learn(Act::Join(progress)));
                }
                Err(error) => wrong.set(format!("Nothing was taken over: {error}.")),
            }
        })
    };
    html! {
        <main class="screen learn" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Learn it in 45 minutes" }</h1>
            <p class="lead">{ "You need no documents and no mail program. A client, a server and an attacker are simulated in this page; you look, guess, change things, and see what happens." }</p>
            <p class="actions"><a class="button strong" href={first(&props.progress)}>{ if props.progress.is_empty() { "Start the first lesson" } else { "Go on where you were" } }</a></p>
            <section aria-labelledby="course">
                <h2 id="course">{ format!("The workshop, {} minutes", minutes(true)) }</h2>
                { rows(true) }
            </section>
            <section aria-labelledby="spare">
                <h2 id="spare">{ format!("For longer evenings, {} minutes", minutes(false)) }</h2>
                { rows(false) }
            </section>
            <section aria-labelledby="progress">
                <h2 id="progress">{ "Your progress" }</h2>
                <label class="toggle"><span>{ "Remember it on this device" }</span>
                    <input type="checkbox" role="switch" checked={props.keep} onchange={keep} /></label>
                if *refused {
                    <p class="flag danger" role="alert">{ "This device keeps nothing: its storage is full, or this page may not use it. Write your code down, and enter it when you come back." }</p>
                }
                <p class="about">{ "Nothing is stored unless this is on. As a code, progress goes to another device, or to a teacher: it holds what was done and no name." }</p>
                <p>{ "Your code: " }<code class="code">{ grouped(&props.progress.code()) }</code></p>
                <form class="code-form" onsubmit={take}>
                    <div class="field wide"><label for="code">{ "A code from another device" }</label>
                        <input ref={field} id="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" /></div>
                    <button type="submit" class="plain">{ "Take it over" }</button>
                    <button type="button" class="plain" onclick={forget}>{ "Forget everything" }</button>
                </form>
                if !wrong.is_empty() { <p class="flag danger" role="alert">{ &**wrong }</p> }
            </section>
            <section aria-labelledby="teach">
                <h2 id="teach">{ "For whoever teaches" }</h2>
                <ul class="plain-list">
                    <li><a href="#/preflight">{ "Room check" }</a>{ ": mail this link the day before." }</li>
                    <li><a href="#/present/ready/1">{ "Present to a room" }</a>{ ": large letters, a clicker’s keys, notes in a second window, a code to scan for each step." }</li>
                    <li><a href="#/worksheet">{ "Worksheet" }</a>{ " and " }<a href="#/worksheet/key">{ "its key" }</a>{ ", to print." }</li>
                    <li><a href="#/quiz">{ "Five questions" }</a>{ " for the end, and a " }<a href="#/tally">{ "tally" }</a>{ " of everybody’s codes." }</li>
                    <li><a href="#/objections">{ "Objections and answers" }</a>{ ": what is said in every room sooner or later." }</li>
                    <li><a href="#/learn/own">{ "A lesson of your own" }</a>{ ": one text file, checked while you write." }</li>
                </ul>
            </section>
        </main>
    }
}

fn row(lesson: &Lesson, progress: &Progress) -> Html {
    let (done, all) = (lesson.place.map_or(0, |place| progress.steps(place)), lesson.steps.len());
    let state = match done {
        0 => String::new(),
        done if done >= all => "✓ done".to_owned(),
        done => format!("{done} of {}", many(all, "step")),
    };
    let to = if done < all { next(lesson, progress) } else { 1 };
    html! {
        <li key={lesson.id.clone()}><a href={super::Place::Step(lesson.id.clone(), to).hash()}>
            <span class="id">{ format!("{} min", lesson.minutes) }</span>
            <span class="says">{ &lesson.title }</span>
            <span class="state">{ state }</span>
            <span class="basis">{ &lesson.about }</span></a></li>
    }
}

/// The first step of a lesson that is not done, from 1.
fn next(lesson: &Lesson, progress: &Progress) -> usize {
    let steps = lesson.place.and_then(|place| progress.done.get(place));
    let open = steps.and_then(|steps| steps.iter().take(lesson.steps.len()).position(|done| !done));
    open.unwrap_or_default().saturating_add(1)
}

/// The first lesson that is not done.
fn first(progress: &Progress) -> String {
    let open =
        |lesson: &&Lesson| lesson.place.is_some_and(|place| progress.steps(place) < lesson.steps.len());
    let lesson = lesson::all().iter().find(open).or_else(|| lesson::all().first());
    lesson.map_or_else(
        || "#/learn".to_owned(),
        |lesson| super::Place::Step(lesson.id.clone(), next(lesson, progress)).hash(),
    )
}

/// A code in groups of five, which are easier to read out.
#[must_use]
pub fn grouped(code: &str) -> String {
    let groups: Vec<String> =
        code.as_bytes().chunks(5).map(|five| String::from_utf8_lossy(five).into_owned()).collect();
    groups.join(" ")
}
