//! Client commands with their arguments, as the server reads them (RFC 9051 section 6 and the extensions that the server
//! has). What is not in the grammar is a [`Fault`] that names the octet; nothing is repaired.

mod fetch;
mod reader;
mod search;

pub use fetch::{Fetch, Item, Section, SectionPart};
pub use reader::{Day, LIST_LIMIT, MONTHS, RANGE_LIMIT, Reader, SequenceSet, is_atom_char};
pub use search::{DEPTH_LIMIT, KEY_LIMIT, Key, Search};

use super::grammar;
use std::fmt;

/// Octets of a user name, a password, a mailbox name or any other short argument.
pub const ARGUMENT_LIMIT: usize = 1000;

/// A command that is not as the grammar wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The octet of the command at which it shows, from 0.
    pub at: usize,
}

/// What is wrong with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It has no tag with a command word behind it.
    NoCommand,
    /// The word is no command of this server.
    Unknown,
    /// Something else has to stand here.
    Expected(&'static str),
    /// The command is complete, but its line goes on.
    Surplus,
    /// A NUL octet in a string.
    Nul,
    /// There are more of these than are taken.
    TooMany(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::NoCommand => f.write_str("this is not a tag followed by a command"),
            FaultKind::Unknown => f.write_str("this command is not known here"),
            FaultKind::Expected(what) => write!(f, "at octet {} there should be {what}", self.at),
            FaultKind::Surplus => write!(f, "the command is complete at octet {} but goes on", self.at),
            FaultKind::Nul => write!(f, "a NUL octet in the string at octet {}", self.at),
            FaultKind::TooMany(what) => write!(f, "too many {what}"),
        }
    }
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// APPEND: the mailbox, the flags, the date as written and the message.
    Append {
        /// The mailbox as it is written.
        mailbox: Vec<u8>,
        /// The flags of the new message.
        flags: Vec<String>,
        /// Its date.
        date: Option<(Day, String)>,
        /// The message.
        message: Vec<u8>,
    },
    /// AUTHENTICATE: the mechanism and the initial response as it is written.
    Authenticate {
        /// The mechanism, in upper case.
        mechanism: String,
        /// The initial response in base64.
        initial: Option<Vec<u8>>,
    },
    /// CANCELUPDATE: the tags of the searches to end (RFC 5267).
    CancelUpdate(Vec<Vec<u8>>),
    /// CAPABILITY.
    Capability,
    /// CHECK.
    Check,
    /// CLOSE.
    Close,
    /// COMPRESS: the algorithm, in upper case (RFC 4978).
    Compress(String),
    /// COPY and UID COPY, MOVE and UID MOVE.
    Copy {
        /// The numbers are UIDs.
        uid: bool,
        /// The messages stay where they are, too: COPY.
        keep: bool,
        /// Which messages.
        set: SequenceSet,
        /// Where to.
        mailbox: Vec<u8>,
    },
    /// CREATE.
    Create(Vec<u8>),
    /// DELETE.
    Delete(Vec<u8>),
    /// ENABLE: the extensions, in upper case (RFC 5161).
    Enable(Vec<String>),
    /// EXPUNGE, or UID EXPUNGE with its set (RFC 4315).
    Expunge(Option<SequenceSet>),
    /// FETCH and UID FETCH.
    Fetch(Fetch),
    /// ID: fields and values; `None` for NIL (RFC 2971).
    Id(Vec<IdField>),
    /// IDLE (RFC 2177).
    Idle,
    /// LANGUAGE: the ranges asked for, in upper case (RFC 5255).
    Language(Vec<String>),
    /// LIST, in its basic and extended form, and LSUB.
    List(List),
    /// LOGIN.
    Login {
        /// The user's name.
        user: Vec<u8>,
        /// The password.
        password: crate::base::Secret,
    },
    /// LOGOUT.
    Logout,
    /// MYRIGHTS (RFC 4314).
    MyRights(Vec<u8>),
    /// NAMESPACE (RFC 2342).
    Namespace,
    /// NOOP.
    Noop,
    /// NOTIFY: `None` for NONE (RFC 5465).
    Notify(Option<Notify>),
    /// RENAME.
    Rename(Vec<u8>, Vec<u8>),
    /// SEARCH and UID SEARCH.
    Search(Search),
    /// SELECT and EXAMINE.
    Select {
        /// The mailbox as it is written.
        mailbox: Vec<u8>,
        /// EXAMINE.
        read_only: bool,
        /// The parameter CONDSTORE, or QRESYNC with its UIDVALIDITY and MODSEQ (RFC 7162).
        condstore: bool,
        /// UIDVALIDITY and MODSEQ of the last time.
        resync: Option<(u64, u64)>,
    },
    /// STARTTLS.
    StartTls,
    /// STATUS: the mailbox and the items in upper case.
    Status(Vec<u8>, Vec<String>),
    /// STORE and UID STORE.
    Store(Store),
    /// SUBSCRIBE.
    Subscribe(Vec<u8>),
    /// UNAUTHENTICATE (RFC 8437 and its draft).
    Unauthenticate,
    /// UNSELECT (RFC 3691).
    Unselect,
    /// UNSUBSCRIBE.
    Unsubscribe(Vec<u8>),
}

impl Request {
    /// The command's name, in upper case and without UID in front.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Append { .. } => "APPEND",
            Self::Authenticate { .. } => "AUTHENTICATE",
            Self::CancelUpdate(_) => "CANCELUPDATE",
            Self::Capability => "CAPABILITY",
            Self::Check => "CHECK",
            Self::Close => "CLOSE",
            Self::Compress(_) => "COMPRESS",
            Self::Copy { keep: true, .. } => "COPY",
            Self::Copy { .. } => "MOVE",
            Self::Create(_) => "CREATE",
            Self::Delete(_) => "DELETE",
            Self::Enable(_) => "ENABLE",
            Self::Expunge(_) => "EXPUNGE",
            Self::Fetch(_) => "FETCH",
            Self::Id(_) => "ID",
            Self::Idle => "IDLE",
            Self::Language(_) => "LANGUAGE",
            Self::List(list) if list.lsub => "LSUB",
            Self::List(_) => "LIST",
            Self::Login { .. } => "LOGIN",
            Self::Logout => "LOGOUT",
            Self::MyRights(_) => "MYRIGHTS",
            Self::Namespace => "NAMESPACE",
            Self::Noop => "NOOP",
            Self::Notify(_) => "NOTIFY",
            Self::Rename(..) => "RENAME",
            Self::Search(_) => "SEARCH",
            Self::Select { read_only: true, .. } => "EXAMINE",
            Self::Select { .. } => "SELECT",
            Self::StartTls => "STARTTLS",
            Self::Status(..) => "STATUS",
            Self::Store(_) => "STORE",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::Unauthenticate => "UNAUTHENTICATE",
            Self::Unselect => "UNSELECT",
            Self::Unsubscribe(_) => "UNSUBSCRIBE",
        }
    }
}

/// A field of ID and its value; `None` for NIL.
pub type IdField = (Vec<u8>, Option<Vec<u8>>);

/// What LIST and LSUB ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// LSUB.
    pub lsub: bool,
    /// The selection options, in upper case (RFC 5258).
    pub select: Vec<String>,
    /// The reference name.
    pub reference: Vec<u8>,
    /// The patterns.
    pub patterns: Vec<Vec<u8>>,
    /// The return options, in upper case.
    pub returns: Vec<String>,
    /// The items of the return option STATUS (RFC 5819).
    pub status: Vec<String>,
}

/// What STORE asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The numbers are UIDs.
    pub uid: bool,
    /// Which messages.
    pub set: SequenceSet,
    /// Only those that did not change since (RFC 7162).
    pub unchanged_since: Option<u64>,
    /// How the flags change.
    pub how: StoreHow,
    /// No FETCH responses are wanted.
    pub silent: bool,
    /// The flags.
    pub flags: Vec<String>,
}

/// How STORE changes the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreHow {
    /// `FLAGS`
    Replace,
    /// `+FLAGS`
    Add,
    /// `-FLAGS`
    Remove,
}

/// What NOTIFY SET asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    /// The current STATUS of every mailbox is wanted at once.
    pub status: bool,
    /// Events by mailboxes.
    pub groups: Vec<(NotifyFilter, Vec<String>)>,
}

/// Which mailboxes a group of events is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotifyFilter {
    /// The selected one.
    Selected,
    /// INBOX and what else new mail goes to.
    Inboxes,
    /// The user's own.
    Personal,
    /// The subscribed ones.
    Subscribed,
    /// Named ones, each with or without those below it.
    Named {
        /// Those below are meant too.
        subtree: bool,
        /// The names as they are written.
        mailboxes: Vec<Vec<u8>>,
    },
}

/// A command: its tag, and what it asks for or what is wrong with it. The tag is empty where there is none.
pub fn read(text: &[u8]) -> (Vec<u8>, Result<Request, Fault>) {
    let Some((tag, word, _)) = grammar::command(text) else {
        return (Vec::new(), Err(Fault { kind: FaultKind::NoCommand, at: 0 }));
    };
    let tag = text.get(tag).unwrap_or_default().to_vec();
    let name = grammar::upper(text.get(word.clone()).unwrap_or_default());
    let mut reader = Reader::new(text, word.end);
    let unknown = Fault { kind: FaultKind::Unknown, at: word.start };
    let request = arguments(&name, &mut reader, unknown).and_then(|request| reader.end().map(|()| request));
    (tag, request)
}

fn arguments(name: &str, r: &mut Reader<'_>, unknown: Fault) -> Result<Request, Fault> {
    Ok(match name {
        "CAPABILITY" => Request::Capability,
        "CHECK" => Request::Check,
        "CLOSE" => Request::Close,
        "IDLE" => Request::Idle,
        "LOGOUT" => Request::Logout,
        "NAMESPACE" => Request::Namespace,
        "NOOP" => Request::Noop,
        "STARTTLS" => Request::StartTls,
        "UNAUTHENTICATE" => Request::Unauthenticate,
        "UNSELECT" => Request::Unselect,
        "EXPUNGE" => Request::Expunge(None),
        "LANGUAGE" => Request::Language(words(r, 0, |r| Ok(grammar::upper(&r.astring("a language")?)))?),
        "ENABLE" => Request::Enable(words(r, 1, |r| r.word("an extension"))?),
        "UID" => {
            r.space()?;
            match r.word("a command that works with UIDs")?.as_str() {
                "COPY" => copy(r, true, true)?,
                "MOVE" => copy(r, true, false)?,
                "EXPUNGE" => {
                    r.space()?;
                    Request::Expunge(Some(r.sequence_set()?))
                }
                "FETCH" => Request::Fetch(fetch::fetch(r, true)?),
                "SEARCH" => Request::Search(search::search(r, true)?),
                "STORE" => Request::Store(store(r, true)?),
                _ => return Err(unknown),
            }
        }
        "COPY" => copy(r, false, true)?,
        "MOVE" => copy(r, false, false)?,
        "FETCH" => Request::Fetch(fetch::fetch(r, false)?),
        "SEARCH" => Request::Search(search::search(r, false)?),
        "STORE" => Request::Store(store(r, false)?),
        _ => {
            let known = [
                "APPEND",
                "AUTHENTICATE",
                "CANCELUPDATE",
                "COMPRESS",
                "CREATE",
                "DELETE",
                "EXAMINE",
                "ID",
                "LIST",
                "LOGIN",
                "LSUB",
                "MYRIGHTS",
                "NOTIFY",
                "RENAME",
                "SELECT",
                "STATUS",
                "SUBSCRIBE",
                "UNSUBSCRIBE",
            ];
            if !known.contains(&name) {
                return Err(unknown);
            }
            r.space()?;
            with_arguments(name, r)?
        }
    })
}

fn with_arguments(name: &str, r: &mut Reader<'_>) -> Result<Request, Fault> {
    Ok(match name {
        "APPEND" => append(r)?,
        "AUTHENTICATE" => {
            let mechanism = r.word("a mechanism")?;
            let initial = if r.at_end() {
                None
            } else {
                r.space()?;
                Some(short(r, "an initial response", Reader::astring)?)
            };
            Request::Authenticate { mechanism, initial }
        }
        "CANCELUPDATE" => {
            let mut tags = vec![r.string("a tag in quotes")?];
            tags.extend(words(r, 0, |r| r.string("a tag in quotes"))?);
            Request::CancelUpdate(tags)
        }
        "COMPRESS" => Request::Compress(r.word("an algorithm")?),
        "CREATE" => Request::Create(mailbox(r)?),
        "DELETE" => Request::Delete(mailbox(r)?),
        "ID" => Request::Id(id(r)?),
        "LIST" => Request::List(list(r)?),
        "LOGIN" => {
            let user = short(r, "a user name", Reader::astring)?;
            r.space()?;
            let password = short(r, "a password", Reader::astring)?;
            Request::Login { user, password: crate::base::Secret::new(&password) }
        }
        "LSUB" => {
            let reference = short(r, "a reference name", Reader::astring)?;
            r.space()?;
            let patterns = vec![r.pattern()?];
            let none = Vec::new;
            Request::List(List {
                lsub: true,
                select: none(),
                reference,
                patterns,
                returns: none(),
                status: none(),
            })
        }
        "MYRIGHTS" => Request::MyRights(mailbox(r)?),
        "NOTIFY" => Request::Notify(notify(r)?),
        "RENAME" => {
            let from = mailbox(r)?;
            r.space()?;
            Request::Rename(from, mailbox(r)?)
        }
        "STATUS" => {
            let mailbox = mailbox(r)?;
            r.space()?;
            Request::Status(mailbox, status_items(r)?)
        }
        "SUBSCRIBE" => Request::Subscribe(mailbox(r)?),
        "UNSUBSCRIBE" => Request::Unsubscribe(mailbox(r)?),
        _ => select(r, name == "EXAMINE")?,
    })
}

/// Arguments that each follow a space, up to the end of the command.
fn words<T>(
    r: &mut Reader<'_>,
    least: usize,
    mut item: impl FnMut(&mut Reader<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut found = Vec::new();
    while !r.at_end() || found.len() < least {
        r.space()?;
        found.push(item(r)?);
        if found.len() > LIST_LIMIT {
            return Err(r.fault(FaultKind::TooMany("arguments")));
        }
    }
    Ok(found)
}

/// An argument that may not be long.
fn short<'a>(
    r: &mut Reader<'a>,
    what: &'static str,
    read: fn(&mut Reader<'a>, &'static str) -> Result<Vec<u8>, Fault>,
) -> Result<Vec<u8>, Fault> {
    let fault = r.fault(FaultKind::TooMany("octets in an argument"));
    let found = read(r, what)?;
    if found.len() > ARGUMENT_LIMIT { Err(fault) } else { Ok(found) }
}

fn mailbox(r: &mut Reader<'_>) -> Result<Vec<u8>, Fault> {
    short(r, "a mailbox name", Reader::astring)
}

fn select(r: &mut Reader<'_>, read_only: bool) -> Result<Request, Fault> {
    let mailbox = mailbox(r)?;
    let (mut condstore, mut resync) = (false, None);
    if !r.at_end() {
        r.space()?;
        r.list(1, |r| {
            match r.word("CONDSTORE or QRESYNC")?.as_str() {
                "CONDSTORE" => condstore = true,
                "QRESYNC" => {
                    r.space()?;
                    r.need(b'(', "a list in parentheses")?;
                    let validity = r.number()?;
                    r.space()?;
                    resync = Some((validity, r.number()?));
                    if r.eat(b' ') {
                        r.sequence_set()?;
                    }
                    r.need(b')', "the end of the list")?;
                }
                _ => return Err(r.expected("CONDSTORE or QRESYNC")),
            }
            Ok(())
        })?;
    }
    Ok(Request::Select { mailbox, read_only, condstore, resync })
}

fn copy(r: &mut Reader<'_>, uid: bool, keep: bool) -> Result<Request, Fault> {
    r.space()?;
    let set = r.sequence_set()?;
    r.space()?;
    Ok(Request::Copy { uid, keep, set, mailbox: mailbox(r)? })
}

fn store(r: &mut Reader<'_>, uid: bool) -> Result<Store, Fault> {
    r.space()?;
    let set = r.sequence_set()?;
    r.space()?;
    let mut unchanged_since = None;
    if r.peek() == Some(b'(') {
        r.need(b'(', "a list in parentheses")?;
        if r.word("UNCHANGEDSINCE")? != "UNCHANGEDSINCE" {
            return Err(r.expected("UNCHANGEDSINCE"));
        }
        r.space()?;
        unchanged_since = Some(r.number()?);
        r.need(b')', "the end of the list")?;
        r.space()?;
    }
    let how = match r.peek() {
        Some(b'+') => StoreHow::Add,
        Some(b'-') => StoreHow::Remove,
        _ => StoreHow::Replace,
    };
    if how != StoreHow::Replace {
        r.eat(b'+');
        r.eat(b'-');
    }
    let start = r.clone();
    let silent = match r.word("FLAGS or FLAGS.SILENT")?.as_str() {
        "FLAGS" => false,
        "FLAGS.SILENT" => true,
        _ => return Err(start.expected("FLAGS or FLAGS.SILENT")),
    };
    r.space()?;
    let flags = if r.peek() == Some(b'(') {
        r.list(0, Reader::flag)?
    } else {
        let first = r.flag()?;
        let mut flags = words(r, 0, |r| r.flag())?;
        flags.insert(0, first);
        flags
    };
    Ok(Store { uid, set, unchanged_since, how, silent, flags })
}

fn append(r: &mut Reader<'_>) -> Result<Request, Fault> {
    let mailbox = mailbox(r)?;
    r.space()?;
    let mut flags = Vec::new();
    if r.peek() == Some(b'(') {
        flags = r.list(0, Reader::flag)?;
        r.space()?;
    }
    let mut date = None;
    if r.peek() == Some(b'"') {
        date = Some(r.date_time()?);
        r.space()?;
    }
    Ok(Request::Append { mailbox, flags, date, message: r.literal("a message as a literal")? })
}

fn status_items(r: &mut Reader<'_>) -> Result<Vec<String>, Fault> {
    let known =
        ["DELETED", "HIGHESTMODSEQ", "MESSAGES", "RECENT", "SIZE", "UIDNEXT", "UIDVALIDITY", "UNSEEN"];
    r.list(1, |r| {
        let start = r.clone();
        let item = r.word("a status item")?;
        if known.contains(&item.as_str()) { Ok(item) } else { Err(start.expected("a status item")) }
    })
}

fn list(r: &mut Reader<'_>) -> Result<List, Fault> {
    let mut select = Vec::new();
    if r.peek() == Some(b'(') {
        select = r.list(0, |r| option(r, &["REMOTE", "SPECIAL-USE", "SUBSCRIBED"]))?;
        r.space()?;
    }
    let reference = short(r, "a reference name", Reader::astring)?;
    r.space()?;
    let patterns = if r.peek() == Some(b'(') { r.list(1, Reader::pattern)? } else { vec![r.pattern()?] };
    let (mut returns, mut status) = (Vec::new(), Vec::new());
    if !r.at_end() {
        r.space()?;
        if !r.eat_word("RETURN") {
            return Err(r.expected("RETURN"));
        }
        r.space()?;
        returns = r.list(0, |r| {
            let option = option(r, &["CHILDREN", "MYRIGHTS", "SPECIAL-USE", "STATUS", "SUBSCRIBED"])?;
            if option == "STATUS" {
                r.space()?;
                status = status_items(r)?;
            }
            Ok(option)
        })?;
    }
    Ok(List { lsub: false, select, reference, patterns, returns, status })
}

fn option(r: &mut Reader<'_>, known: &[&str]) -> Result<String, Fault> {
    let start = r.clone();
    let option = r.word("an option")?;
    if known.contains(&option.as_str()) { Ok(option) } else { Err(start.expected("an option of LIST")) }
}

fn id(r: &mut Reader<'_>) -> Result<Vec<IdField>, Fault> {
    if r.eat_word("NIL") {
        return Ok(Vec::new());
    }
    // RFC 2971 section 3.3: no more than 30 fields of 30 octets with values of 1024.
    let start = r.clone();
    let fields = r.list(0, |r| {
        let field = r.string("a field in quotes")?;
        r.space()?;
        let value = if r.eat_word("NIL") { None } else { Some(r.string("a value in quotes")?) };
        Ok((field, value))
    })?;
    let long =
        |(field, value): &IdField| field.len() > 30 || value.as_ref().is_some_and(|value| value.len() > 1024);
    if fields.len() > 30 || fields.iter().any(long) {
        return Err(start.fault(FaultKind::TooMany("octets or fields")));
    }
    Ok(fields)
}

fn notify(r: &mut Reader<'_>) -> Result<Option<Notify>, Fault> {
    if r.eat_word("NONE") {
        return Ok(None);
    }
    if !r.eat_word("SET") {
        return Err(r.expected("SET or NONE"));
    }
    r.space()?;
    let status = r.eat_word("STATUS");
    if status {
        r.space()?;
    }
    let mut groups = vec![notify_group(r)?];
    groups.extend(words(r, 0, notify_group)?);
    Ok(Some(Notify { status, groups }))
}

fn notify_group(r: &mut Reader<'_>) -> Result<(NotifyFilter, Vec<String>), Fault> {
    r.need(b'(', "a group of events in parentheses")?;
    let start = r.clone();
    let filter = match r.word("the mailboxes")?.as_str() {
        "SELECTED" | "SELECTED-DELAYED" => NotifyFilter::Selected,
        "INBOXES" => NotifyFilter::Inboxes,
        "PERSONAL" => NotifyFilter::Personal,
        "SUBSCRIBED" => NotifyFilter::Subscribed,
        word @ ("SUBTREE" | "MAILBOXES") => {
            r.space()?;
            let mailboxes = if r.peek() == Some(b'(') { r.list(1, mailbox)? } else { vec![mailbox(r)?] };
            NotifyFilter::Named { subtree: word == "SUBTREE", mailboxes }
        }
        _ => return Err(start.expected("the mailboxes")),
    };
    r.space()?;
    let events = if r.eat_word("NONE") {
        Vec::new()
    } else {
        let known = [
            "ANNOTATIONCHANGE",
            "FLAGCHANGE",
            "MAILBOXMETADATACHANGE",
            "MAILBOXNAME",
            "MESSAGEEXPUNGE",
            "MESSAGENEW",
            "SERVERMETADATACHANGE",
            "SUBSCRIPTIONCHANGE",
        ];
        r.list(1, |r| {
            let start = r.clone();
            let event = r.word("an event")?;
            if !known.contains(&event.as_str()) {
                return Err(start.expected("an event"));
            }
            // MessageNew may say what of a new message is wanted; it is read and not used.
            let mut ahead = r.clone();
            if event == "MESSAGENEW" && ahead.eat(b' ') && ahead.peek() == Some(b'(') {
                ahead.list(1, fetch::item)?;
                *r = ahead;
            }
            Ok(event)
        })?
    };
    r.need(b')', "the end of the group")?;
    Ok((filter, events))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> Request {
        let (tag, request) = read(text.as_bytes());
        assert_eq!(tag, b"a");
        request.unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    fn fault(text: &str) -> Fault {
        read(text.as_bytes()).1.expect_err(text)
    }

    #[test]
    fn commands_are_read_with_their_arguments() {
        assert_eq!(request("a noop"), Request::Noop);
        let Request::Login { user, password } = request("a LOGIN tim \"a \\\"b\"") else { panic!() };
        assert_eq!((user, password.reveal()), (b"tim".to_vec(), &b"a \"b"[..]));
        let append = request("a APPEND Sent (\\seen $X) \"17-Jul-1996 02:44:25 -0700\" {3+}\r\na\0b");
        let Request::Append { mailbox, flags, date, message } = append else { panic!() };
        assert_eq!((mailbox, message, date.is_some()), (b"Sent".to_vec(), b"a\0b".to_vec(), true));
        assert_eq!(flags, ["\\Seen", "$X"]);
        let Request::Select { condstore, resync, .. } = request("a SELECT x (QRESYNC (7 99 1:3))") else {
            panic!()
        };
        assert_eq!((condstore, resync), (false, Some((7, 99))));
        let Request::Store(store) = request("a UID STORE 1:* (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Deleted)")
        else {
            panic!()
        };
        assert!(store.uid && store.silent && store.how == StoreHow::Add && store.unchanged_since == Some(5));
        let Request::List(list) =
            request("a LIST (SUBSCRIBED) \"\" (\"%\" user/*) RETURN (MYRIGHTS STATUS (MESSAGES))")
        else {
            panic!()
        };
        assert_eq!(
            (list.select, list.returns, list.status),
            (
                vec!["SUBSCRIBED".to_owned()],
                vec!["MYRIGHTS".to_owned(), "STATUS".to_owned()],
                vec!["MESSAGES".to_owned()]
            )
        );
        let Request::Notify(Some(notify)) = request(
            "a NOTIFY SET STATUS (personal (MessageNew (FLAGS UID) MessageExpunge)) (mailboxes x NONE)",
        ) else {
            panic!()
        };
        assert!(notify.status);
        assert_eq!(
            notify.groups[0],
            (NotifyFilter::Personal, vec!["MESSAGENEW".into(), "MESSAGEEXPUNGE".into()])
        );
        assert_eq!(request("a ID NIL"), Request::Id(Vec::new()));
        assert_eq!(
            request("a ENABLE condstore QRESYNC"),
            Request::Enable(vec!["CONDSTORE".into(), "QRESYNC".into()])
        );
    }

    #[test]
    fn faults_name_the_octet() {
        assert_eq!(fault("a"), Fault { kind: FaultKind::NoCommand, at: 0 });
        assert_eq!(fault("a FROB x"), Fault { kind: FaultKind::Unknown, at: 2 });
        assert_eq!(fault("a UID FROB x").kind, FaultKind::Unknown);
        assert_eq!(fault("a NOOP x"), Fault { kind: FaultKind::Surplus, at: 6 });
        assert_eq!(fault("a STARTTLS ").kind, FaultKind::Surplus);
        assert_eq!(
            fault("a LOGIN tim"),
            Fault { kind: FaultKind::Expected("a space and a further argument"), at: 11 }
        );
        assert_eq!(fault("a LOGIN {3}\r\na\0b x").kind, FaultKind::Nul);
        assert_eq!(fault("a FETCH 0 FLAGS").at, 8);
        assert_eq!(fault("a APPEND x (\\Seen) hello").kind, FaultKind::Expected("a message as a literal"));
        assert_eq!(
            fault(&format!("a SELECT {}", "x".repeat(ARGUMENT_LIMIT + 1))).kind,
            FaultKind::TooMany("octets in an argument")
        );
        for wrong in [
            "a SELECT",
            "a LIST \"\"",
            "a STATUS x ()",
            "a ENABLE",
            "a STORE 1 FLAGS",
            "a COPY 1",
            "a ID (\"a\")",
            "a NOTIFY SET",
            "a COMPRESS",
            "a SELECT x (FROB)",
            "a LIST \"\" * RETURN",
            "a LIST \"\" * RETURN (FROB)",
        ] {
            fault(wrong);
        }
    }
}
