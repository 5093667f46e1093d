//! Greets in the clear where TLS comes first.

use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper, group};
use crate::base::{Endpoint, Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle PORTS,
    "ports",
    Setting,
    &["greeted-in-the-clear", "nobody-begins", "the-other-way-round"],
    &[],
    "Ports swapped",
    "Who begins TLS is greeted in the clear, as by a client that is set to TLS on the other port; or is led there and not greeted, so that both wait; or a client that waits for a greeting is led to where the server waits for TLS."
);

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3],
    given: &["client.port=tls-first"],
    right: &[],
    wrong: &["client.accepts-clear-greeting=on"],
}];

static SWITCHES: &[&Switch] = &[&PORTS];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "implicit-port-misuse",
    title: "A greeting in the clear",
    about: "Leads a connection to the port where TLS comes first to the server's other port, so that the client is greeted in the clear, or the other way round.",
    group: Group::Passwords,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: SWITCHES,
    build: |switches, dialect| Box::new(Swap { protocol: dialect.protocol, ports: switches.get(&PORTS) }),
    success: &success::CLEAR_ON_TLS_PORT,
    deciding: DECIDING,
};

struct Swap {
    protocol: Protocol,
    ports: &'static str,
}

impl Tamper for Swap {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if self.ports != "nobody-begins" || !message.is_greeting() {
            moves.pass();
        }
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        let tls_first = self.ports == "the-other-way-round";
        if to.tls_first == tls_first {
            return Route::Through;
        }
        let [upgrade, first] = if self.protocol == Protocol::Pop3 { [110, 995] } else { [143, 993] };
        Route::To(Endpoint { port: if tls_first { first } else { upgrade }, tls_first, ..to.clone() })
    }
}
