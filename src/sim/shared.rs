//! Results of runs, shared by all setups that cannot be told apart in them: a switch that a run never looked at makes no
//! difference to it.
//!
//! A run looks at its switches one after another, and the same answers lead to the same next question. So the results
//! of one path hang in a tree of questions, where a setup finds its own by its answers. Questions that everybody has
//! answered alike stand in one list, so that a run of a hundred looks is a node or two.

use super::Setup;
use crate::attack::Attack;
use crate::base::{Asked, Look, Party, Watch};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Results, each made once.
#[derive(Debug)]
pub struct Shared<T> {
    paths: BTreeMap<String, Node<T>>,
    made: usize,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { paths: BTreeMap::new(), made: 0 }
    }
}

/// What runs looked at that went the same way so far.
#[derive(Debug)]
struct Node<T> {
    looks: Vec<Look>,
    then: Then<T>,
}

#[derive(Debug)]
enum Then<T> {
    Result(Rc<T>),
    /// The answers that were given so far: seldom more than two, so that a list is small and quick.
    Question(Asked, Vec<(Option<&'static str>, Node<T>)>),
}

impl<T> Shared<T> {
    /// How many results were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.made
    }

    /// What `make` says about a setup, or what it said about one that looks the same to it. `make` must take all that it
    /// knows of switches from the setup that it is given, and must be a pure function.
    pub fn get(&mut self, setup: &Setup, make: impl FnOnce(&Setup) -> T) -> Rc<T> {
        let path = path(setup);
        let mut at = self.paths.get(&path);
        while let Some(Node { looks, then }) = at {
            if looks.iter().any(|(asked, known)| answer(setup, *asked) != *known) {
                break;
            }
            match then {
                Then::Result(result) => return Rc::clone(result),
                Then::Question(asked, answers) => {
                    let answer = answer(setup, *asked);
                    at = answers.iter().find(|(known, _)| *known == answer).map(|(_, next)| next);
                }
            }
        }
        let (seen, watch) = watched(setup);
        let result = Rc::new(make(&seen));
        self.made = self.made.saturating_add(1);
        // A server of another host changes its copy of the switches: what counts is how the setup has them.
        let looks: Vec<Look> =
            watch.looks().into_iter().map(|(asked, _)| (asked, answer(setup, asked))).collect();
        match self.paths.get_mut(&path) {
            Some(root) => root.hang(looks, Rc::clone(&result)),
            None => drop(self.paths.insert(path, Node { looks, then: Then::Result(Rc::clone(&result)) })),
        }
        result
    }
}

impl<T> Node<T> {
    fn hang(&mut self, looks: Vec<Look>, result: Rc<T>) {
        let alike = looks.iter().zip(&self.looks).take_while(|(new, known)| new == known).count();
        let whole = alike == self.looks.len();
        let mut rest = looks.into_iter().skip(alike);
        let Some((asked, answer)) = rest.next() else {
            return debug_assert!(false, "a result was made twice");
        };
        let made = |rest: Vec<Look>, result| Node { looks: rest, then: Then::Result(result) };
        if !whole {
            // Here is where it goes another way than all before it.
            let mut old = self.looks.drain(alike..);
            let Some((known, before)) = old.next() else { return };
            debug_assert_eq!(known, asked, "a run looks at its switches in an order of its own");
            let looks = old.collect();
            let then = std::mem::replace(&mut self.then, Then::Question(asked, Vec::new()));
            self.then = Then::Question(
                asked,
                vec![(before, Node { looks, then }), (answer, made(rest.collect(), result))],
            );
            return;
        }
        match &mut self.then {
            Then::Question(known, answers) => {
                debug_assert_eq!(*known, asked, "a run looks at its switches in an order of its own");
                match answers.iter_mut().find(|(known, _)| *known == answer) {
                    Some((_, next)) => next.hang(rest.collect(), result),
                    None => answers.push((answer, made(rest.collect(), result))),
                }
            }
            Then::Result(_) => debug_assert!(false, "a result was made twice"),
        }
    }
}

/// All of a setup but its switches.
fn path(setup: &Setup) -> String {
    let attacks: Vec<_> = setup.attacks.iter().map(|(attack, _)| attack.id).collect();
    format!(
        "{} {attacks:?} {:?} {} {:?} {:?}",
        setup.protocol.protocol.id(),
        setup.custom,
        setup.custom_place(),
        setup.hold,
        setup.seed
    )
}

/// What a look at a switch of this setup finds. Attacks that share a switch have the same value of it.
fn answer(setup: &Setup, (party, id): Asked) -> Option<&'static str> {
    let has = |attack: &Attack| attack.switches.iter().any(|switch| switch.id == id);
    match party {
        Party::Client => setup.client.1.of(id),
        Party::Server => setup.server.1.of(id),
        Party::Middle => setup.attacks.iter().find(|(attack, _)| has(attack))?.1.of(id),
    }
}

fn watched(setup: &Setup) -> (Setup, Watch) {
    let watch = Watch::default();
    let mut setup = setup.clone();
    for values in [&mut setup.client.1, &mut setup.server.1] {
        *values = values.watched(&watch);
    }
    for (_, values) in &mut setup.attacks {
        *values = values.watched(&watch);
    }
    (setup, watch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::run;

    fn octets(words: &str, shared: &mut Shared<String>) -> String {
        let setup = Setup::from_words(words).unwrap();
        let shown = |setup: &Setup| format!("{:?}", run(setup).connections);
        let found = shared.get(&setup, shown);
        assert_eq!(*found, shown(&setup), "{words}: what is shared is what would be made");
        found.to_string()
    }

    #[test]
    fn runs_are_shared_by_setups_that_differ_in_what_nobody_looks_at() {
        let shared = &mut Shared::default();
        let plain = octets("imap client=private server=strict", shared);
        assert_eq!(shared.made(), 1);
        // Nobody greets with PREAUTH here, so what a client would make of it does not matter.
        assert_eq!(octets("imap client=private server=strict client.accept-preauth=on", shared), plain);
        assert_eq!(shared.made(), 1);
        assert_ne!(octets("imap client=private server=strict client.command-before-tls=on", shared), plain);
        assert_eq!(shared.made(), 2);
        for words in ["imap client=private server=strict attack=strip-capability", "pop3 client=private"] {
            octets(words, shared);
        }
        assert_eq!(shared.made(), 4, "another attack or protocol is another path");
        // The server that this client is led to ignores its certificate, however the setup's own server is set.
        let led = "imap attack=external-fallback client.client-certificate=this-account client.auth=external";
        for certificates in ["", " server.client-certificates=accepted"] {
            octets(&format!("{led}{certificates}"), shared);
        }
    }
}
