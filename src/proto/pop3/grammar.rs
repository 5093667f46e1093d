//! The parts of POP3's grammar that sessions of this kind need (RFC 1939 sections 3 to 7, RFC 2449, RFC 5034).

use crate::proto::exchange::{mechanism_name, named};
use crate::trace::{Status, Verb};
use std::borrow::Cow;
use std::ops::Range;

/// A command line has at most this many octets, its ending included (RFC 2449 section 4).
pub const COMMAND_LIMIT: usize = 255;

static COMMANDS: &[(&str, Verb)] = &[
    ("APOP", Verb::Apop),
    ("AUTH", Verb::Authenticate),
    ("CAPA", Verb::Capability),
    ("DELE", Verb::Mailbox),
    ("LANG", Verb::Neutral),
    ("LAST", Verb::Mailbox),
    ("LIST", Verb::Mailbox),
    ("NOOP", Verb::Neutral),
    ("PASS", Verb::Pass),
    ("QUIT", Verb::Logout),
    ("RETR", Verb::Mailbox),
    ("RSET", Verb::Mailbox),
    ("STAT", Verb::Mailbox),
    ("STLS", Verb::StartTls),
    ("TOP", Verb::Mailbox),
    ("UIDL", Verb::Mailbox),
    ("USER", Verb::User),
    ("UTF8", Verb::Neutral),
    ("XTND", Verb::Mailbox),
];

/// A command line: its keyword and the octets behind the space.
#[must_use]
pub fn command(line: &[u8]) -> (&[u8], &[u8]) {
    let length = line.iter().position(|&o| o == b' ').unwrap_or(line.len());
    (line.get(..length).unwrap_or_default(), line.get(length.saturating_add(1)..).unwrap_or_default())
}

/// What a keyword means, and the name that reports give it; AUTH with its mechanism. AUTH alone asks for the list of
/// mechanisms (an old custom) and logs nobody in. `None`: not a command of POP3.
#[must_use]
pub fn command_name(keyword: &[u8], arguments: &[u8]) -> Option<(Verb, Cow<'static, str>)> {
    let (name, verb) = COMMANDS.iter().find(|(name, _)| keyword.eq_ignore_ascii_case(name.as_bytes()))?;
    if *verb == Verb::Authenticate {
        let mechanism = arguments.split(|&o| o == b' ').next().unwrap_or_default();
        if mechanism.is_empty() {
            return Some((Verb::Neutral, Cow::Borrowed(*name)));
        }
        return Some((*verb, named("AUTH", mechanism_name(mechanism))));
    }
    Some((*verb, Cow::Borrowed(*name)))
}

/// Whether a positive answer to this command line has several lines: CAPA, RETR and TOP always, LIST and UIDL without
/// an argument, AUTH without one (an old custom).
#[must_use]
pub fn multi_line(line: &[u8]) -> bool {
    let (keyword, arguments) = command(line);
    let is = |name: &str| keyword.eq_ignore_ascii_case(name.as_bytes());
    is("CAPA")
        || is("RETR")
        || is("TOP")
        || (arguments.is_empty() && (is("LIST") || is("UIDL") || is("AUTH")))
}

/// Arguments of the TRANSACTION state: numbers with one space between them. `None`: something else, or a number that no
/// maildrop has.
#[must_use]
pub fn numbers(arguments: &[u8]) -> Option<Vec<usize>> {
    if arguments.is_empty() {
        return Some(Vec::new());
    }
    arguments
        .split(|&o| o == b' ')
        .map(|word| {
            let digits = word.len() <= 9 && word.iter().all(u8::is_ascii_digit);
            std::str::from_utf8(word).ok().filter(|_| digits)?.parse().ok()
        })
        .collect()
}

/// A status line: `+OK` or `-ERR`, upper case only, and what follows the space. Look for this before a continuation.
#[must_use]
pub fn status(line: &[u8]) -> Option<(Status, usize)> {
    for (word, status) in [(&b"+OK"[..], Status::Ok), (b"-ERR", Status::Err)] {
        if let Some(rest) = line.strip_prefix(word)
            && rest.first().is_none_or(|&o| o == b' ')
        {
            return Some((status, word.len().saturating_add(1).min(line.len())));
        }
    }
    None
}

/// A continuation during AUTH: `+`, a space and base64 (RFC 5034 section 4).
#[must_use]
pub fn continuation(line: &[u8]) -> Option<&[u8]> {
    match line {
        [b'+'] => Some(&[]),
        [b'+', b' ', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// A response code: `[` right behind the status word's space, up to `]` (RFC 2449 section 8). Its place in the line,
/// without the brackets.
#[must_use]
pub fn code(line: &[u8]) -> Option<Range<usize>> {
    let (_, behind) = status(line)?;
    let start = behind.checked_add(1).filter(|_| line.get(behind) == Some(&b'['))?;
    let length = line.get(start..)?.iter().position(|&o| o == b']')?;
    Some(start..start.checked_add(length)?)
}

/// A line of a multi-line answer without the dot that was stuffed in front (RFC 1939 section 3).
#[must_use]
pub fn unstuffed(line: &[u8]) -> &[u8] {
    line.strip_prefix(b".").unwrap_or(line)
}

/// Text as a multi-line body: every line that begins with a dot gets one more, and a lone dot ends it.
#[must_use]
pub fn stuffed(text: &str) -> String {
    let mut body = String::with_capacity(text.len().saturating_add(3));
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            body.push('.');
        }
        body.push_str(line);
    }
    if !body.is_empty() && !body.ends_with("\r\n") {
        body.push_str("\r\n");
    }
    body.push_str(".\r\n");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_words_are_upper_case_and_a_plus_alone_is_none() {
        assert_eq!(status(b"+OK ready"), Some((Status::Ok, 4)));
        assert_eq!(status(b"-ERR"), Some((Status::Err, 4)));
        assert_eq!(status(b"+ok ready"), None);
        assert_eq!(status(b"+OKAY"), None);
        assert_eq!(continuation(b"+ abc"), Some(&b"abc"[..]));
        assert_eq!(continuation(b"+OK"), None);
    }

    #[test]
    fn which_answers_have_several_lines_depends_on_the_arguments() {
        for (line, expected) in
            [("CAPA", true), ("LIST", true), ("LIST 1", false), ("uidl", true), ("AUTH", true)]
        {
            assert_eq!(multi_line(line.as_bytes()), expected, "{line}");
        }
        assert!(!multi_line(b"STAT") && multi_line(b"top 1 0") && !multi_line(b"AUTH PLAIN"));
    }

    #[test]
    fn a_response_code_stands_right_behind_the_status_word() {
        assert_eq!(code(b"-ERR [IN-USE] busy").map(|c| (c.start, c.end)), Some((6, 12)));
        assert_eq!(code(b"-ERR see [AUTH]"), None);
        assert_eq!(code(b"-ERR [AUTH"), None);
        assert_eq!(code(b"+OK"), None);
    }

    #[test]
    fn auth_alone_asks_for_mechanisms_and_logs_nobody_in() {
        assert_eq!(command_name(b"auth", b""), Some((Verb::Neutral, Cow::Borrowed("AUTH"))));
        let (verb, name) = command_name(b"AUTH", b"plain =").unwrap();
        assert_eq!((verb, &*name), (Verb::Authenticate, "AUTH PLAIN"));
    }

    #[test]
    fn arguments_are_numbers_with_one_space_between_them() {
        assert_eq!(
            (numbers(b""), numbers(b"1"), numbers(b"1 007")),
            (Some(vec![]), Some(vec![1]), Some(vec![1, 7]))
        );
        for wrong in [&b" "[..], b"1 ", b"1  2", b"-1", b"+1", b"1x", b"1234567890", b"\xff"] {
            assert_eq!(numbers(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn dots_at_the_start_of_a_line_are_doubled() {
        assert_eq!(stuffed("a\r\n.b\r\n"), "a\r\n..b\r\n.\r\n");
        assert_eq!(unstuffed(b"..b"), b".b");
    }
}
