//! Lets handshakes fail until the client comes down to a version that is broken.

use super::impostor::offering;
use super::{Attack, Deciding, Group, Handshake, Message, Moves, Tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;
use crate::tls::{Certificate, ClientOffer, Failure, ServerOffer, Version, suites};

switch!(
    Middle HOW,
    "hello",
    Setting,
    &["dropped", "edited", "answered"],
    &[],
    "What becomes of a hello",
    "It is lost as long as it offers more than TLS 1.0, the newer versions are taken out of it, or the attacker answers it himself, in TLS 1.0 and with a certificate of his own."
);

static SWITCHES: &[&Switch] = &[&HOW];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &Protocol::ALL,
        given: &[],
        right: &[],
        wrong: &["client.version-fallback=on", "server.weak-tls=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.hello=answered"],
        right: &[],
        wrong: &["client.weak-tls=on", "client.no-name-check=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "tls-version-downgrade",
    title: "An old version of TLS",
    about: "Lets every handshake fail that offers more than TLS 1.0, so that a client that tries older versions ends there; or edits the hello, which both ends notice.",
    group: Group::Layer,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, _| match switches.get(&HOW) {
        "answered" => offering(|_| ServerOffer {
            versions: vec![Version::Tls10],
            suites: suites::ALL.iter().filter(|suite| suite.fits(Version::Tls10)).collect(),
            ..ServerOffer::good(Certificate::good("mx.evil.example"))
        }),
        how => Box::new(Older { edits: how == "edited" }),
    },
    success: &success::BELOW_MINIMUM,
    deciding: DECIDING,
};

struct Older {
    edits: bool,
}

impl Tamper for Older {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn handshake(&mut self, hello: &ClientOffer) -> Handshake {
        if self.edits {
            Handshake::Edit(|version, _| version == Version::Tls10)
        } else if hello.versions.iter().any(|version| *version > Version::Tls10) {
            Handshake::Break(Failure::Alert)
        } else {
            Handshake::Through
        }
    }
}
