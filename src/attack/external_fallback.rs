//! Keeps a client that logs in by certificate from doing so: leads it to a server that knows nothing of certificates, or
//! hides the mechanism.

use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper, tamper};
use crate::base::{Endpoint, Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Dialect;

switch!(
    Middle EXTERNAL,
    "external",
    Setting,
    &["misrouted", "hidden"],
    &[],
    "How EXTERNAL is kept away",
    "Leads to another machine of the same operator that has no EXTERNAL; or shows lists before TLS that have PLAIN alone, which a client believes that keeps them over TLS."
);

static SWITCHES: &[&Switch] = &[&EXTERNAL];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &Protocol::ALL,
        given: &[
            "client.auth=external",
            "client.client-certificate=this-account",
            "server.client-certificates=accepted",
        ],
        right: &[],
        wrong: &["client.password-after-external=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        // Who drops the list when TLS starts is not met by this variant; the misrouted client is met by the other.
        given: &[
            "middle.external=hidden",
            "client.keep-capabilities=on",
            "client.auth=external",
            "client.client-certificate=this-account",
            "server.client-certificates=accepted",
        ],
        right: &[],
        wrong: &["client.password-after-external=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "external-fallback",
    title: "No login by certificate today",
    about: "Leads the connection to another machine of the same operator, under the same certificate, where nobody can log in by certificate; or hides EXTERNAL from the list that the server gives before TLS.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, dialect| {
        if switches.get(&EXTERNAL) != "hidden" {
            return Box::new(Misroute);
        }
        tamper(move |message, moves| {
            let from_server = message.from == Side::Server;
            match from_server.then(|| password_only(dialect, message.octets)).flatten() {
                Some(octets) => moves.replace(octets),
                None => moves.pass(),
            }
        })
    },
    success: &success::PASSWORD_FOR_CERTIFICATE,
    deciding: DECIDING,
};

/// A server's list as if it had nothing but PLAIN: outside TLS it does not list EXTERNAL in any case.
fn password_only(dialect: &Dialect, octets: &[u8]) -> Option<Vec<u8>> {
    let mechanism = |word: &str| word.starts_with("AUTH=") || word == "SASL";
    let without = (dialect.without_capabilities)(octets, &mechanism);
    let plain = if dialect.protocol == Protocol::Imap { "AUTH=PLAIN" } else { "SASL PLAIN" };
    (dialect.with_items)(without.as_deref().unwrap_or(octets), &[plain])
}

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
