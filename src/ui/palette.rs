//! Everything by name: screens, lessons, attacks as sessions to play, rules, and what keys do.

use super::app::Go;
use super::commands::{self, Screen};
use super::dialogs::use_dialog;
use super::route::{Route, SCREENS};
use super::state::{Action, Theme};
use crate::attack;
use crate::base::order;
use crate::lesson;
use crate::pipeline::{self, Setup};
use crate::rules;
use crate::work::Manual;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

/// So many are shown.
const SHOWN: usize = 12;

/// One thing that can be found.
#[derive(Clone)]
struct Entry {
    title: String,
    kind: &'static str,
    keys: String,
    to: To,
}

#[derive(Clone)]
enum To {
    Address(String),
    Do(fn() -> Option<Action>),
}

/// Properties of [`Palette`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether it is open.
    pub open: bool,
    /// What is on the screen.
    pub screen: Screen,
    /// Where actions go.
    pub go: Go,
}

/// The palette.
#[component(Palette)]
pub fn palette(props: &Props) -> Html {
    let (node, closed) = use_dialog(props.open, &props.go);
    let text = use_state(String::new);
    let at = use_state(|| 0_usize);
    let entries = use_memo(
        (props.open, props.screen),
        |(open, screen)| {
            if *open { entries(*screen) } else { Vec::new() }
        },
    );
    {
        let (text, at) = (text.setter(), at.setter());
        use_effect_with(props.open, move |_| {
            text.set(String::new());
            at.set(0);
        });
    }
    let found: Vec<&Entry> = find(&entries, &text);
    let chosen = (*at).min(found.len().saturating_sub(1));
    let run = {
        let (go, node) = (props.go.clone(), node.clone());
        move |entry: &Entry| {
            // The browser gives the focus back first; what was chosen may take it elsewhere.
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
            match &entry.to {
                To::Address(address) => super::input::open(address),
                To::Do(act) => {
                    go.dispatch(Action::Dialog(None));
                    act().into_iter().for_each(|action| go.dispatch(action));
                }
            }
        }
    };
    let typed = {
        let (text, at) = (text.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
                at.set(0);
            }
        })
    };
    let pressed = {
        let (at, run) = (at.clone(), run.clone());
        let entry = found.get(chosen).map(|entry| (*entry).clone());
        let last = found.len().saturating_sub(1);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => at.set(if chosen >= last { 0 } else { chosen.saturating_add(1) }),
                "ArrowUp" => at.set(chosen.checked_sub(1).unwrap_or(last)),
                "Enter" => entry.iter().for_each(&run),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let id = |number: usize| format!("found-{number}");
    html! {
        <dialog ref={node} class="palette" onclose={closed} aria-label="Find anything">
            <div class="field">
                <label for="find">{ "Find a screen, an attack, a rule, a lesson" }</label>
                <input id="find" type="text" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list"
                    aria-activedescendant={(!found.is_empty()).then(|| id(chosen))} autocomplete="off" spellcheck="false" autofocus={true}
                    value={(*text).clone()} oninput={typed} onkeydown={pressed} />
            </div>
            <ul id="found" role="listbox" aria-label="Found">
                { for found.iter().enumerate().map(|(number, entry)| {
                    let (run, this) = (run.clone(), (*entry).clone());
                    let choose = Callback::from(move |_: MouseEvent| run(&this));
                    html! {
                        <li key={number} id={id(number)} role="option" aria-selected={(number == chosen).to_string()} onclick={choose}>
                            <span class="says">{ &entry.title }</span><span class="kind">{ entry.kind }</span>
                            if !entry.keys.is_empty() { <kbd>{ &entry.keys }</kbd> }</li>
                    }
                }) }
            </ul>
            if found.is_empty() && props.open { <p role="status">{ "Nothing is called like that." }</p> }
        </dialog>
    }
}

fn entries(screen: Screen) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut to = |title: String, kind: &'static str, address: String| {
        all.push(Entry { title, kind, keys: String::new(), to: To::Address(address) });
    };
    for (title, address) in SCREENS {
        to((*title).to_owned(), "screen", (*address).to_owned());
    }
    for (manual, _, title) in Manual::ALL {
        to(title.to_owned(), "screen", Route::Read(manual).hash());
    }
    for lesson in lesson::all() {
        to(lesson.title.clone(), "lesson", format!("#/learn/{}/1", lesson.id));
    }
    for protocol in pipeline::protocols() {
        for attack in attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol)) {
            let Ok(mut setup) = Setup::new(protocol) else { continue };
            if setup.attack(attack.id).is_ok() {
                let title = format!("{} ({})", attack.title, protocol.title());
                to(title, "attack", super::state::link(&setup, None, None));
            }
        }
    }
    for rule in rules::ALL {
        to(format!("{}: {}", rule.id, rule.title), "rule", format!("#/rules/{}", rule.id));
    }
    let mut act = |title: &str, keys: String, act: fn() -> Option<Action>| {
        all.push(Entry { title: title.to_owned(), kind: "command", keys, to: To::Do(act) });
    };
    for command in commands::ALL.iter().filter(|command| command.fits(screen)) {
        act(command.title, command.shown(), command.act);
    }
    act("Colours: light", String::new(), || Some(Action::Theme(Theme::Light)));
    act("Colours: dark", String::new(), || Some(Action::Theme(Theme::Dark)));
    act("Colours: high contrast", String::new(), || Some(Action::Theme(Theme::Contrast)));
    act("Colours: as the system", String::new(), || Some(Action::Theme(Theme::System)));
    all
}

fn find<'a>(entries: &'a [Entry], text: &str) -> Vec<&'a Entry> {
    let wanted: Vec<char> = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut found: Vec<(u32, usize, &Entry)> = entries
        .iter()
        .enumerate()
        .filter_map(|(number, entry)| Some((cost(&entry.title, &wanted)?, number, entry)))
        .collect();
    order::sort_by_key(&mut found, |(cost, number, _)| (*cost, *number));
    found.into_iter().take(SHOWN).map(|(.., entry)| entry).collect()
}

/// What it costs to find letters in a title, in their order: nothing where words begin, much where there are gaps.
fn cost(title: &str, wanted: &[char]) -> Option<u32> {
    let mut cost = 0_u32;
    let mut letters = title.to_lowercase().chars().collect::<Vec<_>>().into_iter();
    let mut before = ' ';
    for letter in wanted {
        let mut gap = 0_u32;
        loop {
            let next = letters.next()?;
            let begins = !before.is_alphanumeric();
            before = next;
            if next == *letter {
                // A gap up to the beginning of a word is none.
                cost = cost.saturating_add(if begins { gap.min(1) } else { gap.saturating_mul(3) });
                break;
            }
            gap = gap.saturating_add(1);
        }
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> String {
        let entries = entries(Screen { bench: true, ..Screen::default() });
        find(&entries, text).first().map(|entry| entry.title.clone()).unwrap_or_default()
    }

    #[test]
    fn a_few_letters_are_enough() {
        assert_eq!(first("the strip"), "The strip");
        assert!(first("inject com").starts_with("Inject commands"));
        assert_eq!(first("a11").get(..4), Some("A11:"));
        assert_eq!(first("room"), "Room check");
        assert_eq!(first("xyzzyqq"), "");
        assert_eq!(find(&entries(Screen { bench: true, ..Screen::default() }), "").len(), SHOWN);
    }
}
