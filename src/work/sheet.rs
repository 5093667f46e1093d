//! A setup as it is sent: by the ids of the registries, which both modules have.

use crate::base::{Protocol, Seed, Side, Switches};
use crate::pipeline::Custom;
use crate::sim::Setup;
use serde::{Deserialize, Serialize};

/// Switches with their values, where they differ from the defaults.
type Set = Vec<(String, String)>;

/// A setup in words. What a profile is called matters to nobody but people, so that somebody's own one needs no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    protocol: Protocol,
    client: Set,
    server: Set,
    attacks: Vec<(String, Set)>,
    written: Option<String>,
    /// So many attacks stand between it and the client; none: all.
    written_at: Option<u64>,
    seed: u64,
}

impl From<&Setup> for Sheet {
    fn from(setup: &Setup) -> Self {
        let set = |switches: &Switches| -> Set {
            switches.changed().map(|(id, value)| (id.to_owned(), value.to_owned())).collect()
        };
        Self {
            protocol: setup.protocol.protocol,
            client: set(&setup.client.1),
            server: set(&setup.server.1),
            attacks: setup
                .attacks
                .iter()
                .map(|(attack, values)| (attack.id.to_owned(), set(values)))
                .collect(),
            written: setup.custom.as_ref().map(Custom::text),
            written_at: setup.custom_at.and_then(|place| u64::try_from(place).ok()),
            seed: setup.seed.0,
        }
    }
}

impl Sheet {
    /// The setup.
    ///
    /// # Errors
    /// When it names what there is not, in a sentence.
    pub fn setup(&self) -> Result<Setup, String> {
        let wrong = |error: &dyn std::fmt::Display| error.to_string();
        let mut setup = Setup::new(self.protocol).map_err(|error| wrong(&error))?;
        let record = setup.protocol;
        let switches = |side, set: &Set| -> Result<Switches, String> {
            let mut switches = Switches::default();
            for (id, value) in set {
                switches.set((record.switches)(side), id, value).map_err(|error| wrong(&error))?;
            }
            Ok(switches)
        };
        setup.client.1 = switches(Side::Client, &self.client)?;
        setup.server.1 = switches(Side::Server, &self.server)?;
        for (id, set) in &self.attacks {
            setup.attack(id).map_err(|error| wrong(&error))?;
            let Some((attack, values)) = setup.attacks.last_mut() else { continue };
            for (id, value) in set {
                values.set(attack.switches, id, value).map_err(|error| wrong(&error))?;
            }
        }
        let written = self.written.as_deref().map(Custom::parse).transpose();
        setup.custom = written.map_err(|error| wrong(&error))?;
        setup.custom_at = self.written_at.and_then(|place| usize::try_from(place).ok());
        setup.seed = Seed(self.seed);
        Ok(setup)
    }
}
