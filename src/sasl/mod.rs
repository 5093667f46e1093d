//! SASL mechanisms (RFC 4422), as far as a session shows them.

pub mod plain;

/// What a mechanism shows to somebody who reads its exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveals {
    /// The password itself, or a form that decodes to it.
    Password,
    /// A token that works as one.
    Token,
    /// Neither.
    Nothing,
}

/// What a reader of the exchange learns, by mechanism name (any case). An unknown mechanism reveals nothing as
/// far as we know.
#[must_use]
pub fn reveals(mechanism: &str) -> Reveals {
    let is = |names: &[&str]| names.iter().any(|name| mechanism.eq_ignore_ascii_case(name));
    if is(&["PLAIN", "LOGIN"]) {
        Reveals::Password
    } else if is(&["XOAUTH2", "OAUTHBEARER"]) {
        Reveals::Token
    } else {
        Reveals::Nothing
    }
}

static WELL_KNOWN: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "DIGEST-MD5",
    "GSSAPI",
    "NTLM",
    "ANONYMOUS",
    "EXTERNAL",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "XOAUTH2",
    "OAUTHBEARER",
];

/// Whether a mechanism is common knowledge, so that trying it proves nothing about a capability list.
#[must_use]
pub fn well_known(mechanism: &str) -> bool {
    WELL_KNOWN.iter().any(|name| mechanism.eq_ignore_ascii_case(name))
}
