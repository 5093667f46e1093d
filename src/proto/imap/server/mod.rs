//! The IMAP server machine: several people, their mailboxes and the rights that they gave each other.
//!
//! With every conduct switch off it keeps RFC 2595 sections 2 and 3 and RFC 9051, whatever its settings.

mod auth;
mod body;
mod events;
mod mailbox;
mod mailroom;
mod messages;
mod proxy;
mod search;
pub mod session;
pub mod states;
pub mod store;
mod switches;
#[cfg(test)]
mod tests;
mod text;
mod unauth;

pub use proxy::server;
pub(crate) use switches::*;

use super::request::{self, Fault, FaultKind, Request};
use super::utf7;
use crate::base::{Seed, Switches, Tick};
use crate::proto::server::{
    CLOSES_IN_EXCHANGE, GREETING, Gate, LATE_STARTTLS, No, PREAUTH, SASL_IR, SECOND_LOGIN,
};
use crate::proto::{Account, Input, Machine, Output, WAITING_LIMIT, exchange, quoted};
use crate::trace::Note;
use crate::wire::{Inbox, Unit};
use mailroom::Mailroom;
use session::Session;
use store::MailboxId;

/// What the server lists to everybody who is authenticated, beside what switches add.
const EXTENSIONS: &str = "ENABLE ID UIDPLUS UNSELECT MOVE IDLE LITERAL+ ESEARCH SEARCHRES CONTEXT=SEARCH \
                          CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS LIST-MYRIGHTS SPECIAL-USE ACL RIGHTS=texk \
                          NOTIFY LANGUAGE UTF8=ACCEPT STATUS=SIZE";

/// What the server waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// A command.
    Ready,
    /// The client's next message of an exchange.
    Challenge {
        tag: String,
    },
    /// The handshake after STARTTLS.
    Handshake,
    /// DONE.
    Idle {
        tag: String,
    },
    Ended,
}

/// The machine.
#[derive(Debug)]
pub struct ImapServer {
    gate: Gate,
    state: State,
    session: Session,
    store: Mailroom,
    inbox: Inbox,
    /// Octets in front that were sent for a user who did not get the connection.
    meant_for_next: usize,
    /// It is a proxy: it decides who comes in, and somebody else serves them.
    guards: bool,
    out: Vec<Output>,
}

impl ImapServer {
    /// A server that waits for a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        let gate = Gate::new(account, switches, seed);
        Self {
            store: Mailroom::new(&gate.account, seed),
            gate,
            state: State::Ready,
            session: Session::default(),
            inbox: Inbox::default(),
            meant_for_next: 0,
            guards: false,
            out: Vec::new(),
        }
    }

    /// Sends octets, in one segment with what was just sent.
    fn send_octets(&mut self, octets: &[u8]) {
        if let Some(Output::Send(segment)) = self.out.last_mut() {
            segment.extend_from_slice(octets);
        } else {
            self.out.push(Output::Send(octets.to_vec()));
        }
    }

    fn send(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref().as_bytes();
        if let Some(Output::Send(segment)) = self.out.last_mut() {
            segment.extend_from_slice(text);
            segment.extend_from_slice(b"\r\n");
        } else {
            self.out.push(Output::Send([text, b"\r\n"].concat()));
        }
    }

    fn note(&mut self, note: Note) {
        self.out.push(Output::Note(note));
    }

    /// The positive answer to a command, after the news of the selected mailbox.
    fn done(&mut self, tag: &str, name: &str) {
        self.done_with(tag, "", name);
    }

    /// As [`Self::done`], with a response code and the space behind it.
    fn done_with(&mut self, tag: &str, code: &str, name: &str) {
        self.tell_news(!matches!(name, "FETCH" | "STORE" | "SEARCH"));
        let completed = self.session.language.completed();
        self.send(format!("{tag} OK {code}{name} {completed}"));
    }

    fn no(&mut self, tag: &str, why: &str) {
        self.send(format!("{tag} NO {why}"));
    }

    fn bad(&mut self, tag: &str, why: &str) {
        self.send(format!("{tag} BAD {why}"));
    }

    fn capabilities(&self) -> String {
        let mut list = String::from("IMAP4rev1");
        let mut add = |listed: bool, item: &str| {
            if listed {
                list.push(' ');
                list.push_str(item);
            }
        };
        let before_login = !self.session.logged_in();
        add(self.gate.on(&IMAP4REV2), "IMAP4rev2");
        let literals = match self.gate.get(&LITERALS) {
            _ if self.gate.on(&BOTH_LITERALS) => " LITERAL+ LITERAL-",
            "minus" => " LITERAL-",
            "none" => "",
            _ => " LITERAL+",
        };
        add(before_login && !literals.is_empty(), literals.trim_start());
        add(self.gate.on(&UTF8_ONLY), "UTF8=ONLY");
        add(self.gate.on(&SASL_IR), "SASL-IR");
        add(before_login, "ID LANGUAGE");
        add(self.gate.offers_starttls() && before_login, "STARTTLS");
        add(self.gate.lists_logindisabled() && before_login, "LOGINDISABLED");
        for mechanism in self.gate.mechanisms().filter(|_| before_login) {
            add(true, &["AUTH=", mechanism].concat());
        }
        add(self.gate.get(&LOGIN_REFERRAL) != "off" && before_login, "LOGIN-REFERRALS");
        add(!before_login && self.gate.on(&NAMESPACE), "NAMESPACE");
        if !before_login {
            add(true, &EXTENSIONS.replace(" LITERAL+", literals));
        }
        add(self.gate.on(&MAILBOX_REFERRAL) && !before_login, "MAILBOX-REFERRALS");
        add(self.gate.on(&COMPRESS) && !before_login && !self.session.compressed, "COMPRESS=DEFLATE");
        add(self.gate.on(&UNAUTHENTICATE) && !before_login, "UNAUTHENTICATE");
        list
    }

    /// Says in a note which state of RFC 3501 section 3 the session is in now.
    fn note_state(&mut self) {
        self.note(Note::State(match (&self.state, &self.session.who, &self.session.selected) {
            (State::Ended, ..) => states::LOGOUT,
            (_, None, _) => states::NOT_AUTHENTICATED,
            (_, Some(_), None) => states::AUTHENTICATED,
            (_, Some(_), Some(_)) => states::SELECTED,
        }));
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.note_state();
        self.out.push(Output::Close);
    }

    /// Ends a session that cannot go on, and says why.
    fn bye(&mut self, why: &str) {
        self.send(format!("* BYE {why}"));
        self.end();
    }

    fn greet(&mut self) {
        self.note(Note::Policy(self.gate.policy()));
        let preauth = self.gate.on(&PREAUTH);
        if preauth {
            let user = self.gate.account.user.clone();
            self.admit_user(&user);
        }
        self.note_state();
        let word = if preauth { "PREAUTH" } else { "OK" };
        let code = if self.gate.on(&GREETING) {
            format!("[CAPABILITY {}] ", self.capabilities())
        } else {
            String::new()
        };
        let host = self.gate.account.host.clone();
        self.send(format!("* {word} {code}{host} ready"));
    }

    fn message(&mut self, octets: &[u8]) {
        let line = octets.strip_suffix(b"\r\n");
        let text = line.unwrap_or(octets);
        match std::mem::replace(&mut self.state, State::Ready) {
            State::Challenge { .. } if self.gate.on(&CLOSES_IN_EXCHANGE) => self.end(),
            State::Challenge { tag } => {
                let turn = self.gate.go_on(self.gate.read(exchange::message(text), text));
                self.turn(&tag, turn);
            }
            State::Idle { tag } if text.eq_ignore_ascii_case(b"DONE") => self.done(&tag, "IDLE"),
            State::Idle { tag } => self.bad(&tag, "IDLE ends with DONE and nothing else"),
            _ => {
                let (tag, request) = match line {
                    Some(text) => request::read(self.gate.overlooks_argument(text, b"STARTTLS")),
                    None => (Vec::new(), Err(Fault { kind: FaultKind::NoCommand, at: 0 })),
                };
                let tag =
                    if tag.is_empty() { "*".to_owned() } else { String::from_utf8_lossy(&tag).into_owned() };
                match request {
                    Ok(request) => self.request(&tag, request),
                    Err(fault) => self.bad(&tag, &fault.to_string()),
                }
            }
        }
    }

    /// Whether the list of states permits a command now; faults and TLS have their own say.
    fn permits(&self, request: &Request) -> bool {
        match request {
            // The gate knows about TLS and about the fault of a late upgrade.
            Request::StartTls if self.gate.secure || self.gate.on(&LATE_STARTTLS) => true,
            Request::Login { .. } | Request::Authenticate { .. }
                if self.session.takes_login || self.gate.on(&SECOND_LOGIN) =>
            {
                true
            }
            // It forgets whom it serves, who may be nobody.
            Request::Unauthenticate if self.gate.get(&UNAUTH_ANSWER) == "before-login" => true,
            // A server without it does not know the word in any state.
            Request::Unauthenticate if !self.gate.on(&UNAUTHENTICATE) => true,
            Request::Login { .. } | Request::Authenticate { .. } if self.session.refuses_login => false,
            _ => states::DIAGRAM.legal(self.stage(), request.name()),
        }
    }

    /// A server that serves anybody takes somebody for its user who asks for what a user may.
    fn serve_anybody(&mut self, request: &Request) {
        let needs_login = !states::DIAGRAM.legal(states::NOT_AUTHENTICATED, request.name())
            && states::DIAGRAM.legal(states::AUTHENTICATED, request.name());
        if needs_login && self.session.who.is_none() && self.gate.lets_anybody_in() {
            let user = self.gate.account.user.clone();
            self.admit_user(&user);
        }
    }

    /// Carries a command out, if it is legal now.
    fn request(&mut self, tag: &str, request: Request) {
        self.serve_anybody(&request);
        if !self.permits(&request) {
            let opened =
                self.session.who.is_some() && states::DIAGRAM.legal(states::SELECTED, request.name());
            self.bad(tag, if opened { "select a mailbox first" } else { "not in this state" });
            return;
        }
        match request {
            Request::Capability => {
                let list = self.capabilities();
                self.send(format!("* CAPABILITY {list}"));
                self.done(tag, "CAPABILITY");
            }
            Request::Noop => {
                self.mail_arrives();
                self.done(tag, "NOOP");
            }
            Request::Logout => {
                self.send("* BYE until next time");
                self.done(tag, "LOGOUT");
                self.end();
            }
            Request::Id(_) if self.session.who.is_none() && self.gate.get(&ID) == "refused" => {
                self.bad(tag, "not in this state");
            }
            Request::Id(_) => {
                self.send("* ID (\"name\" \"STARTTLS Lab\")");
                self.done(tag, "ID");
            }
            Request::Language(ranges) => self.language(tag, &ranges),
            Request::StartTls => self.start_tls(tag),
            Request::Login { user, password } => self.login(tag, &user, &password),
            Request::Authenticate { mechanism, initial } => {
                self.authenticate(tag, &mechanism, initial.as_deref())
            }
            Request::Unauthenticate => self.unauthenticate(tag),
            request => self.mailbox_request(tag, request),
        }
    }

    /// Commands of the authenticated and the selected state.
    fn mailbox_request(&mut self, tag: &str, request: Request) {
        match request {
            Request::Append { mailbox, flags, date, message } => {
                self.append(tag, &mailbox, &flags, date, message);
            }
            Request::Compress(algorithm) => self.compress(tag, &algorithm),
            Request::Create(name) => self.create(tag, &name),
            Request::Delete(name) => self.delete(tag, &name),
            Request::Enable(extensions) => self.enable(tag, &extensions),
            Request::Idle => {
                self.send("+ idling");
                self.mail_arrives();
                self.tell_news(true);
                self.state = State::Idle { tag: tag.to_owned() };
            }
            Request::List(list) => self.list(tag, &list),
            Request::MyRights(name) => self.my_rights(tag, &name),
            Request::Namespace => {
                self.send(format!("* NAMESPACE ((\"\" \"/\")) ((\"{}\" \"/\")) NIL", store::OTHER_USERS));
                self.done(tag, "NAMESPACE");
            }
            Request::Notify(notify) => self.notify(tag, notify),
            Request::Rename(from, to) => self.rename(tag, &from, &to),
            Request::Select { mailbox, read_only, condstore, resync } => {
                self.select(tag, &mailbox, read_only, condstore, resync);
            }
            Request::Status(name, items) => self.status(tag, &name, &items),
            Request::Subscribe(name) => self.subscribe(tag, &name, true),
            Request::Unsubscribe(name) => self.subscribe(tag, &name, false),
            Request::CancelUpdate(tags) => self.cancel_update(tag, &tags),
            Request::Check => self.done(tag, "CHECK"),
            Request::Close => self.close(tag, true),
            Request::Unselect => self.close(tag, false),
            Request::Copy { uid, keep, set, mailbox } => self.copy(tag, uid, keep, &set, &mailbox),
            Request::Expunge(set) => self.expunge(tag, set.as_ref()),
            Request::Fetch(fetch) => self.fetch(tag, &fetch),
            Request::Search(search) => self.search(tag, search),
            Request::Store(store) => self.store_flags(tag, &store),
            _ => self.refuse(tag, No::State),
        }
    }

    /// A mailbox's name as the client writes it, in the form that is in force.
    fn name_of(&self, octets: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(octets).ok()?;
        let name = if self.session.utf8() { text.to_owned() } else { utf7::decode(text)? };
        (!name.is_empty() && name.len() <= store::NAME_LIMIT && !name.chars().any(char::is_control))
            .then_some(name)
    }

    /// The mailbox that the client means, if its user may know of it.
    fn find(&self, octets: &[u8]) -> Option<MailboxId> {
        self.store.find(self.session.who.as_ref()?, &self.name_of(octets)?)
    }

    /// A name as it goes out.
    fn written(&self, name: &str) -> String {
        let name = if self.session.utf8() { name.to_owned() } else { utf7::encode(name) };
        if !name.is_empty() && name.bytes().all(super::grammar::is_astring_char) {
            return name;
        }
        String::from_utf8_lossy(&quoted(name.as_bytes())).into_owned()
    }

    fn may(&self, id: MailboxId, right: char) -> bool {
        self.session.who.as_ref().is_some_and(|who| self.store.may(who, id, right))
    }

    /// Whether the next command is this machine's to read; a proxy leaves those behind the login to another.
    fn listens(&self) -> bool {
        let served_elsewhere = self.guards && self.session.who.is_some();
        !served_elsewhere && !matches!(self.state, State::Ended | State::Handshake)
    }

    fn read(&mut self) {
        while self.listens() {
            let before = self.inbox.unread();
            let Some(unit) = self.inbox.next_unit() else { break };
            let taken = before.saturating_sub(self.inbox.unread());
            match unit {
                Unit::Message(message) if self.meant_for_next > 0 => self.refuse_waiting(&message),
                unit => self.unit(unit),
            }
            self.meant_for_next = self.meant_for_next.saturating_sub(taken);
        }
    }

    /// A command that was sent for the next user, who did not get the connection.
    fn refuse_waiting(&mut self, message: &[u8]) {
        let (tag, _) = request::read(wire_text(message));
        let tag = if tag.is_empty() { "*".to_owned() } else { String::from_utf8_lossy(&tag).into_owned() };
        self.bad(&tag, "the connection has not changed hands");
    }

    fn unit(&mut self, unit: Unit) {
        match unit {
            Unit::Message(message) => {
                self.out.extend(self.gate.mistake(self.inbox.unread()).map(Output::Note));
                self.message(&message);
            }
            Unit::Waiting => self.send("+ go on"),
            // No command, but an answer to a challenge or the end of IDLE.
            Unit::TooBig(line) if self.state != State::Ready => self.message(&line),
            Unit::TooBig(line) => {
                let tag = request::read(wire_text(&line)).0;
                let tag =
                    if tag.is_empty() { "*".to_owned() } else { String::from_utf8_lossy(&tag).into_owned() };
                self.no(&tag, "[TOOBIG] this is more than is taken here");
            }
            // What follows would be read as commands although it is the rest of something else.
            Unit::Overlong => self.bye("this is more than is taken here"),
        }
    }
}

/// The mailboxes outlive the connection.
impl Drop for ImapServer {
    fn drop(&mut self) {
        self.store.close();
    }
}

impl Machine for ImapServer {
    fn stage(&self) -> &'static str {
        match (&self.state, &self.session.who, &self.session.selected) {
            (State::Ended, ..) => states::LOGOUT,
            (State::Challenge { .. }, ..) => states::EXCHANGE,
            (State::Handshake, ..) => states::HANDSHAKE,
            (State::Idle { .. }, ..) => states::IDLE,
            (State::Ready, None, _) => states::NOT_AUTHENTICATED,
            (State::Ready, Some(_), None) => states::AUTHENTICATED,
            (State::Ready, Some(_), Some(_)) => states::SELECTED,
        }
    }

    fn waiting(&self) -> usize {
        self.inbox.unread()
    }

    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Connected => self.greet(),
            Input::Octets(octets) if self.state != State::Ended && self.waiting() <= WAITING_LIMIT => {
                self.gate.take_in(octets);
                self.inbox.push(octets);
                self.read();
            }
            Input::TlsDone(result) => {
                self.tls_done(result);
                self.read();
            }
            Input::TlsEnded(ending) => self.tls_ended(ending),
            Input::Octets(_) | Input::Timer | Input::Start | Input::Found(_) => {}
            Input::PeerClosed => self.state = State::Ended,
        }
        std::mem::take(&mut self.out)
    }
}

fn wire_text(line: &[u8]) -> &[u8] {
    crate::wire::text(line)
}
