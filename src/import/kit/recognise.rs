//! Which protocol a line belongs to.

use crate::base::{Protocol, Side};
use crate::proto::imap::grammar;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A line protocol that a recording may hold, ours or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// A protocol of RFC 2595.
    Mail(Protocol),
    /// RFC 5321, RFC 2033.
    Smtp,
    /// RFC 5804.
    ManageSieve,
    /// RFC 9112.
    Http,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mail(protocol) => protocol.title(),
            Self::Smtp => "SMTP",
            Self::ManageSieve => "ManageSieve",
            Self::Http => "HTTP",
        })
    }
}

/// What one line of one side tells; `None` where several protocols would write it.
#[must_use]
pub fn recognise(from: Side, line: &[u8]) -> Option<Dialect> {
    match from {
        Side::Server => server(line),
        Side::Client => client(line),
    }
}

fn server(line: &[u8]) -> Option<Dialect> {
    let imap = Dialect::Mail(Protocol::Imap);
    if let Some(rest) = line.strip_prefix(b"* ") {
        let acap = rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"ACAP"))
            && rest.get(4).is_none_or(|&o| o == b' ');
        return Some(if acap { Dialect::Mail(Protocol::Acap) } else { imap });
    }
    if line.starts_with(b"+OK") || line.starts_with(b"-ERR") {
        return Some(Dialect::Mail(Protocol::Pop3));
    }
    if line.starts_with(b"HTTP/") {
        return Some(Dialect::Http);
    }
    let word = first_word(line);
    let digits = line.get(..3).is_some_and(|code| code.iter().all(u8::is_ascii_digit));
    let behind = line.get(word.len().saturating_add(1)..).unwrap_or_default();
    if digits && matches!(line.get(3), None | Some(b' ' | b'-')) {
        // `250 OK` may be an answer of SMTP or of IMAP to a command with the tag 250.
        return (line.get(3) != Some(&b' ') || grammar::status(behind).is_none()).then_some(Dialect::Smtp);
    }
    if line.starts_with(b"\"") {
        let name = line.get(1..).unwrap_or_default().split(|&o| o == b'"').next().unwrap_or_default();
        return any(
            name,
            &["IMPLEMENTATION", "SASL", "SIEVE", "STARTTLS", "VERSION", "NOTIFY", "MAXREDIRECTS"],
        )
        .then_some(Dialect::ManageSieve);
    }
    let quoted_or_code = behind.is_empty() || matches!(behind.first(), Some(b'"' | b'(' | b'{'));
    if any(word, &["OK", "NO", "BYE"]) && quoted_or_code {
        return Some(Dialect::ManageSieve);
    }
    tagged_status(line).then_some(imap)
}

fn client(line: &[u8]) -> Option<Dialect> {
    let word = first_word(line);
    let arguments = line.get(word.len().saturating_add(1)..).unwrap_or_default();
    if any(word, &["EHLO", "HELO", "LHLO"]) {
        return Some(Dialect::Smtp);
    }
    if (any(word, &["MAIL"]) && starts(arguments, b"FROM:"))
        || (any(word, &["RCPT"]) && starts(arguments, b"TO:"))
    {
        return Some(Dialect::Smtp);
    }
    if any(word, &["PUTSCRIPT", "CHECKSCRIPT", "LISTSCRIPTS", "SETACTIVE", "HAVESPACE", "GETSCRIPT"])
        || (any(word, &["AUTHENTICATE"]) && arguments.first() == Some(&b'"'))
    {
        return Some(Dialect::ManageSieve);
    }
    if any(word, &["GET", "POST", "HEAD", "PUT"]) && arguments.windows(6).any(|part| part == b" HTTP/") {
        return Some(Dialect::Http);
    }
    if tagged_command(line) {
        return Some(Dialect::Mail(if quoted_mechanism(line) { Protocol::Acap } else { Protocol::Imap }));
    }
    let pop3 = (arguments.is_empty() && any(word, &["CAPA", "STLS", "STAT"]))
        || (!arguments.is_empty() && any(word, &["USER", "PASS", "APOP"]));
    pop3.then_some(Dialect::Mail(Protocol::Pop3))
}

/// AUTHENTICATE with its mechanism in quotes, as ACAP writes it; in IMAP it is an atom.
fn quoted_mechanism(line: &[u8]) -> bool {
    let Some((_, word, rest)) = grammar::command(line) else { return false };
    any(line.get(word).unwrap_or_default(), &["AUTHENTICATE"])
        && line.get(rest).is_some_and(|arguments| arguments.first() == Some(&b'"'))
}

/// A tag and a known IMAP command.
#[must_use]
pub fn tagged_command(line: &[u8]) -> bool {
    grammar::command(line)
        .and_then(|(_, word, _)| line.get(word))
        .is_some_and(|word| grammar::is_command(word) && word.is_ascii())
}

/// A tag and the status of a final answer of IMAP.
#[must_use]
pub fn tagged_status(line: &[u8]) -> bool {
    use crate::trace::Status;
    let Some(grammar::Response::Tagged(_, rest)) = grammar::response(line) else { return false };
    let status = line.get(rest).and_then(grammar::status).map(|(status, _)| status);
    matches!(status, Some(Status::Ok | Status::No | Status::Bad))
}

fn first_word(line: &[u8]) -> &[u8] {
    line.split(|&o| o == b' ').next().unwrap_or_default()
}

fn any(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

fn starts(octets: &[u8], prefix: &[u8]) -> bool {
    octets.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_and_first_commands_tell_the_protocol() {
        let server = |line: &str| recognise(Side::Server, line.as_bytes());
        let client = |line: &str| recognise(Side::Client, line.as_bytes());
        let imap = Some(Dialect::Mail(Protocol::Imap));
        let pop3 = Some(Dialect::Mail(Protocol::Pop3));
        for line in ["* OK ready", "* PREAUTH x", "* CAPABILITY IMAP4rev1", "a1 OK done", ". NO x", "$ BAD y"]
        {
            assert_eq!(server(line), imap, "{line}");
        }
        for line in ["A1 CAPABILITY", "1 login tim x", "x.1 STARTTLS", "$ LOGOUT", ". NOOP"] {
            assert_eq!(client(line), imap, "{line}");
        }
        assert_eq!(server("* ACAP (SASL \"CRAM-MD5\") (STARTTLS)"), Some(Dialect::Mail(Protocol::Acap)));
        assert_eq!(client("a1 AUTHENTICATE \"CRAM-MD5\""), Some(Dialect::Mail(Protocol::Acap)));
        for line in ["+OK ready", "-ERR no"] {
            assert_eq!(server(line), pop3, "{line}");
        }
        for line in ["CAPA", "stls", "USER tim", "APOP tim c4c9334bac560ecc979e58001b3e22fb"] {
            assert_eq!(client(line), pop3, "{line}");
        }
        for line in ["220 mail ESMTP", "250-STARTTLS", "334"] {
            assert_eq!(server(line), Some(Dialect::Smtp), "{line}");
        }
        assert_eq!(client("EHLO x"), Some(Dialect::Smtp));
        assert_eq!(client("mail from:<a@b>"), Some(Dialect::Smtp));
        assert_eq!(server("\"IMPLEMENTATION\" \"x\""), Some(Dialect::ManageSieve));
        assert_eq!(server("OK \"begin TLS\""), Some(Dialect::ManageSieve));
        assert_eq!(client("Authenticate \"PLAIN\""), Some(Dialect::ManageSieve));
        assert_eq!(server("HTTP/1.1 200 OK"), Some(Dialect::Http));
        assert_eq!(client("GET / HTTP/1.1"), Some(Dialect::Http));
        for line in ["250 OK", "+ go on", "hello", ""] {
            assert_eq!(server(line), None, "{line}");
        }
        for line in ["QUIT", "NOOP", "STARTTLS", "dGltAHRpbQ==", "*", "a1 FROB"] {
            assert_eq!(client(line), None, "{line}");
        }
    }
}
