//! Listens to a password command.

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
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off", "server.logindisabled=off"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["server.starttls=off", "server.clear-text=accepted"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.ignore-logindisabled=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cleartext-login",
    title: "Listen to a login",
    about: "Reads along while a client that finds no TLS logs in by LOGIN or by USER and PASS. Nothing is changed.",
    group: Group::Passwords,
    known: &["CVE-2020-15954 KMail"],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::LOST,
    deciding: DECIDING,
};
