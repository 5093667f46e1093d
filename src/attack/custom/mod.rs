//! An attack that a person writes as text, one rule a line:
//!
//! ```text
//! # Refuse the first STARTTLS and strip the ban on logins.
//! when client command STARTTLS nth 1 do answer "{tag} NO not now"
//! when server lists LOGINDISABLED do remove LOGINDISABLED
//! ```
//!
//! `when` takes any of `handshake`, `client`, `server`, `greeting`, `command NAME`, `reply WORD`, `lists WORD`, `says "TEXT"`, `nth N`
//! and `message N`, all of which have to be true of a message outside TLS; `do` takes one of `pass`, `drop`, `remove WORD`,
//! `offer ITEM`, `replace "A" "B"`, `instead "TEXT"`, `insert "LINE"`, `add "LINE"`, `answer "LINE"`, `delay`, `close`, and for
//! a handshake `pass`, `drop`, `certificate "HOST"` and `self-signed "HOST"`. What changes a message hands it on to the rules
//! below; the first of the others decides, and without one the message goes on. In a line `{tag}` is the tag of the client's
//! last command and `{next}` the tag behind it; `\r`, `\n`, `\t`, `\"`, `\\` and `\xNN` stand for octets. A line is ended by CR LF by itself.

mod parse;

pub use parse::{CustomError, RULE_LIMIT, TEXT_LIMIT, escaped};

use super::kit::next_tag;
use super::{Handshake, Message, Moves, Tamper};
use crate::base::{Origin, Side};
use crate::proto::Dialect;
use crate::tls::{Certificate, ClientOffer, Failure, ServerOffer};

/// An attack that was written as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custom {
    /// Its rules in their order.
    pub rules: Vec<CustomRule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRule {
    /// What has to be true of a message.
    pub when: When,
    /// What is done about it.
    pub act: Act,
}

/// What has to be true of a message; what is not set is always true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// It is no message, but a handshake that the client begins.
    pub handshake: bool,
    /// Who sent it.
    pub side: Option<Side>,
    /// It is the server's first.
    pub greeting: bool,
    /// It is this command of the client; upper case.
    pub command: Option<String>,
    /// One of its first two words is this, in any case: `OK`, `-ERR`, `LIST`; upper case.
    pub reply: Option<String>,
    /// It carries a list with this item, or one that begins with this word; upper case. `*`: any list.
    pub lists: Option<String>,
    /// It holds these octets.
    pub says: Option<Vec<u8>>,
    /// It is the n-th message of which all of that is true, from 1.
    pub nth: Option<u32>,
    /// It is the n-th message of all, of both sides and over all connections, from 1.
    pub message: Option<u32>,
}

/// What is done about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It goes on as it is.
    Pass,
    /// It is withheld.
    Drop,
    /// Without a capability, by its upper-case item or first word.
    Remove(String),
    /// With one capability more, as it is written.
    Offer(String),
    /// With other octets wherever these stand.
    Replace(Vec<u8>, Vec<u8>),
    /// Another message in its place.
    Instead(Vec<u8>),
    /// With a line in front.
    Insert(Vec<u8>),
    /// With a line behind.
    Add(Vec<u8>),
    /// Withheld, and its sender gets this line.
    Answer(Vec<u8>),
    /// Held back until the next message of the same side.
    Delay,
    /// Both connections are closed.
    Close,
    /// The middle ends the handshake itself, with a good certificate for this host.
    Certificate(String),
    /// The same with one that nobody trusts.
    SelfSigned(String),
}

impl Custom {
    /// Reads an attack.
    ///
    /// # Errors
    /// The first mistake, with line and column, both from 1; also a text that is longer than [`TEXT_LIMIT`] octets or
    /// has more than [`RULE_LIMIT`] rules.
    pub fn parse(text: &str) -> Result<Self, CustomError> {
        parse::parse(text)
    }

    /// The attack as text, which [`Custom::parse`] reads as the same attack.
    #[must_use]
    pub fn text(&self) -> String {
        self.rules.iter().map(|rule| parse::write(rule) + "\n").collect()
    }

    /// Builds it for a protocol.
    #[must_use]
    pub fn tamper(&self, dialect: &'static Dialect) -> Box<dyn Tamper> {
        Box::new(Running {
            rules: self.rules.iter().map(|rule| (rule.clone(), 0)).collect(),
            dialect,
            messages: 0,
            handshakes: 0,
            tag: Vec::new(),
            held: [None, None],
            met: Vec::new(),
            too_much: false,
        })
    }
}

/// A message or handshake that came by a written attack, and the rules that did something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// It is a handshake that the client begins.
    pub handshake: bool,
    /// Who sent it.
    pub from: Side,
    /// The how manieth message, or handshake, of all, from 1: as `message N` and `handshake nth N` count.
    pub number: u32,
    /// Its place in the run; 0 until the run gives it one.
    pub place: u32,
    /// The rules that did something about it, by their place in the attack, from 0.
    pub rules: Vec<usize>,
}

impl Act {
    /// Whether the message goes on to the rules below, changed.
    #[must_use]
    pub fn changes(&self) -> bool {
        matches!(
            self,
            Self::Remove(_)
                | Self::Offer(_)
                | Self::Replace(..)
                | Self::Instead(_)
                | Self::Insert(_)
                | Self::Add(_)
        )
    }
}

struct Running {
    /// Each rule with how many messages fitted it.
    rules: Vec<(CustomRule, u32)>,
    dialect: &'static Dialect,
    messages: u32,
    handshakes: u32,
    tag: Vec<u8>,
    /// What waits for the next message of its side.
    held: [Option<(Vec<u8>, Origin)>; 2],
    /// What came by and was not asked for yet.
    met: Vec<Met>,
    /// A change made a message longer than [`CHANGED_LIMIT`].
    too_much: bool,
}

/// Changes that make a message longer than so many octets end the run: each may double it.
const CHANGED_LIMIT: usize = 1 << 20;

impl Tamper for Running {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        self.messages = self.messages.saturating_add(1);
        let mut met =
            Met { handshake: false, from: message.from, number: self.messages, place: 0, rules: Vec::new() };
        if self.rules.is_empty() {
            self.met.push(met);
            moves.pass();
            return;
        }
        let asked = match message.from {
            Side::Client => (self.dialect.command)(message.octets),
            Side::Server => None,
        };
        if let Some(asked) = &asked {
            self.tag.clone_from(&asked.tag);
        }
        let name = asked.as_ref().map(|asked| asked.name.as_str());
        let acts = self.acts_for(&message, name);
        let [client, server] = &mut self.held;
        let held = if message.from == Side::Client { client } else { server };
        if let Some((earlier, origin)) = held.take() {
            moves.onward(earlier, origin);
        }
        let (mut octets, mut origin) = (message.octets.to_vec(), Origin::Genuine);
        let mut behind = Vec::new();
        let mut last = Act::Pass;
        for (rule, act) in acts {
            let other = match act {
                Act::Remove(word) => (self.dialect.without_capabilities)(&octets, &|item| item == word),
                Act::Offer(item) => (self.dialect.with_items)(&octets, &[&item]),
                Act::Replace(old, new) => Some(replaced(&octets, &old, &new)).filter(|new| *new != octets),
                Act::Instead(text) => Some(self.filled(&text)),
                Act::Insert(line) => {
                    moves.add(self.filled(&line));
                    met.rules.push(rule);
                    None
                }
                Act::Add(line) => {
                    behind.push(self.filled(&line));
                    met.rules.push(rule);
                    None
                }
                decision => {
                    last = decision;
                    met.rules.push(rule);
                    None
                }
            };
            if let Some(other) = other {
                if other.len() > CHANGED_LIMIT {
                    self.too_much = true;
                    return;
                }
                (octets, origin) = (other, Origin::Changed);
                met.rules.push(rule);
            }
        }
        self.met.push(met);
        match last {
            Act::Drop | Act::Close | Act::Answer(_) => {}
            Act::Delay => {
                let [client, server] = &mut self.held;
                let held = if message.from == Side::Client { client } else { server };
                *held = Some((octets, origin));
            }
            _ if origin == Origin::Genuine => moves.pass(),
            _ => moves.replace(octets),
        }
        behind.into_iter().for_each(|line| moves.add(line));
        match last {
            Act::Answer(line) => moves.answer(self.filled(&line)),
            Act::Close => moves.close(),
            _ => {}
        }
    }

    fn handshake(&mut self, _hello: &ClientOffer) -> Handshake {
        self.handshakes = self.handshakes.saturating_add(1);
        let number = self.handshakes;
        let about = |(_, (rule, _)): &(usize, &(CustomRule, u32))| {
            rule.when.handshake && rule.when.nth.is_none_or(|nth| nth == number)
        };
        let found = self.rules.iter().enumerate().find(about);
        let rule = found.map(|(_, (rule, _))| rule.act.clone());
        let rules = found.map(|(index, _)| index).into_iter().collect();
        self.met.push(Met { handshake: true, from: Side::Client, number, place: 0, rules });
        let end = |host: &str, trusted| {
            let certificate = Certificate { trusted, ..Certificate::good(host) };
            Handshake::End(Box::new(ServerOffer::good(certificate)))
        };
        match rule {
            Some(Act::Certificate(host)) => end(&host, true),
            Some(Act::SelfSigned(host)) => end(&host, false),
            Some(Act::Drop) => Handshake::Break(Failure::NotTls),
            _ => Handshake::Through,
        }
    }

    fn connected(&mut self) {
        self.held = [None, None];
    }

    fn met(&mut self, to: &mut Vec<Met>) {
        to.append(&mut self.met);
    }

    fn too_much(&self) -> bool {
        self.too_much
    }
}

impl Running {
    /// What is to be done about a message, by which rules: the changes, and behind them at most one that decides.
    fn acts_for(&mut self, message: &Message<'_>, command: Option<&str>) -> Vec<(usize, Act)> {
        let mut acts: Vec<(usize, Act)> = Vec::new();
        for (index, (rule, fitted)) in self.rules.iter_mut().enumerate() {
            if !rule.when.fits(message, command, self.dialect) {
                continue;
            }
            *fitted = fitted.saturating_add(1);
            let here = rule.when.nth.is_none_or(|nth| nth == *fitted)
                && rule.when.message.is_none_or(|number| number == self.messages);
            if here && acts.last().is_none_or(|(_, last)| last.changes()) {
                acts.push((index, rule.act.clone()));
            }
        }
        acts
    }

    /// A line with its tags filled in and its ending.
    fn filled(&self, line: &[u8]) -> Vec<u8> {
        let line = replaced(line, b"{tag}", &self.tag);
        let line = replaced(&line, b"{next}", &next_tag(&self.tag));
        [&line[..], b"\r\n"].concat()
    }
}

impl When {
    fn fits(&self, message: &Message<'_>, command: Option<&str>, dialect: &Dialect) -> bool {
        let word = |wanted: &String| {
            let mut words = message.octets.split(|o| o.is_ascii_whitespace()).take(2);
            words.any(|word| word.eq_ignore_ascii_case(wanted.as_bytes()))
        };
        let lists = |wanted: &String| {
            let items = if message.from == Side::Server { (dialect.items)(message.octets) } else { None };
            items.is_some_and(|items| {
                wanted == "*"
                    || items.iter().any(|item| {
                        let first = item.split(' ').next().unwrap_or_default();
                        item.eq_ignore_ascii_case(wanted) || first.eq_ignore_ascii_case(wanted)
                    })
            })
        };
        !self.handshake
            && self.side.is_none_or(|side| side == message.from)
            && (!self.greeting || message.is_greeting())
            && self.command.as_ref().is_none_or(|wanted| {
                command.is_some_and(|name| name == wanted || name.split(' ').next() == Some(wanted.as_str()))
            })
            && self.reply.as_ref().is_none_or(|wanted| message.from == Side::Server && word(wanted))
            && self.lists.as_ref().is_none_or(lists)
            && self.says.as_ref().is_none_or(|text| memchr::memmem::find(message.octets, text).is_some())
    }
}

fn replaced(octets: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    if old.is_empty() {
        return octets.to_vec();
    }
    let mut made = Vec::with_capacity(octets.len());
    let mut at = 0;
    for found in memchr::memmem::find_iter(octets, old) {
        if made.len() > CHANGED_LIMIT {
            return made;
        }
        made.extend_from_slice(octets.get(at..found).unwrap_or_default());
        made.extend_from_slice(new);
        at = found.saturating_add(old.len());
    }
    made.extend_from_slice(octets.get(at..).unwrap_or_default());
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{Move, Relay};

    fn seen(text: &str, messages: &[(Side, &str)]) -> Vec<(Side, String)> {
        let custom = Custom::parse(text).unwrap();
        let mut relay = Relay::new(vec![custom.tamper(crate::proto::imap::RECORD.dialect)]);
        let moves = messages
            .iter()
            .flat_map(|(from, octets)| relay.message(*from, crate::base::Layer::Clear, octets.as_bytes()));
        let moves: Vec<_> = moves.collect();
        let said = moves.into_iter().map(|step| match step {
            Move::Deliver(delivery) => (delivery.to, String::from_utf8(delivery.octets).unwrap()),
            Move::Close | Move::Tls(_) => (Side::Client, "closed".to_owned()),
        });
        said.collect()
    }

    #[test]
    fn the_first_rule_that_fits_decides_and_the_rest_passes() {
        let text = "when client command STARTTLS nth 2 do answer \"{tag} NO {next}\"\n\
                    when server lists STARTTLS do remove STARTTLS\n";
        let said = seen(
            text,
            &[
                (Side::Server, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"),
                (Side::Client, "a1 STARTTLS\r\n"),
                (Side::Client, "a2 starttls\r\n"),
            ],
        );
        let expected = [
            (Side::Client, "* OK [CAPABILITY IMAP4rev1] hi\r\n"),
            (Side::Server, "a1 STARTTLS\r\n"),
            (Side::Client, "a2 NO a3\r\n"),
        ];
        assert_eq!(said, expected.map(|(to, text)| (to, text.to_owned())));
    }

    #[test]
    fn changes_hand_on_to_the_rules_below_and_the_first_decision_ends_it() {
        let text = "when server lists STARTTLS do remove STARTTLS\nwhen server lists * do offer AUTH=LOGIN\n\
                    when server greeting do add \"* OK [ALERT] x\"\nwhen message 2 do instead \"{tag} NOOP\"\n\
                    when client do drop\nwhen client do close\n";
        let greeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n";
        let said = seen(text, &[(Side::Server, greeting), (Side::Client, "a1 STARTTLS\r\n")]);
        let expected = [
            (Side::Client, "* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] hi\r\n".to_owned()),
            (Side::Client, "* OK [ALERT] x\r\n".to_owned()),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn it_tells_what_came_by_and_which_rules_did_something() {
        let text = "when server do remove STARTTLS\nwhen handshake nth 2 do drop\nwhen client do pass\n";
        let mut running = Custom::parse(text).unwrap().tamper(crate::proto::imap::RECORD.dialect);
        let mut moves = Moves::default();
        for (from, octets) in [(Side::Server, "* OK hi\r\n"), (Side::Client, "a STARTTLS\r\n")] {
            let message =
                Message { from, layer: crate::base::Layer::Clear, octets: octets.as_bytes(), number: 0 };
            running.message(message, &mut moves);
        }
        let hello = ClientOffer::careless("mail.example.test");
        assert!(matches!(running.handshake(&hello), Handshake::Through));
        assert!(matches!(running.handshake(&hello), Handshake::Break(_)));
        let mut met = Vec::new();
        running.met(&mut met);
        let told: Vec<_> = met.drain(..).map(|met| (met.handshake, met.number, met.rules)).collect();
        let expected = [(false, 1, vec![]), (false, 2, vec![2]), (true, 1, vec![]), (true, 2, vec![1])];
        assert_eq!(told, expected);
        running.met(&mut met);
        assert!(met.is_empty());
    }

    #[test]
    fn what_is_delayed_goes_ahead_of_the_next_message_of_its_side() {
        let said = seen(
            "when server message 1 do delay",
            &[(Side::Server, "* 1 EXISTS\r\n"), (Side::Client, "a NOOP\r\n"), (Side::Server, "a OK\r\n")],
        );
        let texts: Vec<_> = said.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["a NOOP\r\n", "* 1 EXISTS\r\n", "a OK\r\n"]);
    }
}
