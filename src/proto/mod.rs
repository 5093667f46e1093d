//! The protocols: for each a grammar, an observer that reads octets into events, a client and a server machine,
//! and the named switches for what each side may choose or do wrong.

pub mod acap;
pub mod client;
mod dialect;
mod dialogue;
mod exchange;
pub mod imap;
mod machine;
mod messages;
pub mod pop3;
pub mod profile_file;
mod record;
pub mod server;
mod tagged;
mod upgrade;

pub use dialect::{Answer, Asked, Dialect, Literals, Splitter, WithoutCapabilities};
pub use machine::{Input, Machine, Output};
pub use record::{Observer, Recorder, Tap};

use crate::base::{Profile, Protocol, Seed, Side, Switch, Switches};
use crate::sasl::Identity;
use base64::Engine;

/// Everything the rest of the crate needs to know of one protocol.
#[derive(Debug)]
pub struct ProtocolRecord {
    /// Which protocol it is.
    pub protocol: Protocol,
    /// The ports it listens on: clear text first, TLS from the first octet second.
    pub ports: &'static [u16],
    /// How a middle reads and forges it.
    pub dialect: &'static Dialect,
    /// Makes an observer for one hop.
    pub observer: fn() -> Box<dyn Observer>,
    /// Makes a client machine.
    pub client: fn(&Account, &Switches, Seed) -> Box<dyn Machine>,
    /// Makes a server machine.
    pub server: fn(&Account, &Switches, Seed) -> Box<dyn Machine>,
    /// What can be set on each side.
    pub switches: fn(Side) -> &'static [&'static Switch],
    /// Ready-made settings for each side; the first is the default.
    pub profiles: fn(Side) -> &'static [&'static Profile],
}

/// The account that a run is about.
#[derive(Clone, Debug)]
pub struct Account {
    /// The host that the client was told to use.
    pub host: String,
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: crate::base::Secret,
    /// The text of the one message in the mailbox.
    pub message: String,
}

impl Account {
    /// Who logs in, for a mechanism.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { user: self.user.clone(), secret: self.password.clone(), host: self.host.clone() }
    }
}

/// A SASL message as IMAP and POP3 write it in a first line: base64, and `=` for the empty one.
#[must_use]
fn initial_base64(message: &[u8]) -> String {
    if message.is_empty() {
        return "=".to_owned();
    }
    base64::engine::general_purpose::STANDARD.encode(message)
}

/// A SASL message as IMAP and POP3 write it on a line of its own; `*` gives the exchange up.
#[must_use]
fn line_base64(message: Option<&[u8]>) -> Vec<u8> {
    match message {
        Some(message) => {
            format!("{}\r\n", base64::engine::general_purpose::STANDARD.encode(message)).into_bytes()
        }
        None => b"*\r\n".to_vec(),
    }
}

/// A quoted string, as IMAP and ACAP write it.
#[must_use]
pub fn quoted(octets: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for &octet in octets {
        if matches!(octet, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(octet);
    }
    quoted.push(b'"');
    quoted
}

/// The protocols, in the order of RFC 2595.
pub static ALL: &[&ProtocolRecord] = &[&imap::RECORD, &pop3::RECORD, &acap::RECORD];

/// The record of a protocol, if its machines exist.
#[must_use]
pub fn find(protocol: Protocol) -> Option<&'static ProtocolRecord> {
    ALL.iter().copied().find(|record| record.protocol == protocol)
}
