//! Ends TLS with a good certificate for a host of the attacker's own.

use super::impostor::{OWN_HOST, impostor};
use super::{Attack, Deciding, Group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] =
    &[Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.no-name-check=on"] }];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-wrong-host",
    title: "A certificate for another host",
    about: "Ends the client's TLS itself, with a certificate that a trusted issuer gave the attacker for a host of his own, and reads everything on its way to the server.",
    group: Group::Certificates,
    known: &["CVE-2020-13645 glib-networking", "CVE-2023-5422 OTRS", "CVE-2020-15047 Trojita"],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| impostor(|_| Certificate::good(OWN_HOST)),
    success: &success::LOST,
    deciding: DECIDING,
};
