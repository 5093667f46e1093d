//! Damages a TLS session that works.

use super::kit::{LOGINS, TRIES_AGAIN, with_logins};
use super::{Attack, Deciding, Group, Message, Moves, Tamper, Veiled, group};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;

switch!(
    Middle RECORD,
    "record",
    Setting,
    &["first", "later"],
    &[],
    "Damaged record",
    "The server's first record inside TLS, or its third."
);

static SWITCHES: &[&Switch] = &[&RECORD, &LOGINS];

static DECIDING: &[Deciding] = &TRIES_AGAIN;

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "disrupt-tls-session",
    title: "Damage the session",
    about: "Passes the handshake and damages a record of application data behind it, so that the session breaks off.",
    group: Group::Negotiation,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let damage = Damage { left: if switches.get(&RECORD) == "first" { 0 } else { 2 } };
        with_logins(switches, dialect, Box::new(damage))
    },
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Damage {
    /// Records of the server that still pass.
    left: u32,
}

impl Tamper for Damage {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn veiled(&mut self, from: Side, _length: usize) -> Veiled {
        if from == Side::Client {
            return Veiled::Through;
        }
        let damaged = self.left == 0;
        self.left = self.left.saturating_sub(1);
        if damaged { Veiled::Cut(0) } else { Veiled::Through }
    }
}
