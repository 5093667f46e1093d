//! Removes LOGINDISABLED from every capability list on its way to the client.

use super::offer::{OFFER, with_offer};
use super::{Attack, Deciding, Group, Message, Moves, Tamper, group};
use crate::base::{Protocol, Side, Switch};
use crate::harm::success;
use crate::proto::Dialect;

static SWITCHES: &[&Switch] = &[&OFFER];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "strip-logindisabled",
    title: "Strip the login ban",
    about: "Deletes LOGINDISABLED from what the server lists, so that the client believes a clear-text login is welcome.",
    group: Group::Negotiation,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap],
    switches: SWITCHES,
    build: |switches, dialect| with_offer(switches, dialect, Box::new(Strip { dialect })),
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Strip {
    dialect: &'static Dialect,
}

impl Tamper for Strip {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let stripped = (message.from == Side::Server)
            .then(|| (self.dialect.without_capabilities)(message.octets, &|word| word == "LOGINDISABLED"))
            .flatten();
        match stripped {
            Some(octets) => moves.replace(octets),
            None => moves.pass(),
        }
    }
}
