//! What came of a class: the codes of many, counted. Nothing is sent anywhere.

use crate::lesson::{self, Progress};
use crate::ui::words::many;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// The screen.
#[component(Tally)]
pub fn tally() -> Html {
    let text = use_state(String::new);
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                text.set(area.value());
            }
        })
    };
    let (codes, wrong) = read(&text);
    let count = codes.len();
    let finished =
        |place: usize, steps: usize| codes.iter().filter(|code| code.steps(place) >= steps).count();
    html! {
        <main class="screen learn" id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ "Tally" }</h1>
            <p class="lead">{ "Paste everybody’s codes, one a line, and see what the room can do. The codes hold no names and stay in this window." }</p>
            <div class="field"><label for="codes">{ "Codes" }</label>
                <textarea id="codes" rows="6" value={(*text).clone()} oninput={typed} autocomplete="off" spellcheck="false" /></div>
            <p role="status">{ many(count, "code") }{ match wrong.as_slice() {
                [] => String::new(),
                wrong => format!(". {} not read: line {}.", many(wrong.len(), "line"), wrong.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
            } }</p>
            if count > 0 {
                <section aria-labelledby="lessons"><h2 id="lessons">{ "Lessons finished" }</h2>
                    { for lesson::all().iter().filter_map(|lesson| {
                        let done = finished(lesson.place?, lesson.steps.len());
                        (lesson.core || done > 0).then(|| bar(&lesson.title, done, count))
                    }) }
                </section>
                <section aria-labelledby="answers"><h2 id="answers">{ "Questions answered right" }</h2>
                    { for lesson::quiz().iter().enumerate().map(|(at, question)| {
                        let right = |code: &&Progress| code.answers.get(at).copied().flatten().map(usize::from) == question.right();
                        let all = codes.iter().filter(|code| code.answers.get(at).is_some_and(Option::is_some)).count();
                        let done = codes.iter().filter(|code| code.answers.get(at).is_some_and(Option::is_some)).filter(right).count();
                        bar(&format!("{}. {}", at.saturating_add(1), lesson::unmarked(&question.text)), done, all)
                    }) }
                </section>
            }
        </main>
    }
}

fn bar(name: &str, done: usize, all: usize) -> Html {
    html! {
        <div class="tally"><span>{ name }</span>
            <meter min="0" max={all.max(1).to_string()} value={done.to_string()} aria-label={name.to_owned()}></meter>
            <b>{ format!("{done} of {all}") }</b></div>
    }
}

/// The codes of a text, each once, and the lines that hold none.
fn read(text: &str) -> (Vec<Progress>, Vec<usize>) {
    let (mut seen, mut codes, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        // What stands in front of the code, such as a name in a chat, is passed over.
        let said = line.rsplit(':').next().unwrap_or_default();
        match Progress::read(said) {
            Ok(code) => {
                let key = said.split_whitespace().collect::<String>().to_ascii_uppercase();
                // Two people may have done the same: only the same line twice in a row is a slip.
                if seen.last() != Some(&key) {
                    codes.push(code);
                }
                seen.push(key);
            }
            Err(_) => wrong.push(number),
        }
    }
    (codes, wrong)
}
