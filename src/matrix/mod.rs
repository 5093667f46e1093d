//! Attacks against rules and attacks against profiles, computed from runs and never typed in.
//!
//! - A rule **stops** an attack when a pair of parties that keeps every rule but for the weaknesses that decide the attack
//!   suffers it, and mending those of them that break the rule ends it.
//! - A rule is **needed** when such a pair breaks this rule and no other, and suffers the attack.
//! - A rule **notices** an attack when it is broken in the harmful run, or when it asks for a warning and the user was
//!   warned there.
//!
//! Runs are shared by the switches that they look at, so that each is made once.

pub mod fixes;
mod nearby;
pub mod search;
mod work;

pub use nearby::nearby;
pub use work::Wanted;
use work::Work;

use crate::attack::{Attack, Deciding};
use crate::base::{Party, Profile, Protocol, Side, SwitchKind};
use crate::facts::Facts;
use crate::harm::{self, Harm};
use crate::rules::{self, Rule};
use crate::sim::{self, Run, Setup, Shared};
use crate::spec::{Document, RuleSet};
use crate::trace::Note;
use std::collections::BTreeSet;
use std::rc::Rc;

/// One protocol's matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The protocol.
    pub protocol: Protocol,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// The attacks on it, by id.
    pub attacks: Vec<&'static Attack>,
    /// The rules about it that are in force.
    pub rules: Vec<&'static Rule>,
    /// The clients of the pairs.
    pub clients: Vec<&'static Profile>,
    /// The servers of the pairs.
    pub servers: Vec<&'static Profile>,
    /// One cell per attack and rule, by attack.
    pub cells: Vec<Cell>,
    /// One row per attack: against each pair of profiles, by client.
    pub pairs: Vec<Pair>,
    /// Each pair of profiles without an attack.
    pub logins: Vec<Login>,
    /// How many different runs it took.
    pub runs: usize,
}

/// What a rule does about an attack.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The attack.
    pub attack: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// Keeping it ends the attack.
    pub stops: bool,
    /// Breaking it alone is enough for the attack.
    pub needed: bool,
    /// The harmful run shows it, or its warning reached the user.
    pub notices: bool,
    /// The place of the event that decided the run that shows it.
    pub place: Option<u32>,
    /// The arguments of `simulate` that show it.
    pub run: Vec<String>,
}

/// An attack against a pair of profiles.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The attack.
    pub attack: &'static str,
    /// The client's profile.
    pub client: String,
    /// The server's profile.
    pub server: String,
    /// Whether one of its variants succeeds.
    pub succeeds: bool,
    /// What the attacker gains by it first, if it does any harm.
    pub gains: Option<&'static Harm>,
    /// The place of the event that decided it.
    pub place: Option<u32>,
    /// The arguments of `simulate` that show it.
    pub run: Vec<String>,
}

/// A pair of profiles with nobody in the middle.
#[derive(Clone, Debug)]
pub struct Login {
    /// The client's profile.
    pub client: String,
    /// The server's profile.
    pub server: String,
    /// Whether both sides are authenticated in the end.
    pub works: bool,
}

/// Computes the matrix of a protocol. `None`: nothing can be simulated in it.
#[must_use]
pub fn matrix(protocol: Protocol, rule_set: RuleSet) -> Option<Matrix> {
    matrix_with(Wanted::all(protocol, rule_set), &mut |_, _| true)
}

/// As much of it as is wanted, telling after every attack how many of how many are done; it stops when the answer is no.
#[must_use]
pub fn matrix_with(wanted: Wanted, progress: &mut dyn FnMut(usize, usize) -> bool) -> Option<Matrix> {
    let mut work = Work::new(wanted)?;
    loop {
        let (done, all) = work.progress();
        if !progress(done, all) {
            return None;
        }
        if !work.step() {
            return Some(work.finish());
        }
    }
}

/// How an attack ended.
#[derive(Clone, Copy, Debug)]
struct Ended {
    /// Where it succeeded first, if it did.
    place: Option<u32>,
    /// What the attacker gained first.
    gains: Option<&'static Harm>,
}

/// What came out of a run.
#[derive(Debug, Default)]
struct Outcomes {
    /// Where the attack succeeded first, if it did.
    place: Option<u32>,
    /// The rules that are broken, with the side that breaks them.
    broken: BTreeSet<(Party, &'static str)>,
    warned: bool,
}

impl Outcomes {
    fn succeeds(&self) -> bool {
        self.place.is_some()
    }
}

/// Makes runs, each once.
struct Bench {
    rule_set: RuleSet,
    /// How attacks end.
    ended: Shared<Ended>,
    /// The same, judged by the rules, which takes longer.
    judged: Shared<Outcomes>,
    logins: Shared<bool>,
}

impl Bench {
    fn new(rule_set: RuleSet) -> Self {
        Self { rule_set, ended: Shared::default(), judged: Shared::default(), logins: Shared::default() }
    }

    /// How many runs it made.
    fn runs(&self) -> usize {
        [self.ended.made(), self.judged.made(), self.logins.made()].iter().sum()
    }

    /// Whether a setup, which has no attack, lets the client in.
    fn logs_in(&mut self, setup: &Setup) -> bool {
        *self.logins.get(setup, |setup| fixes::logged_in(&sim::run(setup)))
    }

    /// How a setup ends whose only attack is this one.
    fn end(&mut self, attack: &Attack, setup: &Setup) -> Ended {
        *self.ended.get(setup, |setup| {
            let run = sim::run(setup);
            let place = place(attack, &run);
            Ended { place, gains: place.and_then(|_| gains(&run)) }
        })
    }

    /// Runs and judges a setup whose only attack is this one.
    fn judge(&mut self, attack: &Attack, setup: &Setup) -> Rc<Outcomes> {
        let rule_set = self.rule_set;
        self.judged.get(setup, |setup| {
            let run = sim::run(setup);
            let mut outcomes = Outcomes { place: place(attack, &run), ..Outcomes::default() };
            // What a proxy does behind itself is between two others.
            let seen = run.connections.iter().filter(|trace| !trace.peer().is_some_and(|peer| peer.behind));
            for trace in seen {
                let client = Facts::of(trace, Side::Client);
                let server = Facts::of(trace, Side::Server);
                let broken = rules::broken(trace, [&client, &server], rule_set);
                outcomes.broken.extend(broken.map(|(side, rule)| (side.into(), rule)));
                let warned = trace.leg(Side::Client).note(Side::Client, |note| note == Note::WarnedUser);
                outcomes.warned |= warned.is_some();
            }
            outcomes
        })
    }
}

/// The place where an attack succeeded first, if it did.
fn place(attack: &Attack, run: &Run) -> Option<u32> {
    let done = (attack.success.find)(&run.connections, &run.planted);
    let done = done.first()?;
    let event = run.connections.get(done.connection).and_then(|trace| trace.event(done.event));
    Some(event.map_or(1, |event| event.places.0))
}

/// What the attacker gained first.
fn gains(run: &Run) -> Option<&'static Harm> {
    let harms = harm::ALL.iter().copied().filter(|harm| !harm.denial);
    let found = harms.filter_map(|harm| {
        Some((harm, (harm.find)(&run.connections, &run.planted).first()?.place_in(&run.connections)))
    });
    found.min_by_key(|(_, place)| *place).map(|(harm, _)| harm)
}

/// A deciding weakness with its runs.
struct Entry {
    arguments: Vec<String>,
    harmful: Rc<Outcomes>,
    /// With every weakness mended.
    mended: Rc<Outcomes>,
    /// For each weakness: the run without it alone.
    without: Vec<(Weakness, Rc<Outcomes>)>,
}

/// One switch of a deciding weakness.
struct Weakness {
    party: Party,
    /// The rules that it breaks, for a fault; a test holds runs to them. A choice names none: runs say what it breaks.
    breaks: Option<&'static [&'static str]>,
}

impl Weakness {
    fn new(setup: &Setup, text: &str) -> Option<Self> {
        let (party, rest) = text.split_once('.')?;
        let side = Side::BOTH.into_iter().find(|side| side.name() == party)?;
        let id = rest.split_once('=')?.0;
        let switch = (setup.protocol.switches)(side).iter().find(|switch| switch.id == id)?;
        let breaks = (switch.kind == SwitchKind::Conduct).then_some(switch.breaks);
        Some(Self { party: side.into(), breaks })
    }

    /// Whether its being there is what breaks a rule in a run that is whole without it.
    fn breaks(&self, rule: &str, with: &Outcomes, without: &Outcomes) -> bool {
        let broken =
            |run: &Outcomes| run.broken.iter().any(|(party, id)| (*party, *id) == (self.party, rule));
        self.breaks.is_none_or(|breaks| breaks.contains(&rule)) && broken(with) && !broken(without)
    }
}

impl Entry {
    fn new(bench: &mut Bench, protocol: Protocol, attack: &Attack, entry: &Deciding) -> Option<Self> {
        let wrong: Vec<&str> = entry.wrong.to_vec();
        let (setup, mut arguments) = compliant_pair(protocol, attack, entry.given.iter().chain(&wrong))?;
        if bench.rule_set != RuleSet::default() {
            arguments.extend(["--rules", bench.rule_set.id()].map(str::to_owned));
        }
        let harmful = bench.judge(attack, &setup);
        let mut without = Vec::new();
        for weakness in &wrong {
            let others = wrong.iter().filter(|other| *other != weakness);
            let more = entry.given.iter().chain(entry.right).chain(others);
            let (setup, _) = compliant_pair(protocol, attack, more)?;
            without.push((Weakness::new(&setup, weakness)?, bench.judge(attack, &setup)));
        }
        let (setup, _) = compliant_pair(protocol, attack, entry.given.iter().chain(entry.right))?;
        let mended = bench.judge(attack, &setup);
        Some(Self { arguments, harmful, mended, without })
    }
}

/// Two parties that keep every rule, the attack between them, and some switches; with the arguments that make it.
fn compliant_pair<'a>(
    protocol: Protocol,
    attack: &Attack,
    set: impl Iterator<Item = &'a &'a str>,
) -> Option<(Setup, Vec<String>)> {
    let mut setup = Setup::new(protocol).ok()?;
    setup.profile(Side::Client, "private").ok()?;
    setup.profile(Side::Server, "strict").ok()?;
    setup.attack(attack.id).ok()?;
    let mut arguments: Vec<String> =
        ["--protocol", protocol.id(), "--client", "private", "--server", "strict", "--attack", attack.id]
            .map(str::to_owned)
            .into();
    for text in set {
        setup.set_text(text).ok()?;
        arguments.extend(["--set".to_owned(), (*text).to_owned()]);
    }
    Some((setup, arguments))
}

/// The rules that ask for a warning.
const WARNINGS: &[&str] = &["A19"];

fn cell(attack: &Attack, rule: &Rule, entries: &[Entry]) -> Cell {
    let broken = |run: &Outcomes, party| run.broken.contains(&(party, rule.id));
    let stops = |entry: &&Entry| {
        entry.harmful.succeeds()
            && entry.without.iter().any(|(weakness, without)| {
                !without.succeeds() && weakness.breaks(rule.id, &entry.harmful, without)
            })
    };
    let needed = |entry: &&Entry| {
        let by_weakness = |party: Party, id: &str| {
            entry.without.iter().any(|(weakness, without)| {
                weakness.party == party && weakness.breaks(id, &entry.harmful, without)
            })
        };
        let new = || {
            let new = entry.harmful.broken.difference(&entry.mended.broken);
            new.filter(|(party, id)| by_weakness(*party, id))
        };
        entry.harmful.succeeds() && new().count() == 1 && new().all(|(_, id)| *id == rule.id)
    };
    let notices = |entry: &&Entry| {
        entry.harmful.succeeds()
            && ([Party::Client, Party::Server].into_iter().any(|party| broken(&entry.harmful, party))
                || (WARNINGS.contains(&rule.id) && entry.harmful.warned))
    };
    let stopped = entries.iter().find(stops);
    let needs = entries.iter().find(needed);
    let noticed = entries.iter().find(notices);
    let shows = needs.or(stopped).or(noticed).or(entries.first());
    Cell {
        attack: attack.id,
        rule: rule.id,
        stops: stopped.is_some(),
        needed: needs.is_some(),
        notices: noticed.is_some(),
        place: shows.and_then(|entry| entry.harmful.place),
        run: shows.map(|entry| entry.arguments.clone()).unwrap_or_default(),
    }
}

/// An attack as it is, and with each other value of each of its switches.
fn variants(attack: &Attack) -> Vec<Option<String>> {
    let others = attack.switches.iter().flat_map(|switch| {
        switch.values.iter().skip(1).map(move |value| Some(format!("middle.{}={value}", switch.id)))
    });
    std::iter::once(None).chain(others).collect()
}

/// An attack in its variants against a pair of profiles, up to the first that succeeds.
fn pair(
    bench: &mut Bench,
    peaceful: &Setup,
    flip: Option<&str>,
    attack: &'static Attack,
    variants: &[Option<String>],
) -> Option<Pair> {
    let (client, server) = (&peaceful.client.0.id, &peaceful.server.0.id);
    let mut pair = Pair {
        attack: attack.id,
        client: client.to_string(),
        server: server.to_string(),
        succeeds: false,
        gains: None,
        place: None,
        run: Vec::new(),
    };
    let protocol = peaceful.protocol.protocol;
    for variant in variants {
        let mut setup = peaceful.clone();
        setup.attack(attack.id).ok()?;
        let mut set = Vec::new();
        for text in flip.into_iter().chain(variant.as_deref()) {
            // A flip that this protocol does not know changes nothing in it.
            if setup.set_text(text).is_ok() {
                set.push(text);
            }
        }
        let ended = bench.end(attack, &setup);
        let succeeds = ended.place.is_some();
        if pair.run.is_empty() || succeeds {
            (pair.succeeds, pair.gains, pair.place) = (succeeds, ended.gains, ended.place);
            let names = ["--protocol", protocol.id(), "--client", client, "--server", &**server];
            let attacked = ["--attack", attack.id];
            let set = set.into_iter().flat_map(|text| ["--set", text]);
            pair.run = names.into_iter().chain(attacked).chain(set).map(str::to_owned).collect();
        }
        if succeeds {
            break;
        }
    }
    Some(pair)
}

impl Matrix {
    /// One cell.
    #[must_use]
    pub fn cell(&self, attack: &str, rule: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.attack == attack && cell.rule == rule)
    }

    /// The rules that stop an attack, with the document of each.
    pub fn stopping(&self, attack: &str) -> impl Iterator<Item = (&'static str, Document)> {
        let cells = self.cells.iter().filter(move |cell| cell.attack == attack && cell.stops);
        cells.filter_map(|cell| Some((cell.rule, rules::find(cell.rule)?.requirement()?.document)))
    }
}
