//! The smallest changes that stop an attack, or several: each set is tried by running it, and no set holds another.

use crate::attack::Attack;
use crate::base::{Side, Switch, SwitchKind};
use crate::harm;
use crate::rules;
use crate::sim::{self, Run, Setup, Shared};
use crate::trace::Note;
use std::collections::BTreeSet;

/// A single change of one party.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The switch.
    pub switch: &'static Switch,
    /// Its new value.
    pub value: &'static str,
}

impl Change {
    /// The change as the command line writes it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}={}", self.switch.owner.name(), self.switch.id, self.value)
    }

    fn applied(self, setup: &mut Setup) {
        let done = setup.set(self.switch.owner, self.switch.id, self.value);
        debug_assert!(done.is_ok(), "{self:?}");
    }
}

/// The smallest sets of changes that work.
#[derive(Clone, Debug, Default)]
pub struct Fixes {
    /// Sets of switches, the smallest first. An empty list: none was found within the bounds.
    pub switches: Vec<Vec<Change>>,
    /// Sets of rules: parties that keep them stop the attacks.
    pub rules: Vec<Vec<&'static str>>,
    /// How many runs were made.
    pub runs: usize,
    /// Whether [`RUN_LIMIT`] or [`SET_LIMIT`] ended the search, so that there may be more.
    pub limit_reached: bool,
    /// No attack succeeds or does harm as it is: there is nothing to be stopped, and nothing was searched.
    pub nothing_to_stop: bool,
}

/// At most so many changes stand in a set.
pub const SIZE_LIMIT: usize = 3;

/// At most so many runs are made.
pub const RUN_LIMIT: usize = 20_000;

/// At most so many sets are tried, most of which are known by runs that look the same.
pub const SET_LIMIT: usize = 50_000;

/// Finds the smallest fixes for each of the setup's attacks by itself and for all of them together: after them none
/// succeeds or does harm, and without an attack the client still logs in.
#[must_use]
pub fn fixes(setup: &Setup) -> Fixes {
    fixes_with(setup, &mut |_, _| true)
}

/// The same, telling from time to time how many of how many sets are tried; it ends when the answer is no, as if by its
/// limit. What is still to come is not counted: larger sets are tried where no smaller one works.
#[must_use]
pub fn fixes_with(setup: &Setup, progress: &mut dyn FnMut(usize, usize) -> bool) -> Fixes {
    let mut attacks: Vec<_> = setup.attacks.iter().map(|(attack, _)| *attack).collect();
    attacks.dedup_by_key(|attack| attack.id);
    Search::new(vec![setup.clone()], attacks).find(setup, progress)
}

/// The first single change that works, in the order client before server and choices before faults; it makes fewer runs
/// than [`fixes`].
#[must_use]
pub fn first(setup: &Setup) -> Option<Change> {
    let attacks = setup.attacks.iter().map(|(attack, _)| *attack).collect();
    let mut search = Search::new(vec![setup.clone()], attacks);
    changes(setup).into_iter().find(|change| search.stops(&[*change]))
}

/// The same for a set of attacks of which each comes alone.
#[must_use]
pub fn fixes_for_each(setup: &Setup, attacks: &[&'static Attack]) -> Fixes {
    let alone = |attack: &&'static Attack| {
        let mut alone = Setup { attacks: Vec::new(), ..setup.clone() };
        alone.attack(attack.id).ok().map(|()| alone)
    };
    let setups = attacks.iter().filter_map(alone).collect();
    Search::new(setups, attacks.to_vec()).find(setup, &mut |_, _| true)
}

struct Search {
    /// What has to be stopped, each by itself.
    setups: Vec<Setup>,
    attacks: Vec<&'static Attack>,
    /// Whether an attack wins or does harm.
    won: Shared<bool>,
    /// Whether the client logs in where there is none.
    let_in: Shared<bool>,
    /// How many sets were tried.
    tried: usize,
}

impl Search {
    fn new(setups: Vec<Setup>, attacks: Vec<&'static Attack>) -> Self {
        Self { setups, attacks, won: Shared::default(), let_in: Shared::default(), tried: 0 }
    }

    fn runs(&self) -> usize {
        self.won.made().saturating_add(self.let_in.made())
    }

    /// Whether one of the limits is reached.
    fn is_over(&self) -> bool {
        self.runs() > RUN_LIMIT || self.tried > SET_LIMIT
    }

    fn find(&mut self, setup: &Setup, progress: &mut dyn FnMut(usize, usize) -> bool) -> Fixes {
        if !self.is_won(&[]) {
            return Fixes { nothing_to_stop: true, runs: self.runs(), ..Fixes::default() };
        }
        let changes = changes(setup);
        let mut fixes = Fixes::default();
        let singles: Vec<Vec<Change>> = changes.iter().map(|change| vec![*change]).collect();
        // Changes that gain nothing alone may gain something together, so that each size is tried in full.
        let mut sets = singles;
        for size in 1..=SIZE_LIMIT {
            let mut failed = Vec::new();
            let all = sets.len();
            for (done, set) in sets.into_iter().enumerate() {
                let goes_on = !done.is_multiple_of(16) || progress(done, all);
                if !goes_on || self.is_over() {
                    fixes.limit_reached = true;
                    break;
                }
                if self.stops(&set) {
                    fixes.switches.push(set);
                } else {
                    failed.push(set);
                }
            }
            // Larger sets are worth their runs only where no smaller one is.
            if !fixes.switches.is_empty() || size == SIZE_LIMIT || fixes.limit_reached {
                break;
            }
            sets = grown(&failed, &changes);
        }
        fixes.rules = self.rule_sets(setup);
        fixes.runs = self.runs();
        fixes
    }

    /// The smallest sets of rules, out of those that the parties break by a switch.
    fn rule_sets(&mut self, setup: &Setup) -> Vec<Vec<&'static str>> {
        let faults: Vec<_> =
            changes(setup).into_iter().filter(|c| c.switch.kind == SwitchKind::Conduct).collect();
        let named: BTreeSet<_> = faults.iter().flat_map(|change| change.switch.breaks).copied().collect();
        let known: Vec<_> = named.into_iter().filter(|id| rules::find(id).is_some()).collect();
        let kept = |set: &[&str]| -> Vec<Change> {
            faults.iter().filter(|c| c.switch.breaks.iter().any(|id| set.contains(id))).copied().collect()
        };
        let mut found: Vec<Vec<&'static str>> = Vec::new();
        let mut sets: Vec<Vec<&'static str>> = known.iter().map(|id| vec![*id]).collect();
        for _ in 0..2 {
            let mut failed = Vec::new();
            for set in sets {
                if !self.is_over() && self.stops(&kept(&set)) {
                    found.push(set);
                } else {
                    failed.push(set);
                }
            }
            if !found.is_empty() {
                break;
            }
            sets = failed
                .iter()
                .flat_map(|set| {
                    let later = known.iter().filter(|id| set.last().is_some_and(|last| *last < **id));
                    later.map(|id| [&set[..], &[id]].concat())
                })
                .collect();
        }
        found
    }

    /// Every attack fails and does no harm after the changes, and an honest session still succeeds.
    fn stops(&mut self, set: &[Change]) -> bool {
        self.tried = self.tried.saturating_add(1);
        if self.is_won(set) {
            return false;
        }
        let Some(first) = self.setups.first() else { return false };
        let peaceful = Setup { attacks: Vec::new(), custom: None, ..changed(first, set) };
        *self.let_in.get(&peaceful, |setup| logged_in(&sim::run(setup)))
    }

    /// Whether one of the setups is won with a set of changes.
    fn is_won(&mut self, set: &[Change]) -> bool {
        let Self { setups, attacks, won, .. } = self;
        setups.iter().any(|setup| {
            *won.get(&changed(setup, set), |setup| {
                let run = sim::run(setup);
                let succeeds =
                    |attack: &&Attack| !(attack.success.find)(&run.connections, &run.planted).is_empty();
                attacks.iter().any(succeeds) || harmed(&run)
            })
        })
    }
}

fn changed(setup: &Setup, set: &[Change]) -> Setup {
    let mut changed = setup.clone();
    set.iter().for_each(|change| change.applied(&mut changed));
    changed
}

/// Sets of one change more, each once and with one value per switch.
fn grown(sets: &[Vec<Change>], changes: &[Change]) -> Vec<Vec<Change>> {
    let place = |change: &Change| {
        changes
            .iter()
            .position(|known| std::ptr::eq(known.switch, change.switch) && known.value == change.value)
    };
    let mut grown = Vec::new();
    for set in sets {
        let last = set.last().and_then(place).unwrap_or_default();
        for change in changes.iter().skip(last.saturating_add(1)) {
            if set.iter().all(|other| !std::ptr::eq(other.switch, change.switch)) {
                grown.push([&set[..], &[*change]].concat());
            }
        }
    }
    grown
}

/// Every single change: another value of a choice, or the end of a fault, which is mended and never proposed.
fn changes(setup: &Setup) -> Vec<Change> {
    let mut all = Vec::new();
    for kind in [SwitchKind::Setting, SwitchKind::Conduct] {
        for side in [Side::Client, Side::Server] {
            let switches = (setup.protocol.switches)(side).iter().copied();
            for switch in switches.filter(|switch| switch.kind == kind) {
                let now = setup.value(switch);
                let values = match kind {
                    SwitchKind::Setting => switch.values,
                    SwitchKind::Conduct => switch.values.get(..1).unwrap_or_default(),
                };
                all.extend(values.iter().filter(|v| **v != now).map(|value| Change { switch, value }));
            }
        }
    }
    all
}

fn harmed(run: &Run) -> bool {
    let gains = harm::ALL.iter().filter(|harm| !harm.denial);
    gains.into_iter().any(|harm| !(harm.find)(&run.connections, &run.planted).is_empty())
}

/// Whether both sides of a run are authenticated at some point.
pub(super) fn logged_in(run: &Run) -> bool {
    let both = |trace: &crate::trace::Trace| {
        Side::BOTH.into_iter().all(|side| {
            let wanted = |note| matches!(note, Note::State("authenticated" | "transaction"));
            trace.leg(side).note(side, wanted).is_some()
        })
    };
    run.connections.iter().any(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;

    fn found(setup: &Setup) -> Vec<Vec<String>> {
        fixes(setup).switches.iter().map(|set| set.iter().map(Change::text).collect()).collect()
    }

    #[test]
    fn the_strip_is_stopped_by_requiring_tls_and_by_no_setting_of_the_server() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let found = found(&setup);
        assert!(found.contains(&vec!["client.tls=required".to_owned()]), "{found:?}");
        assert!(
            found.iter().flatten().all(|change| !change.starts_with("server.logindisabled")),
            "{found:?}"
        );
    }

    #[test]
    fn two_faults_need_two_changes_and_no_set_holds_another() {
        // ACAP has no port where TLS comes first, which would end both at once.
        let mut setup = Setup::new(Protocol::Acap).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        setup.set_text("client.keeps-buffer=on").unwrap();
        setup.set_text("client.shows-clear-alerts=on").unwrap();
        let attacks = ["response-injection", "alert-ui-spoof"].map(|id| crate::attack::find(id).unwrap());
        let both = fixes_for_each(&setup, &attacks);
        let sets: Vec<BTreeSet<_>> =
            both.switches.iter().map(|set| set.iter().map(Change::text).collect()).collect();
        let mended = ["client.shows-clear-alerts=off", "client.keeps-buffer=off"].map(str::to_owned);
        assert!(sets.contains(&mended.into()), "{sets:?}");
        assert!(!both.limit_reached && sets.iter().all(|set| set.len() == 2));
    }
}
