//! One pair of parties against every attack: would mine have fallen?

use super::{over_run, simulate};
use crate::attack::{self, Attack};
use crate::base::{Party, Side};
use crate::report::{Entry, Field};
use crate::rules::Outcome;
use crate::sim::{self, Setup};
use crate::spec::RuleSet;

/// Runs a setup without its attacks, and then with every attack of its protocol, each alone, as it is and with each other value of each of its switches.
/// An entry says whether the attack succeeded by its own measure, what the attacker gained, and which rules each side broke.
#[must_use]
pub fn trials(setup: &Setup, rule_set: RuleSet) -> Vec<Entry> {
    let peaceful = Setup { attacks: Vec::new(), custom: None, hold: None, ..setup.clone() };
    let mut all = vec![entry(None, String::new(), &peaceful, rule_set)];
    let protocol = setup.protocol.protocol;
    for attack in attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol)) {
        let mut attacked = peaceful.clone();
        if attacked.attack(attack.id).is_err() {
            continue;
        }
        all.push(entry(Some(attack), String::new(), &attacked, rule_set));
        for switch in attack.switches {
            for value in switch.values.iter().skip(1) {
                let mut variant = attacked.clone();
                if variant.set(Party::Middle, switch.id, value).is_ok() {
                    let name = format!("{}={value}", switch.id);
                    all.push(entry(Some(attack), name, &variant, rule_set));
                }
            }
        }
    }
    all
}

fn entry(attack: Option<&'static Attack>, variant: String, setup: &Setup, rule_set: RuleSet) -> Entry {
    let run = simulate(setup, rule_set);
    let succeeds = attack.map_or("", |attack| {
        let bare = sim::run(setup);
        if (attack.success.find)(&bare.connections, &bare.planted).is_empty() { "no" } else { "yes" }
    });
    let verdicts = over_run(&run.connections);
    let broken = |side: Side| -> Field {
        let failed = verdicts.iter().map(|over| &over.verdict);
        failed.filter(|v| v.outcome == Outcome::Fail && v.side == side).map(|v| v.rule.id).collect()
    };
    Entry {
        id: attack.map_or("none", |attack| attack.id),
        title: attack.map_or("Nobody in the middle", |attack| attack.title),
        fields: vec![
            ("variant", Field::Text(variant)),
            ("succeeds", succeeds.into()),
            ("harms", run.harms.iter().map(|done| done.harm.id).collect()),
            ("client breaks", broken(Side::Client)),
            ("server breaks", broken(Side::Server)),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;

    fn harmed(profile: &str) -> Vec<(&'static str, bool)> {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.profile(Side::Client, profile).unwrap();
        setup.attack("strip-capability").unwrap();
        let harms = |entry: &Entry| match entry.fields.iter().find(|(name, _)| *name == "harms") {
            Some((_, Field::List(harms))) => !harms.is_empty(),
            other => panic!("{other:?}"),
        };
        trials(&setup, RuleSet::Today).iter().map(|entry| (entry.id, harms(entry))).collect()
    }

    #[test]
    fn every_variant_is_tried_alone_and_the_peaceful_run_comes_first() {
        let tried = harmed("opportunistic");
        assert_eq!(tried.first(), Some(&("none", false)));
        let further: usize =
            attack::find("fail-starttls").unwrap().switches.iter().map(|s| s.values.len() - 1).sum();
        assert_eq!(tried.iter().filter(|(id, _)| *id == "fail-starttls").count(), 1 + further);
        assert!(tried.contains(&("strip-capability", true)));
    }

    #[test]
    fn a_client_that_requires_tls_loses_nothing_to_those_who_strip_and_refuse() {
        for (id, lost) in harmed("private") {
            let strips = ["strip-capability", "fail-starttls", "break-handshake"].contains(&id);
            assert!(!(strips && lost), "{id}");
        }
    }
}
