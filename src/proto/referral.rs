//! Referrals: an answer that names another server (RFC 2221, RFC 2193; RFC 2244 section 3.6), as IMAP (RFC 5092) and ACAP
//! (RFC 2244 section 10) write such an address.

/// A URL longer than this is nothing that a client follows, in octets.
const LIMIT: usize = 1000;

/// Where somebody is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// The host, in lower case.
    pub host: String,
    /// The port, where one is named.
    pub port: Option<u16>,
    /// What is there: a mailbox, a dataset; empty where only the host is named. Escapes are undone.
    pub path: String,
}

impl Referral {
    /// Reads a URL of a scheme, as `imap://ana;AUTH=*@mail.example.test:143/INBOX`. `None`: it is none, or names no host.
    #[must_use]
    pub fn read(url: &[u8], scheme: &str) -> Option<Self> {
        let url = std::str::from_utf8(url).ok().filter(|url| url.len() <= LIMIT)?;
        let (named, rest) = url.split_once("://")?;
        if !named.eq_ignore_ascii_case(scheme) {
            return None;
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (place, None),
        };
        let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_');
        if host.is_empty() || host.len() > 253 || !host.bytes().all(fits) {
            return None;
        }
        Some(Self { host: host.to_ascii_lowercase(), port, path: unescape(path)? })
    }
}

/// Undoes `%XX`. `None`: an escape is cut off, or what it gives is no text that a command can hold.
fn unescape(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(if octet == b'%' {
            digit(rest.next())?.checked_mul(16)?.checked_add(digit(rest.next())?)?
        } else {
            octet
        });
    }
    String::from_utf8(octets).ok().filter(|text| !text.chars().any(char::is_control))
}

fn digit(octet: Option<u8>) -> Option<u8> {
    u8::try_from(char::from(octet?).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Option<(String, Option<u16>, String)> {
        Referral::read(url.as_bytes(), "imap").map(|found| (found.host, found.port, found.path))
    }

    #[test]
    fn a_url_names_a_host_and_what_is_there() {
        let found = |host: &str, port, path: &str| Some((host.to_owned(), port, path.to_owned()));
        assert_eq!(read("imap://ana;AUTH=*@Other.example.test/"), found("other.example.test", None, ""));
        assert_eq!(
            read("IMAP://other.example.test:993/a%20b"),
            found("other.example.test", Some(993), "a b")
        );
        assert_eq!(read("imap://a@b@c/%C3%BC"), found("c", None, "\u{fc}"));
    }

    #[test]
    fn what_is_no_address_sends_nobody_anywhere() {
        for url in [
            "",
            "imap:/x",
            "http://other.example.test/",
            "imap://",
            "imap:///INBOX",
            "imap://ana@/INBOX",
            "imap://other.example.test:port/",
            "imap://other.example.test:99999/",
            "imap://other example/",
            "imap://x/%",
            "imap://x/%0d%0aa9%20LOGOUT",
            "imap://x/%ff",
        ] {
            assert_eq!(read(url), None, "{url}");
        }
        assert_eq!(Referral::read(format!("imap://x/{}", "y".repeat(LIMIT)).as_bytes(), "imap"), None);
        assert_eq!(Referral::read(b"imap://\xff/", "imap"), None);
    }
}
