//! The ACAP server machine: one account with an address book.
//!
//! ```text
//! not authenticated ── AUTHENTICATE ─► authenticated ── LOGOUT ─► logout
//!      └─ STARTTLS ─► handshake ─► greeting again ─► not authenticated
//! ```

use super::command::{Command, command};
use super::dataset::Dataset;
use super::states;
use super::syntax::{self, Kind, Lead, string};
use super::{grammar, switches};
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{
    CLOSES_IN_EXCHANGE, Gate, KEEPS_BUFFER, LATE_STARTTLS, LENIENT_PLAIN, NO_GREETING, No, SECOND_LOGIN, Turn,
};
use crate::proto::{Account, Input, Machine, OTHER_HOST, Output, WAITING_LIMIT};
use crate::sasl::{self, Reveals};
use crate::trace::Note;
use crate::wire::{Inbox, Unit};
use rand_core::RngCore;
use std::collections::BTreeMap;

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
    /// The address book that is open, whose it is, and those of others.
    dataset: Dataset,
    whose: String,
    datasets: BTreeMap<String, Dataset>,
    stamp: u32,
    /// The mechanism of the exchange, and the name that its last message gave.
    login: (Vec<u8>, Vec<u8>),
    /// The account got its credentials by PLAIN.
    moved: bool,
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
            dataset: Dataset::default(),
            whose: String::new(),
            datasets: account.shelf.take().unwrap_or_default(),
            stamp: seed.generator(3).next_u32(),
            login: (Vec::new(), Vec::new()),
            moved: false,
            out: Vec::new(),
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        self.send_octets(text.as_ref().as_bytes());
    }

    fn send_octets(&mut self, octets: &[u8]) {
        self.out.push(Output::Send([octets, b"\r\n"].concat()));
    }

    fn enter(&mut self, state: State) {
        let name = match state {
            State::NotAuthenticated => Some(states::NOT_AUTHENTICATED),
            State::Authenticated => Some(states::AUTHENTICATED),
            State::Ended => Some(states::LOGOUT),
            State::Challenge { .. } | State::Handshake { .. } => None,
        };
        if let Some(name) = name {
            self.out.push(Output::Note(Note::State(name)));
        }
        self.state = state;
    }

    fn greet(&mut self) {
        if self.gate.on(&switches::GREETS_OTHERWISE) {
            self.send("* OK \"ACAP is here\"");
            return;
        }
        let mut greeting = String::from("* ACAP (IMPLEMENTATION \"STARTTLS Lab\")");
        let mechanisms: String = self.gate.mechanisms().map(|name| format!(" \"{name}\"")).collect();
        greeting.push_str(&format!(" (SASL{mechanisms})"));
        if self.gate.offers_starttls() {
            let argument = if self.gate.on(&switches::ITEM_ARGUMENT) { " \"TLS\"" } else { "" };
            greeting.push_str(&format!(" (STARTTLS{argument})"));
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
            No::TooLong => format!("{tag} BAD \"that is too long\""),
            No::GivenUp | No::NotBase64 => format!("{tag} BAD \"given up\""),
        });
    }

    fn admit(&mut self, tag: &str, judged: Result<(), No>) {
        let judged = if self.needs_transition(&judged) { Err(None) } else { judged.map_err(Some) };
        match judged {
            Ok(()) => {
                self.moved |= self.login.0.eq_ignore_ascii_case(b"PLAIN");
                self.enter(State::Authenticated);
                self.open();
                self.out.push(Output::Note(self.gate.identity_note()));
                self.send(format!("{tag} OK \"logged in\""));
                if self.gate.switches.get(&switches::SAYS) == "alert" {
                    self.send("* ALERT \"this server goes to sleep at midnight\"");
                }
            }
            Err(why) => {
                self.state = State::NotAuthenticated;
                match why {
                    Some(why) => self.refuse(tag, why),
                    None => self
                        .send(format!("{tag} NO (TRANSITION-NEEDED) \"log in by PLAIN once, inside TLS\"")),
                }
                if self.gate.failed(why.unwrap_or(No::Mechanism)) {
                    self.send("* BYE \"too many failed logins\"");
                    self.out.push(Output::Close);
                    self.enter(State::Ended);
                }
            }
        }
    }

    /// Opens the address book of whoever is logged in.
    fn open(&mut self) {
        self.put_away();
        self.whose = self.gate.who().to_owned();
        let kept = self.datasets.remove(&self.whose);
        self.dataset = kept.unwrap_or_else(|| Dataset::new(&self.gate.account.of(&self.whose), self.stamp));
    }

    fn put_away(&mut self) {
        self.datasets.insert(std::mem::take(&mut self.whose), std::mem::take(&mut self.dataset));
    }

    /// The name is known, and nothing that the mechanism could be checked with is (RFC 2244 section 3.6).
    fn needs_transition(&self, judged: &Result<(), No>) -> bool {
        let (mechanism, name) = &self.login;
        self.gate.on(&switches::TRANSITION)
            && !self.moved
            && matches!(judged, Ok(()) | Err(No::Credentials))
            && sasl::reveals(&String::from_utf8_lossy(mechanism)) == Reveals::Nothing
            && *name == self.gate.account.user.as_bytes()
    }

    /// What the client's message of an exchange says: CRAM-MD5's begins with the name (RFC 2195 section 2).
    fn note_name(&mut self, message: &Result<Vec<u8>, No>) {
        if let Ok(message) = message {
            let space = message.iter().rposition(|&o| o == b' ').unwrap_or_default();
            self.login.1 = message.get(..space).unwrap_or_default().to_vec();
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
                Some(Unit::TooBig(line)) => self.too_much(&line),
                Some(Unit::Overlong) => self.too_much(b""),
                None => break,
            }
        }
    }

    /// A message is more than is taken; `line` is its beginning, as far as it is there. The rest never gets here.
    fn too_much(&mut self, line: &[u8]) {
        let tag = match &self.state {
            State::Challenge { tag } => tag.clone(),
            _ => grammar::command(line)
                .and_then(|parsed| line.get(parsed.tag))
                .map_or_else(|| "*".to_owned(), |tag| String::from_utf8_lossy(tag).into_owned()),
        };
        if matches!(self.state, State::Challenge { .. }) {
            self.gate.give_up();
            self.state = State::NotAuthenticated;
        }
        self.send(format!("{tag} BAD \"this is more than is taken here\""));
    }

    fn message(&mut self, message: &[u8]) {
        if let State::Challenge { tag } = &self.state {
            let tag = tag.clone();
            self.state = State::NotAuthenticated;
            if self.gate.on(&CLOSES_IN_EXCHANGE) {
                self.enter(State::Ended);
                self.out.push(Output::Close);
                return;
            }
            let answer = syntax::read_answer(message).map_err(|_| No::GivenUp);
            self.note_name(&answer);
            let turn = self.gate.go_on(answer);
            self.turn(&tag, turn);
            return;
        }
        let message = &self.as_literal(self.without_argument(message));
        let read = syntax::read(message);
        let (tag, values) = match read {
            Ok(syntax::Message { lead: Lead::Tag(tag), values }) => (tag, values),
            Ok(_) => {
                self.send("* BAD \"a command begins with a tag\"");
                return;
            }
            Err(fault) => {
                // Which command it is about, as far as that can be read.
                let tag = grammar::command(message).and_then(|parsed| message.get(parsed.tag));
                let tag = tag.filter(|_| fault.kind != Kind::Tag).map(String::from_utf8_lossy);
                self.send(format!("{} BAD \"{fault}\"", tag.unwrap_or("*".into())));
                return;
            }
        };
        match command(&values, message.len().saturating_sub(2)) {
            Ok(command) => self.command(&tag, command),
            Err(fault) => self.send(format!("{tag} BAD \"{fault}\"")),
        }
    }

    /// A message without the word behind STARTTLS, for a server that overlooks it.
    fn without_argument(&self, message: &[u8]) -> Vec<u8> {
        match self.gate.overlooks_argument(message, b"STARTTLS") {
            whole if whole.len() == message.len() => message.to_vec(),
            short => [short, b"\r\n"].concat(),
        }
    }

    /// A login with its message in quotes, where a NUL cannot stand, as a server reads it that guesses: as a literal.
    fn as_literal(&self, message: Vec<u8>) -> Vec<u8> {
        const LOGIN: &[u8] = b"AUTHENTICATE \"PLAIN\" \"";
        let quoted = memchr::memmem::find(&message, LOGIN).filter(|_| self.gate.on(&LENIENT_PLAIN));
        let text = quoted.and_then(|at| {
            let (head, text) = message.split_at_checked(at.checked_add(LOGIN.len())?.checked_sub(1)?)?;
            Some((head, text.strip_prefix(b"\"")?.strip_suffix(b"\"\r\n")?))
        });
        match text {
            Some((head, text)) => {
                [head, format!("{{{}+}}\r\n", text.len()).as_bytes(), text, b"\r\n"].concat()
            }
            None => message,
        }
    }

    fn command(&mut self, tag: &str, command: Command) {
        let needs_login = matches!(command, Command::Search(_) | Command::Store(_));
        if needs_login && self.state == State::NotAuthenticated && self.gate.lets_anybody_in() {
            self.open();
            self.enter(State::Authenticated);
        }
        // The gate knows about TLS and about the fault of a late upgrade.
        let again = matches!(command, Command::Authenticate { .. }) && self.gate.on(&SECOND_LOGIN);
        let gated =
            again || (command == Command::StartTls && (self.gate.secure || self.gate.on(&LATE_STARTTLS)));
        // What is missing needs a login, like all that is there beside the login itself.
        let name = command.name().unwrap_or("SEARCH");
        if !gated && !states::DIAGRAM.legal(self.stage(), name) {
            self.refuse(tag, No::State);
            return;
        }
        match command {
            Command::Noop => self.send(format!("{tag} OK \"NOOP completed\"")),
            Command::Lang(wanted) => self.lang(tag, &wanted),
            Command::Logout => {
                self.send("* BYE \"until next time\"");
                self.send(format!("{tag} OK \"LOGOUT completed\""));
                self.enter(State::Ended);
                self.out.push(Output::Close);
            }
            Command::StartTls => self.start_tls(tag),
            Command::Authenticate { mechanism, initial } => self.authenticate(tag, mechanism, initial),
            Command::Search(_) if self.gate.get(&switches::REFERS) == "instead" => {
                self.send(format!("{tag} NO (REFER \"{}\") \"it is kept there\"", elsewhere()));
            }
            Command::Search(search) => {
                let found = self.dataset.search(&search);
                for line in found.as_ref().map(|found| found.lines.as_slice()).unwrap_or_default() {
                    self.send_octets(&[tag.as_bytes(), b" ", line].concat());
                }
                if found.is_ok() && self.gate.get(&switches::REFERS) == "as-well" {
                    self.send(format!("{tag} REFER \"/addressbook/~/\" \"{}\"", elsewhere()));
                }
                self.complete(tag, found.map(|found| found.code), "SEARCH");
            }
            Command::Store(stores) => {
                let done = self.dataset.store(&stores);
                self.complete(tag, done.map(|()| None), "STORE");
            }
            Command::Missing => self.refuse(tag, No::Unknown),
        }
    }

    /// The final answer of a command on the dataset, with its response code.
    fn complete(&mut self, tag: &str, done: Result<Option<String>, Option<String>>, name: &str) {
        let (word, code, text) = match done {
            Ok(code) => ("OK", code, "completed"),
            Err(code) => ("NO", code, "failed"),
        };
        let code = code.map(|code| format!("({code}) ")).unwrap_or_default();
        self.send(format!("{tag} {word} {code}\"{name} {text}\""));
    }

    /// Our texts are English. A preference fits when it is a prefix up to a hyphen or the end (RFC 2244 section 6.2.2).
    fn lang(&mut self, tag: &str, wanted: &[String]) {
        if wanted.is_empty() {
            self.send(format!("{tag} BAD \"LANG takes a language\""));
        } else if wanted
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case("en") || wanted.eq_ignore_ascii_case("i-default"))
        {
            self.send(format!("{tag} LANG \"en\" \"i;octet\" \"i;ascii-casemap\""));
            self.send(format!("{tag} OK \"LANG completed\""));
        } else {
            self.send(format!("{tag} NO \"only English is spoken here\""));
        }
    }

    fn start_tls(&mut self, tag: &str) {
        let logged_in = self.state == State::Authenticated;
        match self.gate.start_tls(logged_in) {
            Err(why) => self.refuse(tag, why),
            Ok(()) => {
                let answer = format!("{tag} OK \"begin TLS negotiation now\"");
                self.out.extend(self.gate.begin_tls(&super::RECORD, &answer, "* OK \"still here\""));
                self.state = State::Handshake { logged_in };
                if !self.gate.on(&KEEPS_BUFFER) {
                    self.inbox.clear();
                }
            }
        }
    }

    fn authenticate(&mut self, tag: &str, mechanism: Vec<u8>, initial: Option<Vec<u8>>) {
        let known = sasl::find(&String::from_utf8_lossy(&mechanism));
        if initial.is_some() && known.is_some_and(|mechanism| !mechanism.client_first) {
            // RFC 2244 section 6.3.1: the server of such a mechanism speaks first.
            self.send(format!("{tag} NO \"this mechanism takes no initial response\""));
            return;
        }
        let initial = initial.map(Ok);
        self.login = (mechanism, Vec::new());
        if let Some(initial) = &initial {
            self.note_name(initial);
        }
        let turn = self.gate.begin(&self.login.0, initial);
        self.turn(tag, turn);
    }

    fn turn(&mut self, tag: &str, turn: Turn) {
        match turn {
            Turn::Challenge(challenge) => {
                self.state = State::Challenge { tag: tag.to_owned() };
                self.send_octets(&[b"+ ".as_slice(), &string(&challenge)].concat());
            }
            Turn::Over(judged) => self.admit(tag, judged),
        }
    }
}

/// The address books outlive the connection.
impl Drop for AcapServer {
    fn drop(&mut self) {
        self.put_away();
        self.gate.account.shelf.put(std::mem::take(&mut self.datasets));
    }
}

impl Machine for AcapServer {
    fn stage(&self) -> &'static str {
        match self.state {
            State::NotAuthenticated => states::NOT_AUTHENTICATED,
            State::Challenge { .. } => states::EXCHANGE,
            State::Handshake { .. } => states::HANDSHAKE,
            State::Authenticated => states::AUTHENTICATED,
            State::Ended => states::LOGOUT,
        }
    }

    fn waiting(&self) -> usize {
        self.inbox.unread()
    }

    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                self.out.push(Output::Note(Note::Policy(self.gate.policy())));
                self.enter(State::NotAuthenticated);
                if self.gate.switches.get(&switches::SAYS) == "bye" {
                    self.send("* BYE \"nobody is taken in today\"");
                    self.enter(State::Ended);
                    self.out.push(Output::Close);
                } else {
                    self.greet();
                }
            }
            Input::Octets(octets) if self.state != State::Ended && self.waiting() <= WAITING_LIMIT => {
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
            Input::Octets(_) | Input::Timer | Input::Start | Input::Found(_) => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}

/// Where the server says that its users' data are.
fn elsewhere() -> String {
    format!("acap://{OTHER_HOST}/addressbook/~/")
}
