//! What the servers of all protocols share: their switches, and the gate that decides about logins and upgrades.
//! Each protocol's own machine finds the words.

mod door;
mod profiles;
pub mod programs;
mod slips;
mod switches;
mod tls;
mod tls_switches;

pub use profiles::{ACAP_PROFILES, IMAP_PROFILES, POP3_PROFILES};
pub(crate) use slips::{CANCEL_ANSWER, CLOSES_IN_EXCHANGE, SECOND_LOGIN};
pub use switches::{ACAP_SWITCHES, IMAP_SWITCHES, POP3_SWITCHES};
pub(crate) use switches::{
    GREETING, KEEPS_BUFFER, KEEPS_NAME, LATE_STARTTLS, LENIENT_PLAIN, NO_GREETING, PREAUTH, SASL_IR,
};
pub use tls::{listen, offer};

use super::imap::server::ACTS_FOR_OTHERS;
use super::{Account, Output};
use crate::base::{Seed, Switch, Switches, is_attackers};
use crate::sasl::{self, Identity, Reveals, ServerExchange, Verdict};
use crate::tls::{Facts, Failure};
use crate::trace::{Acts, Ending, Note, Policy, Who};
use door::PlainDoor;
use slips::{CONTRADICTS, LISTED_INSIDE, PLAIN_HANDLING};
use std::rc::Rc;
use switches::{
    AUTHZID_UNCHECKED, BEFORE_TLS, CLEAR_TEXT, IGNORE_RESULT, LOGIN_ANYWAY, LOGINDISABLED, MECHANISMS,
    NAMES_TOLD, NO_LIMIT, PLAIN_LISTED, PLAIN_TAKEN, REFUSE_FOR, REFUSED_CHECKED, STARTTLS, TALKATIVE,
};
use tls_switches::{CERTIFICATES, GOES_ON_IN_CLEAR};

/// Why a request is not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// No clear-text password is taken outside TLS; the credentials were not looked at (RFC 9051 section 7.2.2).
    PrivacyRequired,
    /// Name and password do not fit.
    Credentials,
    /// There is nobody of that name, and the server says so.
    Name,
    /// The user may not act for the other one.
    Authorization,
    /// A mechanism's message is not in its form.
    Malformed,
    /// The mechanism is not available.
    Mechanism,
    /// Not in this state.
    State,
    /// TLS is active already.
    TlsActive,
    /// There is no such command here.
    Unknown,
    /// The client gave the exchange up, or there is none.
    GivenUp,
    /// A mechanism's message is not base64.
    NotBase64,
    /// A mechanism's message is longer than this server takes.
    TooLong,
}

/// How an exchange goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is the client's turn, with this challenge.
    Challenge(Vec<u8>),
    /// The exchange is over.
    Over(Result<(), No>),
}

/// Decides about logins and upgrades by the server's switches, its account and the state of TLS.
#[derive(Debug)]
pub struct Gate {
    /// Whose mailbox this is.
    pub account: Rc<Account>,
    /// How the server is set.
    pub switches: Switches,
    /// TLS is up.
    pub secure: bool,
    handshake_failed: bool,
    /// Whom the certificate names that the client showed.
    certified: Option<String>,
    seed: Seed,
    /// The open exchange, once for everybody who may be on the other side of it.
    exchange: Option<Vec<(String, Box<dyn ServerExchange>)>>,
    /// Whose login was granted last.
    who: String,
    /// It asked a second time for what is one message.
    asked_again: bool,
    /// Logins that failed on this connection.
    failures: u32,
    /// Octets of this connection so far, and those of them that came before TLS.
    received: u32,
    received_in_clear: u32,
}

/// A server that limits guesses closes the connection after so many failed logins, and does not let anybody in who
/// comes back from the same place (RFC 9051 section 11.7).
const FAILURES: u32 = 3;

impl Gate {
    /// A gate at the start of a connection.
    #[must_use]
    pub fn new(account: &Account, switches: &Switches, seed: Seed) -> Self {
        Self {
            account: Rc::new(account.clone()),
            switches: switches.clone(),
            secure: false,
            handshake_failed: false,
            certified: None,
            seed,
            exchange: None,
            who: String::new(),
            asked_again: false,
            failures: 0,
            received: 0,
            received_in_clear: 0,
        }
    }

    /// The policy that the server is set to.
    #[must_use]
    pub fn policy(&self) -> Policy {
        if self.refuses_by_setting() { Policy::ClearTextRefused } else { Policy::ClearTextAccepted }
    }

    fn refuses_by_setting(&self) -> bool {
        self.switches.get(&LOGINDISABLED) != "off" && self.switches.get(&CLEAR_TEXT) == "refused"
    }

    /// Whether LOGINDISABLED is listed as things stand.
    #[must_use]
    pub fn lists_logindisabled(&self) -> bool {
        self.refuses_clear() && self.switches.on(&LOGINDISABLED)
    }

    /// Whether clear-text passwords are refused as things stand.
    #[must_use]
    pub fn refuses_clear(&self) -> bool {
        !self.takes_for_secure() && self.refuses_by_setting()
    }

    /// Whether password commands are refused as things stand.
    #[must_use]
    pub fn refuses_commands(&self) -> bool {
        self.refuses_clear()
            && !self.switches.on(&LOGIN_ANYWAY)
            && !self.switches.on(&super::pop3::switches::PASSWORDS_TAKEN)
    }

    /// Whether the upgrade is on offer as things stand.
    #[must_use]
    pub fn offers_starttls(&self) -> bool {
        let tells = self.switches.get(&CONTRADICTS) != "unlisted-taken";
        self.switches.on(&STARTTLS) && tells && (!self.takes_for_secure() || self.switches.on(&LISTED_INSIDE))
    }

    fn offered(&self) -> &'static [&'static str] {
        match self.switches.get(&MECHANISMS) {
            "plain+cram-md5" => &["CRAM-MD5", "PLAIN"],
            "plain+scram-sha-256" => &["SCRAM-SHA-256", "PLAIN"],
            "all" => &["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2"],
            "plain+login" => &["PLAIN", "LOGIN"],
            "plain+login+cram-md5" => &["PLAIN", "LOGIN", "CRAM-MD5"],
            "gnu-sasl" => &[
                "GSSAPI",
                "ANONYMOUS",
                "EXTERNAL",
                "LOGIN",
                "PLAIN",
                "SECURID",
                "DIGEST-MD5",
                "CRAM-MD5",
                "SCRAM-SHA-1",
                "SCRAM-SHA-1-PLUS",
                "SCRAM-SHA-256",
                "SCRAM-SHA-256-PLUS",
                "SAML20",
                "OPENID20",
                "GS2-KRB5",
            ],
            "none" => &[],
            _ => &["PLAIN"],
        }
    }

    /// The mechanisms that are listed as things stand.
    pub fn mechanisms(&self) -> impl Iterator<Item = &'static str> {
        let revealing = self.takes_for_secure() || self.switches.on(&PLAIN_LISTED);
        let closed = self.closed_before_tls();
        self.offered()
            .iter()
            .copied()
            .filter(move |name| !closed && (revealing || sasl::reveals(name) == Reveals::Nothing))
            .chain(self.takes_certificate().then_some("EXTERNAL"))
    }

    /// No mechanism at all is open before TLS.
    fn closed_before_tls(&self) -> bool {
        self.switches.get(&BEFORE_TLS) == "none" && !self.takes_for_secure()
    }

    /// Whether the client can log in by the certificate that it showed.
    fn takes_certificate(&self) -> bool {
        self.secure && self.certified.is_some() && self.switches.get(&CERTIFICATES) == "accepted"
    }

    /// Begins an exchange, with the initial response if the client sent one.
    pub fn begin(&mut self, mechanism: &[u8], initial: Option<Result<Vec<u8>, No>>) -> Turn {
        let mechanism = String::from_utf8_lossy(mechanism);
        let Some(mechanism) = sasl::find(&mechanism).filter(|_| self.offers(&mechanism)) else {
            return Turn::Over(Err(No::Mechanism));
        };
        let refused = (self.refuses_clear() || self.refuses_one()) && !self.switches.on(&PLAIN_TAKEN);
        // Whom PLAIN is about stands beside the password: then that decides.
        let later = mechanism.name == "PLAIN" && (!self.refuses_clear() || self.looks_at(initial.as_ref()));
        if self.closed_before_tls() || (refused && !later && mechanism.reveals != Reveals::Nothing) {
            return Turn::Over(Err(No::PrivacyRequired));
        }
        let mut ends: Vec<(String, Box<dyn ServerExchange>)> = if mechanism.name == "PLAIN" {
            let door = PlainDoor {
                account: Rc::clone(&self.account),
                lenient: self.on(&LENIENT_PLAIN),
                names_told: self.on(&NAMES_TOLD),
                any_password: self.get(&PLAIN_HANDLING) == "any-password",
                authzid_unchecked: self.on(&AUTHZID_UNCHECKED),
            };
            vec![(String::new(), Box::new(door))]
        } else {
            // A certificate names one of them.
            let external = mechanism.name == "EXTERNAL";
            let fits = |one: &Identity| !external || self.certified.as_ref() == Some(&one.user);
            let identities = self.account.identities().filter(fits);
            identities.map(|one| (one.user.clone(), (mechanism.server)(&one, self.seed))).collect()
        };
        // The same seed gives the same challenge to everybody.
        let mut challenge = Vec::new();
        for (_, end) in ends.iter_mut().rev() {
            challenge = end.begin();
        }
        self.exchange = Some(ends);
        match initial {
            Some(initial) => self.go_on(initial),
            None => Turn::Challenge(challenge),
        }
    }

    /// A message as this server reads its text: one that guesses takes what is left of base64 that is none.
    ///
    /// # Errors
    /// As the reading ended.
    pub fn read(&self, message: Result<Vec<u8>, No>, text: &[u8]) -> Result<Vec<u8>, No> {
        match message {
            Err(No::NotBase64) if self.on(&LENIENT_PLAIN) => Ok(sasl::base64::guessed(text)),
            read => read,
        }
    }

    /// The client's next message will not come.
    pub fn give_up(&mut self) {
        self.exchange = None;
    }

    /// Goes on with the client's next message, or with what it sent instead of one.
    pub fn go_on(&mut self, message: Result<Vec<u8>, No>) -> Turn {
        let Some(mut ends) = self.exchange.take() else { return Turn::Over(Err(No::GivenUp)) };
        let message = match message {
            Ok(message) => message,
            Err(why) => return Turn::Over(Err(why)),
        };
        let plain = ends.first().is_some_and(|(user, _)| user.is_empty());
        if plain && let Some(turn) = self.mishandles(&message) {
            self.exchange = Some(ends).filter(|_| matches!(turn, Turn::Challenge(_)));
            return turn;
        }
        let alone = plain && self.refuses_plain(&message);
        if alone && !self.on(&REFUSED_CHECKED) {
            return Turn::Over(Err(No::PrivacyRequired));
        }
        // One end knows the user that the client names; the others refuse, or do not know yet.
        let verdicts = ends.iter_mut().map(|(user, end)| (user.clone(), end.judge(&message)));
        let rank = |verdict: &Verdict| match verdict {
            Verdict::Granted { .. } => 0,
            Verdict::Challenge(_) => 1,
            Verdict::Refused | Verdict::NotAllowed | Verdict::UnknownName => 2,
            Verdict::Malformed => 3,
        };
        let best = verdicts.min_by_key(|(_, verdict)| rank(verdict));
        let (user, verdict) = best.unwrap_or((String::new(), Verdict::Refused));
        match self.weigh(&user, verdict) {
            Ok(Some(challenge)) => {
                self.exchange = Some(ends);
                Turn::Challenge(challenge)
            }
            Ok(None) if plain && (alone || self.refuses_plain_to(&self.who)) => {
                Turn::Over(Err(No::PrivacyRequired))
            }
            judged => Turn::Over(judged.map(|_| ())),
        }
    }

    /// One user's password is refused outside TLS, as things stand.
    fn refuses_one(&self) -> bool {
        !self.takes_for_secure() && self.switches.get(&REFUSE_FOR) == "this-account"
    }

    /// A password that is refused came along, and is looked at all the same.
    fn looks_at(&self, initial: Option<&Result<Vec<u8>, No>>) -> bool {
        self.on(&REFUSED_CHECKED) && initial.is_some()
    }

    /// Whether a PLAIN message is refused for what stands in it beside the password.
    fn refuses_plain(&self, message: &[u8]) -> bool {
        let named = sasl::plain::decode(message, sasl::plain::Grammar::Rfc4616);
        self.refuses_plain_to(named.as_ref().map_or("", |named| &named.authcid))
    }

    fn refuses_plain_to(&self, user: &str) -> bool {
        let refused = self.refuses_clear() || (self.refuses_one() && user == self.account.user);
        refused && !self.on(&PLAIN_TAKEN)
    }

    fn offers(&self, mechanism: &str) -> bool {
        let external = mechanism.eq_ignore_ascii_case("EXTERNAL") && self.takes_certificate();
        external || self.offered().iter().any(|name| name.eq_ignore_ascii_case(mechanism))
    }

    /// What a verdict of an exchange means for the session: a challenge to send, or an end.
    fn weigh(&mut self, user: &str, verdict: Verdict) -> Result<Option<Vec<u8>>, No> {
        match verdict {
            Verdict::Challenge(challenge) => Ok(Some(challenge)),
            Verdict::Granted { authzid } => {
                let who = if authzid.is_empty() { user.to_owned() } else { authzid };
                if !self.account.knows(&who) || !(user.is_empty() || self.may_act_as(user, &who)) {
                    return Err(No::Authorization);
                }
                self.who = who;
                Ok(None)
            }
            Verdict::NotAllowed => Err(No::Authorization),
            Verdict::Refused => Err(No::Credentials),
            Verdict::UnknownName => Err(No::Name),
            Verdict::Malformed => Err(No::Malformed),
        }
    }

    fn may_act_as(&self, user: &str, other: &str) -> bool {
        let gateway = user == self.account.user && self.on(&ACTS_FOR_OTHERS);
        gateway || self.account.may_act_as(user, other)
    }

    /// As whom the last login was granted.
    #[must_use]
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The value of a setting of this server.
    #[must_use]
    pub fn get(&self, switch: &Switch) -> &'static str {
        self.switches.get(switch)
    }

    /// Whether a setting or fault of this server is on.
    #[must_use]
    pub fn on(&self, switch: &Switch) -> bool {
        self.switches.on(switch)
    }

    /// Grants or refuses the upgrade.
    ///
    /// # Errors
    /// Why not.
    pub fn start_tls(&self, logged_in: bool) -> Result<(), No> {
        if self.secure {
            Err(No::TlsActive)
        } else if !self.switches.on(&STARTTLS) || self.switches.get(&CONTRADICTS) == "listed-unknown" {
            Err(No::Unknown)
        } else if logged_in && !self.switches.on(&LATE_STARTTLS) {
            Err(No::State)
        } else {
            Ok(())
        }
    }

    /// What goes out when the upgrade is granted: the answer, in the same segment what a talkative server adds, and
    /// the offer.
    #[must_use]
    pub fn begin_tls(&self, record: &super::ProtocolRecord, answer: &str, talk: &str) -> Vec<Output> {
        let mut octets = format!("{answer}\r\n");
        if self.switches.on(&TALKATIVE) {
            octets.push_str(talk);
            octets.push_str("\r\n");
        }
        let offer = offer(record, &self.account, &self.switches, false);
        vec![Output::Send(octets.into_bytes()), Output::StartTls(offer.into())]
    }

    /// Takes in how the handshake ended. False: the session must not go on, and the connection is closed.
    #[must_use]
    pub fn handshake_done(&mut self, result: Result<&Facts, Failure>, out: &mut Vec<Output>) -> bool {
        let up = result.is_ok();
        let shown = result.ok().and_then(|facts| facts.client_certificate.as_ref());
        self.certified = shown.map(|certificate| certificate.subject.clone());
        self.secure = up;
        self.handshake_failed = !up;
        if up {
            self.received_in_clear = self.received;
        }
        // A server that keeps RFC 2595 section 2.5 has nothing to say to a peer that wanted TLS and failed.
        let goes_on = up || self.switches.on(&IGNORE_RESULT);
        out.push(Output::Note(if goes_on && !up { Note::ResultIgnored } else { Note::ResultChecked }));
        if !goes_on {
            out.push(Output::Close);
        }
        goes_on
    }

    /// Takes in that the layer ended. False: the session must not go on (RFC 2595 section 2.2), and the connection is
    /// closed.
    #[must_use]
    pub fn tls_ended(&mut self, ending: Ending, out: &mut Vec<Output>) -> bool {
        self.secure = false;
        self.certified = None;
        let goes_on = self.switches.get(&GOES_ON_IN_CLEAR) != "off" && ending != Ending::Cut;
        if !goes_on {
            out.push(Output::Close);
        }
        goes_on
    }

    /// Judges a password command.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn password(&mut self, user: &[u8], password: &[u8]) -> Result<(), No> {
        let alone = self.refuses_one() && user == self.account.user.as_bytes();
        if self.refuses_commands() || alone {
            let right = !self.on(&REFUSED_CHECKED) || self.verify(user, password).is_ok();
            return Err(if right { No::PrivacyRequired } else { No::Credentials });
        }
        self.verify(user, password)?;
        Ok(())
    }

    /// Whether a name alone is refused as things stand: by a server that will not look at the password.
    #[must_use]
    pub fn refuses_names(&self) -> bool {
        self.refuses_commands() && !self.on(&REFUSED_CHECKED)
    }

    /// Whether a name may be told to be unknown, and is.
    #[must_use]
    pub fn tells_unknown(&self, user: &[u8]) -> bool {
        self.on(&NAMES_TOLD) && !std::str::from_utf8(user).is_ok_and(|user| self.account.knows(user))
    }

    /// The note that goes with a login.
    #[must_use]
    pub fn identity_note(&self) -> Note {
        Note::Identity(match self.who.as_str() {
            who if who == self.account.user => Who::Owner,
            who if is_attackers(who) => Who::Attacker,
            _ => Who::Other,
        })
    }

    /// A login failed. True: it was one too many, the connection is to be closed.
    #[must_use]
    pub fn failed(&mut self, why: No) -> bool {
        if matches!(why, No::Credentials | No::Name) {
            self.failures = self.failures.saturating_add(1);
            self.account.caller.fails();
        }
        self.failures >= FAILURES && !self.on(&NO_LIMIT)
    }

    /// Octets came.
    pub fn take_in(&mut self, octets: &[u8]) {
        self.received = self.received.saturating_add(u32::try_from(octets.len()).unwrap_or(u32::MAX));
    }

    /// The note about a command that is carried out inside TLS and came outside, when so many octets behind it wait.
    #[must_use]
    pub fn mistake(&self, unread: usize) -> Option<Note> {
        let at = self.received.saturating_sub(u32::try_from(unread).unwrap_or(u32::MAX));
        (self.secure && at <= self.received_in_clear).then_some(Note::Acts(Acts::Command, at))
    }

    /// TLS is up, or the server goes on as if it were.
    fn takes_for_secure(&self) -> bool {
        self.secure || (self.handshake_failed && self.switches.on(&IGNORE_RESULT))
    }

    fn verify(&mut self, user: &[u8], password: &[u8]) -> Result<(), No> {
        let fits = |one: &Identity| user == one.user.as_bytes() && password == one.secret.reveal();
        match self.account.identities().find(fits) {
            Some(found) => self.who = found.user,
            None if self.tells_unknown(user) => return Err(No::Name),
            None => return Err(No::Credentials),
        }
        Ok(())
    }
}
