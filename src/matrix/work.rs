//! A matrix in the making, attack by attack, so that whoever waits for it can breathe in between and stop.

use super::{Bench, Cell, Entry, Login, Matrix, Pair, cell, pair, variants};
use crate::attack::{self, Attack};
use crate::base::{Profile, Protocol, Side};
use crate::rules::{self, Rule};
use crate::sim::Setup;
use crate::spec::RuleSet;
use serde::{Deserialize, Serialize};

/// What is wanted of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The protocol.
    pub protocol: Protocol,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// Attacks against rules.
    pub rules: bool,
    /// Attacks against profiles.
    pub profiles: bool,
    /// Only against the server with this profile.
    pub server: Option<String>,
    /// The clients are profiles of real programs in place of the ready-made ones.
    pub programs: bool,
    /// A switch that every pair of profiles has at this value: `SIDE.SWITCH=VALUE`.
    pub flip: Option<String>,
}

impl Wanted {
    /// All of a protocol's matrix.
    #[must_use]
    pub fn all(protocol: Protocol, rule_set: RuleSet) -> Self {
        Self { protocol, rule_set, rules: true, profiles: true, server: None, programs: false, flip: None }
    }
}

/// A matrix in the making.
pub(super) struct Work {
    wanted: Wanted,
    bench: Bench,
    attacks: Vec<&'static Attack>,
    rules: Vec<&'static Rule>,
    /// Clients and servers that are paired.
    profiles: [Vec<&'static Profile>; 2],
    done: usize,
    cells: Vec<Cell>,
    pairs: Vec<Pair>,
    logins: Vec<Login>,
}

impl Work {
    /// Nothing is done yet. `None`: nothing can be simulated in the protocol, or with that server.
    #[must_use]
    pub(super) fn new(wanted: Wanted) -> Option<Self> {
        let record = Setup::new(wanted.protocol).ok()?.protocol;
        let attacks =
            attack::ALL.iter().copied().filter(|attack| attack.protocols.contains(&wanted.protocol));
        let in_force =
            |rule: &&Rule| rule.requirement().is_some_and(|row| wanted.rule_set.includes(row.document));
        let about = rules::ALL.iter().copied().filter(|rule| rule.protocols.contains(&wanted.protocol));
        let ready = |side| (record.profiles)(side).to_vec();
        let clients = match wanted.programs {
            true => (record.programs)(Side::Client).to_vec(),
            false => ready(Side::Client),
        };
        let servers: Vec<_> = ready(Side::Server)
            .into_iter()
            .filter(|profile| wanted.server.as_ref().is_none_or(|id| *id == profile.id))
            .collect();
        if let (Some(_), true) = (&wanted.server, servers.is_empty()) {
            return None;
        }
        Some(Self {
            bench: Bench::new(wanted.rule_set),
            attacks: attacks.collect(),
            rules: about.filter(in_force).collect(),
            profiles: [clients, servers],
            wanted,
            done: 0,
            cells: Vec::new(),
            pairs: Vec::new(),
            logins: Vec::new(),
        })
    }

    /// How many attacks of how many are done.
    #[must_use]
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.done, self.attacks.len())
    }

    /// Does the next attack. False: all are done.
    pub(super) fn step(&mut self) -> bool {
        let Some(attack) = self.attacks.get(self.done).copied() else { return false };
        if self.done == 0 && self.wanted.profiles {
            self.log_in();
        }
        self.done = self.done.saturating_add(1);
        let protocol = self.wanted.protocol;
        if self.wanted.rules {
            let entries: Vec<_> = attack
                .deciding
                .iter()
                .filter(|entry| entry.protocols.contains(&protocol))
                .filter_map(|entry| Entry::new(&mut self.bench, protocol, attack, entry))
                .collect();
            self.cells.extend(self.rules.iter().map(|rule| cell(attack, rule, &entries)));
        }
        if self.wanted.profiles {
            let variants = variants(attack);
            for setup in self.setups() {
                self.pairs.extend(pair(
                    &mut self.bench,
                    &setup,
                    self.wanted.flip.as_deref(),
                    attack,
                    &variants,
                ));
            }
        }
        true
    }

    /// What came of it so far.
    #[must_use]
    pub(super) fn finish(self) -> Matrix {
        let [clients, servers] = self.profiles;
        Matrix {
            protocol: self.wanted.protocol,
            rule_set: self.wanted.rule_set,
            attacks: self.attacks,
            rules: self.rules,
            clients,
            servers,
            cells: self.cells,
            pairs: self.pairs,
            logins: self.logins,
            runs: self.bench.runs(),
        }
    }

    /// Every pair of profiles, with nobody in the middle.
    fn setups(&self) -> Vec<Setup> {
        let [clients, servers] = &self.profiles;
        let pairs = clients.iter().flat_map(|client| servers.iter().map(move |server| (client, server)));
        let made = pairs.filter_map(|(client, server)| {
            let mut setup = Setup::new(self.wanted.protocol).ok()?;
            setup.profile(Side::Client, &client.id).ok()?;
            setup.profile(Side::Server, &server.id).ok()?;
            // A protocol without this switch is as it was.
            let _ = self.wanted.flip.iter().try_for_each(|text| setup.set_text(text));
            Some(setup)
        });
        made.collect()
    }

    fn log_in(&mut self) {
        for setup in self.setups() {
            let works = self.bench.logs_in(&setup);
            let (client, server) = (setup.client.0.id.to_string(), setup.server.0.id.to_string());
            self.logins.push(Login { client, server, works });
        }
    }
}
