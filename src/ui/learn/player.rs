//! The lesson beside the workbench: story, question, one task at a time, hints, and why it worked.

use super::prose::{Line, Prose, quiet};
use super::{Act, Class};
use crate::lesson::{Question, Task};
use crate::spec::RuleSet;
use crate::ui::app::Go;
use crate::ui::reading;
use crate::ui::state::Action;
use crate::ui::words::many;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Player`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is played.
    pub class: Rc<Class>,
    /// The documents in force, for a log.
    pub rules: RuleSet,
    /// Shown to a room: without what only one person presses.
    #[prop_or_default]
    pub room: bool,
    /// Where actions go.
    pub go: Go,
}

/// The lesson.
#[component(Player)]
pub fn player(props: &Props) -> Html {
    let class = &props.class;
    let Some(step) = class.step() else { return html! {} };
    let send = |act: fn() -> Act| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(act())))
    };
    let count = class.lesson.steps.len();
    let last = class.number >= count;
    let link = |number: usize| super::Place::Step(class.lesson.id.clone(), number).hash();
    let log = step.log.clone().map(|log| {
        let (go, rules) = (props.go.clone(), props.rules);
        Callback::from(move |_: MouseEvent| {
            reading::octets("The log of this step".to_owned(), log.clone().into_bytes(), rules, go.clone());
        })
    });
    html! {
        <section class="lesson" aria-labelledby="lesson">
            <p class="crumb">
                if props.room { <span>{ &class.lesson.title }</span> } else { <a href="#/learn">{ &class.lesson.title }</a> }
                <span>{ format!("step {} of {count}", class.number) }</span>
            </p>
            <h1 id="lesson" tabindex="-1">{ &step.title }</h1>
            if !props.room || class.opening() { <Prose key={format!("story-{}", class.number)} blocks={Rc::from(step.story.as_slice())} /> }
            if props.room && class.opening() { { "" } } else {
            if let Some(open) = log { <p><button type="button" class="plain" onclick={open}>{ "Open the log of this step" }</button></p> }
            if let Some(question) = &step.question { { asked(props, question) } }
            if class.unlocked() { { tasks(props, &step.tasks) } }
            if class.finished() && !step.after.is_empty() {
                <section class="after" aria-labelledby="after">
                    <h2 id="after">{ "Why it worked" }</h2>
                    <Prose key={format!("after-{}", class.number)} blocks={Rc::from(step.after.as_slice())} />
                </section>
            }
            }
            if !props.room {
                <nav class="steps" aria-label="Steps of the lesson">
                    if class.number > 1 { <a class="button" href={link(class.number.saturating_sub(1))}>{ "Back" }</a> }
                        else { <a class="button" href="#/learn">{ "All lessons" }</a> }
                    <button type="button" class="plain" onclick={send(|| Act::Reset)}>{ "Reset" }</button>
                    if last { <a class={classes!("button", class.finished().then_some("strong"))} href="#/learn">{ "Finish" }</a> }
                        else { <a class={classes!("button", class.finished().then_some("strong"))} href={link(class.number.saturating_add(1))}>
                            { if class.finished() { "Next" } else { "Skip" } }</a> }
                </nav>
            }
        </section>
    }
}

/// The question: chosen first, explained afterwards.
fn asked(props: &Props, question: &Question) -> Html {
    let class = &props.class;
    let done = class.unlocked();
    let skip = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(Act::Skip)))
    };
    html! {
        <fieldset class={classes!("predict", done.then_some("told"))}>
            <legend>{ quiet(&question.text) }</legend>
            { for question.answers.iter().enumerate().map(|(number, answer)| {
                let go = props.go.clone();
                let choose = Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(Act::Guess(number))));
                if !done {
                    return html! { <button key={number} type="button" class="plain answer" onclick={choose}>{ quiet(&answer.text) }</button> };
                }
                let mine = class.guess == Some(number);
                let word = match (answer.right, mine) {
                    (true, true) => "✓ right, and what you chose",
                    (true, false) => "✓ right",
                    (false, true) => "✕ what you chose",
                    (false, false) => "",
                };
                let look = if answer.right { "right" } else { "wrong" };
                html! {
                    <div key={number} class={classes!("answer", look, mine.then_some("mine"))}>
                        <p><b>{ quiet(&answer.text) }</b>if !word.is_empty() { <span class="word">{ word }</span> }</p>
                        if answer.right || mine || class.skipped { <p class="because">{ quiet(&answer.reason) }</p> }
                    </div>
                }
            }) }
            if !done { <button type="button" class="link" onclick={skip}>{ "Show the answer without choosing" }</button> }
        </fieldset>
    }
}

/// The tasks: those that are done in a line each, the first open one in whole, of the others how many there are.
fn tasks(props: &Props, tasks: &[Task]) -> Html {
    let class = &props.class;
    if tasks.is_empty() {
        return html! {};
    }
    let now = class.task();
    let behind = class.ticked.iter().enumerate().filter(|(at, done)| !**done && Some(*at) != now).count();
    html! {
        <section class="tasks" aria-labelledby="tasks">
            <h2 id="tasks" class="small">{ format!("Tasks, {} of {} done", class.ticked.iter().filter(|done| **done).count(), tasks.len()) }</h2>
            <ul role="list">
                { for tasks.iter().enumerate().map(|(at, task)| {
                    let done = class.ticked.get(at) == Some(&true);
                    if done {
                        html! { <li key={at} class="done"><span class="mark" aria-hidden="true">{ "✓" }</span><div><span class="unseen">{ "Done: " }</span>{ quiet(&task.text) }</div></li> }
                    } else if Some(at) == now {
                        html! { <li key={at} class="now"><span class="mark" aria-hidden="true">{ "○" }</span><div>
                            <Line text={Rc::from(task.text.as_slice())} />
                            if !props.room { { hints(props, at, task) } }
                        </div></li> }
                    } else {
                        html! {}
                    }
                }) }
            </ul>
            if behind > 0 { <p class="hint">{ format!("Then {}.", many(behind, "more task")) }</p> }
        </section>
    }
}

fn hints(props: &Props, at: usize, task: &Task) -> Html {
    let open = props.class.hints.get(at).copied().unwrap_or_default();
    let ask = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Learn(Act::Hint(at))))
    };
    let next = ["Hint: a nudge", "Hint: where to look", "Hint: the answer"].get(open);
    html! {
        <div class="hints">
            { for task.hints.iter().take(open).map(|hint| html! { <Line text={Rc::from(hint.as_slice())} /> }) }
            if let Some(next) = next { <button type="button" class="link" onclick={ask}>{ *next }</button> }
        </div>
    }
}
