//! Lets the client ask for TLS and sees to it that the answer is not yes.

use super::kit::{GOES_ON, LOGINS, asks_for_tls, with_logins};
use super::{Attack, Deciding, Group, Message, Moves, Tamper, group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::proto::{Answer, Dialect};

switch!(
    Middle ANSWER,
    "answer",
    Setting,
    &["no", "bad", "silence", "close", "continue", "untagged", "junk", "noop", "spoiled"],
    &[],
    "Answer to STARTTLS",
    "What the client gets instead of the server's OK: a refusal, nothing, a closed connection, a line that is no answer, for a NOOP in its place a success without TLS, or, for a word that is misspelt on its way, what the server itself says to it."
);

static SWITCHES: &[&Switch] = &[&ANSWER, &LOGINS];

static DECIDING: &[Deciding] = &{
    let [imap, imap_forgets, pop3, pop3_forgets, acap, acap_forgets] = GOES_ON;
    let ignores = Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.ignore-tls-result=on"],
    };
    [imap, imap_forgets, pop3, pop3_forgets, acap, acap_forgets, ignores]
};

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "fail-starttls",
    title: "Refuse STARTTLS",
    about: "Keeps the client's request for TLS from the server and answers it with a refusal, silence or a closed connection.",
    group: Group::Negotiation,
    known: &["CVE-2021-32066 Ruby Net::IMAP", group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        with_logins(switches, dialect, Box::new(Refuse { dialect, answer: switches.get(&ANSWER) }))
    },
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Refuse {
    dialect: &'static Dialect,
    answer: &'static str,
}

impl Tamper for Refuse {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let Some(tag) = asks_for_tls(self.dialect, &message) else {
            moves.pass();
            return;
        };
        match self.answer {
            "no" => {
                moves.answer((self.dialect.answer)(&tag, Answer::No, "TLS is not available at the moment"))
            }
            "bad" => moves.answer((self.dialect.answer)(&tag, Answer::Bad, "this command is not known here")),
            "close" => moves.close(),
            "continue" => moves.answer(b"+ go on\r\n".to_vec()),
            "untagged" if self.dialect.protocol != Protocol::Pop3 => {
                moves.answer(b"* NO \"not now\"\r\n".to_vec())
            }
            "untagged" | "junk" => moves.answer(b"~ ~ ~\r\n".to_vec()),
            "spoiled" if self.dialect.protocol == Protocol::Pop3 => moves.replace(b"STLX\r\n".to_vec()),
            "spoiled" => moves.replace([&tag[..], b" STARTTLX\r\n"].concat()),
            "noop" if self.dialect.protocol == Protocol::Pop3 => moves.replace(b"NOOP\r\n".to_vec()),
            "noop" => moves.replace([&tag[..], b" NOOP\r\n"].concat()),
            _ => {}
        }
    }
}
