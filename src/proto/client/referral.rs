//! A client that is sent to another server: by an answer to its login (RFC 2221), about a mailbox (RFC 2193), or in ACAP.

use super::{Client, State, Tongue};
use crate::base::{Endpoint, OFF_ON, switch};
use crate::proto::Referral;
use crate::tls::Reference;
use crate::tls::identity::Provenance;
use crate::trace::{Acts, Note, Status};

switch!(
    Client REFERRALS,
    "referrals",
    Setting,
    &["ignored", "followed"],
    &[],
    "Referrals",
    "Whether it goes where its server sends it, when the server says so inside TLS, for a login, a mailbox or a dataset (RFC 2221, RFC 2193, RFC 2244).";
    "Its server says that the mail is on another server. Does it go there by itself?",
    &["No", "Yes, if it was told so inside TLS"]
);
switch!(
    Client REFERRALS_IN_CLEAR,
    "referrals-in-clear",
    Conduct,
    OFF_ON,
    &["A07", "A08", "S-7817-ref", "S-8314-minconf", "S-9051-ignore"],
    "Follows referrals from the clear",
    "Goes to the server that somebody named outside TLS, and takes that server's certificate for the right one.";
    "Outside TLS it is told that the mail is on another server. Does it go there by itself?",
    &["No", "Yes"]
);

/// A client follows no more than so many referrals one after the other (RFC 2221 section 4.2).
const LIMIT: u8 = 10;

/// What it was told of other servers.
#[derive(Debug, Default)]
pub(super) struct Referred {
    /// Where the answer that is being read sends it, where that stood on the tape, and whether it came inside TLS.
    offered: Option<(Referral, u32, bool)>,
    /// The host that it was sent to, by which it knows its server now.
    pub reference: Option<Reference>,
    followed: u8,
}

impl<T: Tongue> Client<T> {
    /// An answer names another server.
    pub(super) fn referred(&mut self, referral: Referral) {
        let trusted = self.secure && !self.mistakes();
        self.referred.offered = Some((referral, self.position(), trusted));
    }

    /// The answer that named another server is complete. True: it goes there.
    pub(super) fn goes_elsewhere(&mut self, status: Status) -> bool {
        let Some((referral, at, trusted)) = self.referred.offered.take() else { return false };
        // Who is let in all the same stays (RFC 2221 section 4.2).
        let wanted = match self.state {
            State::Greeting | State::Login => status != Status::Ok,
            State::Work { .. } => true,
            _ => false,
        };
        let goes = match trusted {
            true => self.switches.get(&REFERRALS) == "followed",
            false => self.switches.on(&REFERRALS_IN_CLEAR),
        };
        if !wanted || !goes || self.referred.followed >= LIMIT {
            return false;
        }
        self.referred.followed = self.referred.followed.saturating_add(1);
        self.note(Note::Acts(Acts::Referral, at));
        // What a stranger's server says inside TLS is a stranger's word.
        let strange =
            matches!(&self.referred.reference, Some(known) if known.provenance == Provenance::Referral);
        let provenance = if trusted && !strange { Provenance::PrivateReferral } else { Provenance::Referral };
        self.referred.reference = Some(Reference::new(&referral.host, provenance));
        self.upgrade_tried = false;
        self.external_failed = false;
        let mut endpoint = self.usual_endpoint(referral.host);
        if let Some(port) = referral.port {
            endpoint = Endpoint { port, tls_first: self.record.dialect.port(true) == Some(port), ..endpoint };
        }
        self.connect_again(Some(endpoint));
        self.tongue.refer(&referral.path);
        true
    }
}
