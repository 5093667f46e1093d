//! Answers STARTTLS before it is sent.

use super::kit::next_tag;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.tags-unchecked=on"] },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["client.ignore-tls-result=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "early-tagged-ok",
    title: "Answer too early",
    about: "Guesses the client's next tag, sends a success for STARTTLS ahead of it, and keeps STARTTLS itself from the server.",
    group: Group::Negotiation,
    known: &["CVE-2026-42246 net-imap"],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let mut next = b"a1".to_vec();
        tamper(move |message, moves| {
            if message.from == Side::Client {
                let Some(asked) = (dialect.command)(message.octets) else {
                    moves.pass();
                    return;
                };
                next = next_tag(&asked.tag);
                match asked.verb {
                    // Who took the answer for one waits for TLS by now; a line of text is none.
                    Verb::StartTls if dialect.protocol != Protocol::Imap => {
                        moves.answer((dialect.answer)(&asked.tag, Answer::No, "no"));
                    }
                    Verb::StartTls => {}
                    _ => moves.pass(),
                }
                return;
            }
            let offers = (dialect.items)(message.octets).is_some_and(|items| {
                items.iter().any(|item| dialect.starttls_words.contains(&item.as_str()))
            });
            let early = (dialect.answer)(&next, Answer::Ok, "begin TLS now");
            if !offers {
                moves.pass();
            } else if message.is_greeting() || dialect.protocol == Protocol::Pop3 {
                moves.pass();
                moves.add(early);
            } else {
                moves.add(early);
                moves.pass();
            }
        })
    },
    success: &success::BELIEVED_IN_TLS,
    deciding: DECIDING,
};
