//! How a real program goes about it: what it asks for first, in which order it tries the ways to log in, what it does
//! with the mailbox and how it takes its leave. All of it is a rightful choice. With nothing set the client goes the
//! straight way of the documents; the profiles of programs set what recordings of them show.

use super::switches::{IGNORE_LOGINDISABLED, INITIAL, PLAIN_IN_CLEAR, TLS, UNLISTED};
use super::{Client, State, Tongue, Way};
use crate::base::{OFF_ON, switch};
use crate::sasl::{self, Reveals};
use crate::trace::{Capabilities, Note, Refusal, Status};

switch!(
    Client ASK,
    "ask-first",
    Setting,
    &["unless-told", "always", "twice", "for-tls", "for-login", "never"],
    &[],
    "Asks for capabilities",
    "When it asks what the server can do before TLS: unless the greeting has told, always, twice, only if it wants TLS, only before a login, or never.";
    "Before TLS, when does it ask the server for its capabilities?",
    &["When the greeting did not tell", "Always", "Always, two times", "Only when it wants TLS", "Only before a login", "Never"]
);
switch!(
    Client ID,
    "identify",
    Setting,
    &["never", "first", "first-or-stop"],
    &[],
    "Names itself",
    "Whether it sends ID (RFC 2971) before anything else where the server lists it, and stops when that is refused.";
    "Does it send ID before it asks for TLS?",
    &["No", "Yes", "Yes, and it stops when the server refuses that"]
);
switch!(
    Client REFUSED,
    "after-refusal",
    Setting,
    &["by-policy", "noop", "stop", "handshake", "work"],
    &[],
    "When STARTTLS is refused",
    "Whether it goes on as its TLS policy says, after a NOOP, or always stops; or, as tools for testing servers do, begins the handshake all the same, or sends its commands without having logged in.";
    "TLS is not required and the server refuses STARTTLS. What does it do?",
    &["It logs in without TLS", "It sends NOOP and then logs in without TLS", "It stops", "It begins TLS all the same", "It sends its commands without a login"]
);
switch!(
    Client EARLY,
    "early-octets",
    Setting,
    &["go-on", "stop"],
    &[],
    "Octets before the handshake",
    "Whether it stops when octets follow the positive answer to STARTTLS in the clear, where only the handshake belongs.";
    "Something follows the server's OK to STARTTLS in the clear. What does it do?",
    &["It begins TLS all the same", "It stops"]
);
switch!(
    Client PREAUTH,
    "after-preauth",
    Setting,
    &["by-policy", "ask-and-stop", "ask-twice-and-stop", "as-usual", "stop"],
    &[],
    "When greeted with PREAUTH",
    "Whether it works or stops as its TLS policy says, asks for capabilities and stops, asks for TLS as if nothing were special, or stops.";
    "What does it do when the server greets with PREAUTH outside TLS?",
    &["It works, or stops where TLS is required", "It asks for capabilities and stops", "It asks for capabilities twice and stops", "It asks for TLS all the same", "It stops"]
);
switch!(
    Client ORDER,
    "login-order",
    Setting,
    &[
        "strongest",
        "command",
        "command?",
        "apop+command",
        "cram-md5+command",
        "plain",
        "plain+command",
        "plain+login+command",
        "plain!+cram-md5+plain+command",
        "cram-md5+plain+command",
        "cram-md5+plain+apop+command?",
        "cram-md5+plain+login+command",
        "gs2-krb5+cram-md5+plain+command",
        "digest-md5+cram-md5+plain+login+command",
        "digest-md5+cram-md5+plain+login+apop+command",
    ],
    &[],
    "Order of the ways to log in",
    "The strongest way that is listed, or the first that fits of a list: mechanisms by name, `command` for the protocol's own password command. With `!` it is tried unlisted, with `?` the command only if it is listed.";
    "Which ways to log in does it try, and in which order?",
    &[]
);
switch!(
    Client NEXT,
    "tries-next-way",
    Setting,
    OFF_ON,
    &[],
    "Tries the next way",
    "Whether it tries the next way to log in when one was refused.";
    "The server refuses its login. Does it try another way to log in?",
    &["No", "Yes"]
);
switch!(
    Client FAILED,
    "after-failed-login",
    Setting,
    &["log-out", "close", "reset"],
    &[],
    "After a failed login",
    "Whether it says goodbye when it could not log in, or just closes the connection, in POP3 perhaps behind RSET.";
    "How does it leave when it could not log in?",
    &["With LOGOUT or QUIT", "It closes the connection", "It sends RSET and closes the connection (POP3)"]
);
switch!(
    Client STOP,
    "stops-with",
    Setting,
    &["close", "log-out", "reset"],
    &[],
    "Stops by",
    "How it leaves when it will not go on: it closes the connection, says goodbye if that needs no TLS, or, in POP3, sends RSET and QUIT, also in the clear after a handshake that came to nothing.";
    "How does it leave when it stops before the login?",
    &["It closes the connection", "With LOGOUT or QUIT", "With RSET and QUIT (POP3)"]
);
switch!(
    Client IMAP_COMMANDS,
    "commands",
    Setting,
    &[
        "usual",
        "select+logout",
        "select+search+logout",
        "select+status+logout",
        "select+uid-search+close+logout",
        "examine+logout",
        "examine+fetch+fetch+uid-fetch",
        "examine+fetch+fetch+unselect+logout",
        "capability+list+examine+fetch+close",
        "capability+list+examine+fetch+close+logout",
        "capability?+namespace?+list+examine+logout",
        "capability+list+list+select+examine+fetch+uid-fetch+logout",
        "namespace?+list+select+uid-fetch+uid-fetch+logout",
        "namespace|list+compress?+list+lsub+select+logout",
    ],
    &[],
    "Commands after the login",
    "What it sends when it is logged in. With `?` only if it is listed, CAPABILITY only if no untagged response told it; `a|b` is a if that is listed, or else b.";
    "What does it send when it is logged in?",
    &[]
);
switch!(
    Client POP3_COMMANDS,
    "commands",
    Setting,
    &[
        "usual",
        "quit",
        "list+quit",
        "stat+quit",
        "uidl+quit",
        "stat+uidl+quit",
        "stat+list+top",
        "stat+list+top+quit",
        "stat+last+uidl+list+retr+quit",
        "uidl+list+uidl+list+retr+quit",
        "capa+stat+uidl+list+top+rset+quit",
    ],
    &[],
    "Commands after the login",
    "What it sends when it is logged in.";
    "What does it send when it is logged in?",
    &[]
);

/// What it did so far, as far as its manners ask.
#[derive(Debug, Default)]
pub(super) struct Manners {
    /// How often it asked for capabilities on this connection outside TLS.
    asked: u8,
    /// How often that was refused, for a client that does not take no for an answer.
    refused: u8,
    identified: bool,
    /// How many ways to log in of its order are behind it.
    ways: usize,
    tried: bool,
    /// It was greeted with PREAUTH and asks for TLS all the same.
    preauth: bool,
    /// It said what it says out of place.
    pub out_of_place: bool,
    /// It was told about capabilities, in a response of its own, since it sent its login.
    pub told_since_login: bool,
}

/// What was said in between, whose answer decides how it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// What has no place there, before the login.
    OutOfPlace,
    /// A login of somebody who is logged in.
    SecondLogin,
    Id,
    Noop,
    Reset,
    /// The RSET of a client that closes the connection behind it.
    LastReset,
    /// A request for capabilities of a client that stops anyway, after so many more.
    Capabilities {
        more: u8,
    },
    /// The ID of a client that stops anyway.
    LastId,
}

/// A way to log in, by its word in an order.
#[derive(Clone, Copy, Debug)]
struct Choice {
    word: &'static str,
    unlisted: bool,
    if_listed: bool,
}

impl Choice {
    fn of(word: &'static str) -> Self {
        let name = word.trim_end_matches(['!', '?']);
        Self { word: name, unlisted: word.ends_with('!'), if_listed: word.ends_with('?') }
    }
}

impl<T: Tongue> Client<T> {
    pub(super) fn never_asks_for_tls(&self) -> bool {
        self.switches.get(&TLS) == "never"
    }

    /// A greeting came and nobody is logged in: asks for capabilities, as often as it does that.
    pub(super) fn ask_or_proceed(&mut self) {
        let times = match self.switches.get(&ASK) {
            "always" => 1,
            "twice" => 2,
            "for-tls" => u8::from(!self.never_asks_for_tls()),
            "for-login" => u8::from(self.never_asks_for_tls()),
            "never" => 0,
            _ => u8::from(self.known.is_none()),
        };
        if self.manners.asked >= times {
            self.proceed();
            return;
        }
        self.manners.asked = self.manners.asked.saturating_add(1);
        self.ask_capability();
    }

    /// A client that cannot do without its list asks for it again and again, until it has no room for the errors.
    pub(super) fn asks_until_it_breaks(&mut self) {
        self.manners.refused = self.manners.refused.saturating_add(1);
        match self.tongue.capability().filter(|_| self.manners.refused < 3) {
            Some(octets) => self.send(octets),
            None => self.break_down(),
        }
    }

    /// An answer to its request for capabilities came outside TLS.
    pub(super) fn asked_once(&mut self) {
        if self.switches.get(&ASK) == "twice" && self.manners.asked == 1 {
            self.ask_or_proceed();
        } else {
            self.proceed();
        }
    }

    /// Sends what it sends before it decides about TLS. False: nothing is left to send.
    pub(super) fn prepares(&mut self) -> bool {
        let listed = self.known.as_ref().is_some_and(|list| list.has("ID"));
        if self.manners.identified || self.switches.get(&ID) == "never" || !listed {
            return false;
        }
        self.manners.identified = true;
        let Some(octets) = self.tongue.named("id") else { return false };
        self.send(octets);
        self.state = State::Aside(Aside::Id);
        true
    }

    /// The answer to what it said in between.
    pub(super) fn aside_answered(&mut self, aside: Aside, status: Status) {
        match aside {
            Aside::Id if status != Status::Ok && self.switches.get(&ID) == "first-or-stop" => self.close(),
            Aside::Id | Aside::OutOfPlace => self.proceed(),
            Aside::SecondLogin => self.work(self.resume),
            Aside::Noop => self.log_in_clear(),
            Aside::Reset => self.end(),
            Aside::LastReset => self.close(),
            Aside::Capabilities { more: 0 } if self.prepares() => self.state = State::Aside(Aside::LastId),
            Aside::Capabilities { more: 0 } | Aside::LastId => self.refuse(Refusal::PreauthInClear),
            Aside::Capabilities { more } => self.ask_last(more.saturating_sub(1)),
        }
    }

    fn must_not_log_in(&self) -> bool {
        self.known.as_ref().is_some_and(Capabilities::login_disabled)
    }

    /// Whether it asks for TLS now, listed or not.
    pub(super) fn wants_tls(&self) -> bool {
        let offered = self.known.as_ref().is_some_and(Capabilities::offers_starttls);
        !self.never_asks_for_tls()
            && (self.switches.get(&TLS) != "if-logindisabled" || self.must_not_log_in())
            && match self.switches.get(&UNLISTED) {
                "tried" => true,
                "if-required" => offered || self.tls_required(),
                _ => offered,
            }
    }

    /// Octets stand behind the positive answer to STARTTLS, and it stops for that. True: it has stopped.
    pub(super) fn minds_early_octets(&mut self) -> bool {
        let stops = self.switches.get(&EARLY) == "stop" && self.tongue.unread() > 0;
        if stops {
            self.note(Note::Refused(Refusal::HandshakeFailed));
            self.close();
        }
        stops
    }

    /// STARTTLS was refused, which a tool for testing servers makes nothing of. True: it goes on.
    pub(super) fn cares_for_no_refusal(&mut self) -> bool {
        match self.switches.get(&REFUSED) {
            "handshake" => self.handshake(),
            "work" => self.work(0),
            _ => return false,
        }
        true
    }

    /// STARTTLS was refused and the policy permits to go on. True: it does something else than to log in.
    pub(super) fn minds_refusal(&mut self) -> bool {
        match self.switches.get(&REFUSED) {
            _ if self.manners.preauth => false,
            "stop" => {
                self.refuse(Refusal::StartTlsRefused);
                true
            }
            "noop" => match self.tongue.named("noop") {
                Some(octets) => {
                    self.send(octets);
                    self.state = State::Aside(Aside::Noop);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    /// What it does about PREAUTH outside TLS, unless it goes by its policy. False: it does.
    pub(super) fn minds_preauth(&mut self) -> bool {
        match self.switches.get(&PREAUTH) {
            _ if self.secure => return false,
            "stop" => self.refuse(Refusal::PreauthInClear),
            "as-usual" => {
                self.manners.preauth = true;
                self.ask_or_proceed();
            }
            once_or_twice @ ("ask-and-stop" | "ask-twice-and-stop") => {
                self.ask_last(if once_or_twice == "ask-and-stop" { 0 } else { 1 });
            }
            _ => return false,
        }
        true
    }

    fn ask_last(&mut self, more: u8) {
        match self.tongue.capability() {
            Some(octets) => {
                self.send(octets);
                self.state = State::Aside(Aside::Capabilities { more });
            }
            None => self.close(),
        }
    }

    /// It would log in now, but it was let in by PREAUTH. True: it works.
    pub(super) fn is_in_already(&mut self) -> bool {
        let now = std::mem::take(&mut self.manners.preauth);
        if now {
            self.warn_if_clear();
            self.work(0);
        }
        now
    }

    /// Leaves without having logged in.
    pub(super) fn leave(&mut self) {
        let after_handshake = self.state == State::Handshake;
        match self.switches.get(&STOP) {
            "log-out" if !after_handshake => self.end(),
            "reset" => match self.tongue.named("rset") {
                Some(octets) if after_handshake => {
                    self.send(octets);
                    self.end();
                }
                Some(octets) => {
                    self.send(octets);
                    self.state = State::Aside(Aside::Reset);
                }
                None => self.close(),
            },
            _ => self.close(),
        }
    }

    /// Logs in by its own order, if it has one. True: it has.
    pub(super) fn log_in_in_order(&mut self) -> bool {
        let order = self.switches.get(&ORDER);
        if order == "strongest" {
            return false;
        }
        for word in order.split('+').skip(self.manners.ways) {
            self.manners.ways = self.manners.ways.saturating_add(1);
            if self.tries(Choice::of(word)) {
                self.manners.tried = true;
                return true;
            }
        }
        if self.manners.tried {
            self.leave_after_failure()
        } else {
            self.refuse(Refusal::NoWayToLogIn)
        }
        true
    }

    fn tries(&mut self, way: Choice) -> bool {
        let list = self.known.as_ref();
        let shows = |reveals: Reveals| self.secure || self.believes_secure || reveals == Reveals::Nothing;
        match way.word {
            "command" => {
                let permitted = self.tongue.may_log_in(list);
                let listed = !way.if_listed || list.is_some_and(|list| list.has("USER"));
                let may =
                    permitted.is_some_and(|yes| yes || self.switches.on(&IGNORE_LOGINDISABLED)) && listed;
                if may {
                    self.warn_if_clear();
                    self.log_in_by(Way::Command);
                }
                may
            }
            "apop" => {
                let may = self.tongue.may_digest();
                if may {
                    self.warn_if_clear();
                    self.log_in_by(Way::Digest);
                }
                may
            }
            name => {
                let listed = list.is_some_and(|list| {
                    list.mechanisms().any(|mechanism| mechanism.eq_ignore_ascii_case(name))
                });
                let permitted = shows(sasl::reveals(name)) || self.switches.on(&PLAIN_IN_CLEAR);
                if !(listed || way.unlisted) || !permitted {
                    return false;
                }
                self.warn_if_clear();
                match sasl::find(name) {
                    Some(mechanism) => self.authenticate(mechanism),
                    None => self.authenticate_blindly(name),
                }
                true
            }
        }
    }

    /// A mechanism that the program has and this client has not: it asks for it and gives up when it is granted.
    fn authenticate_blindly(&mut self, name: &str) {
        self.exchange = None;
        let mechanism = if name == "digest-md5" { "DIGEST-MD5" } else { "GS2-KRB5" };
        self.log_in_by(Way::Sasl { mechanism, initial: None });
    }

    /// An empty first message for a mechanism where the server speaks first, as a library writes it that makes no
    /// difference.
    pub(super) fn sends_empty_initial(&self) -> bool {
        self.switches.get(&INITIAL) == "even-empty" && self.tongue.initial_response(self.known.as_ref())
    }

    /// A login was refused.
    pub(super) fn login_failed(&mut self) {
        if self.switches.on(&NEXT) && self.log_in_in_order() {
            return;
        }
        self.leave_after_failure();
    }

    fn leave_after_failure(&mut self) {
        match self.switches.get(&FAILED) {
            "close" => self.close(),
            "reset" => match self.tongue.named("rset") {
                Some(octets) => {
                    self.send(octets);
                    self.state = State::Aside(Aside::LastReset);
                }
                None => self.close(),
            },
            _ => self.end(),
        }
    }

    /// Sends the command of its own plan at a step. False: it has no plan.
    pub(super) fn works_by_plan(&mut self, step: usize) -> bool {
        let plan = self.plan();
        if plan == "usual" {
            return false;
        }
        for (number, word) in plan.split('+').enumerate().skip(step) {
            if matches!(word, "logout" | "quit") {
                self.end();
                return true;
            }
            let Some(name) = self.due(word) else { continue };
            if let Some(octets) = self.tongue.named(name) {
                self.send(octets);
                self.state = State::Work { step: number };
                return true;
            }
        }
        self.close();
        true
    }

    /// Its commands after the login.
    pub(super) fn plan(&self) -> &'static str {
        // The switch of either protocol: they have one id.
        self.switches.get(&IMAP_COMMANDS)
    }

    /// The command that a word of a plan stands for at the moment.
    fn due(&self, word: &'static str) -> Option<&'static str> {
        let listed =
            |name: &str| self.known.as_ref().is_some_and(|list| list.has(&name.to_ascii_uppercase()));
        if let Some((one, other)) = word.split_once('|') {
            return Some(if listed(one) { one } else { other });
        }
        match word.strip_suffix('?') {
            None => Some(word),
            Some("capability") => (!self.manners.told_since_login).then_some("capability"),
            Some("compress") => listed("COMPRESS=DEFLATE").then_some("compress"),
            Some(name) => listed(name).then_some(name),
        }
    }
}
