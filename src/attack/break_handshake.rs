//! Lets STARTTLS be offered, asked for and granted, and spoils the handshake that follows.

use super::{Attack, Handshake, Message, Moves, Tamper};
use crate::base::{Protocol, Switch, switch};
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

static SWITCHES: &[&Switch] = &[&HANDSHAKE];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "break-handshake",
    title: "Break the handshake",
    about: "Passes every message on and spoils the TLS handshake, so that both ends have agreed on TLS and get none.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, _| {
        let failure = if switches.get(&HANDSHAKE) == "alert" { Failure::Alert } else { Failure::NotTls };
        Box::new(Break(failure))
    },
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
