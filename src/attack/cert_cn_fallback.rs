//! Ends TLS with a certificate that has another host's name in subjectAltName and the right one as common name.

use super::impostor::{OWN_HOST, impostor};
use super::{Attack, Deciding, Group};
use crate::base::Protocol;
use crate::harm::success;
use crate::tls::Certificate;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &Protocol::ALL,
    given: &[],
    right: &[],
    wrong: &["client.common-name-fallback=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-cn-fallback",
    title: "The right name in the wrong place",
    about: "Ends the client's TLS itself, with a certificate that is for a host of the attacker's own and carries the right name only as the subject's common name.",
    group: Group::Certificates,
    known: &[],
    protocols: &Protocol::ALL,
    switches: &[],
    build: |_, _| {
        impostor(|hello| Certificate {
            common_name: Some(hello.server_name().to_owned()),
            ..Certificate::good(OWN_HOST)
        })
    },
    success: &success::LOST,
    deciding: DECIDING,
};
