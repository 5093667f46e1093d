//! What a connection knows of its user, all of which UNAUTHENTICATE resets: identity, selected mailbox, enabled
//! extensions, saved searches, language, notifications, compression.

use super::store::{Identity, MailboxId, Message, Store};
use super::text::Language;
use crate::proto::imap::request::{Notify, Search, SequenceSet};
use std::collections::BTreeSet;

/// Searches whose results the server keeps up to date on one connection (RFC 5267).
pub const CONTEXT_LIMIT: usize = 4;

/// The state of a connection above TLS.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Who is authenticated, with the groups as they were at the login.
    pub who: Option<Identity>,
    /// Groups of an earlier user that access is judged by as well: a fault.
    pub more_groups: Vec<&'static str>,
    /// Whose `\Seen` flags are shown whoever logs in: a fault.
    pub sees_as: Option<String>,
    /// A login is taken although somebody is logged in: a fault.
    pub takes_login: bool,
    /// It takes no login any more, which is a fault.
    pub refuses_login: bool,
    /// Whose `\Seen` flags are shown.
    pub flags_of: String,
    /// The selected mailbox.
    pub selected: Option<Selected>,
    /// What ENABLE switched on, in upper case (RFC 5161).
    pub enabled: BTreeSet<&'static str>,
    /// A command that enables CONDSTORE came (RFC 7162 section 3.1).
    pub condstore: bool,
    /// What `$` stands for: UIDs (RFC 5182).
    pub saved: Vec<u32>,
    /// A new SELECT does not empty it: a fault, never so in an honest server.
    pub saved_sticks: bool,
    /// The language of texts (RFC 5255).
    pub language: Language,
    /// What NOTIFY asked for, and on whose behalf (RFC 5465).
    pub notify: Option<(Identity, Notify)>,
    /// Searches that are kept up to date.
    pub contexts: Vec<Context>,
    /// A compression layer is on (RFC 4978).
    pub compressed: bool,
}

/// A search that is kept up to date.
#[derive(Clone, Debug)]
pub struct Context {
    /// The tag of its command.
    pub tag: String,
    /// The mailbox that it looks at.
    pub mailbox: MailboxId,
    /// What it looks for.
    pub search: Search,
    /// Whose flags it sees.
    pub user: String,
}

/// A selected mailbox as the client sees it.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Which one.
    pub mailbox: MailboxId,
    /// By EXAMINE, or without the rights to change anything.
    pub read_only: bool,
    /// The messages by their numbers, from 1.
    pub uids: Vec<u32>,
    /// The highest mod-sequence that the client was told of.
    pub modseq: u64,
}

impl Selected {
    /// A message's number.
    #[must_use]
    pub fn number(&self, uid: u32) -> Option<u32> {
        let at = self.uids.iter().position(|known| *known == uid)?;
        u32::try_from(at).ok()?.checked_add(1)
    }

    /// How many messages the client knows of.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.uids.len()).unwrap_or(u32::MAX)
    }
}

impl Session {
    /// Whether somebody is logged in, so that there is no other login.
    #[must_use]
    pub fn logged_in(&self) -> bool {
        self.who.is_some() && !self.takes_login
    }

    /// Whether an extension was enabled.
    #[must_use]
    pub fn has(&self, extension: &str) -> bool {
        self.enabled.contains(extension)
    }

    /// Whether names go out in UTF-8.
    #[must_use]
    pub fn utf8(&self) -> bool {
        self.has("UTF8=ACCEPT") || self.has("IMAP4REV2")
    }

    /// The UIDs of the messages that a set names, in the order of the mailbox; `None` when it names a number that there is not.
    #[must_use]
    pub fn uids(&self, set: &SequenceSet, uid: bool) -> Option<Vec<u32>> {
        let selected = self.selected.as_ref()?;
        if *set == SequenceSet::Saved {
            return Some(selected.uids.iter().copied().filter(|uid| self.saved.contains(uid)).collect());
        }
        let count = selected.count();
        if !uid && (set.highest_named() > count || count == 0) {
            return None;
        }
        let highest = if uid { selected.uids.last().copied().unwrap_or(0) } else { count };
        let numbered = (1_u32..).zip(selected.uids.iter().copied());
        let held = numbered.filter(|&(number, known)| set.holds(if uid { known } else { number }, highest));
        Some(held.map(|(_, uid)| uid).collect())
    }

    /// A message of the selected mailbox.
    #[must_use]
    pub fn message<'a>(&self, store: &'a Store, uid: u32) -> Option<&'a Message> {
        store.get(self.selected.as_ref()?.mailbox)?.message(uid)
    }
}
