//! Logs in twice on one connection: the proxy in front looks at the first login only.

use super::kit::{Visitor, login};
use super::{Attack, Deciding, Group};
use crate::base::{ATTACKER, Protocol};
use crate::harm::success;

/// An account that is for the inside of the operator's network only, and its password, which the attacker has got.
const INSIDER: (&str, &str) = ("carol", "karussell");

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.front=passes-on", "server.unauthenticate=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "server.unauthenticate=on"],
        right: &["server.front=handles"],
        wrong: &["server.front=passes-on"],
    },
    // Its operator did what section 8 of the draft tells him to.
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "server.front=passes-on"],
        right: &[],
        wrong: &["server.unauthenticate-stays=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "unauth-proxy-passthrough",
    title: "Log in past the proxy",
    about: "Logs in to its own account through a proxy, says UNAUTHENTICATE and logs in to an account that the proxy lets in from inside only. Its password is known; the proxy's rule is all that is left.",
    group: Group::Reuse,
    known: &["issue 2335 of cyrus-imapd"],
    protocols: &[Protocol::Imap],
    switches: &[],
    build: |_, dialect| {
        let mut messages = login(dialect.protocol, "q1", ATTACKER.0, ATTACKER.1);
        messages.push(b"q2 UNAUTHENTICATE\r\n".to_vec());
        messages.extend(login(dialect.protocol, "q3", INSIDER.0, INSIDER.1));
        Visitor::boxed(vec![messages])
    },
    success: &success::PAST_THE_PROXY,
    deciding: DECIDING,
};
