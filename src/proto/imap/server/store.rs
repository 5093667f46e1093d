//! What the server keeps: mailboxes of several people, rights on them, messages with flags, UIDs and mod-sequences.
//!
//! It knows nothing of connections. Every name and every right is asked for on behalf of an [`Identity`].

use crate::base::order;
use crate::base::{ATTACKER, Seed};
use crate::proto::imap::request::{Day, MONTHS};
use crate::proto::{Account, OTHER_HOST};
use rand_core::RngCore;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Messages of one mailbox.
pub const MESSAGE_COUNT_LIMIT: usize = 100;
/// Mailboxes of the whole server.
pub const MAILBOX_LIMIT: usize = 64;
/// Octets of all messages.
pub const OCTET_LIMIT: usize = 1 << 20;
/// Keywords that one message carries.
pub const FLAG_LIMIT: usize = 32;
/// UIDs of expunged messages that a mailbox remembers; the oldest are forgotten first.
pub const EXPUNGED_LIMIT: usize = 1000;
/// Octets of a mailbox's name.
pub const NAME_LIMIT: usize = 255;

/// The hierarchy separator.
pub const SEPARATOR: char = '/';
/// Where other people's mailboxes stand (RFC 2342).
pub const OTHER_USERS: &str = "user/";
/// The rights of an owner (RFC 4314 section 2.1).
const OWNER_RIGHTS: &str = "lrswipkxtea";
/// The name of a mailbox that is kept on another server (RFC 2193).
pub const ELSEWHERE: &str = "Elsewhere";

/// A mailbox, whatever it is called.
pub type MailboxId = u32;

/// Who asks: a user and the groups that the server looked up for that user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user's name.
    pub user: String,
    /// The groups.
    pub groups: Vec<&'static str>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its UID.
    pub uid: u32,
    /// Flags that everybody sees.
    pub flags: BTreeSet<String>,
    /// Who has `\Seen` it: each user has that flag alone.
    pub seen_by: BTreeSet<String>,
    /// Its mod-sequence (RFC 7162).
    pub modseq: u64,
    /// The day it came.
    pub day: Day,
    /// When it came, as INTERNALDATE says it.
    pub date: String,
    /// Its octets.
    pub text: Vec<u8>,
}

impl Message {
    /// Its flags as a user sees them, sorted.
    #[must_use]
    pub fn flags_of(&self, user: &str) -> Vec<String> {
        let mut flags: Vec<String> = self.flags.iter().cloned().collect();
        if self.seen_by.contains(user) {
            flags.push("\\Seen".to_owned());
        }
        order::sort_by(&mut flags, Ord::cmp);
        flags
    }
}

/// A mailbox.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Whose it is.
    pub owner: String,
    /// Its name as its owner has it.
    pub path: String,
    /// Its special use, such as `\Drafts` (RFC 6154).
    pub special: Option<&'static str>,
    /// Rights of others: user, `group:NAME` or `anyone`.
    rights: Vec<(String, &'static str)>,
    /// Who subscribed to it.
    pub subscribed: BTreeSet<String>,
    /// UIDVALIDITY.
    pub uid_validity: u32,
    /// The UID that the next message gets.
    pub uid_next: u32,
    /// The highest mod-sequence.
    pub modseq: u64,
    /// The messages, by UID.
    pub messages: Vec<Message>,
    /// UIDs of messages that are gone, each with the mod-sequence of its end.
    pub expunged: VecDeque<(u32, u64)>,
}

impl Mailbox {
    /// A message by its UID.
    #[must_use]
    pub fn message(&self, uid: u32) -> Option<&Message> {
        self.messages.iter().find(|message| message.uid == uid)
    }

    fn next_modseq(&mut self) -> u64 {
        self.modseq = self.modseq.saturating_add(1);
        self.modseq
    }

    /// Changes a message and counts that as a change of the mailbox.
    pub fn change<T>(&mut self, uid: u32, change: impl FnOnce(&mut Message) -> T) -> Option<T> {
        let modseq = self.next_modseq();
        let message = self.messages.iter_mut().find(|message| message.uid == uid)?;
        message.modseq = modseq;
        Some(change(message))
    }

    /// Takes messages away. Gives their UIDs.
    pub fn expunge(&mut self, gone: impl Fn(&Message) -> bool) -> Vec<u32> {
        let uids: Vec<u32> = self.messages.iter().filter(|m| gone(m)).map(|m| m.uid).collect();
        if !uids.is_empty() {
            let modseq = self.next_modseq();
            self.messages.retain(|message| !uids.contains(&message.uid));
            self.expunged.extend(uids.iter().map(|&uid| (uid, modseq)));
            while self.expunged.len() > EXPUNGED_LIMIT {
                self.expunged.pop_front();
            }
        }
        uids
    }

    /// How many messages a user has not seen.
    #[must_use]
    pub fn unseen(&self, user: &str) -> usize {
        self.messages.iter().filter(|message| !message.seen_by.contains(user)).count()
    }
}

/// Why something cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// Too many messages in the mailbox, or too many octets on the server.
    Quota,
    /// Too many mailboxes.
    Mailboxes,
}

/// Everything that the server keeps.
#[derive(Clone, Debug, Default)]
pub struct Store {
    mailboxes: BTreeMap<MailboxId, Mailbox>,
    next: MailboxId,
    uid_validity: u32,
    /// Mail that is still to come: for whom, and what.
    arrivals: VecDeque<(String, Vec<u8>)>,
}

impl Store {
    /// The mailboxes of an account and of the other people on its server.
    #[must_use]
    pub fn new(account: &Account, seed: Seed) -> Self {
        let mut store = Self {
            mailboxes: BTreeMap::new(),
            next: 1,
            uid_validity: (seed.generator(1).next_u32() >> 1) | 1,
            arrivals: VecDeque::new(),
        };
        store.settle(&account.user, &account.message);
        store.add(&account.user, "Archive", None, &[]);
        store.add(&account.user, "Z\u{fc}rich", None, &[]);
        if account.host == OTHER_HOST {
            store.add(&account.user, ELSEWHERE, None, &[]);
            store.fill(&account.user, ELSEWHERE, "This is kept apart.");
        }
        let archive = store.find_owned(&account.user, "Archive");
        for number in 1..=3 {
            let flags = if number == 2 { order::collect(["\\Flagged".to_owned()]) } else { BTreeSet::new() };
            let text = letter("list@example.test", &account.user, &format!("Minutes {number}"), "As agreed.");
            store.append_to(archive, flags, None, text);
        }
        for (number, other) in account.others.iter().enumerate() {
            store.settle(&other.user, &other.message);
            if number == 0 {
                store.add(&other.user, "Team", None, &[(account.user.to_string(), "lrs")]);
                store.fill(&other.user, "Team", "Who brings the cake?");
                store.add(&other.user, "Letterbox", None, &[("anyone".to_owned(), "lip")]);
            } else {
                store.add(&other.user, "Plans", None, &[("group:staff".to_owned(), "lr")]);
                store.fill(&other.user, "Plans", "We move in May.");
            }
        }
        let welcome = letter("postmaster@example.test", ATTACKER.0, "Welcome", "Your mailbox is ready.");
        store.settle(ATTACKER.0, &String::from_utf8_lossy(&welcome));
        let other = account.others.first().map_or(&account.user, |other| &other.user);
        for (number, user) in [&account.user, &account.user, other, &account.user].into_iter().enumerate() {
            let text = letter("news@example.test", user, &format!("News {number}"), "Nothing new.");
            store.arrivals.push_back((user.to_string(), text));
        }
        store
    }

    /// The mailboxes that everybody has.
    fn settle(&mut self, user: &str, message: &str) {
        let inbox = self.add(user, "INBOX", None, &[]);
        self.append_to(Some(inbox), BTreeSet::new(), None, message.as_bytes().to_vec());
        self.add(user, "Drafts", Some("\\Drafts"), &[]);
        self.add(user, "Sent", Some("\\Sent"), &[]);
    }

    fn fill(&mut self, owner: &str, path: &str, text: &str) {
        let text = letter(owner, "all", path, text);
        let mailbox = self.find_owned(owner, path);
        self.append_to(mailbox, BTreeSet::new(), None, text);
    }

    fn add(
        &mut self,
        owner: &str,
        path: &str,
        special: Option<&'static str>,
        rights: &[(String, &'static str)],
    ) -> MailboxId {
        let id = self.next;
        self.next = self.next.saturating_add(1);
        let mailbox = Mailbox {
            owner: owner.to_owned(),
            path: path.to_owned(),
            special,
            rights: rights.to_vec(),
            subscribed: order::collect([owner.to_owned()]),
            uid_validity: self.uid_validity.saturating_add(id),
            uid_next: 1,
            modseq: 1,
            messages: Vec::new(),
            expunged: VecDeque::new(),
        };
        self.mailboxes.insert(id, mailbox);
        id
    }

    /// A mailbox.
    #[must_use]
    pub fn get(&self, id: MailboxId) -> Option<&Mailbox> {
        self.mailboxes.get(&id)
    }

    /// A mailbox, to change it.
    pub fn get_mut(&mut self, id: MailboxId) -> Option<&mut Mailbox> {
        self.mailboxes.get_mut(&id)
    }

    fn find_owned(&self, owner: &str, path: &str) -> Option<MailboxId> {
        let is_inbox = path.eq_ignore_ascii_case("INBOX");
        let fits = |mailbox: &Mailbox| {
            mailbox.owner == owner && (mailbox.path == path || (is_inbox && mailbox.path == "INBOX"))
        };
        self.mailboxes.iter().find(|(_, mailbox)| fits(mailbox)).map(|(&id, _)| id)
    }

    /// Whose mailbox a name stands for, and its owner's name for it.
    fn taken_apart<'a>(who: &'a Identity, name: &'a str) -> (&'a str, &'a str) {
        let other = name.strip_prefix(OTHER_USERS);
        other.and_then(|rest| rest.split_once(SEPARATOR)).unwrap_or((&who.user, name))
    }

    /// The mailbox that a user means by a name, if that user may know that it is there.
    #[must_use]
    pub fn find(&self, who: &Identity, name: &str) -> Option<MailboxId> {
        let (owner, path) = Self::taken_apart(who, name);
        self.find_owned(owner, path).filter(|&id| !self.rights(who, id).is_empty())
    }

    /// What a user calls a mailbox.
    #[must_use]
    pub fn name(&self, who: &Identity, id: MailboxId) -> String {
        match self.mailboxes.get(&id) {
            Some(mailbox) if mailbox.owner == who.user => mailbox.path.clone(),
            Some(mailbox) => format!("{OTHER_USERS}{}{SEPARATOR}{}", mailbox.owner, mailbox.path),
            None => String::new(),
        }
    }

    /// A user's rights on a mailbox, in the order of RFC 4314; empty: none, and no word about whether it is there.
    #[must_use]
    pub fn rights(&self, who: &Identity, id: MailboxId) -> String {
        let Some(mailbox) = self.mailboxes.get(&id) else { return String::new() };
        if mailbox.owner == who.user {
            return OWNER_RIGHTS.to_owned();
        }
        let means = |named: &str| {
            named == "anyone"
                || named == who.user
                || named.strip_prefix("group:").is_some_and(|group| who.groups.contains(&group))
        };
        let granted: String =
            mailbox.rights.iter().filter(|(named, _)| means(named)).map(|(_, rights)| *rights).collect();
        OWNER_RIGHTS.chars().filter(|right| granted.contains(*right)).collect()
    }

    /// Whether a user has a right.
    #[must_use]
    pub fn may(&self, who: &Identity, id: MailboxId, right: char) -> bool {
        self.rights(who, id).contains(right)
    }

    /// The mailboxes that a user may list, by the names that this user has for them.
    #[must_use]
    pub fn listed(&self, who: &Identity) -> Vec<(String, MailboxId)> {
        let visible = self.mailboxes.keys().filter(|&&id| self.may(who, id, 'l'));
        let mut names: Vec<_> = visible.map(|&id| (self.name(who, id), id)).collect();
        order::sort_by(&mut names, Ord::cmp);
        names
    }

    /// Makes a mailbox of the user's own.
    ///
    /// # Errors
    /// When there are too many.
    pub fn create(&mut self, who: &Identity, path: &str) -> Result<MailboxId, Full> {
        if self.mailboxes.len() >= MAILBOX_LIMIT {
            return Err(Full::Mailboxes);
        }
        Ok(self.add(&who.user, path, None, &[]))
    }

    /// Takes a mailbox away.
    pub fn delete(&mut self, id: MailboxId) {
        self.mailboxes.remove(&id);
    }

    fn octets(&self) -> usize {
        self.mailboxes.values().flat_map(|mailbox| &mailbox.messages).map(|message| message.text.len()).sum()
    }

    /// Whether messages of so many octets still fit into a mailbox.
    ///
    /// # Errors
    /// When they do not.
    pub fn has_room(&self, id: MailboxId, count: usize, octets: usize) -> Result<(), Full> {
        let held = self.get(id).map_or(0, |mailbox| mailbox.messages.len());
        let fits = held.saturating_add(count) <= MESSAGE_COUNT_LIMIT
            && self.octets().saturating_add(octets) <= OCTET_LIMIT;
        if fits { Ok(()) } else { Err(Full::Quota) }
    }

    /// Adds a message. `\Seen` among the flags is the given user's.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn append(
        &mut self,
        id: MailboxId,
        flags: &[String],
        user: &str,
        date: Option<(Day, String)>,
        text: Vec<u8>,
    ) -> Result<u32, Full> {
        self.has_room(id, 1, text.len())?;
        let shared = order::collect(flags.iter().filter(|flag| *flag != "\\Seen").take(FLAG_LIMIT).cloned());
        let uid = self.append_to(Some(id), shared, date, text).ok_or(Full::Quota)?;
        if flags.iter().any(|flag| flag == "\\Seen")
            && let Some(mailbox) = self.get_mut(id)
            && let Some(message) = mailbox.messages.last_mut()
        {
            message.seen_by.insert(user.to_owned());
        }
        Ok(uid)
    }

    fn append_to(
        &mut self,
        id: Option<MailboxId>,
        flags: BTreeSet<String>,
        date: Option<(Day, String)>,
        text: Vec<u8>,
    ) -> Option<u32> {
        let mailbox = self.mailboxes.get_mut(&id?)?;
        let uid = mailbox.uid_next;
        mailbox.uid_next = mailbox.uid_next.saturating_add(1);
        let modseq = mailbox.next_modseq();
        let (day, date) = date.unwrap_or_else(|| arrived(uid));
        let seen_by = BTreeSet::new();
        mailbox.messages.push(Message { uid, flags, seen_by, modseq, day, date, text });
        Some(uid)
    }

    /// The next mail that was on its way comes. Gives the mailbox and the UID.
    pub fn deliver(&mut self) -> Option<(MailboxId, u32)> {
        let (user, text) = self.arrivals.pop_front()?;
        let id = self.find_owned(&user, "INBOX")?;
        self.has_room(id, 1, text.len()).ok()?;
        let uid = self.append_to(Some(id), BTreeSet::new(), None, text)?;
        Some((id, uid))
    }
}

/// The server has no clock: mail came in the first days of a month, one a day.
fn arrived(uid: u32) -> (Day, String) {
    let number = u8::try_from(uid.saturating_sub(1) % 28).unwrap_or(0).saturating_add(1);
    let day = Day { year: 2026, month: 6, day: number };
    let month = MONTHS.get(usize::from(day.month).saturating_sub(1)).copied().unwrap_or_default();
    (day, format!("{number:2}-{month}-{} 09:00:00 +0000", day.year))
}

fn letter(from: &str, to: &str, subject: &str, text: &str) -> Vec<u8> {
    let at = |name: &str| if name.contains('@') { name.to_owned() } else { format!("{name}@example.test") };
    let (from, to) = (at(from), at(to));
    format!("From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::default_account;

    fn identity(user: &str) -> Identity {
        let groups = if user == "ana" { Vec::new() } else { vec!["staff"] };
        Identity { user: user.to_owned(), groups }
    }

    fn store() -> Store {
        Store::new(&default_account(), Seed(1))
    }

    fn names(store: &Store, user: &str) -> Vec<String> {
        store.listed(&identity(user)).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn everybody_sees_the_own_mailboxes_and_what_others_granted() {
        let store = store();
        let own = ["Archive", "Drafts", "INBOX", "Sent", "Z\u{fc}rich"];
        let granted = ["user/ana/Letterbox", "user/ana/Team", "user/carol/Plans"];
        assert_eq!(names(&store, "tim"), [&own[..], &granted].concat());
        assert_eq!(names(&store, "ana"), ["Drafts", "INBOX", "Letterbox", "Sent", "Team"]);
        let (tim, ana) = (identity("tim"), identity("ana"));
        assert_eq!(store.find(&ana, "user/tim/INBOX"), None);
        assert_ne!(store.find(&ana, "inbox"), store.find(&tim, "Inbox"));
        let plans = store.find(&tim, "user/carol/Plans").unwrap();
        assert_eq!((store.rights(&tim, plans), store.rights(&ana, plans)), ("lr".into(), String::new()));
    }

    #[test]
    fn seen_is_each_users_own() {
        let mut store = store();
        let tim = identity("tim");
        let team = store.find(&tim, "user/ana/Team").unwrap();
        store.get_mut(team).unwrap().change(1, |message| message.seen_by.insert("tim".to_owned()));
        let mailbox = store.get(team).unwrap();
        assert_eq!((mailbox.unseen("tim"), mailbox.unseen("ana")), (0, 1));
        assert_eq!(mailbox.message(1).unwrap().flags_of("tim"), ["\\Seen"]);
        assert_eq!(mailbox.message(1).unwrap().modseq, mailbox.modseq);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut store = store();
        let tim = identity("tim");
        let inbox = store.find(&tim, "INBOX").unwrap();
        while store.append(inbox, &[], "tim", None, b"x".to_vec()).is_ok() {}
        assert_eq!(store.get(inbox).unwrap().messages.len(), MESSAGE_COUNT_LIMIT);
        let drafts = store.find(&tim, "Drafts").unwrap();
        assert_eq!(store.append(drafts, &[], "tim", None, vec![b'x'; OCTET_LIMIT]), Err(Full::Quota));
        let mut made = 0;
        while store.create(&tim, &format!("x{made}")).is_ok() {
            made += 1;
        }
        assert_eq!(store.create(&tim, "y"), Err(Full::Mailboxes));
        assert!(made < MAILBOX_LIMIT);
    }

    #[test]
    fn an_end_is_remembered() {
        let mut store = store();
        let tim = identity("tim");
        let archive = store.find(&tim, "Archive").unwrap();
        let mailbox = store.get_mut(archive).unwrap();
        let before = mailbox.modseq;
        assert_eq!(mailbox.expunge(|message| message.uid != 2), [1, 3]);
        assert!(mailbox.expunged.iter().all(|&(_, modseq)| modseq > before));
        assert_eq!(mailbox.messages.len(), 1);
    }
}
