//! A PLAIN message laid out for a person: each octet with its part, the base64 characters that made it, and what is
//! wrong, by both grammars.

use super::{FIELD_LIMIT, Grammar, Malformed, places, too_long, utf8};
use crate::base::order;
use crate::sasl::base64::{self, Group};
use std::fmt;

/// So many mistakes are told.
const MISTAKES: usize = 32;

/// What an octet is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The authorization identity.
    Authzid,
    /// One of the two NULs that part the fields.
    Nul,
    /// The authentication identity.
    Authcid,
    /// The password.
    Password,
    /// A third NUL, and what stands behind it.
    Surplus,
}

impl Role {
    /// What it is called, as the grammars call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authzid => "authzid",
            Self::Nul => "NUL",
            Self::Authcid => "authcid",
            Self::Password => "password",
            Self::Surplus => "surplus",
        }
    }

    /// Whether it may be a part of a password, so that it is shown only to who asks for it.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Surplus)
    }
}

/// One octet of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Octet {
    /// Its place, from 0.
    pub at: usize,
    /// Its value.
    pub value: u8,
    /// What it is part of.
    pub role: Role,
    /// The character that begins here; `None` inside one, and where there is none.
    pub character: Option<char>,
}

/// A password is not printed by accident.
impl fmt::Debug for Octet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, value, role, .. } = self;
        if role.is_secret() {
            return write!(f, "{at}:{}", role.name());
        }
        write!(f, "{at}:{}:{value:02x}", role.name())
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The octet of the message, or with `in_text` the character of its base64 text, from 0.
    pub at: usize,
    /// It is the text that is wrong.
    pub in_text: bool,
    /// The grammars under which it is wrong; both where it is the text.
    pub grammars: Vec<Grammar>,
    /// A server may take it all the same.
    pub tolerable: bool,
    /// What is wrong, in a sentence without a full stop.
    pub says: String,
    /// The section that says so.
    pub section: &'static str,
}

/// A message taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dissection {
    /// Its octets, in order.
    pub octets: Vec<Octet>,
    /// Which characters of its base64 text made which octets; empty if it did not come as text.
    pub groups: Vec<Group>,
    /// What is wrong, in order: the text first.
    pub mistakes: Vec<Mistake>,
}

impl Dissection {
    /// The message as octets.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.octets.iter().map(|octet| octet.value).collect()
    }

    /// How many octets have a role.
    #[must_use]
    pub fn count(&self, role: Role) -> usize {
        self.octets.iter().filter(|octet| octet.role == role).count()
    }

    /// Whether a grammar takes it, and its text is base64.
    #[must_use]
    pub fn is_valid(&self, grammar: Grammar) -> bool {
        !self.mistakes.iter().any(|mistake| !mistake.tolerable && mistake.grammars.contains(&grammar))
    }

    /// What somebody who builds a message may want to know besides; nothing is wrong with it.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.count(Role::Nul) == 2 && self.count(Role::Authzid) == 0 {
            remarks.push(
                "The authorization identity is empty: the server derives it from the authentication identity."
                    .to_owned(),
            );
        }
        for role in [Role::Authzid, Role::Authcid, Role::Password] {
            let count = self.count(role);
            if count == FIELD_LIMIT {
                remarks.push(format!(
                    "The {} has {count} octets, the most that every server takes.",
                    role.name()
                ));
            }
        }
        remarks
    }
}

/// Takes a message apart.
#[must_use]
pub fn dissect(message: &[u8]) -> Dissection {
    let mut nuls = 0;
    let mut octets = Vec::with_capacity(message.len());
    for (at, &value) in message.iter().enumerate() {
        nuls += usize::from(value == 0);
        let role = match (value, nuls) {
            (0, 1 | 2) => Role::Nul,
            (_, 0) => Role::Authzid,
            (_, 1) => Role::Authcid,
            (_, 2) => Role::Password,
            _ => Role::Surplus,
        };
        octets.push(Octet { at, value, role, character: character(message, at) });
    }
    Dissection { octets, groups: Vec::new(), mistakes: mistakes(message) }
}

/// The message in a whole line of IMAP or POP3 (`a1 AUTHENTICATE PLAIN AGFu…`, `AUTH PLAIN AGFu…`), with or without a mark of
/// the side in front; nothing where the text is no such line.
#[must_use]
pub fn in_command(line: &[u8]) -> Option<&[u8]> {
    let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let at = words.windows(2).position(|pair| match pair {
        [command, mechanism] => {
            (command.eq_ignore_ascii_case(b"AUTHENTICATE") || command.eq_ignore_ascii_case(b"AUTH"))
                && mechanism.eq_ignore_ascii_case(b"PLAIN")
        }
        _ => false,
    })?;
    Some(words.get(at.saturating_add(2)).copied().unwrap_or_default())
}

/// Takes base64 text apart, as a line of IMAP or POP3 carries it. Where the text is broken, what stands in front of the
/// break is taken apart.
#[must_use]
pub fn dissect_text(text: &[u8]) -> Dissection {
    let (message, groups) = base64::groups(text);
    let mut dissection = dissect(&message);
    dissection.groups = groups;
    if let Some(fault) = base64::fault(text) {
        let says = fault.to_string();
        let mistake = Mistake {
            at: fault.at(),
            in_text: true,
            grammars: Grammar::ALL.to_vec(),
            tolerable: false,
            says,
            section: fault.section(),
        };
        // What is missing behind a break is the break's doing.
        dissection.mistakes.retain(|found| found.at < message.len());
        dissection.mistakes.insert(0, mistake);
    }
    dissection
}

/// The character that begins at an octet.
fn character(message: &[u8], at: usize) -> Option<char> {
    let longest = message.get(at..at.saturating_add(4).min(message.len()))?;
    let valid = match std::str::from_utf8(longest) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(longest.get(..error.valid_up_to())?).ok()?,
    };
    valid.chars().next()
}

/// What is wrong under either grammar.
fn mistakes(message: &[u8]) -> Vec<Mistake> {
    let mut found: Vec<(Malformed, Vec<Grammar>)> = Vec::new();
    let parts = places(message);
    let long = parts.ok().and_then(|places| too_long(message, places));
    for grammar in Grammar::ALL {
        let octets = utf8::faults(message, grammar).take(MISTAKES);
        for fault in parts.err().into_iter().chain(long).chain(octets) {
            match found.iter_mut().find(|(known, _)| *known == fault) {
                Some((_, grammars)) => grammars.push(grammar),
                None => found.push((fault, vec![grammar])),
            }
        }
    }
    order::sort_by_key(&mut found, |(fault, _)| fault.at());
    let mistakes = found.into_iter().map(|(fault, grammars)| Mistake {
        at: fault.at(),
        in_text: false,
        tolerable: matches!(fault, Malformed::FieldTooLong { .. }),
        says: fault.to_string(),
        section: match grammars.as_slice() {
            [Grammar::Rfc2595, Grammar::Rfc4616] => "RFC 2595 section 6, RFC 4616 section 2",
            [grammar, ..] => fault.section(*grammar),
            [] => "",
        },
        grammars,
    });
    mistakes.take(MISTAKES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(message: &[u8]) -> String {
        dissect(message)
            .octets
            .iter()
            .map(|octet| match octet.role {
                Role::Authzid => 'z',
                Role::Nul => '0',
                Role::Authcid => 'c',
                Role::Password => 'p',
                Role::Surplus => '!',
            })
            .collect()
    }

    #[test]
    fn the_message_of_a_whole_line_is_behind_the_mechanism() {
        let message: &[u8] = b"AHRpbQB4";
        for line in
            ["a1 AUTHENTICATE PLAIN AHRpbQB4", "AUTH PLAIN AHRpbQB4\r\n", "C: x authenticate plain  AHRpbQB4"]
        {
            assert_eq!(in_command(line.as_bytes()), Some(message), "{line}");
        }
        assert_eq!(in_command(b"a1 AUTHENTICATE PLAIN"), Some(&b""[..]));
        assert_eq!(in_command(b"AHRpbQB4"), None);
        assert_eq!(in_command(b"a1 AUTHENTICATE LOGIN AHRpbQB4"), None);
    }

    #[test]
    fn each_octet_has_its_part_and_its_character() {
        assert_eq!(roles(b"bob\0ana\0pw"), "zzz0ccc0pp");
        assert_eq!(roles(b"\0tim\0tanstaaf\0tanstaaf"), "0ccc0pppppppp!!!!!!!!!");
        let parts = dissect("\0é\0€".as_bytes());
        let characters: Vec<_> = parts.octets.iter().map(|octet| octet.character).collect();
        assert_eq!(characters, [Some('\0'), Some('é'), None, Some('\0'), Some('€'), None, None]);
        assert!(parts.is_valid(Grammar::Rfc2595) && parts.is_valid(Grammar::Rfc4616));
        assert_eq!(parts.message(), "\0é\0€".as_bytes());
    }

    #[test]
    fn every_mistake_is_told_with_the_grammars_that_it_breaks() {
        let parts = dissect(b"\0ana\0a\nb\xC1\xA1\xFF");
        let told: Vec<_> = parts.mistakes.iter().map(|m| (m.at, m.grammars.as_slice())).collect();
        let [old, new] = Grammar::ALL;
        assert_eq!(told, [(6, &[old][..]), (8, &[new]), (10, &[old, new])]);
        let flooded = dissect(&[0xFF; 100_000]);
        assert_eq!(flooded.mistakes.len(), MISTAKES);
        let long = dissect(&[&b"\0a\0"[..], &[b'x'; 256]].concat());
        assert!(long.is_valid(Grammar::Rfc4616) && long.mistakes[0].tolerable);
    }

    #[test]
    fn broken_text_is_taken_apart_up_to_the_break() {
        let parts = dissect_text(b"AHRpbQB0*W5zdGFhZg==");
        assert_eq!(parts.message(), b"\0tim\0t");
        assert_eq!((parts.mistakes.len(), parts.mistakes[0].at, parts.mistakes[0].in_text), (1, 8, true));
        assert!(!parts.is_valid(Grammar::Rfc2595));
        let whole = dissect_text(b"AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
        assert_eq!((whole.mistakes.len(), whole.groups.len(), whole.octets.len()), (0, 7, 21));
        assert_eq!(whole.remarks().len(), 1);
    }

    #[test]
    fn a_password_is_not_printed_by_accident() {
        let printed = format!("{:?}", dissect(b"\0tim\0tanstaaf\0x"));
        assert!(
            !printed.contains("74:61") && printed.contains("authcid:74") && !printed.contains("password:74"),
            "{printed}"
        );
    }
}
