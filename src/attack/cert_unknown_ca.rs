//! Ends TLS with a certificate for the right host from an issuer that nobody trusts.

use super::impostor::impostor;
use super::{Attack, Deciding, Group, group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::Certificate;

switch!(
    Middle CHAIN,
    "chain",
    Setting,
    &["unknown-root", "broken-signature"],
    &[],
    "Path to the issuer",
    "It leads to a root that nobody knows, or to a known one by a signature that does not fit."
);

static SWITCHES: &[&Switch] = &[&CHAIN];

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.no-path-check=on"] },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.chain=broken-signature"],
        right: &[],
        wrong: &["client.no-path-check=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-unknown-ca",
    title: "A certificate that nobody vouches for",
    about: "Ends the client's TLS itself, with a certificate that names the right host but has no path to a trusted issuer, and reads everything on its way to the server.",
    group: Group::Certificates,
    known: &[group::USENIX, group::NDSS],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    // Either way no path leads anywhere, which is all that a client can find out.
    build: |_, _| impostor(|hello| Certificate { trusted: false, ..Certificate::good(hello.server_name()) }),
    success: &success::LOST,
    deciding: DECIDING,
};
