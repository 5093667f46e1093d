//! The parts of IMAP's grammar that sessions of this kind need (RFC 3501 section 9, RFC 9051 section 9).

use crate::proto::exchange::{mechanism_name, named};
use crate::trace::{Span, Status, UNKNOWN, Verb};
use std::borrow::Cow;
use std::ops::Range;

/// The place of a slice's part, counted from the slice's start.
pub type Part = Range<usize>;

/// `tag = 1*<any ASTRING-CHAR except "+">`: splits a client line into its tag, its command word and what follows
/// the space behind it.
#[must_use]
pub fn command(line: &[u8]) -> Option<(Part, Part, Part)> {
    let space = line.iter().position(|&o| o == b' ')?;
    let tag = line.get(..space)?;
    if tag.is_empty() || !tag.iter().all(|&o| is_astring_char(o) && o != b'+') {
        return None;
    }
    let start = space.checked_add(1)?;
    let rest = line.get(start..)?;
    let length = rest.iter().position(|&o| o == b' ').unwrap_or(rest.len());
    let end = start.checked_add(length)?;
    if length == 0 || !rest.get(..length)?.iter().all(|o| o.is_ascii_graphic()) {
        return None;
    }
    Some((0..space, start..end, end.saturating_add(1).min(line.len())..line.len()))
}

/// `ASTRING-CHAR = ATOM-CHAR / resp-specials`.
#[must_use]
pub fn is_astring_char(octet: u8) -> bool {
    octet.is_ascii_graphic() && !matches!(octet, b'(' | b')' | b'{' | b'%' | b'*' | b'"' | b'\\')
}

/// Reads the arguments of LOGIN: `astring SP astring`, each an atom, a quoted string or a literal. A literal's
/// octets stand in the same slice behind its announcement and line ending. Gives the parts without quotes.
#[must_use]
pub fn astring(octets: &[u8], from: usize) -> Option<(Part, usize)> {
    let rest = octets.get(from..)?;
    match rest.first()? {
        b'"' => {
            let mut at = from.checked_add(1)?;
            let start = at;
            loop {
                match octets.get(at)? {
                    b'"' => return Some((start..at, at.checked_add(1)?)),
                    b'\\' => at = at.checked_add(2)?,
                    b'\r' | b'\n' => return None,
                    _ => at = at.checked_add(1)?,
                }
            }
        }
        b'{' => {
            let line = crate::wire::line(octets, from, 0)?;
            let announced = crate::wire::literal(octets.get(line.text.clone())?)?;
            let start = line.end();
            let end = start.checked_add(usize::try_from(announced.octets).ok()?)?;
            (end <= octets.len()).then_some((start..end, end))
        }
        _ => {
            let length = rest.iter().position(|&o| matches!(o, b' ' | b'\r' | b'\n')).unwrap_or(rest.len());
            (length > 0).then_some((from..from.checked_add(length)?, from.checked_add(length)?))
        }
    }
}

/// The octets that a quoted string stands for: a backslash quotes the next octet (RFC 3501, `quoted`).
#[must_use]
pub fn unquoted(octets: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(octets.len());
    let mut quoted = false;
    for &octet in octets {
        if octet == b'\\' && !quoted {
            quoted = true;
        } else {
            quoted = false;
            plain.push(octet);
        }
    }
    plain
}

/// A server line's form (RFC 3501 section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// `+`
    Continue,
    /// `* ` and what follows.
    Untagged(Part),
    /// A tag, and what follows the space.
    Tagged(Part, Part),
}

/// Splits a server line.
#[must_use]
pub fn response(line: &[u8]) -> Option<Response> {
    match line {
        [b'+'] | [b'+', b' ', ..] => Some(Response::Continue),
        [b'*', b' ', ..] => Some(Response::Untagged(2..line.len())),
        _ => {
            let space = line.iter().position(|&o| o == b' ')?;
            let tag = line.get(..space)?;
            (!tag.is_empty() && tag.iter().all(|&o| is_astring_char(o) && o != b'+'))
                .then(|| Response::Tagged(0..space, space.saturating_add(1)..line.len()))
        }
    }
}

/// The status word at the start of a slice and what follows it: `resp-cond-state`, `resp-cond-bye` or the greeting's
/// words. Keywords are case-insensitive.
#[must_use]
pub fn status(octets: &[u8]) -> Option<(Status, usize)> {
    let length = octets.iter().position(|&o| o == b' ').unwrap_or(octets.len());
    let word = octets.get(..length)?;
    let status = [
        (&b"OK"[..], Status::Ok),
        (b"NO", Status::No),
        (b"BAD", Status::Bad),
        (b"BYE", Status::Bye),
        (b"PREAUTH", Status::Preauth),
    ]
    .into_iter()
    .find(|(name, _)| word.eq_ignore_ascii_case(name))
    .map(|(_, status)| status)?;
    Some((status, length.saturating_add(1).min(octets.len())))
}

/// The inside of a response code `[...]` at the start of a slice. It ends at the first bracket.
#[must_use]
pub fn code(octets: &[u8]) -> Option<Part> {
    octets.strip_prefix(b"[")?;
    let end = octets.iter().position(|&o| o == b']')?;
    Some(1..end)
}

/// The items behind the word CAPABILITY, of an untagged response or of a code; `None` for anything else.
#[must_use]
pub fn capability_items(octets: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let head = octets.get(..10)?;
    let rest = octets.get(10..)?;
    (head.eq_ignore_ascii_case(b"CAPABILITY") && rest.first().is_none_or(|&o| o == b' '))
        .then(|| rest.split(|&o| o == b' ').filter(|item| !item.is_empty()))
}

/// By name.
static COMMANDS: &[(&str, Verb)] = &[
    ("APPEND", Verb::Mailbox),
    ("AUTHENTICATE", Verb::Authenticate),
    ("CANCELUPDATE", Verb::Mailbox),
    ("CAPABILITY", Verb::Capability),
    ("CHECK", Verb::Mailbox),
    ("CLOSE", Verb::Mailbox),
    ("COMPARATOR", Verb::Mailbox),
    ("COMPRESS", Verb::Other),
    ("CONVERSIONS", Verb::Mailbox),
    ("CONVERT", Verb::Mailbox),
    ("COPY", Verb::Mailbox),
    ("CREATE", Verb::Mailbox),
    ("DELETE", Verb::Mailbox),
    ("DELETEACL", Verb::Mailbox),
    ("ENABLE", Verb::Mailbox),
    ("ESEARCH", Verb::Mailbox),
    ("EXAMINE", Verb::Mailbox),
    ("EXPUNGE", Verb::Mailbox),
    ("FETCH", Verb::Mailbox),
    ("GENURLAUTH", Verb::Mailbox),
    ("GETACL", Verb::Mailbox),
    ("GETMETADATA", Verb::Mailbox),
    ("GETQUOTA", Verb::Mailbox),
    ("GETQUOTAROOT", Verb::Mailbox),
    ("ID", Verb::Neutral),
    ("IDLE", Verb::Mailbox),
    ("LANGUAGE", Verb::Neutral),
    ("LIST", Verb::Mailbox),
    ("LISTRIGHTS", Verb::Mailbox),
    ("LOGIN", Verb::Login),
    ("LOGOUT", Verb::Logout),
    ("LSUB", Verb::Mailbox),
    ("MOVE", Verb::Mailbox),
    ("MYRIGHTS", Verb::Mailbox),
    ("NAMESPACE", Verb::Mailbox),
    ("NOOP", Verb::Neutral),
    ("NOTIFY", Verb::Mailbox),
    ("RENAME", Verb::Mailbox),
    ("REPLACE", Verb::Mailbox),
    ("RESETKEY", Verb::Mailbox),
    ("SEARCH", Verb::Mailbox),
    ("SELECT", Verb::Mailbox),
    ("SETACL", Verb::Mailbox),
    ("SETMETADATA", Verb::Mailbox),
    ("SETQUOTA", Verb::Mailbox),
    ("SORT", Verb::Mailbox),
    ("STARTTLS", Verb::StartTls),
    ("STATUS", Verb::Mailbox),
    ("STORE", Verb::Mailbox),
    ("SUBSCRIBE", Verb::Mailbox),
    ("THREAD", Verb::Mailbox),
    ("UID", Verb::Mailbox),
    ("UIDBATCHES", Verb::Mailbox),
    ("UNAUTHENTICATE", Verb::Other),
    ("UNSELECT", Verb::Mailbox),
    ("UNSUBSCRIBE", Verb::Mailbox),
    ("URLFETCH", Verb::Mailbox),
];

static UID_COMMANDS: &[&str] = &[
    "UID COPY",
    "UID EXPUNGE",
    "UID FETCH",
    "UID MOVE",
    "UID SEARCH",
    "UID SORT",
    "UID STORE",
    "UID THREAD",
];

/// Words that begin a line of somebody who forgot the tag, or who speaks another protocol: nobody uses them as tags.
#[must_use]
pub fn is_no_tag(word: &[u8]) -> bool {
    is_command(word)
        || [&b"USER"[..], b"PASS", b"APOP", b"AUTH", b"STLS"].iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// What a command word means, and its upper-case name with what reports add to it: UID's command and AUTHENTICATE's
/// mechanism.
#[must_use]
pub fn command_name(word: &[u8], arguments: &[u8]) -> (Verb, Cow<'static, str>) {
    let known = known_command(word);
    let first = arguments.split(|&o| o == b' ').next().unwrap_or_default();
    match known {
        Some(("UID", verb)) => {
            let name = UID_COMMANDS
                .iter()
                .find(|name| name.as_bytes().get(4..).is_some_and(|rest| rest.eq_ignore_ascii_case(first)));
            (*verb, Cow::Borrowed(name.copied().unwrap_or("UID")))
        }
        Some(("AUTHENTICATE", verb)) => (*verb, named("AUTHENTICATE", mechanism_name(first))),
        Some((name, verb)) => (*verb, Cow::Borrowed(*name)),
        None if is_private(word) => (Verb::Other, Cow::Owned(upper(word))),
        None => (Verb::Other, Cow::Borrowed(UNKNOWN)),
    }
}

/// Whether a word is a command of IMAP, so that a line without marks can be told from text.
#[must_use]
pub fn is_command(word: &[u8]) -> bool {
    known_command(word).is_some()
}

fn known_command(word: &[u8]) -> Option<&'static (&'static str, Verb)> {
    let upper = || word.iter().map(u8::to_ascii_uppercase);
    let at = COMMANDS.binary_search_by(|(name, _)| name.bytes().cmp(upper())).ok()?;
    COMMANDS.get(at)
}

/// A private extension's command: X and letters.
fn is_private(word: &[u8]) -> bool {
    matches!(word, [b'X' | b'x', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_alphabetic))
}

/// Upper-case text of octets; what is not UTF-8 becomes the replacement character.
#[must_use]
pub fn upper(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).to_uppercase()
}

static DATA: &[&str] = &[
    "CAPABILITY",
    "ENABLED",
    "EXISTS",
    "EXPUNGE",
    "FETCH",
    "FLAGS",
    "ID",
    "LIST",
    "LSUB",
    "NAMESPACE",
    "RECENT",
    "SEARCH",
    "STATUS",
];

/// The name of untagged data, which may stand behind a number (`* 3 EXISTS`).
#[must_use]
pub fn data_name(octets: &[u8]) -> Cow<'static, str> {
    let mut words = octets.split(|&o| o == b' ');
    let first = words.next().unwrap_or_default();
    let numbered = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    let word = if numbered { words.next().unwrap_or_default() } else { first };
    match DATA.iter().find(|name| word.eq_ignore_ascii_case(name.as_bytes())) {
        Some(name) => Cow::Borrowed(*name),
        None => Cow::Owned(upper(word)),
    }
}

/// A part of a slice as a place on the tape that the slice was taken from.
#[must_use]
pub fn span(base: usize, part: &Part) -> Span {
    let at = |offset: usize| u32::try_from(base.saturating_add(offset)).unwrap_or(u32::MAX);
    Span { start: at(part.start), end: at(part.end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<(&str, &str, &str)> {
        command(line.as_bytes()).map(|(tag, word, rest)| (&line[tag], &line[word], &line[rest]))
    }

    #[test]
    fn commands_are_sorted_so_that_they_are_found() {
        assert!(COMMANDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(is_command(b"login") && !is_command(b"LOGI") && !is_command(b"LOGINS"));
    }

    #[test]
    fn command_lines_have_a_tag_and_a_word() {
        assert_eq!(parts("a001 CAPABILITY"), Some(("a001", "CAPABILITY", "")));
        assert_eq!(parts("a2 LOGIN tim x"), Some(("a2", "LOGIN", "tim x")));
        assert_eq!(parts("dGltAHRpbQ=="), None);
        assert_eq!(parts("* OK hi"), None);
        assert_eq!(parts("+ go on"), None);
        assert_eq!(parts("DONE"), None);
        assert_eq!(parts(""), None);
    }

    #[test]
    fn strings_come_in_three_forms() {
        let octets = b"tim \"a \\\"b\" {3}\r\nx y {2+}\r\nzz";
        let (first, at) = astring(octets, 0).unwrap();
        let (second, at) = astring(octets, at + 1).unwrap();
        let (third, at) = astring(octets, at + 1).unwrap();
        let (fourth, end) = astring(octets, at + 1).unwrap();
        assert_eq!(&octets[first], b"tim");
        assert_eq!(unquoted(&octets[second]), b"a \"b");
        assert_eq!((&octets[third], &octets[fourth], end), (&b"x y"[..], &b"zz"[..], octets.len()));
    }

    #[test]
    fn responses_codes_and_names() {
        assert_eq!(response(b"+"), Some(Response::Continue));
        assert_eq!(response(b"+OK ready"), None);
        assert_eq!(response(b"* 3 EXISTS"), Some(Response::Untagged(2..10)));
        assert_eq!(status(b"oK [ALERT] x"), Some((Status::Ok, 3)));
        assert_eq!(code(b"[CAPABILITY IMAP4rev1] hi"), Some(1..21));
        assert_eq!(data_name(b"3 EXISTS"), "EXISTS");
        assert_eq!(command_name(b"uid", b"fetch 1 FLAGS"), (Verb::Mailbox, Cow::Borrowed("UID FETCH")));
        assert_eq!(command_name(b"authenticate", b"plain AHR").1, "AUTHENTICATE PLAIN");
    }
}
