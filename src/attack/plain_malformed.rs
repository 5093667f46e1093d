//! Sends a PLAIN message that is not in its form.

use super::kit::{Probe, plain};
use super::{Attack, Deciding, Group};
use crate::base::ATTACKER;
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle FORM,
    "form",
    Setting,
    &["one-nul", "three-nuls"],
    &[],
    "Fault",
    "One NUL instead of two, or a third one."
);

static SWITCHES: &[&Switch] = &[&FORM];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "plain-malformed",
    title: "Send a malformed PLAIN",
    about: "Logs in to its own account by a PLAIN message outside the grammar, to see whether the server guesses.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let (user, password) = ATTACKER;
        let message = match switches.get(&FORM) {
            "three-nuls" => format!("\0{user}\0{password}\0"),
            _ => format!("{user}\0{password}"),
        };
        Probe::boxed(vec![plain(dialect.protocol, "q1", message.as_bytes())], true)
    },
    success: &success::MALFORMED_TAKEN,
    deciding: DECIDING,
};
