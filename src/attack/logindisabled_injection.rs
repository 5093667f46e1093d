//! Takes every way to log in away.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["client.tls=opportunistic", "server.starttls=off", "server.logindisabled=off"],
        right: &[],
        wrong: &[],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["client.tls=opportunistic", "server.starttls=off", "server.mechanisms=plain+cram-md5"],
        right: &[],
        wrong: &[],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &[
            "client.tls=opportunistic",
            "client.minimum-mechanism=no-password",
            "server.starttls=off",
            "server.mechanisms=plain+scram-sha-256",
        ],
        right: &[],
        wrong: &[],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "logindisabled-injection",
    title: "Forbid every login",
    about: "Adds LOGINDISABLED and deletes the mechanisms, or deletes whatever a login needs: the client can only give up.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        tamper(move |message, moves| {
            let lists = message.from == Side::Server && (dialect.items)(message.octets).is_some();
            if !lists {
                moves.pass();
                return;
            }
            let without = (dialect.without_capabilities)(message.octets, &|word| {
                word.starts_with("AUTH=") || matches!(word, "SASL" | "USER" | "STARTTLS" | "STLS")
            });
            let octets = without.unwrap_or_else(|| message.octets.to_vec());
            let more = (dialect.protocol == Protocol::Imap)
                .then(|| (dialect.with_items)(&octets, &["LOGINDISABLED"]))
                .flatten();
            moves.replace(more.unwrap_or(octets));
        })
    },
    success: &success::GAVE_UP,
    deciding: DECIDING,
};
