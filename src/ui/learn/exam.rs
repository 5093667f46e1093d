//! The five questions at the end, with a reason for every answer.

use super::Act;
use super::list::grouped;
use super::prose::quiet;
use crate::lesson::{self, Progress};
use crate::ui::app::Go;
use crate::ui::state::Action;
use yew::prelude::*;

/// Properties of [`Exam`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What was answered.
    pub progress: Progress,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Exam)]
pub fn exam(props: &Props) -> Html {
    let quiz = lesson::quiz();
    let answered = props.progress.answers.iter().flatten().count();
    let right = quiz
        .iter()
        .zip(props.progress.answers)
        .filter(|(question, answer)| answer.is_some() && question.right() == answer.map(usize::from))
        .count();
    html! {
        <main class="screen learn" id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ "Five questions" }</h1>
            <p class="lead">{ "Your first answer counts. Behind it stands why it is right, or why not." }</p>
            { for quiz.iter().enumerate().map(|(at, question)| {
                let chosen = props.progress.answers.get(at).copied().flatten().map(usize::from);
                html! {
                    <fieldset key={at} class={classes!("predict", chosen.map(|_| "told"))}>
                        <legend>{ format!("{}. ", at.saturating_add(1)) }{ quiet(&question.text) }</legend>
                        { for question.answers.iter().enumerate().map(|(number, answer)| {
                            let go = props.go.clone();
                            let choose = Callback::from(move |_: MouseEvent| {
                                go.dispatch(Action::Learn(Act::Answer(at, u8::try_from(number).unwrap_or(u8::MAX))));
                            });
                            if chosen.is_none() {
                                return html! { <button key={number} type="button" class="plain answer" onclick={choose}>{ quiet(&answer.text) }</button> };
                            }
                            let mine = chosen == Some(number);
                            let word = match (answer.right, mine) {
                                (true, true) => "✓ right, and what you chose",
                                (true, false) => "✓ right",
                                (false, true) => "✕ what you chose",
                                (false, false) => "✕",
                            };
                            html! {
                                <div key={number} class={classes!("answer", if answer.right { "right" } else { "wrong" }, mine.then_some("mine"))}>
                                    <p><b>{ quiet(&answer.text) }</b><span class="word">{ word }</span></p>
                                    <p class="because">{ quiet(&answer.reason) }</p>
                                </div>
                            }
                        }) }
                    </fieldset>
                }
            }) }
            <section aria-live="polite">
                if answered == quiz.len() {
                    <h2>{ format!("{right} of {} right", quiz.len()) }</h2>
                    <p>{ "Your code, for a teacher or another device: " }<code class="code">{ grouped(&props.progress.code()) }</code></p>
                    <p class="about">{ "It holds which lessons and questions were done, and no name." }</p>
                }
            </section>
        </main>
    }
}
