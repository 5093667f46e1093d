//! A profile as a small text file: how somebody describes a client or server of their own (`docs/profile.md`).
//!
//! ```text
//! side = client
//! protocols = imap, pop3
//! title = My client 3.1
//! tls = required
//! pop3.auth = plain
//! ```

mod error;
mod read;

pub use error::{Problem, ProfileError};
pub use read::{SIZE_LIMIT, read};

use super::ProtocolRecord;
use crate::base::{Profile, Protocol, Side, Switch, SwitchError, Switches};
use std::borrow::Cow;
use std::fmt::Write;

/// One party in all the protocols that it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFile {
    /// Stable id.
    pub id: String,
    /// Whose it is.
    pub side: Side,
    /// A short label.
    pub title: String,
    /// Whom it stands for, in a sentence; may be empty.
    pub about: String,
    /// The protocols that it speaks, in the order of [`Protocol::ALL`].
    pub protocols: Vec<Protocol>,
    /// What is set: for one protocol or, with `None`, for all that have the switch. The former wins.
    set: Vec<(Option<Protocol>, &'static str, &'static str)>,
}

/// The switches of one side in a protocol.
fn switches(protocol: Protocol, side: Side) -> &'static [&'static Switch] {
    super::find(protocol).map_or(&[], |record| (record.switches)(side))
}

/// The switches of one side in some protocols, each once: what somebody is asked who describes a program.
#[must_use]
pub fn switches_of(protocols: &[Protocol], side: Side) -> Vec<&'static Switch> {
    let mut all: Vec<&'static Switch> = Vec::new();
    for switch in protocols.iter().flat_map(|protocol| switches(*protocol, side)) {
        if !all.iter().any(|known| known.id == switch.id) {
            all.push(switch);
        }
    }
    all
}

impl ProfileFile {
    /// A party with every switch at its default, in all protocols.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self {
            id: "own".to_owned(),
            side,
            title: format!("My {}", side.name()),
            about: String::new(),
            protocols: Protocol::ALL.to_vec(),
            set: Vec::new(),
        }
    }

    /// What a built-in profile is as a file, in every protocol that has it.
    #[must_use]
    pub fn built_in(side: Side, id: &str) -> Option<Self> {
        let in_protocol = |record: &&'static ProtocolRecord| {
            let profile = record.all_profiles(side).find(|profile| profile.id == id)?;
            Some((record.protocol, profile, profile.switches((record.switches)(side))))
        };
        let found: Vec<_> = super::ALL.iter().filter_map(in_protocol).collect();
        let (_, first, _) = found.first()?;
        let mut file = Self {
            id: id.to_owned(),
            side,
            title: first.title.clone().into_owned(),
            about: first.about.clone().into_owned(),
            protocols: found.iter().map(|(protocol, ..)| *protocol).collect(),
            set: Vec::new(),
        };
        for switch in switches_of(&file.protocols, side) {
            let values: Vec<_> = found
                .iter()
                .filter(|(protocol, ..)| switches(*protocol, side).iter().any(|has| has.id == switch.id))
                .map(|(protocol, _, set)| (*protocol, set.get(switch)))
                .collect();
            let default = switch.values.first().copied().unwrap_or_default();
            match values.as_slice() {
                [(_, first), rest @ ..] if rest.iter().all(|(_, value)| value == first) => {
                    if *first != default {
                        file.set.push((None, switch.id, first));
                    }
                }
                _ => {
                    let differ = values.iter().filter(|(_, value)| *value != default);
                    file.set.extend(differ.map(|(protocol, value)| (Some(*protocol), switch.id, *value)));
                }
            }
        }
        Some(file)
    }

    /// Sets a switch, for one protocol or for all; an earlier value of the same scope is replaced.
    ///
    /// # Errors
    /// When none of the protocols has such a switch, or one of them has it without that value.
    pub fn set(&mut self, scope: Option<Protocol>, id: &str, value: &str) -> Result<(), SwitchError> {
        let mut known = None;
        for protocol in self.protocols.iter().filter(|protocol| scope.is_none_or(|only| only == **protocol)) {
            let list = switches(*protocol, self.side);
            if let Some(switch) = list.iter().find(|switch| switch.id == id) {
                Switches::default().set(list, id, value)?;
                known = known.or_else(|| Some((switch.id, *switch.values.iter().find(|v| **v == value)?)));
            }
        }
        let all = || -> Vec<_> {
            self.protocols.iter().flat_map(|protocol| switches(*protocol, self.side)).copied().collect()
        };
        let (id, value) = known.ok_or_else(|| SwitchError::unknown(id, &all()))?;
        self.set.retain(|(of, known, _)| (*of, *known) != (scope, id));
        self.set.push((scope, id, value));
        Ok(())
    }

    /// The switches that it can be described by.
    #[must_use]
    pub fn switches(&self) -> Vec<&'static Switch> {
        switches_of(&self.protocols, self.side)
    }

    /// What a switch is set to, for one protocol or for all.
    #[must_use]
    pub fn value(&self, scope: Option<Protocol>, id: &str) -> Option<&'static str> {
        self.set.iter().find(|(of, known, _)| (*of, *known) == (scope, id)).map(|(.., value)| *value)
    }

    /// Takes back whatever was set of a switch.
    pub fn unset(&mut self, id: &str) {
        self.set.retain(|(_, known, _)| *known != id);
    }

    /// Changes the protocols that it speaks, of which there is at least one; what was set for others is dropped.
    pub fn speak(&mut self, protocols: Vec<Protocol>) {
        if protocols.is_empty() {
            return;
        }
        self.protocols = protocols;
        let known = switches_of(&self.protocols, self.side);
        let spoken = |scope: Option<Protocol>| scope.is_none_or(|only| self.protocols.contains(&only));
        self.set.retain(|(scope, id, _)| spoken(*scope) && known.iter().any(|switch| switch.id == *id));
    }

    /// The profile in one protocol, if it speaks that. A switch that the protocol lacks is left out.
    #[must_use]
    pub fn profile(&self, protocol: Protocol) -> Option<Profile> {
        if !self.protocols.contains(&protocol) {
            return None;
        }
        let mut chosen = Switches::default();
        let list = switches(protocol, self.side);
        for scope in [None, Some(protocol)] {
            for (_, id, value) in self.set.iter().filter(|(of, ..)| *of == scope) {
                // What a list does not know was known to another protocol of this file: `set` has seen to it.
                let _ = chosen.set(list, id, value);
            }
        }
        Some(Profile {
            id: Cow::Owned(self.id.clone()),
            side: self.side,
            title: Cow::Owned(self.title.clone()),
            about: Cow::Owned(self.about.clone()),
            set: Cow::Owned(chosen.changed().collect()),
        })
    }

    /// The file's text. Every switch stands in it; what has its default is commented out, so that the file can be
    /// edited without looking anything up.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text =
            String::from("# A profile of STARTTLS Lab; docs/profile.md says what can stand here.\n");
        let protocols: Vec<_> = self.protocols.iter().map(|protocol| protocol.id()).collect();
        for (name, value) in [
            ("side", self.side.name()),
            ("protocols", &protocols.join(", ")),
            ("id", &self.id),
            ("title", &self.title),
            ("about", &self.about),
        ] {
            if !value.is_empty() {
                let _ = writeln!(text, "{name} = {value}");
            }
        }
        for switch in switches_of(&self.protocols, self.side) {
            let _ = writeln!(text, "\n# {}: {}", switch.title, switch.about);
            let _ = writeln!(text, "# {}", switch.values.join(", "));
            let mut lines = self.set.iter().filter(|(_, id, _)| *id == switch.id).peekable();
            if lines.peek().is_none() {
                let _ = writeln!(text, "#{} = {}", switch.id, switch.values.first().unwrap_or(&""));
            }
            for (scope, id, value) in lines {
                let scope = scope.map(|protocol| format!("{}.", protocol.id())).unwrap_or_default();
                let _ = writeln!(text, "{scope}{id} = {value}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
