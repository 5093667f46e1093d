//! Finds out who the user is by the certificate that the client shows.

use super::impostor::{OWN_HOST, offering};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::{Certificate, ServerOffer};

switch!(
    Middle HOW,
    "certificate-request",
    Setting,
    &["servers", "own"],
    &[],
    "Who asks for the certificate",
    "The server, while the attacker listens, or the attacker himself, who ends the client's TLS."
);

static SWITCHES: &[&Switch] = &[&HOW];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &Protocol::ALL,
        given: &["client.client-certificate=this-account"],
        right: &[],
        wrong: &["server.needless-certificate-request=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.certificate-request=own"],
        right: &[],
        wrong: &["client.certificate-to-anybody=on", "client.no-name-check=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "client-cert-leak",
    title: "Whose certificate is this?",
    about: "Listens for the certificate that a client shows to a server that has no use for it, or ends the client's TLS itself and asks for it.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, _| match switches.get(&HOW) {
        "own" => offering(|_| ServerOffer {
            asks_certificate: true,
            ..ServerOffer::good(Certificate::good(OWN_HOST))
        }),
        _ => tamper(|_, moves| moves.pass()),
    },
    success: &success::CERTIFICATE_SEEN,
    deciding: DECIDING,
};
