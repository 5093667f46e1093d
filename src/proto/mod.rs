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
mod referral;
pub mod server;
mod shelf;
pub mod states;
mod tagged;
mod upgrade;

pub use dialect::{Answer, Asked, Dialect, Literals, Splitter, WithoutCapabilities};
pub use machine::{Behind, Input, Machine, Output, WAITING_LIMIT};
pub use record::{Observer, Recorder, Tap};
pub use referral::Referral;
pub use shelf::Shelf;

use crate::base::{ATTACKER, Profile, Protocol, Seed, Side, Switch, Switches, is_attackers};
use crate::sasl::Identity;
use base64::Engine;
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

/// Everything the rest of the crate needs to know of one protocol.
#[derive(Debug)]
pub struct ProtocolRecord {
    /// Which protocol it is.
    pub protocol: Protocol,
    /// How a middle reads and forges it.
    pub dialect: &'static Dialect,
    /// Makes an observer for one hop.
    pub observer: fn() -> Box<dyn Observer>,
    /// Makes a client machine.
    pub client: fn(&Account, &Switches, Seed) -> Box<dyn Machine>,
    /// Makes a server machine.
    pub server: fn(&Account, &Switches, Seed) -> Box<dyn Machine>,
    /// The states of each side's machine.
    pub diagram: fn(Side) -> &'static states::Diagram,
    /// What can be set on each side.
    pub switches: fn(Side) -> &'static [&'static Switch],
    /// Ready-made settings for each side; the first is the default.
    pub profiles: fn(Side) -> &'static [&'static Profile],
    /// Profiles of real programs, by id.
    pub programs: fn(Side) -> &'static [&'static Profile],
}

impl ProtocolRecord {
    /// The profiles of one side, those of programs last.
    pub fn all_profiles(&self, side: Side) -> impl Iterator<Item = &'static Profile> {
        (self.profiles)(side).iter().chain((self.programs)(side)).copied()
    }
}

/// Another server of the same operator, which servers refer their users to.
pub const OTHER_HOST: &str = "other.example.test";

/// The account that a run is about.
#[derive(Clone, Debug)]
pub struct Account {
    /// The host that the client was told to use.
    pub host: Cow<'static, str>,
    /// The user's name.
    pub user: Cow<'static, str>,
    /// The user's password.
    pub password: crate::base::Secret,
    /// The text of the message in the user's INBOX.
    pub message: Cow<'static, str>,
    /// The groups that the user belongs to.
    pub groups: &'static [&'static str],
    /// Further people with an account on the same server.
    pub others: Cow<'static, [Person]>,
    /// What its server keeps between connections.
    pub shelf: Shelf,
    /// What its server knows of whoever connects, by where he comes from.
    pub caller: Caller,
}

/// The logins that failed from one place on the network, over all its connections; copies count together.
#[derive(Clone, Debug, Default)]
pub struct Caller(Rc<Cell<u32>>);

impl Caller {
    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.0.get()
    }

    /// One more has failed.
    pub fn fails(&self) {
        self.0.set(self.0.get().saturating_add(1));
    }
}

/// Somebody else with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user's name.
    pub user: Cow<'static, str>,
    /// The user's password.
    pub password: crate::base::Secret,
    /// The text of the message in the user's INBOX.
    pub message: Cow<'static, str>,
    /// The groups that the user belongs to.
    pub groups: &'static [&'static str],
    /// May log in with the own password and act for everybody (RFC 4616 section 2): a gateway, an administrator.
    pub acts_for_others: bool,
    /// May log in from inside the operator's network only, as a proxy in front of the server sees to.
    pub from_inside: bool,
}

impl Account {
    /// Who logs in, for a mechanism.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { user: self.user.to_string(), secret: self.password.clone(), host: self.host.to_string() }
    }

    /// Everybody who can log in to the server: the account's user first, the attacker with an account of his own last.
    pub fn identities(&self) -> impl Iterator<Item = Identity> {
        let attacker = Identity {
            user: ATTACKER.0.to_owned(),
            secret: crate::base::Secret::of_nobody(ATTACKER.1.as_bytes()),
            host: self.host.to_string(),
        };
        let others = self.others.iter().map(|other| Identity {
            user: other.user.to_string(),
            secret: other.password.clone(),
            host: self.host.to_string(),
        });
        std::iter::once(self.identity()).chain(others).chain([attacker])
    }

    /// The account as it is for one of the people on its server.
    #[must_use]
    pub fn of(&self, user: &str) -> Self {
        let mut theirs = self.clone();
        if let Some(other) = self.others.iter().find(|other| other.user == user) {
            theirs.message.clone_from(&other.message);
        } else if is_attackers(user) {
            theirs.message = Cow::Owned(format!(
                "From: postmaster@example.test\r\nTo: {user}@example.test\r\nSubject: Welcome\r\n\r\nYour mailbox is ready.\r\n"
            ));
        }
        theirs.user = Cow::Owned(user.to_owned());
        theirs
    }

    /// Whether a user is known.
    #[must_use]
    pub fn knows(&self, user: &str) -> bool {
        self.user == user || is_attackers(user) || self.others.iter().any(|other| other.user == user)
    }

    /// Whether a user may log in from inside only.
    #[must_use]
    pub fn from_inside(&self, user: &str) -> bool {
        self.others.iter().any(|person| person.user == user && person.from_inside)
    }

    /// Whether one user may act as another.
    #[must_use]
    pub fn may_act_as(&self, user: &str, other: &str) -> bool {
        let acts = self.others.iter().any(|person| person.user == user && person.acts_for_others);
        user == other || (acts && self.knows(other))
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
