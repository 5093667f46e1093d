//! The instructor's second window: notes, answers and solutions of the step that the room sees.

use super::present::{Clock, listen, say};
use super::prose::{Prose, quiet};
use crate::lesson::Lesson;
use crate::ui::app::Go;
use crate::ui::session::Shared;
use crate::ui::state::Action;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Notes`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The lesson.
    pub lesson: Option<Shared<Lesson>>,
    /// The step, from 1.
    pub number: usize,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Notes)]
pub fn notes(props: &Props) -> Html {
    {
        let go = props.go.clone();
        use_effect_with((), move |()| {
            let heard = listen(move |said| {
                if said.starts_with("#/notes/") {
                    go.dispatch(Action::Visit(said.to_owned()));
                }
            });
            move || drop(heard)
        });
    }
    let Some(lesson) = &props.lesson else { return missing() };
    let Some(step) = props.number.checked_sub(1).and_then(|at| lesson.steps.get(at)) else {
        return missing();
    };
    let word = |word: &'static str| Callback::from(move |_: MouseEvent| say(word));
    html! {
        <main class="screen learn notes" id="text" tabindex="0">
            <p class="meta"><span>{ format!("{}, step {} of {}", lesson.title, props.number, lesson.steps.len()) }</span>
                <Clock key={lesson.id.clone()} minutes={lesson.minutes} /></p>
            <h1 tabindex="-1">{ &step.title }</h1>
            <p class="actions">
                <button type="button" class="plain" onclick={word("backward")}>{ "◀ Back" }</button>
                <button type="button" class="strong" onclick={word("onward")}>{ "On ▶" }</button>
            </p>
            if !step.notes.is_empty() {
                <section aria-labelledby="say"><h2 id="say">{ "To say" }</h2>
                    <Prose key={step.line} blocks={Rc::from(step.notes.as_slice())} /></section>
            }
            if let Some(question) = &step.question {
                <section aria-labelledby="asked"><h2 id="asked">{ "The question" }</h2>
                    <p>{ quiet(&question.text) }</p>
                    <ul class="plain-list">{ for question.answers.iter().map(|answer| html! {
                        <li><b>{ if answer.right { "✓ " } else { "✕ " } }{ quiet(&answer.text) }</b>{ " " }{ quiet(&answer.reason) }</li>
                    }) }</ul></section>
            }
            if !step.tasks.is_empty() {
                <section aria-labelledby="tasks"><h2 id="tasks">{ "The tasks and how they are done" }</h2>
                    <ol class="moves">{ for step.tasks.iter().map(|task| html! {
                        <li>{ quiet(&task.text) }<br /><b>{ task.hints.last().map(|hint| quiet(hint)) }</b></li>
                    }) }</ol></section>
            }
            if !step.after.is_empty() {
                <section aria-labelledby="after"><h2 id="after">{ "Why it worked" }</h2>
                    <Prose key={format!("after-{}", step.line)} blocks={Rc::from(step.after.as_slice())} /></section>
            }
        </main>
    }
}

/// No such step.
fn missing() -> Html {
    html! {
        <main class="screen" id="text" tabindex="0">
            <h1 tabindex="-1">{ "There is no such step" }</h1>
            <p class="lead">{ "The link may come from another version of this page, or belong to a lesson that is on another device." }</p>
            <p><a href="#/learn">{ "To all lessons" }</a></p>
        </main>
    }
}

/// What is shown in place of a step that there is not.
pub fn nothing() -> Html {
    missing()
}
