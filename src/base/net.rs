//! Where connections go: endpoints, and what a resolver is asked and answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a client connects to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct Endpoint {
    /// The host, by the name that the client uses.
    pub host: String,
    /// The port.
    pub port: u16,
    /// TLS from the first octet (RFC 8314 section 3); otherwise the protocol starts in the clear.
    pub tls_first: bool,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = if self.tls_first { ", TLS first" } else { "" };
        write!(f, "{}:{}{first}", self.host, self.port)
    }
}

/// What a resolver can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The address of a host, and by what other names it goes.
    Address(String),
    /// Where a domain has a service: the owner name of an SRV record, as `_imaps._tcp.example.test` (RFC 6186).
    Service(String),
    /// Which settings mail programs should use for a domain: the host whose document is fetched, over HTTP without TLS, as
    /// `autoconfig.example.test`.
    Settings(String),
}

impl Question {
    /// The name that is looked up.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Address(name) | Self::Service(name) | Self::Settings(name) => name,
        }
    }

    /// The service that is looked up, as `imaps`, if it is one.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Address(_) | Self::Settings(_) => None,
            Self::Service(name) => name.strip_prefix('_')?.split('.').next(),
        }
    }
}

/// What a resolver says. Nothing in this model is signed (DNSSEC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A name is an alias of another one.
    Cname {
        /// The alias.
        name: String,
        /// What it stands for.
        target: String,
    },
    /// A name has the address of a machine, which this model calls by a name of its own.
    Address {
        /// The name.
        name: String,
        /// The machine.
        machine: String,
    },
    /// A service of a domain is on a port of a host; its priority and weight are the order of the answers.
    Srv {
        /// The owner name.
        name: String,
        /// The host.
        target: String,
        /// The port.
        port: u16,
    },
    /// A document of settings names a port of a host.
    Settings {
        /// Whose document it is.
        name: String,
        /// The host.
        target: String,
        /// The port.
        port: u16,
    },
}

impl Record {
    /// The name that it is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Cname { name, .. }
            | Self::Address { name, .. }
            | Self::Srv { name, .. }
            | Self::Settings { name, .. } => name,
        }
    }
}
