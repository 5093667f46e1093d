//! What can be said of a secret without giving it away, and what stands in its place.

use std::fmt;

/// What stands for a secret whose form does not matter. Of a length of its own: it tells nothing about that of the secret.
pub const PLACEHOLDER: &[u8] = b"xxxxxxxx";

/// Longer ones keep their length: some rules are about it.
const USUAL: usize = 255;

/// How long something is, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthClass {
    /// Nothing.
    Empty,
    /// Up to 7 octets.
    Short,
    /// 8 to 15 octets.
    Medium,
    /// 16 to 63 octets.
    Long,
    /// More.
    VeryLong,
}

/// A class of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// a to z
    Lower,
    /// A to Z
    Upper,
    /// 0 to 9
    Digit,
    /// Printable ASCII that is none of these.
    Sign,
    /// A space within.
    Space,
    /// A space at the beginning or the end, where nobody sees it.
    SpaceAtEdge,
    /// UTF-8 outside ASCII.
    Foreign,
    /// A control character.
    Control,
    /// Octets that are no UTF-8.
    Broken,
}

/// What can be said of a value without giving it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How long it is.
    pub length: LengthClass,
    /// Which characters are in it, each class once.
    pub classes: Vec<Class>,
}

impl Shape {
    /// The shape of a value.
    #[must_use]
    pub fn of(value: &[u8]) -> Self {
        let length = match value.len() {
            0 => LengthClass::Empty,
            1..=7 => LengthClass::Short,
            8..=15 => LengthClass::Medium,
            16..=63 => LengthClass::Long,
            _ => LengthClass::VeryLong,
        };
        let mut classes = Vec::new();
        for chunk in value.utf8_chunks() {
            classes.extend(chunk.valid().chars().map(class));
            if !chunk.invalid().is_empty() {
                classes.push(Class::Broken);
            }
        }
        if value.first() == Some(&b' ') || value.last() == Some(&b' ') {
            classes.push(Class::SpaceAtEdge);
        }
        classes.sort_unstable();
        classes.dedup();
        Self { length, classes }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.length {
            LengthClass::Empty => return f.write_str("nothing"),
            LengthClass::Short => "up to 7 octets",
            LengthClass::Medium => "8 to 15 octets",
            LengthClass::Long => "16 to 63 octets",
            LengthClass::VeryLong => "64 octets or more",
        })?;
        for (number, class) in self.classes.iter().enumerate() {
            f.write_str(if number == 0 { ": " } else { ", " })?;
            f.write_str(match class {
                Class::Lower => "small letters",
                Class::Upper => "capital letters",
                Class::Digit => "digits",
                Class::Sign => "signs",
                Class::Space => "spaces",
                Class::SpaceAtEdge => "a space at the beginning or end",
                Class::Foreign => "characters outside ASCII",
                Class::Control => "control characters",
                Class::Broken => "octets that are no UTF-8",
            })?;
        }
        Ok(())
    }
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        ' ' => Class::Space,
        _ if c.is_control() => Class::Control,
        _ if c.is_ascii() => Class::Sign,
        _ => Class::Foreign,
    }
}

/// What stands for a secret. One that rules may have something to say about keeps its form.
#[must_use]
pub fn masked(value: &[u8], keep_shape: bool) -> Vec<u8> {
    if value.is_empty() {
        return Vec::new();
    }
    let odd = Shape::of(value).classes.into_iter().any(|class| class > Class::Space);
    if keep_shape || odd || value.len() > USUAL { reshaped(value, &[]) } else { PLACEHOLDER.to_vec() }
}

/// The same for text of which not even the form is clear: what a grammar goes by stays.
#[must_use]
pub fn masked_text(text: &[u8]) -> Vec<u8> {
    let mut masked = reshaped(text, b"\"()\\@.-_");
    // The names of commands tell nothing, and without them a line would be another one.
    let mut at = 0_usize;
    for word in text.split(u8::is_ascii_whitespace) {
        let range = at..at.saturating_add(word.len());
        at = range.end.saturating_add(1);
        if crate::proto::imap::grammar::is_command(word)
            && let Some(to) = masked.get_mut(range)
        {
            to.copy_from_slice(word);
        }
    }
    // The announcement of a literal: with another number everything behind it would be read differently.
    let mut at = 0;
    while let Some(line) = crate::wire::line(text, at, 0) {
        let literal = text.get(line.text.clone()).and_then(crate::wire::literal);
        if let Some(literal) = literal {
            let start = line.text.end.saturating_sub(literal.announced_in);
            if let (Some(to), Some(from)) =
                (masked.get_mut(start..line.text.end), text.get(start..line.text.end))
            {
                to.copy_from_slice(from);
            }
        }
        at = line.end();
    }
    masked
}

/// Every character becomes one of its class and of its length in octets.
fn reshaped(value: &[u8], kept: &[u8]) -> Vec<u8> {
    let mut shaped = Vec::with_capacity(value.len());
    for chunk in value.utf8_chunks() {
        for c in chunk.valid().chars() {
            let stand_in = match (class(c), c.len_utf8()) {
                (Class::Lower, _) => "x",
                (Class::Upper, _) => "X",
                (Class::Digit, _) => "9",
                (Class::Sign, _) if u8::try_from(c).is_ok_and(|o| kept.contains(&o)) => {
                    shaped.push(c as u8);
                    continue;
                }
                (Class::Sign, _) => "#",
                (Class::Foreign, 2) => "é",
                (Class::Foreign, 3) => "€",
                (Class::Foreign, _) => "𝄞",
                _ => {
                    let mut octets = [0; 4];
                    shaped.extend_from_slice(c.encode_utf8(&mut octets).as_bytes());
                    continue;
                }
            };
            shaped.extend_from_slice(stand_in.as_bytes());
        }
        shaped.extend(chunk.invalid().iter().map(|_| 0xFF));
    }
    shaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_tells_of_the_stray_space_and_not_of_the_letters() {
        assert_eq!(
            Shape::of(b"Geheim12 ").to_string(),
            "8 to 15 octets: small letters, capital letters, digits, spaces, a space at the beginning or end"
        );
        assert_eq!(Shape::of(b"").to_string(), "nothing");
        assert_eq!(Shape::of(b"\xff\x00").classes, [Class::Control, Class::Broken]);
    }

    #[test]
    fn a_mask_hides_the_length_unless_the_form_matters() {
        assert_eq!(masked(b"geheim", false), PLACEHOLDER);
        assert_eq!(masked(b"Ge 1!", true), b"Xx 9#");
        assert_eq!(masked(b"geheim\0", false), b"xxxxxx\0");
        assert_eq!(masked("süß".as_bytes(), false), "xéé".as_bytes());
        assert_eq!(masked(b"", true), b"");
    }

    #[test]
    fn text_that_nobody_understood_keeps_its_literals() {
        assert_eq!(
            masked_text(b"LGIN {3}\r\njoe {6+}\r\ngeheim \"a{2}\""),
            b"XXXX {3}\r\nxxx {6+}\r\nxxxxxx \"x#9#\""
        );
    }
}
