//! Commands on mailboxes: SELECT, LIST, STATUS, MYRIGHTS, APPEND, and making, naming and leaving them.

use super::session::Selected;
use super::store::{ELSEWHERE, Full, Identity, MailboxId, OTHER_USERS, SEPARATOR};
use super::{ImapServer, MAILBOX_REFERRAL, UTF8_ONLY};
use crate::proto::OTHER_HOST;
use crate::proto::imap::request::{Day, List};

/// The flags that every mailbox has.
const FLAGS: &str = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";
/// How often a pattern may try another split of a name.
const MATCH_LIMIT: usize = 10_000;

impl ImapServer {
    fn who(&self) -> Identity {
        self.session.who.clone().unwrap_or_default()
    }

    fn no_mailbox(&mut self, tag: &str, octets: &[u8]) {
        let elsewhere = self.gate.on(&MAILBOX_REFERRAL) && self.name_of(octets).as_deref() == Some(ELSEWHERE);
        if elsewhere {
            let user = self.who().user;
            let url = format!("imap://{user};AUTH=*@{OTHER_HOST}/{ELSEWHERE}");
            self.no(tag, &format!("[REFERRAL {url}] this mailbox is kept there"));
        } else {
            self.no(tag, "[NONEXISTENT] there is no such mailbox");
        }
    }

    pub(super) fn select(
        &mut self,
        tag: &str,
        octets: &[u8],
        read_only: bool,
        condstore: bool,
        resync: Option<(u64, u64)>,
    ) {
        let name = if read_only { "EXAMINE" } else { "SELECT" };
        if self.gate.on(&UTF8_ONLY) && !self.session.utf8() {
            return self.no(tag, "enable UTF8=ACCEPT first");
        }
        if resync.is_some() && !self.session.has("QRESYNC") {
            return self.bad(tag, "QRESYNC was not enabled");
        }
        // A failed SELECT too leaves the mailbox that was selected (RFC 9051 section 6.3.2).
        let left = self.session.selected.take().is_some();
        if !self.session.saved_sticks {
            self.session.saved.clear();
        }
        let failed = |server: &mut Self| {
            if left {
                server.note_state();
            }
        };
        let Some(id) = self.find(octets) else {
            self.no_mailbox(tag, octets);
            return failed(self);
        };
        if !self.may(id, 'r') {
            self.no(tag, "[NOPERM] this mailbox may not be read");
            return failed(self);
        }
        self.session.condstore |= condstore || resync.is_some();
        let changes = ['s', 'w', 'i', 't', 'e'].into_iter().any(|right| self.may(id, right));
        let Some(mailbox) = self.store.get(id) else { return };
        let uids: Vec<u32> = mailbox.messages.iter().map(|message| message.uid).collect();
        let selected =
            Selected { mailbox: id, read_only: read_only || !changes, uids, modseq: mailbox.modseq };
        let (validity, next, modseq) = (mailbox.uid_validity, mailbox.uid_next, mailbox.modseq);
        let unseen = mailbox.messages.iter().position(|m| !m.seen_by.contains(&self.session.flags_of));
        let mut lines = Vec::new();
        let rev2 = self.session.has("IMAP4REV2");
        if left && (rev2 || self.session.has("QRESYNC")) {
            lines.push("OK [CLOSED] the mailbox before is left".to_owned());
        }
        lines.push(format!("FLAGS ({FLAGS})"));
        let permanent = if selected.read_only { String::new() } else { format!("{FLAGS} \\*") };
        lines.push(format!("OK [PERMANENTFLAGS ({permanent})] kept"));
        lines.push(format!("{} EXISTS", selected.count()));
        if rev2 {
            let own = self.store.name(&self.who(), id);
            lines.push(format!("LIST () \"{SEPARATOR}\" {}", self.written(&own)));
        } else {
            lines.push("0 RECENT".to_owned());
            if let Some(first) = unseen {
                lines.push(format!("OK [UNSEEN {}] the first that is new", first.saturating_add(1)));
            }
        }
        lines.push(format!("OK [UIDVALIDITY {validity}] stays the same"));
        lines.push(format!("OK [UIDNEXT {next}] comes next"));
        lines.push(format!("OK [HIGHESTMODSEQ {modseq}] is the newest"));
        if let Some((_, since)) = resync.filter(|(known, _)| *known == u64::from(validity)) {
            lines.extend(self.resync(&selected, since));
        }
        let access = if selected.read_only { "[READ-ONLY] " } else { "[READ-WRITE] " };
        self.session.selected = Some(selected);
        self.note_state();
        for line in lines {
            self.send(format!("* {line}"));
        }
        self.done_with(tag, access, name);
    }

    /// What changed in a mailbox since the client was last there (RFC 7162 section 3.2.5).
    fn resync(&self, selected: &Selected, since: u64) -> Vec<String> {
        let Some(mailbox) = self.store.get(selected.mailbox) else { return Vec::new() };
        let gone = mailbox.expunged.iter().filter(|(_, modseq)| *modseq > since);
        let gone: Vec<String> = gone.map(|(uid, _)| uid.to_string()).collect();
        let mut lines = Vec::new();
        if !gone.is_empty() {
            lines.push(format!("VANISHED (EARLIER) {}", gone.join(",")));
        }
        for message in mailbox.messages.iter().filter(|message| message.modseq > since) {
            if let Some(number) = selected.number(message.uid) {
                let flags = message.flags_of(&self.session.flags_of).join(" ");
                let (uid, modseq) = (message.uid, message.modseq);
                lines.push(format!("{number} FETCH (UID {uid} FLAGS ({flags}) MODSEQ ({modseq}))"));
            }
        }
        lines
    }

    /// CLOSE and UNSELECT.
    pub(super) fn close(&mut self, tag: &str, expunge: bool) {
        let left = self.session.selected.take();
        if let Some(selected) = left.filter(|selected| expunge && !selected.read_only)
            && self.may(selected.mailbox, 'e')
            && let Some(mailbox) = self.store.get_mut(selected.mailbox)
        {
            mailbox.expunge(|message| message.flags.contains("\\Deleted"));
        }
        self.note_state();
        self.done(tag, if expunge { "CLOSE" } else { "UNSELECT" });
    }

    pub(super) fn list(&mut self, tag: &str, list: &List) {
        let name = if list.lsub { "LSUB" } else { "LIST" };
        let who = self.who();
        let wants = |option: &str| list.returns.iter().any(|wanted| wanted == option);
        let only = |option: &str| list.select.iter().any(|wanted| wanted == option);
        // The empty pattern asks for the separator and the root of the reference.
        if list.patterns.iter().all(Vec::is_empty) {
            self.send(format!("* {name} (\\Noselect) \"{SEPARATOR}\" \"\""));
            self.done(tag, name);
            return;
        }
        for (own, id) in self.store.listed(&who) {
            let Some(mailbox) = self.store.get(id) else { continue };
            let subscribed = mailbox.subscribed.contains(&who.user);
            let special = mailbox.special;
            if ((list.lsub || only("SUBSCRIBED")) && !subscribed)
                || (only("SPECIAL-USE") && special.is_none())
            {
                continue;
            }
            let fits = list.patterns.iter().any(|pattern| {
                let pattern = [&list.reference[..], pattern].concat();
                self.name_or_pattern(&pattern).is_some_and(|pattern| fits(&pattern, &own))
            });
            if !fits {
                continue;
            }
            let mut attributes = Vec::new();
            if (wants("SUBSCRIBED") || only("SUBSCRIBED")) && subscribed {
                attributes.push("\\Subscribed");
            }
            if wants("CHILDREN") {
                attributes.push("\\HasNoChildren");
            }
            attributes.extend(special.filter(|_| !list.lsub));
            let written = self.written(&own);
            self.send(format!("* {name} ({}) \"{SEPARATOR}\" {written}", attributes.join(" ")));
            if wants("MYRIGHTS") {
                let rights = self.store.rights(&who, id);
                self.send(format!("* MYRIGHTS {written} {rights}"));
            }
            if wants("STATUS") {
                self.send_status(id, &list.status);
            }
        }
        self.done(tag, name);
    }

    /// A pattern is written like a name, but `%` and `*` may stand in it.
    fn name_or_pattern(&self, octets: &[u8]) -> Option<String> {
        let pattern = self.name_of(octets)?;
        // INBOX is the one name without regard to case.
        Some(if pattern.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { pattern })
    }

    pub(super) fn my_rights(&mut self, tag: &str, octets: &[u8]) {
        let Some(id) = self.find(octets) else { return self.no_mailbox(tag, octets) };
        let who = self.who();
        let name = self.written(&self.store.name(&who, id));
        let rights = self.store.rights(&who, id);
        self.send(format!("* MYRIGHTS {name} {rights}"));
        self.done(tag, "MYRIGHTS");
    }

    pub(super) fn status(&mut self, tag: &str, octets: &[u8], items: &[String]) {
        let Some(id) = self.find(octets) else { return self.no_mailbox(tag, octets) };
        if !self.may(id, 'r') {
            return self.no(tag, "[NOPERM] this mailbox may not be read");
        }
        self.session.condstore |= items.iter().any(|item| item == "HIGHESTMODSEQ");
        self.send_status(id, items);
        self.done(tag, "STATUS");
    }

    pub(super) fn send_status(&mut self, id: MailboxId, items: &[String]) {
        let who = self.who();
        let Some(mailbox) = self.store.get(id).filter(|_| self.store.may(&who, id, 'r')) else { return };
        let value = |item: &str| match item {
            "MESSAGES" => mailbox.messages.len().to_string(),
            "UIDNEXT" => mailbox.uid_next.to_string(),
            "UIDVALIDITY" => mailbox.uid_validity.to_string(),
            "UNSEEN" => mailbox.unseen(&self.session.flags_of).to_string(),
            "DELETED" => {
                mailbox.messages.iter().filter(|m| m.flags.contains("\\Deleted")).count().to_string()
            }
            "HIGHESTMODSEQ" => mailbox.modseq.to_string(),
            "SIZE" => mailbox.messages.iter().map(|m| m.text.len()).sum::<usize>().to_string(),
            _ => "0".to_owned(),
        };
        let values: Vec<String> = items.iter().map(|item| format!("{item} {}", value(item))).collect();
        let name = self.written(&self.store.name(&who, id));
        self.send(format!("* STATUS {name} ({})", values.join(" ")));
    }

    pub(super) fn append(
        &mut self,
        tag: &str,
        octets: &[u8],
        flags: &[String],
        date: Option<(Day, String)>,
        message: Vec<u8>,
    ) {
        let Some(id) = self.find(octets) else {
            return self.no(tag, "[TRYCREATE] there is no such mailbox");
        };
        if !self.may(id, 'i') {
            return self.no(tag, "[NOPERM] nothing may be put into this mailbox");
        }
        if message.contains(&0) {
            return self.no(tag, "a message holds no NUL");
        }
        let user = self.session.flags_of.clone();
        match self.store.append(id, flags, &user, date, message) {
            Err(full) => self.full(tag, full),
            Ok(uid) => {
                let validity = self.store.get(id).map_or(0, |mailbox| mailbox.uid_validity);
                // Who may not look into a mailbox learns no UID of it (RFC 9051 section 11.4).
                let code =
                    if self.may(id, 'r') { format!("[APPENDUID {validity} {uid}] ") } else { String::new() };
                self.done_with(tag, &code, "APPEND");
            }
        }
    }

    pub(super) fn full(&mut self, tag: &str, full: Full) {
        self.no(
            tag,
            match full {
                Full::Quota => "[OVERQUOTA] there is no room for this",
                Full::Mailboxes => "[LIMIT] there are too many mailboxes",
            },
        );
    }

    /// The name for a new mailbox: the user's own, and not there yet.
    fn new_name(&mut self, tag: &str, octets: &[u8]) -> Option<String> {
        let name = self.name_of(octets);
        let name = name.map(|name| name.trim_end_matches(SEPARATOR).to_owned()).filter(|name| {
            !name.is_empty() && !name.contains(['%', '*']) && !name.split(SEPARATOR).any(str::is_empty)
        });
        let taken = name.as_ref().is_some_and(|name| self.store.find(&self.who(), name).is_some());
        match name {
            None => self.no(tag, "[CANNOT] this is no name for a mailbox"),
            Some(name) if name.starts_with(OTHER_USERS) => {
                self.no(tag, "[NOPERM] nothing may be made there");
            }
            Some(_) if taken => self.no(tag, "[ALREADYEXISTS] this mailbox is there"),
            Some(name) => return Some(name),
        }
        None
    }

    pub(super) fn create(&mut self, tag: &str, octets: &[u8]) {
        let Some(name) = self.new_name(tag, octets) else { return };
        let who = self.who();
        match self.store.create(&who, &name) {
            Ok(_) => self.done(tag, "CREATE"),
            Err(full) => self.full(tag, full),
        }
    }

    /// A mailbox that its user may take away or give another name.
    fn own(&mut self, tag: &str, octets: &[u8]) -> Option<MailboxId> {
        let found = self.find(octets);
        let inbox = found.and_then(|id| self.store.get(id)).is_some_and(|mailbox| mailbox.path == "INBOX");
        match found {
            None => self.no_mailbox(tag, octets),
            Some(id) if inbox || !self.may(id, 'x') => self.no(tag, "[NOPERM] this mailbox stays as it is"),
            found => return found,
        }
        None
    }

    pub(super) fn delete(&mut self, tag: &str, octets: &[u8]) {
        let Some(id) = self.own(tag, octets) else { return };
        if self.session.selected.as_ref().is_some_and(|selected| selected.mailbox == id) {
            return self.no(tag, "[INUSE] this mailbox is selected");
        }
        self.store.delete(id);
        self.session.contexts.retain(|context| context.mailbox != id);
        self.done(tag, "DELETE");
    }

    pub(super) fn rename(&mut self, tag: &str, from: &[u8], to: &[u8]) {
        let Some(id) = self.own(tag, from) else { return };
        let Some(name) = self.new_name(tag, to) else { return };
        if let Some(mailbox) = self.store.get_mut(id) {
            mailbox.path = name;
        }
        self.done(tag, "RENAME");
    }

    pub(super) fn subscribe(&mut self, tag: &str, octets: &[u8], on: bool) {
        let who = self.who();
        let Some(mailbox) = self.find(octets).and_then(|id| self.store.get_mut(id)) else {
            return self.no_mailbox(tag, octets);
        };
        if on {
            mailbox.subscribed.insert(who.user);
        } else {
            mailbox.subscribed.remove(&who.user);
        }
        self.done(tag, if on { "SUBSCRIBE" } else { "UNSUBSCRIBE" });
    }
}

/// Whether a name fits a pattern: `*` is anything, `%` anything without the separator. Both star forms go back only to
/// the last of them, so that the cost stays within the product of the lengths.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let mut reached = vec![false; name.len().saturating_add(1)];
    if pattern.len().saturating_mul(reached.len()) > MATCH_LIMIT {
        return false;
    }
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in pattern {
        let mut next = vec![false; reached.len()];
        let mut open = false;
        for (at, here) in reached.iter().enumerate() {
            match wanted {
                '*' | '%' => {
                    if wanted == '%' && at > 0 && name.get(at.saturating_sub(1)) == Some(&SEPARATOR) {
                        open = false;
                    }
                    open |= *here;
                    if let Some(slot) = next.get_mut(at) {
                        *slot = open;
                    }
                }
                other => {
                    if *here
                        && name.get(at) == Some(&other)
                        && let Some(slot) = next.get_mut(at.saturating_add(1))
                    {
                        *slot = true;
                    }
                }
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stop_at_the_separator_or_do_not() {
        for (pattern, name, wanted) in [
            ("*", "user/ana/Team", true),
            ("%", "user/ana/Team", false),
            ("%", "INBOX", true),
            ("user/%/Team", "user/ana/Team", true),
            ("user/%", "user/ana/Team", false),
            ("user/*m", "user/ana/Team", true),
            ("INBOX", "INBOX", true),
            ("INBO", "INBOX", false),
            ("%/%/%", "user/ana/Team", true),
            ("**", "x", true),
            ("", "", true),
        ] {
            assert_eq!(fits(pattern, name), wanted, "{pattern} {name}");
        }
        assert!(!fits(&"*".repeat(MATCH_LIMIT), "x"), "a hostile pattern costs nothing");
    }
}
