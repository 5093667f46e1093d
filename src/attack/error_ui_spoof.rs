//! Puts a text of its own into a refusal.

use super::kit::TEXT;
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;

switch!(
    Middle WORDS,
    "words",
    Setting,
    &["plain", "escapes"],
    &[],
    "Text",
    "Plain words, or words with controls that colour a terminal."
);

static SWITCHES: &[&Switch] = &[&WORDS];

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["client.shows-clear-errors=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "error-ui-spoof",
    title: "Forge an error",
    about: "Refuses the request for TLS with a text for the user, which may hold controls for a terminal.",
    group: Group::Texts,
    known: &[group::USENIX],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let text = if switches.get(&WORDS) == "escapes" {
            format!("\u{1b}[31m{TEXT}\u{1b}[0m")
        } else {
            TEXT.to_owned()
        };
        tamper(move |message, moves| {
            let asks = match message.from {
                Side::Client => dialect.starttls_tag(message.octets),
                Side::Server => None,
            };
            match asks {
                Some(tag) => moves.answer((dialect.answer)(&tag, Answer::No, &text)),
                None => moves.pass(),
            }
        })
    },
    success: &success::DECEIVED,
    deciding: DECIDING,
};
