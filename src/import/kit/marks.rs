//! Lines of a transcript that are not of the dialogue: where TLS begins, where a connection begins.

use super::recognise::{tagged_command, tagged_status};

/// What such a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Mark {
    /// A handshake stands here.
    TlsBegan,
    /// A handshake stands here that failed.
    TlsFailed,
    /// A new connection begins.
    Connection,
    /// What follows is outside TLS, although a handshake had begun.
    ClearAgain,
    /// A comment.
    Comment,
}

/// Reads a line that has no sender, without the spaces around it. Where TLS stands, people write many things: the line
/// is not a sentence (it begins with a bracket, dashes and the like), and names TLS and what becomes of it.
///
/// `. STARTTLS` is a command with an odd tag and no such line.
pub(in crate::import) fn mark(text: &[u8]) -> Option<Mark> {
    match text.first()? {
        b'#' if !text.get(1).is_some_and(u8::is_ascii_alphanumeric) || !spoken(text) => Some(comment(text)),
        _ if tagged_status(text) => None,
        _ if text.last().is_some_and(u8::is_ascii_alphanumeric) && tagged_command(text) => None,
        b'<' | b'[' | b'(' | b'{' | b'=' | b'-' | b'~' | b'_' | b'.' => tls(text),
        b'*' if !text.starts_with(b"* ") && text != b"*" => tls(text),
        _ => None,
    }
}

fn spoken(text: &[u8]) -> bool {
    tagged_command(text) || tagged_status(text)
}

fn comment(text: &[u8]) -> Mark {
    let inner = text.trim_start_with(b'#');
    let lower = inner.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix(b"connection") {
        let number = rest.trim_ascii().trim_end_with(b':');
        if !number.is_empty() && number.iter().all(u8::is_ascii_digit) {
            return Mark::Connection;
        }
    }
    if ["clear text again", "cleartext again", "plain text again", "plaintext again"]
        .iter()
        .any(|words| lower.starts_with(words.as_bytes()))
    {
        return Mark::ClearAgain;
    }
    let named = lower.starts_with(b"tls") || lower.starts_with(b"ssl") || lower.starts_with(b"starttls");
    if named { tls(inner).unwrap_or(Mark::Comment) } else { Mark::Comment }
}

fn tls(text: &[u8]) -> Option<Mark> {
    let lower = text.get(..text.len().min(200))?.to_ascii_lowercase();
    let (mut named, mut said, mut denied, mut failed, mut others) = (false, false, false, false, false);
    for word in lower.split(|o| !o.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let is = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem.as_bytes()));
        if is(&["tls", "ssl", "starttls", "stls"]) {
            named = true;
        } else if is(&["negotiat", "handshak", "begin", "start", "establish", "layer", "active", "encrypt"]) {
            said = true;
        } else if is(&["fail", "abort", "reject", "refus"]) {
            failed = true;
        } else if matches!(word, b"no" | b"not" | b"without" | b"never" | b"off")
            || is(&["end", "clos", "shut", "stop"])
        {
            denied = true;
        } else {
            others = true;
        }
    }
    if !named || denied {
        return None;
    }
    if failed {
        return Some(Mark::TlsFailed);
    }
    (said || !others).then_some(Mark::TlsBegan)
}

/// Trimming of one octet, repeated, and of spaces around it.
trait TrimWith {
    fn trim_start_with(&self, octet: u8) -> &Self;
    fn trim_end_with(&self, octet: u8) -> &Self;
}

impl TrimWith for [u8] {
    fn trim_start_with(&self, octet: u8) -> &Self {
        let mut rest = self;
        while let [first, behind @ ..] = rest
            && (*first == octet || first.is_ascii_whitespace())
        {
            rest = behind;
        }
        rest
    }

    fn trim_end_with(&self, octet: u8) -> &Self {
        let mut rest = self;
        while let [before @ .., last] = rest
            && (*last == octet || last.is_ascii_whitespace())
        {
            rest = before;
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_marked_in_many_words() {
        for line in [
            "<TLS negotiation>",
            "<TLS negotiation, further commands are under [TLS] layer>",
            "<TLS negotiation, further commands are under",
            "==TLS==",
            "[TLS handshake]",
            "*** TLS handshake begins ***",
            "--- TLS started ---",
            "(TLS negotiation takes place)",
            "<starts TLS negotiation>",
            "# TLS handshake",
        ] {
            assert_eq!(mark(line.as_bytes()), Some(Mark::TlsBegan), "{line}");
        }
        assert_eq!(mark(b"<TLS negotiation fails>"), Some(Mark::TlsFailed));
        assert_eq!(mark(b"# Connection 2:"), Some(Mark::Connection));
        assert_eq!(mark(b"# clear text again"), Some(Mark::ClearAgain));
        for line in ["# proxy header: PROXY", "# connection to the TLS port", "# no TLS here"] {
            assert_eq!(mark(line.as_bytes()), Some(Mark::Comment), "{line}");
        }
        for line in [
            "The TLS negotiation begins",
            "* OK TLS handshake",
            "<no TLS negotiation>",
            "(see TLS)",
            "*",
            ". STARTTLS",
            "- OK TLS started",
        ] {
            assert_eq!(mark(line.as_bytes()), None, "{line}");
        }
    }
}
