//! Refuses STARTTLS with words that say that TLS is there.

use super::kit::{GOES_ON, LOGINS, asks_for_tls, with_logins};
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::{Protocol, Switch};
use crate::harm::success;
use crate::proto::Answer;

static SWITCHES: &[&Switch] = &[&LOGINS];

const fn believes(protocols: &'static [Protocol], given: &'static [&'static str]) -> Deciding {
    Deciding { protocols, given, right: &[], wrong: &["client.believes-text=on"] }
}

static DECIDING: &[Deciding] = &{
    let [imap, imap_forgets, pop3, pop3_forgets, acap, acap_forgets] = GOES_ON;
    [
        believes(&[Protocol::Imap], &["server.logindisabled=off"]),
        believes(&[Protocol::Pop3], &["middle.logins=answered"]),
        believes(&[Protocol::Acap], &["middle.logins=answered"]),
        imap,
        imap_forgets,
        pop3,
        pop3_forgets,
        acap,
        acap_forgets,
    ]
};

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "fake-tls-active",
    title: "Say that TLS is there",
    about: "Keeps the client's request for TLS from the server and refuses it with a text that says that TLS is active already.",
    group: Group::Negotiation,
    known: &[group::NDSS],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let says = tamper(move |message, moves| match asks_for_tls(dialect, &message) {
            Some(tag) => moves.answer((dialect.answer)(&tag, Answer::Bad, "TLS layer already active")),
            None => moves.pass(),
        });
        with_logins(switches, dialect, says)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
