//! The PLAIN mechanism: one message, `[authzid] NUL authcid NUL password` (RFC 2595 section 6, RFC 4616 section 2).

mod dissect;
mod utf8;

pub use dissect::{Dissection, Mistake, Octet, Role, dissect, dissect_text, in_command};

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};
use crate::base::Secret;
use base64::Engine;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every server takes fields of up to so many octets (RFC 2595 section 6, RFC 4616 section 2); ours refuses longer ones.
pub const FIELD_LIMIT: usize = 255;

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "PLAIN",
    reveals: Reveals::Password,
    strength: 0,
    client_first: true,
    client: |identity, _| Box::new(Client { identity: identity.clone(), sent: false }),
    server: |identity, _| Box::new(Server(identity.clone())),
};

#[derive(Debug)]
struct Client {
    identity: Identity,
    sent: bool,
}

impl ClientExchange for Client {
    /// RFC 2595 section 6: one message, whatever else the server asks for.
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        let first = !std::mem::replace(&mut self.sent, true);
        first.then(|| encode("", &self.identity.user, &self.identity.secret))
    }
}

#[derive(Debug)]
struct Server(Identity);

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        match accept(message, Grammar::Rfc4616) {
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
    /// The identity to act as; empty means "derive it from the authentication identity". What RFC 2595 takes for UTF-8
    /// and today's Unicode does not stands as U+FFFD, so that only a message of [`Grammar::Rfc4616`] names anybody.
    pub authzid: String,
    /// The identity whose password follows; the same holds for it.
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

impl Grammar {
    /// Both, the older one first.
    pub const ALL: [Self; 2] = [Self::Rfc2595, Self::Rfc4616];

    /// Where it stands.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Rfc2595 => "RFC 2595 section 6",
            Self::Rfc4616 => "RFC 4616 section 2",
        }
    }

    /// Its number, as the command line takes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rfc2595 => "2595",
            Self::Rfc4616 => "4616",
        }
    }
}

/// One of the three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// The authorization identity.
    Authzid,
    /// The authentication identity.
    Authcid,
    /// The password.
    Password,
}

impl Field {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authzid => "authorization identity",
            Self::Authcid => "authentication identity",
            Self::Password => "password",
        }
    }
}

/// Why octets are not a PLAIN message; `at` counts octets of the decoded message from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A sequence of five or six octets, which UTF-8 has not had since 2003.
    LongForm {
        /// Its first octet.
        at: usize,
        /// Five or six.
        octets: u8,
    },
    /// A sequence that is longer than its character needs, so that two messages would look the same.
    Overlong {
        /// Its first octet.
        at: usize,
    },
    /// Half of a pair of UTF-16.
    Surrogate {
        /// Its first octet.
        at: usize,
    },
    /// A number above U+10FFFF.
    AboveUnicode {
        /// Its first octet.
        at: usize,
    },
    /// A sequence without all of its octets.
    Truncated {
        /// Its first octet.
        at: usize,
    },
    /// An octet from the inside of a sequence that never began.
    StrayContinuation {
        /// The octet.
        at: usize,
    },
    /// FE or FF, which begin nothing.
    NoLead {
        /// The octet.
        at: usize,
    },
    /// More octets in a field than every server takes. The grammars allow it; a server may refuse it, but not cut it.
    FieldTooLong {
        /// The field.
        field: Field,
        /// The first octet beyond the limit.
        at: usize,
    },
}

impl Malformed {
    /// The octet that is wrong.
    #[must_use]
    pub fn at(self) -> usize {
        match self {
            Self::MissingNul { at }
            | Self::ThirdNul { at }
            | Self::EmptyAuthcid { at }
            | Self::EmptyPassword { at }
            | Self::LineBreak { at }
            | Self::LongForm { at, .. }
            | Self::Overlong { at }
            | Self::Surrogate { at }
            | Self::AboveUnicode { at }
            | Self::Truncated { at }
            | Self::StrayContinuation { at }
            | Self::NoLead { at }
            | Self::FieldTooLong { at, .. } => at,
        }
    }

    /// The section that says so.
    #[must_use]
    pub fn section(self, grammar: Grammar) -> &'static str {
        match self {
            Self::LongForm { .. }
            | Self::Overlong { .. }
            | Self::Surrogate { .. }
            | Self::AboveUnicode { .. } => "RFC 4616 section 2 with RFC 3629 sections 3 and 4",
            _ => grammar.section(),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingNul { at } => write!(f, "the message ends at octet {at} without its second NUL"),
            Self::ThirdNul { at } => write!(f, "octet {at} is a third NUL; a field cannot hold one"),
            Self::EmptyAuthcid { at } => write!(f, "the authentication identity at octet {at} is empty"),
            Self::EmptyPassword { at } => write!(f, "the password at octet {at} is empty"),
            Self::LineBreak { at } => write!(f, "octet {at} is CR or LF, which RFC 2595 excludes"),
            Self::LongForm { at, octets } => {
                write!(f, "octet {at} begins a form of {octets} octets, which UTF-8 no longer has")
            }
            Self::Overlong { at } => write!(f, "octet {at} begins a character in more octets than it needs"),
            Self::Surrogate { at } => {
                write!(f, "octet {at} begins half a pair of UTF-16, which is no character")
            }
            Self::AboveUnicode { at } => write!(f, "octet {at} begins a number above U+10FFFF"),
            Self::Truncated { at } => write!(f, "octet {at} begins a character that lacks octets"),
            Self::StrayContinuation { at } => write!(f, "octet {at} continues a character that never began"),
            Self::NoLead { at } => write!(f, "octet {at} occurs nowhere in UTF-8"),
            Self::FieldTooLong { field, at } => write!(
                f,
                "from octet {at} on the {} has more than {FIELD_LIMIT} octets, which a server may refuse",
                field.name()
            ),
        }
    }
}

/// The places of the NULs and the fields, as far as they are there.
#[derive(Clone, Copy, Debug)]
struct Places {
    first: usize,
    second: usize,
    end: usize,
}

fn places(message: &[u8]) -> Result<Places, Malformed> {
    let mut nuls = message.iter().enumerate().filter(|(_, octet)| **octet == 0).map(|(at, _)| at);
    let end = message.len();
    let (Some(first), Some(second)) = (nuls.next(), nuls.next()) else {
        return Err(Malformed::MissingNul { at: end });
    };
    if let Some(at) = nuls.next() {
        return Err(Malformed::ThirdNul { at });
    }
    let (authcid, password) = (first.saturating_add(1), second.saturating_add(1));
    if authcid == second {
        return Err(Malformed::EmptyAuthcid { at: authcid });
    }
    if password == end {
        return Err(Malformed::EmptyPassword { at: password });
    }
    Ok(Places { first, second, end })
}

/// Takes a decoded message apart, whatever the length of its fields.
///
/// # Errors
/// The first fault: of its parts, or else of its octets.
pub fn decode(message: &[u8], grammar: Grammar) -> Result<Plain, Malformed> {
    let Places { first, second, end } = places(message)?;
    if let Some(fault) = utf8::faults(message, grammar).next() {
        return Err(fault);
    }
    let text = |from: usize, to: usize| {
        String::from_utf8_lossy(message.get(from..to).unwrap_or_default()).into_owned()
    };
    Ok(Plain {
        authzid: text(0, first),
        authcid: text(first.saturating_add(1), second),
        password: Secret::new(message.get(second.saturating_add(1)..end).unwrap_or_default()),
    })
}

/// Takes a decoded message apart as our server does: with [`FIELD_LIMIT`].
///
/// # Errors
/// As [`decode`], and the first field that is too long.
pub fn accept(message: &[u8], grammar: Grammar) -> Result<Plain, Malformed> {
    let plain = decode(message, grammar)?;
    too_long(message, places(message)?).map_or(Ok(plain), Err)
}

fn too_long(message: &[u8], places: Places) -> Option<Malformed> {
    let Places { first, second, .. } = places;
    let fields = [
        (Field::Authzid, 0, first),
        (Field::Authcid, first.saturating_add(1), second),
        (Field::Password, second.saturating_add(1), message.len()),
    ];
    let long = fields.into_iter().find(|(_, from, to)| to.saturating_sub(*from) > FIELD_LIMIT);
    long.map(|(field, from, _)| Malformed::FieldTooLong { field, at: from.saturating_add(FIELD_LIMIT) })
}

/// Puts a message together. The caller's fields hold no NUL; one that does gives a message that [`decode`] refuses.
#[must_use]
pub fn encode(authzid: &str, authcid: &str, password: &Secret) -> Vec<u8> {
    [authzid.as_bytes(), authcid.as_bytes(), password.reveal()].join(&0)
}

/// A message as IMAP and POP3 write it.
#[must_use]
pub fn to_text(message: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(message)
}

/// Puts a message together that every server of a grammar takes.
///
/// # Errors
/// What is wrong with the fields, at its octet of the message that they would make.
pub fn compose(
    authzid: &str,
    authcid: &str,
    password: &Secret,
    grammar: Grammar,
) -> Result<Vec<u8>, Malformed> {
    let message = encode(authzid, authcid, password);
    let made = accept(&message, grammar)?;
    // A NUL inside a name would part the fields elsewhere.
    let same = made.authzid == authzid && made.authcid == authcid && made.password == *password;
    if same { Ok(message) } else { Err(Malformed::ThirdNul { at: authzid.len() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As published in RFC 2595 section 6: 21 octets.
    const PUBLISHED: &[u8] = b"\0tim\0tanstaaftanstaaf";
    /// As a copy of that section in circulation has it, still announced as 21 octets: 22 octets with three NULs.
    const DAMAGED: &[u8] = b"\0tim\0tanstaaf\0tanstaaf";

    #[test]
    fn the_published_example_of_rfc_2595_decodes_under_both_grammars() {
        assert_eq!(PUBLISHED.len(), 21);
        for grammar in Grammar::ALL {
            let plain = accept(PUBLISHED, grammar).expect("valid");
            assert_eq!((plain.authzid.as_str(), plain.authcid.as_str()), ("", "tim"));
            assert_eq!(encode("", "tim", &plain.password), PUBLISHED);
            assert_eq!(compose("", "tim", &plain.password, grammar), Ok(PUBLISHED.to_vec()));
        }
    }

    #[test]
    fn the_damaged_example_is_refused_at_its_third_nul() {
        assert_eq!((DAMAGED.len(), DAMAGED.iter().filter(|o| **o == 0).count()), (22, 3));
        for grammar in Grammar::ALL {
            assert_eq!(decode(DAMAGED, grammar), Err(Malformed::ThirdNul { at: 13 }));
        }
        // A reader who believes the announced length loses an octet and gets another password, not an error.
        assert_eq!(decode(&DAMAGED[..21], Grammar::Rfc2595), Err(Malformed::ThirdNul { at: 13 }));
    }

    #[test]
    fn every_fault_has_its_place_and_its_section_under_each_grammar() {
        use Malformed::*;
        let table: [(&[u8], Option<Malformed>, Option<Malformed>); 24] = [
            (b"", Some(MissingNul { at: 0 }), Some(MissingNul { at: 0 })),
            (b"ana", Some(MissingNul { at: 3 }), Some(MissingNul { at: 3 })),
            (b"ana\0s3cret", Some(MissingNul { at: 10 }), Some(MissingNul { at: 10 })),
            (b"\0\0s3cret", Some(EmptyAuthcid { at: 1 }), Some(EmptyAuthcid { at: 1 })),
            (b"\0\0", Some(EmptyAuthcid { at: 1 }), Some(EmptyAuthcid { at: 1 })),
            (b"\0ana\0", Some(EmptyPassword { at: 5 }), Some(EmptyPassword { at: 5 })),
            (b"\0ana\0s3c\0ret", Some(ThirdNul { at: 8 }), Some(ThirdNul { at: 8 })),
            (b"\0ana\0s3cret\0", Some(ThirdNul { at: 11 }), Some(ThirdNul { at: 11 })),
            (b"\0ana\0a\nb", Some(LineBreak { at: 6 }), None),
            (b"\0an\ra\0ab", Some(LineBreak { at: 3 }), None),
            (b"\0ana\0s3cret\r\n", Some(LineBreak { at: 11 }), None),
            (b"\0ana\0caf\xE9", Some(Truncated { at: 8 }), Some(Truncated { at: 8 })),
            (b"\0an\xC3\0ab", Some(Truncated { at: 3 }), Some(Truncated { at: 3 })),
            (b"\0ana\0\xE2\x82x", Some(Truncated { at: 5 }), Some(Truncated { at: 5 })),
            (b"\x80\0ana\0ab", Some(StrayContinuation { at: 0 }), Some(StrayContinuation { at: 0 })),
            (b"\0ana\0\xFE", Some(NoLead { at: 5 }), Some(NoLead { at: 5 })),
            (b"\0ana\0\xC1\xA1", None, Some(Overlong { at: 5 })),
            (b"\0ana\0\xE0\x9F\xBF", None, Some(Overlong { at: 5 })),
            (b"\0ana\0\xF0\x8F\xBF\xBF", None, Some(Overlong { at: 5 })),
            (b"\0ana\0\xED\xA0\x80", None, Some(Surrogate { at: 5 })),
            (b"\0ana\0\xF4\x90\x80\x80", None, Some(AboveUnicode { at: 5 })),
            (b"\0ana\0\xF8\x88\x80\x80\x80", None, Some(LongForm { at: 5, octets: 5 })),
            (b"\0ana\0\xFC\x84\x80\x80\x80\x80", None, Some(LongForm { at: 5, octets: 6 })),
            ("\0ana\0sécret€𝄞".as_bytes(), None, None),
        ];
        for (message, older, newer) in table {
            for (grammar, fault) in [(Grammar::Rfc2595, older), (Grammar::Rfc4616, newer)] {
                let found = decode(message, grammar).err();
                assert_eq!(found, fault, "{grammar:?} {message:02x?}");
                if let Some(fault) = found {
                    assert!(fault.section(grammar).contains(grammar.id()), "{fault}");
                    assert!(fault.to_string().contains(&fault.at().to_string()), "{fault}");
                }
            }
        }
    }

    #[test]
    fn the_newer_grammar_is_the_utf_8_of_the_language() {
        use rand_core::RngCore;
        let mut generator = crate::base::Seed(1).generator(0x7F8);
        for _ in 0..20_000 {
            let length = generator.next_u32() % 5 + 1;
            // Mostly octets that begin or continue something.
            let octets: Vec<u8> = (0..length).map(|_| (generator.next_u32() % 160 + 96) as u8).collect();
            let message = [&b"\0a\0"[..], &octets].concat();
            let ours = decode(&message, Grammar::Rfc4616).map_err(Malformed::at);
            let theirs = std::str::from_utf8(&message).map_err(|error| error.valid_up_to());
            assert_eq!(ours.map(|_| ()), theirs.map(|_| ()), "{octets:02x?}");
        }
    }

    #[test]
    fn fields_of_255_octets_are_taken_and_longer_ones_refused_not_cut() {
        let long = |n: usize| "é".repeat(n / 2) + if n % 2 == 1 { "x" } else { "" };
        for grammar in Grammar::ALL {
            let message = encode(&long(255), &long(255), &Secret::new(long(255).as_bytes()));
            assert_eq!(message.len(), 3 * 255 + 2);
            assert_eq!(accept(&message, grammar).expect("taken").authcid.len(), 255);
            for (fields, field, at) in [
                ([256, 1, 1], Field::Authzid, 255),
                ([3, 256, 1], Field::Authcid, 3 + 1 + 255),
                ([0, 2, 256], Field::Password, 1 + 2 + 1 + 255),
            ] {
                let [a, b, c] = fields.map(long);
                let message = encode(&a, &b, &Secret::new(c.as_bytes()));
                assert_eq!(accept(&message, grammar), Err(Malformed::FieldTooLong { field, at }));
                assert!(decode(&message, grammar).is_ok(), "the grammars have no upper limit");
            }
        }
    }

    /// Found by fuzzing: what the older grammar takes need not come back as the same octets.
    #[test]
    fn names_of_the_older_grammar_that_are_no_text_today_are_marked() {
        let message = b"\xC1\xBDB\0!z\0\xC1\xBD";
        let plain = decode(message, Grammar::Rfc2595).expect("RFC 2595 allows it");
        assert_eq!((&*plain.authzid, &*plain.authcid), ("\u{fffd}\u{fffd}B", "!z"));
        assert_eq!(plain.password.reveal(), b"\xC1\xBD");
        assert_eq!(decode(message, Grammar::Rfc4616), Err(Malformed::Overlong { at: 0 }));
    }

    #[test]
    fn a_message_is_not_put_together_from_fields_with_nul() {
        let secret = Secret::new(b"x");
        for (authzid, authcid) in [("a\0b", "c"), ("", "a\0b"), ("", "\0")] {
            assert!(compose(authzid, authcid, &secret, Grammar::Rfc4616).is_err());
        }
        // Two NULs in all, but elsewhere.
        assert!(compose("a\0b", "", &Secret::new(b""), Grammar::Rfc4616).is_err());
        assert_eq!(
            compose("", "ana", &Secret::new(b"a\rb"), Grammar::Rfc2595),
            Err(Malformed::LineBreak { at: 6 })
        );
    }
}
