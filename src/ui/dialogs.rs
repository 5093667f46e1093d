//! Help, import, and the target for a file that hangs over the page.

use super::app::Go;
use super::commands::{self, Command, Where};
use super::reading;
use super::state::Action;
use crate::pipeline::By;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Keys of the browser that matter here.
const KEYS: [(&str, &str); 2] = [
    ("Tab, Enter", "go to a control, use it; Enter on a row or a verdict selects it"),
    ("Esc", "close what lies over the page"),
];

/// The signs of the ladder.
const SIGNS: [(&str, &str); 6] = [
    ("struck words", "the middle took them out on the way"),
    ("dashed arrow", "what arrives is not what was sent"),
    ("••••••••", "a secret; the page never shows one"),
    ("▒▒▒▒", "inside TLS: the middle sees a length and cannot read"),
    ("grey line", "a line of a log that was not understood; the step keys pass over it"),
    ("✕ broken  ? cannot tell  ✓ kept", "the three verdicts on a rule"),
];

/// Opens and closes a dialog as asked, and says so when the browser closes it. The browser gives the focus back.
#[hook]
pub fn use_dialog(open: bool, go: &Go) -> (NodeRef, Callback<Event>) {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(open, move |open| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                if *open && !dialog.open() {
                    // Fails only on an element that is not in the document.
                    let _ = dialog.show_modal();
                } else if !*open {
                    dialog.close();
                }
            }
        });
    }
    let go = go.clone();
    (node, Callback::from(move |_: Event| go.dispatch(Action::Dialog(None))))
}

/// Properties of [`Help`].
#[derive(PartialEq, Properties)]
pub struct HelpProps {
    /// Whether it is open.
    pub open: bool,
    /// Whether single keys do something.
    pub keys: bool,
    /// Where actions go.
    pub go: Go,
}

/// Keys and signs.
#[component(Help)]
pub fn help(props: &HelpProps) -> Html {
    let (node, closed) = use_dialog(props.open, &props.go);
    let close = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(None)))
    };
    let flip = {
        let (go, keys) = (props.go.clone(), props.keys);
        Callback::from(move |_: Event| go.dispatch(Action::Keys(!keys)))
    };
    let list = |rows: &[(&'static str, &'static str)]| {
        html! { <dl>{ for rows.iter().map(|(term, text)| html! { <div key={*term}><dt>{ *term }</dt><dd>{ *text }</dd></div> }) }</dl> }
    };
    html! {
        <dialog ref={node} onclose={closed} aria-labelledby="help">
            <h2 id="help" tabindex="-1" autofocus={true}>{ "Help" }</h2>
            <h3>{ "Keys" }</h3>
            if props.open {
            { list(&KEYS) }
            { keys("On every screen", Where::Everywhere) }
            { keys("Where there is a session", Where::Bench) }
            { keys("In a log", Where::Log) }
            { keys("Where a message is held", Where::Held) }
            { keys("Where a lesson is presented to a room", Where::Room) }
            <label class="toggle"><span>{ "Keys that are a single letter or sign work" }</span>
                <input type="checkbox" role="switch" checked={props.keys} onchange={flip} /></label>
            <h3>{ "Signs" }</h3>
            { list(&SIGNS) }
            }
            <p><button type="button" class="strong" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}

/// The commands of one kind of place.
fn keys(title: &'static str, at: Where) -> Html {
    let all = commands::ALL.iter().filter(|command| command.at == at);
    html! {
        <>
            <h4>{ title }</h4>
            <dl class="keys">{ for all.map(|command: &Command| html! {
                <div key={command.title}><dt><kbd>{ command.shown() }</kbd></dt><dd>{ command.title }</dd></div>
            }) }</dl>
        </>
    }
}

/// Properties of [`Import`].
#[derive(PartialEq, Properties)]
pub struct ImportProps {
    /// Whether it is open.
    pub open: bool,
    /// What it is judged by.
    pub by: By,
    /// Where actions go.
    pub go: Go,
}

/// How to bring a log in.
#[component(Import)]
pub fn import(props: &ImportProps) -> Html {
    let (node, closed) = use_dialog(props.open, &props.go);
    let close = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(None)))
    };
    let chosen = {
        let (go, by) = (props.go.clone(), props.by);
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let files = input.files().map(reading::list).unwrap_or_default();
            if !files.is_empty() {
                reading::files(files, by, go.clone());
                go.dispatch(Action::Dialog(None));
            }
            // The same file can be chosen again.
            input.set_value("");
        })
    };
    let leave = close.clone();
    let typed = use_node_ref();
    let check = {
        let (go, by, typed) = (props.go.clone(), props.by, typed.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(area) = typed.cast::<HtmlTextAreaElement>() else { return };
            if area.value().trim().is_empty() {
                // Only a comfort: the text is what is missing.
                let _ = area.focus();
                return;
            }
            reading::octets("Typed text".to_owned(), area.value().into_bytes(), by, go.clone());
            area.set_value("");
            go.dispatch(Action::Dialog(None));
        })
    };
    html! {
        <dialog ref={node} onclose={closed} aria-labelledby="import">
            <h2 id="import">{ "Check your own log" }</h2>
            <p>{ "An IMAP, POP3 or ACAP session: a transcript with C: and S:, bare lines, or the output of curl -v. It stays on this device." }</p>
            <div class="drop">
                <label for="typed">{ "Paste it here, or type it" }</label>
                <textarea ref={typed} id="typed" class="paste" rows="5" placeholder={"S: * OK ready\nC: a1 LOGIN joe secret"}
                    autocomplete="off" autocapitalize="none" spellcheck="false" />
                <p><button type="button" class="plain" onclick={check}>{ "Check what is typed" }</button></p>
            </div>
            <label class="drop">{ "or open files" }<input type="file" multiple={true} onchange={chosen} /></label>
            <p><a href="#/logs" onclick={leave}>{ "How do I get a log from my program?" }</a></p>
            <p>{ "Pasting and dropping also work anywhere on the page, with this window closed. Several files at once become a list of sessions." }</p>
            <p><button type="button" class="strong" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}

/// Covers the page while a file hangs over it.
#[component(Dropping)]
pub fn dropping() -> Html {
    html! { <div class="dropping"><p>{ "Drop the log. It stays on this device." }</p></div> }
}
