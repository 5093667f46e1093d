//! Cuts the connection in the middle of a message.

use super::{Attack, Deciding, Group, Message, Moves, Tamper, Veiled};
use crate::base::{Protocol, Side};
use crate::harm::success;

static DECIDING: &[Deciding] =
    &[Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.takes-incomplete=on"] }];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "tls-truncation",
    title: "Half a message",
    about: "Lets a record of the server through by half and closes the connection without a close alert, when enough of the session has passed for it to be mail.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, dialect| Box::new(Cut { protocol: dialect.protocol, sent: 0 }),
    success: &success::TAKEN_FOR_COMPLETE,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Cut {
    protocol: Protocol,
    /// Records of the client inside TLS.
    sent: u32,
}

impl Tamper for Cut {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn veiled(&mut self, from: Side, length: usize) -> Veiled {
        if from == Side::Client {
            self.sent = self.sent.saturating_add(1);
            return Veiled::Through;
        }
        // Only counts and lengths show through the layer: mail comes late, and it is long.
        let (after, long) = if self.protocol == Protocol::Acap { (2, 30) } else { (4, 80) };
        if self.sent >= after && length > long { Veiled::Cut(length / 2) } else { Veiled::Through }
    }

    fn connected(&mut self) {
        self.sent = 0;
    }
}
