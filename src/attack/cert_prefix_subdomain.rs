//! Ends TLS with a certificate whose name only begins like the right one.

use super::impostor::{OWN_HOST, impostor};
use super::{Attack, Deciding, Group, group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::Certificate;

switch!(
    Middle SHAPE,
    "shape",
    Setting,
    &["prefix", "suffix", "nul", "trailing-dot"],
    &[],
    "Shape of the name",
    "The right name with more behind it, with more in front of it, with a NUL octet and more behind it, or with a dot behind it, which no certificate has."
);

static SWITCHES: &[&Switch] = &[&SHAPE];

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &Protocol::ALL, given: &[], right: &[], wrong: &["client.prefix-match=on"] },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.shape=nul"],
        right: &[],
        wrong: &["client.prefix-match=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.shape=trailing-dot"],
        right: &[],
        wrong: &["client.prefix-match=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.shape=suffix"],
        right: &[],
        wrong: &["client.no-name-check=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-prefix-subdomain",
    title: "A name that begins like the right one",
    about: "Ends the client's TLS itself, with a good certificate for a host of the attacker's own whose name is the right one with something added.",
    group: Group::Certificates,
    known: &[group::NDSS],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, _| {
        let shape = switches.get(&SHAPE);
        impostor(move |hello| {
            let host = hello.server_name();
            Certificate::good(&match shape {
                "suffix" => format!("evil{host}"),
                "nul" => format!("{host}\0.{OWN_HOST}"),
                "trailing-dot" => format!("{host}."),
                _ => format!("{host}.{OWN_HOST}"),
            })
        })
    },
    success: &success::LOST,
    deciding: DECIDING,
};
