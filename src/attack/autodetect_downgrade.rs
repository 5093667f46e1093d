//! Closes one door after the other in front of a client that tries them all.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper, group};
use crate::base::{Endpoint, Protocol, Side, Switch};
use crate::harm::success;
use crate::proto::{Answer, Dialect};

static SWITCHES: &[&Switch] = &[&LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.port=either"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["client.port=either", "middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "autodetect-downgrade",
    title: "Down the list of ports",
    about: "Lets nobody reach the port where TLS comes first and takes the offer of STARTTLS off the other one, so that a client that tries everything ends in the clear.",
    group: Group::Passwords,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: SWITCHES,
    build: |switches, dialect| with_logins(switches, dialect, Box::new(Doors { dialect })),
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Doors {
    dialect: &'static Dialect,
}

impl Tamper for Doors {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let dialect = self.dialect;
        if message.from == Side::Client {
            match dialect.starttls_tag(message.octets) {
                Some(tag) => {
                    moves.answer((dialect.answer)(&tag, Answer::Bad, "this command is not known here"))
                }
                None => moves.pass(),
            }
            return;
        }
        let hidden = |word: &str| dialect.starttls_words.contains(&word) || word == "LOGINDISABLED";
        match (dialect.without_capabilities)(message.octets, &hidden) {
            Some(octets) => moves.replace(octets),
            None => moves.pass(),
        }
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        if to.tls_first { Route::Nowhere } else { Route::Through }
    }
}
