//! Asks a server that refuses whether a password is right.

use super::kit::{Visitor, login};
use super::{Attack, Deciding, Group};
use crate::base::ATTACKER;
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["server.refused-checked=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cleartext-validity-oracle",
    title: "Ask whether it is right",
    about: "Sends a wrong and a right password to a server that refuses both outside TLS, and compares the refusals.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let (user, password) = ATTACKER;
        let mut messages = Vec::new();
        for (tag, password) in [("q1", "wrong"), ("q2", password)] {
            messages.extend(login(dialect.protocol, tag, user, password));
        }
        Visitor::boxed(vec![messages])
    },
    success: &success::TOLD_APART,
    deciding: DECIDING,
};
