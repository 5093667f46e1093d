//! What several attacks share: answering logins, probing a server, guessing tags.

use super::{Deciding, Handshake, Message, Move, Moves, Relay, Route, Tamper, Veiled};
use crate::base::{Endpoint, Protocol, Question, Record, Side, Switches, switch};
use crate::proto::{Answer, Asked, Dialect};
use crate::tls::ClientOffer;
use crate::trace::Verb;
use base64::Engine;

switch!(
    Middle LOGINS,
    "logins",
    Setting,
    &["relayed", "answered"],
    &[],
    "Logins in the clear",
    "Whether logins go on to the server, which may refuse them before the password is out, or the attacker asks for the password himself."
);

/// What a client asks, if the message is a command.
pub(super) fn asked(dialect: &Dialect, message: &Message<'_>) -> Option<Asked> {
    (message.from == Side::Client).then(|| (dialect.command)(message.octets)).flatten()
}

/// The tag of a client's request for TLS.
pub(super) fn asks_for_tls(dialect: &Dialect, message: &Message<'_>) -> Option<Vec<u8>> {
    (message.from == Side::Client).then(|| dialect.starttls_tag(message.octets)).flatten()
}

/// The same host's port where TLS comes first, or the one that starts in the clear.
pub(super) fn on_port(dialect: &Dialect, to: &Endpoint, tls_first: bool) -> Endpoint {
    Endpoint { port: dialect.port(tls_first).unwrap_or(to.port), tls_first, ..to.clone() }
}

/// A client that is opportunistic or forgets its policy loses its password where TLS does not come up.
const fn without_tls(
    protocols: &'static [Protocol],
    given: &'static [&'static str],
    wrong: &'static [&'static str],
) -> Deciding {
    Deciding { protocols, given, right: &[], wrong }
}

const IMAP: &[Protocol] = &[Protocol::Imap];
const POP3: &[Protocol] = &[Protocol::Pop3];
const ACAP: &[Protocol] = &[Protocol::Acap];
/// The server would take a login in the clear.
const OPEN: &[&str] = &["server.logindisabled=off"];
/// The attacker asks for the password himself.
const ANSWERED: &[&str] = &["middle.logins=answered"];

/// What decides an attack behind which the client goes on without TLS on the same connection.
pub(super) const GOES_ON: [Deciding; 6] = [
    without_tls(IMAP, OPEN, &["client.tls=opportunistic"]),
    without_tls(IMAP, OPEN, &["client.forgets-policy=on"]),
    without_tls(POP3, ANSWERED, &["client.tls=opportunistic"]),
    without_tls(POP3, ANSWERED, &["client.forgets-policy=on"]),
    without_tls(ACAP, ANSWERED, &["client.tls=opportunistic", "client.plain-in-clear=on"]),
    without_tls(ACAP, ANSWERED, &["client.forgets-policy=on", "client.plain-in-clear=on"]),
];

/// The same where the capabilities never say that there is TLS; ACAP has no question for them.
pub(super) const NEVER_ASKS: [Deciding; 4] = [
    without_tls(IMAP, &[], &["client.tls=opportunistic"]),
    without_tls(IMAP, &[], &["client.forgets-policy=on"]),
    without_tls(POP3, ANSWERED, &["client.tls=opportunistic"]),
    without_tls(POP3, ANSWERED, &["client.forgets-policy=on"]),
];

/// What decides an attack behind which the client tries again, on a fresh connection and without TLS.
pub(super) const TRIES_AGAIN: [Deciding; 6] = [
    without_tls(IMAP, OPEN, &["client.tls=opportunistic", "client.retry=in-clear"]),
    without_tls(IMAP, OPEN, &["client.forgets-policy=on", "client.retry=in-clear"]),
    without_tls(POP3, ANSWERED, &["client.tls=opportunistic", "client.retry=in-clear"]),
    without_tls(POP3, ANSWERED, &["client.forgets-policy=on", "client.retry=in-clear"]),
    without_tls(
        ACAP,
        ANSWERED,
        &["client.tls=opportunistic", "client.plain-in-clear=on", "client.retry=in-clear"],
    ),
    without_tls(
        ACAP,
        ANSWERED,
        &["client.forgets-policy=on", "client.plain-in-clear=on", "client.retry=in-clear"],
    ),
];

/// Text that the attacker makes up.
pub(super) const TEXT: &str = "Your mailbox is locked, see http://evil.example";

/// The tag that comes behind one: its last number plus one, as nearly every client counts.
pub(super) fn next_tag(tag: &[u8]) -> Vec<u8> {
    let digits = tag.iter().rev().take_while(|o| o.is_ascii_digit()).count();
    let (head, number) = tag.split_at(tag.len().saturating_sub(digits));
    let number: u64 = std::str::from_utf8(number).ok().and_then(|n| n.parse().ok()).unwrap_or_default();
    [head, number.saturating_add(1).to_string().as_bytes()].concat()
}

/// Octets of several pieces.
pub(super) fn line(pieces: &[&[u8]]) -> Vec<u8> {
    [&pieces.concat()[..], b"\r\n"].concat()
}

/// A login of the attacker's own making, by PLAIN, as one message.
pub(super) fn plain(protocol: Protocol, tag: &str, message: &[u8]) -> Vec<u8> {
    let base64 = base64::engine::general_purpose::STANDARD.encode(message);
    match protocol {
        Protocol::Imap => format!("{tag} AUTHENTICATE PLAIN {base64}\r\n").into_bytes(),
        Protocol::Pop3 => format!("AUTH PLAIN {base64}\r\n").into_bytes(),
        Protocol::Acap => {
            let head = format!("{tag} AUTHENTICATE \"PLAIN\" {{{}+}}\r\n", message.len());
            [head.as_bytes(), message, b"\r\n"].concat()
        }
    }
}

/// A login by the protocol's password command, as one message or two; ACAP has PLAIN only.
pub(super) fn login(protocol: Protocol, tag: &str, user: &str, password: &str) -> Vec<Vec<u8>> {
    match protocol {
        Protocol::Imap => vec![format!("{tag} LOGIN {user} {password}\r\n").into_bytes()],
        Protocol::Pop3 => {
            vec![format!("USER {user}\r\n").into_bytes(), format!("PASS {password}\r\n").into_bytes()]
        }
        Protocol::Acap => vec![plain(protocol, tag, format!("\0{user}\0{password}").as_bytes())],
    }
}

/// Puts an answer to logins in front of a tamper, if the attack is set so.
pub(super) fn with_logins(
    switches: &Switches,
    dialect: &'static Dialect,
    tamper: Box<dyn Tamper>,
) -> Box<dyn Tamper> {
    if switches.get(&LOGINS) == "relayed" {
        return tamper;
    }
    let asker = Asker { dialect, asked: None };
    Box::new(Stack(Relay::new(vec![Box::new(asker), tamper])))
}

/// Several tampers as one, nearest to the client first.
pub(super) struct Stack(pub Relay);

impl Tamper for Stack {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        for step in self.0.message(message.from, message.layer, message.octets) {
            match step {
                Move::Tls(with) => moves.tls(with),
                Move::Deliver(delivery) if delivery.to == message.from => moves.answer(delivery.octets),
                Move::Deliver(delivery) => moves.onward(delivery.octets, delivery.origin),
                Move::Close => moves.close(),
            }
        }
    }

    fn lookup(&mut self, question: &Question, records: &mut Vec<Record>) {
        self.0.lookup(question, records);
    }

    fn connection(&mut self, to: &Endpoint) -> Route {
        self.0.connection(to)
    }

    fn handshake(&mut self, hello: &ClientOffer) -> Handshake {
        self.0.handshake(hello)
    }

    fn secured(&mut self, with: Side, moves: &mut Moves) {
        for step in self.0.secured(with) {
            match step {
                Move::Tls(with) => moves.tls(with),
                Move::Deliver(delivery) => moves.send(delivery.to, delivery.octets),
                Move::Close => moves.close(),
            }
        }
    }

    fn veiled(&mut self, from: Side, length: usize) -> Veiled {
        self.0.veiled(from, length)
    }

    fn connected(&mut self) {
        self.0.connected();
    }

    fn visits(&mut self) -> Vec<Vec<Vec<u8>>> {
        self.0.visits()
    }
}

/// Lets everything through, and has had conversations with the server before, on connections of its own.
pub(super) struct Visitor(Vec<Vec<Vec<u8>>>);

impl Visitor {
    /// One conversation on each connection. Tags in it begin with `q`.
    pub(super) fn boxed(visits: Vec<Vec<Vec<u8>>>) -> Box<dyn Tamper> {
        Box::new(Self(visits))
    }
}

impl Tamper for Visitor {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn visits(&mut self) -> Vec<Vec<Vec<u8>>> {
        std::mem::take(&mut self.0)
    }
}

/// The attacker as a client: what stands in place of the path on one of his visits.
#[must_use]
pub fn caller(messages: Vec<Vec<u8>>) -> Box<dyn Tamper> {
    Box::new(Probe { messages: messages.into(), greeting: None, hangs_up: true })
}

/// Asks a client for its password in the server's stead.
struct Asker {
    dialect: &'static Dialect,
    /// The tag of the exchange that was begun.
    asked: Option<Vec<u8>>,
}

impl Tamper for Asker {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if message.from == Side::Server {
            match offering_plain(self.dialect, message.octets) {
                Some(octets) => moves.replace(octets),
                None => moves.pass(),
            }
            return;
        }
        if let Some(tag) = self.asked.take() {
            moves.answer((self.dialect.answer)(&tag, Answer::No, "that did not work"));
            return;
        }
        let asked = (self.dialect.command)(message.octets);
        let no = |tag: &[u8]| (self.dialect.answer)(tag, Answer::No, "that did not work");
        match asked {
            Some(asked) if asked.verb == Verb::User => {
                moves.answer((self.dialect.answer)(&asked.tag, Answer::Ok, "and the password"));
            }
            Some(asked) if matches!(asked.verb, Verb::Pass | Verb::Login) => moves.answer(no(&asked.tag)),
            Some(asked) if asked.verb == Verb::Authenticate && self.initial(message.octets) => {
                moves.answer(no(&asked.tag));
            }
            Some(asked) if asked.verb == Verb::Authenticate => {
                self.asked = Some(asked.tag);
                let empty: &[u8] =
                    if self.dialect.protocol == Protocol::Acap { b"+ \"\"\r\n" } else { b"+ \r\n" };
                moves.answer(empty.to_vec());
            }
            _ => moves.pass(),
        }
    }

    fn connected(&mut self) {
        self.asked = None;
    }
}

impl Asker {
    /// Whether AUTHENTICATE brings its first message along.
    fn initial(&self, octets: &[u8]) -> bool {
        let words = octets.split(|&o| o == b' ').filter(|word| !word.is_empty()).count();
        words > if self.dialect.protocol == Protocol::Pop3 { 2 } else { 3 }
    }
}

/// A message whose list offers PLAIN, if it did not.
fn offering_plain(dialect: &Dialect, octets: &[u8]) -> Option<Vec<u8>> {
    if dialect.protocol == Protocol::Imap {
        return None;
    }
    let items = (dialect.items)(octets)?;
    let sasl = items.iter().find(|item| item.split(' ').next() == Some("SASL"));
    if sasl.is_some_and(|sasl| sasl.split(' ').any(|word| word == "PLAIN")) {
        return None;
    }
    let without = (dialect.without_capabilities)(octets, &|word| word == "SASL");
    (dialect.with_items)(without.as_deref().unwrap_or(octets), &["SASL PLAIN"])
}

/// Talks to the server in the clear before the client hears of it: sends one message after the other, each when the one
/// before is answered, and then lets the greeting through or hangs up.
pub(super) struct Probe {
    messages: std::collections::VecDeque<Vec<u8>>,
    greeting: Option<Vec<u8>>,
    hangs_up: bool,
}

impl Probe {
    /// A conversation of these messages. Tags in it begin with `q`.
    pub(super) fn boxed(messages: Vec<Vec<u8>>) -> Box<dyn Tamper> {
        Box::new(Self { messages: messages.into(), greeting: None, hangs_up: false })
    }
}

impl Tamper for Probe {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if message.is_greeting() && !self.messages.is_empty() {
            self.greeting = Some(message.octets.to_vec());
        } else if self.greeting.is_none() || message.from == Side::Client {
            moves.pass();
            return;
        } else if !matches!(message.octets.first(), Some(b'q' | b'+' | b'-')) {
            // Not the answer that is waited for.
            return;
        }
        if let Some(next) = self.messages.pop_front() {
            moves.answer(next);
        } else if self.hangs_up {
            moves.close();
        } else if let Some(greeting) = self.greeting.take() {
            moves.release(greeting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_guessed_as_clients_count() {
        assert_eq!(next_tag(b"a1"), b"a2");
        assert_eq!(next_tag(b"A099"), b"A100");
        assert_eq!(next_tag(b"x"), b"x1");
    }
}
