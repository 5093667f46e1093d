//! The registries are complete: one file per thing, one line per file, texts everywhere, and nothing that cannot happen.

use crate::grid::table::{broken, setups};
use starttls_lab::base::{Party, Side, Switch, SwitchKind};
use starttls_lab::pipeline::report::Kind;
use starttls_lab::pipeline::{self, RuleSet, Setup};
use starttls_lab::proto::ProtocolRecord;
use starttls_lab::{attack, harm, import, proto, report, rules, spec};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The ids of the entries that the files of a folder define, by the type of their static.
fn defined(folder: &str, kind: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let mut ids = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, _) in text.match_indices(&format!(": {kind} = {kind} {{")) {
            let id = text[at..].split_once("id: \"").unwrap().1.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "{} defines {id} again", path.display());
        }
    }
    ids
}

fn registry(name: &str, folder: &str, kind: &str, entries: &[(&str, Vec<&str>)]) {
    let ids: Vec<&str> = entries.iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{name}: sorted, each once: {ids:?}");
    let listed: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(defined(folder, kind), listed, "{name}: what the files define and what ALL lists");
    for (id, texts) in entries {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(!id.is_empty() && id.chars().all(fits), "{name}: the id {id:?}");
        for text in texts {
            assert!(!text.trim().is_empty(), "{name}: {id} lacks a text");
        }
    }
}

#[test]
fn every_file_of_a_kind_is_in_its_registry_and_has_its_texts() {
    let rules: Vec<_> = rules::ALL.iter().map(|r| (r.id, vec![r.title, r.why, r.how])).collect();
    registry("rules", "rules", "Rule", &rules);
    let attacks: Vec<_> = attack::ALL.iter().map(|a| (a.id, vec![a.title, a.about])).collect();
    registry("attacks", "attack", "Attack", &attacks);
    let harms: Vec<_> = harm::ALL.iter().map(|h| (h.id, vec![h.title, h.about])).collect();
    registry("harms", "harm", "Harm", &harms);
    let formats: Vec<_> = import::ALL.iter().map(|f| (f.id, vec![f.title, f.about])).collect();
    registry("formats of inputs", "import", "Format", &formats);
    let writers: Vec<_> = report::ALL.iter().map(|f| (f.id, vec![f.title, f.about])).collect();
    registry("formats of reports", "report", "Format", &writers);
}

#[test]
fn every_rule_has_a_requirement_with_words_and_a_protocol() {
    for rule in rules::ALL {
        let row = rule.requirement().unwrap_or_else(|| panic!("{} has no requirement", rule.id));
        assert!(!row.clauses.is_empty() && !row.sides().is_empty(), "{}", rule.id);
        assert!(
            row.clauses.iter().all(|clause| !clause.says.is_empty() && !clause.sides.is_empty()),
            "{}",
            rule.id
        );
        assert!(!row.section.is_empty() && !rule.protocols.is_empty(), "{}", rule.id);
    }
    let ids: BTreeSet<_> = spec::ALL.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), spec::ALL.len(), "each requirement once");
}

fn all_switches() -> Vec<&'static Switch> {
    let mut all = Vec::new();
    for record in proto::ALL {
        all.extend(Side::BOTH.into_iter().flat_map(|side| (record.switches)(side).iter().copied()));
    }
    all.extend(attack::ALL.iter().flat_map(|attack| attack.switches.iter().copied()));
    all
}

#[test]
fn every_switch_has_words_and_breaks_rules_that_exist() {
    for switch in all_switches() {
        assert!(!switch.title.is_empty() && switch.about.ends_with('.'), "{}", switch.id);
        assert!(switch.values.len() > 1, "{} has a choice", switch.id);
        for rule in switch.breaks {
            assert!(rules::find(rule).is_some(), "{} breaks {rule}, which is no rule", switch.id);
        }
        assert_eq!(switch.kind == SwitchKind::Conduct, !switch.breaks.is_empty(), "{}", switch.id);
    }
    for record in proto::ALL {
        for side in Side::BOTH {
            let ids: Vec<_> = (record.switches)(side).iter().map(|switch| switch.id).collect();
            let once: BTreeSet<_> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "each switch of a side once");
            for profile in (record.profiles)(side) {
                assert!(profile.side == side && !profile.title.is_empty() && profile.about.ends_with('.'));
                for (id, value) in profile.set {
                    let switch = (record.switches)(side).iter().find(|switch| switch.id == *id);
                    assert!(
                        switch.is_some_and(|switch| switch.values.contains(value)),
                        "{} {id}",
                        profile.id
                    );
                }
            }
        }
    }
}

/// What fails in one setup, with the side.
fn failing(setup: &Setup) -> BTreeSet<(Side, &'static str)> {
    let run = pipeline::simulate(setup, RuleSet::Today);
    let of = |side| broken(&run, side).into_iter().map(move |rule| (side, rule));
    Side::BOTH.into_iter().flat_map(of).collect()
}

/// What a switch of a party can be set to besides its default.
type Choice = (&'static Switch, &'static str);

/// Every pair of profiles with every middle: as it is, and with each value of each switch. Some faults show only when
/// there is another one, so each two are set together where nobody is in between, and where the upgrade is stripped.
fn every_setup(record: &ProtocolRecord, mut see: impl FnMut(&Setup, &[&'static Switch])) {
    let choices = |side: Side| -> Vec<Choice> {
        let all = (record.switches)(side).iter();
        all.flat_map(|&switch| switch.values[1..].iter().map(move |&value| (switch, value))).collect()
    };
    let all: Vec<Choice> = Side::BOTH.into_iter().flat_map(choices).collect();
    let faults: Vec<_> = all.iter().filter(|(switch, _)| switch.kind == SwitchKind::Conduct).collect();
    let mut changes: Vec<Vec<Choice>> = vec![vec![]];
    changes.extend(all.iter().map(|&choice| vec![choice]));
    let mut pairs = Vec::new();
    for (at, first) in faults.iter().enumerate() {
        pairs.extend(faults[at + 1..].iter().map(|second| vec![**first, **second]));
    }
    for (middle, plain) in setups(record.protocol) {
        let paired = middle.attacks.is_empty() || middle.attacks == ["strip-capability"];
        let pairs = if paired { &pairs[..] } else { &[] };
        for change in changes.iter().chain(pairs) {
            let mut setup = plain.clone();
            for (switch, value) in change {
                setup.set(switch.owner, switch.id, value).unwrap();
            }
            see(&setup, &change.iter().map(|(switch, _)| *switch).collect::<Vec<_>>());
        }
    }
}

/// What nothing in the simulator can break yet, in any of its protocols, and why.
const NEVER_BROKEN: &[(&str, Side, &str)] = &[
    (
        "A02",
        Side::Server,
        "a run without the mode says nothing about whether there is one: only a probe could",
    ),
    ("A11", Side::Server, "no attack lets STARTTLS through and the handshake fail"),
    ("B14", Side::Client, "no switch of the client sends octets that are no command"),
];

/// What a switch says that it breaks and no run shows, for the reasons above.
const EMPTY_THREATS: &[&str] = &["server.ignore-tls-result and A11"];

#[test]
fn every_rule_can_be_broken_and_every_conduct_switch_breaks_what_it_says_in_every_protocol() {
    for record in proto::ALL {
        let about = |rule: &str| rules::find(rule).unwrap().protocols.contains(&record.protocol);
        let mut red: BTreeSet<(Side, &str)> = BTreeSet::new();
        let mut with: BTreeMap<(Party, &str), BTreeSet<&str>> = BTreeMap::new();
        every_setup(record, |setup, switches| {
            let failing = failing(setup);
            for switch in switches {
                let own = failing.iter().filter(|(side, _)| switch.owner == (*side).into());
                with.entry((switch.owner, switch.id)).or_default().extend(own.map(|(_, rule)| *rule));
            }
            red.extend(failing);
        });
        let mut never = Vec::new();
        for rule in rules::ALL.iter().filter(|rule| about(rule.id)) {
            for side in rule.requirement().unwrap().sides() {
                if !red.contains(&(side, rule.id)) {
                    never.push((rule.id, side));
                }
            }
        }
        let mut empty_threats = Vec::new();
        for switch in Side::BOTH.iter().flat_map(|side| (record.switches)(*side)) {
            let broke = with.get(&(switch.owner, switch.id)).cloned().unwrap_or_default();
            for rule in switch.breaks.iter().filter(|rule| about(rule) && !broke.contains(*rule)) {
                empty_threats.push(format!("{}.{} and {rule}", switch.owner.name(), switch.id));
            }
        }
        let known: Vec<_> = NEVER_BROKEN.iter().map(|(rule, side, _)| (*rule, *side)).collect();
        assert_eq!(never, known, "what nothing can break in {:?}", record.protocol);
        assert_eq!(empty_threats, EMPTY_THREATS, "what a switch does not do in {:?}", record.protocol);
    }
}

#[test]
fn the_ids_of_the_contract_are_listed() {
    let ids = |kind| pipeline::list(kind).into_iter().map(|entry| entry.id).collect::<BTreeSet<_>>();
    let holds = |kind, wanted: &[&'static str]| {
        let missing: Vec<_> = wanted.iter().filter(|id| !ids(kind).contains(*id)).collect();
        assert!(missing.is_empty(), "{kind:?} lacks {missing:?}");
    };
    holds(Kind::Profiles, &["private", "opportunistic", "careless", "strict", "open"]);
    holds(Kind::Attacks, &["strip-capability", "fail-starttls"]);
    holds(Kind::Harms, &["credential", "content"]);
    holds(Kind::Protocols, &["imap", "pop3", "acap"]);
    holds(
        Kind::Rules,
        &[
            "A02",
            "A04",
            "A11",
            "A12",
            "A13",
            "A14",
            "A16",
            "A19",
            "A21",
            "B14",
            "B15",
            "B19",
            "B25",
            "S-8314-minconf",
            "S-9051-preauth",
            "S-9051-plaincfg",
            "S-4616",
        ],
    );
    for kind in Kind::ALL {
        assert!(!pipeline::list(kind).is_empty(), "{kind:?}");
    }
}
