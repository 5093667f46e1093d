//! The POP3 server machine: one account with a maildrop.
//!
//! ```text
//! AUTHORIZATION ── PASS, APOP or AUTH ─► TRANSACTION ── QUIT ─► UPDATE
//!      ├─ STLS ─► handshake ─► AUTHORIZATION
//!      └─ QUIT ─► closed
//! ```

use super::maildrop::Maildrop;
use super::states;
use super::{apop, grammar, switches};
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{
    CANCEL_ANSWER, CLOSES_IN_EXCHANGE, Gate, KEEPS_BUFFER, KEEPS_NAME, LATE_STARTTLS, No, SECOND_LOGIN, Turn,
};
use crate::proto::{Account, Input, Machine, Output, WAITING_LIMIT, exchange};
use crate::trace::{Note, Verb};
use crate::wire::{self, LineUnit, Lines};
use base64::Engine;
use rand_core::RngCore;
use std::collections::BTreeMap;

/// A line of more octets than this is refused; a client's SASL message may be longer than a command line, which
/// [`grammar::COMMAND_LIMIT`] limits.
pub const LINE_LIMIT: usize = 8 << 10;

/// Where a session stands (RFC 1939 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Authorization {
        /// The name of a USER command; PASS counts only right behind it (RFC 1939 section 7).
        user: Option<Vec<u8>>,
    },
    /// An exchange waits for the client's next message.
    Challenge,
    /// STLS was accepted; the handshake comes next.
    Handshake {
        logged_in: bool,
        /// The name that still counts afterwards, by a fault.
        user: Option<Vec<u8>>,
    },
    Transaction,
    /// The session is over. `updated`: by QUIT in the TRANSACTION state.
    Ended {
        updated: bool,
    },
}

/// The machine.
#[derive(Debug)]
pub struct Pop3Server {
    gate: Gate,
    state: State,
    lines: Lines,
    /// The maildrop that is open, whose it is, and those of others.
    maildrop: Maildrop,
    whose: String,
    maildrops: BTreeMap<String, Maildrop>,
    stamp: u32,
    timestamp: String,
    out: Vec<Output>,
}

impl Pop3Server {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        let stamp = seed.generator(2).next_u32() | 1;
        Self {
            gate: Gate::new(account, switches, seed),
            state: State::Authorization { user: None },
            lines: Lines::new(LINE_LIMIT),
            maildrop: Maildrop::default(),
            whose: String::new(),
            maildrops: account.shelf.take().unwrap_or_default(),
            stamp,
            timestamp: format!("<{stamp}@{}>", account.host),
            out: Vec::new(),
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        self.out.push(Output::Send([text.as_ref().as_bytes(), b"\r\n"].concat()));
    }

    fn enter(&mut self, state: State) {
        let name = match state {
            State::Authorization { .. } => Some("authorization"),
            State::Transaction => Some("transaction"),
            State::Ended { updated: true } => Some("update"),
            State::Ended { updated: false } => Some("closed"),
            State::Challenge | State::Handshake { .. } => None,
        };
        if let Some(name) = name {
            self.out.push(Output::Note(Note::State(name)));
        }
        self.state = state;
    }

    fn logged_in(&self) -> bool {
        self.state == State::Transaction
    }

    fn refuse(&mut self, why: No) {
        self.send(match why {
            No::PrivacyRequired => "-ERR no password is taken outside TLS",
            No::Name => "-ERR there is nobody of that name",
            No::Credentials | No::Authorization | No::Malformed => "-ERR [AUTH] that did not work",
            No::State => "-ERR not in this state",
            No::TlsActive => "-ERR a TLS layer is in place",
            No::Mechanism => "-ERR this mechanism is not available",
            No::Unknown => "-ERR this command is not known here",
            No::GivenUp if self.gate.on(&CANCEL_ANSWER) => "+OK given up",
            No::GivenUp => "-ERR given up",
            No::TooLong => "-ERR that is too long",
            No::NotBase64 => "-ERR that is not base64",
        });
    }

    fn admit(&mut self, judged: Result<(), No>) {
        match judged {
            Ok(()) => self.admitted(),
            Err(why) => {
                self.refuse(why);
                if self.gate.failed(why) {
                    self.out.push(Output::Close);
                    self.enter(State::Ended { updated: false });
                }
            }
        }
    }

    fn admitted(&mut self) {
        // RFC 2449 section 8.1 and RFC 3206: only somebody with the right password learns these.
        match self.gate.switches.get(&switches::MAILDROP) {
            "in-use" => self.send("-ERR [IN-USE] another session has this maildrop open"),
            "login-delay" => self.send("-ERR [LOGIN-DELAY] wait before you look again"),
            "sys-temp" => self.send("-ERR [SYS/TEMP] the store is away for a while"),
            "sys-perm" => self.send("-ERR [SYS/PERM] the store is broken"),
            _ => {
                self.enter(State::Transaction);
                self.out.push(Output::Note(self.gate.identity_note()));
                self.open();
                let (count, octets) = self.maildrop.stat();
                self.send(format!("+OK {count} messages ({octets} octets)"));
            }
        }
    }

    /// Opens the maildrop of whoever is logged in.
    fn open(&mut self) {
        self.whose = self.gate.who().to_owned();
        let kept = self.maildrops.remove(&self.whose);
        self.maildrop = kept.unwrap_or_else(|| Maildrop::new(&self.gate.account.of(&self.whose), self.stamp));
    }

    fn capabilities(&self) -> String {
        let mut list = String::from("+OK this is what there is\r\n");
        let mut add = |listed: bool, item: &str| {
            if listed {
                list.push_str(item);
                list.push_str("\r\n");
            }
        };
        for item in ["TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"] {
            add(true, item);
        }
        add(self.gate.switches.get(&switches::MAILDROP) == "login-delay", "LOGIN-DELAY 900");
        // RFC 2595 section 4: listed means present and permitted in the current state.
        add(self.gate.offers_starttls() && !self.logged_in(), "STLS");
        add(!self.gate.refuses_clear(), "USER");
        let mechanisms: Vec<_> = self.gate.mechanisms().collect();
        add(!mechanisms.is_empty(), &format!("SASL {}", mechanisms.join(" ")));
        list.push('.');
        list
    }

    fn read(&mut self) {
        while !matches!(self.state, State::Ended { .. } | State::Handshake { .. }) {
            let Some(unit) = self.lines.next_unit() else { break };
            self.out.extend(self.gate.mistake(self.lines.waiting()).map(Output::Note));
            self.unit(unit);
        }
    }

    fn unit(&mut self, unit: LineUnit) {
        let asked = self.state == State::Challenge;
        if asked {
            self.state = State::Authorization { user: None };
        }
        let line = match unit {
            LineUnit::Overlong => {
                self.forget_user();
                self.gate.give_up();
                self.send("-ERR this is more than is taken here");
                return;
            }
            LineUnit::Line(line) => line,
        };
        let text = wire::text(&line);
        if asked && self.gate.on(&CLOSES_IN_EXCHANGE) {
            self.out.push(Output::Close);
            self.enter(State::Ended { updated: false });
        } else if asked {
            let message = if line.ends_with(b"\r\n") { exchange::message(text) } else { Err(No::GivenUp) };
            let turn = self.gate.go_on(self.gate.read(message, text));
            self.turn(turn);
        } else if !line.ends_with(b"\r\n") || line.len() > grammar::COMMAND_LIMIT {
            self.forget_user();
            self.send("-ERR that is not a command line");
        } else {
            self.command(text);
        }
    }

    /// Anything between USER and PASS parts them.
    fn forget_user(&mut self) -> Option<Vec<u8>> {
        match &mut self.state {
            State::Authorization { user } => user.take(),
            _ => None,
        }
    }

    fn command(&mut self, line: &[u8]) {
        let line = &self.gate.overlooks_argument(line, b"STLS").to_vec();
        let user = self.forget_user();
        let (keyword, arguments) = grammar::command(line);
        let word = String::from_utf8_lossy(keyword).to_ascii_uppercase();
        let known = grammar::command_name(keyword, arguments).filter(|_| states::DIAGRAM.knows(&word));
        let Some((verb, name)) = known else {
            self.refuse(No::Unknown);
            return;
        };
        let needs_login = !states::DIAGRAM.legal(states::AUTHORIZATION, &word)
            && states::DIAGRAM.legal(states::TRANSACTION, &word);
        if needs_login && !self.logged_in() && self.gate.lets_anybody_in() {
            self.open();
            self.enter(State::Transaction);
        }
        let stage = if user.is_some() { states::NAMED } else { self.stage() };
        // The gate knows about TLS and about the faults of a late upgrade and a second login.
        let again = verb == Verb::Authenticate && self.logged_in() && self.gate.on(&SECOND_LOGIN);
        let nameless = verb == Verb::Pass && !self.logged_in() && self.gate.on(&switches::PASS_ALONE);
        let gated =
            again || nameless || verb == Verb::StartTls && (self.gate.secure || self.gate.on(&LATE_STARTTLS));
        if !gated && !states::DIAGRAM.legal(stage, &word) {
            self.refuse(No::State);
            return;
        }
        match verb {
            Verb::Capability | Verb::StartTls | Verb::Logout | Verb::Neutral if !arguments.is_empty() => {
                self.send("-ERR no arguments are allowed");
            }
            Verb::Capability if self.gate.on(&switches::NO_CAPA) => self.refuse(No::Unknown),
            Verb::Capability => {
                let list = self.capabilities();
                self.send(list);
            }
            Verb::StartTls => self.start_tls(user),
            Verb::User if arguments.is_empty() => self.send("-ERR USER takes a name"),
            Verb::User if self.gate.refuses_names() && !self.gate.on(&KEEPS_NAME) => {
                self.refuse(No::PrivacyRequired);
            }
            Verb::User if self.gate.tells_unknown(arguments) => self.refuse(No::Name),
            Verb::User => {
                self.state = State::Authorization { user: Some(arguments.to_vec()) };
                self.send("+OK and the password");
            }
            Verb::Pass => {
                let user = user.or_else(|| self.lacks_user());
                let judged = user.ok_or(No::State).and_then(|user| self.gate.password(&user, arguments));
                self.admit(judged);
            }
            Verb::Apop => self.apop(arguments),
            Verb::Authenticate => self.authenticate(arguments),
            Verb::Neutral if name == "AUTH" => {
                let listed: String = self.gate.mechanisms().map(|name| format!("{name}\r\n")).collect();
                self.send(format!("+OK these are the mechanisms\r\n{listed}."));
            }
            Verb::Logout => self.quit(),
            Verb::Neutral if self.gate.on(&switches::NO_STATUS) => self.send("ok"),
            Verb::Neutral => self.send("+OK"),
            _ => self.transaction(&name, arguments),
        }
    }

    /// The name that a server takes for granted which has one user.
    fn lacks_user(&self) -> Option<Vec<u8>> {
        let granted = self.gate.on(&switches::PASS_ALONE);
        granted.then(|| self.gate.account.user.as_bytes().to_vec())
    }

    fn quit(&mut self) {
        let updated = self.logged_in();
        let removed = if updated { self.maildrop.update() } else { 0 };
        self.send(match removed {
            0 => "+OK until next time".to_owned(),
            _ => format!("+OK until next time, without {removed} of the messages"),
        });
        self.enter(State::Ended { updated });
        self.out.push(Output::Close);
    }

    fn start_tls(&mut self, user: Option<Vec<u8>>) {
        let logged_in = self.logged_in();
        match self.gate.start_tls(logged_in) {
            Err(why) => self.refuse(why),
            Ok(()) => {
                self.out.extend(self.gate.begin_tls(
                    &super::RECORD,
                    "+OK begin TLS negotiation",
                    "+OK still here",
                ));
                let user = user.filter(|_| self.gate.on(&KEEPS_NAME));
                self.state = State::Handshake { logged_in, user };
                if !self.gate.on(&KEEPS_BUFFER) {
                    self.lines.clear();
                }
            }
        }
    }

    fn apop(&mut self, arguments: &[u8]) {
        let mut words = arguments.split(|&o| o == b' ');
        let (name, digest, more) = (words.next(), words.next(), words.next());
        match (name, digest, more) {
            _ if self.gate.get(&switches::APOP) == "off" => self.refuse(No::Unknown),
            (Some(_), Some(_), None) if !self.gate.on(&switches::APOP) => self.admit(Err(No::Credentials)),
            (Some(name), Some(digest), None) => {
                let account = &self.gate.account;
                let expected = apop::digest(self.timestamp.as_bytes(), account.password.reveal());
                let fits = name == account.user.as_bytes() && digest == expected.as_bytes();
                self.admit(if fits { Ok(()) } else { Err(No::Credentials) });
            }
            _ => self.send("-ERR APOP takes a name and a digest"),
        }
    }

    fn authenticate(&mut self, arguments: &[u8]) {
        let mut words = arguments.split(|&o| o == b' ');
        let mechanism = words.next().unwrap_or_default();
        let initial = words.next();
        if words.next().is_some() {
            self.send("-ERR AUTH takes a mechanism and at most one word more");
            return;
        }
        let initial = initial.map(|word| self.gate.read(exchange::initial(word), word));
        let turn = self.gate.begin(mechanism, initial);
        self.turn(turn);
    }

    fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Challenge(challenge) => {
                self.state = State::Challenge;
                self.send(format!("+ {}", base64::engine::general_purpose::STANDARD.encode(challenge)));
            }
            Turn::Over(judged) => self.admit(judged),
        }
    }

    fn transaction(&mut self, name: &str, arguments: &[u8]) {
        let Some(numbers) = grammar::numbers(arguments) else {
            self.send("-ERR the arguments are not numbers");
            return;
        };
        let drop = &mut self.maildrop;
        let listing = |line: Option<String>| line.map(|line| format!("+OK {line}"));
        let lines =
            |text: Option<String>| text.map(|text| format!("+OK\r\n{}", text.trim_end_matches("\r\n")));
        let answer = match (name, numbers.as_slice()) {
            ("STAT", []) => {
                let (count, octets) = drop.stat();
                Some(format!("+OK {count} {octets}"))
            }
            ("LIST", []) => lines(Some(drop.all(Maildrop::listing) + ".")),
            ("LIST", [number]) => listing(drop.listing(*number)),
            ("UIDL", []) => lines(Some(drop.all(Maildrop::uid_listing) + ".")),
            ("UIDL", [number]) => listing(drop.uid_listing(*number)),
            ("RETR", [number]) => lines(drop.text(*number, None)),
            ("TOP", [number, count]) => lines(drop.text(*number, Some(*count))),
            ("DELE", [number]) => drop.delete(*number).then(|| "+OK it goes when you QUIT".to_owned()),
            ("RSET", []) => {
                drop.reset();
                Some("+OK everything stays".to_owned())
            }
            ("LAST" | "XTND", _) => Some("-ERR this command is not known here".to_owned()),
            _ => Some("-ERR those are not the arguments that it takes".to_owned()),
        };
        self.send(answer.as_deref().unwrap_or("-ERR there is no such message"));
    }
}

/// The maildrops outlive the connection, but marks do not (RFC 1939 section 6).
impl Drop for Pop3Server {
    fn drop(&mut self) {
        self.maildrop.reset();
        self.maildrops.insert(std::mem::take(&mut self.whose), std::mem::take(&mut self.maildrop));
        self.gate.account.shelf.put(std::mem::take(&mut self.maildrops));
    }
}

impl Machine for Pop3Server {
    fn stage(&self) -> &'static str {
        match &self.state {
            State::Authorization { user: None } => states::AUTHORIZATION,
            State::Authorization { user: Some(_) } => states::NAMED,
            State::Challenge => states::EXCHANGE,
            State::Handshake { .. } => states::HANDSHAKE,
            State::Transaction => states::TRANSACTION,
            State::Ended { .. } => states::UPDATE,
        }
    }

    fn waiting(&self) -> usize {
        self.lines.waiting()
    }

    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                self.out.push(Output::Note(Note::Policy(self.gate.policy())));
                self.enter(State::Authorization { user: None });
                let host = self.gate.account.host.clone();
                let stamp = if self.gate.get(&switches::APOP) != "off" {
                    format!(" {}", self.timestamp)
                } else {
                    String::new()
                };
                self.send(format!("+OK {host} ready{stamp}"));
            }
            Input::Octets(_)
                if matches!(self.state, State::Ended { .. }) || self.waiting() > WAITING_LIMIT => {}
            Input::Octets(octets) => {
                self.gate.take_in(octets);
                self.lines.push(octets);
                self.read();
            }
            Input::TlsDone(result) => {
                let (late, user) = match &mut self.state {
                    State::Handshake { logged_in, user } => (*logged_in, user.take()),
                    _ => (false, None),
                };
                let goes_on = self.gate.handshake_done(result, &mut self.out);
                if user.is_some() && self.gate.secure {
                    self.out.push(Output::Note(Note::NameKept));
                }
                self.state = if late { State::Transaction } else { State::Authorization { user } };
                if !goes_on {
                    self.enter(State::Ended { updated: false });
                }
                self.read();
            }
            Input::TlsEnded(ending) => {
                if !self.gate.tls_ended(ending, &mut self.out) {
                    self.enter(State::Ended { updated: false });
                }
            }
            Input::Timer | Input::Start | Input::Found(_) => {}
            // RFC 1939 section 6: without QUIT nothing is removed.
            Input::PeerClosed => {
                self.maildrop.reset();
                self.state = State::Ended { updated: false };
            }
        }
        std::mem::take(&mut self.out)
    }
}
