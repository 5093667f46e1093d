//! What happens without being asked for: new mail, changes of the selected mailbox, NOTIFY, searches that are kept up to date.

use super::search::{SearchIn, matches};
use super::session::Session;
use super::store::MailboxId;
use super::text::Language;
use super::{COMPRESS, ImapServer, NEW_MAIL};
use crate::proto::imap::request::{Notify, NotifyFilter};

impl ImapServer {
    /// The next message that was on its way comes, if mail is to come at all.
    pub(super) fn mail_arrives(&mut self) {
        if !self.gate.on(&NEW_MAIL) {
            return;
        }
        let Some((mailbox, uid)) = self.store.deliver() else { return };
        self.notify_of(mailbox);
        self.update_contexts(mailbox, uid);
    }

    /// Tells a client that asked for it that another mailbox changed.
    fn notify_of(&mut self, mailbox: MailboxId) {
        let selected = self.session.selected.as_ref().is_some_and(|selected| selected.mailbox == mailbox);
        let Some((who, notify)) = self.session.notify.clone().filter(|_| !selected) else { return };
        let (Some(found), true) = (self.store.get(mailbox), self.store.may(&who, mailbox, 'r')) else {
            return;
        };
        let means = |filter: &NotifyFilter| match filter {
            NotifyFilter::Selected => false,
            NotifyFilter::Inboxes => found.owner == who.user && found.path == "INBOX",
            NotifyFilter::Personal => found.owner == who.user,
            NotifyFilter::Subscribed => found.subscribed.contains(&who.user),
            NotifyFilter::Named { subtree, mailboxes } => mailboxes.iter().any(|name| {
                let name = self.name_of(name).unwrap_or_default();
                let own = self.store.name(&who, mailbox);
                own == name || (*subtree && own.strip_prefix(&name).is_some_and(|rest| rest.starts_with('/')))
            }),
        };
        let wanted = notify.groups.iter().find(|(filter, _)| means(filter));
        if wanted.is_some_and(|(_, events)| events.iter().any(|event| event == "MESSAGENEW")) {
            let name = self.written(&self.store.name(&who, mailbox));
            let (count, next, unseen) = (found.messages.len(), found.uid_next, found.unseen(&who.user));
            self.send(format!("* STATUS {name} (MESSAGES {count} UIDNEXT {next} UNSEEN {unseen})"));
        }
    }

    /// Tells a client that a message joined the result of a search that it wants kept up to date (RFC 5267 section 4.3).
    fn update_contexts(&mut self, mailbox: MailboxId, uid: u32) {
        let number = self.session.selected.as_ref().map_or(1, |selected| selected.count().saturating_add(1));
        let Some(message) = self.store.get(mailbox).and_then(|mailbox| mailbox.message(uid)) else { return };
        let joined = self.session.contexts.iter().filter(|context| {
            let scope =
                SearchIn { user: &context.user, number, highest: number, highest_uid: uid, saved: &[] };
            context.mailbox == mailbox && matches(&context.search.key, message, &scope)
        });
        let lines: Vec<String> = joined
            .map(|context| {
                let (kind, number) = if context.search.uid { ("UID ", uid) } else { ("", number) };
                format!("* ESEARCH (TAG \"{}\") {kind}ADDTO (0 {number})", context.tag)
            })
            .collect();
        for line in lines {
            self.send(line);
        }
    }

    /// Brings the client's picture of the selected mailbox up to date. Numbers may only shift where the client cannot
    /// be using them (RFC 9051 section 7.5.1).
    pub(super) fn tell_news(&mut self, may_expunge: bool) {
        let Some(mut selected) = self.session.selected.take() else { return };
        let Some(mailbox) = self.store.get(selected.mailbox) else {
            self.session.selected = Some(selected);
            return;
        };
        let mut lines = Vec::new();
        let gone: Vec<u32> =
            selected.uids.iter().copied().filter(|uid| mailbox.message(*uid).is_none()).collect();
        if may_expunge && !gone.is_empty() {
            if self.session.has("QRESYNC") {
                let gone: Vec<String> = gone.iter().map(u32::to_string).collect();
                lines.push(format!("* VANISHED {}", gone.join(",")));
            }
            for uid in gone {
                if let Some(number) = selected.number(uid).filter(|_| !self.session.has("QRESYNC")) {
                    lines.push(format!("* {number} EXPUNGE"));
                }
                selected.uids.retain(|known| *known != uid);
            }
        }
        let known = selected.uids.last().copied().unwrap_or(0);
        let new: Vec<u32> =
            mailbox.messages.iter().map(|message| message.uid).filter(|uid| *uid > known).collect();
        if !new.is_empty() {
            selected.uids.extend(new);
            lines.push(format!("* {} EXISTS", selected.count()));
            if !self.session.has("IMAP4REV2") {
                lines.push("* 0 RECENT".to_owned());
            }
        }
        selected.modseq = mailbox.modseq;
        self.session.selected = Some(selected);
        for line in lines {
            self.send(line);
        }
    }

    pub(super) fn notify(&mut self, tag: &str, notify: Option<Notify>) {
        if notify.as_ref().is_some_and(|notify| notify.status) {
            let names: Vec<_> =
                self.session.who.as_ref().map(|who| self.store.listed(who)).unwrap_or_default();
            for (_, mailbox) in names {
                self.send_status(
                    mailbox,
                    &["MESSAGES".to_owned(), "UIDNEXT".to_owned(), "UIDVALIDITY".to_owned()],
                );
            }
        }
        self.session.notify = self.session.who.clone().zip(notify);
        self.done(tag, "NOTIFY");
    }

    pub(super) fn cancel_update(&mut self, tag: &str, tags: &[Vec<u8>]) {
        let named = |known: &str| tags.iter().any(|tag| tag == known.as_bytes());
        self.session.contexts.retain(|context| !named(&context.tag));
        self.done(tag, "CANCELUPDATE");
    }

    pub(super) fn enable(&mut self, tag: &str, extensions: &[String]) {
        let mut now = String::new();
        for extension in extensions {
            let known =
                ["CONDSTORE", "QRESYNC", "UTF8=ACCEPT", "IMAP4REV2"].into_iter().find(|e| e == extension);
            let listed = known.filter(|e| *e != "IMAP4REV2" || self.gate.on(&super::IMAP4REV2));
            if let Some(extension) = listed {
                now.push(' ');
                now.push_str(if extension == "IMAP4REV2" { "IMAP4rev2" } else { extension });
                self.session.enabled.insert(extension);
                // QRESYNC brings CONDSTORE with it (RFC 7162 section 3.2.3).
                self.session.condstore |= matches!(extension, "CONDSTORE" | "QRESYNC");
            }
        }
        self.send(format!("* ENABLED{now}"));
        self.done(tag, "ENABLE");
    }

    pub(super) fn language(&mut self, tag: &str, ranges: &[String]) {
        if ranges.is_empty() {
            let tags: Vec<String> = Language::TAGS.iter().map(|tag| format!("\"{tag}\"")).collect();
            self.send(format!("* LANGUAGE ({})", tags.join(" ")));
            self.done(tag, "LANGUAGE");
            return;
        }
        match ranges.iter().find_map(|range| Language::find(range)) {
            Some(language) => {
                self.session.language = language;
                self.send(format!("* LANGUAGE (\"{}\")", language.tag()));
                self.done(tag, "LANGUAGE");
            }
            None => self.no(tag, "none of these languages is spoken here"),
        }
    }

    /// COMPRESS DEFLATE: the layer is a fact of the model, the octets stay as they are (RFC 4978).
    pub(super) fn compress(&mut self, tag: &str, algorithm: &str) {
        let Session { compressed, .. } = self.session;
        if !self.gate.on(&COMPRESS) {
            self.refuse(tag, crate::proto::server::No::Unknown);
        } else if compressed {
            self.no(tag, "[COMPRESSIONACTIVE] a compression layer is on");
        } else if algorithm != "DEFLATE" {
            self.bad(tag, "there is no such algorithm here");
        } else {
            self.done(tag, "COMPRESS");
            self.session.compressed = true;
        }
    }
}
