//! Vocabulary that every other module shares: time, chance, sides, hops, secrets, printable text.

mod near;
mod net;
pub(crate) mod order;
mod printable;
mod profile;
mod secret;
mod switch;

pub use near::{meant, near, proposed};
pub use net::{Endpoint, Question, Record};
pub use printable::{printable, stays_visible};
pub use profile::Profile;
pub use secret::{MASK, Secret};
pub(crate) use switch::switch;
pub use switch::{Asked, Look, OFF_ON, Switch, SwitchError, SwitchKind, Switches, Watch};

use serde::{Deserialize, Serialize};

/// The account that an attacker has of his own on a simulated server: name and password.
pub const ATTACKER: (&str, &str) = ("mallory", "let-me-in");

/// Another one, whose password is [`LONGEST_FIELD`] times `x`.
pub const ATTACKERS_LONG_PASSWORD: &str = "mallory-long";

/// Whether an account on a simulated server is one of the attacker's.
#[must_use]
pub fn is_attackers(user: &str) -> bool {
    user == ATTACKER.0 || user == ATTACKERS_LONG_PASSWORD
}

/// The octets that every field of a PLAIN message may have (RFC 2595 section 6, RFC 4616 section 2).
pub const LONGEST_FIELD: usize = 255;

/// A moment of a session: milliseconds since its first event. Never a wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tick(pub u64);

impl Tick {
    /// This moment plus a number of milliseconds; stops at the end of time instead of wrapping.
    #[must_use]
    pub fn after(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// Where all chance of a run comes from: the same seed gives the same bytes on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seed(pub u64);

impl Seed {
    /// A generator for one named use, so that one use does not shift the numbers of another.
    #[must_use]
    pub fn generator(self, purpose: u64) -> rand_pcg::Pcg32 {
        rand_pcg::Pcg32::new(self.0, purpose)
    }
}

/// One of the two roles of a mail protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The party that opens the connection.
    Client,
    /// The party that greets.
    Server,
}

impl Side {
    /// Both sides, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// The peer.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// Whoever takes part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The client.
    Client,
    /// Whoever sits on the path between the two.
    Middle,
    /// The server.
    Server,
}

impl Party {
    /// The word used in reports and before the dot of a switch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Middle => "middle",
            Self::Server => "server",
        }
    }
}

impl From<Side> for Party {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => Self::Client,
            Side::Server => Self::Server,
        }
    }
}

/// The stretch of wire next to one end. A recording without a middle has the client's hop only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Hop {
    /// Between the client and whoever is next to it.
    Client,
    /// Between the server and whoever is next to it.
    Server,
}

impl Hop {
    /// The hop next to one side.
    #[must_use]
    pub fn next_to(side: Side) -> Self {
        match side {
            Side::Client => Self::Client,
            Side::Server => Self::Server,
        }
    }

    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// A mail access protocol of RFC 2595.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// RFC 3501 and RFC 9051.
    Imap,
    /// RFC 1939.
    Pop3,
    /// RFC 2244.
    Acap,
}

impl Protocol {
    /// All, in the order of RFC 2595.
    pub const ALL: [Self; 3] = [Self::Imap, Self::Pop3, Self::Acap];

    /// The id used on the command line and in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Acap => "acap",
        }
    }

    /// The name as the RFCs write it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Acap => "ACAP",
        }
    }
}

/// Whether octets travelled inside TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// Readable and writable by everybody on the path.
    Clear,
    /// Inside a TLS layer.
    Tls,
}

/// Who put octets on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The end that the session says they come from.
    Genuine,
    /// The middle altered what that end had sent.
    Changed,
    /// The middle made them up.
    Added,
    /// A recording does not say.
    Unknown,
}
