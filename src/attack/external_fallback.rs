//! Leads a client that logs in by certificate to a server that knows nothing of certificates.

use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper};
use crate::base::{Endpoint, Protocol};
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &Protocol::ALL,
    given: &[
        "client.auth=external",
        "client.client-certificate=this-account",
        "server.client-certificates=accepted",
    ],
    right: &[],
    wrong: &["client.password-after-external=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "external-fallback",
    title: "No login by certificate today",
    about: "Leads the connection to another machine of the same operator, under the same certificate, where nobody can log in by certificate.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| Box::new(Misroute),
    success: &success::PASSWORD_FOR_CERTIFICATE,
    deciding: DECIDING,
};

/// The operator's old machine.
const OLD_MACHINE: &str = "old.example.test";

struct Misroute;

impl Tamper for Misroute {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        Route::To(Endpoint { host: OLD_MACHINE.to_owned(), ..to.clone() })
    }
}
