//! SASL mechanisms (RFC 4422): what each reveals, and its exchange from both ends.
//!
//! Messages are octets here; IMAP and POP3 write them in base64, ACAP as strings.

pub mod base64;
mod cram_md5;
pub mod external;
mod login;
mod oauth;
pub mod plain;
mod scram;

use crate::base::{Secret, Seed};
use std::fmt;

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

/// Whose login it is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The authentication identity.
    pub user: String,
    /// The password, or the bearer token.
    pub secret: Secret,
    /// The host that the client means to speak to; some mechanisms bind to it.
    pub host: String,
}

/// A mechanism.
#[derive(Debug)]
pub struct Mechanism {
    /// Its registered name.
    pub name: &'static str,
    /// What a reader of the exchange learns.
    pub reveals: Reveals,
    /// Who resists whom, from 0 (reveals everything) upwards: the order in which a client prefers mechanisms.
    pub strength: u8,
    /// Whether the client speaks first, so that an initial response makes sense.
    pub client_first: bool,
    /// The client's end of an exchange.
    pub client: fn(&Identity, Seed) -> Box<dyn ClientExchange>,
    /// The server's end of an exchange.
    pub server: fn(&Identity, Seed) -> Box<dyn ServerExchange>,
}

/// The client's end.
pub trait ClientExchange: fmt::Debug {
    /// Answers a challenge; the initial response answers an empty one. `None`: the challenge is wrong, give up.
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>>;
}

/// What a server says to a client's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// More is needed.
    Challenge(Vec<u8>),
    /// The client is who it says, or would be, acting as the given identity; empty: as itself.
    Granted {
        /// The authorization identity as the client wrote it.
        authzid: String,
    },
    /// Name and secret do not fit.
    Refused,
    /// There is nobody of that name, and the server says so.
    UnknownName,
    /// They fit, but this user may not act as the other one.
    NotAllowed,
    /// The message is not in the mechanism's form.
    Malformed,
}

/// The server's end.
pub trait ServerExchange: fmt::Debug {
    /// The first challenge; empty where the client speaks first.
    fn begin(&mut self) -> Vec<u8>;
    /// Judges a message.
    fn judge(&mut self, message: &[u8]) -> Verdict;
}

/// The mechanisms, by name.
pub static ALL: &[&Mechanism] = &[
    &cram_md5::MECHANISM,
    &external::MECHANISM,
    &login::MECHANISM,
    &oauth::OAUTHBEARER,
    &plain::MECHANISM,
    &scram::MECHANISM,
    &oauth::XOAUTH2,
];

/// A mechanism by its name, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Mechanism> {
    ALL.iter().copied().find(|mechanism| mechanism.name.eq_ignore_ascii_case(name))
}

/// What a reader of the exchange learns, by mechanism name (any case). An unknown mechanism reveals nothing as
/// far as we know.
#[must_use]
pub fn reveals(name: &str) -> Reveals {
    find(name).map_or(Reveals::Nothing, |mechanism| mechanism.reveals)
}

/// Whether a mechanism is common knowledge, so that trying it proves nothing about a capability list.
#[must_use]
pub fn well_known(name: &str) -> bool {
    let others = [
        "ANONYMOUS",
        "DIGEST-MD5",
        "GSSAPI",
        "NTLM",
        "SCRAM-SHA-1",
        "SCRAM-SHA-1-PLUS",
        "SCRAM-SHA-256-PLUS",
    ];
    find(name).is_some() || others.iter().any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(user: &str, secret: &[u8]) -> Identity {
        Identity { user: user.to_owned(), secret: Secret::new(secret), host: "mail.example.test".to_owned() }
    }

    /// Runs both ends against each other.
    fn run(mechanism: &Mechanism, client: &Identity, server: &Identity) -> Verdict {
        let mut client = (mechanism.client)(client, Seed(1));
        let mut server = (mechanism.server)(server, Seed(2));
        let mut challenge = server.begin();
        for _ in 0..8 {
            let Some(answer) = client.answer(&challenge) else { return Verdict::Malformed };
            match server.judge(&answer) {
                Verdict::Challenge(next) => challenge = next,
                verdict => return verdict,
            }
        }
        panic!("{} does not end", mechanism.name);
    }

    #[test]
    fn every_mechanism_grants_the_right_secret_and_refuses_a_wrong_one() {
        let tim = identity("tim", b"tanstaaftanstaaf");
        for mechanism in ALL {
            let granted = Verdict::Granted { authzid: String::new() };
            assert_eq!(run(mechanism, &tim, &tim), granted, "{}", mechanism.name);
            if mechanism.name != "EXTERNAL" {
                let wrong = run(mechanism, &identity("tim", b"wrong"), &tim);
                assert!(matches!(wrong, Verdict::Refused), "{} {wrong:?}", mechanism.name);
                let nobody = run(mechanism, &identity("nobody", b"tanstaaftanstaaf"), &tim);
                assert!(matches!(nobody, Verdict::Refused), "{} {nobody:?}", mechanism.name);
            }
        }
    }

    #[test]
    fn any_octets_at_any_stage_are_refused_without_a_panic() {
        for mechanism in ALL {
            for junk in
                [&b""[..], b"\0", b"=", b"n,,", b"n,,n=tim,r=x", b"c=biws,r=,p=", b"\xff\xfe", b"tim "]
            {
                let mut server = (mechanism.server)(&identity("tim", b"x"), Seed(2));
                server.begin();
                for _ in 0..3 {
                    let _ = server.judge(junk);
                }
                let mut client = (mechanism.client)(&identity("tim", b"x"), Seed(1));
                for _ in 0..3 {
                    let _ = client.answer(junk);
                }
            }
        }
    }

    #[test]
    fn names_are_sorted_and_found_in_any_case() {
        assert!(ALL.iter().zip(ALL.iter().skip(1)).all(|(a, b)| a.name < b.name));
        assert_eq!(find("scram-sha-256").map(|m| m.name), Some("SCRAM-SHA-256"));
        assert_eq!((reveals("plain"), reveals("CRAM-MD5")), (Reveals::Password, Reveals::Nothing));
    }
}
