//! Removes the offer of TLS from every capability list on its way to the client.

use super::{Attack, Message, Moves, Tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::proto::{Answer, Dialect};

switch!(
    Middle WORDS,
    "strip",
    Setting,
    &["starttls+logindisabled", "starttls"],
    &[],
    "Words removed",
    "The offer of TLS alone, or the ban on clear-text logins with it."
);

static SWITCHES: &[&Switch] = &[&WORDS];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "strip-capability",
    title: "Strip the offer",
    about: "Deletes STARTTLS from what the server offers, so that the client believes there is no TLS to ask for.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        Box::new(Strip { dialect, login_disabled_too: switches.get(&WORDS) == "starttls+logindisabled" })
    },
};

#[derive(Debug)]
struct Strip {
    dialect: &'static Dialect,
    login_disabled_too: bool,
}

impl Tamper for Strip {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        if message.from == Side::Client {
            // A client that asks all the same gets the answer of a server that does not know the command.
            match self.dialect.starttls_tag(message.octets) {
                Some(tag) => {
                    moves.answer((self.dialect.answer)(&tag, Answer::Bad, "this command is not known here"))
                }
                None => moves.pass(),
            }
            return;
        }
        let stripped = (self.dialect.without_capabilities)(message.octets, &|word| {
            self.dialect.starttls_words.contains(&word)
                || (self.login_disabled_too && word == "LOGINDISABLED")
        });
        match stripped {
            Some(octets) => moves.replace(octets),
            None => moves.pass(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{Move, Relay};
    use crate::base::{Origin, Switches};

    #[test]
    fn the_offer_goes_from_every_place_and_nothing_else_changes() {
        let mut relay =
            Relay::new(vec![(ATTACK.build)(&Switches::default(), crate::proto::imap::RECORD.dialect)]);
        let table = [
            ("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n", "* CAPABILITY IMAP4rev1\r\n"),
            (
                "* OK [CAPABILITY IMAP4rev1 starttls AUTH=PLAIN] hi\r\n",
                "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n",
            ),
            ("* OK STARTTLS is a word here\r\n", "* OK STARTTLS is a word here\r\n"),
        ];
        for (sent, seen) in table {
            let moves = relay.message(Side::Server, sent.as_bytes());
            let Some(Move::Deliver(delivery)) = moves.first() else { panic!("nothing delivered") };
            assert_eq!(String::from_utf8_lossy(&delivery.octets), seen);
            assert_eq!(delivery.origin, if sent == seen { Origin::Genuine } else { Origin::Changed });
        }
    }
}
