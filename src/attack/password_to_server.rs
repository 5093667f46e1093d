//! The server itself learns the password.

use super::{Attack, Deciding, Group, tamper};
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &["server.mechanisms=plain+scram-sha-256"],
    right: &["client.minimum-mechanism=no-password", "client.auth=auto"],
    wrong: &["client.minimum-mechanism=any", "client.auth=plain"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "password-to-server",
    title: "An honest but curious server",
    about: "Changes nothing: the server that the password is sent to is the one who must not learn it. TLS does not help.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::SERVER_LEARNED,
    deciding: DECIDING,
};
