//! Leads a client of the port where TLS comes first to another service under the same name: into the upgrade of the other
//! port, or to a server of another protocol.

use super::led::led;
use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper};
use crate::base::{Endpoint, Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle SERVICE,
    "service",
    Setting,
    &["the-other-port", "another-protocol"],
    &[],
    "Which service",
    "Into the upgrade of the same protocol's other port, behind a command of the attacker's; or to the same host's server of another protocol, IMAP for POP3 and POP3 for IMAP."
);

static SWITCHES: &[&Switch] = &[&SERVICE];

const POP3: &[Protocol] = &[Protocol::Pop3];
const IMAP: &[Protocol] = &[Protocol::Imap];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: POP3,
        given: &["client.port=tls-first", "server.clear-text=accepted"],
        right: &[],
        wrong: &["server.keeps-buffer=on"],
    },
    Deciding {
        protocols: IMAP,
        given: &["client.port=tls-first"],
        right: &[],
        wrong: &["server.keeps-buffer=on", "client.accepts-invalid-greeting=on"],
    },
    Deciding {
        protocols: POP3,
        given: &[
            "client.port=tls-first",
            "client.find=srv",
            "server.service-names=own",
            "server.clear-text=accepted",
        ],
        right: &[],
        wrong: &["server.keeps-buffer=on", "client.any-service-name=on"],
    },
    Deciding {
        protocols: IMAP,
        given: &["client.port=tls-first", "client.find=srv", "server.service-names=own"],
        right: &[],
        wrong: &[
            "server.keeps-buffer=on",
            "client.accepts-invalid-greeting=on",
            "client.any-service-name=on",
        ],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["client.port=tls-first", "middle.service=another-protocol"],
        right: &[],
        wrong: &["server.any-application-protocol=on", "client.accepts-invalid-greeting=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cross-protocol-relay",
    title: "Another service's handshake",
    about: "Leads a client of the port where TLS comes first to another service under the same name, so that what that one says inside TLS stands where the client waits for a greeting.",
    group: Group::Injection,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: SWITCHES,
    build: |switches, dialect| {
        if switches.get(&SERVICE) == "another-protocol" {
            let pop3 = dialect.protocol == Protocol::Pop3;
            return Box::new(Elsewhere(if pop3 { Protocol::Imap } else { Protocol::Pop3 }));
        }
        let asks: &[u8] =
            if dialect.protocol == Protocol::Pop3 { b"USER tim\r\n" } else { b"q9 CAPABILITY\r\n" };
        led(dialect, Vec::new(), asks)
    },
    success: &success::OTHER_SERVICE,
    deciding: DECIDING,
};

/// Leads to a server of another protocol.
struct Elsewhere(Protocol);

impl Tamper for Elsewhere {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        if to.tls_first { Route::Service(self.0) } else { Route::Through }
    }
}
