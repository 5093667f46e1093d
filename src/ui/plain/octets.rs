//! The octets of a message in groups of three, under the four letters of base64 that spell them.

use crate::base::printable;
use crate::pipeline::plain::{Dissection, Octet, Role};
use yew::prelude::*;

/// The most octets that are drawn; a message that a server must take has at most 767.
const DRAWN: usize = 999;

/// The class of a role.
fn class(role: Role) -> &'static str {
    match role {
        Role::Authzid => "authzid",
        Role::Nul => "nul",
        Role::Authcid => "authcid",
        Role::Password => "pass",
        Role::Surplus => "surplus",
    }
}

/// Which colour is what.
pub fn legend(parts: &Dissection) -> Html {
    let roles = [Role::Authzid, Role::Nul, Role::Authcid, Role::Password, Role::Surplus];
    html! {
        <ul class="legend" aria-label="Parts">
            { for roles.into_iter().filter(|role| parts.count(*role) > 0).map(|role| html! {
                <li key={role.name()} class={class(role)}>{ role.name() }</li>
            }) }
        </ul>
    }
}

/// Properties of [`Strip`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The base64 text.
    pub line: String,
    /// The message.
    pub parts: Dissection,
    /// Whether the password is shown.
    pub show: bool,
}

/// The strip of groups.
#[component(Strip)]
pub fn strip(props: &Props) -> Html {
    let parts = &props.parts;
    let wrong = |octet: &Octet| parts.mistakes.iter().any(|m| !m.in_text && m.at == octet.at);
    let wrong_letter = |at: usize| parts.mistakes.iter().any(|m| m.in_text && m.at == at);
    let hidden = |octet: &Octet| octet.role.is_secret() && !props.show;
    let read = parts.groups.last().map_or(0, |group| group.text.end);
    let rest = props.line.as_bytes().get(read..).unwrap_or_default();
    // Where the text breaks, what stands behind may be a password that nobody took apart.
    let rest: Vec<_> = rest.iter().take(DRAWN).enumerate().collect();
    html! {
        <ol class="octets" role="list" tabindex="0" aria-label="The message, in groups of three octets">
            { for parts.groups.iter().take(DRAWN / 3).map(|group| {
                let octets: Vec<_> = parts.octets.iter().skip(group.octets.start).take(group.octets.len()).collect();
                let veiled = octets.iter().any(|octet| hidden(octet));
                let letters = props.line.as_bytes().get(group.text.clone()).unwrap_or_default();
                let spoken: Vec<_> = octets.iter().map(|octet| said(octet, hidden(octet), wrong(octet))).collect();
                html! {
                    <li key={group.text.start} class="group" aria-label={spoken.join("; ")}>
                        <span class="letters" aria-hidden="true">
                            { for letters.iter().enumerate().map(|(n, letter)| html! {
                                <i key={n} class={wrong_letter(group.text.start.saturating_add(n)).then_some("wrong")}>
                                    { if veiled { "•".to_owned() } else { printable(&[*letter]) } }</i>
                            }) }
                        </span>
                        <span class="cells" aria-hidden="true">
                            { for octets.iter().map(|octet| html! {
                                <span key={octet.at} class={classes!("cell", class(octet.role), wrong(octet).then_some("wrong"))}>
                                    <small>{ octet.at }</small>
                                    <b>{ shown(octet, hidden(octet)) }</b>
                                    <code>{ if hidden(octet) { "••".to_owned() } else { format!("{:02x}", octet.value) } }</code>
                                </span>
                            }) }
                        </span>
                    </li>
                }
            }) }
            if !rest.is_empty() {
                <li class="group broken" aria-label={format!("{} of base64 that spell nothing", super::many(rest.len(), "letter"))}>
                    <span class="letters" aria-hidden="true">
                        { for rest.iter().map(|(n, letter)| {
                            let bad = wrong_letter(read.saturating_add(*n));
                            html! { <i key={*n} class={bad.then_some("wrong")}>{ if props.show || bad { printable(&[**letter]) } else { "•".to_owned() } }</i> }
                        }) }
                    </span>
                </li>
            }
        </ol>
    }
}

/// An octet as a character, or as a sign.
fn shown(octet: &Octet, hidden: bool) -> String {
    match octet.character {
        _ if hidden => "•".to_owned(),
        Some('\0') => "∅".to_owned(),
        Some(' ') => "␣".to_owned(),
        Some('\r') => "␍".to_owned(),
        Some('\n') => "␊".to_owned(),
        Some(character) if !character.is_control() => character.to_string(),
        _ => "·".to_owned(),
    }
}

/// An octet in words.
fn said(octet: &Octet, hidden: bool, wrong: bool) -> String {
    let what = match octet.character {
        _ if hidden => "hidden".to_owned(),
        Some('\0') => "00".to_owned(),
        Some(character) if !character.is_control() => format!("{:02x} {character}", octet.value),
        _ => format!("{:02x}", octet.value),
    };
    format!("octet {}, {}: {what}{}", octet.at, octet.role.name(), if wrong { ", wrong" } else { "" })
}
