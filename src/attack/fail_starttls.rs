//! Lets the client ask for TLS and sees to it that the answer is not yes.

use super::{Attack, Message, Moves, Tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::proto::{Answer, Dialect};

switch!(
    Middle ANSWER,
    "answer",
    Setting,
    &["no", "bad", "silence", "close"],
    &[],
    "Answer to STARTTLS",
    "What the client gets instead of the server's OK."
);

static SWITCHES: &[&Switch] = &[&ANSWER];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "fail-starttls",
    title: "Refuse STARTTLS",
    about: "Keeps the client's request for TLS from the server and answers it with a refusal, silence or a closed connection.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| Box::new(Refuse { dialect, answer: switches.get(&ANSWER) }),
};

#[derive(Debug)]
struct Refuse {
    dialect: &'static Dialect,
    answer: &'static str,
}

impl Tamper for Refuse {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let asked = match message.from {
            Side::Client => self.dialect.starttls_tag(message.octets),
            Side::Server => None,
        };
        let Some(tag) = asked else {
            moves.pass();
            return;
        };
        match self.answer {
            "no" => {
                moves.answer((self.dialect.answer)(&tag, Answer::No, "TLS is not available at the moment"))
            }
            "bad" => moves.answer((self.dialect.answer)(&tag, Answer::Bad, "this command is not known here")),
            "close" => moves.close(),
            _ => {}
        }
    }
}
