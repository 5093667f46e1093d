//! ACAP for somebody in the middle.

use super::grammar;
use crate::base::Protocol;
use crate::proto::{Answer, Asked, Dialect, Literals};
use crate::trace::Verb;

/// ACAP's dialect. The greeting is the only place for capabilities.
pub(super) static DIALECT: Dialect = Dialect {
    protocol: Protocol::Acap,
    ports: &[674],
    application: None,
    splitter: || Box::new(Literals::default()),
    without_capabilities,
    starttls_words: &["STARTTLS"],
    items,
    with_items,
    command,
    answer,
};

fn without_capabilities(message: &[u8], drop: &dyn Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut kept = message.to_vec();
    for (place, text) in grammar::greeting_items(message)?.into_iter().rev() {
        if drop(&text.split(' ').next().unwrap_or_default().to_uppercase()) {
            kept.drain(place.start.saturating_sub(1)..place.end);
        }
    }
    (kept.len() < message.len()).then_some(kept)
}

fn items(message: &[u8]) -> Option<Vec<String>> {
    Some(grammar::greeting_items(message)?.into_iter().map(|(_, text)| text).collect())
}

fn with_items(message: &[u8], items: &[&str]) -> Option<Vec<u8>> {
    grammar::greeting_items(message)?;
    let end = crate::wire::text(message).len();
    let mut with = message.get(..end)?.to_vec();
    for item in items {
        let mut words = item.split(' ');
        let mut written = words.next().unwrap_or_default().to_owned();
        for word in words {
            written.push_str(&format!(" \"{word}\""));
        }
        with.extend_from_slice(format!(" ({written})").as_bytes());
    }
    with.extend_from_slice(message.get(end..)?);
    Some(with)
}

fn command(message: &[u8]) -> Option<Asked> {
    let parsed = grammar::command(message)?;
    let tag = message.get(parsed.tag)?.to_vec();
    let mechanism = match parsed.arguments.as_slice() {
        [grammar::Token::String(first), ..] if parsed.verb == Verb::Authenticate => {
            format!(" {}", String::from_utf8_lossy(&grammar::content(message, first)).to_uppercase())
        }
        _ => String::new(),
    };
    Some(Asked { tag, verb: parsed.verb, name: format!("{}{mechanism}", parsed.name) })
}

fn answer(tag: &[u8], answer: Answer, text: &str) -> Vec<u8> {
    let word = match answer {
        Answer::Ok => "OK",
        Answer::No => "NO",
        Answer::Bad => "BAD",
    };
    [tag, b" ", word.as_bytes(), b" \"", text.as_bytes(), b"\"\r\n"].concat()
}
