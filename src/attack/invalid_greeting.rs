//! Greets with something that is no greeting.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle FIRST_LINE,
    "first-line",
    Setting,
    &["refusal", "junk", "bad", "tagged", "twice"],
    &[],
    "First line",
    "A status that no greeting has, no status at all, BAD, an answer to a command that nobody sent, or the server's own greeting, and another one behind it."
);

static SWITCHES: &[&Switch] = &[&FIRST_LINE, &LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &[],
        right: &[],
        wrong: &["client.accepts-invalid-greeting=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.accepts-invalid-greeting=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "invalid-greeting",
    title: "A greeting that is none",
    about: "Puts something in place of the greeting that the grammar does not allow there, to find a path past the client's policy.",
    group: Group::Negotiation,
    known: &["GHSA-346p-qx4x-g348 Mutt, NeoMutt"],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let first = switches.get(&FIRST_LINE);
        let greets = tamper(move |message, moves| {
            if !message.is_greeting() {
                moves.pass();
                return;
            }
            if first == "twice" {
                moves.pass();
                moves.add(message.octets.to_vec());
                return;
            }
            let line: &[u8] = match (dialect.protocol, first) {
                (_, "junk") => b"~ ~ ~\r\n",
                (Protocol::Imap, "bad") => b"* BAD mail.example.test ready\r\n",
                (Protocol::Imap, "tagged") => b"a1 OK mail.example.test ready\r\n",
                (Protocol::Acap, "tagged") => b"a1 OK \"acap.example.test ready\"\r\n",
                (Protocol::Acap, "bad") => b"* BAD \"acap.example.test ready\"\r\n",
                (Protocol::Imap, _) => b"* NO mail.example.test ready\r\n",
                (Protocol::Pop3, _) => b"-ERR mail.example.test ready\r\n",
                (Protocol::Acap, _) => b"* OK \"acap.example.test ready\"\r\n",
            };
            moves.replace(line.to_vec());
        });
        with_logins(switches, dialect, greets)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
