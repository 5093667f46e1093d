//! POP3: RFC 1939 with the extension mechanism of RFC 2449, AUTH of RFC 5034 and STLS of RFC 2595 section 4.

mod answers;
mod apop;
mod client;
mod dialect;
pub mod grammar;
mod maildrop;
mod observe;
mod server;
pub mod states;
pub(super) mod switches;
#[cfg(test)]
mod tests;

use super::client::{self as common, Client};
use super::{ProtocolRecord, server as gate};
use crate::base::{Protocol, Side};

/// POP3's record.
pub static RECORD: ProtocolRecord = ProtocolRecord {
    protocol: Protocol::Pop3,
    dialect: &dialect::DIALECT,
    observer: || Box::new(observe::Pop3Observer::default()),
    client: |account, switches, seed| {
        Box::new(Client::new(&RECORD, client::Pop3Tongue::new(switches), account, switches, seed))
    },
    server: |account, switches, seed| Box::new(server::Pop3Server::new(account, switches, seed)),
    diagram: |side| match side {
        Side::Client => common::states::diagram(Protocol::Pop3),
        Side::Server => &states::DIAGRAM,
    },
    switches: |side| match side {
        Side::Client => common::POP3_SWITCHES,
        Side::Server => gate::POP3_SWITCHES,
    },
    profiles: |side| match side {
        Side::Client => common::POP3_PROFILES,
        Side::Server => gate::POP3_PROFILES,
    },
    programs: |side| match side {
        Side::Client => common::programs::pop3::ALL,
        Side::Server => gate::programs::pop3::ALL,
    },
};
