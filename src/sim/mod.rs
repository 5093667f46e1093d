//! Runs a setup: a client, a middle and servers, on a modelled network, into traces. A run is a list of connections to
//! named hosts and ports; the client asks a resolver, and somebody on the path may answer in its place.

mod net;
mod setup;
mod shared;
mod wires;
mod world;

pub use setup::{Setup, SetupError, attackers_account, default_account};
pub use shared::Shared;

use crate::attack::Met;
use crate::base::Endpoint;
use crate::harm::Planted;
use crate::proto::Machine;
use crate::trace::Trace;
use std::cell::Cell;
use std::rc::Rc;

/// A run stops after this many deliveries and messages, and says so.
pub const STEP_LIMIT: usize = 10_000;

/// It also stops, and says so, when the middle has sent this many octets.
pub const OCTET_LIMIT: usize = 16 << 20;

/// What came out of a setup.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its connections, in order. Places count through all of them.
    pub connections: Vec<Trace>,
    /// The secrets that the account held.
    pub planted: Planted,
    /// The messages and handshakes that the middle could have decided about by hand, in order.
    pub met: Vec<Met>,
    /// Whether the last of them is held, and the run ended there.
    pub held: bool,
    /// Whether [`STEP_LIMIT`] or [`OCTET_LIMIT`] ended the run.
    pub limit_reached: bool,
}

/// Runs a setup to its end. The same setup gives the same octets on every machine.
#[must_use]
pub fn run(setup: &Setup) -> Run {
    net::Net::new(setup, Cast::default()).run()
}

/// Makes the server's machine at an endpoint; `None`: nobody listens there.
pub type Listen = Box<dyn Fn(&Endpoint) -> Option<Box<dyn Machine>>>;

/// Parties that are not made from their profiles.
#[derive(Default)]
pub struct Cast {
    /// The client, instead of the setup's.
    pub client: Option<Box<dyn Machine>>,
    /// The server that is the genuine one, instead of the setup's.
    pub server: Option<Listen>,
    /// Set by a party that cannot go on: the run ends there.
    pub ended: Rc<Cell<bool>>,
}

/// The same with parties of another kind: a machine that knows one recording only.
#[must_use]
pub fn run_with(setup: &Setup, cast: Cast) -> Run {
    net::Net::new(setup, cast).run()
}

#[cfg(test)]
mod hand_over_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
