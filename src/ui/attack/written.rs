//! An attack of one's own: as text, by a form that writes the text, and with what it does to the current setup.

use super::Path;
use super::preview::preview;
use crate::attack::Custom;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::ui::app::Go;
use crate::ui::route::encoded;
use crate::ui::session::Shared;
use crate::ui::state::Action;
use crate::ui::words::{many, places};
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`Write`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What was written so far; nothing: what stands on the path.
    pub draft: Option<Rc<str>>,
    /// The documents in force.
    pub rules: RuleSet,
    /// The address of the workbench.
    pub bench: String,
    /// Where actions go.
    pub go: Go,
}

/// What an empty text begins with.
const EXAMPLE: &str = "# One rule a line. This one takes the offer of TLS away.\nwhen server lists STARTTLS do remove STARTTLS\n";

/// The conditions of the form, each with its word, whether it takes a text, and its name.
const CONDITIONS: &[(&str, bool, &str)] = &[
    ("client", false, "comes from the client"),
    ("server", false, "comes from the server"),
    ("greeting", false, "is the greeting"),
    ("handshake", false, "is a TLS handshake"),
    ("command", true, "is the command"),
    ("reply", true, "is an answer with the word"),
    ("lists", true, "lists the capability"),
    ("says", true, "contains the text"),
    ("message", true, "is message number"),
];

/// What the form can do: the word, how many texts it takes, its name.
const ACTS: &[(&str, usize, &str)] = &[
    ("drop", 0, "keep it"),
    ("remove", 1, "take the capability away"),
    ("offer", 1, "add the capability"),
    ("replace", 2, "replace a text"),
    ("instead", 1, "send another message instead"),
    ("insert", 1, "put a line in front"),
    ("add", 1, "put a line behind"),
    ("answer", 1, "answer the sender"),
    ("delay", 0, "delay it"),
    ("close", 0, "hang up"),
    ("certificate", 1, "end TLS, trusted certificate for"),
    ("self-signed", 1, "end TLS, self-signed certificate for"),
    ("pass", 0, "let it pass"),
];

/// A text of the form in the attack's notation; numbers stand as they are.
fn quoted(word: &str, text: &str) -> String {
    if matches!(word, "nth" | "message") {
        text.trim().to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}

/// The screen.
#[component(Write)]
pub fn write(props: &Props) -> Html {
    let of_setup = || props.setup.custom.as_ref().map_or(EXAMPLE.to_owned(), Custom::text);
    let text: String = props.draft.as_ref().map_or_else(of_setup, |draft| draft.to_string());
    let read = Custom::parse(&text);
    let typed = {
        let go = props.go.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                go.dispatch(Action::Draft(Some(area.value().into())));
            }
        })
    };
    let preview_of = read.as_ref().ok().map(|custom| preview(&props.setup, custom, props.rules));
    let use_it = {
        let (go, custom, bench) = (props.go.clone(), read.clone().ok(), props.bench.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(custom) = &custom {
                go.dispatch(Action::Visit(bench.clone()));
                go.dispatch(Action::Path(Path::Written(Some(custom.clone()))));
            }
        })
    };
    let opened = {
        let go = props.go.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                let go = go.clone();
                spawn_local(async move {
                    // One that is too long says so itself, when it is read as an attack.
                    let limit = f64::from(
                        u32::try_from(crate::attack::TEXT_LIMIT.saturating_add(1)).unwrap_or(u32::MAX),
                    );
                    let Ok(part) = file.slice_with_f64_and_f64(0.0, limit) else { return };
                    if let Ok(buffer) = JsFuture::from(part.array_buffer()).await {
                        let octets = js_sys::Uint8Array::new(&buffer).to_vec();
                        go.dispatch(Action::Draft(Some(String::from_utf8_lossy(&octets).as_ref().into())));
                    }
                });
            }
            input.set_value("");
        })
    };
    html! {
        <main class="screen attack-text" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Write your own attack" }</h1>
            <p class="lead">{ "Say what the middle does to which message. It is played on the session of the workbench as you write." }</p>
            <label class="field"><span>{ "The attack, one rule a line" }</span>
                <textarea rows="8" value={text.clone()} oninput={typed} spellcheck="false" autocomplete="off" aria-invalid={read.is_err().to_string()} aria-describedby="attack-read" /></label>
            <p id="attack-read" class={classes!("found", read.is_err().then_some("bad"))} role="status">{ match &read {
                Ok(custom) => many(custom.rules.len(), "rule"),
                Err(error) => error.to_string(),
            } }</p>
            <Form text={text.clone()} go={props.go.clone()} />
            if let (Some(preview), Ok(custom)) = (&preview_of, &read) {
                <section aria-labelledby="hits"><h2 id="hits">{ "What it does to this session" }</h2>
                    <p role="status">{ &preview.sentence }</p>
                    <ol class="hits" role="list">
                        { for custom.text().lines().enumerate().map(|(at, line)| {
                            let found: Vec<u32> = preview.met.iter().filter(|met| met.rules.contains(&at)).map(|met| met.place).collect();
                            html! {
                                <li key={at} class={classes!(found.is_empty().then_some("idle"))}><code>{ line.to_owned() }</code>
                                    <span>{ if found.is_empty() { "fits nothing here".to_owned() } else { format!("{}: {}", many(found.len(), "hit"), places("event", &found)) } }</span></li>
                            }
                        }) }
                    </ol>
                </section>
            }
            <section aria-label="What to do with it">
                <p class="actions">
                    <button type="button" class="strong" onclick={use_it} aria-disabled={read.is_err().then_some("true")}>{ "Use it on the workbench" }</button>
                    <a class="button" href={format!("data:text/plain;charset=utf-8,{}", encoded(&text))} download="own.attack">{ "Save as a text file" }</a>
                    <label class="button">{ "Open a text file" }<input class="unseen" type="file" accept=".attack,.txt,text/plain" onchange={opened} /></label>
                </p>
                <p class="about">{ "The address of the workbench then holds it, so that a link shares it. The command line reads the same text: " }
                    <code>{ "starttls-lab simulate --attack-file own.attack" }</code></p>
            </section>
        </main>
    }
}

/// Properties of [`Form`].
#[derive(PartialEq, Properties)]
struct FormProps {
    text: String,
    go: Go,
}

/// Puts a rule together and writes it below the others.
#[component(Form)]
fn form(props: &FormProps) -> Html {
    let conditions = use_state(|| (1_usize, 0_usize));
    let act = use_state(|| 1_usize);
    let fields = [use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref()];
    let [first_text, second_text, third, fourth] = fields.clone();
    let select = |label: &'static str, now: usize, names: Vec<&'static str>, set: Callback<usize>| {
        let choose = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                set.emit(usize::try_from(select.selected_index()).unwrap_or_default());
            }
        });
        html! {
            <label class="field"><span>{ label }</span><select onchange={choose}>
                { for names.into_iter().enumerate().map(|(at, name)| html! { <option key={at} selected={at == now}>{ name }</option> }) }
            </select></label>
        }
    };
    let none = |names: &[&'static str]| [&["(nothing more)"][..], names].concat();
    let names: Vec<&'static str> = CONDITIONS.iter().map(|(_, _, name)| *name).collect();
    let first = {
        let conditions = conditions.clone();
        Callback::from(move |at| conditions.set((at, conditions.1)))
    };
    let second = {
        let conditions = conditions.clone();
        Callback::from(move |at: usize| conditions.set((conditions.0, at)))
    };
    let chosen = {
        let act = act.clone();
        Callback::from(move |at| act.set(at))
    };
    let text = |label: &'static str, field: NodeRef, shown: bool| {
        html! { if shown { <label class="field"><span>{ label }</span><input type="text" ref={field} autocomplete="off" spellcheck="false" maxlength="400" /></label> } }
    };
    let one = CONDITIONS.get(conditions.0).copied().unwrap_or(("server", false, ""));
    let two = conditions.1.checked_sub(1).and_then(|at| CONDITIONS.get(at)).copied();
    let done = ACTS.get(*act).copied().unwrap_or(("drop", 0, ""));
    let add = {
        let (go, old) = (props.go.clone(), props.text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |field: &NodeRef| {
                field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
            };
            let [a, b, c, d] = &fields;
            let mut line = String::from("when");
            for (condition, field) in [Some(one), two].into_iter().zip([a, b]) {
                if let Some((word, takes, _)) = condition {
                    line.push(' ');
                    line.push_str(word);
                    if takes {
                        line.push(' ');
                        line.push_str(&quoted(word, &value(field)));
                    }
                }
            }
            line.push_str(" do ");
            line.push_str(done.0);
            for field in [c, d].into_iter().take(done.1) {
                line.push(' ');
                line.push_str(&quoted(done.0, &value(field)));
            }
            let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
            go.dispatch(Action::Draft(Some(format!("{old}{gap}{line}\n").into())));
        })
    };
    html! {
        <form class="filters" aria-label="Add a rule" onsubmit={add}>
            { select("When a message", conditions.0, names.clone(), first) }
            { text("Which", first_text, one.1) }
            { select("and", conditions.1, none(&names), second) }
            { text("Which, too", second_text, two.is_some_and(|(_, takes, _)| takes)) }
            { select("then", *act, ACTS.iter().map(|(_, _, name)| *name).collect(), chosen) }
            { text("What", third, done.1 > 0) }
            { text("by what", fourth, done.1 > 1) }
            <button type="submit" class="plain">{ "Add the rule" }</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_writes_what_the_reader_reads() {
        assert!(Custom::parse(EXAMPLE).is_ok());
        for (word, takes, _) in CONDITIONS {
            let value = if *takes { quoted(word, "1") } else { String::new() };
            let act = if *word == "handshake" { "drop" } else { "close" };
            assert!(Custom::parse(&format!("when {word} {value} do {act}")).is_ok(), "{word}");
        }
        for (word, texts, _) in ACTS {
            let when = if word.contains("ce") && word.starts_with("cert") || *word == "self-signed" {
                "handshake"
            } else {
                "client"
            };
            let values = [quoted(word, "a"), quoted(word, "b\"")];
            let line = format!(
                "when {when} do {word} {}",
                values.iter().take(*texts).cloned().collect::<Vec<_>>().join(" ")
            );
            assert!(Custom::parse(&line).is_ok(), "{line}");
        }
    }
}
