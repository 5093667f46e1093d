//! Small things that servers do wrong, each of which a rule of its own forbids: lists that say something else than what
//! is done, answers where none is due, passwords that nobody looks at.

use super::{Gate, No, Turn};
use crate::base::{OFF_ON, switch};

switch!(
    Server CONTRADICTS,
    "starttls-contradicts-list",
    Conduct,
    &["off", "listed-unknown", "unlisted-taken"],
    &["B12", "B21", "S-8314-noadv"],
    "STARTTLS is not what the list says",
    "Lists STARTTLS and does not know it, or takes it and does not list it.";
    "Does its list tell whether STARTTLS works?",
    &["Yes", "No, it lists it and does not know it", "No, it takes it and does not list it"]
);
switch!(
    Server ARGUMENT_TAKEN,
    "starttls-argument-taken",
    Conduct,
    OFF_ON,
    &[],
    "Takes STARTTLS with an argument",
    "Accepts STARTTLS with a word behind it, which is to be refused.";
    "Somebody sends STARTTLS with a word behind it. Does it begin TLS?",
    &["No", "Yes"]
);
switch!(
    Server LISTED_INSIDE,
    "starttls-listed-inside",
    Conduct,
    OFF_ON,
    &["B21", "S-9051-noadv"],
    "STARTTLS listed inside TLS",
    "Goes on listing STARTTLS when TLS is up.";
    "Inside TLS, does it still list STARTTLS?",
    &["No", "Yes"]
);
switch!(
    Server SERVES_ANYBODY,
    "serves-anybody",
    Conduct,
    OFF_ON,
    &[],
    "Serves mail before the login",
    "Carries out inside TLS what needs a login before there was one, on the mailbox of its account.";
    "Inside TLS, does it serve mail to somebody who has not logged in?",
    &["No", "Yes"]
);
switch!(
    Server PLAIN_HANDLING,
    "plain-handling",
    Conduct,
    &["off", "short-messages", "asks-twice", "any-password"],
    &["B27", "B42"],
    "Odd ways with PLAIN",
    "Takes PLAIN messages of 16 octets at most, asks a second time for the one message, or takes any password.";
    "How does it handle PLAIN messages?",
    &["As it should", "It takes short ones only", "It asks for them twice", "It looks at no password"]
);
switch!(
    Server SECOND_LOGIN,
    "second-login-granted",
    Conduct,
    OFF_ON,
    &["UNA28"],
    "Grants a second login",
    "Takes a login from a client that is logged in already.";
    "Does it let somebody log in who is logged in already?",
    &["No", "Yes"]
);
switch!(
    Server CANCEL_ANSWER,
    "cancel-answered-otherwise",
    Conduct,
    OFF_ON,
    &[],
    "Answers a cancelled login as another one",
    "Answers an exchange that the client gave up like one that came to its end.";
    "A client cancels its login. Does the server answer as if it had not?",
    &["No", "Yes"]
);
switch!(
    Server CLOSES_IN_EXCHANGE,
    "closes-in-exchange",
    Conduct,
    OFF_ON,
    &["S-4422-trunc"],
    "Closes in the middle of a login",
    "Closes the connection when the client's message comes, without an answer.";
    "Does it close the connection in the middle of a login without an answer?",
    &["No", "Yes"]
);
switch!(
    Server NAME_IN_CAPITALS,
    "certificate-name",
    Setting,
    &["as-configured", "in-capitals"],
    &[],
    "The certificate's name",
    "Whether its certificate has its name as its users know it, or in capitals, which is the same name (RFC 2595 section 2.4).";
    "Is the name in its certificate written in capitals?",
    &["No", "Yes"]
);
switch!(
    Server GREETS_FIRST,
    "greets-before-tls",
    Conduct,
    OFF_ON,
    &[],
    "Greets before TLS on its port",
    "Greets in the clear on the port where TLS comes first, and begins TLS behind the greeting.";
    "On the port where TLS comes first, does it greet before TLS?",
    &["No", "Yes"]
);

/// What a server that takes short messages only takes, in octets.
const SHORT: usize = 16;

impl Gate {
    /// A command line without the word behind STARTTLS, for a server that overlooks it.
    #[must_use]
    pub fn overlooks_argument<'a>(&self, line: &'a [u8], word: &[u8]) -> &'a [u8] {
        let word = [word, b" "].concat();
        match memchr::memmem::find(line, &word) {
            Some(at) if self.on(&ARGUMENT_TAKEN) => {
                line.get(..at.saturating_add(word.len()).saturating_sub(1)).unwrap_or(line)
            }
            _ => line,
        }
    }

    /// Lets somebody in without a login. False: nobody is let in.
    #[must_use]
    pub fn lets_anybody_in(&mut self) -> bool {
        let now = self.secure && self.on(&SERVES_ANYBODY);
        if now {
            self.who = self.account.user.to_string();
        }
        now
    }

    /// What happens to a message of PLAIN before anybody judges it.
    pub(super) fn mishandles(&mut self, message: &[u8]) -> Option<Turn> {
        match self.get(&PLAIN_HANDLING) {
            "short-messages" if message.len() > SHORT => Some(Turn::Over(Err(No::TooLong))),
            "asks-twice" if !std::mem::replace(&mut self.asked_again, true) => {
                Some(Turn::Challenge(Vec::new()))
            }
            _ => None,
        }
    }
}
