//! The facts of a session: computed once from its events, read by reports and rules.

use crate::base::{Layer, Protocol, Side};
use crate::tls::Version;
use crate::trace::{
    Credential, Event, EventId, EventKind, Form, GreetingStatus, Leg, Problem, Status, Trace, UNKNOWN, Verb,
};
use serde::Serialize;
use std::borrow::Cow;

/// What happened, as far as it can be seen; `None` where it cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct Facts {
    /// STARTTLS or STLS stood in any capability list that the client had got when TLS began or when it first tried
    /// to log in; `None` if it had got no list.
    pub starttls_advertised: Option<bool>,
    /// The client asked for the upgrade.
    pub starttls_sent: Option<bool>,
    /// The status word of the answer: `ok`, `no`, `bad`, `err`; `none`: sent and unanswered; `None`: never sent.
    pub starttls_answer: Option<&'static str>,
    /// How a handshake began on this wire: `none`, `starttls` or `implicit`.
    pub tls: Option<&'static str>,
    /// The handshake was completed.
    pub tls_established: Option<bool>,
    /// Its version.
    pub tls_version: Option<Version>,
    /// Its suite.
    pub tls_cipher: Option<String>,
    /// LOGINDISABLED, like `starttls_advertised`; `None` in POP3, which has none.
    pub logindisabled_advertised: Option<bool>,
    /// A password or bearer token, or a form that decodes to one, left the client outside TLS.
    pub credential_in_clear: Option<bool>,
    /// The mechanisms or commands that showed it, in order.
    pub credential_mechanisms: Option<Vec<Cow<'static, str>>>,
    /// The names of the commands that the client sent outside TLS, in order.
    pub commands_in_clear: Option<Vec<Cow<'static, str>>>,
    /// The client asked for capabilities inside TLS; `None` in ACAP, where nobody can ask.
    pub capability_reissued_after_tls: Option<bool>,
    /// Octets of the client between the line that asked for the upgrade and the handshake.
    pub early_bytes_from_client: Option<u64>,
    /// Octets of the server between its positive answer and the handshake.
    pub early_bytes_from_server: Option<u64>,
    /// The greeting claimed an authenticated session.
    pub preauth: Option<bool>,
    /// A positive answer came to the client's own login command.
    pub authenticated: Option<bool>,
}

impl Facts {
    /// Reads the facts from the leg of one side, in one pass over its events.
    #[must_use]
    pub fn of(trace: &Trace, side: Side) -> Self {
        let leg = trace.leg(side);
        let mut seen = Seen::default();
        for event in trace.events().iter().filter(|event| event.hop == leg.hop()) {
            seen.take(leg, event);
        }
        seen.facts(leg)
    }
}

/// What one pass over the events finds.
#[derive(Debug, Default)]
struct Seen {
    anything: bool,
    greeting: Option<GreetingStatus>,
    /// A list had come, and one of them offers the upgrade or forbids LOGIN, when `lists_closed` was reached.
    listed: bool,
    offered: bool,
    disabled: bool,
    /// TLS began or the client tried to log in.
    lists_closed: bool,
    starttls: Option<EventId>,
    answer: Option<Status>,
    began: Option<EventId>,
    up: bool,
    failed: bool,
    closed: bool,
    inside: bool,
    version: Option<Version>,
    cipher: Option<String>,
    commands: Vec<Cow<'static, str>>,
    capability_inside: bool,
    mechanisms: Vec<Cow<'static, str>>,
    left_over: [u64; 2],
    /// The client sent something in the clear that nobody understood.
    unclear: bool,
    authenticated: bool,
    /// A command that may have logged in and was not answered.
    login_open: Option<EventId>,
    /// Where a handshake may stand that the source does not mark: behind the positive answer to the request.
    unmarked: Option<Unmarked>,
}

/// What was known where TLS may have begun without a mark.
#[derive(Debug)]
struct Unmarked {
    commands: usize,
    mechanisms: usize,
    listed: bool,
    offered: bool,
    disabled: bool,
}

impl Seen {
    fn take(&mut self, leg: Leg<'_>, event: &Event) {
        let clear = event.layer == Layer::Clear;
        match &event.kind {
            EventKind::Note(_) => return,
            EventKind::Greeting(status) => {
                self.greeting = self.greeting.or(Some(*status));
            }
            EventKind::Advertise(list, _) if !self.lists_closed => {
                self.listed = true;
                self.offered |= list.offers_starttls();
                self.disabled |= list.login_disabled();
            }
            EventKind::Command(command) => {
                if clear {
                    self.commands.push(command.name.clone());
                    self.unclear |= command.name.ends_with(UNKNOWN);
                    self.show(command.credential.as_ref());
                }
                match command.verb {
                    Verb::StartTls => self.starttls = self.starttls.or(Some(event.id)),
                    Verb::Capability => self.capability_inside |= !clear,
                    Verb::Login | Verb::User | Verb::Pass | Verb::Apop | Verb::Authenticate => {
                        self.lists_closed = true;
                        self.login_open = (command.verb != Verb::User).then_some(event.id);
                    }
                    _ => {}
                }
            }
            EventKind::AuthStep { credential, .. } if clear => self.show(credential.as_ref()),
            EventKind::Reply(reply) if reply.form == Form::Final => {
                self.login_open = self.login_open.filter(|open| reply.to != Some(*open));
                if reply.to.is_some() && reply.to == self.starttls {
                    self.answer = reply.status;
                    if reply.status == Some(Status::Ok) && !leg.trace().carries().handshake {
                        self.unmarked = Some(Unmarked {
                            commands: self.commands.len(),
                            mechanisms: self.mechanisms.len(),
                            listed: self.listed,
                            offered: self.offered,
                            disabled: self.disabled,
                        });
                    }
                }
                let verb = reply.to.and_then(|id| leg.trace().event(id)).map(|event| match &event.kind {
                    EventKind::Command(command) => command.verb,
                    _ => Verb::Other,
                });
                self.authenticated |= reply.status == Some(Status::Ok)
                    && matches!(verb, Some(Verb::Login | Verb::Pass | Verb::Apop | Verb::Authenticate));
            }
            EventKind::TlsBegan => {
                self.began = self.began.or(Some(event.id));
                self.unmarked = None;
                self.lists_closed = true;
            }
            EventKind::TlsHello(facts) => {
                self.version = self.version.or(facts.version);
                self.cipher = self.cipher.take().or_else(|| facts.cipher.clone());
            }
            EventKind::TlsUp(facts) => {
                self.up = true;
                self.version = self.version.or(facts.version);
                self.cipher = self.cipher.take().or_else(|| facts.cipher.clone());
            }
            EventKind::TlsFailed(_) => self.failed = true,
            EventKind::LeftOver => {
                let [client, server] = &mut self.left_over;
                let count = if event.from == Side::Client { client } else { server };
                *count = count.saturating_add(u64::from(event.span.len()));
            }
            EventKind::Malformed(Problem::NoCommand) if clear && event.from == Side::Client => {
                self.unclear = true
            }
            EventKind::Closed => self.closed = true,
            _ => {}
        }
        self.anything = true;
        self.inside |= !clear && !event.span.is_empty();
    }

    fn show(&mut self, credential: Option<&Credential>) {
        if let Some(credential) = credential
            && !self.mechanisms.iter().any(|known| **known == *credential.mechanism)
        {
            self.mechanisms.push(credential.mechanism.clone());
        }
    }

    fn facts(mut self, leg: Leg<'_>) -> Facts {
        let carries = leg.trace().carries();
        if !self.anything {
            return Facts::default();
        }
        // Whether what went through TLS, if anything did, would be seen.
        let inside_visible = self.inside || carries.inside_tls;
        let unmarked = self.unmarked.take();
        // What follows an unmarked handshake may have been inside TLS: it proves nothing about the clear.
        let (mut commands, mut mechanisms) = (Some(self.commands), Some(self.mechanisms));
        let mut in_clear = mechanisms.as_ref().map(|shown| !shown.is_empty());
        if let Some(unmarked) = &unmarked {
            if commands.as_ref().is_some_and(|all| all.len() > unmarked.commands) {
                commands = None;
            }
            if mechanisms.as_ref().is_some_and(|all| all.len() > unmarked.mechanisms) {
                mechanisms = None;
                in_clear = (unmarked.mechanisms > 0).then_some(true);
            }
        }
        // A log that does not say whether the connection began inside TLS, and nothing that only the clear has.
        let unsaid = !carries.beginning && self.starttls.is_none() && !self.offered && !self.disabled;
        if unsaid && self.began.is_none() {
            commands = commands.filter(Vec::is_empty);
            mechanisms = mechanisms.filter(Vec::is_empty);
            in_clear = in_clear.filter(|shown| !shown);
            self.listed = false;
        }
        // Lists from anywhere are no lists from before the login.
        self.listed &= carries.opening || carries.beginning;
        let known_beginning = carries.beginning || !unsaid;
        // A line that nobody understood, or that is not here, may have held the password.
        let lost = leg.trace().truncated();
        if (self.unclear || lost) && in_clear == Some(false) {
            (in_clear, mechanisms) = (None, None);
        }
        if lost || !carries.opening {
            commands = None;
        }
        // What is not here may be what was looked for.
        let asked_before = !carries.opening;
        let unless_lost = |fact: Option<bool>| if lost && fact == Some(false) { None } else { fact };
        let in_lists = |listed: bool, has: bool, before: Option<(bool, bool)>| match before {
            _ if !listed || (lost && !has) => None,
            Some((true, before)) if before == has => Some(has),
            Some(_) => None,
            None => Some(has),
        };
        let before = |has: fn(&Unmarked) -> bool| unmarked.as_ref().map(|u| (u.listed, has(u)));
        let known = unmarked.is_none();
        let established = match self.began {
            _ if self.up || self.inside => Some(true),
            Some(_) if self.failed => Some(false),
            // Who sees every octet would have seen the end of the handshake.
            Some(_) => (carries.tls_result && (self.closed || carries.every_octet)).then_some(false),
            None => (known && known_beginning).then_some(false),
        };
        let login_visible = known && (self.began.is_none() || inside_visible || established == Some(false));
        let early = |count: u64| (self.began.is_some() && carries.every_octet).then_some(count);
        let [early_client, early_server] = self.left_over;
        Facts {
            starttls_advertised: in_lists(self.listed, self.offered, before(|u| u.offered)),
            starttls_sent: unless_lost(Some(self.starttls.is_some())),
            starttls_answer: self
                .starttls
                .and_then(|_| self.answer.map(Status::word).or_else(|| (!lost).then_some("none"))),
            tls: match self.began {
                Some(began) if self.starttls.is_some_and(|asked| asked < began) => Some("starttls"),
                Some(_) => known_beginning.then_some("implicit"),
                None => (known && !lost && known_beginning).then_some("none"),
            },
            tls_established: unless_lost(established),
            tls_version: self.version,
            tls_cipher: self.cipher,
            logindisabled_advertised: if leg.trace().protocol() == Protocol::Imap {
                in_lists(self.listed, self.disabled, before(|u| u.disabled))
            } else {
                None
            },
            credential_in_clear: in_clear,
            credential_mechanisms: mechanisms,
            commands_in_clear: commands,
            capability_reissued_after_tls: unless_lost(
                (established == Some(true) && inside_visible && leg.trace().protocol() != Protocol::Acap)
                    .then_some(self.capability_inside)
                    .filter(|asked| *asked || !asked_before),
            ),
            early_bytes_from_client: early(early_client),
            early_bytes_from_server: early(early_server),
            preauth: self.greeting.map(|status| status == GreetingStatus::Preauth),
            authenticated: if self.authenticated {
                Some(true)
            } else {
                // The answer may have been there and not have been written down.
                let open = self.login_open.is_some() && carries.inside_tls && !carries.every_octet;
                (login_visible && !lost && !open).then_some(false)
            },
        }
    }
}
