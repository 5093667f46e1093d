//! Holds rules and machines to each other: a party with every conduct switch off breaks no rule that its settings
//! keep, and a switch breaks the rules that it names.

use super::{over_run, simulate};
use crate::attack;
use crate::base::{Protocol, Side, Switch, SwitchKind};
use crate::rules::Outcome;
use crate::sim::Setup;
use crate::spec::RuleSet;
use std::collections::BTreeSet;

type Broken = BTreeSet<(Side, &'static str)>;

/// What is broken somewhere over all settings of policy and all single attacks, with some conduct switched on.
fn broken(conduct: &[(Side, &Switch)]) -> Broken {
    let mut found = Broken::new();
    for tls in ["opportunistic", "required"] {
        for server in ["strict", "open"] {
            for attack in std::iter::once(None).chain(attack::ALL.iter().map(Some)) {
                let mut setup = Setup::new(Protocol::Imap).unwrap();
                setup.profile(Side::Client, "private").unwrap();
                setup.profile(Side::Server, server).unwrap();
                setup.set_text(&format!("client.tls={tls}")).unwrap();
                for (side, switch) in conduct {
                    setup.set_text(&format!("{}.{}=on", side.name(), switch.id)).unwrap();
                }
                if let Some(attack) = attack {
                    setup.attack(attack.id).unwrap();
                }
                let run = simulate(&setup, RuleSet::Today);
                let verdicts = over_run(&run.connections);
                let failed = verdicts.iter().filter(|v| v.verdict.outcome == Outcome::Fail);
                found.extend(failed.map(|v| (v.verdict.side, v.verdict.rule.id)));
            }
        }
    }
    found
}

fn conduct(side: Side) -> Vec<(Side, &'static Switch)> {
    let switches = (Setup::new(Protocol::Imap).unwrap().protocol.switches)(side);
    switches.iter().filter(|s| s.kind == SwitchKind::Conduct).map(|&switch| (side, switch)).collect()
}

/// Settings that RFC 2595 permits and later documents do not: TLS only if offered, passwords outside TLS.
fn settings() -> Broken {
    Broken::from([(Side::Client, "S-8314-minconf"), (Side::Server, "S-9051-plaincfg")])
}

#[test]
fn honest_parties_break_nothing_whatever_the_middle_does() {
    assert_eq!(broken(&[]), settings());
}

/// What no attack provokes yet: nothing lets a handshake fail.
const UNPROVOKED: &[(&str, &str)] = &[("ignore-tls-result", "A11")];

#[test]
fn a_switch_breaks_the_rules_that_it_names() {
    // Without it no client of ours tries PLAIN outside TLS.
    let listed = conduct(Side::Server).into_iter().find(|(_, s)| s.id == "plain-before-tls").unwrap();
    for side in Side::BOTH {
        for mine in conduct(side) {
            let mut seen = broken(&[mine]);
            for theirs in conduct(side.other()) {
                seen.extend(broken(&[mine, theirs]));
                seen.extend(broken(&[mine, theirs, listed]));
            }
            for rule in mine.1.breaks {
                let excused = side == Side::Server && UNPROVOKED.contains(&(mine.1.id, rule));
                assert!(seen.contains(&(side, rule)) || excused, "{} {}: {rule}", side.name(), mine.1.id);
            }
        }
    }
}
