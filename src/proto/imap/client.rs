//! The IMAP client machine: greeting, capabilities, STARTTLS, login, one message, LOGOUT.
//!
//! With every conduct switch off it keeps RFC 2595 sections 2 and 3 and RFC 9051, whatever its settings.

use super::grammar::{self, Response};
use crate::base::{OFF_ON, Profile, Seed, Side, Switch, Switches, Tick, switch};
use crate::proto::{Account, Input, Machine, Output};
use crate::sasl::plain;
use crate::tls::{Checks, Facts, Failure, Offer, Version};
use crate::trace::{Capabilities, Note, Policy, Refusal, Status};
use crate::wire::{Inbox, Unit};
use base64::Engine;

/// How long it waits for the answer to STARTTLS, in milliseconds.
const PATIENCE: u64 = 30_000;

switch!(
    Client TLS,
    "tls",
    Setting,
    &["opportunistic", "required"],
    &[],
    "TLS policy",
    "Whether it logs in all the same when the server offers no TLS (RFC 2595 section 2.2 permits both)."
);
switch!(
    Client AUTH,
    "auth",
    Setting,
    &["auto", "login", "plain"],
    &[],
    "Way to log in",
    "The command LOGIN, the command AUTHENTICATE PLAIN, or whichever is better among what the server lists. Both show the password to a reader."
);
switch!(
    Client INITIAL,
    "initial-response",
    Setting,
    &["if-listed", "never"],
    &[],
    "Password with the command",
    "Whether AUTHENTICATE carries the password at once instead of waiting to be asked, where the server lists SASL-IR (RFC 4959)."
);
switch!(
    Client RETRY,
    "retry",
    Setting,
    &["never", "in-clear"],
    &[],
    "After a failed upgrade",
    "Whether it connects once more and logs in without TLS when STARTTLS stays unanswered or the connection breaks."
);
switch!(
    Client IGNORE_LOGINDISABLED,
    "ignore-logindisabled",
    Conduct,
    OFF_ON,
    &["A16"],
    "Ignores LOGINDISABLED",
    "Sends LOGIN although the newest capability list forbids it."
);
switch!(
    Client COMMAND_BEFORE_TLS,
    "command-before-tls",
    Conduct,
    OFF_ON,
    &["A12"],
    "Does not wait for TLS",
    "Sends its next command in the same segment as STARTTLS."
);
switch!(
    Client KEEP_CAPABILITIES,
    "keep-capabilities",
    Conduct,
    OFF_ON,
    &["A13", "A14"],
    "Keeps old capabilities",
    "Goes on using the capability list that it got before TLS."
);
switch!(
    Client NO_CAPABILITY,
    "no-capability-after-tls",
    Conduct,
    OFF_ON,
    &["A14"],
    "Does not ask again",
    "Sends no CAPABILITY inside TLS."
);
switch!(
    Client IGNORE_RESULT,
    "ignore-tls-result",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "S-8314-minconf"],
    "Does not check the result",
    "Goes on as if TLS were up whatever the answer to STARTTLS was, also when TLS is required."
);
switch!(
    Client ACCEPT_PREAUTH,
    "accept-preauth",
    Conduct,
    OFF_ON,
    &["S-9051-preauth", "S-8314-minconf"],
    "Accepts PREAUTH in the clear",
    "Works on the mailbox after a PREAUTH greeting outside TLS although TLS is required."
);
switch!(
    Client NO_WARNING,
    "no-warning",
    Conduct,
    OFF_ON,
    &["A19"],
    "Does not warn",
    "Goes on outside TLS without telling its user."
);
switch!(
    Client PLAIN_IN_CLEAR,
    "plain-in-clear",
    Conduct,
    OFF_ON,
    &["A21", "S-4616"],
    "PLAIN outside TLS",
    "Uses AUTHENTICATE PLAIN outside TLS when it is listed."
);
switch!(
    Client LATE_STARTTLS,
    "starttls-after-login",
    Conduct,
    OFF_ON,
    &["B15"],
    "STARTTLS after login",
    "Logs in first and asks for TLS afterwards."
);

/// What can be set on an IMAP client.
pub static SWITCHES: &[&Switch] = &[
    &TLS,
    &AUTH,
    &INITIAL,
    &RETRY,
    &NO_WARNING,
    &IGNORE_LOGINDISABLED,
    &IGNORE_RESULT,
    &ACCEPT_PREAUTH,
    &COMMAND_BEFORE_TLS,
    &KEEP_CAPABILITIES,
    &NO_CAPABILITY,
    &PLAIN_IN_CLEAR,
    &LATE_STARTTLS,
];

/// Ready-made IMAP clients; the first is the default.
pub static PROFILES: &[&Profile] = &[
    &Profile {
        id: "opportunistic",
        side: Side::Client,
        title: "TLS if offered",
        about: "Uses TLS where it is offered, logs in regardless, and says nothing about it: the mode of RFC 2595 section 2.2, second paragraph, as most clients shipped it.",
        set: &[("no-warning", "on")],
    },
    &Profile {
        id: "private",
        side: Side::Client,
        title: "TLS required",
        about: "No login without TLS, every requirement kept: the privacy mode of RFC 2595 section 2.2.",
        set: &[("tls", "required")],
    },
    &Profile {
        id: "careless",
        side: Side::Client,
        title: "Careless",
        about: "Uses TLS if offered and has the deciding weakness of every attack.",
        set: &[
            ("no-warning", "on"),
            ("retry", "in-clear"),
            ("ignore-logindisabled", "on"),
            ("ignore-tls-result", "on"),
            ("accept-preauth", "on"),
            ("command-before-tls", "on"),
            ("keep-capabilities", "on"),
            ("plain-in-clear", "on"),
        ],
    },
];

/// What the machine waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Greeting,
    Capability { tag: String },
    StartTls { tag: String },
    Handshake,
    Challenge { tag: String },
    Login { tag: String },
    Select { tag: String },
    LateStartTls { tag: String },
    Fetch { tag: String },
    Noop { tag: String },
    Logout { tag: String },
    Ended,
}

/// The machine.
#[derive(Debug)]
pub struct ImapClient {
    account: Account,
    switches: Switches,
    state: State,
    inbox: Inbox,
    /// The newest capability list it believes in.
    known: Option<Capabilities>,
    tags: u32,
    secure: bool,
    /// It acts as if TLS were up.
    believes_secure: bool,
    upgrade_tried: bool,
    warned: bool,
    out: Vec<Output>,
}

impl ImapClient {
    /// A client that is about to connect.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, _seed: Seed) -> Self {
        Self {
            account: account.clone(),
            switches: switches.clone(),
            state: State::Greeting,
            inbox: Inbox::default(),
            known: None,
            tags: 0,
            secure: false,
            believes_secure: false,
            upgrade_tried: false,
            warned: false,
            out: Vec::new(),
        }
    }

    fn tls_required(&self) -> bool {
        self.switches.get(&TLS) == "required"
    }

    fn send(&mut self, octets: impl Into<Vec<u8>>) {
        self.out.push(Output::Send(octets.into()));
    }

    fn note(&mut self, note: Note) {
        self.out.push(Output::Note(note));
    }

    fn tag(&mut self) -> String {
        self.tags = self.tags.saturating_add(1);
        format!("a{}", self.tags)
    }

    /// Sends a tagged command and gives its tag.
    fn command(&mut self, text: &str) -> String {
        let tag = self.tag();
        self.send(format!("{tag} {text}\r\n"));
        tag
    }

    fn ask_capability(&mut self) {
        let tag = self.command("CAPABILITY");
        self.state = State::Capability { tag };
    }

    fn refuse(&mut self, refusal: Refusal) {
        if !self.secure {
            self.note(Note::WarnedUser);
        }
        self.note(Note::Refused(refusal));
        self.out.push(Output::Close);
        self.state = State::Ended;
    }

    fn end(&mut self) {
        let tag = self.command("LOGOUT");
        self.state = State::Logout { tag };
    }

    /// Capabilities are known, nobody is logged in: what next?
    fn proceed(&mut self) {
        if self.secure || self.believes_secure {
            self.log_in();
        } else if self.switches.on(&LATE_STARTTLS) {
            self.log_in_clear();
        } else if !self.upgrade_tried && self.known.as_ref().is_some_and(Capabilities::offers_starttls) {
            self.start_tls(|tag| State::StartTls { tag });
        } else if self.tls_required() {
            self.refuse(Refusal::NotOffered);
        } else {
            self.log_in_clear();
        }
    }

    fn start_tls(&mut self, state: impl FnOnce(String) -> State) {
        self.upgrade_tried = true;
        let tag = self.tag();
        let mut octets = format!("{tag} STARTTLS\r\n");
        if self.switches.on(&COMMAND_BEFORE_TLS) {
            let next = self.tag();
            octets.push_str(&format!("{next} CAPABILITY\r\n"));
        }
        self.send(octets);
        self.state = state(tag);
        self.out.push(Output::WakeAt(Tick(PATIENCE)));
    }

    fn warn(&mut self) {
        if !self.warned {
            self.warned = true;
            let silent = self.switches.on(&NO_WARNING);
            self.note(if silent { Note::UserNotWarned } else { Note::WarnedUser });
        }
    }

    fn log_in_clear(&mut self) {
        let list = self.known.clone().unwrap_or_default();
        let login_permitted = !list.login_disabled() || self.switches.on(&IGNORE_LOGINDISABLED);
        let plain = self.switches.on(&PLAIN_IN_CLEAR) && list.has("AUTH=PLAIN");
        if plain && self.switches.get(&AUTH) != "login" {
            self.warn();
            self.authenticate_plain();
        } else if login_permitted && self.switches.get(&AUTH) != "plain" {
            self.warn();
            self.login();
        } else {
            self.refuse(Refusal::NoWayToLogIn);
        }
    }

    fn log_in(&mut self) {
        let listed = self.known.as_ref().is_some_and(|list| list.has("AUTH=PLAIN"));
        let disabled = self.known.as_ref().is_some_and(Capabilities::login_disabled);
        match self.switches.get(&AUTH) {
            "plain" => self.authenticate_plain(),
            "auto" if listed => self.authenticate_plain(),
            _ if !disabled || self.switches.on(&IGNORE_LOGINDISABLED) => self.login(),
            _ => self.refuse(Refusal::NoWayToLogIn),
        }
    }

    fn login(&mut self) {
        let user = astring(self.account.user.as_bytes());
        let password = astring(self.account.password.reveal());
        let tag = self.tag();
        let line = [tag.as_bytes(), b" LOGIN ", &user, b" ", &password, b"\r\n"].concat();
        self.send(line);
        self.state = State::Login { tag };
    }

    fn plain_message(&self) -> String {
        let message = plain::encode("", &self.account.user, &self.account.password);
        base64::engine::general_purpose::STANDARD.encode(message)
    }

    fn authenticate_plain(&mut self) {
        let at_once = self.switches.get(&INITIAL) == "if-listed"
            && self.known.as_ref().is_some_and(|list| list.has("SASL-IR"));
        if at_once {
            let text = format!("AUTHENTICATE PLAIN {}", self.plain_message());
            let tag = self.command(&text);
            self.state = State::Login { tag };
        } else {
            let tag = self.command("AUTHENTICATE PLAIN");
            self.state = State::Challenge { tag };
        }
    }

    fn greeting(&mut self, status: Option<Status>) {
        match status {
            Some(Status::Ok) if self.known.is_some() => self.proceed(),
            Some(Status::Ok) => self.ask_capability(),
            Some(Status::Preauth) => {
                let tolerated = self.secure || !self.tls_required() || self.switches.on(&ACCEPT_PREAUTH);
                if tolerated {
                    self.warn();
                    self.select();
                } else {
                    self.refuse(Refusal::PreauthInClear);
                }
            }
            _ => {
                self.out.push(Output::Close);
                self.state = State::Ended;
            }
        }
    }

    fn select(&mut self) {
        self.note(Note::State("authenticated"));
        let tag = self.command("SELECT INBOX");
        self.state = State::Select { tag };
    }

    fn upgrade_answered(&mut self, status: Status) {
        if status == Status::Ok {
            self.out.push(Output::StartTls(Offer::Client {
                versions: vec![Version::Tls12, Version::Tls13],
                reference: self.account.host.clone(),
                checks: Checks::ALL,
            }));
            self.state = State::Handshake;
        } else if self.switches.on(&IGNORE_RESULT) {
            self.note(Note::ResultIgnored);
            self.believes_secure = true;
            self.after_tls();
        } else {
            self.note(Note::ResultChecked);
            if self.tls_required() {
                self.refuse(Refusal::StartTlsRefused);
            } else {
                self.log_in_clear();
            }
        }
    }

    /// TLS is up, or the client thinks so.
    fn after_tls(&mut self) {
        if self.switches.on(&KEEP_CAPABILITIES) {
            self.note(Note::CapabilitiesKept);
            self.proceed();
            return;
        }
        self.known = None;
        self.note(Note::CapabilitiesDropped);
        if self.switches.on(&NO_CAPABILITY) {
            self.proceed();
        } else {
            self.ask_capability();
        }
    }

    fn handshake_done(&mut self, result: Result<&Facts, Failure>) {
        self.note(Note::ResultChecked);
        match result {
            Ok(_) => {
                self.secure = true;
                self.inbox.clear();
                self.after_tls();
            }
            Err(_) => self.upgrade_broken(Refusal::HandshakeFailed),
        }
    }

    /// STARTTLS led nowhere on this connection.
    fn upgrade_broken(&mut self, refusal: Refusal) {
        if self.switches.get(&RETRY) == "in-clear" && !self.tls_required() {
            self.note(Note::ResultChecked);
            self.out.push(Output::Close);
            self.out.push(Output::Reconnect);
            self.inbox.clear();
            self.known = None;
            self.state = State::Greeting;
        } else {
            self.refuse(refusal);
        }
    }

    fn logged_in(&mut self, status: Status) {
        if status != Status::Ok {
            self.end();
        } else if self.switches.on(&LATE_STARTTLS) && !self.secure && !self.upgrade_tried {
            self.note(Note::State("authenticated"));
            self.start_tls(|tag| State::LateStartTls { tag });
        } else {
            self.select();
        }
    }

    /// The final answer to the command of the current state.
    fn answered(&mut self, status: Status) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Capability { .. } => self.proceed(),
            State::StartTls { .. } => self.upgrade_answered(status),
            State::LateStartTls { .. } if status == Status::Ok => self.upgrade_answered(status),
            State::LateStartTls { .. } => self.select(),
            State::Challenge { .. } | State::Login { .. } => self.logged_in(status),
            State::Select { .. } if status == Status::Ok => {
                self.note(Note::State("selected"));
                let tag = self.command("FETCH 1 BODY[]");
                self.state = State::Fetch { tag };
            }
            State::Fetch { .. } => {
                let tag = self.command("NOOP");
                self.state = State::Noop { tag };
            }
            State::Select { .. } | State::Noop { .. } => self.end(),
            State::Logout { .. } => {
                self.out.push(Output::Close);
                self.state = State::Ended;
            }
            other @ (State::Greeting | State::Handshake | State::Ended) => self.state = other,
        }
    }

    fn awaited(&self) -> Option<&str> {
        match &self.state {
            State::Capability { tag }
            | State::StartTls { tag }
            | State::LateStartTls { tag }
            | State::Challenge { tag }
            | State::Login { tag }
            | State::Select { tag }
            | State::Fetch { tag }
            | State::Noop { tag }
            | State::Logout { tag } => Some(tag),
            State::Greeting | State::Handshake | State::Ended => None,
        }
    }

    fn message(&mut self, octets: &[u8]) {
        let line = octets.split(|&o| o == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match grammar::response(line) {
            Some(Response::Continue) => {
                if let State::Challenge { tag } = &self.state {
                    let tag = tag.clone();
                    let answer = format!("{}\r\n", self.plain_message());
                    self.send(answer);
                    self.state = State::Login { tag };
                }
            }
            Some(Response::Untagged(rest)) => {
                let rest = line.get(rest).unwrap_or_default();
                let status = grammar::status(rest);
                self.learn(rest, status.map(|(_, behind)| behind));
                if self.state == State::Greeting {
                    self.greeting(status.map(|(status, _)| status));
                }
            }
            Some(Response::Tagged(tag, rest)) => {
                let tag = line.get(tag).unwrap_or_default();
                let rest = line.get(rest).unwrap_or_default();
                if self.awaited().is_some_and(|awaited| awaited.as_bytes() == tag)
                    && let Some((status, behind)) = grammar::status(rest)
                {
                    self.learn(rest, Some(behind));
                    self.answered(status);
                }
            }
            None if self.state == State::Greeting => self.greeting(None),
            None => {}
        }
    }

    /// Takes in a capability list: an untagged response of its own, or a code behind a status word.
    fn learn(&mut self, rest: &[u8], behind_status: Option<usize>) {
        let list = match behind_status {
            None => grammar::capability_items(rest).map(Capabilities::new),
            Some(behind) => rest.get(behind..).and_then(|rest| {
                let code = grammar::code(rest)?;
                grammar::capability_items(rest.get(code)?).map(Capabilities::new)
            }),
        };
        if list.is_some() {
            self.known = list;
        }
    }
}

impl Machine for ImapClient {
    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                if self.tags == 0 {
                    let policy = if self.tls_required() { Policy::TlsRequired } else { Policy::TlsIfOffered };
                    self.note(Note::Policy(policy));
                }
                self.note(Note::State("not authenticated"));
            }
            Input::Octets(octets) => {
                self.inbox.push(octets);
                while self.state != State::Ended && self.state != State::Handshake {
                    match self.inbox.next_unit() {
                        Some(Unit::Message(message)) => self.message(&message),
                        Some(Unit::Waiting | Unit::Overlong) => {}
                        None => break,
                    }
                }
            }
            Input::TlsDone(result) => self.handshake_done(result),
            Input::Timer => {
                if matches!(self.state, State::StartTls { .. } | State::LateStartTls { .. }) {
                    self.upgrade_broken(Refusal::StartTlsUnanswered);
                }
            }
            Input::PeerClosed => match self.state {
                State::StartTls { .. } | State::Handshake => {
                    self.upgrade_broken(Refusal::StartTlsUnanswered);
                }
                _ => self.state = State::Ended,
            },
        }
        let mut out = std::mem::take(&mut self.out);
        for output in &mut out {
            if let Output::WakeAt(tick) = output {
                *tick = now.after(tick.0);
            }
        }
        out
    }
}

/// A string in its shortest form: an atom, or quoted.
fn astring(octets: &[u8]) -> Vec<u8> {
    if !octets.is_empty() && octets.iter().all(|&o| grammar::is_astring_char(o)) {
        return octets.to_vec();
    }
    let mut quoted = vec![b'"'];
    for &octet in octets {
        if matches!(octet, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(octet);
    }
    quoted.push(b'"');
    quoted
}
