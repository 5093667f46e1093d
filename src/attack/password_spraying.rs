//! Tries one password on one account after the other.

use super::kit::{Visitor, login};
use super::{Attack, Deciding, Group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle CONNECTIONS,
    "guesses",
    Setting,
    &["one-connection", "one-each"],
    &[],
    "Guesses",
    "All on one connection, or one on each, so that who counts by connections never counts to two."
);

static SWITCHES: &[&Switch] = &[&CONNECTIONS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.no-login-limit=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.no-login-limit=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "middle.guesses=one-each"],
        right: &[],
        wrong: &["server.no-login-limit=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted", "middle.guesses=one-each"],
        right: &[],
        wrong: &["server.no-login-limit=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "password-spraying",
    title: "Try many accounts",
    about: "Tries one common password on twelve accounts, one after the other, to see whether the server minds.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let names = ["ada", "bob", "cid", "dan", "eve", "fay", "gil", "hal", "ida", "jim", "kim", "leo"];
        let tags = ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12"];
        let guesses =
            tags.into_iter().zip(names).map(|(tag, name)| login(dialect.protocol, tag, name, "Winter2026"));
        Visitor::boxed(match switches.get(&CONNECTIONS) {
            "one-each" => guesses.collect(),
            _ => vec![guesses.flatten().collect()],
        })
    },
    success: &success::SPRAYED,
    deciding: DECIDING,
};
