//! The states of the IMAP server (RFC 3501 section 3), and those in between.

use crate::base::Side;
use crate::proto::states::{Diagram, stage, to};

pub(crate) const NOT_AUTHENTICATED: &str = "not authenticated";
pub(crate) const EXCHANGE: &str = "exchange";
pub(crate) const HANDSHAKE: &str = "handshake";
pub(crate) const AUTHENTICATED: &str = "authenticated";
pub(crate) const SELECTED: &str = "selected";
pub(crate) const IDLE: &str = "idle";
pub(crate) const LOGOUT: &str = "logout";

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
        stage(
            AUTHENTICATED,
            "Somebody is logged in; no mailbox is open.",
            &[
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
                "ENABLE",
                "IDLE",
                "COMPRESS",
                "UNAUTHENTICATE",
                "CAPABILITY",
                "ID",
                "LANGUAGE",
                "NOOP",
                "LOGOUT",
            ],
        ),
        stage(
            SELECTED,
            "A mailbox is open.",
            &[
                "FETCH",
                "SEARCH",
                "STORE",
                "COPY",
                "MOVE",
                "EXPUNGE",
                "CHECK",
                "CLOSE",
                "UNSELECT",
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
                "ENABLE",
                "IDLE",
                "COMPRESS",
                "UNAUTHENTICATE",
                "CAPABILITY",
                "ID",
                "LANGUAGE",
                "NOOP",
                "LOGOUT",
            ],
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
