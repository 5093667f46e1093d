//! IMAP: RFC 3501 and RFC 9051, with STARTTLS and LOGINDISABLED of RFC 2595 section 3.

pub mod client;
mod dialect;
pub mod grammar;
pub mod observe;
pub mod server;

use super::ProtocolRecord;
use crate::base::{Protocol, Side};

/// IMAP's record.
pub static RECORD: ProtocolRecord = ProtocolRecord {
    protocol: Protocol::Imap,
    ports: &[143, 993],
    dialect: &dialect::DIALECT,
    observer: || Box::new(observe::ImapObserver::new()),
    client: |account, switches, seed| Box::new(client::ImapClient::new(account, switches, seed)),
    server: |account, switches, seed| Box::new(server::ImapServer::new(account, switches, seed)),
    switches: |side| match side {
        Side::Client => client::SWITCHES,
        Side::Server => server::SWITCHES,
    },
    profiles: |side| match side {
        Side::Client => client::PROFILES,
        Side::Server => server::PROFILES,
    },
};
