//! What is private in a SASL message, by its mechanism's form.

use super::Kind;
use crate::sasl::{self, Reveals};
use std::ops::Range;

/// The private parts of a message, in order.
pub type Parts = Vec<(Range<usize>, Kind)>;

/// The private parts of a client's message.
#[must_use]
pub fn parts(mechanism: &str, answer: u32, message: &[u8]) -> Parts {
    let whole = |kind| vec![(0..message.len(), kind)];
    match mechanism {
        "PLAIN" => plain(message),
        "LOGIN" => whole(if answer == 0 { Kind::User } else { Kind::Password }),
        "EXTERNAL" | "ANONYMOUS" => whole(Kind::User),
        "CRAM-MD5" => match message.iter().rposition(|&o| o == b' ') {
            Some(space) => {
                vec![(0..space, Kind::User), (space.saturating_add(1)..message.len(), Kind::Proof)]
            }
            None => whole(Kind::Proof),
        },
        "XOAUTH2" | "OAUTHBEARER" => bearer(message),
        _ if mechanism.starts_with("SCRAM-") => scram(message),
        _ if sasl::reveals(mechanism) == Reveals::Password => whole(Kind::Password),
        _ => whole(Kind::Proof),
    }
}

/// The private parts of a server's challenge. A prompt says nothing private.
#[must_use]
pub fn challenge(mechanism: &str, message: &[u8]) -> Parts {
    let prompt = |word: &[u8]| message.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let asks = mechanism == "LOGIN" && (prompt(b"user") || prompt(b"pass"));
    if asks || message.is_empty() { Vec::new() } else { vec![(0..message.len(), Kind::Proof)] }
}

/// `[authzid] NUL authcid NUL passwd` (RFC 4616). With any other number of NULs each field may be the password.
fn plain(message: &[u8]) -> Parts {
    let fields = split(message, b'\0');
    let usual = fields.len() == 3;
    let kind = |number: usize| if usual && number < 2 { Kind::User } else { Kind::Password };
    fields.into_iter().enumerate().map(|(number, range)| (range, kind(number))).collect()
}

/// Pairs of key and value between ^A (RFC 7628; XOAUTH2 is alike), behind a GS2 header.
fn bearer(message: &[u8]) -> Parts {
    let mut parts = Vec::new();
    for range in split(message, 1) {
        let text = message.get(range.clone()).unwrap_or_default();
        let behind = |at: usize| range.start.saturating_add(at)..range.end;
        if let Some(at) = find(text, b"auth=") {
            let word = text.get(at..).unwrap_or_default();
            let scheme = word.iter().position(|&o| o == b' ').map_or(5, |space| space.saturating_add(1));
            parts.push((behind(at.saturating_add(scheme)), Kind::Token));
        } else if text.starts_with(b"user=") {
            parts.push((behind(5), Kind::User));
        } else if text.starts_with(b"host=") {
            parts.push((behind(5), Kind::Host));
        } else if let Some(at) = find(text, b"a=").filter(|_| range.start == 0) {
            let name = behind(at.saturating_add(2));
            let comma = text.get(at..).and_then(|text| text.iter().position(|&o| o == b','));
            let end = comma.map_or(name.end, |comma| range.start.saturating_add(at).saturating_add(comma));
            parts.push((name.start..end, Kind::User));
        } else if !text.starts_with(b"port=") && !text.is_empty() && !text.eq_ignore_ascii_case(b"n,,") {
            parts.push((range, Kind::Token));
        }
    }
    parts
}

/// Attributes between commas (RFC 5802).
fn scram(message: &[u8]) -> Parts {
    let ranges = split(message, b',').into_iter();
    let parts = ranges.filter_map(|range| {
        let text = message.get(range.clone())?;
        let kind = match text.get(..2)? {
            b"n=" | b"a=" => Kind::User,
            b"r=" | b"p=" if text != b"p=tls-unique" && text != b"p=tls-exporter" => Kind::Proof,
            _ => return None,
        };
        Some((range.start.saturating_add(2)..range.end, kind))
    });
    parts.collect()
}

fn split(message: &[u8], by: u8) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, octet) in message.iter().enumerate() {
        if *octet == by {
            ranges.push(start..at);
            start = at.saturating_add(1);
        }
    }
    ranges.push(start..message.len());
    ranges
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mechanism: &str, message: &str) -> Vec<(String, Kind)> {
        let parts = parts(mechanism, 0, message.as_bytes());
        parts.into_iter().map(|(range, kind)| (message[range].to_owned(), kind)).collect()
    }

    #[test]
    fn every_mechanism_is_cut_at_its_own_joints() {
        let is = |text: &str, kind| (text.to_owned(), kind);
        assert_eq!(
            shown("PLAIN", "\0tim\0geheim"),
            [is("", Kind::User), is("tim", Kind::User), is("geheim", Kind::Password)]
        );
        assert_eq!(shown("PLAIN", "tim\0geheim"), [is("tim", Kind::Password), is("geheim", Kind::Password)]);
        assert_eq!(shown("CRAM-MD5", "tim b913a602"), [is("tim", Kind::User), is("b913a602", Kind::Proof)]);
        assert_eq!(
            shown("XOAUTH2", "user=tim\u{1}auth=Bearer ya29\u{1}\u{1}"),
            [is("tim", Kind::User), is("ya29", Kind::Token)]
        );
        assert_eq!(
            shown(
                "OAUTHBEARER",
                "n,a=tim@x.org,\u{1}host=mail.x.org\u{1}port=143\u{1}auth=Bearer ya29\u{1}\u{1}"
            ),
            [is("tim@x.org", Kind::User), is("mail.x.org", Kind::Host), is("ya29", Kind::Token)]
        );
        assert_eq!(shown("SCRAM-SHA-256", "n,,n=tim,r=abc"), [is("tim", Kind::User), is("abc", Kind::Proof)]);
        assert_eq!(shown("NTLM", "NTLMSSP"), [is("NTLMSSP", Kind::Proof)]);
        assert_eq!(challenge("LOGIN", b"Password:"), []);
        assert_eq!(challenge("CRAM-MD5", b"<1@x>"), [(0..5, Kind::Proof)]);
    }
}
