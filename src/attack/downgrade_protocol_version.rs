//! Pretends that the server is from before STARTTLS.

use super::kit::{LOGINS, NEVER_ASKS, asked, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

switch!(
    Middle OLD,
    "old-server",
    Setting,
    &["listed", "silent"],
    &[],
    "Pretended age",
    "A list with nothing but IMAP4 in it, or no list at all; in POP3 always none."
);

static SWITCHES: &[&Switch] = &[&OLD, &LOGINS];

static DECIDING: &[Deciding] = &NEVER_ASKS;

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "downgrade-protocol-version",
    title: "An old server",
    about: "Shows the client a server from before STARTTLS: no capabilities that it could ask about, or only those of old, and BAD to what is newer.",
    group: Group::Negotiation,
    known: &["the tool striptls"],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: SWITCHES,
    build: |switches, dialect| {
        let listed = switches.get(&OLD) == "listed" && dialect.protocol == Protocol::Imap;
        let pretends = tamper(move |message, moves| {
            if message.is_greeting() {
                let greeting: &[u8] = match dialect.protocol {
                    Protocol::Imap if listed => b"* OK [CAPABILITY IMAP4] old server\r\n",
                    Protocol::Pop3 => b"+OK old server\r\n",
                    _ => b"* OK old server\r\n",
                };
                moves.replace(greeting.to_vec());
                return;
            }
            match asked(dialect, &message) {
                Some(asked) if asked.verb == Verb::Capability && listed => {
                    let ok = (dialect.answer)(&asked.tag, Answer::Ok, "done");
                    moves.answer([&b"* CAPABILITY IMAP4\r\n"[..], &ok].concat());
                }
                Some(asked) if matches!(asked.verb, Verb::Capability | Verb::StartTls) => {
                    moves.answer((dialect.answer)(&asked.tag, Answer::Bad, "this command is not known here"));
                }
                _ => moves.pass(),
            }
        });
        with_logins(switches, dialect, pretends)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
