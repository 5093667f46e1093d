//! Refuses STARTTLS with words that say that TLS is there.

use super::kit::{LOGINS, with_logins};
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::{Protocol, Side, Switch};
use crate::harm::success;
use crate::proto::Answer;

static SWITCHES: &[&Switch] = &[&LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.believes-text=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.believes-text=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.believes-text=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.plain-in-clear=on"],
    },
];

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
        let says = tamper(move |message, moves| {
            let asks = match message.from {
                Side::Client => dialect.starttls_tag(message.octets),
                Side::Server => None,
            };
            match asks {
                Some(tag) => moves.answer((dialect.answer)(&tag, Answer::Bad, "TLS layer already active")),
                None => moves.pass(),
            }
        });
        with_logins(switches, dialect, says)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
