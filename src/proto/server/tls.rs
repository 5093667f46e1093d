//! The server's side of TLS: what it offers, and ports where TLS comes first.

use super::FAILURES;
use super::slips::{GREETS_FIRST, NAME_IN_CAPITALS};
use super::switches::NO_LIMIT;
use super::tls_switches::{
    ANY_APPLICATION, CERTIFICATES, GOES_ON_IN_CLEAR, NEEDLESS_REQUEST, NO_CLOSE_ALERT, SERVICE_NAMES, SUITES,
    WEAK_TLS,
};
use crate::base::{Seed, Switches, Tick, order};
use crate::proto::{Account, Input, Machine, Output, ProtocolRecord};
use crate::tls::{Certificate, Offer, ServerOffer, Version, suites};
use crate::trace::{Ending, Note};

/// What a server brings to a handshake.
#[must_use]
pub fn offer(record: &ProtocolRecord, account: &Account, switches: &Switches, tls_first: bool) -> Offer {
    let mut certificate = Certificate::good(&account.host);
    if switches.get(&NAME_IN_CAPITALS) == "in-capitals" {
        certificate.dns_names = vec![account.host.to_ascii_uppercase()];
    }
    if let Some((_, domain)) = account.host.split_once('.') {
        let services = ["imap", "imaps", "pop3", "pop3s", "acap"];
        let own = format!("{}{}", record.protocol.id(), if tls_first { "s" } else { "" });
        let all = switches.get(&SERVICE_NAMES) == "all";
        let named = services.into_iter().filter(|service| all || *service == own);
        certificate.srv_names = named.map(|service| format!("_{service}.{domain}")).collect();
    }
    let mut offer = ServerOffer::good(certificate);
    if !switches.on(&ANY_APPLICATION) {
        offer.applications.extend(record.dialect.application);
    }
    match switches.get(&WEAK_TLS) {
        "off" => {}
        // A server of 1999 that nobody ever set up anew: it likes its oldest suites best.
        weak => {
            offer.versions = vec![Version::Tls10, Version::Tls11, Version::Tls12];
            offer.suites.extend(suites::ALL.iter().rev().filter(|suite| !suite.is_good()));
            if weak == "rc4-only" {
                offer.suites.retain(|suite| suite.name.contains("_WITH_RC4_128_"));
            } else if weak == "preferred" {
                order::sort_by_key(&mut offer.suites, |suite| (suite.strength, suite.code));
            }
        }
    }
    if switches.get(&SUITES) == "rfc2595" {
        offer.versions = vec![Version::Tls10, Version::Tls11, Version::Tls12];
        offer.suites = suites::find(suites::OF_1999).into_iter().collect();
    }
    offer.asks_certificate = switches.get(&CERTIFICATES) == "accepted" || switches.on(&NEEDLESS_REQUEST);
    Offer::Server(offer)
}

/// A server as it listens on one of its ports.
#[must_use]
pub fn listen(
    record: &ProtocolRecord,
    account: &Account,
    switches: &Switches,
    seed: Seed,
    tls_first: bool,
) -> Box<dyn Machine> {
    if account.caller.failed() >= FAILURES && !switches.on(&NO_LIMIT) {
        return Box::new(Shut);
    }
    let mut server = (record.server)(account, switches, seed);
    if tls_first {
        let greets = switches.on(&GREETS_FIRST);
        server =
            Box::new(TlsFirst { inner: server, offer: Some(offer(record, account, switches, true)), greets });
    }
    let (cuts, ends) = (switches.on(&NO_CLOSE_ALERT), switches.get(&GOES_ON_IN_CLEAR) == "ends-it");
    if cuts || ends { Box::new(Rude { inner: server, cuts, ends, secure: false }) } else { server }
}

/// A server to somebody who has guessed too often: it hangs up.
struct Shut;

impl Machine for Shut {
    fn stage(&self) -> &'static str {
        ""
    }

    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        if matches!(input, Input::Connected) { vec![Output::Close] } else { Vec::new() }
    }
}

/// A server that ends its layer as it should not.
struct Rude {
    inner: Box<dyn Machine>,
    /// It closes without an alert.
    cuts: bool,
    /// It ends the layer once somebody is logged in.
    ends: bool,
    secure: bool,
}

impl Machine for Rude {
    fn stage(&self) -> &'static str {
        self.inner.stage()
    }

    fn waiting(&self) -> usize {
        self.inner.waiting()
    }

    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        match &input {
            Input::TlsDone(result) => self.secure = result.is_ok(),
            Input::TlsEnded(_) => self.secure = false,
            _ => {}
        }
        let mut out = self.inner.step(now, input);
        let entered = |name| out.contains(&Output::Note(Note::State(name)));
        if self.ends && self.secure && (entered("authenticated") || entered("transaction")) {
            self.secure = false;
            let after = self.inner.step(now, Input::TlsEnded(Ending::Alert));
            // The answer to the login is the first thing in the clear.
            out.insert(0, Output::EndTls);
            out.extend(after);
        }
        if self.cuts && self.secure {
            for output in &mut out {
                if *output == Output::Close {
                    *output = Output::Cut;
                }
            }
        }
        out
    }
}

/// A server on a port where TLS comes before the first octet of the protocol (RFC 8314 sections 3.1 and 3.2).
struct TlsFirst {
    inner: Box<dyn Machine>,
    /// What it brings to the handshake that has not been yet.
    offer: Option<Offer>,
    /// It greets before the handshake, too.
    greets: bool,
}

impl Machine for TlsFirst {
    fn stage(&self) -> &'static str {
        // Every server's list has this state.
        if self.offer.is_some() { crate::proto::client::states::HANDSHAKE } else { self.inner.stage() }
    }

    fn waiting(&self) -> usize {
        self.inner.waiting()
    }

    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        match (&input, self.offer.clone()) {
            (Input::Connected, Some(offer)) => {
                let mut out = if self.greets { self.inner.step(now, input) } else { Vec::new() };
                out.push(Output::StartTls(offer.into()));
                out
            }
            (Input::TlsDone(Ok(_)), Some(_)) => {
                self.offer = None;
                let mut out = self.inner.step(now, input);
                out.extend(self.inner.step(now, Input::Connected));
                out
            }
            (Input::TlsDone(Err(_)), Some(_)) => vec![Output::Close],
            // Nobody speaks the protocol here before TLS.
            (_, Some(_)) => Vec::new(),
            (_, None) => self.inner.step(now, input),
        }
    }
}
