//! Forges an alias, so that the client asks a machine of the attacker for a name that he has a certificate for.

use super::{Attack, Deciding, Group, Message, Moves, Tamper};
use crate::base::{Protocol, Question, Record};
use crate::harm::success;

/// The attacker's own machine.
pub(super) const OWN_MACHINE: &str = "mx.evil.example";

static DECIDING: &[Deciding] =
    &[Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.trust-cname=on"] }];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-cname-dns",
    title: "A forged alias",
    about: "Answers the look-up of the client's server with an alias for a machine of the attacker's, which has a good certificate for its own name.",
    group: Group::Certificates,
    known: &[],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| Box::new(Alias),
    success: &success::LOST,
    deciding: DECIDING,
};

struct Alias;

impl Tamper for Alias {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn lookup(&mut self, question: &Question, records: &mut Vec<Record>) {
        if let Question::Address(name) = question
            && name != OWN_MACHINE
        {
            *records = vec![Record::Cname { name: name.clone(), target: OWN_MACHINE.to_owned() }];
        }
    }
}
