//! Leads a client of the port where TLS comes first into the upgrade of the other port.

use super::led::led;
use super::{Attack, Deciding, Group};
use crate::base::Protocol;
use crate::harm::success;

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
    build: |_, dialect| {
        let asks: &[u8] =
            if dialect.protocol == Protocol::Pop3 { b"USER tim\r\n" } else { b"q9 CAPABILITY\r\n" };
        led(dialect, Vec::new(), asks)
    },
    success: &success::OTHER_SERVICE,
    deciding: DECIDING,
};
