//! Octets as text that cannot do anything to the reader's screen.

/// Octets as text: valid UTF-8 is kept, everything that moves, hides or reorders text (controls, escapes,
/// bidirectional marks, invisible characters) and every octet outside UTF-8 is written as `\xNN` or `\u{N}`.
#[must_use]
pub fn printable(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        for c in chunk.valid().chars() {
            if stays_visible(c) {
                text.push(c);
            } else if c.is_ascii() {
                push_octet(&mut text, c as u8);
            } else {
                text.extend(c.escape_unicode());
            }
        }
        for &octet in chunk.invalid() {
            push_octet(&mut text, octet);
        }
    }
    text
}

fn push_octet(text: &mut String, octet: u8) {
    use std::fmt::Write;
    let _ = write!(text, "\\x{octet:02X}");
}

/// Whether a character shows itself and does nothing else.
#[must_use]
pub fn stays_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_safe_stays() {
        assert_eq!(printable("a2 LOGIN tim grüße".as_bytes()), "a2 LOGIN tim grüße");
    }

    #[test]
    fn escapes_bidi_marks_and_broken_utf8_are_written_out() {
        assert_eq!(printable(b"\x1b[31m\r\n\xe9"), "\\x1B[31m\\x0D\\x0A\\xE9");
        assert_eq!(printable("a\u{202e}b\u{200b}".as_bytes()), "a\\u{202e}b\\u{200b}");
    }
}
