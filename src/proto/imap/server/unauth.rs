//! UNAUTHENTICATE: transition 7 of the state machine of draft-newman-imap-unauth section 5, from authenticated and from
//! selected back to not authenticated. Everything above TLS is as at the start of the connection.

use super::session::Session;
use super::{ImapServer, UNAUTHENTICATE};
use crate::proto::server::No;

impl ImapServer {
    pub(super) fn unauthenticate(&mut self, tag: &str) {
        if !self.gate.on(&UNAUTHENTICATE) {
            self.refuse(tag, No::Unknown);
            return;
        }
        if self.session.who.is_none() {
            self.refuse(tag, No::State);
            return;
        }
        // The answer still goes through the compression layer and in the old language; the next octet does not.
        let completed = self.session.language.completed();
        self.send(format!("{tag} OK UNAUTHENTICATE {completed}"));
        self.session = Session::default();
        self.note_state();
    }
}
