//! Sends a PLAIN message that is not in its form.

use super::kit::{Visitor, plain};
use super::{Attack, Deciding, Group};
use crate::base::ATTACKER;
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle FORM,
    "form",
    Setting,
    &["one-nul", "three-nuls", "no-name", "no-password", "not-utf-8", "overlong", "surrogate", "line-end", "trailing-nul", "empty"],
    &[],
    "Fault",
    "One NUL instead of two or a third one, an empty name or password, octets that are no UTF-8 or not its shortest form, half of a pair, a line end in the password, a NUL behind it, or nothing at all."
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
        let (user, password) = (user.as_bytes(), password.as_bytes());
        // Half of the password behind what should not stand in it.
        let torn = |with: &[u8]| {
            let (first, second) = password.split_at(password.len() / 2);
            [b"\0", user, b"\0", first, with, second].concat()
        };
        let message = match switches.get(&FORM) {
            "three-nuls" => torn(b"\0"),
            "no-name" => [b"\0\0", password].concat(),
            "no-password" => [b"\0", user, b"\0"].concat(),
            "not-utf-8" => torn(b"\xE9"),
            "overlong" => torn(b"\xC1\xA1"),
            "surrogate" => torn(b"\xED\xA0\x80"),
            "line-end" => [b"\0", user, b"\0", password, b"\r\n"].concat(),
            "trailing-nul" => [b"\0", user, b"\0", password, b"\0"].concat(),
            "empty" => Vec::new(),
            _ => [user, b"\0", password].concat(),
        };
        Visitor::boxed(vec![vec![plain(dialect.protocol, "q1", &message)]])
    },
    success: &success::MALFORMED_TAKEN,
    deciding: DECIDING,
};
