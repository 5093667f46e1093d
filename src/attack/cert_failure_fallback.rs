//! Shows a certificate that no client takes, and waits for what the client does instead.

use super::impostor::impostor;
use super::kit::{LOGINS, Stack, with_logins};
use super::{Attack, Deciding, Group, Relay, group, tamper};
use crate::base::{Layer, Protocol, Side, Switch};
use crate::harm::success;
use crate::tls::Certificate;

static SWITCHES: &[&Switch] = &[&LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &[],
        right: &[],
        wrong: &["client.clear-after-bad-certificate=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.clear-after-bad-certificate=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.clear-after-bad-certificate=on", "client.plain-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-failure-fallback",
    title: "A certificate to give up TLS for",
    about: "Ends the client's TLS itself with a certificate that nobody vouches for, and reads along when the client comes back without TLS.",
    group: Group::Certificates,
    known: &[group::NDSS],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, dialect| {
        let bad = impostor(|hello| Certificate { trusted: false, ..Certificate::good(hello.server_name()) });
        let welcome = tamper(move |message, moves| {
            let list = message.from == Side::Server && message.layer == Layer::Clear;
            let without =
                list.then(|| (dialect.without_capabilities)(message.octets, &|w| w == "LOGINDISABLED"));
            match without.flatten() {
                Some(octets) => moves.replace(octets),
                None => moves.pass(),
            }
        });
        with_logins(switches, dialect, Box::new(Stack(Relay::new(vec![bad, welcome]))))
    },
    success: &success::CLEAR_AFTER_CERTIFICATE,
    deciding: DECIDING,
};
