//! A session in an address: compact, with its version in front, never silently incomplete. `docs/link.md` describes it.
//!
//! What is written here never reaches a server: it stands behind the `#`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// The version of the packing; it stands in front of every packed text.
const VERSION: &str = "1.";

/// Up to so many characters a link survives everywhere.
pub const GOOD: usize = 8_000;

/// Longer links are not made: programs cut them off.
pub const LIMIT: usize = 32_000;

/// So many octets are unpacked at most.
const TEXT_LIMIT: usize = 8 << 20;

/// How long a link is, for whoever sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// It survives everywhere.
    Good,
    /// Some programs cut it off.
    Long,
    /// It must be a file.
    TooLong,
}

/// How long a link is.
#[must_use]
pub fn size(link: &str) -> Size {
    match link.len() {
        length if length <= GOOD => Size::Good,
        length if length <= LIMIT => Size::Long,
        _ => Size::TooLong,
    }
}

/// Why a packed text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It was made by a later version.
    Later,
    /// It is cut off or was altered.
    Broken,
    /// It is larger than what is unpacked.
    TooLarge,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Later => "it was made by a later version of this page",
            Self::Broken => "it is cut off or was altered on its way; ask for the file instead",
            Self::TooLarge => "it holds more than a link may",
        })
    }
}

/// Packs a text for an address.
#[must_use]
pub fn pack(text: &str) -> String {
    // The sum at the end tells a link that was cut off from one that is whole.
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(text.as_bytes(), 9);
    [VERSION, &URL_SAFE_NO_PAD.encode(packed)].concat()
}

/// Unpacks a text.
///
/// # Errors
/// When it is of a later version, cut off, altered or too large.
pub fn unpack(packed: &str) -> Result<String, LinkError> {
    let (version, data) = packed.split_once('.').ok_or(LinkError::Broken)?;
    if Some(version) != VERSION.strip_suffix('.') {
        let number = !version.is_empty() && version.bytes().all(|o| o.is_ascii_digit());
        return Err(if number { LinkError::Later } else { LinkError::Broken });
    }
    let data = URL_SAFE_NO_PAD.decode(data).map_err(|_| LinkError::Broken)?;
    let octets =
        miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&data, TEXT_LIMIT).map_err(|error| {
            match error.status {
                miniz_oxide::inflate::TINFLStatus::HasMoreOutput => LinkError::TooLarge,
                _ => LinkError::Broken,
            }
        })?;
    String::from_utf8(octets).map_err(|_| LinkError::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_and_is_shorter_on_its_way() {
        let text = "S: * OK ready\r\nC: a1 LOGIN user1 xxxxxxxx\r\n".repeat(40);
        let packed = pack(&text);
        assert!(packed.len() < text.len() / 8, "{}", packed.len());
        assert!(packed.bytes().all(|o| o.is_ascii_alphanumeric() || b"-_.".contains(&o)));
        assert_eq!(unpack(&packed), Ok(text));
    }

    #[test]
    fn a_link_that_was_cut_or_altered_is_never_half_a_session() {
        let packed = pack(&"C: a1 NOOP\r\n".repeat(20));
        for end in 0..packed.len() {
            assert!(unpack(&packed[..end]).is_err(), "{end}");
        }
        assert_eq!(unpack("2.abc"), Err(LinkError::Later));
        for wrong in ["", "x", ".", "1.", "1.!!!", "1.AAAA", "x.AAAA"] {
            assert_eq!(unpack(wrong), Err(LinkError::Broken), "{wrong}");
        }
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = pack(&" ".repeat(TEXT_LIMIT + 1));
        assert_eq!(unpack(&bomb), Err(LinkError::TooLarge));
    }

    #[test]
    fn the_meter_has_three_marks() {
        assert_eq!(size(&"x".repeat(8_000)), Size::Good);
        assert_eq!(size(&"x".repeat(8_001)), Size::Long);
        assert_eq!(size(&"x".repeat(32_001)), Size::TooLong);
    }
}
