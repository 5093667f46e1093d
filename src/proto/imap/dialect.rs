//! IMAP for somebody in the middle.

use super::grammar::{self, Response};
use crate::base::Protocol;
use crate::proto::{Answer, Asked, Dialect, Literals};
use std::ops::Range;

/// IMAP's dialect.
pub(super) static DIALECT: Dialect = Dialect {
    protocol: Protocol::Imap,
    ports: &[143, 993],
    application: Some("imap"),
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
    for place in capability_words(message).into_iter().rev() {
        if drop(&grammar::upper(message.get(place.clone()).unwrap_or_default())) {
            // With the space before it.
            kept.drain(place.start.saturating_sub(1)..place.end);
        }
    }
    (kept.len() < message.len()).then_some(kept)
}

/// Capabilities stand in the greeting's code, in an untagged CAPABILITY and in the code of any status response.
fn capability_words(message: &[u8]) -> Vec<Range<usize>> {
    let line = message.split(|&o| o == b'\r').next().unwrap_or_default();
    let rest = match grammar::response(line) {
        Some(Response::Untagged(rest) | Response::Tagged(_, rest)) => rest,
        Some(Response::Continue) | None => return Vec::new(),
    };
    let octets = line.get(rest.clone()).unwrap_or_default();
    let list = match grammar::status(octets) {
        None => 0..octets.len(),
        Some((_, behind)) => match octets.get(behind..).and_then(grammar::code) {
            Some(code) => behind.saturating_add(code.start)..behind.saturating_add(code.end),
            None => return Vec::new(),
        },
    };
    let base = rest.start.saturating_add(list.start);
    let octets = octets.get(list).unwrap_or_default();
    if grammar::capability_items(octets).is_none() {
        return Vec::new();
    }
    let mut words = Vec::new();
    let mut at = base;
    for word in octets.split(|&o| o == b' ') {
        if at > base && !word.is_empty() {
            words.push(at..at.saturating_add(word.len()));
        }
        at = at.saturating_add(word.len()).saturating_add(1);
    }
    words
}

fn items(message: &[u8]) -> Option<Vec<String>> {
    let words = capability_words(message);
    let text = |word: &Range<usize>| {
        String::from_utf8_lossy(message.get(word.clone()).unwrap_or_default()).into_owned()
    };
    (!words.is_empty()).then(|| words.iter().map(text).collect())
}

fn with_items(message: &[u8], items: &[&str]) -> Option<Vec<u8>> {
    let end = capability_words(message).last()?.end;
    let mut with = message.get(..end)?.to_vec();
    for item in items {
        with.push(b' ');
        with.extend_from_slice(item.as_bytes());
    }
    with.extend_from_slice(message.get(end..)?);
    Some(with)
}

fn command(message: &[u8]) -> Option<Asked> {
    let line = message.split(|&o| matches!(o, b'\r' | b'\n')).next()?;
    let (tag, word, rest) = grammar::command(line)?;
    let (verb, name) = grammar::command_name(line.get(word)?, line.get(rest)?);
    Some(Asked { tag: line.get(tag)?.to_vec(), verb, name: name.into_owned() })
}

fn answer(tag: &[u8], answer: Answer, text: &str) -> Vec<u8> {
    let word = match answer {
        Answer::Ok => "OK",
        Answer::No => "NO",
        Answer::Bad => "BAD",
    };
    [tag, b" ", word.as_bytes(), b" ", text.as_bytes(), b"\r\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(message: &str) -> Vec<&str> {
        capability_words(message.as_bytes()).into_iter().map(|word| &message[word]).collect()
    }

    #[test]
    fn lists_are_found_in_all_their_places_and_nowhere_else() {
        assert_eq!(words("* CAPABILITY IMAP4rev1 STARTTLS\r\n"), ["IMAP4rev1", "STARTTLS"]);
        assert_eq!(words("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"), ["IMAP4rev1", "STARTTLS"]);
        assert_eq!(words("a1 OK [CAPABILITY IMAP4rev1] done\r\n"), ["IMAP4rev1"]);
        assert!(words("a1 OK CAPABILITY completed\r\n").is_empty());
        assert!(words("* LIST () \"/\" STARTTLS\r\n").is_empty());
    }
}
