//! Makes the question for capabilities fail.

use super::kit::{LOGINS, NEVER_ASKS, asked, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::Answer;
use crate::trace::Verb;

switch!(
    Middle QUERY_ANSWER,
    "query-answer",
    Setting,
    &["bad", "no"],
    &[],
    "Answer to the question",
    "The protocol's answer to an unknown command, or its refusal of a known one."
);

static SWITCHES: &[&Switch] = &[&QUERY_ANSWER, &LOGINS];

static DECIDING: &[Deciding] = &NEVER_ASKS;

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "fail-capability-query",
    title: "Fail the question",
    about: "Answers the client's question for capabilities with an error, so that the server looks too old for TLS.",
    group: Group::Negotiation,
    known: &["CVE-2021-22946 curl"],
    protocols: &[Protocol::Imap, Protocol::Pop3],
    switches: SWITCHES,
    build: |switches, dialect| {
        let answer = if switches.get(&QUERY_ANSWER) == "no" { Answer::No } else { Answer::Bad };
        let fails = tamper(move |message, moves| {
            let asks = asked(dialect, &message).filter(|asked| asked.verb == Verb::Capability);
            let stripped = (dialect.without_capabilities)(message.octets, &|word| {
                message.from == Side::Server
                    && (dialect.starttls_words.contains(&word) || word == "LOGINDISABLED")
            });
            match (asks, stripped) {
                (Some(asked), _) => {
                    moves.answer((dialect.answer)(&asked.tag, answer, "this command is not known here"))
                }
                (None, Some(octets)) => moves.replace(octets),
                (None, None) => moves.pass(),
            }
        });
        with_logins(switches, dialect, fails)
    },
    success: &success::LOST,
    deciding: DECIDING,
};
