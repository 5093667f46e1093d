//! A run that halts at a message: what came, and what becomes of it.

use super::{Deed, Path};
use crate::attack::{Act, Custom, Met, escaped};
use crate::base::{Hop, Side};
use crate::sim::Setup;
use crate::trace::Event;
use crate::ui::app::Go;
use crate::ui::session::{Session, Shared};
use crate::ui::state::Action;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`Held`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What came of it so far.
    pub session: Shared<Session>,
    /// Where actions go.
    pub go: Go,
}

/// The octets of a held message as they came to the middle, and whether they carry a secret.
fn came(session: &Session, met: &Met) -> Option<(Vec<u8>, bool)> {
    let here = |event: &&Event| {
        event.places.0 == met.place && event.hop == Hop::next_to(met.from) && !event.span.is_empty()
    };
    session.traces.iter().find_map(|trace| {
        let mut longest: Option<(&[u8], bool)> = None;
        for event in trace.events().iter().filter(here) {
            let octets = trace.octets(event);
            let secret = !event.secrets.is_empty() || longest.is_some_and(|(_, secret)| secret);
            let octets =
                longest.map(|(known, _)| known).filter(|known| known.len() >= octets.len()).unwrap_or(octets);
            longest = Some((octets, secret));
        }
        longest.map(|(octets, secret)| (octets.to_vec(), secret))
    })
}

/// Reads what was typed as the text of an act; a quote needs no backslash here, and a line end is one.
fn read(act: &str, typed: &str) -> Result<Act, String> {
    let mut text = String::new();
    let mut escape = false;
    for c in typed.chars() {
        match c {
            '"' if !escape => text.push_str("\\\""),
            '\n' => text.push_str("\\r\\n"),
            '\r' => {}
            c => text.push(c),
        }
        escape = c == '\\' && !escape;
    }
    let custom = Custom::parse(&format!(
        "when {}do {act} \"{text}\"",
        if act.contains("certificate") || act.contains("self") { "handshake " } else { "" }
    ));
    match custom {
        Ok(custom) => custom.rules.into_iter().next().map(|rule| rule.act).ok_or_else(String::new),
        Err(error) => Err(error.message),
    }
}

/// The panel below the last row.
#[component(Held)]
pub fn held(props: &Props) -> Html {
    let met = props.session.held().cloned();
    let number = props.setup.hold;
    let edit = use_node_ref();
    let line = use_node_ref();
    let wrong = use_state(String::new);
    {
        let wrong = wrong.clone();
        use_effect_with((number, met.is_some()), move |(_, held)| {
            wrong.set(String::new());
            if *held {
                crate::ui::input::focus(".held h2");
            }
        });
    }
    let Some(met) = met else { return html! {} };
    let send = |deed: Deed| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Path(Path::Decide(deed.clone()))))
    };
    // What was typed in a field, as an act.
    let typed = |field: &NodeRef, act: &'static str| {
        let (field, go, wrong) = (field.clone(), props.go.clone(), wrong.clone());
        Callback::from(move |_: MouseEvent| {
            let text = field.cast::<HtmlTextAreaElement>().map(|area| area.value());
            let text = text.or_else(|| field.cast::<HtmlInputElement>().map(|input| input.value()));
            match read(act, &text.unwrap_or_default()) {
                Ok(act) => go.dispatch(Action::Path(Path::Decide(Deed::Do(act)))),
                Err(why) => wrong.set(why),
            }
        })
    };
    let way = if met.from == Side::Client { "client to server" } else { "server to client" };
    let title = if met.handshake { "Held: the client begins TLS".to_owned() } else { format!("Held: {way}") };
    let keys = html! { <p class="about">{ "Nothing behind it has happened yet. Keys: R releases, D drops, E edits." }</p> };
    let body = if met.handshake {
        let host = props
            .setup
            .client
            .1
            .changed()
            .find(|(id, _)| *id == "host")
            .map_or("mail.example.test", |(_, host)| host);
        html! {
            <>
                <p class="acts">
                    <button type="button" class="strong" onclick={send(Deed::Release)}>{ "Let it through" }</button>
                    <button type="button" class="plain" onclick={send(Deed::Do(Act::Drop))}>{ "Break it" }</button>
                    <button type="button" class="plain" onclick={send(Deed::RunOn)}>{ "Run on" }</button>
                </p>
                <label class="field"><span>{ "End TLS here, with a certificate for" }</span>
                    <input type="text" ref={line.clone()} value={host.to_owned()} autocomplete="off" spellcheck="false" maxlength="200" /></label>
                <p class="acts">
                    <button type="button" class="plain" onclick={typed(&line, "certificate")}>{ "that is trusted" }</button>
                    <button type="button" class="plain" onclick={typed(&line, "self-signed")}>{ "that is self-signed" }</button>
                </p>
            </>
        }
    } else {
        let (octets, secret) = came(&props.session, &met).unwrap_or_default();
        let shown = octets.strip_suffix(b"\r\n").unwrap_or(&octets);
        html! {
            <>
                if secret {
                    <p class="about">{ "It carries the password, which is never shown; so it cannot be edited as a whole. A rule with " }<code>{ "replace" }</code>{ " can change the rest." }</p>
                } else {
                    <label class="field"><span>{ "What goes on" }</span>
                        <textarea key={number.unwrap_or_default()} ref={edit.clone()} class="edit" rows="2" spellcheck="false" autocomplete="off" value={escaped(shown)} /></label>
                }
                <p class="acts">
                    <button type="button" class="strong" onclick={send(Deed::Release)}>{ "Release" }</button>
                    if !secret { <button type="button" class="plain" onclick={typed(&edit, "instead")}>{ "Send as edited" }</button> }
                    <button type="button" class="plain" onclick={send(Deed::Do(Act::Drop))}>{ "Drop" }</button>
                    <button type="button" class="plain" onclick={send(Deed::Do(Act::Delay))}>{ "Delay" }</button>
                    <button type="button" class="plain" onclick={send(Deed::Do(Act::Close))}>{ "Hang up" }</button>
                    <button type="button" class="plain" onclick={send(Deed::RunOn)}>{ "Run on" }</button>
                </p>
                <label class="field"><span>{ "A line of your own" }</span>
                    <input key={number.unwrap_or_default()} type="text" ref={line.clone()} autocomplete="off" spellcheck="false" maxlength="2000"
                        placeholder={if met.from == Side::Client { "{tag} NO not now" } else { "* OK [ALERT] call this number" }} /></label>
                <p class="acts">
                    <button type="button" class="plain" onclick={typed(&line, "answer")}>{ "Answer with it" }</button>
                    <button type="button" class="plain" onclick={typed(&line, "insert")}>{ "Put it in front" }</button>
                    <button type="button" class="plain" onclick={typed(&line, "add")}>{ "Put it behind" }</button>
                </p>
            </>
        }
    };
    html! {
        <section class="held" aria-label="Held message">
            <h2 tabindex="-1">{ title }</h2>
            { keys }
            { body }
            if !wrong.is_empty() { <p class="flag danger" role="alert">{ &*wrong }</p> }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_an_act_or_a_reason() {
        assert_eq!(read("answer", "a \"b\" \\x41"), Ok(Act::Answer(b"a \"b\" A".to_vec())));
        assert_eq!(read("instead", "one\ntwo"), Ok(Act::Instead(b"one\r\ntwo".to_vec())));
        assert_eq!(read("instead", "\\\\\""), Ok(Act::Instead(b"\\\"".to_vec())));
        assert_eq!(read("certificate", "evil.example"), Ok(Act::Certificate("evil.example".to_owned())));
        assert!(read("answer", "\\q").is_err_and(|why| why.contains("hex digits")));
    }
}
