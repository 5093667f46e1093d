//! The POP3 server machine: one account, one message.
//!
//! ```text
//! AUTHORIZATION ── USER, PASS or AUTH ─► TRANSACTION ── QUIT ─► UPDATE
//!      └─ STLS ─► handshake ─► AUTHORIZATION
//! ```

use super::grammar;
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{Gate, No, Turn};
use crate::proto::{Account, Input, Machine, Output, exchange};
use crate::trace::{Note, Verb};
use crate::wire;
use base64::Engine;
use rand_core::RngCore;

/// A line of more octets than this is refused; a client's SASL message may be longer than a command line.
const LINE_LIMIT: usize = 8 << 10;

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
    },
    Transaction {
        deleted: bool,
    },
    Ended,
}

/// The machine.
#[derive(Debug)]
pub struct Pop3Server {
    gate: Gate,
    state: State,
    octets: Vec<u8>,
    timestamp: u32,
    out: Vec<Output>,
}

impl Pop3Server {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        Self {
            gate: Gate::new(account, switches, seed),
            state: State::Authorization { user: None },
            octets: Vec::new(),
            timestamp: seed.generator(2).next_u32() | 1,
            out: Vec::new(),
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        self.out.push(Output::Send(format!("{}\r\n", text.as_ref()).into_bytes()));
    }

    fn enter(&mut self, state: State) {
        let name = match state {
            State::Authorization { .. } => Some("authorization"),
            State::Transaction { .. } => Some("transaction"),
            State::Ended => Some("update"),
            State::Challenge | State::Handshake { .. } => None,
        };
        if let Some(name) = name {
            self.out.push(Output::Note(Note::State(name)));
        }
        self.state = state;
    }

    fn logged_in(&self) -> bool {
        matches!(self.state, State::Transaction { .. })
    }

    fn refuse(&mut self, why: No) {
        self.send(match why {
            No::PrivacyRequired => "-ERR no password is taken outside TLS",
            No::Credentials | No::Authorization | No::Malformed => "-ERR [AUTH] that did not work",
            No::State => "-ERR not in this state",
            No::TlsActive => "-ERR a TLS layer is in place",
            No::Mechanism => "-ERR this mechanism is not available",
            No::Unknown => "-ERR this command is not known here",
            No::GivenUp => "-ERR given up",
            No::NotBase64 => "-ERR that is not base64",
        });
    }

    fn admit(&mut self, judged: Result<(), No>) {
        match judged {
            Ok(()) => {
                self.enter(State::Transaction { deleted: false });
                self.send("+OK logged in");
            }
            Err(why) => {
                self.state = State::Authorization { user: None };
                self.refuse(why);
            }
        }
    }

    fn capabilities(&self) -> String {
        let mut list = String::from("+OK this is what there is\r\nTOP\r\nUIDL\r\nRESP-CODES\r\n");
        let mut add = |listed: bool, item: &str| {
            if listed {
                list.push_str(item);
                list.push_str("\r\n");
            }
        };
        // RFC 2595 section 4: listed means present and permitted in the current state.
        add(self.gate.offers_starttls() && !self.logged_in(), "STLS");
        add(!self.gate.refuses_clear(), "USER");
        let mechanisms: Vec<_> = self.gate.mechanisms().collect();
        add(!mechanisms.is_empty(), &format!("SASL {}", mechanisms.join(" ")));
        list.push('.');
        list
    }

    fn line(&mut self, line: &[u8]) {
        if self.state == State::Challenge {
            self.state = State::Authorization { user: None };
            let turn = self.gate.go_on(exchange::message(line));
            self.turn(turn);
            return;
        }
        let (keyword, arguments) = grammar::command(line);
        let Some((verb, name)) = grammar::command_name(keyword, arguments) else {
            self.refuse(No::Unknown);
            return;
        };
        let user = match &mut self.state {
            State::Authorization { user } => user.take(),
            _ => None,
        };
        match verb {
            Verb::Capability | Verb::StartTls | Verb::Logout | Verb::Neutral if !arguments.is_empty() => {
                self.send("-ERR no arguments are allowed");
            }
            Verb::Capability => {
                let list = self.capabilities();
                self.send(list);
            }
            Verb::StartTls => self.start_tls(),
            Verb::User | Verb::Pass | Verb::Authenticate if self.logged_in() => self.refuse(No::State),
            Verb::User if self.gate.refuses_clear() => self.refuse(No::PrivacyRequired),
            Verb::User => {
                self.state = State::Authorization { user: Some(arguments.to_vec()) };
                self.send("+OK and the password");
            }
            Verb::Pass => {
                let judged = user.ok_or(No::State).and_then(|user| self.gate.password(&user, arguments));
                self.admit(judged);
            }
            Verb::Authenticate => self.authenticate(arguments),
            Verb::Neutral if name == "AUTH" && self.logged_in() => self.refuse(No::State),
            Verb::Neutral if name == "AUTH" => {
                let listed: String = self.gate.mechanisms().map(|name| format!("{name}\r\n")).collect();
                self.send(format!("+OK these are the mechanisms\r\n{listed}."));
            }
            Verb::Logout => {
                self.send("+OK until next time");
                self.enter(State::Ended);
                self.out.push(Output::Close);
            }
            _ if !self.logged_in() => self.refuse(No::State),
            Verb::Neutral => self.send("+OK"),
            _ => self.transaction(&name, arguments),
        }
    }

    fn start_tls(&mut self) {
        let logged_in = self.logged_in();
        match self.gate.start_tls(logged_in) {
            Err(why) => self.refuse(why),
            Ok(()) => {
                self.out.extend(self.gate.begin_tls("+OK begin TLS negotiation", "+OK still here"));
                self.state = State::Handshake { logged_in };
                self.octets.clear();
            }
        }
    }

    fn authenticate(&mut self, arguments: &[u8]) {
        let mut words = arguments.split(|&o| o == b' ');
        let mechanism = words.next().unwrap_or_default();
        let turn = self.gate.begin(mechanism, words.next().map(exchange::message));
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
        let State::Transaction { deleted } = self.state else { return };
        let size = self.gate.account.message.len();
        let first = arguments.split(|&o| o == b' ').next().unwrap_or_default();
        let named = first == b"1" && !deleted;
        let uid = format!("{:08x}", self.timestamp);
        let message = |text: &str| format!("+OK\r\n{}", grammar::stuffed(text).trim_end_matches("\r\n"));
        let answer = match name {
            "STAT" if deleted => "+OK 0 0".to_owned(),
            "STAT" => format!("+OK 1 {size}"),
            "LIST" if arguments.is_empty() && deleted => "+OK\r\n.".to_owned(),
            "LIST" if arguments.is_empty() => format!("+OK\r\n1 {size}\r\n."),
            "LIST" if named => format!("+OK 1 {size}"),
            "UIDL" if arguments.is_empty() && deleted => "+OK\r\n.".to_owned(),
            "UIDL" if arguments.is_empty() => format!("+OK\r\n1 {uid}\r\n."),
            "UIDL" if named => format!("+OK 1 {uid}"),
            "RETR" if named => message(&self.gate.account.message),
            "TOP" if named => {
                let head = self.gate.account.message.split_once("\r\n\r\n");
                message(&format!("{}\r\n\r\n", head.map_or("", |(head, _)| head)))
            }
            "DELE" if named => {
                self.state = State::Transaction { deleted: true };
                "+OK deleted at the end".to_owned()
            }
            "RSET" => {
                self.state = State::Transaction { deleted: false };
                "+OK nothing is deleted".to_owned()
            }
            "LIST" | "UIDL" | "RETR" | "TOP" | "DELE" => "-ERR there is no such message".to_owned(),
            _ => "-ERR this is not done here".to_owned(),
        };
        self.send(answer);
    }
}

impl Machine for Pop3Server {
    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                self.out.push(Output::Note(Note::Policy(self.gate.policy())));
                self.enter(State::Authorization { user: None });
                let host = self.gate.account.host.clone();
                self.send(format!("+OK {host} ready <{}@{host}>", self.timestamp));
            }
            Input::Octets(octets) => {
                self.octets.extend_from_slice(octets);
                while !matches!(self.state, State::Ended | State::Handshake { .. }) {
                    let Some(found) = wire::line(&self.octets, 0, 0) else { break };
                    let rest = self.octets.split_off(found.end());
                    let line = std::mem::replace(&mut self.octets, rest);
                    if line.ends_with(b"\r\n") && line.len() <= LINE_LIMIT {
                        self.line(wire::text(&line));
                    } else {
                        self.send("-ERR that is not a command line");
                    }
                }
                if self.octets.len() > LINE_LIMIT {
                    self.octets.clear();
                    self.send("-ERR this is more than is taken here");
                }
            }
            Input::TlsDone(result) => {
                let late = matches!(self.state, State::Handshake { logged_in: true });
                let goes_on = self.gate.handshake_done(result.is_ok(), &mut self.out);
                self.state = if late {
                    State::Transaction { deleted: false }
                } else {
                    State::Authorization { user: None }
                };
                if !goes_on {
                    self.enter(State::Ended);
                }
            }
            Input::Timer => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}
