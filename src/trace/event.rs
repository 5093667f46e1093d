//! The vocabulary of what can happen in a session.

use super::{EventId, Span};
use crate::base::{Hop, Layer, Origin, Question, Record, Side, Tick};
use crate::sasl::{self, Reveals};
use crate::tls::{Facts, Failure};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// One thing that happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the trace.
    pub id: EventId,
    /// When its last octet passed the tap.
    pub at: Tick,
    /// Where it was seen.
    pub hop: Hop,
    /// Whose it is: the sender, or the party that made a note.
    pub from: Side,
    /// Whether it travelled inside TLS.
    pub layer: Layer,
    /// Who put it on the wire.
    pub origin: Origin,
    /// Its octets on the tape of its hop and sender; empty for what has none.
    pub span: Span,
    /// The places in the source that it comes from, first and last: input lines, frames or simulation events, from 1.
    pub places: (u32, u32),
    /// The parts of its octets that must not be shown.
    pub secrets: Vec<Span>,
    /// What it is.
    pub kind: EventKind,
}

/// What an event is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum EventKind {
    /// The server's first line.
    Greeting(GreetingStatus),
    /// A capability list.
    Advertise(Capabilities, Advertised),
    /// A command of the client, complete or given up.
    Command(Box<Command>),
    /// Anything the server says that is not a greeting.
    Reply(Reply),
    /// A client's line within a SASL exchange.
    AuthStep {
        /// The command that opened the exchange.
        command: EventId,
        /// `*`: the client gives up.
        cancel: bool,
        /// What the line shows of the credential.
        credential: Option<Credential>,
        /// A PLAIN message that breaks its grammar.
        fault: Option<sasl::plain::Malformed>,
    },
    /// IMAP: the client's line that ends IDLE (RFC 2177). It is no command and has no tag.
    Done {
        /// The command that it ends.
        command: Option<EventId>,
    },
    /// The first octet of a handshake.
    TlsBegan,
    /// The server chose version and suite; whether the handshake was completed is another matter.
    TlsHello(Box<Facts>),
    /// The handshake was completed.
    TlsUp(Box<Facts>),
    /// The handshake was not completed.
    TlsFailed(Failure),
    /// The layer ended; `from` ended it.
    TlsEnded(Ending),
    /// Octets in the clear after STARTTLS (client) or after its positive answer (server) and before the handshake.
    LeftOver,
    /// Octets that the protocol's grammar does not allow.
    Malformed(Problem),
    /// The connection ended; `from` closed it.
    Closed,
    // What is never sent stands last, or the numbers of the others would differ between the two ends.
    /// The client asked the resolver, before this connection or for it.
    #[serde(skip)]
    Lookup(Box<Lookup>),
    /// A party's statement about itself.
    #[serde(skip)]
    Note(Note),
}

/// The kinds of [`EventKind`], to look events up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// [`EventKind::Greeting`]
    Greeting,
    /// [`EventKind::Advertise`]
    Advertise,
    /// [`EventKind::Command`], and the line that ends one: [`EventKind::Done`]
    Command,
    /// [`EventKind::Reply`] that completes or continues a command; untagged data has a class of its own.
    Reply,
    /// [`EventKind::Reply`] without a tag that is not a continuation.
    Untagged,
    /// [`EventKind::AuthStep`]
    AuthStep,
    /// [`EventKind::TlsBegan`], [`EventKind::TlsHello`], [`EventKind::TlsUp`], [`EventKind::TlsFailed`],
    /// [`EventKind::TlsEnded`]
    Tls,
    /// [`EventKind::Lookup`]
    Lookup,
    /// [`EventKind::LeftOver`]
    LeftOver,
    /// [`EventKind::Malformed`]
    Malformed,
    /// [`EventKind::Closed`]
    Closed,
    /// [`EventKind::Note`]
    Note,
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 12;
}

impl EventKind {
    /// The class to look it up by.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Greeting(_) => Class::Greeting,
            Self::Advertise(..) => Class::Advertise,
            Self::Command(_) | Self::Done { .. } => Class::Command,
            Self::Reply(reply) if reply.form == Form::Untagged => Class::Untagged,
            Self::Reply(_) => Class::Reply,
            Self::AuthStep { .. } => Class::AuthStep,
            Self::TlsBegan | Self::TlsHello(_) | Self::TlsUp(_) | Self::TlsFailed(_) | Self::TlsEnded(_) => {
                Class::Tls
            }
            Self::Lookup(_) => Class::Lookup,
            Self::LeftOver => Class::LeftOver,
            Self::Malformed(_) => Class::Malformed,
            Self::Closed => Class::Closed,
            Self::Note(_) => Class::Note,
        }
    }
}

/// How a TLS layer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// With a close alert (RFC 8446 section 6.1): nothing is missing.
    Alert,
    /// Octets that are no record of the layer: somebody without its keys interferes.
    Broken,
    /// The connection closed without a close alert: the end may be missing.
    Cut,
}

impl Ending {
    /// The ending of a word as records write it.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "alert" => Some(Self::Alert),
            "broken" => Some(Self::Broken),
            "cut" => Some(Self::Cut),
            _ => None,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alert => "a close alert",
            Self::Broken => "octets that are no record of the layer",
            Self::Cut => "closed without a close alert",
        })
    }
}

/// A question to the resolver and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The question.
    pub question: Question,
    /// The answer, unsigned.
    pub records: Vec<Record>,
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.question.name())?;
        if self.records.is_empty() {
            return f.write_str(" nothing");
        }
        for record in &self.records {
            match record {
                Record::Cname { target, .. } => write!(f, " CNAME {target}")?,
                Record::Address { machine, .. } => write!(f, " address of {machine}")?,
                Record::Srv { target, port, .. } => write!(f, " SRV {target}:{port}")?,
                Record::Settings { target, port, .. } => write!(f, " settings {target}:{port}")?,
            }
        }
        Ok(())
    }
}

/// The status word of a greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GreetingStatus {
    /// Ready; nobody is authenticated.
    Ok,
    /// IMAP: already authenticated (RFC 3501 section 7.1.4).
    Preauth,
    /// The server will not serve.
    Bye,
    /// Not a greeting by the protocol's grammar.
    Other,
}

/// Where a capability list stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advertised {
    /// In the greeting.
    Greeting,
    /// In an answer of its own.
    Answer,
    /// As a response code in a tagged OK.
    TaggedCode,
    /// As a response code in an untagged OK.
    UntaggedCode,
}

/// A capability list, in upper case, one item each: IMAP `AUTH=PLAIN`, POP3 and ACAP `SASL PLAIN LOGIN`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    items: String,
    /// Which of [`KNOWN`] are listed, a bit each: asked for every command, so that they are looked up once.
    known: u16,
}

/// The items that rules ask for.
const KNOWN: [&str; 12] = [
    "STARTTLS",
    "STLS",
    "LOGINDISABLED",
    "SASL-IR",
    "IMAP4REV2",
    "LITERAL+",
    "LITERAL-",
    "UTF8=ONLY",
    "UNAUTHENTICATE",
    "USER",
    "ENABLE",
    "COMPRESS=DEFLATE",
];

fn known_bit(item: &str) -> Option<u16> {
    let at = KNOWN.iter().position(|known| *known == item)?;
    1_u16.checked_shl(u32::try_from(at).ok()?)
}

impl Capabilities {
    /// Takes items in as they were listed.
    pub fn new<'a>(items: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut list = Vec::with_capacity(96);
        for item in items {
            if !list.is_empty() {
                list.push(b'\n');
            }
            list.extend_from_slice(item);
        }
        list.make_ascii_uppercase();
        let items = String::from_utf8(list)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let mut made = Self { items, known: 0 };
        made.known = made.items().filter_map(known_bit).fold(0, |known, bit| known | bit);
        made
    }

    /// The items in their order.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.items.split('\n').filter(|item| !item.is_empty())
    }

    /// Whether an item is listed, by its upper-case text.
    #[must_use]
    pub fn has(&self, item: &str) -> bool {
        match known_bit(item) {
            Some(bit) => self.known & bit != 0,
            None => self.items().any(|listed| listed == item),
        }
    }

    /// Whether the upgrade is offered: STARTTLS, in POP3 STLS.
    #[must_use]
    pub fn offers_starttls(&self) -> bool {
        self.has("STARTTLS") || self.has("STLS")
    }

    /// IMAP's LOGINDISABLED (RFC 2595 section 3.2).
    #[must_use]
    pub fn login_disabled(&self) -> bool {
        self.has("LOGINDISABLED")
    }

    /// The SASL mechanisms, in upper case.
    pub fn mechanisms(&self) -> impl Iterator<Item = &str> {
        self.items().flat_map(|item| {
            let imap = item.strip_prefix("AUTH=");
            let listed = item.strip_prefix("SASL ").unwrap_or_default();
            imap.into_iter().chain(listed.split(' ').filter(|name| !name.is_empty()))
        })
    }
}

/// What a command means, whatever the protocol calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// CAPABILITY, CAPA.
    Capability,
    /// STARTTLS, STLS.
    StartTls,
    /// IMAP LOGIN.
    Login,
    /// POP3 USER.
    User,
    /// POP3 PASS.
    Pass,
    /// POP3 APOP.
    Apop,
    /// AUTHENTICATE, AUTH.
    Authenticate,
    /// NOOP, ID, LANGUAGE: allowed in every state and without a claim on content.
    Neutral,
    /// LOGOUT, QUIT.
    Logout,
    /// A command that works on mailboxes or messages, or that needs a login.
    Mailbox,
    /// Anything else.
    Other,
}

impl Verb {
    /// Whether it is part of logging in.
    #[must_use]
    pub fn logs_in(self) -> bool {
        matches!(self, Self::Login | Self::User | Self::Pass | Self::Apop | Self::Authenticate)
    }

    /// Whether it is part of logging in or works on what only a login opens.
    #[must_use]
    pub fn wants_protection(self) -> bool {
        self.logs_in() || self == Self::Mailbox
    }
}

impl Command {
    /// Whether it logs in by a password that a reader of the wire learns: LOGIN, PASS, or a mechanism that shows it.
    #[must_use]
    pub fn sends_password(&self) -> bool {
        matches!(self.verb, Verb::Login | Verb::Pass)
            || self.mechanism.as_deref().is_some_and(|name| sasl::reveals(name) == Reveals::Password)
    }
}

impl Credential {
    /// Whether it is a password; otherwise it is a token that works as one.
    #[must_use]
    pub fn is_password(&self) -> bool {
        sasl::reveals(&self.mechanism) != Reveals::Token
    }
}

/// What stands for a command or mechanism that is not known: the word may be a password in the wrong place.
pub const UNKNOWN: &str = "UNKNOWN";

/// A command of the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command {
    /// The tag, in protocols that have tags.
    pub tag: Option<Span>,
    /// What it means.
    pub verb: Verb,
    /// Its upper-case name as reports give it: UID with its command, AUTHENTICATE and AUTH with their mechanism.
    pub name: Cow<'static, str>,
    /// The mechanism of AUTHENTICATE and AUTH, in upper case.
    pub mechanism: Option<Box<str>>,
    /// Whether an initial response came with AUTHENTICATE or AUTH.
    pub initial_response: bool,
    /// What it shows of the credential.
    pub credential: Option<Credential>,
    /// A PLAIN message that breaks its grammar.
    pub fault: Option<sasl::plain::Malformed>,
    /// Arguments where none are allowed.
    pub surplus_arguments: bool,
    /// False when a literal was announced but refused or never sent.
    pub complete: bool,
}

/// A secret that a message shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The mechanism or command that showed it, in upper case: `LOGIN`, `PASS`, `PLAIN`, `XOAUTH2`.
    pub mechanism: Cow<'static, str>,
    /// True when the source hides the secret itself: it was sent all the same.
    pub hidden: bool,
}

/// Which place in the dialogue a server line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The answer that completes a command.
    Final,
    /// Data or status that completes nothing.
    Untagged,
    /// `+`: go on.
    Continue,
}

/// A status word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// OK, +OK.
    Ok,
    /// NO.
    No,
    /// BAD.
    Bad,
    /// POP3 -ERR.
    Err,
    /// BYE.
    Bye,
    /// PREAUTH.
    Preauth,
}

impl Status {
    /// The word as reports give it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::No => "no",
            Self::Bad => "bad",
            Self::Err => "err",
            Self::Bye => "bye",
            Self::Preauth => "preauth",
        }
    }
}

/// A line or a multi-line answer of the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// Its place in the dialogue.
    pub form: Form,
    /// Its status, if it has one.
    pub status: Option<Status>,
    /// The command that it answers. A final reply without one answers nothing that was asked.
    pub to: Option<EventId>,
    /// The response code in brackets.
    pub code: Option<Span>,
    /// Untagged data: its upper-case name, such as `FETCH` or `EXISTS`.
    pub name: Cow<'static, str>,
}

/// Octets that the grammar does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// A line that ends in LF without CR.
    BareLineFeed,
    /// A client line without a tag and a command.
    NoCommand,
    /// A server line that is neither tagged, untagged nor a continuation.
    NoResponse,
    /// A line or literal that never came to its end.
    Unfinished,
    /// An answer to a SASL challenge that is not base64.
    NotBase64,
    /// A NUL octet outside a literal.
    Nul,
    /// Nothing is wrong: a compression layer began (RFC 4978), so that the octets are no text.
    Compressed,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BareLineFeed => "the line ends in LF without CR",
            Self::NoCommand => "not a tag followed by a command",
            Self::NoResponse => "not a tagged, untagged or continuation response",
            Self::Unfinished => "the recording ends before the line or literal does",
            Self::NotBase64 => "the answer to a challenge is not base64",
            Self::Nul => "a NUL octet outside a literal",
            Self::Compressed => "compressed octets, which are not read",
        })
    }
}

/// Which protection a party was set to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// Client: no authentication without TLS (RFC 2595 section 2.2, first paragraph).
    TlsRequired,
    /// Client: TLS where offered, authentication regardless (RFC 2595 section 2.2, second paragraph).
    TlsIfOffered,
    /// Server: clear-text passwords are refused outside TLS (RFC 2595 section 2.3).
    ClearTextRefused,
    /// Server: clear-text passwords are taken outside TLS.
    ClearTextAccepted,
}

impl Policy {
    /// All, the client's first.
    pub const ALL: [Self; 4] =
        [Self::TlsRequired, Self::TlsIfOffered, Self::ClearTextRefused, Self::ClearTextAccepted];

    /// The id used on the command line and in links.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::TlsRequired => "tls-required",
            Self::TlsIfOffered => "tls-if-offered",
            Self::ClearTextRefused => "clear-text-refused",
            Self::ClearTextAccepted => "clear-text-accepted",
        }
    }

    /// Whose policy it is.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::TlsRequired | Self::TlsIfOffered => Side::Client,
            Self::ClearTextRefused | Self::ClearTextAccepted => Side::Server,
        }
    }

    /// That a side is taken to be set to it, because somebody said so who asked for a verdict.
    #[must_use]
    pub fn assumed(self) -> &'static str {
        match self {
            Self::TlsRequired => "it is assumed to require TLS",
            Self::TlsIfOffered => "it is assumed to use TLS where it is offered and to log in regardless",
            Self::ClearTextRefused => "it is assumed to take no password outside TLS",
            Self::ClearTextAccepted => "it is assumed to take passwords outside TLS",
        }
    }

    /// What it says, as a sentence about the side goes on.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TlsRequired => "requires TLS",
            Self::TlsIfOffered => "uses TLS where it is offered and logs in regardless",
            Self::ClearTextRefused => "takes no password outside TLS",
            Self::ClearTextAccepted => "takes passwords outside TLS",
        }
    }
}

/// Why a party ended a session on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// TLS is required and was not offered.
    NotOffered,
    /// TLS is required and the request was refused.
    StartTlsRefused,
    /// TLS is required and the request was never answered.
    StartTlsUnanswered,
    /// The handshake failed.
    HandshakeFailed,
    /// The certificate did not pass the client's checks.
    Certificate(Failure),
    /// The layer ended before the session did.
    LayerEnded,
    /// The connection could not be made.
    NotConnected,
    /// The greeting claims an authenticated session outside TLS.
    PreauthInClear,
    /// No permitted way to log in is left.
    NoWayToLogIn,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOffered => "TLS is required and was not offered",
            Self::StartTlsRefused => "TLS is required and the server refused it",
            Self::StartTlsUnanswered => "TLS was asked for and nobody answered",
            Self::HandshakeFailed => "the TLS handshake failed",
            Self::Certificate(failure) => return failure.fmt(f),
            Self::LayerEnded => "TLS ended before the session did",
            Self::NotConnected => "nobody answers at this port",
            Self::PreauthInClear => "the greeting claims a login that never happened, outside TLS",
            Self::NoWayToLogIn => "no permitted way to log in is left",
        })
    }
}

/// What a client asks its user about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// To go on although the certificate has this fault.
    Certificate(Failure),
    /// To go on without TLS.
    WithoutTls,
    /// To take a server that an insecure look-up named.
    Server,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(failure) => write!(f, "{failure}, go on"),
            Self::WithoutTls => f.write_str("go on without TLS"),
            Self::Server => f.write_str("take the server that the look-up named"),
        }
    }
}

/// A statement of one party about itself, which no wire shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The policy it was set to.
    Policy(Policy),
    /// What else it was set to, where a rule is about this setting.
    SetTo(SetTo),
    /// The client dropped what it knew of the server's capabilities (RFC 2595 section 3.1).
    CapabilitiesDropped,
    /// The client went on using what it knew from before TLS.
    CapabilitiesKept,
    /// The client told its user that the session is not private (RFC 2595 section 9).
    WarnedUser,
    /// The client went on outside TLS without telling its user.
    UserNotWarned,
    /// It compared the result of STARTTLS and of the handshake with its policy (RFC 2595 section 2.5).
    ResultChecked,
    /// It went on as if TLS had come up, without looking.
    ResultIgnored,
    /// The client asked its user.
    AskedUser(Doubt),
    /// The user said yes.
    UserAgreed,
    /// The user said no.
    UserDeclined,
    /// The client keeps a certificate that failed its checks, to take it without a question from now on.
    CertificatePinned,
    /// The client took an item for complete that was cut off.
    KeptIncomplete,
    /// It ended the session on purpose.
    Refused(Refusal),
    /// It entered a state of its protocol's state machine.
    State(&'static str),
    /// Its machine entered a state of its own list.
    Stage(&'static str),
    /// It acts on something that it was told: what it made of it, and where that ended on its tape of this connection,
    /// so that everybody can look up whether it came inside TLS and who wrote it.
    Acts(Acts, u32),
    /// The server: from here on the session is somebody's.
    Identity(Who),
    /// The server: the name that somebody gave before TLS still counts inside.
    NameKept,
    /// The client is no user's program but the attacker, on a connection of his own.
    Attacker,
    /// It broke down.
    Crashed,
    /// The server forgot everything above TLS: the connection is for the next user.
    Reset,
    /// The server kept something of the user before when the connection changed hands.
    Kept(Kept),
}

/// A setting beside the policy that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetTo {
    /// The client logs in by its user's certificate, and not otherwise.
    CertificateOnly,
    /// The server's operator switched UNAUTHENTICATE off.
    WithoutUnauthenticate,
}

impl SetTo {
    /// What it says, as a sentence about the side goes on.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CertificateOnly => "is set to log in by certificate and not otherwise",
            Self::WithoutUnauthenticate => "is set to do without UNAUTHENTICATE",
        }
    }
}

/// What a server should forget when a connection changes hands (draft-newman-imap-unauth section 4.1 and 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Whose session it is.
    Login,
    /// The selected mailbox.
    Mailbox,
    /// The groups that rights are judged by.
    Groups,
    /// That CONDSTORE is on.
    Condstore,
    /// What ENABLE switched on.
    Enabled,
    /// What a search saved.
    Search,
    /// The language of texts.
    Language,
    /// Searches that are kept up to date.
    Contexts,
    /// What NOTIFY asked for.
    Notifications,
    /// The compression layer.
    Compression,
    /// Whose flags are shown.
    UserData,
}

impl Kept {
    /// The words that reports use.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Login => "the login",
            Self::Mailbox => "the selected mailbox",
            Self::Groups => "the groups",
            Self::Condstore => "CONDSTORE",
            Self::Enabled => "what was enabled",
            Self::Search => "the saved search",
            Self::Language => "the language",
            Self::Contexts => "the searches that it keeps up to date",
            Self::Notifications => "the notifications",
            Self::Compression => "the compression",
            Self::UserData => "whose flags it shows",
        }
    }
}

/// What a party makes of what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// The client chooses by this capability list.
    Capabilities,
    /// The client believes this about a mailbox or a message.
    MailboxData,
    /// The client takes this for an answer to its command.
    Answer,
    /// The client shows this alert to its user as the server's word.
    Alert,
    /// The client shows the text of this refusal or goodbye to its user as the server's word.
    ErrorText,
    /// The client goes to the server that this names.
    Referral,
    /// The server carries this command out.
    Command,
}

impl Acts {
    /// What it does with it, as a sentence goes on.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Capabilities => "chooses by a capability list",
            Self::MailboxData => "believes data about a mailbox",
            Self::Answer => "takes a line for the answer to its command",
            Self::Alert => "shows an alert to its user as the server's word",
            Self::ErrorText => "shows an error text to its user as the server's word",
            Self::Referral => "goes to the server that it was sent to",
            Self::Command => "carries a command out",
        }
    }
}

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The account that the run is about.
    Owner,
    /// Another account on the same server: the attacker's.
    Attacker,
    /// Somebody else with an account there.
    Other,
}

impl Who {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "the account's owner",
            Self::Attacker => "the attacker",
            Self::Other => "another user",
        }
    }
}
