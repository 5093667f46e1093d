//! Leads a client of the port where TLS comes first into a connection to the other port, on which the attacker has spoken
//! before: the handshake that the client begins is the one that the attacker asked for.

use super::kit::on_port;
use super::{Message, Moves, Route, Tamper};
use crate::base::{Endpoint, Side, switch};
use crate::proto::Dialect;
use std::collections::VecDeque;

switch!(
    Middle HANDSHAKE,
    "handshake-of",
    Setting,
    &["the-same-port", "the-tls-port"],
    &[],
    "Whose handshake",
    "The client asks for TLS itself, or it is one of the port where TLS comes first and does not know what was said before its handshake."
);

/// The attack on that port: what is said first, each message when the one before is answered, and what is said last,
/// in one segment with the request for TLS.
pub(super) fn led(dialect: &'static Dialect, first: Vec<Vec<u8>>, last: &[u8]) -> Box<dyn Tamper> {
    let mut says = first;
    says.push([&dialect.starttls("q8"), last].concat());
    Box::new(Led { dialect, says, left: VecDeque::new(), led: false })
}

struct Led {
    dialect: &'static Dialect,
    says: Vec<Vec<u8>>,
    /// What is not said yet on this connection.
    left: VecDeque<Vec<u8>>,
    /// This connection was led to the other port.
    led: bool,
}

impl Tamper for Led {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if !self.led {
            moves.pass();
        } else if message.is_greeting() || matches!(message.octets.first(), Some(b'q' | b'+' | b'-')) {
            // The server's answers never reach the client in the clear.
            if let Some(next) = self.left.pop_front() {
                moves.send(Side::Server, next);
            }
        }
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        self.led = to.tls_first;
        if !self.led {
            return Route::Through;
        }
        self.left = self.says.iter().cloned().collect();
        Route::To(on_port(self.dialect, to, false))
    }
}
