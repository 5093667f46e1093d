//! A value that never shows itself.

use std::borrow::Cow;
use std::fmt;

/// What stands in for a secret wherever one would be shown: always eight dots, so its length stays hidden too.
pub const MASK: &str = "••••••••";

/// Octets that print as dots in every build; [`Secret::reveal`] is the only way to them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Cow<'static, [u8]>);

impl Secret {
    /// Takes the octets in.
    #[must_use]
    pub fn new(octets: &[u8]) -> Self {
        Self(Cow::Owned(octets.into()))
    }

    /// The secret of somebody who exists in a simulation only.
    #[must_use]
    pub const fn of_nobody(octets: &'static [u8]) -> Self {
        Self(Cow::Borrowed(octets))
    }

    /// The octets themselves.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_display_show_dots_only() {
        let secret = Secret::new(b"tanstaaf");
        assert_eq!(format!("{secret:?} {secret}"), format!("{MASK} {MASK}"));
    }
}
