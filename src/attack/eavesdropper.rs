//! Listens and changes nothing.

use super::{Attack, Deciding, Group, tamper};
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off", "server.logindisabled=off"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["server.starttls=off", "server.clear-text=accepted"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.starttls=off", "server.plain-before-tls=on"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "eavesdropper",
    title: "Listen",
    about: "Reads along and changes nothing: what it gets, the parties gave away by themselves.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::LOST,
    deciding: DECIDING,
};
