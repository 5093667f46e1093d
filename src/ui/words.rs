//! The texts that are made from values.

use super::session::Session;
use crate::base::{Layer, Party, Protocol, Side, Switch};
use crate::pipeline::RunVerdict;
use crate::rules::Outcome;
use crate::view::{Band, Change, Row, RowKind};

/// The longest sentence that is announced.
const SPOKEN: usize = 140;

/// A sentence cut to what can be listened to.
#[must_use]
pub fn spoken(sentence: &str) -> String {
    if sentence.chars().count() <= SPOKEN {
        return sentence.to_owned();
    }
    let mut text: String = sentence.chars().take(SPOKEN.saturating_sub(1)).collect();
    text.push('…');
    text
}

/// What a row is, in two or three words, for the scrubber.
#[must_use]
pub fn gist(row: &Row) -> String {
    match &row.kind {
        RowKind::Band(Band::TlsUp, _) => "TLS is up".to_owned(),
        RowKind::Band(Band::TlsAtMiddle, _) => "TLS with the middle".to_owned(),
        RowKind::Band(Band::TlsBegan, _) => "TLS handshake".to_owned(),
        RowKind::Band(Band::TlsFailed, _) => "TLS failed".to_owned(),
        RowKind::Band(Band::TlsEnded, _) => "TLS ends".to_owned(),
        RowKind::Band(Band::Lookup, _) => "a look-up".to_owned(),
        RowKind::Band(Band::Closed, text) if text.is_empty() => "a decision".to_owned(),
        RowKind::Band(Band::Closed, _) => "connection closed".to_owned(),
        RowKind::Unread { .. } => "not understood".to_owned(),
        RowKind::Foreign { protocol, .. } => format!("{protocol}, not covered"),
        RowKind::Message { .. } if row.exposes => "password visible".to_owned(),
        RowKind::Message { change: Change::Altered(_), .. } => "altered on the way".to_owned(),
        RowKind::Message { change: Change::Dropped, .. } => "kept by the middle".to_owned(),
        RowKind::Message { change: Change::Forged, .. } => "made up by the middle".to_owned(),
        RowKind::Message { early: true, .. } => "sent before TLS".to_owned(),
        RowKind::Message { from, .. } => {
            let layer = if row.layer == Layer::Tls { " in TLS" } else { "" };
            format!("{} speaks{layer}", from.name())
        }
    }
}

/// The scrubber's value in words.
#[must_use]
pub fn position(session: &Session, at: usize) -> String {
    match session.row(at) {
        Some(row) => {
            let (noun, last) = (session.noun(), session.place(session.last()));
            format!("{noun} {} of {last}: {}", row.place, gist(row))
        }
        None => "nothing to show".to_owned(),
    }
}

/// Mark and word of an outcome.
#[must_use]
pub fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "✕",
        Outcome::CannotTell => "?",
        Outcome::Pass => "✓",
        Outcome::NotApplicable | Outcome::NotInForce => "–",
    }
}

/// The class of an outcome.
#[must_use]
pub fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::CannotTell => "unknown",
        Outcome::Pass => "pass",
        Outcome::NotApplicable | Outcome::NotInForce => "none",
    }
}

/// Whom a verdict is about and how strict the rule is.
#[must_use]
pub fn duty(found: &RunVerdict) -> String {
    format!("{} · {}", found.verdict.side.name(), found.verdict.clause.keyword.word())
}

/// Where the rule stands and what the verdict rests on.
#[must_use]
pub fn basis(session: &Session, found: &RunVerdict) -> String {
    let requirement = found.verdict.rule.requirement();
    let cited = requirement.map(|r| format!("{} section {}", r.document.name(), r.section));
    let rests = (!found.places.is_empty()).then(|| places(session.noun(), &found.places));
    cited.into_iter().chain(rests).collect::<Vec<_>>().join(" · ")
}

/// `event 3`, `events 3, 5`, and no more than four of them.
#[must_use]
pub fn places(noun: &str, places: &[u32]) -> String {
    let list: Vec<_> = places.iter().take(4).map(u32::to_string).collect();
    let more = if places.len() > 4 { " …" } else { "" };
    format!("{noun}{} {}{more}", if places.len() == 1 { "" } else { "s" }, list.join(", "))
}

/// What the attacker got, after "gets".
#[must_use]
pub fn gain(harm: &crate::harm::Harm) -> String {
    match harm.id {
        "credential" => "the password".to_owned(),
        "content" => "the text of the mail".to_owned(),
        _ => harm.title.to_lowercase(),
    }
}

/// What a harm is worth to the attacker, as a thing that it can win.
#[must_use]
pub fn prize(harm: &crate::harm::Harm) -> &'static str {
    match harm.id {
        "credential" => "password",
        "content" => "mail",
        "attackers-account" => "victim in its account",
        "deceived" => "deceived user",
        "forged" => "forged state",
        "leak" => "another user's state",
        "redirected" => "redirected client",
        _ => harm.title,
    }
}

/// The values of a switch that mean something in a protocol: LOGINDISABLED is a word of IMAP only.
pub fn values(switch: &Switch, protocol: Protocol) -> impl Iterator<Item = &'static str> {
    let imap = protocol == Protocol::Imap;
    switch.values.iter().copied().filter(move |value| imap || !value.ends_with("+logindisabled"))
}

/// What a verdict says. One simulated run cannot be recorded better, only run another way.
#[must_use]
pub fn message(session: &Session, found: &RunVerdict) -> String {
    let message = &*found.verdict.message;
    let missing = message.split_once(": ").map_or(message, |(missing, _)| missing).trim_end_matches('.');
    if !session.simulated || found.verdict.outcome != Outcome::CannotTell {
        return message.replace('`', "");
    }
    let mut letters = missing.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    let advice = if message.contains("on, and note") {
        "Switch that on at the left and it is judged."
    } else {
        "It did not come to that here."
    };
    format!("This run does not show {first}{}. {advice}", letters.as_str())
}

/// A value of a switch as a label.
#[must_use]
pub fn value(switch: &Switch, value: &str) -> String {
    match (switch.id, value) {
        ("tls", "opportunistic") => "if offered".to_owned(),
        ("retry", "in-clear") => "retry without TLS".to_owned(),
        ("retry", "never") => "give up".to_owned(),
        ("auth", "auto") => "the best that is listed".to_owned(),
        ("auth", "login") => "password command".to_owned(),
        ("auth", "auth-login") => "LOGIN mechanism".to_owned(),
        ("auth", _) => value.to_uppercase(),
        ("mechanisms", "all") => "all of them".to_owned(),
        ("mechanisms", _) => value.to_uppercase().replace('+', ", "),
        ("answer", "no" | "bad") => value.to_uppercase(),
        ("answer", "close") => "hang up".to_owned(),
        ("strip", "starttls") => "STARTTLS only".to_owned(),
        ("strip", "starttls+logindisabled") => "with LOGINDISABLED".to_owned(),
        _ => value.replace('-', " "),
    }
}

/// A party at the start of a sentence.
#[must_use]
pub fn party(party: Party) -> &'static str {
    match party {
        Party::Client => "Client",
        Party::Middle => "In the middle",
        Party::Server => "Server",
    }
}

/// A side at the start of a sentence.
#[must_use]
pub fn side(side: Side) -> &'static str {
    party(match side {
        Side::Client => Party::Client,
        Side::Server => Party::Server,
    })
}

/// A list of commands with what they are.
pub fn commands<'a>(title: &str, commands: impl Iterator<Item = &'a str>) -> yew::Html {
    yew::html! {
        <div class="commands"><span>{ title.to_owned() }</span>
            <ul class="chips" aria-label={title.to_owned()}>{ for commands.map(|name| yew::html! { <li key={name}>{ name }</li> }) }</ul></div>
    }
}

/// `1 verdict`, `2 verdicts`.
#[must_use]
pub fn many(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
