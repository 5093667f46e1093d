//! IMAP: RFC 3501 and RFC 9051, with STARTTLS and LOGINDISABLED of RFC 2595 section 3.

pub mod client;
mod dialect;
pub mod grammar;
pub mod observe;
pub mod request;
pub mod server;
mod utf7;
pub(crate) mod work;

use super::client::{self as common, Client};
use super::{ProtocolRecord, server as gate};
use crate::base::{Protocol, Side};

/// IMAP's record.
pub static RECORD: ProtocolRecord = ProtocolRecord {
    protocol: Protocol::Imap,
    dialect: &dialect::DIALECT,
    observer: || Box::new(observe::ImapObserver::default()),
    client: |account, switches, seed| {
        Box::new(Client::new(&RECORD, client::ImapTongue::new(switches), account, switches, seed))
    },
    server: |account, switches, seed| server::server(account, switches, seed),
    diagram: |side| match side {
        Side::Client => common::states::diagram(Protocol::Imap),
        Side::Server => &server::states::DIAGRAM,
    },
    switches: |side| match side {
        Side::Client => common::IMAP_SWITCHES,
        Side::Server => gate::IMAP_SWITCHES,
    },
    profiles: |side| match side {
        Side::Client => common::IMAP_PROFILES,
        Side::Server => gate::IMAP_PROFILES,
    },
    programs: |side| match side {
        Side::Client => common::programs::imap::ALL,
        Side::Server => gate::programs::imap::ALL,
    },
};
