//! Greets with something that is no greeting.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle FIRST_LINE,
    "first-line",
    Setting,
    &["refusal", "junk"],
    &[],
    "First line",
    "A status that no greeting has, or no status at all."
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
        let junk = switches.get(&FIRST_LINE) == "junk";
        let greets = tamper(move |message, moves| {
            if !message.is_greeting() {
                moves.pass();
                return;
            }
            let line: &[u8] = match dialect.protocol {
                _ if junk => b"~ ~ ~\r\n",
                Protocol::Imap => b"* NO mail.example.test ready\r\n",
                Protocol::Pop3 => b"-ERR mail.example.test ready\r\n",
                Protocol::Acap => b"* OK \"acap.example.test ready\"\r\n",
            };
            moves.replace(line.to_vec());
        });
        with_logins(switches, dialect, greets)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
