//! The IMAP server machine: one account, one mailbox with one message.
//!
//! With every conduct switch off it keeps RFC 2595 sections 2 and 3 and RFC 9051, whatever its settings.

use super::grammar;
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{GREETING, Gate, KEEPS_BUFFER, No, PREAUTH, SASL_IR, Turn};
use crate::proto::{Account, Input, Machine, Output, exchange};
use crate::trace::{Note, Verb};
use crate::wire::{Inbox, Unit};
use base64::Engine;
use rand_core::RngCore;

/// Where a session stands (RFC 3501 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    NotAuthenticated,
    /// An exchange waits for the client's next message.
    Challenge {
        tag: String,
    },
    /// STARTTLS was accepted; the handshake comes next.
    Handshake {
        authenticated: bool,
    },
    Authenticated,
    Selected,
    Ended,
}

/// The machine.
#[derive(Debug)]
pub struct ImapServer {
    gate: Gate,
    state: State,
    inbox: Inbox,
    uid_validity: u32,
    out: Vec<Output>,
}

impl ImapServer {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        Self {
            gate: Gate::new(account, switches, seed),
            state: State::NotAuthenticated,
            inbox: Inbox::default(),
            uid_validity: seed.generator(1).next_u32() | 1,
            out: Vec::new(),
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        self.out.push(Output::Send(format!("{}\r\n", text.as_ref()).into_bytes()));
    }

    fn capabilities(&self) -> String {
        let mut list = String::from("IMAP4rev1 LITERAL+");
        let mut add = |listed: bool, item: &str| {
            if listed {
                list.push(' ');
                list.push_str(item);
            }
        };
        let before_login = matches!(self.state, State::NotAuthenticated | State::Challenge { .. });
        add(self.gate.on(&SASL_IR), "SASL-IR");
        add(self.gate.offers_starttls() && before_login, "STARTTLS");
        add(self.gate.refuses_clear() && before_login, "LOGINDISABLED");
        for mechanism in self.gate.mechanisms() {
            add(before_login, &format!("AUTH={mechanism}"));
        }
        list
    }

    fn enter(&mut self, state: State) {
        let name = match state {
            State::NotAuthenticated => Some("not authenticated"),
            State::Authenticated => Some("authenticated"),
            State::Selected => Some("selected"),
            State::Ended => Some("logout"),
            State::Challenge { .. } | State::Handshake { .. } => None,
        };
        if let Some(name) = name {
            self.out.push(Output::Note(Note::State(name)));
        }
        self.state = state;
    }

    fn greet(&mut self) {
        self.out.push(Output::Note(Note::Policy(self.gate.policy())));
        let preauth = self.gate.on(&PREAUTH);
        self.enter(if preauth { State::Authenticated } else { State::NotAuthenticated });
        let word = if preauth { "PREAUTH" } else { "OK" };
        let code = if self.gate.on(&GREETING) {
            format!("[CAPABILITY {}] ", self.capabilities())
        } else {
            String::new()
        };
        let host = self.gate.account.host.clone();
        self.send(format!("* {word} {code}{host} ready"));
    }

    fn read(&mut self) {
        while !matches!(self.state, State::Ended | State::Handshake { .. }) {
            match self.inbox.next_unit() {
                Some(Unit::Message(message)) => {
                    self.out.extend(self.gate.mistake(self.inbox.unread()).map(Output::Note));
                    self.message(&message);
                }
                Some(Unit::Waiting) => self.send("+ go on"),
                Some(Unit::Overlong) => self.send("* BAD this is more than is taken here"),
                None => break,
            }
        }
    }

    fn message(&mut self, octets: &[u8]) {
        let text = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        if let State::Challenge { tag } = &self.state {
            let tag = tag.clone();
            self.state = State::NotAuthenticated;
            let turn = self.gate.go_on(exchange::message(text));
            self.turn(&tag, turn);
            return;
        }
        let Some((tag, word, rest)) = grammar::command(text).filter(|_| octets.ends_with(b"\r\n")) else {
            self.send("* BAD this is not a tag followed by a command");
            return;
        };
        let tag = String::from_utf8_lossy(text.get(tag).unwrap_or_default()).into_owned();
        let arguments = text.get(rest.clone()).unwrap_or_default();
        let (verb, name) = grammar::command_name(text.get(word).unwrap_or_default(), arguments);
        match verb {
            Verb::Capability | Verb::StartTls | Verb::Logout if !arguments.is_empty() => {
                self.send(format!("{tag} BAD no arguments are allowed"));
            }
            Verb::Capability => {
                let list = self.capabilities();
                self.send(format!("* CAPABILITY {list}"));
                self.send(format!("{tag} OK CAPABILITY completed"));
            }
            Verb::Neutral if name == "NOOP" => self.send(format!("{tag} OK NOOP completed")),
            Verb::Logout => {
                self.send("* BYE until next time");
                self.send(format!("{tag} OK LOGOUT completed"));
                self.enter(State::Ended);
                self.out.push(Output::Close);
            }
            Verb::StartTls => self.start_tls(&tag),
            Verb::Login => self.login(&tag, text, rest.start),
            Verb::Authenticate => self.authenticate(&tag, arguments),
            Verb::Mailbox => self.mailbox(&tag, &name, arguments),
            _ => self.send(format!("{tag} BAD this command is not known here")),
        }
    }

    fn logged_in(&self) -> bool {
        matches!(self.state, State::Authenticated | State::Selected)
    }

    fn start_tls(&mut self, tag: &str) {
        let late = self.logged_in();
        match self.gate.start_tls(late) {
            Err(why) => self.refuse(tag, why),
            Ok(()) => {
                let answer = format!("{tag} OK begin TLS negotiation now");
                self.out.extend(self.gate.begin_tls(&answer, "* OK still here"));
                self.state = State::Handshake { authenticated: late };
                if !self.gate.on(&KEEPS_BUFFER) {
                    self.inbox.clear();
                }
            }
        }
    }

    fn refuse(&mut self, tag: &str, why: No) {
        self.send(match why {
            No::PrivacyRequired => format!("{tag} NO [PRIVACYREQUIRED] no password is taken outside TLS"),
            No::Name => format!("{tag} NO [AUTHENTICATIONFAILED] there is nobody of that name"),
            No::Credentials | No::Malformed => format!("{tag} NO [AUTHENTICATIONFAILED] that did not work"),
            No::Authorization => {
                format!("{tag} NO [AUTHORIZATIONFAILED] nobody may act for somebody else here")
            }
            No::State => format!("{tag} BAD not in this state"),
            No::TlsActive => format!("{tag} BAD TLS is already active"),
            No::Mechanism => format!("{tag} NO this mechanism is not available"),
            No::Unknown => format!("{tag} BAD this command is not known here"),
            No::GivenUp => format!("{tag} BAD given up"),
            No::NotBase64 => format!("{tag} BAD that is not base64"),
        });
    }

    fn admit(&mut self, tag: &str, judged: Result<(), No>) {
        match judged {
            Ok(()) => {
                self.enter(State::Authenticated);
                self.out.push(Output::Note(self.gate.identity_note()));
                self.send(format!("{tag} OK logged in"));
            }
            Err(why) => {
                self.refuse(tag, why);
                if self.gate.failed(why) {
                    self.send("* BYE too many failed logins");
                    self.out.push(Output::Close);
                    self.enter(State::Ended);
                }
            }
        }
    }

    fn login(&mut self, tag: &str, text: &[u8], arguments: usize) {
        if self.logged_in() {
            self.refuse(tag, No::State);
            return;
        }
        let read = |from| grammar::astring(text, from);
        let words = read(arguments).and_then(|(user, behind)| {
            let (password, end) = read(behind.checked_add(1)?)?;
            (text.get(behind) == Some(&b' ') && end == text.len()).then_some((user, password))
        });
        let Some((user, password)) = words else {
            self.send(format!("{tag} BAD LOGIN takes a user name and a password"));
            return;
        };
        let user = grammar::unquoted(text.get(user).unwrap_or_default());
        let password = grammar::unquoted(text.get(password).unwrap_or_default());
        let judged = self.gate.password(&user, &password);
        self.admit(tag, judged);
    }

    fn authenticate(&mut self, tag: &str, arguments: &[u8]) {
        let mut words = arguments.split(|&o| o == b' ');
        let mechanism = words.next().unwrap_or_default();
        let initial = words.next();
        if self.logged_in() {
            self.refuse(tag, No::State);
            return;
        }
        if initial.is_some() && !self.gate.on(&SASL_IR) {
            self.send(format!("{tag} BAD no initial response is taken"));
            return;
        }
        let turn = self.gate.begin(mechanism, initial.map(exchange::initial));
        self.turn(tag, turn);
    }

    fn turn(&mut self, tag: &str, turn: Turn) {
        match turn {
            Turn::Challenge(challenge) => {
                self.state = State::Challenge { tag: tag.to_owned() };
                self.send(format!("+ {}", base64::engine::general_purpose::STANDARD.encode(challenge)));
            }
            Turn::Over(judged) => self.admit(tag, judged),
        }
    }

    fn mailbox(&mut self, tag: &str, name: &str, arguments: &[u8]) {
        if !self.logged_in() {
            self.refuse(tag, No::State);
            return;
        }
        match name {
            "SELECT" | "EXAMINE" if arguments.eq_ignore_ascii_case(b"INBOX") => {
                let validity = self.uid_validity;
                self.send("* FLAGS (\\Seen)");
                self.send("* 1 EXISTS");
                self.send(format!("* OK [UIDVALIDITY {validity}] stays the same"));
                self.enter(State::Selected);
                let access = if name == "SELECT" { "READ-WRITE" } else { "READ-ONLY" };
                self.send(format!("{tag} OK [{access}] {name} completed"));
            }
            "SELECT" | "EXAMINE" => self.send(format!("{tag} NO there is no such mailbox")),
            "FETCH" if self.state != State::Selected => {
                self.send(format!("{tag} BAD select a mailbox first"))
            }
            "FETCH" if asks_for_the_message(arguments) => {
                let message = self.gate.account.message.clone();
                self.send(format!("* 1 FETCH (BODY[] {{{}}}\r\n{message})", message.len()));
                self.send(format!("{tag} OK FETCH completed"));
            }
            "CLOSE" | "UNSELECT" if self.state == State::Selected => {
                self.enter(State::Authenticated);
                self.send(format!("{tag} OK {name} completed"));
            }
            _ => self.send(format!("{tag} BAD this is not done here")),
        }
    }
}

impl Machine for ImapServer {
    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => self.greet(),
            Input::Octets(octets) => {
                self.gate.take_in(octets);
                self.inbox.push(octets);
                self.read();
            }
            Input::TlsDone(result) => {
                let late = matches!(self.state, State::Handshake { authenticated: true });
                let goes_on = self.gate.handshake_done(result.is_ok(), &mut self.out);
                self.state = if late { State::Authenticated } else { State::NotAuthenticated };
                if !goes_on {
                    self.enter(State::Ended);
                }
                self.read();
            }
            Input::Timer => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}

/// `1 BODY[]`, also as a list of one (RFC 3501 section 6.4.5).
fn asks_for_the_message(arguments: &[u8]) -> bool {
    let Some(items) = arguments.strip_prefix(b"1 ") else { return false };
    let inner = items.strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")"));
    inner.unwrap_or(items).eq_ignore_ascii_case(b"BODY[]")
}
