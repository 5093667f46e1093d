//! Asks to act as somebody else.

use super::kit::{Visitor, plain};
use super::{Attack, Deciding, Group};
use crate::base::ATTACKER;
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.authzid-unchecked=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.authzid-unchecked=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "plain-authzid-misuse",
    title: "Act as somebody else",
    about: "Logs in with its own name and password and asks to act as the owner of the mailbox.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let (user, password) = ATTACKER;
        let message = format!("tim\0{user}\0{password}");
        Visitor::boxed(vec![vec![plain(dialect.protocol, "q1", message.as_bytes())]])
    },
    success: &success::ASSUMED,
    deciding: DECIDING,
};
