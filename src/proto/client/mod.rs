//! The client, whatever protocol it speaks: when to ask for TLS, what to believe, when to log in, when to stop.
//!
//! ```text
//! greeting ─► capability ─► STARTTLS ─► handshake ─► capability ─► login ─► work ─► logout
//!      │          └────────── no offer, or refused: policy ──────────▲
//!      └─ PREAUTH (IMAP) ─────────────────────────────────────────────┘ work
//! ```
//!
//! A [`Tongue`] gives it words. With every conduct switch off it keeps RFC 2595 sections 2 to 5 and the later
//! documents for its protocol, whatever its settings.

mod manner;
mod profiles;
pub mod programs;
mod referral;
mod slips;
pub mod states;
mod switches;
mod tls;
mod tls_switches;

pub use profiles::{ACAP_PROFILES, IMAP_PROFILES, POP3_PROFILES};
pub(crate) use slips::INITIAL_ANYWAY;
pub use switches::{ACAP_SWITCHES, IMAP_SWITCHES, POP3_SWITCHES};

use super::acap::switches as acap;
use super::imap::work::LOGIN_PIPELINED;
use super::{Account, Input, Machine, Output, ProtocolRecord, Referral, WAITING_LIMIT};
use crate::base::{Seed, Switch, Switches, Tick};
use crate::sasl::{self, ClientExchange, Mechanism, Reveals};
use crate::tls::{Facts, Failure};
use crate::trace::{Acts, Capabilities, GreetingStatus, Note, Policy, Refusal, SetTo, Status};
use switches::{
    ACCEPT_PREAUTH, ACCEPTS_INVALID_GREETING, AUTH, BELIEVES_TEXT, COMMAND_BEFORE_TLS, EARLY_DATA,
    EMPTY_LINE, FORGETS_POLICY, FRAGILE, IGNORE_LOGINDISABLED, IGNORE_RESULT, KEEP_CAPABILITIES,
    KEEPS_BUFFER, LATE_STARTTLS, LOGIN_BEFORE_TLS, MINIMUM, NO_CAPABILITY, NO_WARNING, OLD_GREETING,
    PLAIN_IN_CLEAR, RETRY, SHOWS_ALERTS, SHOWS_ERRORS, TAGS_UNCHECKED, TLS, TRANSITION,
};
use tls_switches::{NO_HANDSHAKE, PASSWORD_AFTER_EXTERNAL};

/// How long it waits for an answer, in milliseconds.
const PATIENCE: u64 = 30_000;

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'a> {
    /// The protocol's own password command: LOGIN, or USER and PASS.
    Command,
    /// A digest that stands for the password: APOP.
    Digest,
    /// A SASL mechanism.
    Sasl {
        /// Its name.
        mechanism: &'static str,
        /// Its message in the first line.
        initial: Option<&'a [u8]>,
    },
}

/// What a server's octets say to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A greeting, the first or a later one.
    Greeting(GreetingStatus),
    /// A capability list.
    Capabilities(Capabilities),
    /// A continuation, with its challenge.
    Continue(Vec<u8>),
    /// The final answer to the last command.
    Answer(Status),
    /// Something about a mailbox or a message.
    Data,
    /// A text that the protocol wants shown to the user: IMAP's and ACAP's ALERT, POP3's codes of RFC 3206.
    Alert,
    /// The answer that comes next sends the client to another server.
    Referral(Referral),
    /// A refusal or a goodbye, whose text programs like to show.
    Trouble,
    /// A line that makes no sense at all.
    Nonsense,
    /// Anything else.
    Other,
}

/// The words of one protocol.
pub trait Tongue {
    /// Asks for capabilities; `None` where the greeting is the only place for them.
    fn capability(&mut self) -> Option<Vec<u8>>;
    /// Asks for TLS.
    fn start_tls(&mut self) -> Vec<u8>;
    /// Whether the protocol has a password command of its own, and whether a list permits it.
    fn may_log_in(&self, list: Option<&Capabilities>) -> Option<bool>;
    /// Whether the server takes a digest that stands for the password.
    fn may_digest(&self) -> bool {
        false
    }
    /// Whether a mechanism's first message may stand in the first line.
    fn initial_response(&self, list: Option<&Capabilities>) -> bool;
    /// The first line of a login.
    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8>;
    /// The next line of a login after a positive answer; `None` when the login is complete.
    fn log_in_further(&mut self, account: &Account) -> Option<Vec<u8>>;
    /// A mechanism's message as a line; `None` gives the exchange up.
    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8>;
    /// The commands after the login, one by one, numbered from 0; or several at once, where the list permits it.
    fn work(&mut self, step: usize, list: Option<&Capabilities>, account: &Account) -> Option<Vec<u8>>;
    /// What goes out when the server gives leave to go on and no exchange is open: a literal, the end of IDLE.
    fn continued(&mut self) -> Option<Vec<u8>> {
        None
    }
    /// Whether the command under way may fail and the work goes on all the same.
    fn goes_on_anyway(&self) -> bool {
        false
    }
    /// Whether the command under way, which succeeded, gave the connection to the next user (IMAP's UNAUTHENTICATE).
    fn handed_over(&mut self) -> bool {
        false
    }
    /// Whether the command under way gives the connection to the next user.
    fn hands_over(&self) -> bool {
        false
    }
    /// The connection that comes next is to another server, for this; empty: for everything.
    fn refer(&mut self, _path: &str) {}
    /// A command that has no place before the login, by what it is about: `mailbox`, `enable`, `unauthenticate`, `pass`.
    fn out_of_place(&mut self, _what: &str, _account: &Account) -> Option<Vec<u8>> {
        None
    }
    /// Says goodbye.
    fn log_out(&mut self) -> Vec<u8>;
    /// A command by its word in a plan, such as `select` or `uid-search`; `None` if the protocol has none of that name.
    fn named(&mut self, _word: &str) -> Option<Vec<u8>> {
        None
    }
    /// A harmless command whose answer nobody awaits.
    fn aside(&mut self) -> Vec<u8>;
    /// A login whose answer nobody awaits.
    fn log_in_aside(&mut self, account: &Account) -> Vec<u8>;
    /// Whether the command that is awaited was answered with success before it was sent; only in protocols with tags.
    fn answered_early(&mut self) -> bool {
        false
    }
    /// The first line of what was heard last.
    fn line(&self) -> &[u8];
    /// How many octets were taken in and not used.
    fn unread(&self) -> usize;
    /// Takes octets in.
    fn push(&mut self, octets: &[u8]);
    /// What the octets say, bit by bit.
    fn hear(&mut self) -> Option<Heard>;
    /// Throws away what was not used.
    fn forget_input(&mut self);
    /// A fresh connection begins.
    fn start_again(&mut self);
}

/// What the machine waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Greeting,
    Capability,
    /// Something that was said in between is unanswered.
    Aside(manner::Aside),
    StartTls {
        logged_in: bool,
    },
    Handshake,
    /// ACAP: the greeting that the server issues again inside TLS.
    SecondGreeting,
    Login,
    Work {
        step: usize,
    },
    Logout,
    Ended,
}

/// The machine.
pub struct Client<T> {
    record: &'static ProtocolRecord,
    tongue: T,
    account: Account,
    switches: Switches,
    state: State,
    /// The newest capability list it believes in.
    known: Option<Capabilities>,
    /// The list from before TLS, with which it has done in principle.
    old: Option<Capabilities>,
    secure: bool,
    /// It acts as if TLS were up.
    believes_secure: bool,
    upgrade_tried: bool,
    retried: bool,
    transition_tried: bool,
    /// It asked for TLS because its account has to move to another mechanism.
    moving: bool,
    /// The greeting said that somebody is logged in.
    preauth: bool,
    /// Octets of this connection so far, and those of them that came before TLS.
    received: u32,
    received_in_clear: u32,
    /// Where the list that it knows ended among them.
    known_at: u32,
    warned: bool,
    manners: manner::Manners,
    /// The step of the work that comes behind the next login.
    resume: usize,
    /// Whose connection it was before it changed hands.
    first: Option<Account>,
    ground: tls::Ground,
    referred: referral::Referred,
    /// The login by certificate was not to be had.
    external_failed: bool,
    seed: Seed,
    exchange: Option<Box<dyn ClientExchange>>,
    /// The mechanism of the last login, if it was by one.
    mechanism_used: Option<&'static Mechanism>,
    out: Vec<Output>,
}

impl<T: Tongue> Client<T> {
    /// A client that is about to connect.
    #[must_use]
    pub fn new(
        record: &'static ProtocolRecord,
        tongue: T,
        account: &Account,
        switches: &Switches,
        seed: Seed,
    ) -> Self {
        Self {
            record,
            tongue,
            account: account.clone(),
            switches: switches.clone(),
            state: State::Greeting,
            known: None,
            old: None,
            secure: false,
            believes_secure: false,
            upgrade_tried: false,
            retried: false,
            transition_tried: false,
            moving: false,
            preauth: false,
            received: 0,
            received_in_clear: 0,
            known_at: 0,
            warned: false,
            manners: manner::Manners::default(),
            resume: 0,
            first: None,
            ground: tls::Ground::default(),
            referred: referral::Referred::default(),
            external_failed: false,
            seed,
            exchange: None,
            mechanism_used: None,
            out: Vec::new(),
        }
    }

    fn tls_required(&self) -> bool {
        self.switches.get(&TLS) == "required"
    }

    /// Whether its policy keeps it from going on without TLS.
    fn must_stop(&self) -> bool {
        self.tls_required() && !self.switches.on(&FORGETS_POLICY)
    }

    /// Where what was heard last ended on the tape.
    fn position(&self) -> u32 {
        self.received.saturating_sub(u32::try_from(self.tongue.unread()).unwrap_or(u32::MAX))
    }

    /// It takes something from the clear for a word from inside TLS.
    fn mistakes(&self) -> bool {
        self.secure && self.position() <= self.received_in_clear
    }

    /// It shows a text to its user: inside TLS as it should, outside only by a fault.
    fn show(&mut self, acts: Acts, fault: &Switch) {
        if self.mistakes() || (!self.secure && self.switches.on(fault)) {
            self.note(Note::Acts(acts, self.position()));
        }
    }

    fn break_down(&mut self) {
        self.note(Note::Crashed);
        self.close();
    }

    fn send(&mut self, octets: Vec<u8>) {
        self.out.push(Output::Send(octets));
    }

    fn note(&mut self, note: Note) {
        self.out.push(Output::Note(note));
    }

    fn close(&mut self) {
        self.hang_up();
        self.state = State::Ended;
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.note(Note::Refused(refusal));
        self.leave();
    }

    fn ask_capability(&mut self) {
        match self.tongue.capability() {
            Some(octets) => {
                self.send(octets);
                self.state = State::Capability;
            }
            None => self.proceed(),
        }
    }

    /// Capabilities are known as far as they will be, nobody is logged in: what next?
    fn proceed(&mut self) {
        if self.speaks_out_of_place() {
        } else if self.secure || self.believes_secure {
            self.log_in_inside();
        } else if self.prepares() {
        } else if self.told_to_do_without() || self.switches.on(&LATE_STARTTLS) {
            self.log_in_clear();
        } else if !self.upgrade_tried && self.wants_tls() && !self.does_without_tls() {
            self.start_tls(false);
        } else if self.must_stop() {
            self.refuse(Refusal::NotOffered);
        } else {
            self.log_in_clear();
        }
    }

    /// It asks for TLS only when its password is wanted, and has a mechanism that does not show it.
    fn does_without_tls(&self) -> bool {
        self.switches.get(&acap::UPGRADE) == "when-needed"
            && !self.must_stop()
            && self.mechanism(|mechanism| mechanism.reveals == Reveals::Nothing).is_some()
    }

    fn start_tls(&mut self, logged_in: bool) {
        self.upgrade_tried = true;
        let mut octets = self.words_of_start_tls();
        if self.switches.on(&COMMAND_BEFORE_TLS) {
            octets.extend(self.tongue.aside());
        }
        if self.switches.on(&LOGIN_BEFORE_TLS) {
            octets.extend(self.tongue.log_in_aside(&self.account));
        }
        if self.switches.on(&EMPTY_LINE) {
            octets.extend_from_slice(b"\r\n");
        }
        self.send(octets);
        self.state = State::StartTls { logged_in };
        if self.switches.on(&TAGS_UNCHECKED) && self.tongue.answered_early() {
            self.believe_secure();
        }
    }

    /// It goes on as if TLS were up, without having looked.
    fn believe_secure(&mut self) {
        self.note(Note::ResultIgnored);
        self.believes_secure = true;
        self.after_tls();
    }

    fn warn(&mut self) {
        if !self.warned {
            self.warned = true;
            let silent = self.switches.on(&NO_WARNING);
            self.note(if silent { Note::UserNotWarned } else { Note::WarnedUser });
        }
    }

    /// The mechanism to use, the strongest first: one that is listed and that `permitted` likes, or the one that the
    /// client was told to use. Tokens and certificates are for clients that were told so.
    fn mechanism(&self, permitted: impl Fn(&Mechanism) -> bool) -> Option<&'static Mechanism> {
        let wanted = match self.switches.get(&AUTH) {
            _ if self.external_failed => "auto",
            "login" | "apop" => return None,
            "auth-login" => "LOGIN",
            wanted => wanted,
        };
        let listed = |mechanism: &Mechanism| {
            self.known.as_ref().is_some_and(|list| list.mechanisms().any(|name| name == mechanism.name))
        };
        let usual =
            |mechanism: &Mechanism| mechanism.reveals != Reveals::Token && mechanism.name != "EXTERNAL";
        let shows_nothing_or_may =
            |mechanism: &Mechanism| self.may_show_password() || mechanism.reveals == Reveals::Nothing;
        let fits = |mechanism: &&&'static Mechanism| match wanted {
            "auto" => usual(mechanism) && listed(mechanism) && permitted(mechanism),
            name => mechanism.name.eq_ignore_ascii_case(name) && permitted(mechanism),
        };
        let fits = |mechanism: &&&'static Mechanism| fits(mechanism) && shows_nothing_or_may(mechanism);
        sasl::ALL.iter().filter(fits).max_by_key(|mechanism| mechanism.strength).copied()
    }

    fn may_show_password(&self) -> bool {
        self.switches.get(&MINIMUM) == "any"
    }

    fn command_permitted(&self) -> bool {
        let permitted = self.tongue.may_log_in(self.known.as_ref());
        permitted.is_some_and(|yes| yes || self.switches.on(&IGNORE_LOGINDISABLED))
            && (self.external_failed || matches!(self.switches.get(&AUTH), "auto" | "login"))
            && self.may_show_password()
    }

    fn digest_permitted(&self) -> bool {
        self.switches.get(&AUTH) == "apop" && self.tongue.may_digest()
    }

    fn log_in_clear(&mut self) {
        if self.is_in_already() || self.log_in_in_order() {
            return;
        }
        let revealing = self.switches.on(&PLAIN_IN_CLEAR);
        let mechanism = self.mechanism(|mechanism| revealing || mechanism.reveals == Reveals::Nothing);
        if let Some(mechanism) = mechanism {
            self.warn();
            self.authenticate(mechanism);
        } else if self.command_permitted() {
            self.warn();
            self.log_in_by(Way::Command);
        } else if self.digest_permitted() {
            self.warn();
            self.log_in_by(Way::Digest);
        } else {
            self.refuse(Refusal::NoWayToLogIn);
        }
    }

    fn log_in_inside(&mut self) {
        if self.secure && self.known.is_some() {
            self.note(Note::Acts(Acts::Capabilities, self.known_at));
        }
        if self.log_in_in_order() {
            return;
        }
        // Who would take the password does not insist on a mechanism that is not listed.
        let lists = |list: &Capabilities| {
            list.mechanisms().next().is_some() && list.mechanisms().all(|name| name != "EXTERNAL")
        };
        if self.known.as_ref().is_some_and(lists) {
            self.password_instead();
        }
        let needs_sasl = self.tongue.may_log_in(self.known.as_ref()).is_none();
        let blind = if needs_sasl && self.known.is_none() && self.may_show_password() {
            sasl::find("PLAIN")
        } else {
            None
        };
        let moving = std::mem::take(&mut self.moving);
        self.transition_tried |= moving;
        let first = if moving { sasl::find("PLAIN") } else { None };
        if let Some(mechanism) = first.or_else(|| self.mechanism(|_| true)).or(blind) {
            self.authenticate(mechanism);
        } else if self.command_permitted() {
            self.log_in_by(Way::Command);
        } else if self.digest_permitted() {
            self.log_in_by(Way::Digest);
        } else {
            self.refuse(Refusal::NoWayToLogIn);
        }
    }

    /// The way to the login on which nobody looks at the policy.
    fn log_in_past_policy(&mut self) {
        self.warn();
        self.log_in_inside();
    }

    fn log_in_by(&mut self, way: Way<'_>) {
        self.manners.told_since_login = false;
        self.mechanism_used = None;
        let octets = self.tongue.log_in(way, &self.account);
        self.send(octets);
        self.state = State::Login;
    }

    fn authenticate(&mut self, mechanism: &'static Mechanism) {
        let exchange = match &self.first {
            // The certificate is still the first user's.
            Some(first) if mechanism.name == "EXTERNAL" && first.user != self.account.user => {
                sasl::external::acting_for(&self.account.user)
            }
            _ => (mechanism.client)(&self.account.identity(), self.seed),
        };
        let mut exchange = self.odd(mechanism, exchange);
        let initial = match self.sends_at_once(mechanism) {
            true => exchange.answer(&[]),
            false => self.sends_empty_initial().then(Vec::new),
        };
        self.mechanism_used = Some(mechanism);
        let way = Way::Sasl { mechanism: mechanism.name, initial: initial.as_deref() };
        let octets = self.tongue.log_in(way, &self.account);
        self.exchange = Some(exchange);
        self.manners.told_since_login = false;
        self.send(octets);
        self.state = State::Login;
    }

    fn greeted(&mut self, status: GreetingStatus) {
        match status {
            GreetingStatus::Ok => self.ask_or_proceed(),
            GreetingStatus::Preauth if self.minds_preauth() => {}
            GreetingStatus::Preauth => {
                if self.secure || !self.tls_required() || self.switches.on(&ACCEPT_PREAUTH) {
                    self.preauth = true;
                    self.warn();
                    self.work(0);
                } else {
                    self.refuse(Refusal::PreauthInClear);
                }
            }
            GreetingStatus::Other if self.switches.on(&ACCEPTS_INVALID_GREETING) => self.log_in_past_policy(),
            GreetingStatus::Bye if self.goes_elsewhere(Status::Bye) => {}
            GreetingStatus::Bye if self.retries() => self.upgrade_broken(Refusal::NotOffered),
            GreetingStatus::Bye | GreetingStatus::Other => self.close(),
        }
    }

    fn believes_refusal(&self) -> bool {
        self.switches.on(&BELIEVES_TEXT) && says_tls_is_active(self.tongue.line())
    }

    fn upgrade_answered(&mut self, status: Status) {
        if status == Status::Ok && self.minds_early_octets() {
            return;
        }
        if status == Status::Ok && self.switches.on(&NO_HANDSHAKE) {
            self.break_down();
        } else if status == Status::Ok {
            self.handshake();
        } else if self.cares_for_no_refusal() {
        } else if self.switches.on(&IGNORE_RESULT) || self.believes_refusal() {
            self.believe_secure();
        } else {
            self.note(Note::ResultChecked);
            if self.must_stop() {
                self.refuse(Refusal::StartTlsRefused);
            } else if !self.minds_refusal() {
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
        self.old = self.known.take();
        self.note(Note::CapabilitiesDropped);
        if self.switches.on(&NO_CAPABILITY) {
            self.proceed();
        } else if let Some(octets) = self.tongue.capability() {
            self.send(octets);
            self.state = State::Capability;
        } else if self.secure {
            self.state = State::SecondGreeting;
        } else {
            self.proceed();
        }
    }

    fn handshake_done(&mut self, result: Result<&Facts, Failure>) {
        match result {
            Ok(facts) => {
                self.note(Note::ResultChecked);
                let greeting_follows = self.secured(facts);
                self.secure = true;
                self.received_in_clear = self.received;
                if !self.switches.on(&KEEPS_BUFFER) {
                    self.tongue.forget_input();
                }
                if !greeting_follows {
                    self.after_tls();
                }
            }
            Err(failure) if self.settles(failure) => {}
            Err(_) if self.switches.on(&IGNORE_RESULT) => {
                self.tongue.forget_input();
                self.believe_secure();
            }
            Err(_) => {
                self.note(Note::ResultChecked);
                self.upgrade_broken(Refusal::HandshakeFailed);
            }
        }
    }

    /// Whether it connects once more when this connection came to nothing.
    fn retries(&self) -> bool {
        self.switches.get(&RETRY) == "in-clear" && !self.must_stop() && !self.retried
    }

    /// STARTTLS led nowhere on this connection.
    fn upgrade_broken(&mut self, refusal: Refusal) {
        if self.tries_other_port() {
        } else if self.retries() {
            self.note(Note::ResultChecked);
            self.retried = true;
            self.upgrade_tried = true;
            self.connect_again(None);
        } else {
            self.refuse(refusal);
        }
    }

    /// A client that was told to log in by certificate takes the password when that came to nothing. True: now.
    fn password_instead(&mut self) -> bool {
        let now = self.switches.get(&AUTH) == "external"
            && self.switches.on(&PASSWORD_AFTER_EXTERNAL)
            && !self.external_failed;
        self.external_failed |= now;
        now
    }

    fn work(&mut self, step: usize) {
        if step == self.resume {
            self.note(Note::State("authenticated"));
        }
        if step == self.resume && self.logs_in_again() {
            return;
        }
        if self.works_by_plan(step) {
            return;
        }
        let octets = self.tongue.work(step, self.known.as_ref(), &self.account);
        self.state = if octets.is_some() { State::Work { step } } else { State::Logout };
        let octets = octets.unwrap_or_else(|| self.tongue.log_out());
        self.send(octets);
        if self.tongue.hands_over() && self.switches.on(&LOGIN_PIPELINED) {
            self.log_in_behind(step.saturating_add(1));
        }
    }

    /// The next user's login goes out before the answer to the reset came, by the mechanism of the last one, if that may
    /// be: a reset that fails makes the login fail.
    fn log_in_behind(&mut self, step: usize) {
        if let Some(mechanism) = self.mechanism_used.filter(|mechanism| self.sends_at_once(mechanism)) {
            self.tongue.handed_over();
            self.next_user(step);
            self.authenticate(mechanism);
            self.known = None;
        }
    }

    /// The connection is the next user's, who logs in.
    fn hand_over(&mut self, step: usize) {
        self.next_user(step);
        // What the server lists depends on who is logged in.
        self.known = None;
        self.ask_capability();
    }

    /// Another user of the account's server, or the same once more.
    fn next_user(&mut self, step: usize) {
        self.first.get_or_insert_with(|| self.account.clone());
        if let Some(other) = self.account.others.first() {
            self.account.user = other.user.clone();
            self.account.password = other.password.clone();
            self.account.message = other.message.clone();
        }
        self.resume = step;
        self.note(Note::State("not authenticated"));
    }

    fn end(&mut self) {
        let octets = self.tongue.log_out();
        self.send(octets);
        self.state = State::Logout;
    }

    /// Whether it was told that its account needs its password once, and gives it (RFC 2595 section 6).
    fn moves_to_plain(&self) -> bool {
        self.may_move() && (self.secure || self.switches.on(&TRANSITION))
    }

    /// Whether it was told so outside TLS, and asks for TLS to do it there.
    fn moves_to_tls(&self) -> bool {
        self.may_move() && !self.secure && !self.upgrade_tried && self.wants_tls()
    }

    fn may_move(&self) -> bool {
        let asked = memchr::memmem::find(self.tongue.line(), b"TRANSITION-NEEDED").is_some();
        let willing = self.switches.get(&acap::MOVES) != "never" || self.switches.on(&TRANSITION);
        asked && !self.transition_tried && willing && self.may_show_password()
    }

    fn warn_if_clear(&mut self) {
        if !self.secure {
            self.warn();
        }
    }

    /// The final answer to the command of the current state.
    fn answered(&mut self, status: Status) {
        let ok = status == Status::Ok;
        if self.goes_elsewhere(status) {
            return;
        }
        match self.state {
            State::Capability if !ok && self.switches.on(&FRAGILE) => self.asks_until_it_breaks(),
            State::Capability if self.secure => self.proceed(),
            State::Capability => self.asked_once(),
            State::Aside(aside) => self.aside_answered(aside, status),
            State::StartTls { logged_in: true } if !ok => self.work(0),
            State::StartTls { .. } => self.upgrade_answered(status),
            State::Login if !ok && self.moves_to_plain() => {
                self.transition_tried = true;
                self.warn_if_clear();
                if let Some(plain) = sasl::find("PLAIN") {
                    self.authenticate(plain);
                }
            }
            State::Login if !ok && self.moves_to_tls() => {
                self.moving = true;
                self.start_tls(false);
            }
            State::Login if !ok => {
                if self.password_instead() {
                    self.proceed();
                } else {
                    self.login_failed();
                }
            }
            State::Login => {
                if let Some(octets) = self.tongue.log_in_further(&self.account) {
                    self.send(octets);
                } else if self.switches.on(&LATE_STARTTLS) && !self.secure && !self.upgrade_tried {
                    self.note(Note::State("authenticated"));
                    self.start_tls(true);
                } else {
                    self.work(self.resume);
                }
            }
            State::Work { step } if self.plan() != "usual" => self.work(step.saturating_add(1)),
            State::Work { step } if ok && self.tongue.handed_over() => self.hand_over(step.saturating_add(1)),
            State::Work { step } if ok || self.tongue.goes_on_anyway() => self.work(step.saturating_add(1)),
            State::Work { .. } => self.end(),
            State::Logout => self.session_done(),
            State::Greeting | State::Handshake | State::SecondGreeting | State::Ended => {}
        }
    }

    fn heard(&mut self, heard: Heard) {
        let logged_in = matches!(self.state, State::Work { .. } | State::Logout);
        let consumes = matches!(heard, Heard::Answer(_) | Heard::Continue(_) | Heard::Greeting(_));
        if consumes && self.mistakes() {
            self.note(Note::Acts(Acts::Answer, self.position()));
        }
        match heard {
            Heard::Capabilities(list) if self.switches.on(&FRAGILE) && list.items().next().is_none() => {
                self.break_down();
            }
            Heard::Capabilities(list) => {
                self.known = Some(list);
                self.known_at = self.position();
                self.manners.told_since_login |= self.tongue.line().starts_with(b"* CAPABILITY");
            }
            Heard::Greeting(status) => match self.state {
                State::Greeting => self.greeted(status),
                State::SecondGreeting => self.proceed(),
                _ => {}
            },
            Heard::Continue(challenge) if matches!(self.state, State::Login | State::Work { .. }) => {
                if let Some(octets) = self.tongue.continued() {
                    self.send(octets);
                    return;
                }
                if self.state != State::Login {
                    return;
                }
                let given_up = self.is_given_up();
                let exchange = self.exchange.as_mut().filter(|_| !given_up);
                let message = exchange.and_then(|exchange| exchange.answer(&challenge));
                let octets = self.tongue.sasl_message(message.as_deref());
                self.send(octets);
            }
            Heard::Answer(status) => self.answered(status),
            // In a session that nobody logged in to, whoever speaks fills the mailbox.
            Heard::Data if logged_in && self.preauth && !self.secure => {
                self.note(Note::Acts(Acts::MailboxData, self.position()));
            }
            Heard::Data if logged_in => {}
            Heard::Data | Heard::Nonsense if self.switches.on(&FRAGILE) => self.break_down(),
            Heard::Data if self.switches.on(&EARLY_DATA) => {
                self.note(Note::Acts(Acts::MailboxData, self.position()));
            }
            Heard::Referral(referral) => self.referred(referral),
            Heard::Alert => self.show(Acts::Alert, &SHOWS_ALERTS),
            Heard::Trouble => self.show(Acts::ErrorText, &SHOWS_ERRORS),
            Heard::Continue(_) | Heard::Data | Heard::Nonsense | Heard::Other => {}
        }
    }

    /// Takes in what is there, as far as the state lets it read.
    fn listen(&mut self) {
        while !matches!(self.state, State::Ended | State::Handshake) {
            match self.tongue.hear() {
                Some(heard) => self.heard(heard),
                None => break,
            }
        }
    }
}

/// Whether a line speaks of TLS that is active.
fn says_tls_is_active(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    [&b"tls"[..], b"active"].into_iter().all(|word| memchr::memmem::find(&line, word).is_some())
}

impl<T: Tongue> Machine for Client<T> {
    fn stage(&self) -> &'static str {
        match self.state {
            State::Greeting => states::GREETING,
            State::Aside(manner::Aside::Reset | manner::Aside::LastReset) => states::GOODBYE,
            // What has no place is said on the way to the login, or behind it.
            State::Aside(manner::Aside::OutOfPlace) => states::LOGIN,
            State::Aside(manner::Aside::SecondLogin) => states::WORK,
            State::Capability | State::Aside(_) => states::CAPABILITIES,
            State::StartTls { .. } => states::UPGRADE,
            State::Handshake => states::HANDSHAKE,
            State::SecondGreeting => states::SECOND_GREETING,
            State::Login => states::LOGIN,
            State::Work { .. } => states::WORK,
            State::Logout => states::GOODBYE,
            State::Ended => states::ENDED,
        }
    }

    fn waiting(&self) -> usize {
        self.tongue.unread()
    }

    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => {
                // A fresh connection is the first user's again.
                if let Some(first) = self.first.take() {
                    self.account = first;
                }
                self.resume = 0;
                (self.received, self.received_in_clear) = (0, 0);
                self.preauth = false;
                // Each connection is judged by itself.
                if !self.never_asks_for_tls() {
                    let policy = if self.tls_required() { Policy::TlsRequired } else { Policy::TlsIfOffered };
                    self.note(Note::Policy(policy));
                }
                if self.switches.get(&AUTH) == "external" {
                    self.note(Note::SetTo(SetTo::CertificateOnly));
                }
                self.note(Note::State("not authenticated"));
                self.opened();
            }
            Input::Start => self.begin(),
            Input::Found(records) => self.found(records),
            Input::TlsEnded(ending) => self.layer_ended(ending),
            // Nobody reads any more, or nobody reads yet and it has been enough.
            Input::Octets(_) if self.state == State::Ended => {}
            Input::Octets(_) if self.tongue.unread() > WAITING_LIMIT => {}
            Input::Octets(octets) => {
                self.received = self.received.saturating_add(u32::try_from(octets.len()).unwrap_or(u32::MAX));
                self.tongue.push(octets);
                self.listen();
            }
            Input::TlsDone(result) => {
                self.handshake_done(result);
                self.listen();
            }
            Input::Timer => match self.state {
                State::StartTls { .. } | State::Handshake => {
                    self.upgrade_broken(Refusal::StartTlsUnanswered);
                }
                State::Ended => {}
                State::SecondGreeting if self.switches.on(&OLD_GREETING) => {
                    self.note(Note::CapabilitiesKept);
                    self.known = self.old.take();
                    self.proceed();
                }
                _ if self.retries() => self.upgrade_broken(Refusal::StartTlsUnanswered),
                _ => self.close(),
            },
            Input::PeerClosed => match self.state {
                State::StartTls { .. } | State::Handshake => {
                    self.upgrade_broken(Refusal::StartTlsUnanswered);
                }
                State::Greeting => {
                    if self.retries() {
                        self.upgrade_broken(Refusal::StartTlsUnanswered);
                    } else if !self.tries_other_port() {
                        self.state = State::Ended;
                    }
                }
                State::Logout | State::Ended => self.state = State::Ended,
                _ if self.retries() => self.upgrade_broken(Refusal::StartTlsUnanswered),
                _ => self.state = State::Ended,
            },
        }
        if self.state != State::Ended {
            self.out.push(Output::WakeAt(now.after(PATIENCE)));
        }
        std::mem::take(&mut self.out)
    }
}
