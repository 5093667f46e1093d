//! What if: an attack in the recorded session, or somebody else in the place of a party.

use super::{Asked, Deal, Question};
use crate::attack;
use crate::base::Side;
use crate::pipeline::{self, By, Setup};
use crate::report::ReplayRecord;
use crate::ui::app::Go;
use crate::ui::session::{Session, Shared};
use crate::ui::state::Action;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Plays a recording again.
///
/// # Errors
/// Why it cannot be played, as a sentence without its end.
pub fn play(
    question: &Question,
    recorded: &Session,
    name: &str,
    by: By,
) -> Result<(Session, ReplayRecord), String> {
    let trace = recorded.traces.first().ok_or("there is nothing in it")?;
    let mut setup = Setup::new(trace.protocol()).map_err(|error| error.to_string())?;
    if let Some(attack) = question.attack {
        setup.attack(attack).map_err(|error| error.to_string())?;
    }
    let mut parts = [true, true];
    for ((side, wanted), part) in
        [(Side::Client, &question.client), (Side::Server, &question.server)].into_iter().zip(&mut parts)
    {
        if let Some(id) = wanted {
            setup.profile(side, id).map_err(|error| error.to_string())?;
            *part = false;
        }
    }
    let traces = [(trace, name)];
    let of = |part: bool| traces.get(..usize::from(part)).unwrap_or_default();
    let [client, server] = parts;
    let (played, record) =
        pipeline::replay(&setup, of(client), of(server), by).map_err(|error| error.to_string())?;
    let session = Session::played(played.run.connections, by.rule_set);
    Ok((session.counting(recorded.noun()), record))
}

/// Properties of [`WhatIf`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The session on the table.
    pub session: Shared<Session>,
    /// How it is played again, if it is.
    pub asked: Option<AskedHere>,
    /// Where actions go.
    pub go: Go,
}

/// [`Asked`], which is equal to itself only.
#[derive(Clone, Debug)]
pub struct AskedHere(pub Rc<Asked>);

impl PartialEq for AskedHere {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The questions and the answer.
#[component(WhatIf)]
pub fn what_if(props: &Props) -> Html {
    let asked = props.asked.as_ref().map(|asked| &*asked.0);
    let recorded = asked.map_or(&props.session, |asked| &asked.recorded);
    let Some(trace) = recorded.traces.first() else { return html! {} };
    let protocol = trace.protocol();
    let question = asked.map(|asked| asked.question.clone()).unwrap_or_default();
    let ask = |change: fn(&mut Question, Option<String>)| {
        let (go, question) = (props.go.clone(), question.clone());
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let mut question = question.clone();
            change(&mut question, Some(select.value()).filter(|value| !value.is_empty()));
            go.dispatch(Action::Recording(Deal::WhatIf(question)));
        })
    };
    let attacks = attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol));
    let setup = Setup::new(protocol).ok();
    let profiles = |side: Side, now: &Option<String>| {
        let all: Vec<_> = setup.iter().flat_map(|setup| setup.protocol.all_profiles(side)).collect();
        html! {
            <>
                <option value="" selected={now.is_none()}>{ "as recorded" }</option>
                { for all.into_iter().map(|profile| html! {
                    <option key={&*profile.id} value={profile.id.to_string()} selected={now.as_deref() == Some(&*profile.id)}>{ profile.title.to_string() }</option>
                }) }
            </>
        }
    };
    let both = question.client.is_some() && question.server.is_some();
    html! {
        <fieldset class="whatif">
            <legend>{ "What if" }</legend>
            <p class="about">{ "Put an attack into this session, or somebody else in a recorded place. What the recording does not show is not made up." }</p>
            <label for="whatif-attack">{ "In the middle" }</label>
            <select id="whatif-attack" onchange={ask(|question, value| question.attack = value.and_then(|id| Some(attack::find(&id)?.id)))}>
                <option value="" selected={question.attack.is_none()}>{ "nobody" }</option>
                { for attacks.map(|attack| html! { <option key={attack.id} value={attack.id} selected={question.attack == Some(attack.id)}>{ attack.title }</option> }) }
            </select>
            <label for="whatif-client">{ "The client" }</label>
            <select id="whatif-client" onchange={ask(|question, value| question.client = value)}>{ profiles(Side::Client, &question.client) }</select>
            <label for="whatif-server">{ "The server" }</label>
            <select id="whatif-server" onchange={ask(|question, value| question.server = value)}>{ profiles(Side::Server, &question.server) }</select>
            if both { <p class="about">{ "With both replaced nothing of the recording is left." }</p> }
            { for asked.map(answer) }
        </fieldset>
    }
}

fn answer(asked: &Asked) -> Html {
    let record = match &asked.answer {
        Ok(record) => record,
        Err(why) => {
            return html! { <p class="answer unsure">{ format!("It cannot be played again: {why}.") }</p> };
        }
    };
    let class = match record.fallen {
        Some(true) => "answer fallen",
        Some(false) => "answer safe",
        None => "answer unsure",
    };
    let told = |known: Option<String>| known.unwrap_or_else(|| "cannot tell".to_owned());
    let commands = record
        .commands_in_clear
        .as_ref()
        .map(|all| if all.is_empty() { "none".to_owned() } else { all.join(", ") });
    html! {
        <section {class} aria-label="Would it have fallen?">
            <h3>{ "Would it have fallen?" }</h3>
            <p><b>{ record.answer() }</b></p>
            <dl>
                <div><dt>{ "TLS" }</dt><dd>{ told(record.tls.map(str::to_owned)) }</dd></div>
                <div><dt>{ "Commands in the clear" }</dt><dd>{ told(commands) }</dd></div>
                <div><dt>{ "Password in the clear" }</dt><dd>{ told(record.credential_in_clear.map(|sent| if sent { "yes" } else { "no" }.to_owned())) }</dd></div>
            </dl>
            if let Some(told) = record.told() { <p>{ told }</p> }
            { for record.remarks.iter().map(|remark| html! { <p>{ &remark.message }</p> }) }
            if let Some(open) = &record.open {
                <p>{ format!("The {} decides: {}", open.side.name(), open.happens) }</p>
                <p>{ open.missing }</p>
                if let Some((_, (first, last))) = &open.recorded {
                    <p class="about">{ ["In the recording: ", asked.recorded.noun(), " ", &first.to_string(), &if first == last { String::new() } else { [" to ", &last.to_string()].concat() }, "."].concat() }</p>
                }
            }
        </section>
    }
}
