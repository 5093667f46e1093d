//! Capabilities as chips on the middle's lane: what the client is shown of the server's list, and which commands of the
//! client get through. A chip is a rule of the written attack, and nothing else.

use super::Path;
use crate::attack::{Act, Custom, CustomRule, When};
use crate::base::{Hop, Layer, Protocol, Side};
use crate::pipeline::Answer;
use crate::sim::Setup;
use crate::ui::app::Go;
use crate::ui::session::{Session, Shared};
use crate::ui::state::Action;
use crate::ui::words::many;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Gate`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What came of it.
    pub session: Shared<Session>,
    /// Where actions go.
    pub go: Go,
}

/// One chip.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chip {
    /// What it is about, as it is written.
    name: String,
    /// It gets through as things are.
    through: bool,
    /// The rule that comes or goes with the next press.
    rule: CustomRule,
}

/// What the server's lists have that travel in the clear, as a middle names them, in their order and each once.
fn offered(setup: &Setup, session: &Session) -> Vec<String> {
    let dialect = setup.protocol.dialect;
    let mut names: Vec<String> = Vec::new();
    for trace in session.traces.iter() {
        let sent = trace.events().iter().filter(|event| {
            event.hop == Hop::Server && event.from == Side::Server && event.layer == Layer::Clear
        });
        for item in sent.filter_map(|event| (dialect.items)(trace.octets(event))).flatten() {
            let name = match setup.protocol.protocol {
                Protocol::Imap => item,
                _ => item.split(' ').next().unwrap_or_default().to_owned(),
            };
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// What could be offered although the server does not.
fn offers(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Imap => &["STARTTLS", "LOGINDISABLED", "AUTH=PLAIN", "AUTH=LOGIN"],
        Protocol::Pop3 => &["STLS", "USER", "SASL PLAIN"],
        Protocol::Acap => &["STARTTLS", "SASL PLAIN"],
    }
}

/// The commands of the client that decide how private a session is.
fn commands(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Imap => &["CAPABILITY", "STARTTLS", "LOGIN", "AUTHENTICATE"],
        Protocol::Pop3 => &["CAPA", "STLS", "USER", "AUTH"],
        Protocol::Acap => &["STARTTLS", "AUTHENTICATE"],
    }
}

fn removing(name: &str) -> CustomRule {
    let word = name.to_uppercase();
    CustomRule {
        when: When { side: Some(Side::Server), lists: Some(word.clone()), ..When::default() },
        act: Act::Remove(word),
    }
}

fn offering(name: &str) -> CustomRule {
    CustomRule {
        when: When { side: Some(Side::Server), lists: Some("*".to_owned()), ..When::default() },
        act: Act::Offer(name.to_owned()),
    }
}

fn refusing(setup: &Setup, command: &str) -> CustomRule {
    let no = (setup.protocol.dialect.answer)(b"{tag}", Answer::No, "not here");
    let line = no.strip_suffix(b"\r\n").unwrap_or(&no).to_vec();
    CustomRule {
        when: When { side: Some(Side::Client), command: Some(command.to_owned()), ..When::default() },
        act: Act::Answer(line),
    }
}

fn rules(custom: Option<&Custom>) -> &[CustomRule] {
    custom.map_or(&[], |custom| &custom.rules)
}

/// The chips of the way to the client.
fn toward_client(setup: &Setup, session: &Session) -> Vec<Chip> {
    let has = |rule: &CustomRule| rules(setup.custom.as_ref()).contains(rule);
    let there = offered(setup, session);
    let known = |name: &str| there.iter().any(|there| name.eq_ignore_ascii_case(there));
    let mut chips: Vec<Chip> = there
        .iter()
        .map(|name| {
            let rule = removing(name);
            Chip { name: name.clone(), through: !has(&rule), rule }
        })
        .collect();
    let own = rules(setup.custom.as_ref()).iter().filter_map(|rule| match &rule.act {
        Act::Offer(name) if *rule == offering(name) => Some(name.clone()),
        _ => None,
    });
    let more: Vec<String> =
        own.chain(offers(setup.protocol.protocol).iter().map(|name| (*name).to_owned())).collect();
    for name in more {
        // A mechanism of a list that stands there goes by its own name.
        if !known(&name) && !chips.iter().any(|chip| chip.name == name) {
            let rule = offering(&name);
            chips.push(Chip { through: has(&rule), name, rule });
        }
    }
    chips
}

/// The chips of the way to the server.
fn toward_server(setup: &Setup) -> Vec<Chip> {
    let names = commands(setup.protocol.protocol).iter();
    names
        .map(|name| {
            let rule = refusing(setup, name);
            let there = rules(setup.custom.as_ref()).contains(&rule);
            Chip { name: (*name).to_owned(), through: !there, rule }
        })
        .collect()
}

/// The chips, folded away until they are asked for.
#[component(Gate)]
pub fn gate(props: &Props) -> Html {
    let client = toward_client(&props.setup, &props.session);
    let server = toward_server(&props.setup);
    let changed = client
        .iter()
        .chain(&server)
        .filter(|chip| rules(props.setup.custom.as_ref()).contains(&chip.rule))
        .count();
    let row = |label: &'static str, on: &'static str, off: &'static str, chips: Vec<Chip>| {
        html! {
            <div class="way" role="group" aria-label={label}><span class="title" aria-hidden="true">{ label }</span>
                <ul class="chips">
                    { for chips.into_iter().map(|chip| {
                        let (go, rule) = (props.go.clone(), chip.rule);
                        let flip = Callback::from(move |_: MouseEvent| go.dispatch(Action::Path(Path::Toggle(rule.clone()))));
                        let title = if chip.through { on } else { off };
                        html! {
                            <li key={chip.name.clone()}><button type="button" aria-pressed={chip.through.to_string()} {title} onclick={flip}>
                                <i aria-hidden="true">{ if chip.through { "✓ " } else { "✕ " } }</i>{ chip.name }</button></li>
                        }
                    }) }
                </ul>
            </div>
        }
    };
    let add = {
        let go = props.go.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let name: String = input.value().chars().filter(|c| !c.is_control()).take(80).collect();
            let name = name.trim().to_owned();
            input.set_value("");
            if !name.is_empty() {
                go.dispatch(Action::Path(Path::Toggle(offering(&name))));
            }
        })
    };
    html! {
        <details class="gate">
            <summary>{ if changed == 0 { "Capabilities that get through".to_owned() } else { format!("Capabilities: {} by chip", many(changed, "change")) } }</summary>
            { row("Server to client: the client is shown", "Shown; press to hide it", "Not shown; press to show it", client) }
            { row("Client to server: the server is asked", "Gets through; press to refuse it", "Refused here; press to let it through", server) }
            <label class="field"><span>{ "Offer something else" }</span>
                <input type="text" onchange={add} autocomplete="off" spellcheck="false" maxlength="80" placeholder="AUTH=XYZ, then Enter" /></label>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::RuleSet;

    #[test]
    fn a_chip_is_a_rule_that_does_what_it_says() {
        for protocol in Protocol::ALL {
            let mut setup = Setup::new(protocol).unwrap();
            let session = Session::simulate(&setup, RuleSet::Today);
            let word = setup.protocol.dialect.starttls_words.first().copied().unwrap();
            let find = |setup: &Setup, session: &Session, name: &str| {
                toward_client(setup, session).into_iter().find(|chip| chip.name == name)
            };
            let chip = find(&setup, &session, word).unwrap();
            assert!(chip.through, "{protocol:?}");
            Path::Toggle(chip.rule.clone()).done(&mut setup, &session);
            let stripped = Session::simulate(&setup, RuleSet::Today);
            assert!(stripped.met.iter().any(|met| !met.rules.is_empty()), "{protocol:?}");
            assert!(!find(&setup, &stripped, word).unwrap().through);
            // The chip stays what it is although the list is now another: it is about what the server says.
            Path::Toggle(chip.rule).done(&mut setup, &stripped);
            assert!(setup.custom.is_none());
            let plain = offers(protocol).last().unwrap();
            Path::Toggle(offering(plain)).done(&mut setup, &session);
            let offered = Session::simulate(&setup, RuleSet::Today);
            assert!(offered.met.iter().any(|met| !met.rules.is_empty()), "{protocol:?} {plain}");
        }
    }

    #[test]
    fn a_refused_command_never_reaches_the_server() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        let session = Session::simulate(&setup, RuleSet::Today);
        let chip = toward_server(&setup).into_iter().find(|chip| chip.name == "STARTTLS").unwrap();
        Path::Toggle(chip.rule).done(&mut setup, &session);
        assert_eq!(
            setup.custom.as_ref().unwrap().text(),
            "when client command \"STARTTLS\" do answer \"{tag} NO not here\"\n"
        );
        let refused = Session::simulate(&setup, RuleSet::Today);
        assert!(!refused.met.iter().any(|met| met.handshake));
    }
}
