//! When a task is done: a small language of facts about a run and about what is selected.
//!
//! ```text
//! attack(strip-capability) and not attacker.has(password)
//! rule(A11).client.broken or client.tls == required
//! ```

use super::Moment;
use super::error::LessonError;
use crate::attack;
use crate::base::{Party, Protocol, Side, Switch, meant};
use crate::harm;
use crate::rules::{self, Outcome};
use crate::sim::Setup;

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// Each of these holds.
    All(Vec<Check>),
    /// One of these holds.
    Any(Vec<Check>),
    /// This does not hold.
    Not(Box<Check>),
    /// A fact.
    Is(Fact),
}

/// A fact that a check can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The protocol.
    Protocol(Protocol),
    /// A side's profile, by its id.
    Profile(Side, String),
    /// A switch has a value.
    Switch(Party, &'static str, &'static str),
    /// An attack stands on the path, by its id; or none, or one that was written as text.
    Attack(&'static str),
    /// The attacker has something, by the id of the harm; or anything.
    Has(&'static str),
    /// A rule, or any, came out in a way, about one side or either.
    Rule(Option<&'static str>, Option<Side>, Outcome),
    /// The client got in.
    Login,
    /// The current row is of a kind.
    At(What),
    /// A row of a kind was drawn.
    Seen(What),
    /// A verdict on a rule is selected.
    Selected(&'static str),
    /// A screen was opened since the step began.
    Opened(String),
    /// A recording is on the table.
    Log,
}

/// A kind of row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It shows a secret.
    Secret,
    /// The first.
    Greeting,
    /// Altered on the way.
    Altered,
    /// Kept by the middle.
    Dropped,
    /// Made up by the middle.
    Forged,
    /// In the clear between STARTTLS and the handshake.
    Early,
    /// TLS is up.
    TlsUp,
    /// The handshake failed.
    TlsFailed,
    /// A message inside TLS.
    InTls,
    /// The last message before TLS.
    LastClear,
    /// A look-up.
    Lookup,
    /// The last.
    End,
    /// Its sentence holds these words.
    Says(String),
    /// The same, of a message inside TLS.
    SaysInTls(String),
}

/// The kinds of rows that have a name.
const WHATS: [(&str, What); 12] = [
    ("secret", What::Secret),
    ("greeting", What::Greeting),
    ("altered", What::Altered),
    ("dropped", What::Dropped),
    ("forged", What::Forged),
    ("early", What::Early),
    ("tls-up", What::TlsUp),
    ("tls-failed", What::TlsFailed),
    ("in-tls", What::InTls),
    ("last-clear", What::LastClear),
    ("lookup", What::Lookup),
    ("end", What::End),
];

/// Names of harms that say more than their ids.
const HARMS: [(&str, &str); 3] =
    [("password", "credential"), ("mail", "content"), ("victim", "attackers-account")];

/// Any attack, any harm.
pub(super) const ANYTHING: &str = "anything";

impl Check {
    /// Reads a check that stands in a line from a column on.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn read(text: &str, line: u32, column: usize) -> Result<Self, LessonError> {
        let mut reader = Reader { rest: text, text, line, column };
        let check = reader.any()?;
        if reader.peek().is_empty() { Ok(check) } else { Err(reader.wrong("`and`, `or` or the end")) }
    }

    /// Whether it holds at a moment.
    #[must_use]
    pub fn holds(&self, moment: &Moment<'_>) -> bool {
        match self {
            Self::All(checks) => checks.iter().all(|check| check.holds(moment)),
            Self::Any(checks) => checks.iter().any(|check| check.holds(moment)),
            Self::Not(check) => !check.holds(moment),
            Self::Is(fact) => fact.holds(moment),
        }
    }
}

impl Fact {
    fn holds(&self, moment: &Moment<'_>) -> bool {
        let setup = moment.setup;
        // With a recording on the table nothing is run.
        if moment.log
            && matches!(
                self,
                Self::Protocol(_) | Self::Profile(..) | Self::Switch(..) | Self::Attack(_) | Self::Has(_)
            )
        {
            return false;
        }
        match self {
            Self::Protocol(protocol) => setup.protocol.protocol == *protocol,
            Self::Profile(Side::Client, id) => setup.client.0.id == *id,
            Self::Profile(Side::Server, id) => setup.server.0.id == *id,
            Self::Switch(party, id, value) => {
                switches(setup, *party).any(|switch| switch.id == *id && setup.value(switch) == *value)
            }
            Self::Attack("none") => setup.attacks.is_empty() && setup.custom.is_none(),
            Self::Attack("own") => setup.custom.is_some(),
            Self::Attack(ANYTHING) => !setup.attacks.is_empty() || setup.custom.is_some(),
            Self::Attack(id) => setup.attacks.iter().any(|(attack, _)| attack.id == *id),
            Self::Has(ANYTHING) => !moment.harms.is_empty(),
            Self::Has(id) => moment.harms.contains(id),
            Self::Rule(id, side, outcome) => moment.verdicts.iter().any(|(rule, of, found)| {
                id.is_none_or(|id| id == *rule) && side.is_none_or(|side| side == *of) && found == outcome
            }),
            Self::Login => moment.logged_in,
            Self::At(what) => moment.fits(moment.at, what),
            Self::Seen(what) => moment.first(what).is_some_and(|first| first <= moment.reached),
            Self::Selected(id) => moment.selected.is_some_and(|(rule, _)| rule == *id),
            Self::Opened(screen) => moment.screens.contains(screen),
            Self::Log => moment.log,
        }
    }
}

impl What {
    /// Reads a kind of row by its name, or by words in quotes.
    pub(super) fn read(word: &str) -> Option<Self> {
        let quoted = |text: &str| text.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        if let Some(words) = quoted(word) {
            return Some(Self::Says(words));
        }
        if let Some(words) = word.strip_prefix("in-tls ").and_then(|rest| quoted(rest.trim_start())) {
            return Some(Self::SaysInTls(words));
        }
        WHATS.iter().find(|(name, _)| *name == word).map(|(_, what)| what.clone())
    }
}

/// The switches of a party in a setup.
fn switches(setup: &Setup, party: Party) -> impl Iterator<Item = &'static Switch> {
    let of = |side| (setup.protocol.switches)(side).iter().copied();
    let side = match party {
        Party::Client => Some(Side::Client),
        Party::Server => Some(Side::Server),
        Party::Middle => None,
    };
    let middle = party == Party::Middle;
    let attacks = setup.attacks.iter().filter(move |_| middle).flat_map(|(attack, _)| attack.switches);
    side.map(of).into_iter().flatten().chain(attacks.copied())
}

/// A switch of a party in any protocol, and one of its values.
pub(super) fn switch(party: Party, id: &str, value: &str) -> Result<(&'static str, &'static str), String> {
    let mut known: Vec<&'static Switch> = Vec::new();
    for protocol in Protocol::ALL {
        let setup = Setup::new(protocol).ok();
        known.extend(setup.iter().flat_map(|setup| switches(setup, party)));
    }
    if party == Party::Middle {
        known.extend(attack::ALL.iter().flat_map(|attack| attack.switches.iter().copied()));
    }
    let mut named = known.iter().filter(|switch| switch.id == id).peekable();
    if named.peek().is_none() {
        let near = meant(id, known.iter().map(|switch| switch.id));
        return Err(format!("the {} has no switch `{id}`{near}", party.name()));
    }
    let values: Vec<_> = named.clone().flat_map(|switch| switch.values.iter().copied()).collect();
    let found = named.find_map(|switch| Some((switch.id, *switch.values.iter().find(|v| **v == value)?)));
    found.ok_or_else(|| format!("`{id}` has no value `{value}`; it has {}", values.join(", ")))
}

/// The attack of an id, also `none`, `own` and `any`.
pub(super) fn attack_of(id: &str) -> Result<&'static str, String> {
    match id {
        "none" => return Ok("none"),
        "own" => return Ok("own"),
        "any" => return Ok(ANYTHING),
        _ => {}
    }
    attack::ALL.iter().find(|attack| attack.id == id).map(|attack| attack.id).ok_or_else(|| {
        format!("there is no attack `{id}`{}", meant(id, attack::ALL.iter().map(|attack| attack.id)))
    })
}

/// The rule of an id.
pub(super) fn rule_of(id: &str) -> Result<&'static str, String> {
    let found = rules::find(id).map(|rule| rule.id);
    found
        .ok_or_else(|| format!("there is no rule `{id}`{}", meant(id, rules::ALL.iter().map(|rule| rule.id))))
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    line: u32,
    column: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let word = |c: char| c.is_ascii_alphanumeric() || "-.+_".contains(c);
        let end = self.rest.find(|c| !word(c)).unwrap_or(self.rest.len());
        let end = match end {
            0 if self.rest.starts_with("==") || self.rest.starts_with("!=") => 2,
            0 => self.rest.chars().next().map_or(0, char::len_utf8),
            end => end,
        };
        self.rest.get(..end).unwrap_or_default()
    }

    fn next(&mut self) -> &'a str {
        let word = self.peek();
        self.rest = self.rest.get(word.len()..).unwrap_or_default();
        word
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.peek() == word;
        if there {
            self.next();
        }
        there
    }

    fn error(&self, message: impl Into<String>) -> LessonError {
        let done = self.text.len().saturating_sub(self.rest.len());
        let before = self.text.get(..done).unwrap_or_default().chars().count();
        LessonError::new(self.line, self.column.saturating_add(before), message)
    }

    fn wrong(&mut self, wanted: &str) -> LessonError {
        let found = match self.peek() {
            "" => "the line ends here".to_owned(),
            word => format!("here stands `{word}`"),
        };
        self.error(format!("{found}, where {wanted} is expected"))
    }

    fn any(&mut self) -> Result<Check, LessonError> {
        let first = self.all()?;
        let mut more = vec![first];
        while self.take("or") {
            more.push(self.all()?);
        }
        Ok(if more.len() == 1 { more.remove(0) } else { Check::Any(more) })
    }

    fn all(&mut self) -> Result<Check, LessonError> {
        let first = self.one()?;
        let mut more = vec![first];
        while self.take("and") {
            more.push(self.one()?);
        }
        Ok(if more.len() == 1 { more.remove(0) } else { Check::All(more) })
    }

    fn one(&mut self) -> Result<Check, LessonError> {
        if self.take("not") {
            return Ok(Check::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let inner = self.any()?;
            return if self.take(")") { Ok(inner) } else { Err(self.wrong("`)`")) };
        }
        let place = self.rest;
        let word = self.peek();
        if word.is_empty() || !word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(self.wrong("a fact"));
        }
        self.next();
        let fact = self.fact(word).map_err(|message| match message {
            Wrong::Here(error) => error,
            Wrong::At(message) => {
                self.rest = place.trim_start();
                self.error(message)
            }
        })?;
        Ok(fact)
    }

    /// What stands between parentheses.
    fn inside(&mut self) -> Result<&'a str, Wrong> {
        if !self.take("(") {
            return Err(Wrong::Here(self.wrong("`(`")));
        }
        let Some((inside, rest)) = self.rest.split_once(')') else {
            return Err(Wrong::Here(self.error("a `)` is missing")));
        };
        self.rest = rest;
        Ok(inside.trim())
    }

    fn fact(&mut self, word: &str) -> Result<Check, Wrong> {
        let is = |fact| Ok(Check::Is(fact));
        match word {
            "attack" => is(Fact::Attack(attack_of(self.inside()?)?)),
            "attacker.has" => {
                let name = self.inside()?;
                let id = HARMS.iter().find(|(known, _)| *known == name).map_or(name, |(_, id)| *id);
                if id == ANYTHING {
                    return is(Fact::Has(ANYTHING));
                }
                match harm::ALL.iter().find(|harm| harm.id == id) {
                    Some(harm) => is(Fact::Has(harm.id)),
                    None => {
                        let known = harm::ALL.iter().map(|harm| harm.id);
                        let known: Vec<_> = HARMS.iter().map(|(name, _)| *name).chain(known).collect();
                        Err(format!("nothing is called `{name}`; there are {}, {ANYTHING}", known.join(", "))
                            .into())
                    }
                }
            }
            "rule" => {
                let id = match self.inside()? {
                    "any" => None,
                    id => Some(rule_of(id)?),
                };
                let how = self.next();
                let mut side = None;
                for part in how.split('.').filter(|part| !part.is_empty()) {
                    let outcome = match part {
                        "client" => {
                            side = Some(Side::Client);
                            continue;
                        }
                        "server" => {
                            side = Some(Side::Server);
                            continue;
                        }
                        "broken" => Outcome::Fail,
                        "kept" => Outcome::Pass,
                        "unknown" => Outcome::CannotTell,
                        _ => break,
                    };
                    return is(Fact::Rule(id, side, outcome));
                }
                Err("behind a rule stands `.broken`, `.kept` or `.unknown`, and `.client` or `.server` before it"
                    .to_owned()
                    .into())
            }
            "login.works" => is(Fact::Login),
            "log.open" => is(Fact::Log),
            "at" | "seen" => {
                let name = self.inside()?;
                let what = What::read(name).ok_or_else(|| {
                    let known: Vec<_> = WHATS.iter().map(|(name, _)| *name).collect();
                    format!("no row is called `{name}`; there are {} and words in quotes", known.join(", "))
                })?;
                is(if word == "at" { Fact::At(what) } else { Fact::Seen(what) })
            }
            "selected" => is(Fact::Selected(rule_of(self.inside()?)?)),
            "opened" => is(Fact::Opened(self.inside()?.to_owned())),
            _ => self.compared(word),
        }
    }

    /// `client.tls == required`
    fn compared(&mut self, word: &str) -> Result<Check, Wrong> {
        let known = [
            "attack(",
            "attacker.has(",
            "rule(",
            "login.works",
            "log.open",
            "at(",
            "seen(",
            "selected(",
            "opened(",
            "protocol",
            "client.",
            "middle.",
            "server.",
        ];
        let (party, id) = word.split_once('.').unwrap_or((word, ""));
        if word != "protocol" && !["client", "middle", "server"].contains(&party) {
            return Err(
                format!("nothing is known of `{word}`; a fact begins with {}", known.join(", ")).into()
            );
        }
        let equal = match self.next() {
            "==" => true,
            "!=" => false,
            _ => return Err(format!("behind `{word}` stands `==` or `!=` and a value").into()),
        };
        let value = self.next();
        let fact = match (party, id) {
            ("protocol", _) => {
                let found = Protocol::ALL.into_iter().find(|protocol| protocol.id() == value);
                Fact::Protocol(found.ok_or_else(|| format!("there is no protocol `{value}`"))?)
            }
            ("client", "profile") => Fact::Profile(Side::Client, profile(Side::Client, value)?),
            ("server", "profile") => Fact::Profile(Side::Server, profile(Side::Server, value)?),
            _ => {
                let party = party_of(party).ok_or_else(|| format!("there is no party `{party}`"))?;
                let (id, value) = switch(party, id, value)?;
                Fact::Switch(party, id, value)
            }
        };
        let check = Check::Is(fact);
        Ok(if equal { check } else { Check::Not(Box::new(check)) })
    }
}

/// A mistake whose place is known, or that lies at the beginning of the fact.
enum Wrong {
    Here(LessonError),
    At(String),
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self::At(message)
    }
}

pub(super) fn party_of(name: &str) -> Option<Party> {
    [Party::Client, Party::Middle, Party::Server].into_iter().find(|party| party.name() == name)
}

/// The id of a profile that some protocol has.
pub(super) fn profile(side: Side, id: &str) -> Result<String, String> {
    let setups: Vec<_> = Protocol::ALL.into_iter().filter_map(|protocol| Setup::new(protocol).ok()).collect();
    let known = || setups.iter().flat_map(|setup| setup.protocol.all_profiles(side)).map(|p| &*p.id);
    if known().any(|known| known == id) {
        return Ok(id.to_owned());
    }
    Err(format!("there is no {} profile `{id}`{}", side.name(), meant(id, known())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Check::read(text, 3, 7).unwrap_err().to_string()
    }

    #[test]
    fn facts_are_put_together() {
        let check = Check::read(
            "attack(strip-capability) and not (attacker.has(password) or client.tls == required)",
            1,
            1,
        );
        let is = Check::Is;
        let inner =
            Check::Any(vec![is(Fact::Has("credential")), is(Fact::Switch(Party::Client, "tls", "required"))]);
        assert_eq!(
            check,
            Ok(Check::All(vec![is(Fact::Attack("strip-capability")), Check::Not(Box::new(inner))]))
        );
        assert_eq!(
            Check::read("rule(A11).client.broken", 1, 1),
            Ok(is(Fact::Rule(Some("A11"), Some(Side::Client), Outcome::Fail)))
        );
        assert_eq!(
            Check::read("at(\"STARTTLS (now)\"", 1, 1).map_err(|e| e.column),
            Err(1),
            "a parenthesis in words is not read"
        );
        assert_eq!(Check::read("seen(\"a1 OK\")", 1, 1), Ok(is(Fact::Seen(What::Says("a1 OK".to_owned())))));
        assert_eq!(
            Check::read("server.profile != strict", 1, 1),
            Ok(Check::Not(Box::new(is(Fact::Profile(Side::Server, "strict".to_owned())))))
        );
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_what_was_meant() {
        assert_eq!(
            error("attack(strip-capabilty)"),
            "line 3, column 7: there is no attack `strip-capabilty`; did you mean `strip-capability`?"
        );
        assert_eq!(
            error("login.works and client.tsl == required"),
            "line 3, column 23: the client has no switch `tsl`; did you mean `tls`?"
        );
        assert!(error("client.tls == sometimes").contains("it has opportunistic, required"));
        assert!(error("rule(A11)").contains(".broken"));
        assert_eq!(
            error("login.works login.works"),
            "line 3, column 19: here stands `login.works`, where `and`, `or` or the end is expected"
        );
        assert_eq!(error("not"), "line 3, column 10: the line ends here, where a fact is expected");
        assert!(error("(login.works").contains("`)`"));
        assert!(error("server == x").contains("no switch"));
    }
}
