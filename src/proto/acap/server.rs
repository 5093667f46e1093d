//! The ACAP server machine: one account with one entry in its address book.
//!
//! ```text
//! not authenticated ── AUTHENTICATE ─► authenticated ── LOGOUT ─► logout
//!      └─ STARTTLS ─► handshake ─► greeting again ─► not authenticated
//! ```

use super::grammar::{self, Token};
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{Gate, KEEPS_BUFFER, NO_GREETING, No, Turn};
use crate::proto::{Account, Input, Machine, Output, quoted};
use crate::trace::{Note, Verb};
use crate::wire::{Inbox, Unit};
use rand_core::RngCore;

/// Where a session stands (RFC 2244 section 2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    NotAuthenticated,
    /// An exchange waits for the client's next message.
    Challenge {
        tag: String,
    },
    /// STARTTLS was accepted; the handshake comes next.
    Handshake {
        logged_in: bool,
    },
    Authenticated,
    Ended,
}

/// The machine.
#[derive(Debug)]
pub struct AcapServer {
    gate: Gate,
    state: State,
    inbox: Inbox,
    modtime: u32,
    out: Vec<Output>,
}

impl AcapServer {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        Self {
            gate: Gate::new(account, switches, seed),
            state: State::NotAuthenticated,
            inbox: Inbox::default(),
            modtime: seed.generator(3).next_u32() % 1_000_000,
            out: Vec::new(),
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        self.out.push(Output::Send(format!("{}\r\n", text.as_ref()).into_bytes()));
    }

    fn enter(&mut self, state: State) {
        let name = match state {
            State::NotAuthenticated => Some("not authenticated"),
            State::Authenticated => Some("authenticated"),
            State::Ended => Some("logout"),
            State::Challenge { .. } | State::Handshake { .. } => None,
        };
        if let Some(name) = name {
            self.out.push(Output::Note(Note::State(name)));
        }
        self.state = state;
    }

    fn greet(&mut self) {
        let mut greeting = String::from("* ACAP (IMPLEMENTATION \"STARTTLS Lab\")");
        let mechanisms: String = self.gate.mechanisms().map(|name| format!(" \"{name}\"")).collect();
        greeting.push_str(&format!(" (SASL{mechanisms})"));
        if self.gate.offers_starttls() {
            greeting.push_str(" (STARTTLS)");
        }
        self.send(greeting);
    }

    fn refuse(&mut self, tag: &str, why: No) {
        self.send(match why {
            No::PrivacyRequired => format!("{tag} NO (ENCRYPT-NEEDED) \"no password is taken outside TLS\""),
            No::Name => format!("{tag} NO \"there is nobody of that name\""),
            No::Credentials | No::Authorization | No::Malformed => format!("{tag} NO \"that did not work\""),
            No::State => format!("{tag} BAD \"not in this state\""),
            No::TlsActive => format!("{tag} BAD \"TLS is already active\""),
            No::Mechanism => format!("{tag} NO \"this mechanism is not available\""),
            No::Unknown => format!("{tag} BAD \"this command is not known here\""),
            No::GivenUp | No::NotBase64 => format!("{tag} BAD \"given up\""),
        });
    }

    fn admit(&mut self, tag: &str, judged: Result<(), No>) {
        match judged {
            Ok(()) => {
                self.enter(State::Authenticated);
                self.out.push(Output::Note(self.gate.identity_note()));
                self.send(format!("{tag} OK \"logged in\""));
            }
            Err(why) => {
                self.state = State::NotAuthenticated;
                self.refuse(tag, why);
                if self.gate.failed(why) {
                    self.send("* BYE \"too many failed logins\"");
                    self.out.push(Output::Close);
                    self.enter(State::Ended);
                }
            }
        }
    }

    fn read(&mut self) {
        while !matches!(self.state, State::Ended | State::Handshake { .. }) {
            match self.inbox.next_unit() {
                Some(Unit::Message(message)) => {
                    self.out.extend(self.gate.mistake(self.inbox.unread()).map(Output::Note));
                    self.message(&message);
                }
                Some(Unit::Waiting) => self.send("+ \"go on\""),
                Some(Unit::TooBig(_)) => self.send("* BAD \"this is more than is taken here\""),
                // What follows would be read as commands although it is the rest of something else.
                Some(Unit::Overlong) => {
                    self.send("* BYE \"this is more than is taken here\"");
                    self.enter(State::Ended);
                    self.out.push(Output::Close);
                }
                None => break,
            }
        }
    }

    fn message(&mut self, message: &[u8]) {
        if let State::Challenge { tag } = &self.state {
            let tag = tag.clone();
            self.state = State::NotAuthenticated;
            let answer = match grammar::tokens(message).as_deref() {
                Some([Token::String(answer)]) => Ok(grammar::content(message, answer)),
                _ => Err(No::GivenUp),
            };
            let turn = self.gate.go_on(answer);
            self.turn(&tag, turn);
            return;
        }
        let Some(parsed) = grammar::command(message).filter(|_| message.ends_with(b"\r\n")) else {
            self.send("* BAD \"this is not a tag followed by a command\"");
            return;
        };
        let tag = String::from_utf8_lossy(message.get(parsed.tag).unwrap_or_default()).into_owned();
        let bare = parsed.arguments.is_empty();
        match parsed.verb {
            Verb::StartTls | Verb::Logout if !bare => {
                self.send(format!("{tag} BAD \"no arguments are allowed\""));
            }
            Verb::StartTls => self.start_tls(&tag),
            Verb::Logout => {
                self.send("* BYE \"until next time\"");
                self.send(format!("{tag} OK \"LOGOUT completed\""));
                self.enter(State::Ended);
                self.out.push(Output::Close);
            }
            Verb::Neutral => self.send(format!("{tag} OK \"{} completed\"", parsed.name)),
            Verb::Authenticate if self.state == State::Authenticated => self.refuse(&tag, No::State),
            Verb::Authenticate => self.authenticate(&tag, &parsed.arguments, message),
            Verb::Mailbox if self.state != State::Authenticated => self.refuse(&tag, No::State),
            Verb::Mailbox if parsed.name == "SEARCH" => self.search(&tag),
            Verb::Mailbox if parsed.name == "STORE" => self.send(format!("{tag} OK \"STORE completed\"")),
            _ => self.refuse(&tag, No::Unknown),
        }
    }

    fn start_tls(&mut self, tag: &str) {
        let logged_in = self.state == State::Authenticated;
        match self.gate.start_tls(logged_in) {
            Err(why) => self.refuse(tag, why),
            Ok(()) => {
                let answer = format!("{tag} OK \"begin TLS negotiation now\"");
                self.out.extend(self.gate.begin_tls(&answer, "* OK \"still here\""));
                self.state = State::Handshake { logged_in };
                if !self.gate.on(&KEEPS_BUFFER) {
                    self.inbox.clear();
                }
            }
        }
    }

    fn authenticate(&mut self, tag: &str, arguments: &[Token], message: &[u8]) {
        let text = |token: &Token| match token {
            Token::String(range) => grammar::content(message, range),
            _ => Vec::new(),
        };
        let (mechanism, initial) = match arguments {
            [mechanism @ Token::String(_)] => (text(mechanism), None),
            [mechanism @ Token::String(_), initial @ Token::String(_)] => {
                (text(mechanism), Some(text(initial)))
            }
            _ => {
                self.send(format!("{tag} BAD \"AUTHENTICATE takes a mechanism\""));
                return;
            }
        };
        let turn = self.gate.begin(&mechanism, initial.map(Ok));
        self.turn(tag, turn);
    }

    fn turn(&mut self, tag: &str, turn: Turn) {
        match turn {
            Turn::Challenge(challenge) => {
                self.state = State::Challenge { tag: tag.to_owned() };
                let text = String::from_utf8_lossy(&quoted(&challenge)).into_owned();
                self.send(format!("+ {text}"));
            }
            Turn::Over(judged) => self.admit(tag, judged),
        }
    }

    fn search(&mut self, tag: &str) {
        let content = self.gate.account.message.lines().last().unwrap_or_default();
        let value = String::from_utf8_lossy(&quoted(content.as_bytes())).into_owned();
        let modtime = self.modtime;
        self.send(format!("{tag} ENTRY \"friday\" {value}"));
        self.send(format!("{tag} MODTIME \"20261121{modtime:06}\""));
        self.send(format!("{tag} OK \"SEARCH completed\""));
    }
}

impl Machine for AcapServer {
    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                self.out.push(Output::Note(Note::Policy(self.gate.policy())));
                self.enter(State::NotAuthenticated);
                self.greet();
            }
            Input::Octets(octets) => {
                self.gate.take_in(octets);
                self.inbox.push(octets);
                self.read();
            }
            Input::TlsDone(result) => {
                let late = matches!(self.state, State::Handshake { logged_in: true });
                let goes_on = self.gate.handshake_done(result, &mut self.out);
                self.state = if late { State::Authenticated } else { State::NotAuthenticated };
                if goes_on {
                    // RFC 2595 section 5.1: the greeting is issued again.
                    if !self.gate.on(&NO_GREETING) {
                        self.greet();
                    }
                    self.read();
                } else {
                    self.enter(State::Ended);
                }
            }
            Input::TlsEnded(ending) => {
                if !self.gate.tls_ended(ending, &mut self.out) {
                    self.enter(State::Ended);
                }
            }
            Input::Timer | Input::Start | Input::Found(_) => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}
