//! What every client and server machine is: inputs in, everything it wants done out. No clock, no socket.

use crate::base::{Endpoint, Question, Record, Side, Tick};
use crate::tls::{Facts, Failure, Offer};
use crate::trace::{Ending, Note};
use std::rc::Rc;

/// What can happen to a machine.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// A client may begin: it asks the resolver or says where to connect.
    Start,
    /// What the resolver says.
    Found(&'a [Record]),
    /// The connection is open.
    Connected,
    /// Octets from the peer, inside TLS when TLS is up.
    Octets(&'a [u8]),
    /// The handshake that it asked for is over.
    TlsDone(Result<&'a Facts, Failure>),
    /// The layer ended and the connection is still there: what comes now is in the clear; or it was cut, and
    /// [`Input::PeerClosed`] follows.
    TlsEnded(Ending),
    /// The moment it asked to be woken at.
    Timer,
    /// The peer closed the connection, or never let it open.
    PeerClosed,
}

/// What a machine can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these octets, as one segment.
    Send(Vec<u8>),
    /// Begin a handshake; its result comes back as [`Input::TlsDone`].
    StartTls(Rc<Offer>),
    /// Wake me then, unless something else happens first.
    WakeAt(Tick),
    /// End the layer with a close alert and keep the connection.
    EndTls,
    /// Close the connection; the layer, if any, is ended by an alert first.
    Close,
    /// Close the connection without a close alert.
    Cut,
    /// Ask the resolver; the answer comes as [`Input::Found`].
    Lookup(Question),
    /// Open a connection, after the last one is closed; the machine goes on with [`Input::Connected`].
    Connect(Endpoint),
    /// Something happened on a connection of this machine's own, behind it.
    Behind(Behind),
    /// Write down a statement about myself.
    Note(Note),
}

/// What happens between a proxy and the server behind it, of whom the client sees one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The proxy, which is the client there, opened a connection.
    Opened(Endpoint),
    /// One of them sent something, inside TLS.
    Octets {
        /// Who.
        from: Side,
        /// What.
        octets: Vec<u8>,
    },
    /// What the server behind it says of itself.
    Note(Note),
    /// One of them ended TLS and left the connection open.
    TlsEnded(Side),
    /// One of them closed the connection.
    Closed(Side),
}

/// So many octets may wait in a machine for what follows; one more input is taken in whole.
pub const WAITING_LIMIT: usize = 1 << 20;

/// A protocol state machine.
pub trait Machine {
    /// Takes one input and returns everything that is to be done, in order.
    #[must_use]
    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output>;

    /// The state that it is in, by its name in the protocol's list of states.
    #[must_use]
    fn stage(&self) -> &'static str;

    /// How many octets it holds that it has not used: never many more than [`WAITING_LIMIT`], whatever it is sent. A
    /// machine that plays a recording holds none.
    #[must_use]
    fn waiting(&self) -> usize {
        0
    }
}
