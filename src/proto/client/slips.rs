//! Small things that clients do wrong, each of which a rule of its own forbids: commands where they have no place, PLAIN
//! messages that are no good, names that fit and are refused.

use super::switches::INITIAL;
use super::{Client, State, Tongue, Way, manner};
use crate::base::{OFF_ON, Switches, switch};
use crate::proto::Output;
use crate::sasl::{ClientExchange, Mechanism};
use crate::tls::NameCheck;

switch!(
    Client STARTTLS_ARGUMENT,
    "starttls-argument",
    Conduct,
    OFF_ON,
    &["B13", "S-1939-pass"],
    "STARTTLS with an argument",
    "Puts a word behind STARTTLS, which takes none.";
    "Does it put a word behind STARTTLS?",
    &["No", "Yes"]
);
switch!(
    Client PLAIN_MESSAGE,
    "plain-message",
    Conduct,
    &["off", "extra-nul", "latin-1", "invisible", "line-break", "long-name", "twice"],
    &["A22", "B26", "B32", "B42", "S-4616"],
    "Odd PLAIN messages",
    "Writes a PLAIN message with a third NUL, with an accent in Latin-1, with a character that nobody sees, with a line break, or with a name of 240 octets to act as; or sends its message again when it is asked a second time.";
    "What is wrong with its PLAIN messages?",
    &[
        "Nothing",
        "They have a NUL too many",
        "Letters with accents are in Latin-1",
        "They can hold characters that nobody sees",
        "They can hold line breaks",
        "They name somebody to act as, at great length",
        "It sends the message again when the server asks twice",
    ]
);
switch!(
    Client GIVES_UP,
    "gives-up",
    Setting,
    OFF_ON,
    &[],
    "The user cancels",
    "Gives up the exchange of its login by a star, as it does when its user cancels (RFC 4422 section 3.5).";
    "Does its user cancel the login when the server asks for the password?",
    &["No", "Yes"]
);
switch!(
    Client INITIAL_ANYWAY,
    "initial-response-anyway",
    Conduct,
    OFF_ON,
    &[],
    "Password with the command, permitted or not",
    "Sends the first message of a mechanism with the command although the list does not permit it or the line gets too long for it (RFC 4959, RFC 5034).";
    "Does it send the first message of AUTHENTICATE with the command also where that is not allowed?",
    &["No", "Yes"]
);
switch!(
    Client NAMES_REFUSED,
    "names-refused",
    Conduct,
    &["off", "common-name-only", "case-sensitive"],
    &["A06", "A10", "B06", "S-8314-minconf", "S-9525"],
    "Refuses names that fit",
    "Looks at the common name of a certificate alone, or takes names in another case for others (RFC 2595 section 2.4).";
    "Does it refuse certificates that have its server's name?",
    &["No", "Yes, if the name is not the common name", "Yes, if the name is written in another case"]
);
switch!(
    Client TALKS_FIRST,
    "talks-before-tls",
    Conduct,
    OFF_ON,
    &[],
    "Talks before TLS on its port",
    "Sends a command in the clear on the port where TLS comes first, and begins TLS behind it.";
    "On the port where TLS comes first, does it send a command before it begins TLS?",
    &["No", "Yes"]
);
switch!(
    Client OUT_OF_PLACE_IMAP,
    "out-of-place",
    Conduct,
    &["off", "mailbox", "enable", "unauthenticate", "starttls", "second-login"],
    &["S-5161", "UNA02", "UNA28"],
    "A command where it has no place",
    "Inside TLS and before its login it opens a mailbox, sends ENABLE, UNAUTHENTICATE or STARTTLS; or it logs in once more when it is logged in.";
    "Does it send a command where it has no place?",
    &[
        "No",
        "It opens a mailbox before it logs in",
        "It sends ENABLE before it logs in",
        "It sends UNAUTHENTICATE before it logs in",
        "It sends STARTTLS inside TLS",
        "It logs in a second time",
    ]
);
switch!(
    Client OUT_OF_PLACE_POP3,
    "out-of-place",
    Conduct,
    &["off", "mailbox", "pass", "second-login"],
    &["S-1939-pass"],
    "A command where it has no place",
    "Inside TLS and before its login it asks for messages, or sends PASS without USER; or it logs in once more when it is logged in.";
    "Does it send a command where it has no place?",
    &["No", "It asks for messages before it logs in", "It sends PASS without USER", "It logs in a second time"]
);
switch!(
    Client OUT_OF_PLACE_ACAP,
    "out-of-place",
    Conduct,
    &["off", "mailbox", "second-login"],
    &[],
    "A command where it has no place",
    "Inside TLS and before its login it looks into its address book; or it logs in once more when it is logged in.";
    "Does it send a command where it has no place?",
    &["No", "It looks into its address book before it logs in", "It logs in a second time"]
);

/// How a client compares names that has no other way of its own.
pub(super) fn name_check(switches: &Switches) -> NameCheck {
    match switches.get(&NAMES_REFUSED) {
        "common-name-only" => NameCheck::OnlyCommonName,
        "case-sensitive" => NameCheck::CaseSensitive,
        _ => NameCheck::Whole,
    }
}

impl<T: Tongue> Client<T> {
    /// STARTTLS as this client writes it.
    pub(super) fn words_of_start_tls(&mut self) -> Vec<u8> {
        let mut octets = self.tongue.start_tls();
        if self.switches.on(&STARTTLS_ARGUMENT) {
            octets.truncate(octets.len().saturating_sub(2));
            octets.extend_from_slice(b" now\r\n");
        }
        octets
    }

    /// The client's end of a mechanism's exchange, with its faults.
    pub(super) fn odd(
        &self,
        mechanism: &Mechanism,
        exchange: Box<dyn ClientExchange>,
    ) -> Box<dyn ClientExchange> {
        match self.switches.get(&PLAIN_MESSAGE) {
            how if mechanism.name == "PLAIN" && how != "off" => {
                Box::new(OddPlain { exchange, how, last: None })
            }
            _ => exchange,
        }
    }

    /// Whether the first message of a mechanism goes out with the command.
    pub(super) fn sends_at_once(&self, mechanism: &Mechanism) -> bool {
        mechanism.client_first
            && self.switches.get(&INITIAL) != "never"
            && !self.switches.on(&GIVES_UP)
            && (self.switches.on(&INITIAL_ANYWAY) || self.tongue.initial_response(self.known.as_ref()))
    }

    /// Whether its user cancels the login now.
    pub(super) fn is_given_up(&self) -> bool {
        self.switches.on(&GIVES_UP)
    }

    /// On a port where TLS comes first it says something all the same.
    pub(super) fn talks_before_tls(&mut self) {
        if self.switches.on(&TALKS_FIRST) {
            let octets = self.tongue.aside();
            self.out.push(Output::Send(octets));
        }
    }

    /// A command of the client core's own plan is due, and it sends another one before it. True: it did.
    pub(super) fn speaks_out_of_place(&mut self) -> bool {
        if !self.secure || self.manners.out_of_place {
            return false;
        }
        let octets = match self.switches.get(&OUT_OF_PLACE_IMAP) {
            "off" | "second-login" => return false,
            "starttls" => Some(self.tongue.start_tls()),
            what => self.tongue.out_of_place(what, &self.account),
        };
        self.says_aside(octets, manner::Aside::OutOfPlace)
    }

    /// It is logged in, and logs in again, with another password. True: it does.
    pub(super) fn logs_in_again(&mut self) -> bool {
        let at_once = self.tongue.initial_response(self.known.as_ref());
        let again = self.switches.get(&OUT_OF_PLACE_IMAP) == "second-login" && self.secure && at_once;
        if !again || self.manners.out_of_place {
            return false;
        }
        let message = [b"\0", self.account.user.as_bytes(), b"\0another"].concat();
        let way = Way::Sasl { mechanism: "PLAIN", initial: Some(&message) };
        let octets = self.tongue.log_in(way, &self.account);
        self.says_aside(Some(octets), manner::Aside::SecondLogin)
    }

    fn says_aside(&mut self, octets: Option<Vec<u8>>, aside: manner::Aside) -> bool {
        self.manners.out_of_place = true;
        let Some(octets) = octets else { return false };
        self.send(octets);
        self.state = State::Aside(aside);
        true
    }
}

/// PLAIN as somebody writes it who got it wrong.
#[derive(Debug)]
struct OddPlain {
    exchange: Box<dyn ClientExchange>,
    how: &'static str,
    /// What it sent.
    last: Option<Vec<u8>>,
}

impl ClientExchange for OddPlain {
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>> {
        if let Some(last) = self.last.clone().filter(|_| self.how == "twice") {
            return Some(last);
        }
        let mut message = self.exchange.answer(challenge)?;
        match self.how {
            "extra-nul" => message.extend_from_slice(b"\0x"),
            // The accent that its user typed is one octet there.
            "latin-1" => message.push(0xE1),
            "invisible" => message.extend("\u{200B}".bytes()),
            "line-break" => message.push(b'\r'),
            "long-name" => message = [[b'x'; 240].as_slice(), &message].concat(),
            _ => {}
        }
        self.last = Some(message.clone());
        Some(message)
    }
}
