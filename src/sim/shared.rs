//! Runs that cannot differ are made once: a run depends on the switches that it looked at and on no others, so that two
//! setups which agree on those are one run.

use super::{Run, Setup, run};
use crate::base::{Consulted, Party, Switch};
use std::collections::BTreeMap;

/// What came of runs, by what their setups are made of. Two setups with the same path, seed and protocol begin at the
/// same root and ask the same first switch; its value leads to the next switch that a run with this value asks.
#[derive(Debug)]
pub struct Shared<T> {
    roots: BTreeMap<String, Node<T>>,
    made: usize,
}

#[derive(Debug)]
enum Node<T> {
    /// Nobody was here.
    Open,
    /// A run looks at this switch next.
    Asks(&'static Switch, Vec<(&'static str, Node<T>)>),
    /// A run looks at nothing more.
    Known(T),
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { roots: BTreeMap::new(), made: 0 }
    }
}

impl<T: Clone> Shared<T> {
    /// What came of a setup, or of one that cannot differ from it.
    pub fn get(&mut self, setup: &Setup, judge: impl FnOnce(&Run) -> T) -> T {
        let root = self.roots.entry(root(setup)).or_insert(Node::Open);
        if let Some(known) = known(root, setup) {
            return known.clone();
        }
        self.made = self.made.saturating_add(1);
        let log = Consulted::default();
        let watched = Setup {
            client: (setup.client.0.clone(), setup.client.1.watched(&log)),
            server: (setup.server.0.clone(), setup.server.1.watched(&log)),
            ..setup.clone()
        };
        let run = run(&watched);
        let consulted = log.take();
        let outcome = judge(&run);
        plant(root, setup, &consulted, outcome.clone());
        outcome
    }

    /// How many runs were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.made
    }
}

/// What two setups have to share whatever their runs look at.
fn root(setup: &Setup) -> String {
    let mut root = format!("{} {}", setup.protocol.protocol.id(), setup.seed.0);
    for (attack, switches) in &setup.attacks {
        root.push(' ');
        root.push_str(attack.id);
        for (id, value) in switches.changed() {
            root.extend([" ", id, "=", value]);
        }
    }
    if let Some(custom) = &setup.custom {
        root.push('\n');
        root.push_str(&custom.text());
    }
    if let Some(hold) = setup.hold {
        root.push_str(&format!("\n{hold}"));
    }
    root
}

fn known<'a, T>(mut node: &'a Node<T>, setup: &Setup) -> Option<&'a T> {
    loop {
        match node {
            Node::Open => return None,
            Node::Known(outcome) => return Some(outcome),
            Node::Asks(switch, answers) => {
                let value = value(setup, switch);
                node = &answers.iter().find(|(known, _)| *known == value)?.1;
            }
        }
    }
}

/// Grows the tree by the switches that a run looked at, in their order.
fn plant<T>(mut node: &mut Node<T>, setup: &Setup, consulted: &[&'static Switch], outcome: T) {
    for &switch in consulted {
        if matches!(node, Node::Open) {
            *node = Node::Asks(switch, Vec::new());
        }
        let Node::Asks(asked, answers) = node else { return };
        debug_assert!(std::ptr::eq(*asked, switch), "the same run asks {} and {}", asked.id, switch.id);
        let value = value(setup, switch);
        let at = answers.iter().position(|(known, _)| *known == value).unwrap_or_else(|| {
            answers.push((value, Node::Open));
            answers.len().saturating_sub(1)
        });
        let Some((_, next)) = answers.get_mut(at) else { return };
        node = next;
    }
    *node = Node::Known(outcome);
}

fn value(setup: &Setup, switch: &Switch) -> &'static str {
    match switch.owner {
        Party::Client => setup.client.1.peek(switch),
        Party::Server | Party::Middle => setup.server.1.peek(switch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Protocol, Side};

    fn octets(run: &Run) -> Vec<Vec<u8>> {
        use crate::base::Hop;
        let tapes = run
            .connections
            .iter()
            .flat_map(|trace| Side::BOTH.map(|side| trace.tape(Hop::next_to(side), side.other()).to_vec()));
        tapes.collect()
    }

    #[test]
    fn a_switch_that_nothing_looks_at_makes_no_run_of_its_own() {
        let mut shared = Shared::default();
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        let first = shared.get(&setup, octets);
        // Nothing odd comes, and nobody is refused.
        setup.set_text("client.fragile=on").unwrap();
        setup.set_text("server.refused-checked=on").unwrap();
        assert_eq!(shared.get(&setup, octets), first);
        let before = shared.made();
        setup.set_text("client.tls=never").unwrap();
        assert_ne!(shared.get(&setup, octets), first);
        assert_eq!(shared.made(), before + 1);
    }

    #[test]
    fn what_is_shared_is_what_a_run_of_its_own_gives() {
        for protocol in Protocol::ALL {
            let mut shared = Shared::default();
            let record = Setup::new(protocol).unwrap().protocol;
            for attack in [None, Some("fail-starttls")] {
                for (side, switch) in Side::BOTH
                    .into_iter()
                    .flat_map(|side| (record.switches)(side).iter().map(move |switch| (side, *switch)))
                {
                    for value in switch.values {
                        let mut setup = Setup::new(protocol).unwrap();
                        setup.profile(Side::Server, "strict").unwrap();
                        setup.set(side.into(), switch.id, value).unwrap();
                        if let Some(id) = attack {
                            setup.attack(id).unwrap();
                        }
                        let of_its_own = octets(&run(&setup));
                        assert!(
                            shared.get(&setup, octets) == of_its_own,
                            "{protocol:?} {attack:?} {}={value}",
                            switch.id
                        );
                    }
                }
            }
        }
    }
}
