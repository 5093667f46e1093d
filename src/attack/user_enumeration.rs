//! Asks the server which names exist.

use super::kit::{Visitor, login};
use super::{Attack, Deciding, Group};
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.names-told=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.names-told=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "user-enumeration",
    title: "Ask for names",
    about: "Tries to log in with a name that does not exist and with one that does, and compares the answers.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let mut messages = Vec::new();
        for (tag, user) in [("q1", "nobody"), ("q2", "tim")] {
            messages.extend(login(dialect.protocol, tag, user, "wrong"));
        }
        Visitor::boxed(vec![messages])
    },
    success: &success::TOLD_APART,
    deciding: DECIDING,
};
