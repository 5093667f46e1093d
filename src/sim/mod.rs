//! Runs a setup: a client, a middle and a server, on a modelled network, into traces.

mod net;
mod setup;

pub use setup::{Setup, SetupError, default_account};

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
mod tests;
