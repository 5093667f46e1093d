//! Commands on messages: FETCH, STORE, COPY, MOVE, EXPUNGE.

use super::store::{FLAG_LIMIT, MESSAGE_COUNT_LIMIT, Message};
use super::{ImapServer, body};
use crate::base::order;
use crate::proto::imap::request::{Fetch, Item, SequenceSet, Store, StoreHow};

/// Octets that one FETCH may answer.
pub const FETCH_LIMIT: usize = 4 << 20;

/// UIDs as a sequence set that names each.
pub(super) fn set_of(uids: &[u32]) -> String {
    let mut text = String::new();
    let mut rest = uids;
    while let [first, behind @ ..] = rest {
        let run =
            behind.iter().zip(first.saturating_add(1)..).take_while(|(uid, next)| **uid == *next).count();
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&first.to_string());
        if let Some(last) = run.checked_sub(1).and_then(|at| behind.get(at)) {
            text.push_str(&format!(":{last}"));
        }
        rest = behind.get(run..).unwrap_or_default();
    }
    text
}

impl ImapServer {
    /// The messages that a set names; says what is wrong and gives nothing where it names a number that there is not.
    fn named(&mut self, tag: &str, set: &SequenceSet, uid: bool) -> Option<Vec<u32>> {
        let found = self.session.uids(set, uid);
        if found.is_none() {
            self.bad(tag, "there is no message of that number");
        }
        found
    }

    pub(super) fn fetch(&mut self, tag: &str, fetch: &Fetch) {
        let Some(uids) = self.named(tag, &fetch.set, fetch.uid) else { return };
        if fetch.vanished && !(fetch.uid && fetch.changed_since.is_some() && self.session.has("QRESYNC")) {
            return self.bad(tag, "VANISHED needs UID FETCH, CHANGEDSINCE and QRESYNC");
        }
        self.session.condstore |= fetch.changed_since.is_some() || fetch.items.contains(&Item::ModSeq);
        let mut items = fetch.items.clone();
        if fetch.uid && !items.contains(&Item::Uid) {
            items.insert(0, Item::Uid);
        }
        if fetch.changed_since.is_some() && !items.contains(&Item::ModSeq) {
            items.push(Item::ModSeq);
        }
        let reads = items.iter().any(|item| matches!(item, Item::Body { peek: false, .. }));
        let Some(selected) = self.session.selected.clone() else { return };
        if let Some(since) = fetch.changed_since.filter(|_| fetch.vanished)
            && let Some(mailbox) = self.store.get(selected.mailbox)
        {
            let highest = selected.uids.last().copied().unwrap_or(0);
            let gone = mailbox
                .expunged
                .iter()
                .filter(|(uid, modseq)| *modseq > since && fetch.set.holds(*uid, highest));
            let gone: Vec<u32> = gone.map(|(uid, _)| *uid).collect();
            if !gone.is_empty() {
                self.send(format!("* VANISHED (EARLIER) {}", set_of(&gone)));
            }
        }
        let user = self.session.flags_of.clone();
        let mut octets = 0;
        for uid in uids {
            let Some(number) = selected.number(uid) else { continue };
            let Some(message) = self.session.message(&self.store, uid) else { continue };
            if fetch.changed_since.is_some_and(|since| message.modseq <= since) {
                continue;
            }
            let sees = reads && !selected.read_only && !message.seen_by.contains(&user);
            let mut wanted = items.clone();
            if sees && self.may(selected.mailbox, 's') {
                if let Some(mailbox) = self.store.get_mut(selected.mailbox) {
                    mailbox.change(uid, |message| message.seen_by.insert(user.clone()));
                }
                if !wanted.contains(&Item::Flags) {
                    wanted.insert(0, Item::Flags);
                }
                if self.session.condstore && !wanted.contains(&Item::ModSeq) {
                    wanted.push(Item::ModSeq);
                }
            }
            let Some(message) = self.session.message(&self.store, uid) else { continue };
            let response = response(number, message, &wanted, &user);
            octets += response.len();
            if octets > FETCH_LIMIT {
                return self.no(tag, "[LIMIT] this is more than is sent at once");
            }
            self.send_octets(&response);
        }
        self.done(tag, "FETCH");
    }

    pub(super) fn store_flags(&mut self, tag: &str, store: &Store) {
        let Some(uids) = self.named(tag, &store.set, store.uid) else { return };
        let Some(selected) = self.session.selected.clone() else { return };
        if selected.read_only {
            return self.no(tag, "[READ-ONLY] this mailbox may not be changed");
        }
        self.session.condstore |= store.unchanged_since.is_some();
        let needed = |flag: &str| match flag {
            "\\Seen" => 's',
            "\\Deleted" => 't',
            _ => 'w',
        };
        // Replacing means taking every flag away that is not named.
        let replaced = if store.how == StoreHow::Replace { &["\\Seen", "\\Deleted", "x"][..] } else { &[] };
        let flags = store.flags.iter().map(String::as_str).chain(replaced.iter().copied());
        if flags.into_iter().any(|flag| !self.may(selected.mailbox, needed(flag))) {
            return self.no(tag, "[NOPERM] these flags may not be changed");
        }
        let user = self.session.flags_of.clone();
        let mut unchanged = Vec::new();
        for uid in uids {
            let (Some(number), Some(mailbox)) = (selected.number(uid), self.store.get_mut(selected.mailbox))
            else {
                continue;
            };
            let Some(message) = mailbox.message(uid) else { continue };
            if store.unchanged_since.is_some_and(|since| message.modseq > since) {
                unchanged.push(if store.uid { uid } else { number });
                continue;
            }
            mailbox.change(uid, |message| change(message, store, &user));
            let mut items = Vec::new();
            if store.uid {
                items.push(Item::Uid);
            }
            if !store.silent {
                items.push(Item::Flags);
            }
            if self.session.condstore {
                items.push(Item::ModSeq);
            }
            let wanted = !store.silent || self.session.condstore;
            if let Some(message) = self.session.message(&self.store, uid).filter(|_| wanted) {
                let response = response(number, message, &items, &user);
                self.send_octets(&response);
            }
        }
        let code =
            if unchanged.is_empty() { String::new() } else { format!("[MODIFIED {}] ", set_of(&unchanged)) };
        self.done_with(tag, &code, "STORE");
    }

    /// COPY and MOVE.
    pub(super) fn copy(&mut self, tag: &str, uid: bool, keep: bool, set: &SequenceSet, target: &[u8]) {
        let name = if keep { "COPY" } else { "MOVE" };
        let Some(uids) = self.named(tag, set, uid) else { return };
        let Some(selected) = self.session.selected.clone() else { return };
        let Some(target) = self.find(target) else {
            return self.no(tag, "[TRYCREATE] there is no such mailbox");
        };
        if !self.may(target, 'i') {
            return self.no(tag, "[NOPERM] nothing may be put into this mailbox");
        }
        if !keep
            && (selected.read_only || !self.may(selected.mailbox, 't') || !self.may(selected.mailbox, 'e'))
        {
            return self.no(tag, "[NOPERM] nothing may be taken out of this mailbox");
        }
        let user = self.session.flags_of.clone();
        let found: Vec<Message> =
            uids.iter().filter_map(|uid| self.session.message(&self.store, *uid).cloned()).collect();
        let octets = found.iter().map(|message| message.text.len()).sum();
        if let Err(full) = self.store.has_room(target, found.len(), octets) {
            return self.full(tag, full);
        }
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for message in found.into_iter().take(MESSAGE_COUNT_LIMIT) {
            let date = Some((message.day, message.date.clone()));
            if let Ok(made) = self.store.append(target, &message.flags_of(&user), &user, date, message.text) {
                from.push(message.uid);
                to.push(made);
            }
        }
        let validity = self.store.get(target).map_or(0, |mailbox| mailbox.uid_validity);
        // Who may not look into a mailbox learns no UID of it (RFC 9051 section 11.4).
        let code = if from.is_empty() || !self.may(target, 'r') {
            String::new()
        } else {
            format!("[COPYUID {validity} {} {}] ", set_of(&from), set_of(&to))
        };
        if keep {
            return self.done_with(tag, &code, name);
        }
        // MOVE names the new UIDs before the numbers shift (RFC 6851 section 4.3).
        if !code.is_empty() {
            self.send(format!("* OK {code}moved"));
        }
        if let Some(mailbox) = self.store.get_mut(selected.mailbox) {
            mailbox.expunge(|message| from.contains(&message.uid));
        }
        self.done(tag, name);
    }

    pub(super) fn expunge(&mut self, tag: &str, set: Option<&SequenceSet>) {
        let Some(selected) = self.session.selected.clone() else { return };
        if selected.read_only || !self.may(selected.mailbox, 'e') {
            return self.no(tag, "[READ-ONLY] nothing may be taken out of this mailbox");
        }
        let only = set.and_then(|set| self.session.uids(set, true));
        if let Some(mailbox) = self.store.get_mut(selected.mailbox) {
            mailbox.expunge(|message| {
                message.flags.contains("\\Deleted")
                    && only.as_ref().is_none_or(|only| only.contains(&message.uid))
                    && selected.uids.contains(&message.uid)
            });
        }
        self.done(tag, "EXPUNGE");
    }
}

fn change(message: &mut Message, store: &Store, user: &str) {
    let shared = store.flags.iter().filter(|flag| *flag != "\\Seen");
    let seen = store.flags.iter().any(|flag| flag == "\\Seen");
    match store.how {
        StoreHow::Replace => {
            message.flags = order::collect(shared.take(FLAG_LIMIT).cloned());
            if seen {
                message.seen_by.insert(user.to_owned());
            } else {
                message.seen_by.remove(user);
            }
        }
        StoreHow::Add => {
            for flag in shared {
                if message.flags.len() < FLAG_LIMIT {
                    message.flags.insert(flag.clone());
                }
            }
            if seen {
                message.seen_by.insert(user.to_owned());
            }
        }
        StoreHow::Remove => {
            for flag in shared {
                message.flags.remove(flag);
            }
            if seen {
                message.seen_by.remove(user);
            }
        }
    }
}

/// A FETCH response.
fn response(number: u32, message: &Message, items: &[Item], user: &str) -> Vec<u8> {
    let mut octets = format!("* {number} FETCH (").into_bytes();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            octets.push(b' ');
        }
        match item {
            Item::Flags => octets.extend(format!("FLAGS ({})", message.flags_of(user).join(" ")).bytes()),
            Item::Uid => octets.extend(format!("UID {}", message.uid).bytes()),
            Item::InternalDate => octets.extend(format!("INTERNALDATE \"{}\"", message.date).bytes()),
            Item::Size => octets.extend(format!("RFC822.SIZE {}", message.text.len()).bytes()),
            Item::ModSeq => octets.extend(format!("MODSEQ ({})", message.modseq).bytes()),
            Item::Envelope => {
                octets.extend(b"ENVELOPE ");
                body::envelope(&message.text, &mut octets);
            }
            Item::Structure { extended } => {
                octets.extend(if *extended { &b"BODYSTRUCTURE "[..] } else { b"BODY " });
                body::structure(&message.text, *extended, &mut octets);
            }
            Item::Body { section, partial, name, .. } => {
                octets.extend(format!("{name} ").bytes());
                match body::section(&message.text, section, *partial) {
                    Some(part) => {
                        octets.extend(format!("{{{}}}\r\n", part.len()).bytes());
                        octets.extend(part);
                    }
                    None => octets.extend(b"NIL"),
                }
            }
        }
    }
    octets.extend(b")\r\n");
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_become_ranges() {
        assert_eq!(set_of(&[1, 2, 3, 5, 7, 8]), "1:3,5,7:8");
        assert_eq!(set_of(&[4]), "4");
        assert_eq!(set_of(&[]), "");
    }
}
