//! Waits for a server that does not greet again.

use super::{Attack, Deciding, Group, tamper};
use crate::base::Protocol;
use crate::harm::success;

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Acap],
        given: &[],
        right: &[],
        wrong: &["server.no-second-greeting=on", "client.old-greeting-counts=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.no-second-greeting=on"],
        right: &[],
        wrong: &["client.keep-capabilities=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "acap-greeting-missing",
    title: "No second greeting",
    about: "Changes nothing: the server keeps silent inside TLS, and the client goes on with the greeting that everybody could change.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Acap],
    switches: &[],
    build: |_, _| tamper(|_, moves| moves.pass()),
    success: &success::FORGED_CAPABILITIES,
    deciding: DECIDING,
};
