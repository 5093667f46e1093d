//! What somebody in the middle does. An attack knows the protocol's words but neither end: it sees messages pass and
//! lets them through, changes them, keeps them or answers itself. Attacks stack in the order in which they stand on
//! the path from client to server.

mod break_handshake;
mod fail_starttls;
mod relay;
mod strip_capability;
mod strip_logindisabled;

pub use relay::{Delivery, Message, Move, Moves, Relay, Tamper, tamper};

use crate::base::{Protocol, Switch, Switches};
use crate::proto::Dialect;

/// An attack: what it is and how to build it.
#[derive(Debug)]
pub struct Attack {
    /// The family's stable id.
    pub id: &'static str,
    /// A short label.
    pub title: &'static str,
    /// What it will do, in a sentence.
    pub about: &'static str,
    /// The protocols that it works on.
    pub protocols: &'static [Protocol],
    /// Its variants.
    pub switches: &'static [&'static Switch],
    /// Builds it for a protocol.
    pub build: fn(&Switches, &'static Dialect) -> Box<dyn Tamper>,
}

/// All attacks, by id.
pub static ALL: &[&Attack] = &[
    &break_handshake::ATTACK,
    &fail_starttls::ATTACK,
    &strip_capability::ATTACK,
    &strip_logindisabled::ATTACK,
];

/// An attack by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Attack> {
    ALL.iter().copied().find(|attack| attack.id == id)
}
