//! Holds rules and machines to each other, in every protocol: a party with every conduct switch off breaks no rule that
//! its settings keep, and a switch breaks the rules that it names and no others.

use super::{over_run, simulate};
use crate::base::{Protocol, Side, Switch, SwitchKind};
use crate::rules::{self, Outcome};
use crate::sim::{Setup, Shared};
use crate::spec::RuleSet;
use crate::{attack, proto};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is broken: the settings, the side and the rule.
type Broken = BTreeSet<(String, Side, &'static str)>;

/// The attacks that leave a party least to choose; pairs of faults meet only these.
const HARD: &[&str] = &["break-handshake", "fail-starttls", "strip-capability", "strip-logindisabled"];

/// A fault: whose, its switch, and the value that it has.
type Fault = (Side, &'static Switch, &'static str);

/// Who breaks what in a run; runs that differ only in switches that nobody looked at are made once.
type Runs = Shared<Vec<(Side, &'static str)>>;

fn failed(setup: &Setup) -> Vec<(Side, &'static str)> {
    let verdicts = over_run(&simulate(setup, RuleSet::Today).connections);
    let failed = verdicts.iter().filter(|v| v.verdict.outcome == Outcome::Fail);
    failed.map(|v| (v.verdict.side, v.verdict.rule.id)).collect()
}

/// What is broken somewhere over all settings of policy and all single attacks, with some conduct switched on.
fn broken(runs: &mut Runs, protocol: Protocol, conduct: &[Fault]) -> Broken {
    let mut found = Broken::new();
    let attacks = attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol));
    let attacks = attacks.filter(|attack| conduct.len() <= 1 || HARD.contains(&attack.id));
    // Without TLS, ACAP has only mechanisms that show no password to log in with.
    let mechanisms = if protocol == Protocol::Acap { &["plain", "plain+cram-md5"][..] } else { &["plain"] };
    for (tls, server, mechanisms) in ["opportunistic", "required"].into_iter().flat_map(|tls| {
        ["strict", "open"]
            .into_iter()
            .flat_map(move |server| mechanisms.iter().map(move |m| (tls, server, m)))
    }) {
        let usual = std::iter::once(None).chain(attacks.clone().map(Some)).map(|attack| ("auto", attack));
        // PLAIN although it is not listed, by a client that was told to.
        let insisting = ("plain", attacks.clone().find(|attack| attack.id == "strip-capability"));
        // Two users on one connection, where nothing else is in the way.
        let alone = protocol == Protocol::Imap && tls == "required" && server == "strict";
        let two_users = alone.then_some(("two-users", None));
        for (auth, attack) in usual.chain([insisting]).chain(two_users) {
            let mut setup = Setup::new(protocol).unwrap();
            setup.profile(Side::Client, "private").unwrap();
            setup.profile(Side::Server, server).unwrap();
            setup.set_text(&format!("client.tls={tls}")).unwrap();
            if auth == "two-users" {
                for text in [
                    "client.work=second-user",
                    "server.unauthenticate=on",
                    "server.new-mail=on",
                    "server.compress=on",
                ] {
                    setup.set_text(text).unwrap();
                }
            } else {
                setup.set_text(&format!("client.auth={auth}")).unwrap();
            }
            setup.set_text(&format!("server.mechanisms={mechanisms}")).unwrap();
            for (side, switch, value) in conduct {
                setup.set_text(&format!("{}.{}={value}", side.name(), switch.id)).unwrap();
            }
            if let Some(attack) = attack {
                setup.attack(attack.id).unwrap();
            }
            let settings = format!("{tls} {auth} {server} {mechanisms}");
            let failed = runs.get(&setup, failed);
            found.extend(failed.iter().map(|&(side, rule)| (settings.clone(), side, rule)));
        }
    }
    found
}

#[derive(Default)]
struct Known {
    runs: Runs,
    sets: BTreeMap<Vec<(Side, &'static str, &'static str)>, Rc<Broken>>,
}

/// The same, each set of faults once.
fn seen(known: &mut Known, protocol: Protocol, conduct: &[Fault]) -> Rc<Broken> {
    let mut key: Vec<_> = conduct.iter().map(|(side, switch, value)| (*side, switch.id, *value)).collect();
    key.sort_unstable();
    let Known { runs, sets } = known;
    Rc::clone(sets.entry(key).or_insert_with(|| Rc::new(broken(runs, protocol, conduct))))
}

/// What a fault breaks in the sessions of the attacks that it decides: two parties that keep every rule otherwise.
fn at_attacks(runs: &mut Runs, protocol: Protocol, mine: Fault) -> BTreeSet<&'static str> {
    let mut breaks = BTreeSet::new();
    let text = format!("{}.{}={}", mine.0.name(), mine.1.id, mine.2);
    for attack in attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol)) {
        for entry in attack.deciding.iter().filter(|entry| entry.protocols.contains(&protocol)) {
            if !entry.wrong.contains(&text.as_str()) {
                continue;
            }
            let mut failed = |wrong: &[&str]| -> BTreeSet<_> {
                let mut setup = Setup::new(protocol).unwrap();
                setup.profile(Side::Client, "private").unwrap();
                setup.profile(Side::Server, "strict").unwrap();
                setup.attack(attack.id).unwrap();
                for text in entry.given.iter().chain(wrong) {
                    setup.set_text(text).unwrap();
                }
                runs.get(&setup, failed)
                    .iter()
                    .filter(|(side, _)| *side == mine.0)
                    .map(|(_, rule)| *rule)
                    .collect()
            };
            let without: Vec<_> =
                entry.right.iter().chain(entry.wrong).filter(|wrong| **wrong != text).copied().collect();
            let (with, without) = (failed(entry.wrong), failed(&without));
            breaks.extend(with.difference(&without).copied());
        }
    }
    breaks
}

/// Every fault that a side can have, in all its forms.
fn conduct(protocol: Protocol, side: Side) -> Vec<Fault> {
    let switches = (proto::find(protocol).unwrap().switches)(side);
    let faults = switches.iter().filter(|s| s.kind == SwitchKind::Conduct);
    faults.flat_map(|&switch| switch.values.iter().skip(1).map(move |&value| (side, switch, value))).collect()
}

/// The rules that a switch names, as far as they are about a protocol.
fn named(protocol: Protocol, switch: &Switch) -> BTreeSet<&'static str> {
    let about = |id: &&&str| rules::find(id).unwrap().protocols.contains(&protocol);
    switch.breaks.iter().filter(about).copied().collect()
}

/// What RFC 2595 permits by a setting and later documents do not: TLS only if offered, passwords outside TLS.
fn permitted(settings: &str, side: Side, rule: &str) -> bool {
    match side {
        Side::Client => {
            matches!(rule, "S-8314-minconf" | "S-9051-login") && settings.starts_with("opportunistic")
        }
        Side::Server => rule == "S-9051-plaincfg" && settings.contains("open"),
    }
}

#[test]
fn honest_parties_break_only_what_their_settings_permit_whatever_the_middle_does() {
    for protocol in Protocol::ALL {
        for (settings, side, rule) in broken(&mut Runs::default(), protocol, &[]) {
            assert!(
                permitted(&settings, side, rule),
                "{protocol:?} {settings}: {} breaks {rule}",
                side.name()
            );
        }
    }
}

#[test]
fn a_switch_breaks_the_rules_that_it_names_and_no_others() {
    let mut wrong = Vec::new();
    // What a switch names has to show in one of its protocols at least.
    let mut shown: BTreeMap<(Side, &str), (&Switch, BTreeSet<&str>)> = BTreeMap::new();
    let mut seen_of: BTreeMap<(Side, &str), BTreeSet<&str>> = BTreeMap::new();
    for protocol in Protocol::ALL {
        let all: Vec<_> = Side::BOTH.into_iter().flat_map(|side| conduct(protocol, side)).collect();
        let find = |side, id| *all.iter().find(|(of, switch, _)| *of == side && switch.id == id).unwrap();
        // Some faults show only in company: nobody tries PLAIN outside TLS where it is not listed.
        let listed = find(Side::Server, "plain-before-tls");
        let used = find(Side::Client, "plain-in-clear");
        let mut companies = vec![vec![], vec![listed, used]];
        companies.extend(all.iter().flat_map(|&other| [vec![other], vec![other, listed]]));
        let mut known = Known::default();
        for &mine in &all {
            // In all its forms and protocols together it shows what it names.
            let so_far = seen_of.entry((mine.0, mine.1.id)).or_default();
            let is_mine = |other: &Fault| other.0 == mine.0 && other.1.id == mine.1.id;
            let named = named(protocol, mine.1);
            let attacked = at_attacks(&mut known.runs, protocol, mine);
            so_far.extend(attacked.iter().copied());
            // What it does to a party that is honest otherwise, and what it does to any.
            let (mut alone, mut ever) = (BTreeSet::new(), attacked);
            for (number, company) in companies.iter().enumerate() {
                // By itself always; in company only as long as something that it names has not shown.
                if company.iter().any(is_mine) || (number > 0 && named.is_subset(so_far)) {
                    continue;
                }
                let without = seen(&mut known, protocol, company);
                let with = seen(&mut known, protocol, &[&company[..], &[mine]].concat());
                let mut breaks = BTreeSet::new();
                for (settings, side, rule) in with.difference(&without) {
                    if *side == mine.0 && !permitted(settings, *side, rule) {
                        breaks.insert(*rule);
                    }
                }
                if !company.iter().any(|other| other.0 == mine.0) {
                    alone.extend(breaks.iter().copied());
                }
                so_far.extend(breaks.iter().copied());
                ever.extend(breaks);
            }
            if !alone.is_subset(&named) {
                let who = format!("{} {} {}={}", protocol.id(), mine.0.name(), mine.1.id, mine.2);
                wrong.push(format!("{who} names {named:?}, breaks alone {alone:?}, ever {ever:?}"));
            }
            let key = (mine.0, mine.1.id);
            shown.entry(key).or_insert_with(|| (mine.1, BTreeSet::new())).1.extend(ever);
        }
    }
    for ((side, id), (switch, ever)) in shown {
        let never: Vec<_> = switch.breaks.iter().filter(|rule| !ever.contains(*rule)).collect();
        if !never.is_empty() {
            wrong.push(format!("{} {id} names {never:?}, which it never breaks", side.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
