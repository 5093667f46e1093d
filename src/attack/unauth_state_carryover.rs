//! Somebody who gets the connection next, and looks at what is left on it.

use super::{Attack, Deciding, Group, tamper};
use crate::base::Protocol;
use crate::harm::success;

/// A server that forgets all but one thing. The work of two users leaves every kind of state behind and looks for it.
macro_rules! keeps {
    ($($wrong:literal),+) => {
        &[$(Deciding {
            protocols: &[Protocol::Imap],
            given: GIVEN,
            right: &[],
            wrong: &[concat!("server.unauthenticate-keeps-", $wrong, "=on")],
        }),+, Deciding {
            protocols: &[Protocol::Imap],
            given: GIVEN,
            right: &[],
            wrong: &["client.command-behind-unauthenticate=on", "server.unauthenticate-keeps-login=on"],
        }]
    };
}

const GIVEN: &[&str] =
    &["client.work=second-user", "server.unauthenticate=on", "server.compress=on", "server.new-mail=on"];

static DECIDING: &[Deciding] = keeps![
    "mailbox",
    "groups",
    "condstore",
    "enabled",
    "search",
    "language",
    "contexts",
    "notify",
    "compression",
    "user-data"
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "unauth-state-carryover",
    title: "Inherit the connection",
    about: "Gets the connection after another user, by UNAUTHENTICATE, and looks for what is left of him. Nothing is changed on the way: a server that forgets too little is enough.",
    group: Group::Reuse,
    known: &[],
    protocols: &[Protocol::Imap],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::CARRIED_OVER,
    deciding: DECIDING,
};
