//! The PLAIN mechanism: one message, `[authzid] NUL authcid NUL password` (RFC 2595 section 6, RFC 4616 section 2).

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};
use crate::base::Secret;
use std::fmt;

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "PLAIN",
    reveals: Reveals::Password,
    strength: 0,
    client_first: true,
    client: |identity, _| Box::new(Client(identity.clone())),
    server: |identity, _| Box::new(Server(identity.clone())),
};

#[derive(Debug)]
struct Client(Identity);

impl ClientExchange for Client {
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        Some(encode("", &self.0.user, &self.0.secret))
    }
}

#[derive(Debug)]
struct Server(Identity);

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        match decode(message, Grammar::Rfc4616) {
            Ok(plain) if plain.authcid == self.0.user && plain.password == self.0.secret => {
                Verdict::Granted { authzid: plain.authzid }
            }
            Ok(_) => Verdict::Refused,
            Err(_) => Verdict::Malformed,
        }
    }
}

/// A PLAIN message taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The identity to act as; empty means "derive it from the authentication identity".
    pub authzid: String,
    /// The identity whose password follows.
    pub authcid: String,
    /// The password.
    pub password: Secret,
}

/// Which document's grammar a message is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// RFC 2595 section 6: no CR or LF inside, UTF-8 up to six octets by the old definition.
    Rfc2595,
    /// RFC 4616 section 2: strict UTF-8, CR and LF allowed.
    Rfc4616,
}

/// Why octets are not a PLAIN message; `at` counts octets of the decoded message from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Fewer than two NULs.
    MissingNul {
        /// The end of the message.
        at: usize,
    },
    /// A NUL inside the password.
    ThirdNul {
        /// The surplus NUL.
        at: usize,
    },
    /// The authentication identity has no octets.
    EmptyAuthcid {
        /// Where it should begin.
        at: usize,
    },
    /// The password has no octets.
    EmptyPassword {
        /// Where it should begin.
        at: usize,
    },
    /// CR or LF, which RFC 2595 excludes.
    LineBreak {
        /// The octet.
        at: usize,
    },
    /// Octets that are not UTF-8 by the chosen grammar.
    NotUtf8 {
        /// The first such octet.
        at: usize,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingNul { at } => write!(f, "the message ends at octet {at} without its second NUL"),
            Self::ThirdNul { at } => write!(f, "octet {at} is a third NUL; a field cannot hold one"),
            Self::EmptyAuthcid { at } => write!(f, "the authentication identity at octet {at} is empty"),
            Self::EmptyPassword { at } => write!(f, "the password at octet {at} is empty"),
            Self::LineBreak { at } => write!(f, "octet {at} is CR or LF, which RFC 2595 excludes"),
            Self::NotUtf8 { at } => write!(f, "octet {at} is not UTF-8"),
        }
    }
}

/// Takes a decoded message apart.
///
/// # Errors
/// The first fault, with its octet.
pub fn decode(message: &[u8], grammar: Grammar) -> Result<Plain, Malformed> {
    let nul_after = |from: usize| {
        message.get(from..).and_then(|rest| rest.iter().position(|&o| o == 0)).map(|n| n.saturating_add(from))
    };
    let end = message.len();
    let first = nul_after(0).ok_or(Malformed::MissingNul { at: end })?;
    let authcid_at = first.saturating_add(1);
    let second = nul_after(authcid_at).ok_or(Malformed::MissingNul { at: end })?;
    let password_at = second.saturating_add(1);
    if let Some(at) = nul_after(password_at) {
        return Err(Malformed::ThirdNul { at });
    }
    if second == authcid_at {
        return Err(Malformed::EmptyAuthcid { at: authcid_at });
    }
    if password_at == end {
        return Err(Malformed::EmptyPassword { at: password_at });
    }
    if grammar == Grammar::Rfc2595
        && let Some(at) = message.iter().position(|&o| matches!(o, b'\r' | b'\n'))
    {
        return Err(Malformed::LineBreak { at });
    }
    check_utf8(message, grammar)?;
    let text = |from: usize, to: usize| {
        String::from_utf8_lossy(message.get(from..to).unwrap_or_default()).into_owned()
    };
    Ok(Plain {
        authzid: text(0, first),
        authcid: text(authcid_at, second),
        password: Secret::new(message.get(password_at..).unwrap_or_default()),
    })
}

/// Puts a message together. The caller's fields hold no NUL; one that does gives a message that [`decode`] refuses.
#[must_use]
pub fn encode(authzid: &str, authcid: &str, password: &Secret) -> Vec<u8> {
    [authzid.as_bytes(), authcid.as_bytes(), password.reveal()].join(&0)
}

fn check_utf8(message: &[u8], grammar: Grammar) -> Result<(), Malformed> {
    match grammar {
        Grammar::Rfc4616 => match std::str::from_utf8(message) {
            Ok(_) => Ok(()),
            Err(error) => Err(Malformed::NotUtf8 { at: error.valid_up_to() }),
        },
        Grammar::Rfc2595 => {
            let mut at = 0;
            while let Some(&lead) = message.get(at) {
                let tail = match lead {
                    0x00..=0x7F => 0,
                    0xC0..=0xDF => 1,
                    0xE0..=0xEF => 2,
                    0xF0..=0xF7 => 3,
                    0xF8..=0xFB => 4,
                    0xFC..=0xFD => 5,
                    _ => return Err(Malformed::NotUtf8 { at }),
                };
                let next = at.saturating_add(1).saturating_add(tail);
                let rest = message.get(at.saturating_add(1)..next).ok_or(Malformed::NotUtf8 { at })?;
                if !rest.iter().all(|o| (0x80..=0xBF).contains(o)) {
                    return Err(Malformed::NotUtf8 { at });
                }
                at = next;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_of_rfc_2595_decodes_under_both_grammars() {
        let message = b"\0tim\0tanstaaftanstaaf";
        assert_eq!(message.len(), 21);
        for grammar in [Grammar::Rfc2595, Grammar::Rfc4616] {
            let plain = decode(message, grammar).expect("valid");
            assert_eq!((plain.authzid.as_str(), plain.authcid.as_str()), ("", "tim"));
            assert_eq!(encode("", "tim", &plain.password), message);
        }
    }

    #[test]
    fn the_damaged_seed_example_is_refused_at_its_third_nul() {
        assert_eq!(
            decode(b"\0tim\0tanstaaf\0tanstaaf", Grammar::Rfc2595),
            Err(Malformed::ThirdNul { at: 13 })
        );
    }

    #[test]
    fn every_fault_has_its_place() {
        let table: [(&[u8], Malformed); 7] = [
            (b"", Malformed::MissingNul { at: 0 }),
            (b"ana\0s3cret", Malformed::MissingNul { at: 10 }),
            (b"\0\0s3cret", Malformed::EmptyAuthcid { at: 1 }),
            (b"\0ana\0", Malformed::EmptyPassword { at: 5 }),
            (b"\0ana\0s3c\0ret", Malformed::ThirdNul { at: 8 }),
            (b"\0ana\0caf\xE9", Malformed::NotUtf8 { at: 8 }),
            (b"\0ana\0a\nb", Malformed::LineBreak { at: 6 }),
        ];
        for (message, fault) in table {
            assert_eq!(decode(message, Grammar::Rfc2595), Err(fault));
        }
    }

    #[test]
    fn the_grammars_differ_on_long_forms_surrogates_and_line_breaks() {
        for octets in
            [&b"\xC1\xA1"[..], b"\xED\xA0\x80", b"\xF8\x88\x80\x80\x80", b"\xFC\x84\x80\x80\x80\x80"]
        {
            let message = [&b"\0ana\0"[..], octets].concat();
            assert!(decode(&message, Grammar::Rfc2595).is_ok());
            assert_eq!(decode(&message, Grammar::Rfc4616), Err(Malformed::NotUtf8 { at: 5 }));
        }
        assert!(decode(b"\0ana\0a\nb", Grammar::Rfc4616).is_ok());
    }
}
