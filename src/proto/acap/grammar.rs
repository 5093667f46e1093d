//! The parts of ACAP's grammar that sessions of this kind need (RFC 2244 sections 2.6 and 8).

use crate::trace::{Status, UNKNOWN, Verb};
use crate::wire;
use std::borrow::Cow;
use std::ops::Range;

static COMMANDS: &[(&str, Verb)] = &[
    ("AUTHENTICATE", Verb::Authenticate),
    ("DELETEACL", Verb::Mailbox),
    ("DELETEDSINCE", Verb::Mailbox),
    ("FREECONTEXT", Verb::Mailbox),
    ("GETQUOTA", Verb::Mailbox),
    ("LANG", Verb::Neutral),
    ("LISTRIGHTS", Verb::Mailbox),
    ("LOGOUT", Verb::Logout),
    ("MYRIGHTS", Verb::Mailbox),
    ("NOOP", Verb::Neutral),
    ("SEARCH", Verb::Mailbox),
    ("SETACL", Verb::Mailbox),
    ("STARTTLS", Verb::StartTls),
    ("STORE", Verb::Mailbox),
    ("UPDATECONTEXT", Verb::Mailbox),
];

/// One token of a message, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// An atom, a tag, a number.
    Word(Range<usize>),
    /// The content of a quoted string or of a literal.
    String(Range<usize>),
    /// `(`
    Open,
    /// `)`
    Close,
}

/// Cuts a whole message into tokens; `None` where the grammar is broken. A literal that breaks off at the end of the
/// octets is the string that is there.
#[must_use]
pub fn tokens(message: &[u8]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&octet) = message.get(at) {
        match octet {
            b' ' => at = at.checked_add(1)?,
            b'\r' | b'\n' => break,
            b'(' | b')' => {
                tokens.push(if octet == b'(' { Token::Open } else { Token::Close });
                at = at.checked_add(1)?;
            }
            b'"' => {
                let start = at.checked_add(1)?;
                let mut end = start;
                loop {
                    match message.get(end)? {
                        b'"' => break,
                        b'\\' => end = end.checked_add(2)?,
                        b'\r' | b'\n' => return None,
                        _ => end = end.checked_add(1)?,
                    }
                }
                tokens.push(Token::String(start..end));
                at = end.checked_add(1)?;
            }
            b'{' => {
                let line = wire::line(message, at, 0)?;
                let text = message.get(line.text.clone())?;
                // The announcement is all that is left of its line.
                let announced = wire::literal(text).filter(|found| found.announced_in == text.len())?;
                let start = line.end();
                let length = usize::try_from(announced.octets).unwrap_or(usize::MAX);
                let end = start.saturating_add(length).min(message.len());
                tokens.push(Token::String(start..end));
                at = end;
            }
            _ => {
                let rest = message.get(at..)?;
                let ends = |o: &u8| matches!(o, b' ' | b'(' | b')' | b'"' | b'{' | b'\r' | b'\n');
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                let end = at.checked_add(length)?;
                tokens.push(Token::Word(at..end));
                at = end;
            }
        }
    }
    Some(tokens)
}

/// What a string says: in a quoted one a backslash stands in front of a quote and of itself.
#[must_use]
pub fn content(message: &[u8], string: &Range<usize>) -> Vec<u8> {
    let octets = message.get(string.clone()).unwrap_or_default();
    let quoted = string.start.checked_sub(1).and_then(|before| message.get(before)) == Some(&b'"');
    if !quoted {
        return octets.to_vec();
    }
    let mut content = Vec::with_capacity(octets.len());
    let mut rest = octets.iter();
    while let Some(&octet) = rest.next() {
        content.push(if octet == b'\\' { rest.next().copied().unwrap_or(octet) } else { octet });
    }
    content
}

/// A client's command: the places of its tag and of what follows its name, what it means and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The tag.
    pub tag: Range<usize>,
    /// What the command means.
    pub verb: Verb,
    /// Its upper-case name.
    pub name: Cow<'static, str>,
    /// The tokens behind the name.
    pub arguments: Vec<Token>,
}

/// Reads a command message: `tag SP command-name *(SP argument)`.
#[must_use]
pub fn command(message: &[u8]) -> Option<Parsed> {
    let mut tokens = tokens(message)?.into_iter();
    let (Some(Token::Word(tag)), Some(Token::Word(word))) = (tokens.next(), tokens.next()) else {
        return None;
    };
    let first = message.get(tag.clone())?.first()?;
    if matches!(first, b'*' | b'+') {
        return None;
    }
    let word = message.get(word)?;
    let known = COMMANDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    let (name, verb) = known.copied().unwrap_or((UNKNOWN, Verb::Other));
    let name = Cow::Borrowed(name);
    Some(Parsed { tag, verb, name, arguments: tokens.collect() })
}

/// The status word of a response.
#[must_use]
pub fn status(word: &[u8]) -> Option<Status> {
    [(&b"OK"[..], Status::Ok), (b"NO", Status::No), (b"BAD", Status::Bad), (b"BYE", Status::Bye)]
        .into_iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, status)| status)
}

/// The response code behind a status word: what stands between the parentheses.
#[must_use]
pub fn code(message: &[u8], behind: &[Token]) -> Option<Range<usize>> {
    let [Token::Open, inner @ ..] = behind else { return None };
    let mut found: Option<Range<usize>> = None;
    let mut depth = 0_usize;
    for token in inner {
        match token {
            Token::Open => depth = depth.checked_add(1)?,
            Token::Close if depth == 0 => break,
            Token::Close => depth = depth.checked_sub(1)?,
            Token::Word(range) | Token::String(range) => {
                found = Some(found.map_or(range.start, |found| found.start)..range.end);
            }
        }
    }
    found.filter(|found| found.end <= message.len())
}

/// The capabilities of an untagged ACAP greeting: one item per pair of parentheses, its arguments behind its name.
#[must_use]
pub fn greeting_items(message: &[u8]) -> Option<Vec<(Range<usize>, String)>> {
    let tokens = tokens(message)?;
    let [Token::Word(star), Token::Word(word), items @ ..] = tokens.as_slice() else { return None };
    if message.get(star.clone())? != b"*" || !message.get(word.clone())?.eq_ignore_ascii_case(b"ACAP") {
        return None;
    }
    let mut found = Vec::new();
    let mut at = word.end;
    let mut parts: Option<Vec<&[u8]>> = None;
    for token in items {
        match token {
            Token::Open => parts = Some(Vec::new()),
            Token::Close => {
                let text = parts.take()?.join(&b' ');
                let close = at.checked_add(message.get(at..)?.iter().position(|&o| o == b')')?)?;
                let open = message.get(..close)?.iter().rposition(|&o| o == b'(')?;
                found.push((open..close.checked_add(1)?, String::from_utf8_lossy(&text).into_owned()));
                at = close.checked_add(1)?;
            }
            Token::Word(range) | Token::String(range) => {
                if let Some(parts) = &mut parts {
                    parts.push(message.get(range.clone())?);
                }
                // A closing parenthesis inside a string is none.
                at = range.end;
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(message: &str) -> Vec<String> {
        greeting_items(message.as_bytes()).unwrap().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn greeting_items_are_strings_in_any_form() {
        assert_eq!(
            items("* ACAP (IMPLEMENTATION \"x) y\") (SASL \"CRAM-MD5\" {5}\r\nPLAIN) (STARTTLS)\r\n"),
            ["IMPLEMENTATION x) y", "SASL CRAM-MD5 PLAIN", "STARTTLS"]
        );
        assert!(items("* ACAP\r\n").is_empty());
        assert!(greeting_items(b"* BYE \"no\"\r\n").is_none());
    }

    #[test]
    fn an_announcement_ends_its_line_and_a_literal_may_break_off() {
        assert_eq!(tokens(b"a X {3} y {2}\r\nab\r\n"), None);
        let cut = tokens(b"a X {9+}\r\nab").unwrap();
        assert_eq!(cut.last(), Some(&Token::String(10..12)));
        assert_eq!(tokens(b"a X {99999999999999999999+}\r\nab"), None);
    }

    #[test]
    fn what_a_quoted_string_says_has_no_backslashes_of_its_own() {
        let message = b"+ \"{\\\"status\\\":\\\\}\"\r\n";
        let tokens = tokens(message).unwrap();
        let Some(Token::String(challenge)) = tokens.get(1) else { panic!("no string") };
        assert_eq!(content(message, challenge), b"{\"status\":\\}");
        assert_eq!(content(b"{2}\r\n\\a", &(5..7)), b"\\a");
    }

    #[test]
    fn a_code_stands_in_parentheses_behind_the_status() {
        let code = |text: &[u8]| {
            let tokens = tokens(text).unwrap();
            code(text, &tokens[2..]).map(|code| text[code].to_vec())
        };
        assert_eq!(code(b"a NO (TRANSITION-NEEDED) \"x\"").unwrap(), b"TRANSITION-NEEDED");
        assert_eq!(code(b"a OK (SASL \"r) q\") \"x\"").unwrap(), b"SASL \"r) q");
        assert_eq!(code(b"a OK \"(no code)\""), None);
    }

    #[test]
    fn the_published_plain_example_is_one_message() {
        let message = b"a003 AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf\r\n";
        let parsed = command(message).unwrap();
        assert_eq!((parsed.verb, parsed.arguments.len()), (Verb::Authenticate, 2));
        let Some(Token::String(initial)) = parsed.arguments.get(1) else { panic!("no string") };
        assert_eq!(&message[initial.clone()], b"\0tim\0tanstaaftanstaaf");
    }
}
