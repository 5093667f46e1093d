//! Sees to it that a suite results that protects nobody.

use super::impostor::offering;
use super::{Attack, Deciding, Group, Handshake, Message, Moves, Tamper, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::suites::{self, KeyExchange, Strength, Suite};
use crate::tls::{Certificate, ClientOffer, ServerOffer, Version};

switch!(
    Middle SUITE,
    "suite",
    Setting,
    &["export", "null", "anonymous"],
    &[],
    "Suites let through",
    "Of the client's hello only those with keys of 64 bits or less; all of it, in case the two ends agree on one without encryption or on RC4; or nothing: the attacker answers himself, without a certificate."
);

static SWITCHES: &[&Switch] = &[&SUITE];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &Protocol::ALL,
        given: &[],
        right: &[],
        wrong: &["client.weak-tls=on", "server.weak-tls=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.suite=anonymous"],
        right: &[],
        wrong: &["client.weak-tls=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.suite=null"],
        right: &[],
        wrong: &["client.weak-tls=on", "server.weak-tls=preferred"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.suite=null"],
        right: &[],
        wrong: &["client.weak-tls=on", "server.weak-tls=rc4-only"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cipher-downgrade",
    title: "A suite that protects nobody",
    about: "Edits the client's hello so that only weak suites are left, or answers it itself with one that needs no certificate.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, _| match switches.get(&SUITE) {
        "anonymous" => offering(|_| ServerOffer {
            versions: vec![Version::Tls10, Version::Tls11, Version::Tls12],
            suites: suites::ALL.iter().filter(|s| s.key_exchange == KeyExchange::Anonymous).collect(),
            ..ServerOffer::good(Certificate::default())
        }),
        // Without encryption the Finished messages still find an edit out: who only listens gets what there is.
        "null" => tamper(|_, moves| moves.pass()),
        _ => Box::new(Edit { passes: |_, suite| suite.strength == Strength::Broken }),
    },
    success: &success::BELOW_MINIMUM,
    deciding: DECIDING,
};

/// Edits a hello that has something weak in it.
struct Edit {
    passes: fn(Version, &Suite) -> bool,
}

impl Tamper for Edit {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn handshake(&mut self, hello: &ClientOffer) -> Handshake {
        let any = hello.suites.iter().any(|suite| (self.passes)(Version::Tls12, suite));
        if any { Handshake::Edit(self.passes) } else { Handshake::Through }
    }
}
