//! A lesson of one's own: written or opened, checked while it is written, played, saved, and given away as a link.

use super::prose::quiet;
use super::{Act, Place};
use crate::lesson::{self, Lesson, SIZE_LIMIT};
use crate::pipeline;
use crate::ui::app::Go;
use crate::ui::route::encoded;
use crate::ui::session::Shared;
use crate::ui::state::Action;
use crate::ui::words::many;
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What the editor holds at first.
const BEGINNING: &str = "---\nid: my-lesson\ntitle: My lesson\nabout: What it is about, in a sentence.\nminutes: 5\nstart: imap\n---\n\n# The first step\n\nTell a story here. **Strong words**, `what is on the wire`, and [links](#/rules) to this page.\n\n## Question\nWhat will happen?\n- [ ] Nothing.\n  Say why that is wrong.\n- [x] The password is lost.\n  Say why that is right.\n\n## Task\nPut the strip in the middle.\ndone: attack(strip-capability)\nhint: A nudge.\nhint: Where to look.\nhint: The answer.\ndo: attack=strip-capability\n\n## After\nWhy it worked.\n";

/// The longest address that chats and mails carry whole.
const LINK_LIMIT: usize = 32_000;

/// Properties of [`Own`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The lesson that is known, as text.
    pub text: Option<Rc<str>>,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Own)]
pub fn own(props: &Props) -> Html {
    let text = use_state(|| props.text.clone().unwrap_or_else(|| Rc::from(BEGINNING)));
    let area = use_node_ref();
    let shown = use_state(|| None::<String>);
    let result = use_memo(text.clone(), |text| {
        lesson::read(text).map(|lesson| {
            let wrong = pipeline::rehearse(&lesson);
            (Shared::new(lesson), wrong)
        })
    });
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                text.set(Rc::from(area.value()));
            }
        })
    };
    let opened = {
        let (text, area) = (text.setter(), area.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let file = input.files().and_then(|files| files.get(0));
            input.set_value("");
            let (text, area) = (text.clone(), area.clone());
            if let Some(file) = file {
                spawn_local(async move {
                    let Ok(read) = JsFuture::from(file.text()).await else { return };
                    let read = read.as_string().unwrap_or_default();
                    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                        area.set_value(&read);
                    }
                    text.set(Rc::from(read));
                });
            }
        })
    };
    let play = match &*result {
        Ok((lesson, _)) => {
            let (go, text, lesson) = (props.go.clone(), (*text).clone(), super::owned(lesson));
            Some(Callback::from(move |_: MouseEvent| {
                go.dispatch(Action::Learn(Act::Own(text.clone(), Some(lesson.clone()))));
                go.dispatch(Action::Visit(Place::Step(super::OWN.to_owned(), 1).hash()));
            }))
        }
        Err(_) => None,
    };
    let link = {
        let (text, shown) = ((*text).clone(), shown.clone());
        Callback::from(move |_: MouseEvent| shown.set(Some(link(&text))))
    };
    let jump = |line: u32| {
        let area = area.clone();
        Callback::from(move |_: MouseEvent| to_line(&area, line))
    };
    html! {
        <main class="screen learn own-lesson" id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ "A lesson of your own" }</h1>
            <p class="lead">{ "One text, checked while you write. It stays in this window until you save it." }</p>
            <div class="actions">
                <label class="button">{ "Open a file" }<input class="unseen" type="file" accept=".md,.txt,text/plain,text/markdown" onchange={opened} /></label>
                <a class="button" href={format!("data:text/markdown;charset=utf-8,{}", encoded(&text))} download="lesson.md">{ "Save as a file" }</a>
                <button type="button" class="plain" onclick={link}>{ "Make a link" }</button>
            </div>
            if let Some(link) = &*shown {
                if link.len() <= LINK_LIMIT {
                    <div class="field"><label for="own-link">{ format!("A link that holds the whole lesson, {} letters", link.len()) }</label>
                        <input id="own-link" type="text" readonly={true} value={link.clone()} /></div>
                } else {
                    <p class="flag doubt" role="status">{ format!("As a link it would have {} letters, and many programs cut links at {LINK_LIMIT}. Save it as a file and send that.", link.len()) }</p>
                }
            }
            <div class="lesson-editor">
                <div class="field"><label for="lesson-text">{ "The lesson" }</label>
                    <textarea ref={area.clone()} id="lesson-text" rows="26" maxlength={SIZE_LIMIT.to_string()} value={(*text).to_string()}
                        oninput={typed} autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="lesson-state" /></div>
                <div class="preview">
                    <div id="lesson-state" role="status">
                    { match &*result {
                        Err(error) => html! {
                            <p class="flag danger"><button type="button" class="link" onclick={jump(error.line)}>{ format!("Line {}, column {}", error.line, error.column) }</button>{ format!(": {}", ended(&error.message)) }</p>
                        },
                        Ok((lesson, wrong)) if wrong.is_empty() => html! {
                            <p class="fine">{ format!("✓ It can be read and solved: {}, {}.", many(lesson.steps.len(), "step"), many(lesson.steps.iter().map(|step| step.tasks.len()).sum(), "task")) }</p>
                        },
                        Ok((_, wrong)) => html! {
                            <ul class="wrong-lines" role="list">{ for wrong.iter().map(|error| html! {
                                <li><button type="button" class="link" onclick={jump(error.line)}>{ format!("Line {}", error.line) }</button>{ format!(": {}", ended(&error.message)) }</li>
                            }) }</ul>
                        },
                    } }
                    </div>
                    if let Some(play) = play { <p class="actions"><button type="button" class="strong" onclick={play}>{ "Play it" }</button></p> }
                    if let Ok((lesson, _)) = &*result { { preview(lesson) } }
                </div>
            </div>
        </main>
    }
}

fn preview(lesson: &Lesson) -> Html {
    html! {
        <section aria-label="Preview">
            <h2>{ &lesson.title }</h2>
            <p class="about">{ &lesson.about }</p>
            <ol class="moves">{ for lesson.steps.iter().map(|step| html! {
                <li><b>{ &step.title }</b>
                    if let Some(question) = &step.question { <p class="hint">{ quiet(&question.text) }</p> }
                    <ul class="plain-list">{ for step.tasks.iter().map(|task| html! { <li>{ quiet(&task.text) }</li> }) }</ul></li>
            }) }</ol>
        </section>
    }
}

/// A message as a sentence.
fn ended(message: &str) -> String {
    let end = if message.ends_with(['?', '.']) { "" } else { "." };
    format!("{message}{end}")
}

/// Puts the cursor at the beginning of a line.
fn to_line(area: &NodeRef, line: u32) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
    let text = area.value();
    let before = text.split_inclusive('\n').take(usize::try_from(line.saturating_sub(1)).unwrap_or_default());
    // The browser counts in units of UTF-16.
    let start = before.map(|line| line.encode_utf16().count()).sum::<usize>();
    let start = u32::try_from(start).unwrap_or_default();
    // Only a comfort: the line is named as well.
    let _ = area.focus();
    let _ = area.set_selection_range(start, start);
}

/// The address that holds a lesson.
fn link(text: &str) -> String {
    let whole = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}{}?t={}", whole.split('#').next().unwrap_or_default(), Place::Own.hash(), encoded(text))
}
