//! ACAP for somebody in the middle.

use super::grammar;
use crate::proto::{Answer, Dialect, Literals};
use crate::trace::Verb;

/// ACAP's dialect. The greeting is the only place for capabilities.
pub(super) static DIALECT: Dialect = Dialect {
    splitter: || Box::new(Literals::default()),
    without_capabilities,
    starttls_words: &["STARTTLS"],
    starttls_tag,
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

fn starttls_tag(message: &[u8]) -> Option<Vec<u8>> {
    let parsed = grammar::command(message)?;
    (parsed.verb == Verb::StartTls).then(|| message.get(parsed.tag).unwrap_or_default().to_vec())
}

fn answer(tag: &[u8], answer: Answer, text: &str) -> Vec<u8> {
    let word = match answer {
        Answer::No => "NO",
        Answer::Bad => "BAD",
    };
    [tag, b" ", word.as_bytes(), b" \"", text.as_bytes(), b"\"\r\n"].concat()
}
