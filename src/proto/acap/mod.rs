//! ACAP: RFC 2244 as far as RFC 2595 section 5 needs it, and a small SEARCH and STORE so that there is content to lose.

mod client;
mod command;
mod dataset;
mod dialect;
pub mod grammar;
mod observe;
mod server;
pub mod states;
pub(super) mod switches;
pub mod syntax;
#[cfg(test)]
mod tests;

use super::client::{self as common, Client};
use super::{ProtocolRecord, server as gate};
use crate::base::{Protocol, Side};

/// ACAP's record.
pub static RECORD: ProtocolRecord = ProtocolRecord {
    protocol: Protocol::Acap,
    dialect: &dialect::DIALECT,
    observer: || Box::new(observe::AcapObserver::default()),
    client: |account, switches, seed| {
        Box::new(Client::new(&RECORD, client::AcapTongue::new(switches), account, switches, seed))
    },
    server: |account, switches, seed| Box::new(server::AcapServer::new(account, switches, seed)),
    diagram: |side| match side {
        Side::Client => common::states::diagram(Protocol::Acap),
        Side::Server => &states::DIAGRAM,
    },
    switches: |side| match side {
        Side::Client => common::ACAP_SWITCHES,
        Side::Server => gate::ACAP_SWITCHES,
    },
    profiles: |side| match side {
        Side::Client => common::ACAP_PROFILES,
        Side::Server => gate::ACAP_PROFILES,
    },
    programs: |_| &[],
};
