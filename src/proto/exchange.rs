//! A SASL exchange as an observer sees it: what each message of the client shows of the credential.

use super::server::No;
use crate::base::{Hop, Side};
use crate::sasl::{self, Reveals, plain};
use crate::trace::{Credential, EventId, EventKind, Problem, Span, TraceBuilder, UNKNOWN};
use std::borrow::Cow;

/// The name of a mechanism, in upper case. An unknown one is named only if it was written as mechanisms are.
#[must_use]
pub fn mechanism_name(word: &[u8]) -> Cow<'static, str> {
    let text = std::str::from_utf8(word).unwrap_or(UNKNOWN);
    if let Some(known) = sasl::find(text) {
        return Cow::Borrowed(known.name);
    }
    let as_mechanisms_are = word.len() <= 20
        && word.iter().all(|o| o.is_ascii_uppercase() || o.is_ascii_digit() || matches!(o, b'-' | b'_'));
    if as_mechanisms_are || sasl::well_known(text) {
        return Cow::Owned(text.to_ascii_uppercase());
    }
    Cow::Borrowed(UNKNOWN)
}

/// A command's name with what reports add to it.
#[must_use]
pub fn named(command: &'static str, argument: Cow<'static, str>) -> Cow<'static, str> {
    if argument.is_empty() { Cow::Borrowed(command) } else { Cow::Owned([command, " ", &argument].concat()) }
}

/// How a protocol writes SASL messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// IMAP and POP3.
    Base64,
    /// ACAP: the octets of a string.
    Raw,
}

/// An exchange that is open.
#[derive(Debug)]
pub struct Exchange {
    /// The command that opened it.
    pub command: EventId,
    /// Its mechanism, in upper case.
    pub mechanism: Box<str>,
    /// How its messages are written.
    pub encoding: Encoding,
    /// A challenge has come since the client's last answer.
    pub asked: bool,
    /// Answers so far, the initial response included.
    pub answers: u32,
}

impl Exchange {
    /// Takes in the client's next message and where its content stands. True: the client gave up.
    pub fn answer(&mut self, hop: Hop, whole: Span, content: Span, trace: &mut TraceBuilder) -> bool {
        let text = trace.so_far().slice(hop, Side::Client, content);
        // In quotes a star is a message like any other.
        let cancel = text == b"*" && content.start == whole.start;
        let decoded = match self.encoding {
            Encoding::Base64 => base64(text),
            Encoding::Raw => Some(text.to_vec()),
        };
        let shown =
            if cancel { Shown::default() } else { shown_by(&self.mechanism, self.answers, decoded, text) };
        let secrets = if shown.credential.is_some() { vec![content] } else { Vec::new() };
        self.asked = false;
        self.answers = self.answers.saturating_add(1);
        let kind = EventKind::AuthStep {
            command: self.command,
            cancel,
            credential: shown.credential,
            fault: shown.fault,
        };
        trace.read(hop, Side::Client, whole, secrets, kind);
        if shown.undecodable {
            trace.read(hop, Side::Client, whole, Vec::new(), EventKind::Malformed(Problem::NotBase64));
        }
        cancel
    }
}

/// What one message of the client shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// The credential, if it holds one.
    pub credential: Option<Credential>,
    /// A PLAIN message outside its grammar.
    pub fault: Option<plain::Malformed>,
    /// The text is not in the encoding that the protocol asks for.
    pub undecodable: bool,
}

/// Decodes a message as IMAP and POP3 carry it; `=` is the empty one (RFC 4959, RFC 5034).
#[must_use]
pub fn base64(text: &[u8]) -> Option<Vec<u8>> {
    if text == b"=" {
        return Some(Vec::new());
    }
    sasl::base64::decode(text).ok()
}

/// An initial response as a server takes it.
///
/// # Errors
/// When it is not base64.
pub fn initial(word: &[u8]) -> Result<Vec<u8>, No> {
    base64(word).ok_or(No::NotBase64)
}

/// A client's line as a server takes it: a message, or `*` to give up.
///
/// # Errors
/// When it gives up, or is not base64.
pub fn message(line: &[u8]) -> Result<Vec<u8>, No> {
    if line == b"*" {
        return Err(No::GivenUp);
    }
    // A lone `=` is the empty message in a first line only.
    base64(line).filter(|_| line != b"=").ok_or(No::NotBase64)
}

/// Looks at a message: the mechanism, how many answers came before, the decoded message and its text.
#[must_use]
pub fn shown_by(mechanism: &str, answer: u32, decoded: Option<Vec<u8>>, text: &[u8]) -> Shown {
    let undecodable = decoded.is_none();
    let fault = match &decoded {
        Some(message) if mechanism == "PLAIN" => plain::decode(message, plain::Grammar::Rfc4616).err(),
        _ => None,
    };
    // Text that does not decode may still hold the secret, so that it is treated as one.
    let holds_something = decoded.map_or(!text.is_empty(), |message| !message.is_empty());
    let secret = match sasl::reveals(mechanism) {
        Reveals::Nothing => false,
        Reveals::Password if mechanism == "LOGIN" => answer == 1 && holds_something,
        Reveals::Password | Reveals::Token => answer == 0 && holds_something,
    };
    let credential = secret.then(|| Credential { mechanism: mechanism.to_owned().into(), hidden: false });
    Shown { credential, fault, undecodable }
}
