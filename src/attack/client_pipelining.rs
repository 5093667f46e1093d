//! Listens to a client that does not wait.

use super::{Attack, Deciding, Group, tamper};
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    given: &[],
    right: &[],
    wrong: &["client.login-before-tls=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "client-pipelining",
    title: "Listen to a hasty client",
    about: "Reads along while a client sends its login in one go with STARTTLS. Nothing is changed.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::LOST,
    deciding: DECIDING,
};
