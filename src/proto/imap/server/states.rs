//! The states of the IMAP server (RFC 3501 section 3), and those in between.

use crate::base::Side;
pub(crate) use crate::proto::states::{AUTHENTICATED, EXCHANGE, HANDSHAKE, LOGOUT, NOT_AUTHENTICATED};
use crate::proto::states::{Diagram, stage, to};

pub(crate) const SELECTED: &str = "selected";
pub(crate) const IDLE: &str = "idle";

/// What is legal in a state, and what is legal wherever somebody is logged in.
macro_rules! logged_in {
    ($($here:literal),* $(,)?) => {
        &[
            $($here,)*
            "SELECT",
            "EXAMINE",
            "LIST",
            "STATUS",
            "LSUB",
            "MYRIGHTS",
            "NOTIFY",
            "CANCELUPDATE",
            "APPEND",
            "CREATE",
            "DELETE",
            "RENAME",
            "SUBSCRIBE",
            "UNSUBSCRIBE",
            "NAMESPACE",
            "IDLE",
            "COMPRESS",
            "UNAUTHENTICATE",
            "CAPABILITY",
            "ID",
            "LANGUAGE",
            "NOOP",
            "LOGOUT",
        ]
    };
}

/// The server.
pub static DIAGRAM: Diagram = Diagram {
    side: Side::Server,
    states: &[
        stage(
            NOT_AUTHENTICATED,
            "Waits for somebody to log in, or to ask for TLS.",
            &["STARTTLS", "LOGIN", "AUTHENTICATE", "CAPABILITY", "ID", "LANGUAGE", "NOOP", "LOGOUT"],
        ),
        stage(
            EXCHANGE,
            "Waits for the client's next message of an AUTHENTICATE, or for * to give it up.",
            &[],
        ),
        stage(HANDSHAKE, "Said OK to STARTTLS. Nothing but TLS may come now.", &[]),
        // RFC 5161 section 3.1: ENABLE comes before any mailbox is opened.
        stage(AUTHENTICATED, "Somebody is logged in; no mailbox is open.", logged_in!["ENABLE"]),
        stage(
            SELECTED,
            "A mailbox is open.",
            logged_in!["FETCH", "SEARCH", "STORE", "COPY", "MOVE", "EXPUNGE", "CHECK", "CLOSE", "UNSELECT"],
        ),
        stage(IDLE, "Tells what is new as it happens, until the client says DONE.", &["DONE"]),
        stage(LOGOUT, "The session is over.", &[]),
    ],
    moves: &[
        to(NOT_AUTHENTICATED, EXCHANGE, "AUTHENTICATE"),
        to(NOT_AUTHENTICATED, HANDSHAKE, "STARTTLS"),
        to(NOT_AUTHENTICATED, AUTHENTICATED, "LOGIN, or AUTHENTICATE with its message"),
        to(NOT_AUTHENTICATED, LOGOUT, "LOGOUT"),
        to(EXCHANGE, NOT_AUTHENTICATED, "a wrong message, or *"),
        to(EXCHANGE, AUTHENTICATED, "the right message"),
        to(HANDSHAKE, NOT_AUTHENTICATED, "TLS is up"),
        to(HANDSHAKE, AUTHENTICATED, "TLS is up, after a login (a fault)"),
        to(HANDSHAKE, LOGOUT, "TLS failed"),
        to(AUTHENTICATED, NOT_AUTHENTICATED, "UNAUTHENTICATE"),
        to(AUTHENTICATED, HANDSHAKE, "STARTTLS after a login (a fault)"),
        to(AUTHENTICATED, SELECTED, "SELECT or EXAMINE"),
        to(AUTHENTICATED, IDLE, "IDLE"),
        to(AUTHENTICATED, LOGOUT, "LOGOUT"),
        to(SELECTED, NOT_AUTHENTICATED, "UNAUTHENTICATE"),
        to(SELECTED, AUTHENTICATED, "CLOSE or UNSELECT"),
        to(SELECTED, IDLE, "IDLE"),
        to(SELECTED, LOGOUT, "LOGOUT"),
        to(IDLE, AUTHENTICATED, "DONE"),
        to(IDLE, SELECTED, "DONE, with a mailbox open"),
    ],
};
