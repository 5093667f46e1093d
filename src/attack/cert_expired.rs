//! Ends TLS with an old certificate of the right host, whose key has come into the wrong hands.

use super::impostor::impostor;
use super::{Attack, Deciding, Group, group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] =
    &[Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.no-date-check=on"] }];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-expired",
    title: "A certificate out of date",
    about: "Ends the client's TLS itself, with a certificate of the right host that has expired and whose key has leaked since, and reads everything on its way to the server.",
    group: Group::Certificates,
    known: &[group::USENIX, group::NDSS],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| impostor(|hello| Certificate { in_date: false, ..Certificate::good(hello.server_name()) }),
    success: &success::LOST,
    deciding: DECIDING,
};
