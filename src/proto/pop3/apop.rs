//! APOP: a login by a digest of the greeting's timestamp and the password (RFC 1939 section 7).

use md5::{Digest, Md5};

/// The timestamp of a greeting: `<` up to `>` with an `@` inside, as a message has for an id. A server whose greeting
/// has one takes APOP; nothing else says so.
#[must_use]
pub fn timestamp(greeting: &[u8]) -> Option<&[u8]> {
    let start = greeting.iter().position(|&o| o == b'<')?;
    let rest = greeting.get(start..)?;
    let end = rest.iter().position(|&o| o == b'>')?.checked_add(1)?;
    let found = rest.get(..end)?;
    (found.contains(&b'@') && !found.contains(&b' ')).then_some(found)
}

/// The digest that goes with a name: MD5 of the timestamp, its angle brackets included, and the password, in lower-case
/// hexadecimal digits.
#[must_use]
pub fn digest(timestamp: &[u8], password: &[u8]) -> String {
    let mut md5 = Md5::new();
    md5.update(timestamp);
    md5.update(password);
    md5.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1939_section_7() {
        let greeting = b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>";
        let stamp = timestamp(greeting).unwrap();
        assert_eq!(stamp, b"<1896.697170952@dbc.mtview.ca.us>");
        assert_eq!(digest(stamp, b"tanstaaf"), "c4c9334bac560ecc979e58001b3e22fb");
    }

    #[test]
    fn angle_brackets_alone_are_no_timestamp() {
        for greeting in ["+OK ready", "+OK <ready>", "+OK <a@b", "+OK <see a@b>", "+OK >a@b<"] {
            assert_eq!(timestamp(greeting.as_bytes()), None, "{greeting}");
        }
    }
}
