//! The IMAP server machine: one account, one mailbox with one message.
//!
//! With every conduct switch off it keeps RFC 2595 sections 2 and 3 and RFC 9051, whatever its settings.

use super::grammar;
use crate::base::{OFF_ON, Profile, Seed, Side, Switch, Switches, Tick, switch};
use crate::proto::{Account, Input, Machine, Output};
use crate::sasl::plain;
use crate::tls::{Certificate, Offer, Version};
use crate::trace::{Note, Policy, Verb};
use crate::wire::{Inbox, Unit};
use base64::Engine;
use rand_core::RngCore;

const ON_OFF: &[&str] = &["on", "off"];

switch!(
    Server STARTTLS,
    "starttls",
    Setting,
    ON_OFF,
    &[],
    "Offers STARTTLS",
    "Whether the upgrade is listed and accepted."
);
switch!(
    Server LOGINDISABLED,
    "logindisabled",
    Setting,
    ON_OFF,
    &[],
    "LOGINDISABLED before TLS",
    "Lists LOGINDISABLED and refuses every clear-text password outside TLS (RFC 2595 sections 2.3 and 3.2)."
);
switch!(
    Server GREETING,
    "greeting-capabilities",
    Setting,
    OFF_ON,
    &[],
    "Capabilities in the greeting",
    "Puts the capability list into the greeting as a response code."
);
switch!(Server SASL_IR, "sasl-ir", Setting, ON_OFF, &[], "Password with the command", "Lists SASL-IR: a client need not wait to be asked for its password (RFC 4959).");
switch!(
    Server LOGIN_ANYWAY,
    "login-despite-logindisabled",
    Conduct,
    OFF_ON,
    &["A04", "B19", "S-9051-plaincfg"],
    "Takes LOGIN all the same",
    "Lists LOGINDISABLED and accepts LOGIN outside TLS."
);
switch!(
    Server PLAIN_LISTED,
    "plain-before-tls",
    Conduct,
    OFF_ON,
    &["B25", "S-4616"],
    "Lists PLAIN outside TLS",
    "Lists AUTH=PLAIN before TLS."
);
switch!(
    Server PLAIN_TAKEN,
    "plain-accepted-in-clear",
    Conduct,
    OFF_ON,
    &["A04", "A21", "S-9051-plaincfg"],
    "Takes PLAIN outside TLS",
    "Accepts AUTHENTICATE PLAIN outside TLS."
);
switch!(
    Server LATE_STARTTLS,
    "starttls-after-login",
    Conduct,
    OFF_ON,
    &["B15"],
    "STARTTLS after login",
    "Accepts STARTTLS in an authenticated session."
);
switch!(
    Server TALKATIVE,
    "octets-after-ok",
    Conduct,
    OFF_ON,
    &["B14"],
    "Talks on after the OK",
    "Sends a line in the clear behind its positive answer to STARTTLS."
);
switch!(
    Server PREAUTH,
    "preauth",
    Conduct,
    OFF_ON,
    &["S-9051-preauth"],
    "PREAUTH outside TLS",
    "Greets with PREAUTH on a connection without TLS."
);
switch!(
    Server IGNORE_RESULT,
    "ignore-tls-result",
    Conduct,
    OFF_ON,
    &["A11"],
    "Does not check the result",
    "Accepts a password in the clear after a handshake that failed, against its own policy."
);

/// What can be set on an IMAP server.
pub static SWITCHES: &[&Switch] = &[
    &LOGINDISABLED,
    &STARTTLS,
    &GREETING,
    &SASL_IR,
    &LOGIN_ANYWAY,
    &PLAIN_LISTED,
    &PLAIN_TAKEN,
    &LATE_STARTTLS,
    &TALKATIVE,
    &PREAUTH,
    &IGNORE_RESULT,
];

/// Ready-made IMAP servers; the first is the default.
pub static PROFILES: &[&Profile] = &[
    &Profile {
        id: "strict",
        side: Side::Server,
        title: "Strict",
        about: "Offers STARTTLS, lists LOGINDISABLED and takes no password outside TLS.",
        set: &[],
    },
    &Profile {
        id: "open",
        side: Side::Server,
        title: "Open",
        about: "Offers STARTTLS but takes passwords outside TLS too, for old clients (RFC 2595 section 2.2).",
        set: &[("logindisabled", "off")],
    },
    &Profile {
        id: "careless",
        side: Side::Server,
        title: "Careless",
        about: "Takes passwords however they come and has the deciding weakness of every attack.",
        set: &[
            ("login-despite-logindisabled", "on"),
            ("plain-before-tls", "on"),
            ("plain-accepted-in-clear", "on"),
            ("starttls-after-login", "on"),
            ("octets-after-ok", "on"),
            ("ignore-tls-result", "on"),
        ],
    },
];

/// Where a session stands (RFC 3501 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    NotAuthenticated,
    /// An AUTHENTICATE PLAIN waits for the client's message.
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
    account: Account,
    switches: Switches,
    state: State,
    inbox: Inbox,
    secure: bool,
    handshake_failed: bool,
    uid_validity: u32,
    out: Vec<Output>,
}

impl ImapServer {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        Self {
            account: account.clone(),
            switches: switches.clone(),
            state: State::NotAuthenticated,
            inbox: Inbox::default(),
            secure: false,
            handshake_failed: false,
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
        add(self.switches.on(&SASL_IR), "SASL-IR");
        add(self.switches.on(&STARTTLS) && !self.secure && before_login, "STARTTLS");
        add(self.refuses_clear() && before_login, "LOGINDISABLED");
        add((self.secure || self.switches.on(&PLAIN_LISTED)) && before_login, "AUTH=PLAIN");
        list
    }

    /// Whether clear-text passwords are refused as things stand.
    fn refuses_clear(&self) -> bool {
        !self.secure && self.switches.on(&LOGINDISABLED)
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
        let refuses = self.switches.on(&LOGINDISABLED);
        let policy = if refuses { Policy::ClearTextRefused } else { Policy::ClearTextAccepted };
        self.out.push(Output::Note(Note::Policy(policy)));
        let preauth = self.switches.on(&PREAUTH);
        self.enter(if preauth { State::Authenticated } else { State::NotAuthenticated });
        let word = if preauth { "PREAUTH" } else { "OK" };
        let code = if self.switches.on(&GREETING) {
            format!("[CAPABILITY {}] ", self.capabilities())
        } else {
            String::new()
        };
        let host = self.account.host.clone();
        self.send(format!("* {word} {code}{host} ready"));
    }

    fn message(&mut self, octets: &[u8]) {
        let text = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        if let State::Challenge { tag } = &self.state {
            let tag = tag.clone();
            self.enter(State::NotAuthenticated);
            self.plain_message(&tag, text);
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
        if self.secure {
            self.send(format!("{tag} BAD TLS is already active"));
        } else if !self.switches.on(&STARTTLS) {
            self.send(format!("{tag} BAD this command is not known here"));
        } else if late && !self.switches.on(&LATE_STARTTLS) {
            self.send(format!("{tag} BAD STARTTLS comes before the login"));
        } else {
            let mut octets = format!("{tag} OK begin TLS negotiation now\r\n");
            if self.switches.on(&TALKATIVE) {
                octets.push_str("* OK still here\r\n");
            }
            self.out.push(Output::Send(octets.into_bytes()));
            self.state = State::Handshake { authenticated: late };
            self.inbox.clear();
            let host = self.account.host.clone();
            self.out.push(Output::StartTls(Offer::Server {
                versions: vec![Version::Tls12, Version::Tls13],
                certificate: Certificate {
                    dns_names: vec![host],
                    common_name: None,
                    trusted: true,
                    in_date: true,
                },
            }));
        }
    }

    fn login(&mut self, tag: &str, text: &[u8], arguments: usize) {
        if self.logged_in() {
            self.send(format!("{tag} BAD somebody is already logged in"));
            return;
        }
        let after_failure = self.handshake_failed && self.switches.on(&IGNORE_RESULT);
        if self.refuses_clear() && !self.switches.on(&LOGIN_ANYWAY) && !after_failure {
            // RFC 9051 section 7.2.2: the credentials are not looked at.
            self.send(format!("{tag} NO [PRIVACYREQUIRED] no password is taken outside TLS"));
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
        self.verify(tag, &user, &password);
    }

    fn verify(&mut self, tag: &str, user: &[u8], password: &[u8]) {
        if user == self.account.user.as_bytes() && password == self.account.password.reveal() {
            self.enter(State::Authenticated);
            self.send(format!("{tag} OK logged in"));
        } else {
            self.send(format!("{tag} NO [AUTHENTICATIONFAILED] that did not work"));
        }
    }

    fn authenticate(&mut self, tag: &str, arguments: &[u8]) {
        let mut words = arguments.split(|&o| o == b' ');
        let mechanism = words.next().unwrap_or_default();
        if self.logged_in() {
            self.send(format!("{tag} BAD somebody is already logged in"));
        } else if !mechanism.eq_ignore_ascii_case(b"PLAIN") {
            self.send(format!("{tag} NO this mechanism is not available"));
        } else if self.refuses_clear() && !self.switches.on(&PLAIN_TAKEN) {
            self.send(format!("{tag} NO [PRIVACYREQUIRED] no password is taken outside TLS"));
        } else if let Some(initial) = words.next() {
            if self.switches.on(&SASL_IR) {
                self.plain_message(tag, initial);
            } else {
                self.send(format!("{tag} BAD no initial response is taken"));
            }
        } else {
            self.state = State::Challenge { tag: tag.to_owned() };
            self.send("+ ");
        }
    }

    fn plain_message(&mut self, tag: &str, text: &[u8]) {
        if text == b"*" {
            self.send(format!("{tag} BAD given up"));
            return;
        }
        let Ok(message) = base64::engine::general_purpose::STANDARD.decode(text) else {
            self.send(format!("{tag} BAD that is not base64"));
            return;
        };
        match plain::decode(&message, plain::Grammar::Rfc4616) {
            Ok(plain) if plain.authzid.is_empty() || plain.authzid == plain.authcid => {
                let (user, password) = (plain.authcid.clone(), plain.password.clone());
                self.verify(tag, user.as_bytes(), password.reveal());
            }
            Ok(_) => {
                self.send(format!("{tag} NO [AUTHORIZATIONFAILED] nobody may act for somebody else here"))
            }
            Err(_) => self.send(format!("{tag} NO [AUTHENTICATIONFAILED] that did not work")),
        }
    }

    fn mailbox(&mut self, tag: &str, name: &str, arguments: &[u8]) {
        if !self.logged_in() {
            self.send(format!("{tag} BAD log in first"));
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
            "FETCH" if arguments.eq_ignore_ascii_case(b"1 BODY[]") => {
                let message = self.account.message.clone();
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
                self.inbox.push(octets);
                while !matches!(self.state, State::Ended | State::Handshake { .. }) {
                    match self.inbox.next_unit() {
                        Some(Unit::Message(message)) => self.message(&message),
                        Some(Unit::Waiting) => self.send("+ go on"),
                        Some(Unit::Overlong) => self.send("* BAD this is more than is taken here"),
                        None => break,
                    }
                }
            }
            Input::TlsDone(result) => {
                let late = matches!(self.state, State::Handshake { authenticated: true });
                self.out.push(Output::Note(Note::ResultChecked));
                self.secure = result.is_ok();
                self.handshake_failed = result.is_err();
                self.state = if late { State::Authenticated } else { State::NotAuthenticated };
                // A server that keeps RFC 2595 section 2.5 has nothing to say to a peer that wanted TLS and failed.
                if self.handshake_failed && !self.switches.on(&IGNORE_RESULT) {
                    self.out.push(Output::Close);
                    self.enter(State::Ended);
                }
            }
            Input::Timer => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}
