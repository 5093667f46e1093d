//! Ends TLS with a certificate of the right host that its issuer has revoked.

use super::impostor::impostor;
use super::{Attack, Deciding, Group, group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &Protocol::ALL,
    given: &[],
    right: &[],
    wrong: &["client.no-revocation-check=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-revoked",
    title: "A revoked certificate",
    about: "Ends the client's TLS itself, with a certificate of the right host that was revoked when its key leaked, and reads everything on its way to the server.",
    group: Group::Certificates,
    known: &[group::NDSS],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| impostor(|hello| Certificate { revoked: true, ..Certificate::good(hello.server_name()) }),
    success: &success::LOST,
    deciding: DECIDING,
};
