//! Ends TLS with a certificate whose star stands where no star may stand.

use super::impostor::impostor;
use super::{Attack, Deciding, Group};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::Certificate;

switch!(
    Middle STAR,
    "star",
    Setting,
    &["part-of-label", "second-label", "two-stars", "top-level", "alone"],
    &[],
    "Where the star stands",
    "For part of a label, in the second label, in two labels, over a whole top level, or alone."
);

static SWITCHES: &[&Switch] = &[&STAR];

macro_rules! deciding {
    ($($star:literal),*) => {
        &[$(Deciding {
            protocols: &Protocol::ALL,
            given: &[$star],
            right: &[],
            wrong: &["client.star-matches-anything=on"],
        }),*]
    };
}

static DECIDING: &[Deciding] = deciding!(
    "middle.star=part-of-label",
    "middle.star=second-label",
    "middle.star=two-stars",
    "middle.star=top-level",
    "middle.star=alone"
);

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "cert-wildcard-misuse",
    title: "A star too many",
    about: "Ends the client's TLS itself, with a trusted certificate in which a star stands for more than the whole left-most label.",
    group: Group::Certificates,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, _| {
        let star = switches.get(&STAR);
        impostor(move |hello| Certificate::good(&pattern(star, hello.server_name())))
    },
    success: &success::LOST,
    deciding: DECIDING,
};

/// A pattern that a careless client takes for a host.
fn pattern(star: &str, host: &str) -> String {
    let (first, parent) = host.split_once('.').unwrap_or((host, ""));
    let top = host.rsplit('.').next().unwrap_or_default();
    let letter: String = first.chars().take(1).collect();
    match star {
        "second-label" => format!("{first}.*.{top}"),
        "two-stars" => format!("*.*.{top}"),
        "top-level" => format!("*.{top}"),
        "alone" => "*".to_owned(),
        _ => format!("{letter}*.{parent}"),
    }
}
