//! Sharing: what leaves is shown first, without what is private, and searched for it once more. Nothing leaves the page
//! but what is copied or saved from here.

use super::app::Go;
use super::dialogs::use_dialog;
use super::picture;
use super::session::{Session, Shared};
use super::state::{Action, Log};
use super::words::many;
use super::worker::{self, Heard};
use crate::link::{self, Size};
use crate::pipeline::By;
use crate::sim::Setup;
use crate::work::{Answer, Listed, Order, Other, Parcel, Request, Sheet, Subject, Way};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What saved files are called, before the ending.
const NAME: &str = "starttls-session";

/// Properties of [`Dialog`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether it is open.
    pub open: bool,
    /// What is on the table.
    pub session: Shared<Session>,
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// The import and which of its connections is on the table, if it is not simulated.
    pub log: Option<(Shared<Log>, usize)>,
    /// The import is being played again, with something put into it.
    pub replayed: bool,
    /// What it is judged by.
    pub by: By,
    /// What stands behind the page's address for a simulation, from the `#` on.
    pub bench: String,
    /// How the session is looked at, as parts of an address: with the selected step and verdict, and without.
    pub view: (String, String),
    /// Where actions go.
    pub go: Go,
}

/// How far it is.
#[derive(Clone, PartialEq)]
enum Stage {
    /// The worker makes it ready.
    Busy,
    /// Nothing came of it: why.
    Failed(Rc<str>),
    /// It can leave.
    Ready(Shared<Parcel>),
}

/// The dialog.
#[component(Dialog)]
pub fn dialog(props: &Props) -> Html {
    let (node, closed) = use_dialog(props.open, &props.go);
    let (names, shape, step) = (use_state(|| false), use_state(|| false), use_state(|| true));
    let kept = use_state(Vec::<usize>::new);
    let said = use_state(String::new);
    let stage = use_state(|| Stage::Busy);
    // What was ready before stays to be looked at until the next is; it cannot leave any more.
    let before = use_mut_ref(|| None::<Shared<Parcel>>);
    if let Stage::Ready(parcel) = &*stage {
        *before.borrow_mut() = Some(parcel.clone());
    }
    {
        let order = props.open.then(|| order(props, *names, &kept, *shape, *step));
        let (stage, said) = (stage.setter(), said.setter());
        let wanted = (props.open, props.session.clone(), *names, (*kept).clone(), *shape, *step);
        use_effect_with(wanted, move |_| {
            said.set(String::new());
            stage.set(Stage::Busy);
            let task = order.map(|order| make(order, stage));
            move || task.into_iter().for_each(|task| task.cancel())
        });
    }
    // What stays was chosen for one session and one look at it.
    {
        let kept = kept.setter();
        let before = before.clone();
        use_effect_with((props.open, props.session.clone()), move |_| {
            before.borrow_mut().take();
            kept.set(Vec::new());
        });
    }
    let flip = {
        let kept = kept.clone();
        Callback::from(move |number: usize| {
            let mut now = (*kept).clone();
            match now.iter().position(|one| *one == number) {
                Some(at) => drop(now.remove(at)),
                None => now.push(number),
            }
            kept.set(now);
        })
    };
    let close = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Dialog(None)))
    };
    let toggle = |value: &UseStateHandle<bool>, text: &'static str| {
        let (value, now) = (value.clone(), **value);
        let flip = Callback::from(move |_: Event| value.set(!now));
        html! { <label class="toggle"><span>{ text }</span><input type="checkbox" role="switch" checked={now} onchange={flip} /></label> }
    };
    let recorded = props.log.is_some();
    html! {
        <dialog ref={node} class="share" onclose={closed} aria-labelledby="share-title">
            <h2 id="share-title">{ "Share this session" }</h2>
            if props.open {
                if props.replayed { <p>{ "The recording is shared as it was, without what you put into it." }</p> }
                { for before.borrow().iter().filter(|_| !matches!(*stage, Stage::Failed(_))).map(|parcel| ready(parcel, recorded, &kept, &flip)) }
                { match &*stage {
                    Stage::Busy => html! { <p role="status">{ "Being made ready…" }</p> },
                    Stage::Failed(why) => html! { <p class="check fail" role="alert">{ format!("It cannot be shared: {why}.") }</p> },
                    Stage::Ready(_) => html! {},
                } }
                if recorded {
                    { toggle(&names, "Keep the names of users and hosts") }
                    { toggle(&shape, "Show how long secrets are and of what kind their characters") }
                }
                { toggle(&step, "The link opens at the selected step") }
                if let Stage::Ready(parcel) = &*stage { { ways(parcel, &said) } }
                <p role="status" class="done">{ said.as_str() }</p>
            }
            <p><button type="button" class="plain" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}

fn order(props: &Props, names: bool, kept: &[usize], shape: bool, step: bool) -> Order {
    let subject = match &props.log {
        Some((log, number)) => {
            Subject::Recording(log.parts.get(*number).map(|part| part.traces.to_vec()).unwrap_or_default())
        }
        None => Subject::Simulation(Sheet::from(&*props.setup), props.setup.hold),
    };
    let view = if step { &props.view.0 } else { &props.view.1 };
    Order {
        subject,
        names,
        kept: kept.to_vec(),
        shape,
        guessed: props.log.as_ref().is_some_and(|(log, _)| log.guessed),
        by: props.by,
        aside: (*props.session.aside).clone(),
        page: base(),
        bench: if step { props.bench.clone() } else { without_step(&props.bench) },
        view: view.clone(),
    }
}

/// Has it made ready.
fn make(order: Order, stage: UseStateSetter<Stage>) -> worker::Task {
    worker::ask(&Request::Share(Box::new(order)), &[], move |heard| {
        stage.set(match heard {
            Heard::Progress(..) => return,
            Heard::Done(Answer::Share(parcel)) => Stage::Ready(Shared::new(*parcel)),
            Heard::Done(_) => return,
            Heard::Failed(why) => Stage::Failed(why.into()),
            Heard::Missing(why) => Stage::Failed(format!("a worker looks through it, and {why}").into()),
        });
    })
}

/// What was found, what will be seen, and what came of the search.
fn ready(parcel: &Parcel, recorded: bool, kept: &[usize], flip: &Callback<usize>) -> Html {
    let check = match parcel.blocked() {
        Some(why) => {
            html! { <p class="check fail" role="alert"><b>{ "Leak check: BLOCKED" }</b>{ format!(", {why}.") }</p> }
        }
        None => {
            let values = many(parcel.values, "value");
            html! { <p class="check pass"><b>{ "Leak check: PASS" }</b>{ format!(", 0 of {values} are in the result, as they are or encoded.") }</p> }
        }
    };
    html! {
        <>
            if parcel.items.is_empty() {
                <p>{ if recorded { "Nothing private was found in it. Look through it all the same." } else { "It is simulated: nobody’s password, name or mail is in it." } }</p>
            } else {
                <details class="items">
                    <summary>{ format!("Found and hidden: {}", if parcel.found.is_empty() { "nothing" } else { &parcel.found }) }</summary>
                    <ul>{ for parcel.items.iter().enumerate().map(|(number, item)| listed(number, item, kept.contains(&number), flip)) }</ul>
                </details>
            }
            <div class="preview" tabindex="0" role="region" aria-label="What will be shared">
                <ol>{ for parcel.preview.iter().enumerate().map(|(number, line)| html! { <li key={number}>{ line }</li> }) }</ol>
                if parcel.more > 0 { <p>{ format!("and {}", many(parcel.more, "more line")) }</p> }
            </div>
            { check }
        </>
    }
}

/// An item: a name can stay as it is, one by one, and be hidden again; a secret cannot.
fn listed(number: usize, item: &Listed, stays: bool, flip: &Callback<usize>) -> Html {
    if !item.name {
        return html! { <li key={number}>{ &item.says }</li> };
    }
    let flip = flip.reform(move |_: Event| number);
    html! {
        <li key={number}>
            <label class="toggle"><span>{ &item.says }</span><span class="stays">{ "stays" }</span>
                <input type="checkbox" role="switch" checked={stays} onchange={flip} /></label>
        </li>
    }
}

/// The ways out; what is blocked has none.
fn ways(parcel: &Shared<Parcel>, said: &UseStateHandle<String>) -> Html {
    let copy = |text: &'static str, what: &'static str, content: &str| {
        let (content, said) = (content.to_owned(), said.setter());
        let click = Callback::from(move |_: MouseEvent| copied(&content, what, said.clone()));
        html! { <button type="button" class="plain" onclick={click}>{ text }</button> }
    };
    let save = |text: &'static str, ending: &'static str, kind: &'static str, pick: fn(&Parcel) -> &Way| {
        if pick(parcel).is_err() {
            return html! {};
        }
        let (parcel, said) = (parcel.clone(), said.setter());
        let click = Callback::from(move |_: MouseEvent| {
            let Ok(content) = pick(&parcel) else { return };
            let file = [NAME, ending].concat();
            said.set(outcome_of(saved(&file, kind, content), &file));
        });
        html! { <button type="button" class="plain" onclick={click}>{ text }</button> }
    };
    let whole = parcel.link.as_ref().map(|link| link.as_ref().map(String::as_str));
    let select = Callback::from(|event: FocusEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            field.select();
        }
    });
    html! {
        <>
            { match whole {
                None => html! { <p class="meter">{ "The session is too long for a link: share the file instead." }</p> },
                Some(Err(_)) => html! {},
                Some(Ok(link)) => html! {
                    <>
                        { meter(link) }
                        if link::size(link) != Size::TooLong {
                            <p class="link">
                                <input type="text" readonly={true} value={link.to_owned()} aria-label="The link" onfocus={select} />
                                { copy("Copy link", "link", link) }
                            </p>
                        }
                    </>
                },
            } }
            <p class="ways">
                if let Ok(text) = &parcel.markdown { { copy("Copy Markdown", "report", text) } }
                { save("Save file", ".jsonl", "application/jsonl", |parcel| &parcel.session) }
                { save("Save HTML report", ".html", "text/html", |parcel| &parcel.html) }
                { save("Save picture (SVG)", ".svg", "image/svg+xml", |parcel| &parcel.svg) }
                if let Ok(svg) = &parcel.svg { { pixels(svg, said) } }
            </p>
            <details class="others">
                <summary>{ "Other forms" }</summary>
                <p class="ways">{ for parcel.others.iter().map(|other| another(other, said)) }</p>
            </details>
        </>
    }
}

/// Another form of the report.
fn another(other: &Other, said: &UseStateHandle<String>) -> Html {
    let Ok(content) = &other.way else { return html! {} };
    let (file, kind) = ([NAME, &other.ending].concat(), other.kind.clone());
    let (content, said) = (content.clone(), said.setter());
    let click =
        Callback::from(move |_: MouseEvent| said.set(outcome_of(saved(&file, &kind, &content), &file)));
    html! { <button key={other.ending.clone()} type="button" class="plain" onclick={click}>{ ["Save ", &other.title].concat() }</button> }
}

/// What is said about a file that was to be saved.
fn outcome_of(saved: Option<()>, file: &str) -> String {
    match saved {
        Some(()) => ["Saved as ", file].concat(),
        None => "The browser did not let it be saved.".to_owned(),
    }
}

/// The picture as pixels, for programs that do not know the other kind.
fn pixels(svg: &str, said: &UseStateHandle<String>) -> Html {
    let (svg, said) = (svg.to_owned(), said.setter());
    let click = Callback::from(move |_: MouseEvent| {
        let (svg, said) = (svg.clone(), said.clone());
        spawn_local(async move {
            let file = [NAME, ".png"].concat();
            said.set(match picture::png(&svg).await.map(|blob| saved_as(&file, &blob)) {
                Ok(done) => outcome_of(done, &file),
                Err(why) => ["There is no picture: ", why, ". The other kind is the same one."].concat(),
            });
        });
    });
    html! { <button type="button" class="plain" onclick={click}>{ "Save picture (PNG)" }</button> }
}

/// How long the link is, in words and as a bar.
fn meter(link: &str) -> Html {
    let length = link.len();
    let (class, words) = match link::size(link) {
        Size::Good => ("good", "works everywhere"),
        Size::Long => ("long", "some programs cut off links of this length"),
        Size::TooLong => ("over", "too long for a link: share the file instead"),
    };
    html! {
        <p class={classes!("meter", class)}>
            <meter min="0" max={link::GOOD.to_string()} value={length.to_string()} aria-label="Length of the link" />
            <span>{ format!("Link: {length} of {} characters, {words}.", link::GOOD) }</span>
        </p>
    }
}

/// An address without its step and verdict.
fn without_step(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let parts: Vec<&str> =
        query.split('&').filter(|part| !part.starts_with("e=") && !part.starts_with("v=")).collect();
    let query = parts.join("&");
    if query.is_empty() { path.to_owned() } else { [path, "?", &query].concat() }
}

/// Puts text on the clipboard, or says that there is none.
pub fn copied(text: &str, what: &'static str, said: UseStateSetter<String>) {
    let Some(window) = web_sys::window() else { return };
    // Missing where the page is not served securely; the bindings do not say so.
    let navigator = window.navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    if !there {
        said.set("There is no clipboard here: select the link and copy it, or save a file.".to_owned());
        return;
    }
    let writing = navigator.clipboard().write_text(text);
    spawn_local(async move {
        said.set(match JsFuture::from(writing).await {
            Ok(_) => ["The ", what, " is on the clipboard."].concat(),
            Err(_) => {
                "The browser refused the clipboard: select the link and copy it, or save a file.".to_owned()
            }
        });
    });
}

/// Saves text as a file, as if a link to it had been clicked.
fn saved(name: &str, kind: &str, text: &str) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    saved_as(name, &blob)
}

/// Saves octets as a file.
fn saved_as(name: &str, blob: &web_sys::Blob) -> Option<()> {
    let address = web_sys::Url::create_object_url_with_blob(blob).ok()?;
    let document = web_sys::window()?.document()?;
    let anchor: web_sys::HtmlElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_attribute("href", &address).ok()?;
    anchor.set_attribute("download", name).ok()?;
    anchor.click();
    // The download has begun; an address that cannot be given back costs memory until the page is left.
    let _ = web_sys::Url::revoke_object_url(&address);
    Some(())
}

/// The address of the page without what stands behind the `#`.
fn base() -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_its_step_keeps_the_rest() {
        assert_eq!(without_step("#/?p=imap&v=A12.client&e=7&l=client"), "#/?p=imap&l=client");
        assert_eq!(without_step("#/?e=7"), "#/");
        assert_eq!(without_step("#/"), "#/");
    }
}
