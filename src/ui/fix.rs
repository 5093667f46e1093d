//! The smallest change that stops an attack: every single one is tried by running it.

use crate::base::{Party, Profile, Side, Switch};
use crate::pipeline;
use crate::sim::{self, Setup};
use crate::spec::RuleSet;

/// A single change of one side.
#[derive(Clone, Copy, Debug)]
pub enum Fix {
    /// A switch gets another value.
    Switch(&'static Switch, &'static str),
    /// The side gets another profile, because no single switch is enough.
    Profile(&'static Profile),
}

impl Fix {
    /// Makes the change. An unknown switch or profile changes nothing.
    #[must_use]
    pub fn applied(self, setup: &Setup) -> Setup {
        let mut changed = setup.clone();
        let done = match self {
            Self::Switch(switch, value) => changed.set(switch.owner, switch.id, value),
            Self::Profile(profile) => changed.profile(profile.side, &profile.id),
        };
        debug_assert!(done.is_ok(), "{self:?}");
        changed
    }

    /// Harmless with the attacks, and still good for a login without them.
    fn works(self, setup: &Setup) -> bool {
        let attacked = self.applied(setup);
        if !pipeline::simulate(&attacked, RuleSet::Today).harms.is_empty() {
            return false;
        }
        let peaceful = Setup { attacks: Vec::new(), custom: None, ..attacked };
        pipeline::logged_in(&sim::run(&peaceful).connections)
    }
}

/// The first change that works: client before server, choices before faults, a switch before a profile.
#[must_use]
pub fn find(setup: &Setup) -> Option<Fix> {
    let single = pipeline::first_fix(setup).map(|change| Fix::Switch(change.switch, change.value));
    let profiles =
        Side::BOTH.into_iter().flat_map(|side| (setup.protocol.profiles)(side)).map(|p| Fix::Profile(p));
    single.or_else(|| profiles.into_iter().find(|fix| fix.works(setup)))
}

/// The party whose switch it is.
#[must_use]
pub fn party(fix: Fix) -> Party {
    match fix {
        Fix::Switch(switch, _) => switch.owner,
        Fix::Profile(profile) => profile.side.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;

    #[test]
    fn the_strip_is_stopped_by_a_client_that_requires_tls() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let Some(Fix::Switch(switch, value)) = find(&setup) else { panic!("no switch") };
        assert_eq!((switch.owner, switch.id, value), (Party::Client, "tls", "required"));
    }
}
