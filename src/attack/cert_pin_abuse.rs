//! Is there while an account is set up, and profits from what the client remembers.

use super::impostor::impostor;
use super::{Attack, Deciding, Group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &Protocol::ALL,
    given: &["client.sessions=2"],
    right: &[],
    wrong: &["client.pin-silently=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-pin-abuse",
    title: "A certificate to remember",
    about: "Ends the client's TLS itself, the first time and every time, with a certificate that nobody vouches for, and waits for the client to take it for an old acquaintance.",
    group: Group::Certificates,
    known: &["CVE-2020-24661 Geary"],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| {
        impostor(|hello| Certificate {
            trusted: false,
            self_signed: true,
            ..Certificate::good(hello.server_name())
        })
    },
    success: &success::PINNED,
    deciding: DECIDING,
};
