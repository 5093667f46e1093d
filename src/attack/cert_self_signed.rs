//! Ends TLS with a certificate for the right host that nobody but its maker has signed.

use super::impostor::impostor;
use super::{Attack, Deciding, Group, group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] =
    &[Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.no-path-check=on"] }];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-self-signed",
    title: "A self-signed certificate",
    about: "Ends the client's TLS itself, with a certificate that names the right host and is signed by its own key, and reads everything on its way to the server.",
    group: Group::Certificates,
    known: &[group::USENIX, group::NDSS, "CVE-2020-24661 Geary"],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| {
        impostor(|hello| Certificate {
            trusted: false,
            self_signed: true,
            ..Certificate::good(hello.server_name())
        })
    },
    success: &success::LOST,
    deciding: DECIDING,
};
