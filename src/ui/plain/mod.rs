//! The PLAIN tool: build a message of the mechanism, or take one apart, octet by octet.

mod notation;
mod octets;

use super::app::Go;
use super::state::Action;
use super::words::many;
use crate::pipeline::Secret;
use crate::pipeline::plain::{self, Dissection, Grammar, Mistake, Role};
use notation::Notation;
use octets::{Strip, legend};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What the tool holds. It is in no address: it may be a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// A text is taken apart; otherwise a message is built.
    apart: bool,
    authzid: String,
    authcid: String,
    password: Hidden,
    notation: Notation,
    text: Hidden,
    show: bool,
}

/// A text that is not printed by accident.
#[derive(Clone, PartialEq, Eq)]
struct Hidden(String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••")
    }
}

/// The message that RFC 2595 section 6 prints.
const PUBLISHED: &str = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm";

impl Default for Tool {
    fn default() -> Self {
        Self {
            apart: false,
            authzid: String::new(),
            authcid: "tim".to_owned(),
            password: Hidden("tanstaaftanstaaf".to_owned()),
            notation: Notation::Base64,
            text: Hidden(PUBLISHED.to_owned()),
            show: false,
        }
    }
}

/// Messages to try: what is interesting about each, and how it is written.
const EXAMPLES: [(&str, Notation, &str); 8] = [
    ("The example of RFC 2595", Notation::Base64, PUBLISHED),
    ("A damaged copy of it", Notation::Escaped, r"\0tim\0tanstaaf\0tanstaaf"),
    ("Acting for somebody else", Notation::Escaped, r"ana\0tim\0tanstaaf"),
    ("No password", Notation::Escaped, r"\0tim\0"),
    ("A line break inside", Notation::Escaped, r"\0tim\0two\r\nlines"),
    ("Six octets for one letter", Notation::Hex, "00 74 69 6d 00 fc 84 80 80 80 80"),
    ("A letter in disguise", Notation::Hex, "00 74 69 6d 00 c1 a1"),
    ("Broken base64", Notation::Base64, "AHRpbQB0YW5zdGFhZg="),
];

impl Tool {
    /// The message in base64 as a line carries it, or what is wrong with how it was written.
    fn line(&self) -> Result<String, String> {
        if !self.apart {
            let password = Secret::new(self.password.0.as_bytes());
            return Ok(plain::to_text(&plain::encode(&self.authzid, &self.authcid, &password)));
        }
        match self.notation {
            Notation::Base64 => Ok(self.text.0.trim_end_matches(['\r', '\n']).to_owned()),
            other => notation::read(other, &self.text.0).map(|octets| plain::to_text(&octets)),
        }
    }
}

/// Properties of [`Plain`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it holds.
    pub tool: Rc<Tool>,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Plain)]
pub fn plain_tool(props: &Props) -> Html {
    let tool = &props.tool;
    let set = {
        let (go, tool) = (props.go.clone(), props.tool.clone());
        move |change: &dyn Fn(&mut Tool)| {
            let mut next = (*tool).clone();
            change(&mut next);
            go.dispatch(Action::Plain(next));
        }
    };
    let mode = |apart: bool, name: &'static str| {
        let set = set.clone();
        html! {
            <label>
                <input type="radio" name="mode" checked={tool.apart == apart}
                    onchange={Callback::from(move |_: Event| set(&|tool| tool.apart = apart))} />
                <span>{ name }</span>
            </label>
        }
    };
    let show = {
        let set = set.clone();
        Callback::from(move |_: Event| set(&|tool| tool.show = !tool.show))
    };
    let line = tool.line();
    let parts = line.as_ref().ok().map(|line| plain::dissect_text(line.as_bytes()));
    html! {
        <main class="screen plain-tool" id="text" tabindex="0">
            <h1 tabindex="-1">{ "PLAIN, octet by octet" }</h1>
            <p class="lead">{ "The mechanism PLAIN sends a name and a password in one message. Base64 only spells it with other letters: whoever sees the line has the password." }</p>
            <div class="segments big" role="radiogroup" aria-label="What to do">
                <div>{ mode(false, "Build a message") }{ mode(true, "Take one apart") }</div>
            </div>
            <div class="bench-of-plain">
                if tool.apart { { taking(tool, &set) } } else { { building(tool, &set) } }
                <label class="toggle"><span>{ "Show the password’s octets" }</span>
                    <input type="checkbox" role="switch" checked={tool.show} onchange={show} /></label>
            </div>
            { match (&line, parts) {
                (Ok(line), Some(parts)) => result(line, &parts, tool.show),
                (Err(why), _) | (Ok(why), None) => html! { <p class="flag danger" role="alert">{ why }</p> },
            } }
        </main>
    }
}

type Set = dyn Fn(&dyn Fn(&mut Tool));

fn building(tool: &Tool, set: &(impl Fn(&dyn Fn(&mut Tool)) + Clone + 'static)) -> Html {
    let typed = |put: fn(&mut Tool, String)| {
        let set = set.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let set: &Set = &set;
                set(&|tool| put(tool, input.value()));
            }
        })
    };
    let field = |id: &'static str,
                 name: &'static str,
                 hint: &'static str,
                 value: &str,
                 kind: &'static str,
                 put| {
        html! {
            <div class="field">
                <label for={id}>{ name }</label>
                <input {id} type={kind} value={value.to_owned()} oninput={typed(put)} autocomplete="off" autocapitalize="none"
                    spellcheck="false" aria-describedby={format!("{id}-hint")} />
                <p class="hint" id={format!("{id}-hint")}>{ hint }</p>
            </div>
        }
    };
    html! {
        <div class="three-fields">
            { field("authzid", "Whose mailbox (authzid)", "Empty: your own. A name here asks to act for somebody else.", &tool.authzid, "text", |tool, value| tool.authzid = value) }
            { field("authcid", "Who logs in (authcid)", "The name that the password belongs to.", &tool.authcid, "text", |tool, value| tool.authcid = value) }
            { field("password", "Password", "It stays on this page, and in no address.", &tool.password.0, if tool.show { "text" } else { "password" }, |tool, value| tool.password = Hidden(value)) }
        </div>
    }
}

fn taking(tool: &Tool, set: &(impl Fn(&dyn Fn(&mut Tool)) + Clone + 'static)) -> Html {
    let typed = {
        let set = set.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                set(&|tool| tool.text = Hidden(area.value()));
            }
        })
    };
    let notation = |notation: Notation| {
        let set = set.clone();
        html! {
            <label key={notation.name()}>
                <input type="radio" name="notation" checked={tool.notation == notation}
                    onchange={Callback::from(move |_: Event| set(&|tool| tool.notation = notation))} />
                <span>{ notation.name() }</span>
            </label>
        }
    };
    html! {
        <>
            <div class="segments" role="radiogroup" aria-label="Written as">
                <span class="title" aria-hidden="true">{ "Written as" }</span>
                <div>{ for Notation::ALL.into_iter().map(notation) }</div>
            </div>
            <div class="field">
                <label for="message">{ "The message" }</label>
                <textarea id="message" rows="3" value={tool.text.0.clone()} oninput={typed} autocomplete="off"
                    autocapitalize="none" spellcheck="false" aria-describedby="message-hint" />
                <p class="hint" id="message-hint">{ tool.notation.hint() }</p>
            </div>
            <div class="try"><span id="try">{ "Try" }</span>
                <ul class="chips" aria-labelledby="try">
                    { for EXAMPLES.into_iter().map(|(name, notation, text)| {
                        let set = set.clone();
                        let choose = Callback::from(move |_: MouseEvent| set(&|tool| {
                            tool.notation = notation;
                            tool.text = Hidden(text.to_owned());
                        }));
                        html! { <li key={name}><button type="button" onclick={choose}>{ name }</button></li> }
                    }) }
                </ul>
            </div>
        </>
    }
}

/// Everything that follows from a message.
fn result(line: &str, parts: &Dissection, show: bool) -> Html {
    let counts: Vec<_> = [Role::Authzid, Role::Authcid, Role::Password, Role::Surplus]
        .into_iter()
        .map(|role| (role, parts.count(role)))
        .filter(|(role, count)| *role != Role::Surplus || *count > 0)
        .map(|(role, count)| format!("{} {count}", role.name()))
        .collect();
    html! {
        <>
            <section aria-labelledby="octets">
                <h2 id="octets">{ many(parts.octets.len(), "octet") }</h2>
                <p class="about">{ format!("{}. Four letters of base64 stand for three octets; each letter is above the octets that it helps to spell.", counts.join(", ")) }</p>
                { legend(parts) }
                <Strip line={line.to_owned()} parts={parts.clone()} {show} />
            </section>
            <section aria-labelledby="grammars">
                <h2 id="grammars">{ "By two grammars" }</h2>
                <div class="pair">{ for Grammar::ALL.into_iter().map(|grammar| judged(parts, grammar)) }</div>
                if !parts.mistakes.is_empty() {
                    <ol class="mistakes" role="list">{ for parts.mistakes.iter().enumerate().map(|(n, mistake)| html! { <li key={n}>{ wrong(mistake) }</li> }) }</ol>
                }
                { for parts.remarks().into_iter().map(|remark| html! { <p class="about">{ remark }</p> }) }
            </section>
            { wire(line, parts, show) }
        </>
    }
}

fn judged(parts: &Dissection, grammar: Grammar) -> Html {
    let fine = parts.is_valid(grammar);
    let (class, mark, word) = if fine { ("good", "✓", "takes it") } else { ("bad", "✕", "refuses it") };
    let about = match grammar {
        Grammar::Rfc2595 => "1999: no line breaks; UTF-8 as it was, up to six octets long.",
        Grammar::Rfc4616 => "2006: line breaks are allowed; UTF-8 as it is today.",
    };
    html! {
        <div key={grammar.id()} class={classes!("example", class)}>
            <b>{ format!("{mark} {} {word}", grammar.section()) }</b>
            <small>{ about }</small>
        </div>
    }
}

fn wrong(mistake: &Mistake) -> Html {
    let place =
        if mistake.in_text { format!("letter {}", mistake.at) } else { format!("octet {}", mistake.at) };
    let mut letters = mistake.says.chars();
    let says: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    html! {
        <>
            <span class="place">{ place }</span>
            <span>{ format!("{says}. ") }<small>{ mistake.section }{ if mistake.tolerable { "; a server may take it all the same" } else { "" } }</small></span>
        </>
    }
}

/// The same message as each protocol writes it.
fn wire(line: &str, parts: &Dissection, show: bool) -> Html {
    let hidden = !show && parts.octets.iter().any(|octet| octet.role.is_secret());
    let text = if hidden { "••••••••".to_owned() } else { line.to_owned() };
    let raw =
        if hidden { "••••••••".to_owned() } else { crate::base::printable(&parts.message()) };
    let count = parts.octets.len();
    let lines = [
        ("IMAP", format!("a1 AUTHENTICATE PLAIN {text}"), "where the server lists SASL-IR"),
        ("POP3", format!("AUTH PLAIN {text}"), "with the command, as RFC 5034 allows"),
        (
            "ACAP",
            format!("a1 AUTHENTICATE \"PLAIN\" {{{count}+}} {raw}"),
            "the octets themselves, as a literal",
        ),
    ];
    html! {
        <section aria-labelledby="wire">
            <h2 id="wire">{ "On the wire" }</h2>
            <dl class="wire">
                { for lines.into_iter().map(|(name, line, about)| html! {
                    <div key={name}><dt>{ name }</dt><dd><code>{ line }</code><small>{ about }</small></dd></div>
                }) }
            </dl>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_the_published_example_and_prints_no_password() {
        let tool = Tool::default();
        assert_eq!(tool.line().as_deref(), Ok(PUBLISHED));
        assert!(!format!("{tool:?}").contains("tanstaaf"));
    }

    #[test]
    fn every_example_is_what_its_name_says() {
        let read = |name: &str| {
            let (_, notation, text) = *EXAMPLES.iter().find(|(known, ..)| *known == name).unwrap();
            let tool = Tool { apart: true, notation, text: Hidden(text.to_owned()), ..Tool::default() };
            let parts = plain::dissect_text(tool.line().unwrap().as_bytes());
            (Grammar::ALL.map(|grammar| parts.is_valid(grammar)), parts)
        };
        assert_eq!(read("The example of RFC 2595").0, [true, true]);
        assert_eq!(read("Acting for somebody else").0, [true, true]);
        let (valid, damaged) = read("A damaged copy of it");
        assert_eq!((valid, damaged.octets.len(), damaged.mistakes[0].at), ([false, false], 22, 13));
        assert_eq!(read("No password").0, [false, false]);
        assert_eq!(read("A line break inside").0, [false, true]);
        assert_eq!(read("Six octets for one letter").0, [true, false]);
        assert_eq!(read("A letter in disguise").0, [true, false]);
        let (valid, broken) = read("Broken base64");
        assert_eq!((valid, broken.mistakes[0].in_text), ([false, false], true));
    }
}
