//! The server's answers, command by command.

use super::*;
use crate::base::Switches;
use crate::proto::ProtocolRecord;
use crate::sim::default_account;

/// A connection to a server.
pub(super) struct Talk {
    server: ImapServer,
}

impl Talk {
    /// A server with some switches set, to which nobody has spoken yet.
    pub fn new(set: &[(&str, &str)]) -> Self {
        let record: &ProtocolRecord = &crate::proto::imap::RECORD;
        let list = (record.switches)(crate::base::Side::Server);
        let mut switches = Switches::default();
        switches.set(list, "logindisabled", "off").unwrap();
        for (id, value) in set {
            switches.set(list, id, value).unwrap();
        }
        let mut server = ImapServer::new(&default_account(), &switches, Seed(1));
        let _ = server.step(Tick(0), Input::Connected);
        Self { server }
    }

    /// As [`Self::new`], with somebody logged in.
    pub fn logged_in(user: &str, set: &[(&str, &str)]) -> Self {
        let mut talk = Self::new(set);
        let password = match user {
            "tim" => "tanstaaftanstaaf",
            "ana" => "wunderlampe",
            _ => "karussell",
        };
        assert!(talk.say(&format!("l LOGIN {user} {password}")).contains("l OK"));
        talk
    }

    /// What the server sends to a line.
    pub fn say(&mut self, line: &str) -> String {
        self.octets(format!("{line}\r\n").as_bytes())
    }

    pub fn octets(&mut self, octets: &[u8]) -> String {
        String::from_utf8(self.raw(octets)).unwrap().replace("\r\n", "\n")
    }

    fn raw(&mut self, octets: &[u8]) -> Vec<u8> {
        let mut said = Vec::new();
        for output in self.server.step(Tick(1), Input::Octets(octets)) {
            if let Output::Send(octets) = output {
                said.extend(octets);
            }
        }
        said
    }

    /// Says a line whose answer must be this.
    #[track_caller]
    pub fn gets(&mut self, line: &str, answer: &str) {
        let said = self.say(line);
        assert_eq!(said.trim_end(), answer.trim_end(), "{line}");
    }

    /// Says a line in whose answer all of these must stand.
    #[track_caller]
    pub fn has(&mut self, line: &str, parts: &[&str]) {
        let said = self.say(line);
        for part in parts {
            assert!(said.contains(part), "{line}\n{said}lacks {part}");
        }
    }
}

#[test]
fn states_gate_commands() {
    let mut talk = Talk::new(&[]);
    talk.gets("a SELECT INBOX", "a BAD not in this state");
    talk.gets("a UNAUTHENTICATE", "a BAD this command is not known here");
    talk.has("a NOOP", &["a OK NOOP completed"]);
    talk.has("a LOGIN tim tanstaaftanstaaf", &["a OK"]);
    talk.gets("a LOGIN tim tanstaaftanstaaf", "a BAD not in this state");
    talk.gets("a AUTHENTICATE PLAIN", "a BAD not in this state");
    talk.gets("a FETCH 1 FLAGS", "a BAD select a mailbox first");
    talk.has("a SELECT INBOX", &["* 1 EXISTS", "a OK [READ-WRITE]"]);
    // A failed SELECT leaves the mailbox.
    talk.has("a SELECT Nowhere", &["a NO [NONEXISTENT]"]);
    talk.gets("a FETCH 1 FLAGS", "a BAD select a mailbox first");
    talk.gets("a LOGOUT", "* BYE until next time\na OK LOGOUT completed");
    talk.gets("a NOOP", "");
}

#[test]
fn everybody_logs_in_as_themselves() {
    let mut talk = Talk::new(&[("mechanisms", "all")]);
    talk.has("a LOGIN ana tanstaaftanstaaf", &["a NO [AUTHENTICATIONFAILED]"]);
    talk.has("a LOGIN ana wunderlampe", &["a OK"]);
    talk.has("a LIST \"\" *", &["Team\n", "Letterbox\n"]);
    // Ana acting as Tim.
    let mut talk = Talk::new(&[("plain-accepted-in-clear", "on")]);
    let message = |authzid: &str| {
        base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            format!("{authzid}\0ana\0wunderlampe"),
        )
    };
    talk.has(&format!("a AUTHENTICATE PLAIN {}", message("tim")), &["a NO [AUTHORIZATIONFAILED]"]);
    talk.has(&format!("a AUTHENTICATE PLAIN {}", message("ana")), &["a OK"]);
}

#[test]
fn messages_are_fetched_and_seen_by_each_user_alone() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.has("a SELECT user/ana/Team", &["* 1 EXISTS", "[UNSEEN 1]"]);
    talk.gets(
        "a FETCH 1 (FLAGS UID BODY.PEEK[TEXT])",
        "* 1 FETCH (FLAGS () UID 1 BODY[TEXT] {22}\nWho brings the cake?\n)\na OK FETCH completed",
    );
    talk.has("a FETCH 1 BODY[]", &["FLAGS (\\Seen) BODY[] {"]);
    talk.has(
        "a FETCH 1 (ENVELOPE BODYSTRUCTURE INTERNALDATE RFC822.SIZE)",
        &["ENVELOPE (NIL \"Team\" ((NIL NIL \"ana\" \"example.test\"))"],
    );
    talk.gets("a FETCH 2 FLAGS", "a BAD there is no message of that number");
    talk.gets("a UID FETCH 7 FLAGS", "a OK FETCH completed");
    // The rights are lrs: no other flag may change.
    talk.has("a STORE 1 +FLAGS (\\Flagged)", &["a NO [NOPERM]"]);
    talk.has("a STORE 1 -FLAGS (\\Seen)", &["* 1 FETCH (FLAGS ())\na OK STORE"]);
    talk.has("a STATUS user/ana/Team (UNSEEN MESSAGES)", &["* STATUS user/ana/Team (UNSEEN 1 MESSAGES 1)"]);
}

#[test]
fn flags_expunge_and_mod_sequences() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.has("a SELECT Archive", &["* 3 EXISTS", "[HIGHESTMODSEQ 4]"]);
    talk.gets("a STORE 2 +FLAGS.SILENT (\\Deleted)", "a OK STORE completed");
    talk.gets(
        "a UID STORE 3 FLAGS (\\Deleted $Junk)",
        "* 3 FETCH (UID 3 FLAGS ($Junk \\Deleted))\na OK STORE completed",
    );
    // From here on CONDSTORE is enabled (RFC 7162 section 3.1).
    talk.has("a FETCH 1 MODSEQ", &["* 1 FETCH (MODSEQ (2))"]);
    talk.gets("a STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Flagged)", "a OK [MODIFIED 1] STORE completed");
    talk.has("a STORE 1 +FLAGS (\\Flagged)", &["MODSEQ (7)"]);
    talk.gets("a UID EXPUNGE 3", "* 3 EXPUNGE\na OK EXPUNGE completed");
    talk.gets("a EXPUNGE", "* 2 EXPUNGE\na OK EXPUNGE completed");
    // RFC 5161 section 3.1: not while a mailbox is open.
    talk.gets("a ENABLE QRESYNC", "a BAD not in this state");
    talk.has("a UNSELECT", &["a OK"]);
    talk.has("a ENABLE QRESYNC", &["* ENABLED QRESYNC"]);
    talk.has("a SELECT Drafts", &["a OK"]);
    talk.has("a SELECT Archive", &["* OK [CLOSED]"]);
    let mailbox = talk.server.session.selected.as_ref().unwrap().mailbox;
    let validity = talk.server.store.get(mailbox).unwrap().uid_validity;
    talk.has(
        &format!("a SELECT Archive (QRESYNC ({validity} 4 1:3))"),
        &["* VANISHED (EARLIER) 3,2", "* 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (7))"],
    );
    talk.has("a STORE 1 +FLAGS (\\Deleted)", &["a OK"]);
    talk.gets("a EXPUNGE", "* VANISHED 1\na OK EXPUNGE completed");
}

#[test]
fn an_examined_mailbox_stays_as_it_is() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.has("a EXAMINE INBOX", &["[PERMANENTFLAGS ()]", "a OK [READ-ONLY]"]);
    talk.gets("a STORE 1 +FLAGS (\\Deleted)", "a NO [READ-ONLY] this mailbox may not be changed");
    assert!(!talk.say("a FETCH 1 BODY[]").contains("\\Seen"));
    talk.has("a EXPUNGE", &["a NO [READ-ONLY]"]);
    talk.has("a CLOSE", &["a OK"]);
    talk.has("a SELECT INBOX", &["* 1 EXISTS"]);
}

#[test]
fn searches_are_answered_saved_and_kept_up_to_date() {
    let mut talk = Talk::logged_in("tim", &[("new-mail", "on")]);
    talk.has("a SELECT Archive", &["a OK"]);
    talk.gets("a SEARCH FLAGGED", "* SEARCH 2\na OK SEARCH completed");
    talk.gets(
        "a SEARCH RETURN (MIN MAX COUNT) UNSEEN",
        "* ESEARCH (TAG \"a\") MIN 1 MAX 3 COUNT 3\na OK SEARCH completed",
    );
    talk.gets("a UID SEARCH RETURN (SAVE) OR SUBJECT \"minutes 1\" BODY nothing", "a OK SEARCH completed");
    talk.gets("a FETCH $ UID", "* 1 FETCH (UID 1)\na OK FETCH completed");
    talk.gets("a SEARCH NOT $", "* SEARCH 2 3\na OK SEARCH completed");
    talk.has("a SELECT INBOX", &["a OK"]);
    talk.gets("a FETCH $ UID", "a OK FETCH completed");
    talk.has("b SEARCH RETURN (UPDATE) FROM news", &["* ESEARCH (TAG \"b\")\n"]);
    talk.gets("a NOOP", "* ESEARCH (TAG \"b\") ADDTO (0 2)\n* 2 EXISTS\n* 0 RECENT\na OK NOOP completed");
    talk.gets("a CANCELUPDATE \"b\"", "a OK CANCELUPDATE completed");
    talk.gets(
        "a SEARCH CHARSET KLINGON ALL",
        "a NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known here",
    );
    talk.has("a SEARCH MODSEQ 1 SINCE 1-Jun-2026 BEFORE 2-Jun-2026", &["* SEARCH 1 (MODSEQ 2)"]);
}

#[test]
fn messages_are_put_in_with_their_codes_and_limits() {
    let mut talk = Talk::logged_in("tim", &[]);
    assert_eq!(talk.say("a APPEND Drafts (\\Draft \\Seen) {5}"), "+ go on\n");
    assert!(talk.say("hello").contains("a OK [APPENDUID "));
    talk.has("a APPEND Drafts \" 1-Feb-2026 10:00:00 +0100\" {2+}\r\nhi", &[" 2] APPEND completed"]);
    talk.has("a SELECT Drafts", &["* 2 EXISTS"]);
    talk.has(
        "a FETCH 1:2 (FLAGS INTERNALDATE)",
        &["* 1 FETCH (FLAGS (\\Draft \\Seen)", "\" 1-Feb-2026 10:00:00 +0100\""],
    );
    talk.has("a COPY 1:2 Sent", &["a OK [COPYUID ", " 1:2 1:2] COPY"]);
    talk.has("a UID MOVE 2 Sent", &["* OK [COPYUID", "* 2 EXPUNGE"]);
    talk.has("a APPEND Nowhere {2+}\r\nhi", &["a NO [TRYCREATE]"]);
    talk.has("a APPEND user/carol/Plans {2+}\r\nhi", &["a NO [NOPERM]"]);
    // RFC 9051 section 11.4: no UIDs of a mailbox that may not be looked into.
    talk.gets("a APPEND user/ana/Letterbox {2+}\r\nhi", "a OK APPEND completed");
    talk.gets("a COPY 1 user/ana/Letterbox", "a OK COPY completed");
    talk.has("a SELECT user/ana/Letterbox", &["a NO [NOPERM]"]);
    talk.gets("a APPEND INBOX {99999999}", "a NO [TOOBIG] this is more than is taken here");
    talk.has("a NOOP", &["a OK"]);
    for _ in 0..store::MESSAGE_COUNT_LIMIT {
        talk.octets(b"a APPEND Sent {1+}\r\nx\r\n");
    }
    talk.has("a APPEND Sent {1+}\r\nx", &["a NO [OVERQUOTA]"]);
}

#[test]
fn a_literal_that_is_too_big_and_not_asked_for_ends_the_session() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.gets("a APPEND INBOX {99999999+}\r\nx DELETE Archive", "* BYE this is more than is taken here");
    talk.gets("a NOOP", "");
}

#[test]
fn mailboxes_are_listed_with_rights_and_status() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.has("a NAMESPACE", &["* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL"]);
    talk.gets("a LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"\na OK LIST completed");
    talk.gets(
        "a LIST user/ana/ %",
        "* LIST () \"/\" user/ana/Letterbox\n* LIST () \"/\" user/ana/Team\na OK LIST completed",
    );
    talk.has("a LIST (SPECIAL-USE) \"\" *", &["* LIST (\\Drafts) \"/\" Drafts"]);
    talk.gets(
        "a LIST (SUBSCRIBED) \"\" (Z* Sent) RETURN (MYRIGHTS STATUS (MESSAGES UNSEEN))",
        "* LIST (\\Subscribed \\Sent) \"/\" Sent\n* MYRIGHTS Sent lrswipkxtea\n* STATUS Sent (MESSAGES 0 UNSEEN 0)\n\
         * LIST (\\Subscribed) \"/\" Z&APw-rich\n* MYRIGHTS Z&APw-rich lrswipkxtea\n* STATUS Z&APw-rich (MESSAGES 0 UNSEEN 0)\n\
         a OK LIST completed",
    );
    talk.gets("a MYRIGHTS user/carol/Plans", "* MYRIGHTS user/carol/Plans lr\na OK MYRIGHTS completed");
    talk.has("a ENABLE UTF8=ACCEPT X-NOTHING", &["* ENABLED UTF8=ACCEPT\n"]);
    talk.has("a LIST \"\" Z*", &["\"/\" \"Z\u{fc}rich\"\n"]);
    let mut talk = Talk::logged_in("ana", &[]);
    // Who has no right learns nothing, not even that the mailbox is there.
    for name in ["user/carol/Plans", "user/tim/INBOX", "user/carol/Nothing"] {
        talk.gets(&format!("a MYRIGHTS {name}"), "a NO [NONEXISTENT] there is no such mailbox");
    }
    talk.gets("a LIST \"\" user/*", "a OK LIST completed");
}

#[test]
fn mailboxes_are_made_named_and_left() {
    let mut talk = Talk::logged_in("tim", &[]);
    talk.gets("a CREATE Work/2026", "a OK CREATE completed");
    talk.has("a CREATE Work/2026", &["a NO [ALREADYEXISTS]"]);
    talk.has("a CREATE user/ana/Mine", &["a NO [NOPERM]"]);
    talk.has("a CREATE \"a%b\"", &["a NO [CANNOT]"]);
    talk.gets("a RENAME Work/2026 Old", "a OK RENAME completed");
    talk.gets("a UNSUBSCRIBE Old", "a OK UNSUBSCRIBE completed");
    assert!(!talk.say("a LSUB \"\" *").contains("Old"));
    talk.has("a SELECT Old", &["a OK"]);
    talk.has("a DELETE Old", &["a NO [INUSE]"]);
    talk.has("a UNSELECT", &["a OK"]);
    talk.gets("a DELETE Old", "a OK DELETE completed");
    talk.has("a DELETE INBOX", &["a NO [NOPERM]"]);
    talk.has("a DELETE user/ana/Team", &["a NO [NOPERM]"]);
}

#[test]
fn idling_ends_with_done_alone() {
    let mut talk = Talk::logged_in("tim", &[("new-mail", "on")]);
    talk.has("a SELECT INBOX", &["a OK"]);
    talk.gets("a IDLE", "+ idling\n* 2 EXISTS\n* 0 RECENT");
    talk.gets("done", "a OK IDLE completed");
    talk.has("a IDLE", &["+ idling"]);
    // While a client idles its next line is no command.
    talk.gets("x LOGOUT", "a BAD IDLE ends with DONE and nothing else");
    talk.has("a NOOP", &["a OK"]);
    talk.gets("DONE", "* BAD this is not a tag followed by a command");
}

#[test]
fn other_mailboxes_are_told_of_where_that_was_asked_for() {
    let mut talk = Talk::logged_in("tim", &[("new-mail", "on")]);
    talk.has(
        "a NOTIFY SET STATUS (personal (MessageNew MessageExpunge))",
        &["* STATUS INBOX (MESSAGES 1", "* STATUS user/carol/Plans"],
    );
    talk.gets("a NOOP", "* STATUS INBOX (MESSAGES 2 UIDNEXT 3 UNSEEN 2)\na OK NOOP completed");
    talk.gets("a NOTIFY NONE", "a OK NOTIFY completed");
    // Ana's mail comes, then Tim's again; nobody asked.
    talk.gets("a NOOP", "a OK NOOP completed");
    talk.gets("a NOOP", "a OK NOOP completed");
}

#[test]
fn languages_are_switched_and_named() {
    let mut talk = Talk::new(&[]);
    talk.gets("a LANGUAGE", "* LANGUAGE (\"de\" \"i-default\")\na OK LANGUAGE completed");
    talk.gets("a LANGUAGE fr de-CH", "* LANGUAGE (\"de\")\na OK LANGUAGE erledigt");
    talk.gets("a NOOP", "a OK NOOP erledigt");
    talk.gets("a LANGUAGE fr", "a NO none of these languages is spoken here");
    talk.gets("a LANGUAGE default", "* LANGUAGE (\"i-default\")\na OK LANGUAGE completed");
}

#[test]
fn settings_of_the_server() {
    let mut talk = Talk::new(&[("login-referral", "instead")]);
    talk.has("a LOGIN tim tanstaaftanstaaf", &["a NO [REFERRAL imap://tim;AUTH=*@other.example.test/]"]);
    talk.has("a SELECT INBOX", &["a BAD"]);
    let mut talk = Talk::new(&[("login-referral", "with-login"), ("alert", "on")]);
    talk.has("a LOGIN tim tanstaaftanstaaf", &["* OK [ALERT] this", "a OK [REFERRAL imap://tim"]);
    let mut talk = Talk::new(&[("login-capabilities", "on"), ("compress", "on"), ("unauthenticate", "on")]);
    talk.has(
        "a LOGIN tim tanstaaftanstaaf",
        &["a OK [CAPABILITY IMAP4rev1 ", " COMPRESS=DEFLATE UNAUTHENTICATE]"],
    );
    talk.has("a COMPRESS DEFLATE", &["a OK COMPRESS"]);
    talk.has("a COMPRESS DEFLATE", &["a NO [COMPRESSIONACTIVE]"]);
    assert!(!talk.say("a CAPABILITY").contains("COMPRESS"));
    let mut talk = Talk::logged_in("tim", &[("mailbox-referral", "on")]);
    talk.has("a SELECT Elsewhere", &["a NO [REFERRAL imap://tim;AUTH=*@other.example.test/Elsewhere]"]);
    let mut talk = Talk::logged_in("tim", &[("imap4rev2", "on")]);
    talk.has("a CAPABILITY", &["* CAPABILITY IMAP4rev1 IMAP4rev2 "]);
    talk.has("a ENABLE IMAP4rev2", &["* ENABLED IMAP4rev2"]);
    let selected = talk.say("a SELECT INBOX");
    assert!(selected.contains("* LIST () \"/\" INBOX") && !selected.contains("RECENT"), "{selected}");
    talk.gets("a SEARCH ALL", "* ESEARCH (TAG \"a\") ALL 1\na OK SEARCH completed");
    let mut talk = Talk::logged_in("tim", &[]);
    talk.gets("a ENABLE IMAP4rev2", "* ENABLED\na OK ENABLE completed");
    talk.gets("a COMPRESS DEFLATE", "a BAD this command is not known here");
    talk.has("a ID (\"name\" \"x\")", &["* ID (\"name\""]);
}

/// Lines that are right in some state, to be damaged.
const LINES: &[&str] = &[
    "a CAPABILITY",
    "a LOGIN tim tanstaaftanstaaf",
    "a LOGIN {3+}\r\ntim {16}",
    "a AUTHENTICATE PLAIN",
    "AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
    "*",
    "a SELECT INBOX",
    "a SELECT Archive (QRESYNC (7 9 1:3))",
    "a EXAMINE user/ana/Team (CONDSTORE)",
    "a FETCH 1:* (FLAGS UID MODSEQ BODY.PEEK[HEADER.FIELDS (TO)]<0.9>)",
    "a UID FETCH 1 (FLAGS) (CHANGEDSINCE 2 VANISHED)",
    "a STORE 1 (UNCHANGEDSINCE 3) +FLAGS.SILENT (\\Seen $Junk)",
    "a SEARCH RETURN (SAVE MIN UPDATE) OR (FROM x NOT $) SINCE 1-Feb-1994",
    "a APPEND Drafts (\\Draft) \"17-Jul-1996 02:44:25 -0700\" {4+}\r\na\0b\n",
    "a APPEND Drafts {99999}",
    "a COPY 1 Sent",
    "a MOVE 1 Sent",
    "a UID EXPUNGE 1:*",
    "a IDLE",
    "DONE",
    "a NOTIFY SET STATUS (subtree (INBOX user) (MessageNew (UID) MessageExpunge)) (selected NONE)",
    "a LIST (SUBSCRIBED) \"\" (% \"user/*\") RETURN (MYRIGHTS STATUS (SIZE))",
    "a STATUS INBOX (MESSAGES HIGHESTMODSEQ)",
    "a ENABLE QRESYNC UTF8=ACCEPT",
    "a LANGUAGE de",
    "a COMPRESS DEFLATE",
    "a CREATE x",
    "a RENAME Archive y",
    "a DELETE Archive",
    "a UNSELECT",
    "a CLOSE",
    "a ID (\"a\" NIL)",
    "a UNAUTHENTICATE",
    "a LOGOUT",
];

mod any_octets {
    use super::*;
    use proptest::prelude::*;

    /// A line with up to three octets changed, put in or taken out.
    fn damaged() -> impl Strategy<Value = Vec<u8>> {
        let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4);
        (prop::sample::select(LINES), edits).prop_map(|(line, edits)| {
            let mut octets = line.as_bytes().to_vec();
            for (at, octet, how) in edits {
                let at = at.index(octets.len().max(1));
                match how {
                    0 if at < octets.len() => octets[at] = octet,
                    1 if at < octets.len() => drop(octets.remove(at)),
                    _ => octets.insert(at.min(octets.len()), octet),
                }
            }
            octets.extend(b"\r\n");
            octets
        })
    }

    proptest! {
        #[test]
        fn a_command_that_is_refused_as_bad_changes_nothing(
            lines in prop::collection::vec(damaged(), 1..12),
            logged_in in any::<bool>(),
        ) {
            let set = [("unauthenticate", "on"), ("compress", "on"), ("mechanisms", "all")];
            let mut talk = if logged_in { Talk::logged_in("tim", &set) } else { Talk::new(&set) };
            for line in lines {
                let known = |server: &ImapServer| format!("{:?} {:?}", server.session, server.store);
                let before = known(&talk.server);
                let said = talk.raw(&line);
                let answers: Vec<&[u8]> = said.split(|&o| o == b'\n').filter(|line| !line.is_empty()).collect();
                let bad = |line: &&[u8]| {
                    let mut words = line.splitn(3, |&o| o == b' ');
                    words.next() != Some(b"+") && words.next() == Some(b"BAD")
                };
                if let [answer] = &answers[..] && bad(answer) {
                    prop_assert_eq!(before, known(&talk.server), "{}", line.escape_ascii());
                }
                // What is kept stays within its limits, whatever came.
                prop_assert!(talk.server.inbox.unread() <= crate::wire::MESSAGE_LIMIT + line.len());
                prop_assert!(talk.server.session.contexts.len() <= session::CONTEXT_LIMIT);
            }
        }

        #[test]
        fn every_whole_line_is_answered(lines in prop::collection::vec("[ -~]{1,40}", 1..6)) {
            let mut talk = Talk::logged_in("tim", &[]);
            for line in lines {
                if line.ends_with('}') || talk.server.state == State::Ended {
                    break;
                }
                let said = talk.raw(format!("{line}\r\n").as_bytes());
                prop_assert!(!said.is_empty(), "{line}");
                if request::read(line.as_bytes()).1.is_err() {
                    let answer = String::from_utf8_lossy(&said).into_owned();
                    prop_assert!(answer.contains(" BAD "), "{line}: {answer}");
                }
            }
        }
    }
}
