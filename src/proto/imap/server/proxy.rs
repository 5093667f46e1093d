//! A proxy in front of the server that keeps the mail: the client's peer until somebody is logged in, and from then on a
//! pair of hands (RFC 8437 section 7).
//!
//! ```text
//! client ⇄ proxy: greeting, STARTTLS, login ── rule: who may come from outside ─► proxy ⇄ store: login for that user
//!                 everything behind the login ──────────────────────────────────► passed on
//! ```
//!
//! A proxy that passes everything on does not see the second login of a connection, to which its rule applies as well. One
//! that handles UNAUTHENTICATE lets go of the store and takes the next login itself.

use super::switches::FRONT;
use super::{ImapServer, State};
use crate::base::{Endpoint, Secret, Seed, Side, Switches, Tick};
use crate::proto::imap::request::{self, Request};
use crate::proto::{Account, Behind, Input, Machine, Output, Person, Shelf};
use crate::trace::Note;
use crate::wire::{self, Unit};
use base64::Engine;

/// The server that keeps the mail, by the name that its operator gives it.
const STORE_HOST: &str = "store.example.test";
/// As whom the proxy logs in there, and by what.
const PROXY: (&str, &str) = ("proxy", "vorzimmer");
/// What the proxy decides itself: the store is set up for it and nobody else.
const AT_STORE: &[(&str, &str)] = &[
    ("front", "none"),
    ("mechanisms", "plain"),
    ("sasl-ir", "on"),
    ("preauth", "off"),
    ("login-referral", "off"),
    ("login-capabilities", "off"),
    ("alert", "off"),
    ("greeting-capabilities", "off"),
];

/// The proxy with the store behind it.
#[derive(Debug)]
pub struct Proxy {
    front: ImapServer,
    /// The open connection to the store.
    store: Option<ImapServer>,
    /// TLS has ended on that connection, over which nothing more may go.
    link_open: bool,
    account: Account,
    switches: Switches,
    seed: Seed,
    out: Vec<Output>,
}

/// The server of an account, with a proxy in front if it is set so.
#[must_use]
pub fn server(account: &Account, switches: &Switches, seed: Seed) -> Box<dyn Machine> {
    if switches.get(&FRONT) == "none" {
        return Box::new(ImapServer::new(account, switches, seed));
    }
    // The mail is behind it.
    let front = Account { shelf: Shelf::default(), ..account.clone() };
    let mut front = ImapServer::new(&front, switches, seed);
    front.guards = true;
    Box::new(Proxy {
        front,
        store: None,
        link_open: false,
        account: account.clone(),
        switches: switches.clone(),
        seed,
        out: Vec::new(),
    })
}

impl Proxy {
    fn behind(&mut self, behind: Behind) {
        self.out.push(Output::Behind(behind));
    }

    /// Lets the store take an input. Gives what it sends.
    fn store_step(&mut self, now: Tick, input: Input<'_>) -> Vec<u8> {
        let mut sent = Vec::new();
        if let Input::Octets(octets) = &input {
            self.behind(Behind::Octets { from: Side::Client, octets: octets.to_vec() });
        }
        let Some(store) = &mut self.store else { return sent };
        for output in store.step(now, input) {
            match output {
                Output::Send(octets) => {
                    self.out
                        .push(Output::Behind(Behind::Octets { from: Side::Server, octets: octets.clone() }));
                    sent.extend(octets);
                }
                Output::Note(note) => {
                    // Whoever set the store up set up what it looks like from outside.
                    if matches!(note, Note::SetTo(_)) {
                        self.out.push(Output::Note(note));
                    }
                    self.out.push(Output::Behind(Behind::Note(note)));
                }
                Output::Close => {
                    self.out.push(Output::Behind(Behind::Closed(Side::Server)));
                    self.front.state = State::Ended;
                }
                Output::EndTls => {
                    self.out.push(Output::Behind(Behind::TlsEnded(Side::Server)));
                    self.link_open = true;
                }
                // The link's TLS is not the store's to begin.
                _ => {}
            }
        }
        sent
    }

    /// Somebody is logged in: opens a connection to the store and logs in there for that user.
    fn connect(&mut self, now: Tick) {
        let Some(who) = self.front.session.who.clone() else { return };
        let mut account = Account { host: STORE_HOST.into(), ..self.account.clone() };
        account.others.to_mut().push(Person {
            user: PROXY.0.into(),
            password: Secret::new(PROXY.1.as_bytes()),
            message: "".into(),
            groups: &[],
            acts_for_others: true,
            from_inside: true,
        });
        let mut switches = self.switches.clone();
        for (id, value) in AT_STORE {
            let known = switches.set(crate::proto::server::IMAP_SWITCHES, id, value);
            debug_assert!(known.is_ok(), "{id}");
        }
        let mut store = ImapServer::new(&account, &switches, self.seed);
        // The link between the two is inside TLS from its first octet.
        store.gate.secure = true;
        self.store = Some(store);
        let endpoint = Endpoint { host: STORE_HOST.to_owned(), port: 993, tls_first: true };
        self.behind(Behind::Opened(endpoint));
        self.store_step(now, Input::Connected);
        let message = format!("{}\0{}\0{}", who.user, PROXY.0, PROXY.1);
        let message = base64::engine::general_purpose::STANDARD.encode(message);
        self.store_step(now, Input::Octets(format!("p AUTHENTICATE PLAIN {message}\r\n").as_bytes()));
        // What the client sent along with its login.
        let rest = self.front.inbox.take_rest();
        if !rest.is_empty() {
            self.onward(now, &rest);
        }
    }

    /// Octets of a client that is logged in.
    fn onward(&mut self, now: Tick, octets: &[u8]) {
        if self.switches.get(&FRONT) != "handles" {
            self.pass(now, octets);
            return;
        }
        self.front.inbox.push(octets);
        while self.store.is_some() && self.front.state != State::Ended {
            let Some(unit) = self.front.inbox.next_unit() else { break };
            match unit {
                Unit::Message(message) => match request::read(wire::text(&message)) {
                    (tag, Ok(Request::Unauthenticate)) => self.hand_over(now, &tag),
                    _ => self.pass(now, &message),
                },
                // A literal goes on with its command or not at all: nothing in it is taken for a command.
                unit => {
                    self.front.unit(unit);
                    let said = std::mem::take(&mut self.front.out);
                    self.out.extend(said);
                }
            }
        }
    }

    fn pass(&mut self, now: Tick, octets: &[u8]) {
        let answer = self.store_step(now, Input::Octets(octets));
        if !answer.is_empty() {
            self.out.push(Output::Send(answer));
        }
        if std::mem::take(&mut self.link_open) {
            self.let_go(now);
            self.front.bye("no connection to your mail is safe any more");
            let said = std::mem::take(&mut self.front.out);
            self.out.extend(said);
        }
    }

    /// The next login is the proxy's business again.
    fn hand_over(&mut self, now: Tick, tag: &[u8]) {
        self.front.unauthenticate(&String::from_utf8_lossy(tag));
        if self.front.session.who.is_none() {
            self.let_go(now);
            self.front.read();
        }
        let said = std::mem::take(&mut self.front.out);
        self.out.extend(said);
    }

    fn let_go(&mut self, now: Tick) {
        if self.store.is_some() {
            self.store_step(now, Input::PeerClosed);
            self.behind(Behind::Closed(Side::Client));
            self.store = None;
        }
    }
}

impl Machine for Proxy {
    fn stage(&self) -> &'static str {
        match &self.store {
            Some(store) if self.front.state != State::Ended => store.stage(),
            _ => self.front.stage(),
        }
    }

    fn waiting(&self) -> usize {
        self.store.as_ref().map_or(0, Machine::waiting).saturating_add(self.front.waiting())
    }

    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Octets(octets) if self.store.is_some() && self.front.state != State::Ended => {
                self.onward(now, octets);
            }
            input => {
                let ends = matches!(input, Input::PeerClosed | Input::TlsEnded(_));
                let said = self.front.step(now, input);
                self.out.extend(said);
                if ends {
                    self.let_go(now);
                }
            }
        }
        if self.front.state == State::Ready && self.front.session.who.is_some() && self.store.is_none() {
            self.connect(now);
        }
        if self.front.state == State::Ended && self.store.take().is_some() {
            self.out.push(Output::Note(Note::State("logout")));
            self.out.push(Output::Close);
        }
        std::mem::take(&mut self.out)
    }
}
