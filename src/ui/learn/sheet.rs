//! What is printed: questions and tasks with room to write, or with the answers.

use super::prose::quiet;
use crate::lesson;
use yew::prelude::*;

/// Properties of [`Sheet`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// With the answers.
    pub answers: bool,
}

/// The screen.
#[component(Sheet)]
pub fn sheet(props: &Props) -> Html {
    let with = props.answers;
    let print = Callback::from(|_: MouseEvent| {
        // A browser without a printer does nothing.
        let _ = web_sys::window().map(|window| window.print());
    });
    html! {
        <main class={classes!("screen", "learn", "sheet", with.then_some("key"))} id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ if with { "Worksheet, with answers" } else { "Worksheet" } }</h1>
            <p class="actions"><button type="button" class="plain" onclick={print}>{ "Print" }</button>
                if with { <a class="button" href="#/worksheet">{ "Without answers" }</a> } else { <a class="button" href="#/worksheet/key">{ "With answers" }</a> }</p>
            if !with { <p class="named-line">{ "Name: ____________________________" }</p> }
            { for lesson::all().iter().filter(|lesson| lesson.core).map(|lesson| html! {
                <section key={lesson.id.clone()} aria-label={lesson.title.clone()}>
                    <h2>{ format!("{}. {}", lesson.place.unwrap_or_default(), lesson.title) }<small>{ format!(" {} min", lesson.minutes) }</small></h2>
                    <p>{ &lesson.about }</p>
                    { for lesson.steps.iter().map(|step| html! {
                        <div class="sheet-step">
                            <h3>{ &step.title }</h3>
                            if let Some(question) = &step.question {
                                <p class="asked">{ quiet(&question.text) }</p>
                                <ul class="boxes" role="list">{ for question.answers.iter().map(|answer| html! {
                                    <li>{ if with && answer.right { "☒ " } else { "☐ " } }{ quiet(&answer.text) }
                                        if with { <small class="because">{ quiet(&answer.reason) }</small> }</li>
                                }) }</ul>
                            }
                            <ol class="moves">{ for step.tasks.iter().map(|task| html! {
                                <li>{ quiet(&task.text) }
                                    if with { <small class="because">{ task.hints.last().map(|hint| quiet(hint)) }</small> }
                                    else { <span class="write" aria-hidden="true"></span> }</li>
                            }) }</ol>
                        </div>
                    }) }
                </section>
            }) }
        </main>
    }
}
