//! PLAIN at a server with several accounts: the owner's, which the run is about, the attacker's own, and others.

use crate::base::{ATTACKERS_LONG_PASSWORD, LONGEST_FIELD};
use crate::proto::Account;
use crate::sasl::plain::{self, Grammar};
use crate::sasl::{ServerExchange, Verdict};
use std::rc::Rc;

/// The server's end of PLAIN, with the faults that a server can have there.
#[derive(Debug)]
pub(super) struct PlainDoor {
    pub account: Rc<Account>,
    /// A message outside the grammar is guessed at.
    pub lenient: bool,
    /// An unknown name is told to be unknown.
    pub names_told: bool,
    /// Every password of a known name is right.
    pub any_password: bool,
    /// Anybody may act as anybody.
    pub authzid_unchecked: bool,
}

impl PlainDoor {
    fn fits(&self, name: &[u8], password: &[u8]) -> bool {
        // Who guesses keeps no more of a field than has to be taken.
        let kept = password.get(..LONGEST_FIELD).filter(|_| self.lenient).unwrap_or(password);
        if name == ATTACKERS_LONG_PASSWORD.as_bytes() {
            return kept.len() == LONGEST_FIELD && kept.iter().all(|&octet| octet == b'x');
        }
        self.account
            .identities()
            .any(|one| name == one.user.as_bytes() && (self.any_password || password == one.secret.reveal()))
    }

    /// Name and password as a careless reader finds them: the last two fields that are not empty.
    fn guess(&self, message: &[u8]) -> Verdict {
        let mut fields = message.split(|&o| o == 0).rev().filter(|field| !field.is_empty());
        match (fields.next(), fields.next()) {
            (Some(password), Some(name)) if self.fits(name, password) => {
                Verdict::Granted { authzid: String::from_utf8_lossy(name).into_owned() }
            }
            _ => Verdict::Refused,
        }
    }
}

impl ServerExchange for PlainDoor {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        match plain::decode(message, Grammar::Rfc4616) {
            Ok(plain) if self.names_told && !self.account.knows(&plain.authcid) => Verdict::UnknownName,
            Ok(plain) if !self.fits(plain.authcid.as_bytes(), plain.password.reveal()) => Verdict::Refused,
            Ok(plain) if plain.authzid.is_empty() => Verdict::Granted { authzid: plain.authcid },
            Ok(plain)
                if self.authzid_unchecked || self.account.may_act_as(&plain.authcid, &plain.authzid) =>
            {
                Verdict::Granted { authzid: plain.authzid }
            }
            Ok(_) => Verdict::NotAllowed,
            Err(_) if self.lenient => self.guess(message),
            Err(_) => Verdict::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Secret;

    #[test]
    fn two_accounts_and_what_the_faults_let_in() {
        let mut account = crate::sim::default_account();
        account.password = Secret::new(b"x");
        if let Some(ana) = account.others.to_mut().first_mut() {
            ana.acts_for_others = true;
        }
        let judge = |lenient, authzid_unchecked, message: &[u8]| {
            PlainDoor {
                account: Rc::new(account.clone()),
                lenient,
                names_told: false,
                any_password: false,
                authzid_unchecked,
            }
            .judge(message)
        };
        let granted = |name: &str| Verdict::Granted { authzid: name.to_owned() };
        assert_eq!(judge(false, false, b"\0tim\0x"), granted("tim"));
        assert_eq!(judge(false, false, b"mallory\0mallory\0let-me-in"), granted("mallory"));
        assert_eq!(judge(false, false, b"tim\0mallory\0let-me-in"), Verdict::NotAllowed);
        assert_eq!(judge(false, true, b"tim\0mallory\0let-me-in"), granted("tim"));
        assert_eq!(judge(false, false, b"tim\0x"), Verdict::Malformed);
        assert_eq!(judge(true, false, b"tim\0x"), granted("tim"));
        assert_eq!(judge(true, false, b"tim\0y"), Verdict::Refused);
        // A field of 256 octets may be refused, never cut.
        let long = |octets| [b"\0mallory-long\0".to_vec(), vec![b'x'; octets]].concat();
        assert_eq!(judge(false, false, &long(255)), granted("mallory-long"));
        assert_eq!(judge(false, false, &long(256)), Verdict::Refused);
        assert_eq!(judge(true, false, &long(256)), granted("mallory-long"));
        // An administrator may act for those who are known, nobody else for anybody.
        assert_eq!(judge(false, false, b"tim\0ana\0wunderlampe"), granted("tim"));
        assert_eq!(judge(false, false, b"nobody\0ana\0wunderlampe"), Verdict::NotAllowed);
    }
}
