//! Greets with PREAUTH.

use super::{Attack, Deciding, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

switch!(
    Middle MAILBOX,
    "mailbox-commands",
    Setting,
    &["answered", "relayed"],
    &[],
    "Commands about the mailbox",
    "Whether the attacker says yes to them himself or lets the server say no."
);

static SWITCHES: &[&Switch] = &[&MAILBOX];

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.accept-preauth=on"] },
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.tls=opportunistic"] },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "preauth-greeting",
    title: "Claim a login",
    about: "Turns the greeting into PREAUTH, after which STARTTLS is not allowed any more, and answers the commands that follow.",
    protocols: &[Protocol::Imap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let answers = switches.get(&MAILBOX) == "answered";
        tamper(move |message, moves| {
            let work = match message.from {
                Side::Client if answers => dialect.tag_of(Verb::Mailbox, message.octets),
                _ => None,
            };
            match work {
                Some(tag) => moves.answer((dialect.answer)(&tag, Answer::Ok, "done")),
                None if message.is_greeting() => {
                    moves.replace(b"* PREAUTH [CAPABILITY IMAP4rev1] welcome back\r\n".to_vec());
                }
                None => moves.pass(),
            }
        })
    },
    success: &success::WORKED_AFTER_PREAUTH,
    deciding: DECIDING,
};
