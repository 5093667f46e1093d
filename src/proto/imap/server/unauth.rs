//! UNAUTHENTICATE: transition 7 of the state machine of draft-newman-imap-unauth section 5, from authenticated and from
//! selected back to not authenticated. Everything above TLS is as at the start of the connection; what a fault keeps is
//! put back afterwards, piece by piece.

use super::session::Session;
use super::{
    ImapServer, KEEPS_COMPRESSION, KEEPS_CONDSTORE, KEEPS_CONTEXTS, KEEPS_ENABLED, KEEPS_GROUPS,
    KEEPS_LANGUAGE, KEEPS_LOGIN, KEEPS_MAILBOX, KEEPS_NOTIFY, KEEPS_SEARCH, KEEPS_USER_DATA, UNAUTH_ANSWER,
    UNAUTH_BYE, UNAUTH_ENDS_TLS, UNAUTH_EXPUNGES, UNAUTH_NO, UNAUTH_SERVES, UNAUTH_STAYS, UNAUTHENTICATE,
};
use crate::base::Switch;
use crate::proto::Output;
use crate::proto::server::No;
use crate::trace::{Kept, Note, SetTo};

/// Puts one piece of the earlier session into the new one.
type Keep = fn(&mut Session, Session);

/// What the draft names in section 4.1 and 8, and the fault that keeps it.
static KEEPS: &[(&Switch, Kept, Keep)] = &[
    (&KEEPS_LOGIN, Kept::Login, |new, old| {
        new.who = old.who;
        new.flags_of = old.flags_of;
        new.takes_login = true;
    }),
    (&KEEPS_MAILBOX, Kept::Mailbox, |new, old| new.selected = old.selected),
    (&KEEPS_GROUPS, Kept::Groups, |new, old| {
        new.more_groups = old.who.map(|who| who.groups).unwrap_or_default();
    }),
    (&KEEPS_CONDSTORE, Kept::Condstore, |new, old| new.condstore = old.condstore),
    (&KEEPS_ENABLED, Kept::Enabled, |new, old| new.enabled = old.enabled),
    (&KEEPS_SEARCH, Kept::Search, |new, old| {
        new.saved = old.saved;
        new.saved_sticks = true;
    }),
    (&KEEPS_LANGUAGE, Kept::Language, |new, old| new.language = old.language),
    (&KEEPS_CONTEXTS, Kept::Contexts, |new, old| new.contexts = old.contexts),
    (&KEEPS_NOTIFY, Kept::Notifications, |new, old| new.notify = old.notify),
    (&KEEPS_COMPRESSION, Kept::Compression, |new, old| new.compressed = old.compressed),
    (&KEEPS_USER_DATA, Kept::UserData, |new, old| new.sees_as = Some(old.flags_of)),
];

impl ImapServer {
    pub(super) fn unauthenticate(&mut self, tag: &str) {
        let unknown = self.gate.get(&UNAUTH_ANSWER) == "unknown";
        let off = !self.gate.on(&UNAUTHENTICATE);
        if off {
            self.note(Note::SetTo(SetTo::WithoutUnauthenticate));
        }
        if (off && !self.gate.on(&UNAUTH_STAYS)) || unknown {
            self.refuse(tag, No::Unknown);
            return;
        }
        if self.gate.on(&UNAUTH_NO) {
            self.no(tag, "not now");
            // What came along was meant for somebody else.
            let waiting = self.inbox.unread();
            self.meant_for_next = if self.gate.on(&UNAUTH_SERVES) { 0 } else { waiting };
            return;
        }
        if self.gate.on(&UNAUTH_BYE) {
            self.bye("come again for the next user");
            return;
        }
        if self.gate.on(&UNAUTH_EXPUNGES) {
            self.expunge_silently();
            self.tell_news(true);
        }
        // The answer still goes through the compression layer and in the old language; the next octet does not.
        let completed = self.session.language.completed();
        self.send(format!("{tag} OK UNAUTHENTICATE {completed}"));
        let old = std::mem::take(&mut self.session);
        self.session.refuses_login = self.gate.get(&UNAUTH_ANSWER) == "no-new-login";
        let kept = KEEPS.iter().filter(|(fault, ..)| self.gate.on(fault));
        let mut notes = Vec::new();
        for (_, what, keep) in kept {
            keep(&mut self.session, old.clone());
            notes.push(Note::Kept(*what));
        }
        if notes.is_empty() {
            notes.push(Note::Reset);
        }
        for note in notes {
            self.note(note);
        }
        if self.gate.on(&UNAUTH_ENDS_TLS) && self.gate.secure {
            self.gate.secure = false;
            self.out.push(Output::EndTls);
        }
        self.note_state();
        self.mail_arrives();
    }

    /// Takes the deleted messages of the selected mailbox away, whoever marked them.
    fn expunge_silently(&mut self) {
        let Some(selected) = &self.session.selected else { return };
        if let Some(mailbox) = self.store.get_mut(selected.mailbox) {
            mailbox.expunge(|message| message.flags.contains("\\Deleted"));
        }
    }
}
