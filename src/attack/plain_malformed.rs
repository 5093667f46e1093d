//! Sends a PLAIN message that is not in its form.

use super::kit::{Visitor, plain};
use super::{Attack, Deciding, Group};
use crate::base::{ATTACKER, ATTACKERS_LONG_PASSWORD, LONGEST_FIELD, Protocol, Switch, switch};
use crate::harm::success;

switch!(
    Middle FORM,
    "form",
    Setting,
    &["one-nul", "three-nuls", "no-name", "no-password", "not-utf-8", "overlong", "surrogate", "line-end", "trailing-nul", "empty", "long-field", "bad-base64", "quoted"],
    &[],
    "Fault",
    "One NUL instead of two or a third one, an empty name or password, octets that are no UTF-8 or not its shortest form, half of a pair, a line end in the password, a NUL behind it, nothing at all, a password of 256 octets of which the first 255 are right, text that is no base64 (IMAP, POP3), or a quoted string, in which no NUL can stand (ACAP)."
);

static SWITCHES: &[&Switch] = &[&FORM];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "middle.form=bad-base64"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["server.clear-text=accepted", "middle.form=bad-base64"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.clear-text=accepted", "middle.form=quoted"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "middle.form=long-field"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3, Protocol::Acap],
        given: &["server.clear-text=accepted", "middle.form=long-field"],
        right: &[],
        wrong: &["server.lenient-plain=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "plain-malformed",
    title: "Send a malformed PLAIN",
    about: "Logs in to its own account by a PLAIN message outside the grammar, to see whether the server guesses.",
    group: Group::Passwords,
    known: &[],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let (user, password) = ATTACKER;
        let (user, password) = (user.as_bytes(), password.as_bytes());
        // Half of the password behind what should not stand in it.
        let torn = |with: &[u8]| {
            let (first, second) = password.split_at(password.len() / 2);
            [b"\0", user, b"\0", first, with, second].concat()
        };
        let form = switches.get(&FORM);
        let right = [b"\0", user, b"\0", password].concat();
        if let Some(octets) = written_wrong(dialect.protocol, form, &right) {
            return Visitor::boxed(vec![vec![octets]]);
        }
        if form == "long-field" {
            let long = vec![b'x'; LONGEST_FIELD.saturating_add(1)];
            let message = [b"\0", ATTACKERS_LONG_PASSWORD.as_bytes(), b"\0", &long].concat();
            return Visitor::boxed(vec![plain_in_turn(dialect.protocol, &message)]);
        }
        let message = match form {
            "three-nuls" => torn(b"\0"),
            "no-name" => [b"\0\0", password].concat(),
            "no-password" => [b"\0", user, b"\0"].concat(),
            "not-utf-8" => torn(b"\xE9"),
            "overlong" => torn(b"\xC1\xA1"),
            "surrogate" => torn(b"\xED\xA0\x80"),
            "line-end" => [b"\0", user, b"\0", password, b"\r\n"].concat(),
            "trailing-nul" => [b"\0", user, b"\0", password, b"\0"].concat(),
            "empty" => Vec::new(),
            _ => [user, b"\0", password].concat(),
        };
        Visitor::boxed(vec![vec![plain(dialect.protocol, "q1", &message)]])
    },
    success: &success::MALFORMED_TAKEN,
    deciding: DECIDING,
};

/// A login by PLAIN whose message may be too long for a command line of POP3, which it then follows (RFC 5034 section 4).
fn plain_in_turn(protocol: Protocol, message: &[u8]) -> Vec<Vec<u8>> {
    let whole = plain(protocol, "q1", message);
    let Some(text) = whole.strip_prefix(b"AUTH PLAIN ") else { return vec![whole] };
    vec![b"AUTH PLAIN\r\n".to_vec(), text.to_vec()]
}

/// A login whose PLAIN message is right, and written as the protocol does not let it be.
fn written_wrong(protocol: Protocol, form: &str, message: &[u8]) -> Option<Vec<u8>> {
    match (protocol, form) {
        (Protocol::Imap | Protocol::Pop3, "bad-base64") => {
            let mut octets = plain(protocol, "q1", message);
            // In the middle of the text, where no padding can be.
            octets.insert(octets.len().saturating_sub(8), b'=');
            Some(octets)
        }
        (Protocol::Acap, "quoted") => Some([b"q1 AUTHENTICATE \"PLAIN\" \"", message, b"\"\r\n"].concat()),
        _ => None,
    }
}
