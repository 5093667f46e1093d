//! Octets as a person types them.

/// How octets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// As a line of IMAP or POP3 carries them.
    Base64,
    /// Two digits each.
    Hex,
    /// As text, the rest behind backslashes.
    Escaped,
}

impl Notation {
    /// All, the usual one first.
    pub const ALL: [Self; 3] = [Self::Base64, Self::Hex, Self::Escaped];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hexadecimal",
            Self::Escaped => "text with \\0",
        }
    }

    /// How to write it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Base64 => {
                "The last word of an AUTHENTICATE PLAIN line, or the line that answers the server’s +."
            }
            Self::Hex => "Two digits for each octet, with or without blanks between them.",
            Self::Escaped => {
                "\\0 is the NUL between the parts; \\r, \\n, \\t, \\\\ and \\x41 are understood too."
            }
        }
    }
}

/// The octets of a text.
///
/// # Errors
/// A sentence that names the character, counted from 1.
pub fn read(notation: Notation, text: &str) -> Result<Vec<u8>, String> {
    match notation {
        Notation::Base64 => Ok(text.as_bytes().to_vec()),
        Notation::Hex => hex(text),
        Notation::Escaped => escaped(text.trim_end_matches(['\r', '\n'])),
    }
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    let (mut octets, mut half) = (Vec::new(), None);
    for (at, letter) in text.chars().enumerate() {
        if letter.is_ascii_whitespace() || letter == ':' {
            continue;
        }
        let digit = letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digit = digit.ok_or_else(|| {
            format!("Character {} is no hexadecimal digit: “{letter}”.", at.saturating_add(1))
        })?;
        half = match half {
            None => Some(digit),
            Some(high) => {
                octets.push((high << 4) | digit);
                None
            }
        };
    }
    if half.is_some() { Err("The last octet has one digit only.".to_owned()) } else { Ok(octets) }
}

fn escaped(text: &str) -> Result<Vec<u8>, String> {
    let mut octets = Vec::new();
    let mut letters = text.chars().enumerate();
    while let Some((at, letter)) = letters.next() {
        if letter != '\\' {
            octets.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let wrong = || {
            format!(
                "Behind the backslash at character {} comes none of 0, r, n, t, \\ and x with two digits.",
                at.saturating_add(1)
            )
        };
        octets.push(match letters.next().map(|(_, letter)| letter) {
            Some('0') => 0,
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('\\') => b'\\',
            Some('x') => {
                let mut digit = || letters.next().and_then(|(_, letter)| letter.to_digit(16));
                let value = digit().zip(digit()).map(|(high, low)| (high << 4) | low);
                value.and_then(|value| u8::try_from(value).ok()).ok_or_else(wrong)?
            }
            _ => return Err(wrong()),
        });
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_read_as_they_are_written() {
        assert_eq!(read(Notation::Hex, "00 74:69 6D\n"), Ok(vec![0, 0x74, 0x69, 0x6d]));
        assert_eq!(
            read(Notation::Escaped, "a\\0\\r\\n\\t\\\\\\xffü\n"),
            Ok(b"a\0\r\n\t\\\xff\xc3\xbc".to_vec())
        );
        assert_eq!(read(Notation::Hex, "").unwrap(), b"");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert!(read(Notation::Hex, "00 7g").unwrap_err().starts_with("Character 5 "));
        assert_eq!(read(Notation::Hex, "007").unwrap_err(), "The last octet has one digit only.");
        for text in ["ab\\", "ab\\q", "ab\\x4", "ab\\xzz"] {
            assert!(read(Notation::Escaped, text).unwrap_err().contains("character 3 "), "{text}");
        }
    }
}
