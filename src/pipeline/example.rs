//! Two sessions for a rule: one that breaks it, one that does not. They are found by running, so they cannot be out
//! of date.

use super::{Outcome, Setup, Simulated, simulate};
use crate::attack;
use crate::base::{Party, Protocol, Side, Switch, SwitchKind, order};
use crate::proto;
use crate::rules::{Rule, Sample};
use crate::spec::RuleSet;

/// A run that breaks a rule and its neighbour that does not.
#[derive(Clone, Debug)]
pub struct Example {
    /// The side that breaks it.
    pub side: Side,
    /// The run that breaks it.
    pub bad: Setup,
    /// The place of the event that decides it.
    pub place: u32,
    /// The switch that makes the difference, with its value, where it is a single one.
    pub by: Option<(&'static Switch, &'static str)>,
    /// The same parties without the fault: the rule is not broken, and neither is another of that side.
    pub good: Option<Setup>,
}

/// The simplest run that breaks a rule: first by a switch that is known to break it, then by a profile, each without
/// and with an attack; then by what decides an attack, and by faults of both sides.
#[must_use]
pub fn example(rule: &'static Rule) -> Option<Example> {
    let protocols = proto::ALL.iter().map(|record| record.protocol).filter(|p| rule.protocols.contains(p));
    let mut found = None;
    for protocol in protocols {
        found = by_switch(rule, protocol)
            .or_else(|| by_profile(rule, protocol))
            .or_else(|| by_attack(rule, protocol))
            .or_else(|| by_company(rule, protocol));
        if found.is_some() {
            break;
        }
    }
    found
}

/// A session among a rule's examples as a recording that can be opened. Nothing where a recording does not show enough
/// of it to be judged the same: what a party is set to and what a handshake was like are on no wire.
#[must_use]
pub fn recording(rule: &'static Rule, bad: bool) -> Option<String> {
    let sample = if bad { rule.examples.bad } else { rule.examples.good };
    let Sample::Session(_) = sample else { return None };
    let text = sample.text();
    let (sessions, ending) = super::check_log(&text, RuleSet::Today);
    let [session] = sessions.as_slice() else { return None };
    let mut mine = session.judged.verdicts.iter().filter(|verdict| verdict.rule.id == rule.id);
    let breaks = mine.any(|verdict| verdict.outcome == Outcome::Fail);
    (ending.error.is_none() && session.unparsed.is_empty() && breaks == bad).then_some(text)
}

/// Every place on the path that a protocol knows, nobody first.
fn attacks(protocol: Protocol) -> impl Iterator<Item = Option<&'static str>> {
    let known = attack::ALL.iter().filter(move |attack| attack.protocols.contains(&protocol));
    std::iter::once(None).chain(known.map(|attack| Some(attack.id)))
}

fn setup(protocol: Protocol, attack: Option<&str>) -> Option<Setup> {
    let mut setup = Setup::new(protocol).ok()?;
    if let Some(id) = attack {
        setup.attack(id).ok()?;
    }
    Some(setup)
}

fn by_switch(rule: &'static Rule, protocol: Protocol) -> Option<Example> {
    let base = setup(protocol, None)?;
    let mut switches: Vec<_> = Side::BOTH
        .into_iter()
        .flat_map(|side| (base.protocol.switches)(side).iter().map(move |switch| (side, *switch)))
        .filter(|(_, switch)| switch.breaks.contains(&rule.id))
        .collect();
    // The fault that is about this rule before one that breaks many.
    order::sort_by_key(&mut switches, |(_, switch)| switch.breaks.len());
    for (side, switch) in switches {
        for attack in attacks(protocol) {
            for value in switch.values.iter().skip(1) {
                let found = parties(protocol, attack).find_map(|mut bad| {
                    bad.set(Party::from(side), switch.id, value).ok()?;
                    let place = broken(&simulate(&bad, RuleSet::Today), rule, side)?;
                    Some((bad, place))
                });
                if let Some((bad, place)) = found {
                    let mut mended = bad.clone();
                    let first = switch.values.first()?;
                    mended.set(side.into(), switch.id, first).ok()?;
                    let good =
                        std::iter::once(mended).chain(calm(protocol)).find(|good| fine(good, rule, side));
                    return Some(Example { side, bad, place, by: Some((switch, value)), good });
                }
            }
        }
    }
    None
}

/// The default parties, then each other profile of one side.
fn parties(protocol: Protocol, attack: Option<&str>) -> impl Iterator<Item = Setup> {
    let base = setup(protocol, attack);
    let profiles = base.clone().into_iter().flat_map(|base| {
        let list = base.protocol.profiles;
        Side::BOTH.into_iter().flat_map(move |side| list(side).iter().skip(1)).filter_map(move |profile| {
            let mut other = base.clone();
            other.profile(profile.side, &profile.id).ok()?;
            Some(other)
        })
    });
    let users = two_users(protocol).filter(move |_| attack.is_none());
    base.into_iter().chain(profiles).chain(users)
}

/// The faults that together decide an attack, and their right counterparts.
fn by_attack(rule: &'static Rule, protocol: Protocol) -> Option<Example> {
    for attack in attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol)) {
        for entry in attack.deciding.iter().filter(|entry| entry.protocols.contains(&protocol)) {
            let with = |texts: &[&str]| {
                let mut setup = setup(protocol, Some(attack.id))?;
                for text in entry.given.iter().chain(texts) {
                    setup.set_text(text).ok()?;
                }
                Some(setup)
            };
            let Some(bad) = with(entry.wrong) else { continue };
            let run = simulate(&bad, RuleSet::Today);
            for side in Side::BOTH {
                if let Some(place) = broken(&run, rule, side) {
                    let right = with(entry.right);
                    let good = right.into_iter().chain(calm(protocol)).find(|good| fine(good, rule, side));
                    return Some(Example { side, bad, place, by: None, good });
                }
            }
        }
    }
    None
}

/// A fault that shows only when the other side does something wrong too.
fn by_company(rule: &'static Rule, protocol: Protocol) -> Option<Example> {
    for (base, side) in parties(protocol, None).flat_map(|base| Side::BOTH.map(|side| (base.clone(), side))) {
        let own = (base.protocol.switches)(side).iter().filter(|switch| switch.breaks.contains(&rule.id));
        for switch in own {
            let value = switch.values.get(1)?;
            let others = (base.protocol.switches)(side.other()).iter();
            let faults = others.filter(|other| other.kind == SwitchKind::Conduct);
            for (other, form) in
                faults.flat_map(|other| other.values.iter().skip(1).map(move |form| (other, form)))
            {
                let mut good = base.clone();
                good.set(Party::from(side.other()), other.id, form).ok()?;
                let mut bad = good.clone();
                bad.set(Party::from(side), switch.id, value).ok()?;
                if let Some(place) = broken(&simulate(&bad, RuleSet::Today), rule, side) {
                    let good =
                        std::iter::once(good).chain(calm(protocol)).find(|good| fine(good, rule, side));
                    return Some(Example { side, bad, place, by: Some((*switch, *value)), good });
                }
            }
        }
    }
    None
}

/// Two users of IMAP on one connection, by a client that waits for the reset and by one that does not.
fn two_users(protocol: Protocol) -> impl Iterator<Item = Setup> {
    let waits = ["off", "on"].into_iter().filter(move |_| protocol == Protocol::Imap);
    waits.filter_map(|behind| {
        let mut users = Setup::new(Protocol::Imap).ok()?;
        for text in [
            "client.work=second-user",
            "server.unauthenticate=on",
            "server.new-mail=on",
            "server.compress=on",
        ] {
            users.set_text(text).ok()?;
        }
        users.set(Party::Client, "command-behind-unauthenticate", behind).ok()?;
        Some(users)
    })
}

fn by_profile(rule: &'static Rule, protocol: Protocol) -> Option<Example> {
    for attack in attacks(protocol) {
        for side in Side::BOTH {
            let base = setup(protocol, attack)?;
            for client in (base.protocol.profiles)(Side::Client) {
                for server in (base.protocol.profiles)(Side::Server) {
                    let mut bad = base.clone();
                    let ready = bad.profile(Side::Client, &client.id).is_ok()
                        && bad.profile(Side::Server, &server.id).is_ok();
                    if let Some(place) =
                        ready.then(|| broken(&simulate(&bad, RuleSet::Today), rule, side)).flatten()
                    {
                        let good = calm(protocol).find(|good| fine(good, rule, side));
                        return Some(Example { side, bad, place, by: None, good });
                    }
                }
            }
        }
    }
    None
}

/// Peaceful runs of careful parties.
fn calm(protocol: Protocol) -> impl Iterator<Item = Setup> {
    ["private", "opportunistic"].into_iter().filter_map(move |client| {
        let mut calm = setup(protocol, None)?;
        calm.profile(Side::Client, client).ok()?;
        Some(calm)
    })
}

/// Where a run breaks a rule.
fn broken(run: &Simulated, rule: &Rule, side: Side) -> Option<u32> {
    run.connections.iter().find_map(|judged| {
        let verdict = judged.verdicts.iter().find(|v| v.rule.id == rule.id && v.side == side)?;
        let last = *verdict.events.last().filter(|_| verdict.outcome == Outcome::Fail)?;
        Some(judged.trace.event(last)?.places.0)
    })
}

/// Whether a run breaks neither a rule nor any other of the side, and has something to say about it.
fn fine(setup: &Setup, rule: &Rule, side: Side) -> bool {
    let run = simulate(setup, RuleSet::Today);
    let mut verdicts = run.connections.iter().flat_map(|judged| judged.verdicts.iter());
    let clean = verdicts.clone().all(|v| v.side != side || v.outcome != Outcome::Fail);
    clean && verdicts.any(|v| v.rule.id == rule.id && v.side == side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_a_switch_breaks_has_a_bad_and_a_good_example() {
        let switches = proto::ALL.iter().flat_map(|record| Side::BOTH.map(record.switches)).flatten();
        let breaks: std::collections::BTreeSet<_> = switches.flat_map(|switch| switch.breaks).collect();
        assert!(!breaks.is_empty());
        for id in breaks {
            let rule = crate::rules::find(id).unwrap();
            let example = example(rule).unwrap_or_else(|| panic!("nothing breaks {id}"));
            assert!(example.good.is_some(), "{id}: {:?}", example.bad);
        }
    }

    #[test]
    fn examples_that_a_recording_can_show_are_recordings() {
        let opened = |bad| crate::rules::ALL.iter().filter(|rule| recording(rule, bad).is_some()).count();
        assert!(opened(true) >= 50 && opened(false) >= 40, "{} {}", opened(true), opened(false));
        let of = |id: &str| recording(crate::rules::find(id).unwrap(), true);
        assert!(of("S-1939").is_some_and(|text| text.contains("STAT")));
        // What it takes is the client's policy.
        assert_eq!(of("B02"), None);
    }
}
