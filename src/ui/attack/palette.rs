//! Who is in the middle: what stands on the path in its order, and the attacks to choose from.

use super::{OWN, Path};
use crate::attack::{self, Attack, Custom, Group, Met};
use crate::sim::Setup;
use crate::ui::app::Go;
use crate::ui::folded::Folded;
use crate::ui::route::{Route, encoded};
use crate::ui::session::{Session, Shared};
use crate::ui::state::Action;
use crate::ui::switches::{choice, plain};
use crate::ui::words::{value, values};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Palette`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What came of it.
    pub session: Shared<Session>,
    /// Where actions go.
    pub go: Go,
}

/// Whether an attack has all of the words, somewhere in what is told of it.
fn fits(attack: &Attack, words: &str) -> bool {
    let told = [attack.id, attack.title, attack.about, attack.group.title()];
    let told: String =
        told.into_iter().chain(attack.known.iter().copied()).fold(String::new(), |mut all, text| {
            all.push_str(&text.to_lowercase());
            all.push(' ');
            all
        });
    words.split_whitespace().all(|word| told.contains(word))
}

/// The middle's part of the rail.
#[component(Palette)]
pub fn palette(props: &Props) -> Html {
    let typed = use_state(String::new);
    let words = typed.to_lowercase();
    let setup = &props.setup;
    let protocol = setup.protocol.protocol;
    let all: Vec<_> =
        attack::ALL.iter().copied().filter(|attack| attack.protocols.contains(&protocol)).collect();
    let found: Vec<_> = all.iter().copied().filter(|attack| fits(attack, &words)).collect();
    let search = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let honest = setup.attacks.is_empty() && setup.custom.is_none();
    html! {
        <fieldset class="middle">
            <legend>{ "In the middle" }</legend>
            { alone(&props.go, None, "Honest relay", "Passes everything on as it comes.", honest) }
            <Stack setup={props.setup.clone()} session={props.session.clone()} go={props.go.clone()} />
            <p class="own-link"><a href={Route::Attack.hash()}>
                { if setup.custom.is_some() { "Edit your own as text" } else { "Write your own attack" } }</a>{ " " }
                <a href={Route::Search(String::new()).hash()}>{ "Search for one" }</a></p>
            <label class="find"><span class="title">{ format!("Find one of {} attacks", all.len()) }</span>
                <input type="search" value={(*typed).clone()} oninput={search} autocomplete="off" spellcheck="false"
                    placeholder="strip, certificate, curl" /></label>
            <p class="unseen" role="status">{ if words.is_empty() { String::new() } else { format!("{} found", found.len()) } }</p>
            { for Group::ALL.into_iter().map(|group| {
                let of: Vec<_> = found.iter().copied().filter(|attack| attack.group == group).collect();
                let playing = setup.attacks.iter().any(|(attack, _)| attack.group == group);
                html! {
                    if !of.is_empty() {
                        <Folded key={group.title()} class="group" open={playing || !words.is_empty()}
                            summary={format!("{} ({})", group.title(), of.len())} content={entries(props, of)} />
                    }
                }
            }) }
            if found.is_empty() { <p class="about">{ "Nothing is called that here. Another protocol may have it." }</p> }
        </fieldset>
    }
}

/// An attack that is played alone when it is chosen.
fn alone(go: &Go, id: Option<&'static str>, title: &'static str, about: &str, now: bool) -> Html {
    let go = go.clone();
    let choose = Callback::from(move |_: Event| go.dispatch(Action::Attack(id)));
    let hint = format!("middle-{}-about", id.unwrap_or("none"));
    html! {
        <>
            <label key={title} class="option">
                <input type="radio" name="middle" checked={now} onchange={choose} aria-describedby={hint.clone()} />
                <span>{ title }</span>
            </label>
            <p class="hint" id={hint}>{ plain(about) }</p>
        </>
    }
}

/// The attacks of a group.
fn entries(props: &Props, of: Vec<&'static Attack>) -> Callback<(), Html> {
    let (setup, go) = (props.setup.clone(), props.go.clone());
    Callback::from(move |()| of.iter().map(|attack| entry(&setup, &go, attack)).collect())
}

/// An attack of the list: alone, or added to what is there.
fn entry(setup: &Setup, go: &Go, attack: &'static Attack) -> Html {
    let there = setup.attacks.iter().any(|(known, _)| known.id == attack.id);
    let now = there && setup.attacks.len() == 1;
    let add = {
        let go = go.clone();
        let path = if there { Path::Remove(attack.id) } else { Path::Add(attack.id) };
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Path(path.clone())))
    };
    html! {
        <div class="attack" key={attack.id}>
            { alone(go, Some(attack.id), attack.title, attack.about, now) }
            <button type="button" class="plain square add" aria-pressed={there.to_string()} onclick={add}
                aria-label={format!("{} also on the path", attack.title)} title="Also on the path, behind the others">
                { if there { "−" } else { "+" } }</button>
            if now && !attack.known.is_empty() {
                <p class="hint known">{ format!("Known from {}.", attack.known.join("; ")) }</p>
            }
        </div>
    }
}

/// What stands on the path, the nearest to the client first.
#[component(Stack)]
fn stack(props: &Props) -> Html {
    let attacks = &props.setup.attacks;
    // What moves in the list loses the focus on its way.
    let moved = use_mut_ref(|| None::<String>);
    {
        let moved = moved.clone();
        use_effect_with(props.setup.clone(), move |_| {
            if let Some(button) = moved.borrow_mut().take() {
                crate::ui::input::focus(&button);
            }
        });
    }
    let own = props.setup.custom.as_ref().map(|custom| (props.setup.custom_place(), custom));
    let count = attacks.len().saturating_add(usize::from(own.is_some()));
    let head = |at: usize, id: &'static str, title: &'static str, away: Path| {
        let turn = |path: Path, button: String| {
            let (go, moved) = (props.go.clone(), moved.clone());
            Callback::from(move |_: MouseEvent| {
                *moved.borrow_mut() = Some(format!("#{button}"));
                go.dispatch(Action::Path(path.clone()));
            })
        };
        let go = props.go.clone();
        let away = Callback::from(move |_: MouseEvent| go.dispatch(Action::Path(away.clone())));
        let last = at.saturating_add(1) == count;
        html! {
            <div class="head"><span>{ title }</span>
                if count > 1 {
                    <button type="button" class="plain square" aria-disabled={(at == 0).then_some("true")}
                        id={format!("nearer-{id}")} onclick={turn(Path::Nearer(id), format!("nearer-{id}"))}
                        aria-label={format!("{title}: nearer to the client")} title="Nearer to the client">{ "↑" }</button>
                    <button type="button" class="plain square" aria-disabled={last.then_some("true")}
                        id={format!("farther-{id}")} onclick={turn(Path::Farther(id), format!("farther-{id}"))}
                        aria-label={format!("{title}: nearer to the server")} title="Nearer to the server">{ "↓" }</button>
                }
                <button type="button" class="plain square" onclick={away}
                    aria-label={format!("Take {title} away")} title="Take it away">{ "✕" }</button>
            </div>
        }
    };
    let entry = |at: usize| {
        let before = own.is_some_and(|(place, _)| place < at);
        match own {
            Some((place, custom)) if place == at => html! {
                <li key={OWN} class="written">{ head(at, OWN, "Your own", Path::Written(None)) }{ written(props, custom) }</li>
            },
            _ => attacks.get(at.saturating_sub(usize::from(before))).map_or_else(Html::default, |(attack, _)| html! {
                <li key={attack.id}>{ head(at, attack.id, attack.title, Path::Remove(attack.id)) }{ ways(attack, &props.setup, &props.go) }</li>
            }),
        }
    };
    html! {
        if count > 0 {
            <ol class="stack" aria-label="On the path, from the client to the server">{ for (0..count).map(entry) }</ol>
        }
    }
}

/// The variants of an attack, folded: what they are set to, and the choices inside.
fn ways(attack: &'static Attack, setup: &Setup, go: &Go) -> Html {
    let there =
        || attack.switches.iter().filter(|switch| values(switch, setup.protocol.protocol).count() > 1);
    let changed = there().filter(|switch| switch.values.first() != Some(&setup.value(switch)));
    let changed: Vec<_> =
        changed.map(|switch| format!("{} {}", switch.title, value(switch, setup.value(switch)))).collect();
    let now = if changed.is_empty() { "as usual".to_owned() } else { changed.join(", ") };
    let content = {
        let (setup, go) = (setup.clone(), go.clone());
        Callback::from(move |()| attack.switches.iter().map(|switch| choice(switch, &setup, &go)).collect())
    };
    html! {
        if there().next().is_some() {
            <Folded class="ways" summary={format!("Variant: {now}")} {content} />
        }
    }
}

/// The written attack: its rules, and where each of them did something.
fn written(props: &Props, custom: &Custom) -> Html {
    let send = |path: Path| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Path(path.clone())))
    };
    let text = custom.text();
    html! {
        <>
            <ol role="list">
                { for text.lines().enumerate().map(|(at, line)| html! {
                    <li key={at}><code>{ line.to_owned() }</code>
                        <small>{ hits(&props.session.met, at) }</small>
                        <button type="button" class="plain square" onclick={send(Path::Strike(at))}
                            aria-label={format!("Take rule {} away", at.saturating_add(1))} title="Take this rule away">{ "✕" }</button></li>
                }) }
            </ol>
            <p class="own-link"><a href={format!("data:text/plain;charset=utf-8,{}", encoded(&text))} download="own.attack">{ "Save as a text file" }</a></p>
        </>
    }
}

/// Where a rule did something, in words.
#[must_use]
pub fn hits(met: &[Met], rule: usize) -> String {
    let places: Vec<u32> = met.iter().filter(|met| met.rules.contains(&rule)).map(|met| met.place).collect();
    if places.is_empty() {
        "does nothing here".to_owned()
    } else {
        crate::ui::words::places("event", &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_attacks_by_what_is_told_of_them() {
        let found = |words: &str| attack::ALL.iter().filter(|attack| fits(attack, words)).count();
        assert_eq!(found(""), attack::ALL.len());
        assert!((2..12).contains(&found("strip")), "{}", found("strip"));
        assert!(found("cve-2021-22946 curl") >= 1);
        assert_eq!(found("no such words"), 0);
    }

    #[test]
    fn every_group_has_attacks() {
        for group in Group::ALL {
            assert!(attack::ALL.iter().any(|attack| attack.group == group), "{group:?}");
        }
    }
}
