//! The states of the clients.

use crate::base::Side;
pub(crate) use crate::proto::states::HANDSHAKE;
use crate::proto::states::{Diagram, Stage, stage, to};

pub(crate) const GREETING: &str = "greeting";
pub(crate) const CAPABILITIES: &str = "capabilities";
pub(crate) const UPGRADE: &str = "upgrade";
pub(crate) const SECOND_GREETING: &str = "second greeting";
pub(crate) const LOGIN: &str = "login";
pub(crate) const WORK: &str = "work";
pub(crate) const GOODBYE: &str = "goodbye";
pub(crate) const ENDED: &str = "ended";

const GREETED: Stage = stage(GREETING, "Waits for the server's first line, and sends nothing.", &[]);
const ASKED: Stage = stage(CAPABILITIES, "Asked what the server can do, and waits for the list.", &[]);
const UPGRADING: Stage =
    stage(UPGRADE, "Asked for TLS. Until the answer and the handshake, no other command may follow.", &[]);
const SHAKING: Stage = stage(HANDSHAKE, "TLS is being set up; nothing of the protocol is sent.", &[]);
const DONE: Stage = stage(ENDED, "The connection is closed.", &[]);

static IMAP: Diagram = Diagram {
    side: Side::Client,
    states: &[
        GREETED,
        ASKED,
        UPGRADING,
        SHAKING,
        stage(LOGIN, "Sent its login, and waits for a challenge or for the answer.", &[]),
        stage(
            WORK,
            "Is logged in and does its work, one command after the other.",
            &["SELECT", "FETCH", "NOOP", "UNAUTHENTICATE", "LOGOUT"],
        ),
        stage(GOODBYE, "Said LOGOUT, and waits for the end.", &[]),
        DONE,
    ],
    moves: &[
        to(GREETING, CAPABILITIES, "a greeting without a list"),
        to(GREETING, UPGRADE, "a greeting that lists STARTTLS"),
        to(GREETING, HANDSHAKE, "a port where TLS comes first"),
        to(GREETING, LOGIN, "a greeting that offers no TLS, where none is required"),
        to(GREETING, WORK, "PREAUTH, where TLS is not required"),
        to(CAPABILITIES, UPGRADE, "a list with STARTTLS, outside TLS"),
        to(CAPABILITIES, LOGIN, "a list inside TLS, or without STARTTLS where TLS is not required"),
        to(UPGRADE, HANDSHAKE, "OK"),
        to(UPGRADE, LOGIN, "NO or BAD, where TLS is not required"),
        to(UPGRADE, CAPABILITIES, "NO or BAD that is ignored (a fault)"),
        to(UPGRADE, GREETING, "no answer: it connects again"),
        to(HANDSHAKE, CAPABILITIES, "TLS is up"),
        to(HANDSHAKE, LOGIN, "TLS is up, and the old list is kept (a fault)"),
        to(HANDSHAKE, GREETING, "TLS is up before the greeting, or it failed and a new connection begins"),
        to(LOGIN, WORK, "OK"),
        to(LOGIN, UPGRADE, "OK, and STARTTLS only now (a fault)"),
        to(LOGIN, GOODBYE, "NO"),
        to(WORK, CAPABILITIES, "OK to UNAUTHENTICATE: the next user is to log in"),
        to(WORK, LOGIN, "UNAUTHENTICATE, and the next user's login right behind it"),
        to(WORK, GOODBYE, "the work is done"),
        to(GOODBYE, GREETING, "it connects once more"),
        to(GOODBYE, ENDED, "OK and BYE"),
    ],
};

static POP3: Diagram = Diagram {
    side: Side::Client,
    states: &[
        GREETED,
        ASKED,
        UPGRADING,
        SHAKING,
        stage(LOGIN, "Is logging in, and waits for an answer to each line.", &["PASS"]),
        stage(
            WORK,
            "Is logged in and does its work, one command after the other.",
            &["STAT", "UIDL", "RETR", "QUIT"],
        ),
        stage(GOODBYE, "Said QUIT, and waits for the end.", &[]),
        DONE,
    ],
    moves: &[
        to(GREETING, CAPABILITIES, "+OK"),
        to(GREETING, HANDSHAKE, "a port where TLS comes first"),
        to(GREETING, LOGIN, "+OK, where it asks for nothing (a choice)"),
        to(CAPABILITIES, UPGRADE, "a list with STLS, outside TLS"),
        to(CAPABILITIES, LOGIN, "a list inside TLS, or without STLS where TLS is not required"),
        to(UPGRADE, HANDSHAKE, "+OK"),
        to(UPGRADE, LOGIN, "-ERR, where TLS is not required"),
        to(UPGRADE, CAPABILITIES, "-ERR that is ignored (a fault)"),
        to(UPGRADE, GREETING, "no answer: it connects again"),
        to(HANDSHAKE, CAPABILITIES, "TLS is up"),
        to(HANDSHAKE, LOGIN, "TLS is up, and the old list is kept (a fault)"),
        to(HANDSHAKE, GREETING, "TLS is up before the greeting, or it failed and a new connection begins"),
        to(LOGIN, GREETING, "the connection breaks: it connects again"),
        to(LOGIN, WORK, "+OK"),
        to(LOGIN, UPGRADE, "+OK, and STLS only now (a fault)"),
        to(LOGIN, GOODBYE, "-ERR"),
        to(WORK, GREETING, "the connection breaks: it connects again"),
        to(WORK, GOODBYE, "the work is done"),
        to(GOODBYE, GREETING, "it connects once more"),
        to(GOODBYE, ENDED, "+OK"),
    ],
};

static ACAP: Diagram = Diagram {
    side: Side::Client,
    states: &[
        GREETED,
        UPGRADING,
        SHAKING,
        stage(SECOND_GREETING, "TLS is up; the server greets again, and what it lists now counts.", &[]),
        stage(LOGIN, "Sent its login, and waits for a challenge or for the answer.", &[]),
        stage(
            WORK,
            "Is logged in and does its work, one command after the other.",
            &["SEARCH", "NOOP", "LOGOUT"],
        ),
        stage(GOODBYE, "Said LOGOUT, and waits for the end.", &[]),
        DONE,
    ],
    moves: &[
        to(GREETING, UPGRADE, "a greeting that lists STARTTLS"),
        to(GREETING, LOGIN, "a greeting that offers no TLS, where none is required"),
        to(UPGRADE, HANDSHAKE, "OK"),
        to(UPGRADE, LOGIN, "NO or BAD, where TLS is not required"),
        to(UPGRADE, GREETING, "no answer: it connects again"),
        to(HANDSHAKE, SECOND_GREETING, "TLS is up"),
        to(HANDSHAKE, LOGIN, "TLS is up, and the old list is kept (a fault)"),
        to(HANDSHAKE, GREETING, "TLS failed: it connects again"),
        to(SECOND_GREETING, GREETING, "no greeting comes: it connects again"),
        to(SECOND_GREETING, LOGIN, "the greeting inside TLS"),
        to(LOGIN, WORK, "OK"),
        to(LOGIN, UPGRADE, "OK, and STARTTLS only now (a fault)"),
        to(LOGIN, GOODBYE, "NO"),
        to(WORK, GOODBYE, "the work is done"),
        to(GOODBYE, GREETING, "it connects once more"),
        to(GOODBYE, ENDED, "OK and BYE"),
    ],
};

/// The client of a protocol.
#[must_use]
pub fn diagram(protocol: crate::base::Protocol) -> &'static Diagram {
    match protocol {
        crate::base::Protocol::Imap => &IMAP,
        crate::base::Protocol::Pop3 => &POP3,
        crate::base::Protocol::Acap => &ACAP,
    }
}
