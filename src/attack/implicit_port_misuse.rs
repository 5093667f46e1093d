//! Greets in the clear where TLS comes first.

use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper, group};
use crate::base::{Endpoint, Protocol};
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3],
    given: &["client.port=tls-first"],
    right: &[],
    wrong: &["client.accepts-clear-greeting=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "implicit-port-misuse",
    title: "A greeting in the clear",
    about: "Leads a connection to the port where TLS comes first to the server's other port, so that the client is greeted in the clear.",
    group: Group::Passwords,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: &[],
    build: |_, dialect| Box::new(Swap { protocol: dialect.protocol }),
    success: &success::CLEAR_ON_TLS_PORT,
    deciding: DECIDING,
};

struct Swap {
    protocol: Protocol,
}

impl Tamper for Swap {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        if !to.tls_first {
            return Route::Through;
        }
        let port = if self.protocol == Protocol::Pop3 { 110 } else { 143 };
        Route::To(Endpoint { port, tls_first: false, ..to.clone() })
    }
}
