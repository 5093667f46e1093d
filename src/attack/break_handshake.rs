//! Lets STARTTLS be offered, asked for and granted, and spoils the handshake that follows.

use super::kit::{LOGINS, TRIES_AGAIN, with_logins};
use super::{Attack, Deciding, Group, Handshake, Message, Moves, Tamper, group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::{ClientOffer, Failure};

switch!(
    Middle HANDSHAKE,
    "handshake",
    Setting,
    &["garbage", "alert", "silence", "reset"],
    &[],
    "Handshake spoiled by",
    "Something that is not TLS in place of each end's hello, a fatal alert, nothing at all, or a reset of the connection."
);

static SWITCHES: &[&Switch] = &[&HANDSHAKE, &LOGINS];

static DECIDING: &[Deciding] = &{
    let [imap, imap_forgets, pop3, pop3_forgets, acap, acap_forgets] = TRIES_AGAIN;
    let ignores = Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.ignore-tls-result=on", "client.keep-capabilities=on"],
    };
    [imap, imap_forgets, ignores, pop3, pop3_forgets, acap, acap_forgets]
};

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "break-handshake",
    title: "Break the handshake",
    about: "Passes every message on and spoils the TLS handshake, so that both ends have agreed on TLS and get none.",
    group: Group::Negotiation,
    known: &["CVE-2011-1947 fetchmail", group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| with_logins(switches, dialect, Box::new(Break(switches.get(&HANDSHAKE)))),
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Break(&'static str);

impl Tamper for Break {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn handshake(&mut self, _hello: &ClientOffer) -> Handshake {
        match self.0 {
            "silence" => Handshake::Silence,
            "reset" => Handshake::Reset,
            "alert" => Handshake::Break(Failure::Alert),
            _ => Handshake::Break(Failure::NotTls),
        }
    }
}
