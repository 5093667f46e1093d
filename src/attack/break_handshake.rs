//! Lets STARTTLS be offered, asked for and granted, and spoils the handshake that follows.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, Handshake, Message, Moves, Tamper, group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::{ClientOffer, Failure};

switch!(
    Middle HANDSHAKE,
    "handshake",
    Setting,
    &["garbage", "alert"],
    &[],
    "Handshake spoiled by",
    "Something that is not TLS in place of each end's hello, or a fatal alert."
);

static SWITCHES: &[&Switch] = &[&HANDSHAKE, &LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.retry=in-clear"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.retry=in-clear"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.ignore-tls-result=on", "client.keep-capabilities=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.retry=in-clear"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.retry=in-clear"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on", "client.retry=in-clear"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.plain-in-clear=on", "client.retry=in-clear"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "break-handshake",
    title: "Break the handshake",
    about: "Passes every message on and spoils the TLS handshake, so that both ends have agreed on TLS and get none.",
    group: Group::Negotiation,
    known: &["CVE-2011-1947 fetchmail", group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let failure = if switches.get(&HANDSHAKE) == "alert" { Failure::Alert } else { Failure::NotTls };
        with_logins(switches, dialect, Box::new(Break(failure)))
    },
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Break(Failure);

impl Tamper for Break {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn handshake(&mut self, _hello: &ClientOffer) -> Handshake {
        Handshake::Break(self.0)
    }
}
