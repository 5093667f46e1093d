//! ACAP's words for a client.

use super::grammar::{self, Token};
use super::switches;
use crate::base::Switches;
use crate::proto::client::{Heard, Tongue, Way};
use crate::proto::tagged::Tagged;
use crate::proto::{Account, Referral};
use crate::trace::{Capabilities, GreetingStatus, Status};

/// The commands after the login.
const READ: &[&str] = &["SEARCH \"/addressbook/~/\" RETURN (\"addressbook.Comment\") ALL", "NOOP"];

/// Every command that there is after the login, in several forms; the entry that it makes it takes away again.
const TOUR: &[&str] = &[
    "LANG \"en\"",
    "SEARCH \"/addressbook/~/\" DEPTH 1 RETURN (\"addressbook.*\") NOT EQUAL \"entry\" \"i;octet\" \"\"",
    "STORE (\"/addressbook/~/new\" \"addressbook.Comment\" {4+}\r\na\r\nb)",
    "SEARCH \"/addressbook/~/\" RETURN (\"addressbook.Comment\" \"addressbook.Email\") OR EQUAL \"entry\" \"i;ascii-casemap\" \"NEW\" PREFIX \"entry\" \"i;octet\" \"fri\"",
    "STORE (\"/addressbook/~/new\" \"entry\" NIL)",
    "NOOP",
];

/// The words.
#[derive(Debug, Default)]
pub struct AcapTongue {
    switches: Switches,
    tagged: Tagged,
    greeted: bool,
}

impl AcapTongue {
    /// The words of a client with these switches.
    #[must_use]
    pub fn new(switches: &Switches) -> Self {
        Self { switches: switches.clone(), ..Self::default() }
    }

    fn refer_to(&mut self, url: &[u8]) {
        self.tagged.say(Referral::read(url, "acap").map(Heard::Referral));
    }

    fn message(&mut self, octets: &[u8]) {
        let first = !std::mem::replace(&mut self.greeted, true);
        if let Some(items) = grammar::greeting_items(octets) {
            let list = Capabilities::new(items.iter().map(|(_, text)| text.as_bytes()));
            self.tagged.say([Heard::Capabilities(list), Heard::Greeting(GreetingStatus::Ok)]);
            return;
        }
        let tokens = grammar::tokens(octets).unwrap_or_default();
        let text = |range: &std::ops::Range<usize>| octets.get(range.clone()).unwrap_or_default();
        match tokens.as_slice() {
            [Token::Word(plus), rest @ ..] if text(plus) == b"+" => {
                let challenge = match rest {
                    [Token::String(challenge), ..] => grammar::content(octets, challenge),
                    _ => Vec::new(),
                };
                self.tagged.say([Heard::Continue(challenge)]);
            }
            [Token::Word(star), Token::Word(word), ..] if text(star) == b"*" => {
                let alert = text(word).eq_ignore_ascii_case(b"ALERT");
                match grammar::status(text(word)) {
                    Some(Status::Bye) => {
                        self.tagged.say([Heard::Trouble, Heard::Greeting(GreetingStatus::Bye)]);
                    }
                    _ if alert => self.tagged.say([Heard::Alert]),
                    _ if first => self.tagged.say([Heard::Greeting(GreetingStatus::Other)]),
                    Some(Status::No | Status::Bad) => self.tagged.say([Heard::Trouble]),
                    Some(_) => self.tagged.say([Heard::Other]),
                    None => self.tagged.say([Heard::Data]),
                }
            }
            _ if first => self.tagged.say([Heard::Greeting(GreetingStatus::Other)]),
            [Token::Word(tag), Token::Word(word), rest @ ..] => match grammar::status(text(word)) {
                Some(status) if self.tagged.awaits(text(tag)) => {
                    if let [Token::Open, Token::Word(code), Token::String(url), ..] = rest
                        && text(code).eq_ignore_ascii_case(b"REFER")
                    {
                        self.refer_to(&grammar::content(octets, url));
                    }
                    if status != Status::Ok {
                        self.tagged.say([Heard::Trouble]);
                    }
                    self.tagged.say([Heard::Answer(status)]);
                }
                Some(Status::Ok) => self.tagged.answer_early(text(tag)),
                Some(_) => self.tagged.say([Heard::Other]),
                // Some of what a SEARCH looks for is elsewhere (RFC 2244 section 6.4.1).
                None => {
                    if let [Token::String(_), Token::String(url), ..] = rest
                        && text(word).eq_ignore_ascii_case(b"REFER")
                        && self.tagged.awaits(text(tag))
                    {
                        self.refer_to(&grammar::content(octets, url));
                    }
                    self.tagged.say([Heard::Data]);
                }
            },
            _ => self.tagged.say([Heard::Nonsense]),
        }
    }
}

impl Tongue for AcapTongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.tagged.command("STARTTLS")
    }

    fn may_log_in(&self, _list: Option<&Capabilities>) -> Option<bool> {
        None
    }

    fn initial_response(&self, _list: Option<&Capabilities>) -> bool {
        true
    }

    fn log_in(&mut self, way: Way<'_>, _account: &Account) -> Vec<u8> {
        match way {
            // A message may hold NULs, which a quoted string cannot, so that it is a literal (RFC 2595 section 6).
            Way::Sasl { mechanism, initial: Some(initial) } => {
                authenticate(self.tagged.await_new(), mechanism, initial)
            }
            Way::Sasl { mechanism, initial: None } => {
                self.tagged.command(&format!("AUTHENTICATE \"{mechanism}\""))
            }
            // ACAP has no password command; the client core never asks for one.
            Way::Command | Way::Digest => self.tagged.command("NOOP"),
        }
    }

    fn log_in_further(&mut self, _account: &Account) -> Option<Vec<u8>> {
        None
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        match message {
            Some(message) => [format!("{{{}+}}\r\n", message.len()).as_bytes(), message, b"\r\n"].concat(),
            None => b"*\r\n".to_vec(),
        }
    }

    fn work(&mut self, step: usize, _list: Option<&Capabilities>, _account: &Account) -> Option<Vec<u8>> {
        let all = if self.switches.get(&switches::SESSION) == "tour" { TOUR } else { READ };
        all.get(step).map(|text| self.tagged.command(text))
    }

    fn out_of_place(&mut self, what: &str, _account: &Account) -> Option<Vec<u8>> {
        (what == "mailbox").then(|| self.tagged.command(READ.first().copied().unwrap_or("NOOP")))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.tagged.command("LOGOUT")
    }

    fn aside(&mut self) -> Vec<u8> {
        format!("{} NOOP\r\n", self.tagged.tag()).into_bytes()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        let message = crate::sasl::plain::encode("", &account.user, &account.password);
        authenticate(&self.tagged.tag(), "PLAIN", &message)
    }

    fn answered_early(&mut self) -> bool {
        self.tagged.answered_early()
    }

    fn line(&self) -> &[u8] {
        self.tagged.line()
    }

    fn unread(&self) -> usize {
        self.tagged.unread()
    }

    fn push(&mut self, octets: &[u8]) {
        self.tagged.push(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.tagged.heard() {
                return Some(heard);
            }
            let message = self.tagged.message()?;
            self.message(&message);
        }
    }

    fn forget_input(&mut self) {
        self.tagged.forget();
    }

    fn start_again(&mut self) {
        self.forget_input();
        self.greeted = false;
    }
}

/// AUTHENTICATE with the mechanism's message behind it.
fn authenticate(tag: &str, mechanism: &str, initial: &[u8]) -> Vec<u8> {
    let head = format!("{tag} AUTHENTICATE \"{mechanism}\" {{{}+}}\r\n", initial.len());
    [head.as_bytes(), initial, b"\r\n"].concat()
}
