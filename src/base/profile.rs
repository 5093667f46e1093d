//! Profiles: how one party behaves, as a set of switch values.

use super::{Side, Switch, Switches};
use std::borrow::Cow;

/// A behaviour of one party in one protocol: a set of switch values. Never a set of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Stable id.
    pub id: Cow<'static, str>,
    /// Whose it is.
    pub side: Side,
    /// A short label.
    pub title: Cow<'static, str>,
    /// Whom it stands for, in a sentence.
    pub about: Cow<'static, str>,
    /// The switch values that differ from the defaults.
    pub set: Cow<'static, [(&'static str, &'static str)]>,
}

impl Profile {
    /// A profile of a registry.
    #[must_use]
    pub const fn built_in(
        id: &'static str,
        side: Side,
        title: &'static str,
        about: &'static str,
        set: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            side,
            title: Cow::Borrowed(title),
            about: Cow::Borrowed(about),
            set: Cow::Borrowed(set),
        }
    }

    /// The switches as this profile sets them. What a list does not know is left out; a test keeps that from happening.
    #[must_use]
    pub fn switches(&self, list: &[&'static Switch]) -> Switches {
        let mut switches = Switches::default();
        for (id, value) in self.set.iter() {
            let known = switches.set(list, id, value);
            debug_assert!(known.is_ok(), "profile {} sets {id}", self.id);
        }
        switches
    }
}
