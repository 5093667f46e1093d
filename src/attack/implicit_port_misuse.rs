//! Greets in the clear where TLS comes first.

use super::kit::on_port;
use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper, group};
use crate::base::{Endpoint, Layer, Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Dialect;

switch!(
    Middle PORTS,
    "ports",
    Setting,
    &["greeted-in-the-clear", "nobody-begins", "the-other-way-round", "tls-inside-tls"],
    &[],
    "Ports swapped",
    "Who begins TLS is greeted in the clear, as by a client that is set to TLS on the other port; or is led there and not greeted, so that both wait; or a client that waits for a greeting is led to where the server waits for TLS; or the attacker speaks TLS there himself, so that the client asks for STARTTLS inside TLS."
);

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["client.port=tls-first"],
        right: &[],
        wrong: &["client.accepts-clear-greeting=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["middle.ports=tls-inside-tls"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
];

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
    build: |switches, dialect| Box::new(Swap { dialect, ports: switches.get(&PORTS) }),
    success: &success::CLEAR_ON_TLS_PORT,
    deciding: DECIDING,
};

struct Swap {
    dialect: &'static Dialect,
    ports: &'static str,
}

impl Swap {
    /// What is said inside TLS, with an offer of TLS.
    fn offering(&self, message: &Message<'_>) -> Option<Vec<u8>> {
        let inside =
            self.ports == "tls-inside-tls" && message.from == Side::Server && message.layer == Layer::Tls;
        let items = (self.dialect.items)(message.octets).filter(|_| inside)?;
        let word = self.dialect.starttls_words.first()?;
        let missing = !items.iter().any(|item| item == word);
        missing.then(|| (self.dialect.with_items)(message.octets, &[word])).flatten()
    }
}

impl Tamper for Swap {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        match self.offering(&message) {
            Some(octets) => moves.replace(octets),
            None if self.ports == "nobody-begins" && message.is_greeting() => {}
            None => moves.pass(),
        }
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        let tls_first = matches!(self.ports, "the-other-way-round" | "tls-inside-tls");
        if to.tls_first == tls_first {
            return Route::Through;
        }
        let other = on_port(self.dialect, to, tls_first);
        if self.ports == "tls-inside-tls" { Route::IntoTls(other) } else { Route::To(other) }
    }
}
