//! The states of the ACAP server (RFC 2244 section 2.4), and those in between.

use crate::base::Side;
pub(crate) use crate::proto::states::{AUTHENTICATED, EXCHANGE, HANDSHAKE, LOGOUT, NOT_AUTHENTICATED};
use crate::proto::states::{Diagram, stage, to};

/// The server.
pub static DIAGRAM: Diagram = Diagram {
    side: Side::Server,
    states: &[
        stage(
            NOT_AUTHENTICATED,
            "Waits for somebody to log in, or to ask for TLS.",
            &["STARTTLS", "AUTHENTICATE", "NOOP", "LANG", "LOGOUT"],
        ),
        stage(EXCHANGE, "Waits for the client's next message of an AUTHENTICATE.", &[]),
        stage(HANDSHAKE, "Said OK to STARTTLS. Nothing but TLS may come now; then it greets again.", &[]),
        stage(AUTHENTICATED, "Somebody is logged in.", &["SEARCH", "STORE", "NOOP", "LANG", "LOGOUT"]),
        stage(LOGOUT, "The session is over.", &[]),
    ],
    moves: &[
        to(NOT_AUTHENTICATED, EXCHANGE, "AUTHENTICATE"),
        to(NOT_AUTHENTICATED, HANDSHAKE, "STARTTLS"),
        to(NOT_AUTHENTICATED, AUTHENTICATED, "AUTHENTICATE with its message"),
        to(NOT_AUTHENTICATED, LOGOUT, "LOGOUT"),
        to(EXCHANGE, NOT_AUTHENTICATED, "a wrong message"),
        to(EXCHANGE, AUTHENTICATED, "the right message"),
        to(HANDSHAKE, NOT_AUTHENTICATED, "TLS is up"),
        to(HANDSHAKE, AUTHENTICATED, "TLS is up, after a login (a fault)"),
        to(HANDSHAKE, LOGOUT, "TLS failed"),
        to(AUTHENTICATED, HANDSHAKE, "STARTTLS after a login (a fault)"),
        to(AUTHENTICATED, LOGOUT, "LOGOUT"),
    ],
};
