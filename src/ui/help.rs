//! Help where one is: what the part of the page is for that has the focus.

use super::app::Go;
use super::dialogs::use_dialog;
use super::state::Action;
use web_sys::Element;
use yew::prelude::*;

/// A part of the page: how it is found, what it is called, what it is for.
type Topic = (&'static str, &'static str, &'static str);

/// The parts, the inner before the outer.
pub static TOPICS: &[Topic] = &[
    (
        ".bar",
        "The step bar",
        "Play, and go back and on, one message at a time. Playing goes to the end, or as far as you choose. The slider goes anywhere. Nothing is lost by going back: the same session comes out the same way.",
    ),
    (
        ".ladder",
        "The session",
        "Time runs downwards; each row is one message, drawn from who sent it to who gets it. Dots are a secret that the page does not show. A struck word was taken out on the way, an underlined one put in. The band shows where TLS begins.",
    ),
    (
        ".predict",
        "A question",
        "Choose what you think. Then all the answers are explained; nothing is counted against you.",
    ),
    (
        ".tasks",
        "The tasks",
        "A task is ticked by itself as soon as what it asks for is so, whichever way you took. Three hints lead up to the answer.",
    ),
    (
        ".lesson",
        "The lesson",
        "Read, guess, try. Reset puts the step to its beginning; Skip goes on without finishing. Underlined words explain themselves when you press them.",
    ),
    (
        ".first",
        "Who could have stopped this?",
        "Choose one of the three. Then you can make the change and see whether it helps.",
    ),
    (
        ".score",
        "What happened",
        "What the attacker has won of the person who uses the client, up to the row that you look at, and at which event it was decided.",
    ),
    (
        ".remedy",
        "The smallest change",
        "Every single switch of client and server was tried by running the session again. This is the first that leaves the attacker nothing and the login working.",
    ),
    (
        ".right-choice",
        "What stands at the right",
        "The verdicts of the rules, or the states of the two programs.",
    ),
    (".states-now", "States", "In which state client and server are, and what each may do in it."),
    (
        ".verdicts",
        "Verdicts",
        "What each rule says of this session: broken, cannot tell, or kept. Choose one to see the rows that it rests on. A rule that was kept is no proof that the program always keeps it.",
    ),
    (
        ".beliefs",
        "Beliefs",
        "What one side has been told so far, at which event, and whether that came before TLS. What is struck out was forgotten.",
    ),
    (".holds", "What the attacker holds", "The octets that somebody on the way has seen or put in."),
    (".bytes", "Octets", "The row that you look at, octet by octet, as it stood on the wire."),
    (
        ".rail .middle",
        "In the middle",
        "Who sits between client and server, and what he does. Choose one and the session is run again at once.",
    ),
    (
        ".rail",
        "Who plays",
        "Client and server each have a profile, which is a set of switches. Settings are a matter of choice; faults are mistakes that real programs have made.",
    ),
    (
        ".parts",
        "Sessions of the log",
        "The connections of the log that you opened, with what is worth looking at first.",
    ),
    (".tabs", "Panels", "On a narrow page one panel is shown at a time. Choose which."),
    (".story", "What this session is about", "Who is in the middle, and what your last change has changed."),
    (
        ".plain-tool",
        "The PLAIN tool",
        "Builds the message of a login, or takes one apart. Nothing that you type is stored or put into an address.",
    ),
    (
        ".rulebook",
        "The rule book",
        "Every requirement of the documents in our own words. Filters stand in the address, so a link keeps them.",
    ),
    (
        ".rulepage",
        "A rule",
        "What it asks, why, how it is judged, and two sessions that you can open: one that breaks it and one that does not.",
    ),
    (
        ".describe",
        "Your own client or server",
        "Answer what you know of your program; it goes on the workbench with the rest at its defaults.",
    ),
    (
        ".learn",
        "Lessons",
        "Each step has a link of its own. Progress stays in this window unless you switch on that it may be remembered.",
    ),
    (
        ".top",
        "The top of the page",
        "The screens, and the buttons for a log of your own, the colours, and help. Ctrl and K finds everything by name.",
    ),
    (
        "main",
        "This page",
        "Ctrl and K finds everything by name, the question mark lists all keys, F1 explains what has the focus.",
    ),
];

/// The part of the page that an element is in, and what is said about the element itself.
#[must_use]
pub fn about(element: &Element) -> (&'static Topic, String) {
    let inside = |(selector, ..): &&Topic| element.closest(selector).is_ok_and(|found| found.is_some());
    let fallback: &Topic = TOPICS.last().unwrap_or(&("main", "This page", ""));
    let topic = TOPICS.iter().find(inside).unwrap_or(fallback);
    let described = element.get_attribute("aria-describedby").and_then(|id| {
        let document = web_sys::window()?.document()?;
        document.get_element_by_id(&id)?.text_content()
    });
    (topic, described.unwrap_or_default())
}

/// Properties of [`Here`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether it is open.
    pub open: bool,
    /// Where actions go.
    pub go: Go,
}

/// The dialog.
#[component(Here)]
pub fn here(props: &Props) -> Html {
    // What has the focus before the dialog takes it.
    let found = use_memo(props.open, |open| {
        let focused = web_sys::window()?.document()?.active_element()?;
        open.then(|| about(&focused))
    });
    let (node, closed) = use_dialog(props.open, &props.go);
    let close = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(None)))
    };
    let ((_, title, text), described) = match &*found {
        Some((topic, described)) => (*topic, described.clone()),
        None => (&("", "Help", ""), String::new()),
    };
    html! {
        <dialog ref={node} onclose={closed} aria-labelledby="here">
            <h2 id="here">{ *title }</h2>
            if !described.is_empty() { <p><b>{ "What has the focus: " }</b>{ described }</p> }
            <p>{ *text }</p>
            <p><button type="button" class="strong" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}
