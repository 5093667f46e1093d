//! What every client and server machine is: inputs in, everything it wants done out. No clock, no socket.

use crate::base::Tick;
use crate::tls::{Facts, Failure, Offer};
use crate::trace::Note;

/// What can happen to a machine.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The connection is open.
    Connected,
    /// Octets from the peer, inside TLS when TLS is up.
    Octets(&'a [u8]),
    /// The handshake that it asked for is over.
    TlsDone(Result<&'a Facts, Failure>),
    /// The moment it asked to be woken at.
    Timer,
    /// The peer closed the connection.
    PeerClosed,
}

/// What a machine can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these octets, as one segment.
    Send(Vec<u8>),
    /// Begin a handshake; its result comes back as [`Input::TlsDone`].
    StartTls(Offer),
    /// Wake me then, unless something else happens first.
    WakeAt(Tick),
    /// Close the connection.
    Close,
    /// Open a new connection to the same host; the machine itself goes on with [`Input::Connected`].
    Reconnect,
    /// Write down a statement about myself.
    Note(Note),
}

/// A protocol state machine.
pub trait Machine {
    /// Takes one input and returns everything that is to be done, in order.
    #[must_use]
    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output>;

    /// The state that it is in, by its name in the protocol's list of states.
    #[must_use]
    fn stage(&self) -> &'static str;
}
