//! Whether anybody who asks for TLS gets it where a recorded client would have to decide: somebody else asks in its place.

use super::{Found, Open, Parts};
use crate::base::{Side, Switches};
use crate::sim::Setup;

/// What becomes of a request for TLS. Where that is not known, it may be granted and was not offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    /// A client that asks where TLS is offered comes to a handshake.
    pub(super) offered: bool,
    /// One that asks in any case may come to a handshake.
    pub(super) granted: bool,
}

impl Parts {
    /// Asks where the recorded client's part ended before a handshake.
    pub(super) fn chance(&self, setup: &Setup, found: &Found) -> Chance {
        let unknown = Chance { offered: false, granted: true };
        if self.client.is_empty() || found.opened.is_none() {
            return unknown;
        }
        let [offered, granted] = ["never", "tried"].map(|unlisted| self.asked(setup, unlisted));
        // The recorded client may ask in words that this one does not use.
        let itself = found.opened.as_ref().is_some_and(|opened| opened.open == Open::NotOffered) && {
            let (_, found) = self.play(setup, true);
            found.opened.is_none_or(|opened| opened.open != Open::Refused)
        };
        Chance { offered: offered == Some(true), granted: granted != Some(false) || itself }
    }

    /// Whether a client that requires TLS begins a handshake; nothing where the server's recording does not tell.
    fn asked(&self, setup: &Setup, unlisted: &str) -> Option<bool> {
        let mut setup = setup.clone();
        setup.client.1 = Switches::default();
        setup.set_text("client.tls=required").ok()?;
        setup.set_text(&format!("client.starttls-unlisted={unlisted}")).ok()?;
        let anybody = Self {
            client: Vec::new(),
            server: self.server.clone(),
            record: self.record,
            evidence: self.evidence,
        };
        let (run, found) = anybody.play(&setup, false);
        let began = run.connections.iter().any(|trace| trace.leg(Side::Client).tls_began().is_some());
        let told = found.opened.is_none_or(|opened| opened.open.side() != Side::Server);
        (began || told).then_some(began)
    }
}
