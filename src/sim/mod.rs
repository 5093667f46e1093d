//! Runs a setup: a client, a middle and servers, on a modelled network, into traces. A run is a list of connections to
//! named hosts and ports; the client asks a resolver, and somebody on the path may answer in its place.

mod net;
mod setup;
mod wires;
mod world;

pub use setup::{Setup, SetupError, attackers_account, default_account};

use crate::harm::Planted;
use crate::trace::Trace;

/// A run stops after this many deliveries, and says so.
pub const STEP_LIMIT: usize = 10_000;

/// What came out of a setup.
#[derive(Clone, Debug)]
pub struct Run {
    /// What was run.
    pub setup: Setup,
    /// Its connections, in order. Places count through all of them.
    pub connections: Vec<Trace>,
    /// The secrets that the account held.
    pub planted: Planted,
    /// Whether [`STEP_LIMIT`] ended the run.
    pub limit_reached: bool,
}

/// Runs a setup to its end. The same setup gives the same octets on every machine.
#[must_use]
pub fn run(setup: &Setup) -> Run {
    net::Net::new(setup).run()
}

#[cfg(test)]
mod hand_over_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
