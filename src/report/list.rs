//! What there is of a kind, as entries of one form.

use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rules.
    Rules,
    /// Attacks.
    Attacks,
    /// Harms.
    Harms,
    /// Formats of inputs.
    Formats,
    /// Protocols.
    Protocols,
    /// Switches of the parties.
    Switches,
    /// Profiles of the parties.
    Profiles,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Rules,
        Self::Attacks,
        Self::Harms,
        Self::Formats,
        Self::Protocols,
        Self::Switches,
        Self::Profiles,
    ];

    /// The id used on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Attacks => "attacks",
            Self::Harms => "harms",
            Self::Formats => "formats",
            Self::Protocols => "protocols",
            Self::Switches => "switches",
            Self::Profiles => "profiles",
        }
    }
}

/// One entry. In JSON it is an object of `id`, `title` and its fields.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Stable id.
    pub id: &'static str,
    /// A short label.
    pub title: &'static str,
    /// What else is useful, in a fixed order.
    pub fields: Vec<(&'static str, Field)>,
}

impl Entry {
    /// The ids of its protocols, where it says them.
    pub fn protocols(&self) -> impl Iterator<Item = String> + '_ {
        let lists = self.fields.iter().filter_map(|(name, field)| match field {
            Field::List(protocols) if *name == "protocols" => Some(protocols),
            _ => None,
        });
        lists.flatten().cloned()
    }

    /// Whether it is in a protocol, by the protocol's id; what says nothing of protocols is in each.
    #[must_use]
    pub fn is_of(&self, protocol: &str) -> bool {
        self.fields.iter().all(|(name, field)| match field {
            Field::List(protocols) if *name == "protocols" => protocols.iter().any(|one| one == protocol),
            _ => true,
        })
    }
}

/// A value of an entry.
#[derive(Clone, Debug)]
pub enum Field {
    /// One text.
    Text(String),
    /// Several.
    List(Vec<String>),
    /// Several that are lines of their own.
    Lines(Vec<String>),
    /// Texts by name.
    Map(Vec<(&'static str, Cow<'static, str>)>),
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<'a> FromIterator<&'a str> for Field {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        Self::List(texts.into_iter().map(str::to_owned).collect())
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(texts) | Self::Lines(texts) => serializer.collect_seq(texts),
            Self::Map(pairs) => serializer.collect_map(pairs.iter().map(|(name, text)| (name, text))),
        }
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id)?;
        map.serialize_entry("title", self.title)?;
        for (name, field) in &self.fields {
            map.serialize_entry(name, field)?;
        }
        map.end()
    }
}
