//! What an IMAP client does once it is logged in, command by command.

use super::{grammar, utf7};
use crate::base::{OFF_ON, Switches, switch};
use crate::proto::{Account, quoted};
use crate::trace::Capabilities;

switch!(
    Client WORK,
    "work",
    Setting,
    &["read", "organise", "draft", "idle", "second-user"],
    &[],
    "Work after the login",
    "What it does in the mailbox: read a message, file and mark messages, upload a draft, wait for mail, or do one user's work and then, by UNAUTHENTICATE, a second one's.";
    "What does it do once it is logged in?",
    &["It reads mail", "It files and marks mail", "It uploads a draft", "It waits for new mail", "It works for several users on one connection"]
);
switch!(
    Client LITERALS,
    "literals",
    Setting,
    &["if-needed", "synchronizing", "non-synchronizing"],
    &[],
    "Strings as literals",
    "Whether name and password of LOGIN are literals, and whether a literal waits for leave; without leave only where the server lists LITERAL+ (RFC 7888).";
    "How does it send the name and the password of LOGIN?",
    &["As words or in quotes", "As literals, waiting for leave", "As literals without waiting, where the server allows it"]
);
switch!(
    Client UNAUTH_ARGUMENT,
    "unauthenticate-argument",
    Conduct,
    OFF_ON,
    &["UNA01"],
    "UNAUTHENTICATE with an argument",
    "Puts a word behind UNAUTHENTICATE, which takes none.";
    "Does it put a word behind UNAUTHENTICATE?",
    &["No", "Yes"]
);
switch!(
    Client UNAUTH_PIPELINED,
    "command-behind-unauthenticate",
    Conduct,
    OFF_ON,
    &["UNA08"],
    "Does not wait for the reset",
    "Sends the next user's first message behind UNAUTHENTICATE before the answer, as if that user were logged in.";
    "Does it send the next user's commands before the answer to UNAUTHENTICATE is there?",
    &["No", "Yes"]
);

switch!(
    Client LITERALS_ANYWAY,
    "literals-anyway",
    Conduct,
    OFF_ON,
    &[],
    "Literals that wait for nobody, permitted or not",
    "Sends literals without waiting for leave although the server lists nothing that permits it (RFC 7888).";
    "Does it send literals without waiting where the server does not allow that?",
    &["No", "Yes"]
);
switch!(
    Client COMPRESS_PIPELINED,
    "command-behind-compress",
    Conduct,
    OFF_ON,
    &["S-4978"],
    "Does not wait for compression",
    "Sends its next command behind COMPRESS before the answer, so that nobody can tell whether it is compressed.";
    "Does it send commands behind COMPRESS before the answer is there?",
    &["No", "Yes"]
);
switch!(
    Client NO_UTF8,
    "utf8-not-enabled",
    Conduct,
    OFF_ON,
    &[],
    "Does not enable UTF-8",
    "Opens a mailbox without ENABLE UTF8=ACCEPT where the server serves nothing but UTF-8 (RFC 6855 section 6).";
    "A server serves nothing but UTF-8. Does the client say that it takes that before it opens a mailbox?",
    &["Yes", "No"]
);
switch!(
    Client LOGIN_PIPELINED,
    "login-behind-unauthenticate",
    Setting,
    OFF_ON,
    &[],
    "Logs in right behind the reset",
    "Sends the next user's AUTHENTICATE behind UNAUTHENTICATE without waiting for its answer, which is permitted for a login alone (RFC 8437 section 3); only with a mechanism that needs no challenge, where its message may stand in the first line.";
    "Does it send the next user's login together with UNAUTHENTICATE?",
    &["No, it waits for the answer and asks for capabilities", "Yes"]
);

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A command; `probe`: any answer will do.
    Command { text: String, probe: bool },
    /// APPEND of a draft.
    Draft,
    /// IDLE, and DONE when leave to wait was given.
    Idle,
    /// UNAUTHENTICATE: the next user's login comes behind it.
    HandOver,
}

/// Stands for a need that is met where an earlier user of the connection compressed.
const AGAIN: &str = "(compressed before)";

/// A step and the capability that it needs; empty: none.
type Line = (&'static str, &'static str);

const READ: &[Line] = &[("", "SELECT INBOX"), ("", "FETCH 1 BODY[]"), ("", "NOOP")];

const ORGANISE: &[Line] = &[
    ("", "CAPABILITY"),
    ("ID", "ID (\"name\" \"STARTTLS Lab\")"),
    ("ENABLE", "ENABLE CONDSTORE"),
    ("NAMESPACE", "NAMESPACE"),
    ("", "LIST \"\" *"),
    ("LIST-MYRIGHTS", "LIST \"\" user/* RETURN (MYRIGHTS)"),
    ("ACL", "?MYRIGHTS user/carol/Plans"),
    ("", "STATUS Archive (MESSAGES UNSEEN UIDNEXT)"),
    ("", "SELECT Archive"),
    ("SEARCHRES", "UID SEARCH RETURN (SAVE) FLAGGED"),
    ("SEARCHRES", "FETCH $ (FLAGS UID)"),
    ("", "SEARCH UNSEEN"),
    ("", "FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"),
    ("", "FETCH 2 BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)]"),
    ("", "STORE 1 +FLAGS (\\Seen \\Flagged)"),
    ("", "COPY 2 Sent"),
    ("", "UID STORE 3 +FLAGS.SILENT (\\Deleted)"),
    ("UIDPLUS", "UID EXPUNGE 3"),
    ("", "EXPUNGE"),
    ("", "CREATE Old"),
    ("MOVE", "MOVE 1 Old"),
    ("UNSELECT", "UNSELECT"),
    ("", "EXAMINE Old"),
    ("", "CLOSE"),
    ("", "DELETE Old"),
    ("MAILBOX-REFERRALS", "?SELECT Elsewhere"),
    ("COMPRESS=DEFLATE", "COMPRESS DEFLATE"),
    ("", "NOOP"),
];

const DRAFT: &[Line] = &[("", "CAPABILITY"), ("", "!draft"), ("", "SELECT Drafts"), ("", "FETCH 1 BODY[]")];

const IDLE: &[Line] = &[("", "CAPABILITY"), ("", "SELECT INBOX"), ("IDLE", "!idle"), ("", "NOOP")];

/// One user's work leaves every kind of state behind, the next one's looks for it.
const SECOND_USER: &[Line] = &[
    ("", "CAPABILITY"),
    ("ENABLE", "ENABLE QRESYNC"),
    ("LANGUAGE", "LANGUAGE de"),
    ("ACL", "?MYRIGHTS user/carol/Plans"),
    ("", "SELECT user/ana/Team"),
    ("", "FETCH 1 BODY[TEXT]"),
    ("CONTEXT=SEARCH", "SELECT INBOX"),
    ("CONTEXT=SEARCH", "SEARCH RETURN (UPDATE) ALL"),
    ("", "NOOP"),
    ("", "SELECT Archive"),
    ("", "FETCH 1 BODY[TEXT]"),
    ("", "STORE 2 +FLAGS (\\Deleted)"),
    ("SEARCHRES", "SEARCH RETURN (SAVE) ALL"),
    ("NOTIFY", "NOTIFY SET (personal (MessageNew MessageExpunge))"),
    ("COMPRESS=DEFLATE", "COMPRESS DEFLATE"),
    ("", "!hand-over"),
    ("", "CAPABILITY"),
    ("", "?FETCH 1 FLAGS"),
    ("ACL", "?MYRIGHTS user/carol/Plans"),
    ("", "LIST \"\" *"),
    ("", "STATUS Team (MESSAGES UNSEEN)"),
    ("", "NOOP"),
    ("", "SELECT Team"),
    ("SEARCHRES", "?FETCH $ (FLAGS)"),
    ("", "STORE 1 +FLAGS (\\Flagged)"),
    ("", "STORE 1 +FLAGS (\\Deleted)"),
    ("", "EXPUNGE"),
    (AGAIN, "?COMPRESS DEFLATE"),
    ("", "NOOP"),
];

/// What it does where it was sent for one mailbox.
const REFERRED: &[Line] = &[("", "!select"), ("", "FETCH 1 BODY[]")];

/// Goes through the steps of one piece of work.
#[derive(Debug)]
pub(super) struct Work {
    lines: &'static [Line],
    at: usize,
    compressed: bool,
    /// It says that it takes UTF-8, where a server serves nothing else, and has said so.
    takes_utf8: bool,
    said_utf8: bool,
    /// The mailbox that it was sent to this server for.
    mailbox: Option<String>,
}

impl Work {
    pub(super) fn new(switches: &Switches) -> Self {
        let lines = match switches.get(&WORK) {
            "organise" => ORGANISE,
            "draft" => DRAFT,
            "idle" => IDLE,
            "second-user" => SECOND_USER,
            _ => READ,
        };
        Self {
            lines,
            at: 0,
            compressed: false,
            takes_utf8: !switches.on(&NO_UTF8),
            said_utf8: false,
            mailbox: None,
        }
    }

    /// The next step that the server's list permits; nothing where the connection cannot change hands.
    pub(super) fn next(&mut self, list: Option<&Capabilities>) -> Option<Step> {
        if self.takes_utf8 && !self.said_utf8 && list.is_some_and(|list| list.has("UTF8=ONLY")) {
            self.said_utf8 = true;
            return Some(Step::Command { text: "ENABLE UTF8=ACCEPT".to_owned(), probe: false });
        }
        loop {
            let lines = if self.mailbox.is_some() { REFERRED } else { self.lines };
            let (needs, text) = *lines.get(self.at)?;
            self.at = self.at.saturating_add(1);
            let compressed = self.compressed;
            let listed =
                |item: &str| list.is_some_and(|list| list.has(item)) || (item == AGAIN && compressed);
            if !needs.is_empty() && !listed(needs) {
                continue;
            }
            self.compressed |= text == "COMPRESS DEFLATE";
            return Some(match text {
                "!draft" => Step::Draft,
                "!idle" => Step::Idle,
                "!select" => self.select(),
                "!hand-over" if !listed("UNAUTHENTICATE") => return None,
                "!hand-over" => Step::HandOver,
                _ => match text.strip_prefix('?') {
                    Some(probe) => Step::Command { text: probe.to_owned(), probe: true },
                    None => Step::Command { text: text.to_owned(), probe: false },
                },
            });
        }
    }

    /// SELECT of the mailbox that it was sent for.
    fn select(&self) -> Step {
        let name = utf7::encode(self.mailbox.as_deref().unwrap_or_default());
        let name = String::from_utf8_lossy(&quoted(name.as_bytes())).into_owned();
        Step::Command { text: format!("SELECT {name}"), probe: false }
    }

    pub(super) fn start_again(&mut self) {
        self.at = 0;
        self.said_utf8 = false;
        self.mailbox = None;
    }

    /// The connection that comes next is to another server, for a mailbox; empty: for everything.
    pub(super) fn go_to(&mut self, mailbox: &str) {
        self.mailbox = Some(mailbox.to_owned()).filter(|mailbox| !mailbox.is_empty());
    }
}

/// How a string goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Strings {
    /// A literal only where nothing else holds it.
    #[default]
    IfNeeded,
    /// Literals.
    Literal,
}

/// A command in the pieces between which it waits for leave.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Vec<u8>>,
    open: Vec<u8>,
}

impl Pieces {
    pub(super) fn text(mut self, octets: &[u8]) -> Self {
        self.open.extend_from_slice(octets);
        self
    }

    /// A literal; `waits`: a synchronizing one.
    pub(super) fn literal(mut self, octets: &[u8], waits: bool) -> Self {
        let plus = if waits { "" } else { "+" };
        self.open.extend(format!("{{{}{plus}}}\r\n", octets.len()).bytes());
        if waits {
            self.pieces.push(std::mem::take(&mut self.open));
        }
        self.open.extend_from_slice(octets);
        self
    }

    /// A string: an atom or quoted where that is possible and wanted, else a literal.
    pub(super) fn string(self, octets: &[u8], strings: Strings, waits: bool) -> Self {
        let fits = octets.iter().all(|&o| (b' '..=b'~').contains(&o));
        if strings == Strings::Literal || !fits {
            return self.literal(octets, waits);
        }
        let atom = !octets.is_empty() && octets.iter().all(|&o| grammar::is_astring_char(o));
        if atom { self.text(octets) } else { self.text(&quoted(octets)) }
    }

    /// The first piece, and those that each wait for leave.
    pub(super) fn finish(mut self) -> (Vec<u8>, Vec<Vec<u8>>) {
        self.open.extend_from_slice(b"\r\n");
        self.pieces.push(self.open);
        let first = self.pieces.remove(0);
        (first, self.pieces)
    }
}

/// The draft: an answer that quotes the message.
pub(super) fn draft(account: &Account) -> Vec<u8> {
    let text = account.message.split_once("\r\n\r\n").map_or("", |(_, text)| text);
    let quoted: String = text.lines().map(|line| format!("> {line}\r\n")).collect();
    format!("From: {}@example.test\r\nSubject: Re: Friday\r\n\r\n{quoted}I shall be there.\r\n", account.user)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_need_what_is_not_listed_are_left_out() {
        let mut switches = Switches::default();
        switches.set(&[&WORK], "work", "second-user").unwrap();
        let steps = |items: &[&[u8]]| {
            let list = Capabilities::new(items.iter().copied());
            let mut work = Work::new(&switches);
            std::iter::from_fn(move || work.next(Some(&list))).collect::<Vec<_>>()
        };
        let short = steps(&[b"IMAP4rev1"]);
        assert!(!short.contains(&Step::HandOver) && !short.is_empty());
        let long = steps(&[b"UNAUTHENTICATE", b"ENABLE"]);
        assert!(long.contains(&Step::HandOver) && long.len() > short.len());
    }

    #[test]
    fn literals_cut_a_command_where_it_waits() {
        let pieces = Pieces::default().text(b"a LOGIN ").literal(b"tim", true).text(b" ").literal(b"x", true);
        let (first, rest) = pieces.finish();
        assert_eq!(first, b"a LOGIN {3}\r\n");
        assert_eq!(rest, [b"tim {1}\r\n".to_vec(), b"x\r\n".to_vec()]);
        let (first, rest) = Pieces::default().text(b"a LOGIN ").literal(b"tim", false).finish();
        assert_eq!((first, rest.len()), (b"a LOGIN {3+}\r\ntim\r\n".to_vec(), 0));
        let (quoted, _) = Pieces::default().string(b"a b", Strings::IfNeeded, true).finish();
        assert_eq!(quoted, b"\"a b\"\r\n");
        let (long, rest) = Pieces::default().string("\u{fc}".as_bytes(), Strings::IfNeeded, true).finish();
        assert_eq!((long, rest.len()), (b"{2}\r\n".to_vec(), 1));
    }
}
