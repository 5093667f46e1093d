//! Gets a PLAIN message that nobody protects.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch};
use crate::harm::success;

static SWITCHES: &[&Switch] = &[&LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &[
            "client.auth=plain",
            "server.starttls=off",
            "server.logindisabled=off",
            "server.plain-before-tls=on",
        ],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["client.auth=plain", "server.starttls=off", "middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.starttls=off", "middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "plain-without-tls",
    title: "PLAIN without TLS",
    about: "Listens for a PLAIN message outside TLS, and may ask for one by listing the mechanism itself.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| with_logins(switches, dialect, tamper(|_, moves| moves.pass())),
    success: &success::LOST,
    deciding: DECIDING,
};
