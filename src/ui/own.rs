//! Somebody's own client or server, described by answers to questions, and used wherever a built-in one is.

use super::app::Go;
use super::state::Action;
use super::words::{self, many};
use crate::base::{Protocol, Side, Switch, SwitchKind};
use crate::pipeline::{self, PROFILE_LIMIT, ProfileFile};
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlSelectElement, Storage};
use yew::prelude::*;

/// Where they are kept on this device, if that is asked for.
const PLACE: &str = "starttls-lab.own.";

/// What somebody described.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The side whose questions are on the screen.
    pub side: Side,
    /// The client and the server.
    pub files: [ProfileFile; 2],
    /// Which of them are on the workbench's lists.
    pub used: [bool; 2],
    /// They are kept on this device.
    pub kept: bool,
    /// The device does not keep them.
    pub refused: bool,
    /// What is wrong with a file that was opened.
    pub wrong: Vec<String>,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            side: Side::Client,
            files: Side::BOTH.map(ProfileFile::new),
            used: [false; 2],
            kept: false,
            refused: false,
            wrong: Vec::new(),
        }
    }
}

impl Own {
    /// As it was kept on this device; what cannot be read there is left alone.
    pub fn kept() -> Self {
        let mut own = Self::default();
        for side in Side::BOTH {
            let text = storage().and_then(|storage| storage.get_item(&place(side)).ok().flatten());
            if let Some(Ok(file)) = text.map(|text| pipeline::read_profile(text.as_bytes())) {
                own.take(file);
                own.kept = true;
            }
        }
        own
    }

    /// Takes a description in; its side's questions come on the screen and it stands on the workbench's list.
    pub fn take(&mut self, file: ProfileFile) {
        self.side = file.side;
        for ((side, known), used) in Side::BOTH.into_iter().zip(&mut self.files).zip(&mut self.used) {
            if side == file.side {
                (*known, *used) = (file.clone(), true);
            }
        }
    }

    /// The description of a side.
    #[must_use]
    pub fn file(&self, side: Side) -> &ProfileFile {
        let [client, server] = &self.files;
        if side == Side::Client { client } else { server }
    }

    /// The description of a side, if the workbench lists it.
    #[must_use]
    pub fn listed(&self, side: Side) -> Option<&ProfileFile> {
        let [client, server] = self.used;
        (if side == Side::Client { client } else { server }).then(|| self.file(side))
    }

    /// Writes both down on this device, or forgets them. Full or forbidden: that is said, and the file can be saved.
    fn store(&mut self) {
        let storage = storage();
        self.refused = false;
        for side in Side::BOTH {
            let done = match (self.listed(side).filter(|_| self.kept), &storage) {
                (Some(file), Some(storage)) => storage.set_item(&place(side), &file.write()).is_ok(),
                (Some(_), None) => false,
                // What cannot be removed could not be stored either.
                (None, storage) => {
                    let _ = storage.as_ref().map(|storage| storage.remove_item(&place(side)));
                    true
                }
            };
            self.refused |= !done;
        }
    }
}

fn place(side: Side) -> String {
    format!("{PLACE}{}", side.name())
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Properties of [`Describe`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What was described.
    pub own: Rc<Own>,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Describe)]
pub fn describe(props: &Props) -> Html {
    let own = &props.own;
    let file = own.file(own.side);
    let set = {
        let (go, own) = (props.go.clone(), props.own.clone());
        move |change: &dyn Fn(&mut Own)| {
            let mut next = (*own).clone();
            next.wrong.clear();
            change(&mut next);
            go.dispatch(Action::Own(next));
        }
    };
    let edit = {
        let (set, side) = (set.clone(), own.side);
        move |change: &dyn Fn(&mut ProfileFile)| {
            set(&|own| own.files.iter_mut().filter(|file| file.side == side).for_each(change));
        }
    };
    let side = |side: Side, name: &'static str| {
        let set = set.clone();
        html! {
            <label>
                <input type="radio" name="whose" checked={own.side == side} onchange={Callback::from(move |_: Event| set(&|own| own.side = side))} />
                <span>{ name }</span>
            </label>
        }
    };
    let switches = file.switches();
    let answered = switches.iter().filter(|switch| file.value(None, switch.id).is_some()).count();
    let of = |kind: SwitchKind| switches.iter().copied().filter(move |switch| switch.kind == kind);
    let noun = own.side.name();
    html! {
        <main class="screen describe" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Describe your own" }</h1>
            <p class="lead">{ "Answer what you know about your own mail client or server. Then it stands on the workbench beside the ready-made ones, and you see what each attack does to it." }</p>
            <div class="segments big" role="radiogroup" aria-label="What to describe">
                <div>{ side(Side::Client, "A client") }{ side(Side::Server, "A server") }</div>
            </div>
            { name(file, &edit) }
            <section aria-labelledby="choices">
                <h2 id="choices">{ "What it is set to" }</h2>
                <p class="about">{ "Leave out what you do not know: then it is taken to do what the documents ask." }</p>
                { for of(SwitchKind::Setting).map(|switch| question(file, switch, &edit)) }
            </section>
            <section aria-labelledby="faults">
                <h2 id="faults">{ "What it may do wrong" }</h2>
                <p class="about">{ format!("Mistakes that real {noun}s make. A log of yours may know; otherwise leave them out.") }</p>
                { for of(SwitchKind::Conduct).map(|switch| question(file, switch, &edit)) }
            </section>
            { actions(props, file, answered, switches.len(), &set) }
        </main>
    }
}

fn name(file: &ProfileFile, edit: &(impl Fn(&dyn Fn(&mut ProfileFile)) + Clone + 'static)) -> Html {
    let titled = {
        let edit = edit.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            // As the file's form allows: a few words in one line.
            let title: String = input.value().trim().chars().filter(|c| !c.is_control()).take(60).collect();
            edit(&|file| {
                if title.is_empty() {
                    file.title = ProfileFile::new(file.side).title
                } else {
                    file.title.clone_from(&title)
                }
            });
        })
    };
    html! {
        <div class="bench-of-plain named">
            <div class="field"><label for="title">{ "Its name" }</label>
                <input id="title" type="text" value={file.title.clone()} onchange={titled} maxlength="60" autocomplete="off" /></div>
            <fieldset class="speaks"><legend>{ "It speaks" }</legend>
                { for pipeline::protocols().map(|protocol| {
                    let edit = edit.clone();
                    let speaks = file.protocols.contains(&protocol);
                    let flip = Callback::from(move |_: Event| edit(&|file| {
                        let others = |known: &Protocol| file.protocols.contains(known) && *known != protocol;
                        let all = pipeline::protocols().filter(|known| others(known) || (*known == protocol && !speaks));
                        file.speak(all.collect());
                    }));
                    html! { <label key={protocol.id()}><input type="checkbox" checked={speaks} onchange={flip} /><span>{ protocol.title() }</span></label> }
                }) }
            </fieldset>
        </div>
    }
}

fn question(
    file: &ProfileFile,
    switch: &'static Switch,
    edit: &(impl Fn(&dyn Fn(&mut ProfileFile)) + Clone + 'static),
) -> Html {
    let now = file.value(None, switch.id);
    let choose = {
        let edit = edit.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let value = switch.values.iter().find(|value| **value == select.value());
            edit(&|file| match value {
                Some(value) => {
                    let known = file.set(None, switch.id, value);
                    debug_assert!(known.is_ok(), "{known:?}");
                }
                None => file.unset(switch.id),
            });
        })
    };
    let id = format!("q-{}", switch.id);
    html! {
        <div key={switch.id} class={classes!("question", now.is_some().then_some("answered"))}>
            <label for={id.clone()}>{ switch.asks() }</label>
            <select {id} onchange={choose}>
                <option value="" selected={now.is_none()}>{ "I do not know" }</option>
                { for switch.answered().map(|(value, answer)| html! {
                    <option key={value} {value} selected={now == Some(value)}>{ answer }</option>
                }) }
            </select>
        </div>
    }
}

fn actions(
    props: &Props,
    file: &ProfileFile,
    answered: usize,
    all: usize,
    set: &(impl Fn(&dyn Fn(&mut Own)) + Clone + 'static),
) -> Html {
    let use_it = {
        let go = props.go.clone();
        let file = file.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Behave(file.clone())))
    };
    let opened = {
        let (go, own) = (props.go.clone(), props.own.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
                let (go, own) = (go.clone(), own.clone());
                spawn_local(open(chosen, own, go));
            }
            // The same file can be chosen again.
            input.set_value("");
        })
    };
    let keep = {
        let set = set.clone();
        Callback::from(move |_: Event| {
            set(&|own| {
                own.kept = !own.kept;
                if own.kept {
                    own.take(own.file(own.side).clone());
                }
                own.store();
            });
        })
    };
    let text = super::route::encoded(&file.write());
    html! {
        <section class="finish" aria-labelledby="finish">
            <h2 id="finish">{ format!("{answered} of {} answered", many(all, "question")) }</h2>
            <p class="actions">
                <button type="button" class="strong" onclick={use_it}>{ "Use it on the workbench" }</button>
                <a class="button" href={format!("data:text/plain;charset=utf-8,{text}")} download={format!("{}.profile", file.id)}>{ "Save as a text file" }</a>
                <label class="button">{ "Open a text file" }<input class="unseen" type="file" accept=".profile,.txt,text/plain" onchange={opened} /></label>
            </p>
            if !props.own.wrong.is_empty() {
                <div role="alert"><ul class="wrong-lines">{ for props.own.wrong.iter().map(|line| html! { <li key={line.clone()}>{ line }</li> }) }</ul></div>
            }
            <label class="toggle"><span>{ "Keep it on this device" }</span>
                <input type="checkbox" role="switch" checked={props.own.kept} onchange={keep} /></label>
            if props.own.kept && props.own.refused {
                <p class="flag danger" role="alert">{ "This device keeps nothing: its storage is full, or this page may not use it. Save it as a file instead." }</p>
            }
            <p class="about">{ "Without this it is gone when the page is closed. Nothing is ever sent anywhere. The command line reads the same text file: " }
                <code>{ format!("starttls-lab simulate --{} {}.profile", words::side(file.side).to_lowercase(), file.id) }</code></p>
        </section>
    }
}

async fn open(chosen: web_sys::File, own: Rc<Own>, go: Go) {
    let mut next = (*own).clone();
    next.wrong.clear();
    let name = chosen.name();
    if chosen.size() > f64::from(u32::try_from(PROFILE_LIMIT).unwrap_or(u32::MAX)) {
        next.wrong.push(format!("{name} is too long to be a description."));
        go.dispatch(Action::Own(next));
        return;
    }
    match JsFuture::from(chosen.array_buffer()).await {
        Ok(buffer) => match pipeline::read_profile(&js_sys::Uint8Array::new(&buffer).to_vec()) {
            Ok(file) => {
                next.take(file);
                next.store();
            }
            Err(errors) => next.wrong.extend(errors.iter().map(|error| format!("{name}: {error}."))),
        },
        Err(_) => next.wrong.push(format!("{name} could not be read by the browser.")),
    }
    go.dispatch(Action::Own(next));
}
