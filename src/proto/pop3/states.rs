//! The states of the POP3 server (RFC 1939 section 3), and those in between.

use crate::base::Side;
use crate::proto::states::{Diagram, stage, to};
pub(crate) use crate::proto::states::{EXCHANGE, HANDSHAKE};

pub(crate) const AUTHORIZATION: &str = "authorization";
pub(crate) const NAMED: &str = "user named";
pub(crate) const TRANSACTION: &str = "transaction";
pub(crate) const UPDATE: &str = "update";

/// The server.
pub static DIAGRAM: Diagram = Diagram {
    side: Side::Server,
    states: &[
        stage(
            AUTHORIZATION,
            "Waits for somebody to log in, or to ask for TLS.",
            &["STLS", "USER", "APOP", "AUTH", "CAPA", "QUIT"],
        ),
        stage(
            NAMED,
            "Knows a name and waits for its password; any other command makes it forget the name.",
            &["PASS", "STLS", "USER", "APOP", "AUTH", "CAPA", "QUIT"],
        ),
        stage(EXCHANGE, "Waits for the client's next message of an AUTH, or for * to give it up.", &[]),
        stage(HANDSHAKE, "Said +OK to STLS. Nothing but TLS may come now.", &[]),
        stage(
            TRANSACTION,
            "Somebody is logged in, and the maildrop is open.",
            &["STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET", "NOOP", "CAPA", "QUIT"],
        ),
        stage(UPDATE, "Removes what was marked, and the session is over.", &[]),
    ],
    moves: &[
        to(AUTHORIZATION, NAMED, "USER"),
        to(AUTHORIZATION, EXCHANGE, "AUTH"),
        to(AUTHORIZATION, HANDSHAKE, "STLS"),
        to(AUTHORIZATION, TRANSACTION, "APOP, or AUTH with its message"),
        to(AUTHORIZATION, UPDATE, "QUIT, and nothing is removed"),
        to(NAMED, AUTHORIZATION, "PASS with a wrong password, or another command"),
        to(NAMED, HANDSHAKE, "STLS"),
        to(NAMED, TRANSACTION, "PASS"),
        to(NAMED, UPDATE, "QUIT, and nothing is removed"),
        to(EXCHANGE, AUTHORIZATION, "a wrong message, or *"),
        to(EXCHANGE, TRANSACTION, "the right message"),
        to(HANDSHAKE, AUTHORIZATION, "TLS is up"),
        to(HANDSHAKE, NAMED, "TLS is up, and a name from before is kept (a fault)"),
        to(HANDSHAKE, TRANSACTION, "TLS is up, after a login (a fault)"),
        to(HANDSHAKE, UPDATE, "TLS failed"),
        to(TRANSACTION, HANDSHAKE, "STLS after a login (a fault)"),
        to(TRANSACTION, UPDATE, "QUIT"),
    ],
};
