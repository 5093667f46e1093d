//! Mailbox names in IMAP's form of UTF-7 (RFC 3501 section 5.1.3), as they are written unless UTF8=ACCEPT or IMAP4rev2
//! was enabled.

use base64::Engine;
use base64::alphabet::Alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with a comma for the slash and no padding.
fn engine() -> Option<GeneralPurpose> {
    let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").ok()?;
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    Some(GeneralPurpose::new(&alphabet, config))
}

/// Writes a name.
#[must_use]
pub fn encode(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    let flush = |shifted: &mut Vec<u8>, text: &mut String| {
        if !shifted.is_empty() {
            let base64 = engine().map(|engine| engine.encode(&*shifted)).unwrap_or_default();
            text.push('&');
            text.push_str(&base64);
            text.push('-');
            shifted.clear();
        }
    };
    for character in name.chars() {
        match character {
            ' '..='~' => {
                flush(&mut shifted, &mut text);
                text.push(character);
                if character == '&' {
                    text.push('-');
                }
            }
            _ => {
                let mut units = [0; 2];
                shifted.extend(character.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            }
        }
    }
    flush(&mut shifted, &mut text);
    text
}

/// Reads a name; `None` where it is not in this form, or where another spelling of it is the right one.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut name = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, behind)) = rest.split_once('&') {
        name.push_str(plain);
        let (inside, behind) = behind.split_once('-')?;
        rest = behind;
        if inside.is_empty() {
            name.push('&');
            continue;
        }
        let octets = engine()?.decode(inside).ok()?;
        let units = octets.chunks(2).map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
        let units: Vec<u16> = units.collect::<Option<_>>()?;
        name.push_str(&String::from_utf16(&units).ok()?);
    }
    name.push_str(rest);
    (encode(&name) == text).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were() {
        // The example of RFC 3501 section 5.1.3.
        let name = "~peter/mail/\u{53f0}\u{5317}/\u{65e5}\u{672c}\u{8a9e}";
        assert_eq!(encode(name), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        for name in [name, "INBOX", "R&D", "Entw\u{fc}rfe", "\u{1f600}", ""] {
            assert_eq!(decode(&encode(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn only_one_spelling_of_a_name_is_taken() {
        for wrong in ["&", "&Jjo", "&Jjo!", "&AGE-", "&U,BTFw-&ZeVnLIqe-", "Entw\u{fc}rfe", "&2AA-"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
