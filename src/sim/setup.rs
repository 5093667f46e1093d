//! What a run is made of.

use crate::attack::{self, Attack, Custom};
use crate::base::{Party, Profile, Protocol, Secret, Seed, Side, Switch, SwitchError, Switches, meant};
use crate::proto::{self, Account, Caller, Person, ProtocolRecord, Shelf};
use std::borrow::Cow;
use std::fmt;

/// A setup: two parties, what stands between them, and a seed.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The protocol.
    pub protocol: &'static ProtocolRecord,
    /// The client's profile and its switches.
    pub client: (Cow<'static, Profile>, Switches),
    /// The server's profile and its switches.
    pub server: (Cow<'static, Profile>, Switches),
    /// The attacks in path order, nearest to the client first.
    pub attacks: Vec<(&'static Attack, Switches)>,
    /// An attack that was written as text.
    pub custom: Option<Custom>,
    /// So many of the attacks stand between the client and the written one; without a number, or with one that is too
    /// large, all of them do.
    pub custom_at: Option<usize>,
    /// The run ends when this message or handshake, from 1 by the order of [`super::Run::met`], has reached the middle and not yet left it.
    pub hold: Option<u32>,
    /// Where chance comes from.
    pub seed: Seed,
}

/// Why a setup cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupError {
    /// The protocol has no machines.
    Protocol(Protocol),
    /// There is no such profile.
    Profile {
        /// Whose.
        side: Side,
        /// What was asked for.
        id: String,
        /// What there is.
        known: Vec<Cow<'static, str>>,
    },
    /// There is no such attack, or not for this protocol.
    Attack {
        /// What was asked for.
        id: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The attack stands on the path already.
    AttackTwice {
        /// Which.
        id: &'static str,
    },
    /// A switch of an attack that is not on the path.
    Absent {
        /// The switch.
        id: String,
        /// The attacks that have it.
        attacks: Vec<&'static str>,
    },
    /// A switch does not read `SIDE.SWITCH=VALUE`.
    Form {
        /// What was given.
        text: String,
    },
    /// A switch or value is unknown.
    Switch(SwitchError),
}

/// What may have been meant, or else all that there is.
fn meant_or_all<'a>(id: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match meant(id, names.clone()) {
        none if none.is_empty() => format!("; there are {}", names.collect::<Vec<_>>().join(", ")),
        near => near,
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(protocol) => write!(f, "{} cannot be simulated yet", protocol.title()),
            Self::Profile { side, id, known } => {
                let names = known.iter().map(|name| &**name);
                write!(f, "there is no {} profile `{id}`{}", side.name(), meant_or_all(id, names))
            }
            Self::Attack { id, known } => {
                let names = known.iter().copied();
                write!(f, "there is no attack `{id}` for this protocol{}", meant_or_all(id, names))
            }
            Self::AttackTwice { id } => {
                write!(f, "`{id}` stands on the path already; an attack acts once, with all its switches")
            }
            Self::Absent { id, attacks } => {
                let choose = attacks.join("` or `--attack ");
                write!(
                    f,
                    "`middle.{id}` belongs to an attack that is not on the path; add `--attack {choose}`"
                )
            }
            Self::Form { text } => {
                write!(f, "`{text}` does not read SIDE.SWITCH=VALUE with client, middle or server as SIDE")
            }
            Self::Switch(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SetupError {}

impl From<SwitchError> for SetupError {
    fn from(error: SwitchError) -> Self {
        Self::Switch(error)
    }
}

impl Setup {
    /// Both default profiles of a protocol and an honest middle.
    ///
    /// # Errors
    /// When the protocol has no machines.
    pub fn new(protocol: Protocol) -> Result<Self, SetupError> {
        let record = proto::find(protocol).ok_or(SetupError::Protocol(protocol))?;
        let first = |side| {
            let profile = (record.profiles)(side).first().copied().ok_or(SetupError::Protocol(protocol))?;
            Ok::<_, SetupError>((Cow::Borrowed(profile), profile.switches((record.switches)(side))))
        };
        Ok(Self {
            protocol: record,
            client: first(Side::Client)?,
            server: first(Side::Server)?,
            attacks: Vec::new(),
            custom: None,
            custom_at: None,
            hold: None,
            seed: Seed(1),
        })
    }

    /// Gives one side another profile; its switches start anew.
    ///
    /// # Errors
    /// When there is no such profile.
    pub fn profile(&mut self, side: Side, id: &str) -> Result<(), SetupError> {
        let profiles = || self.protocol.all_profiles(side);
        let profile = profiles().find(|profile| profile.id == id).ok_or_else(|| {
            let known = profiles().map(|profile| profile.id.clone()).collect();
            SetupError::Profile { side, id: id.to_owned(), known }
        })?;
        self.behave(Cow::Borrowed(profile));
        Ok(())
    }

    /// Gives the side that a profile is about this profile, which need not be a built-in one; its switches start anew.
    pub fn behave(&mut self, profile: Cow<'static, Profile>) {
        let switches = profile.switches((self.protocol.switches)(profile.side));
        match profile.side {
            Side::Client => self.client = (profile, switches),
            Side::Server => self.server = (profile, switches),
        }
    }

    /// Puts an attack on the path, behind those that are there.
    ///
    /// # Errors
    /// When there is no such attack for this protocol, or it stands there already.
    pub fn attack(&mut self, id: &str) -> Result<(), SetupError> {
        let protocol = self.protocol.protocol;
        let fits = |attack: &&&'static Attack| attack.protocols.contains(&protocol);
        let attack = attack::ALL.iter().filter(fits).find(|attack| attack.id == id).ok_or_else(|| {
            let known = attack::ALL.iter().filter(fits).map(|attack| attack.id).collect();
            SetupError::Attack { id: id.to_owned(), known }
        })?;
        if self.attacks.iter().any(|(there, _)| there.id == attack.id) {
            return Err(SetupError::AttackTwice { id: attack.id });
        }
        self.attacks.push((attack, Switches::default()));
        Ok(())
    }

    /// How many of the attacks stand between the client and the written one.
    #[must_use]
    pub fn custom_place(&self) -> usize {
        self.custom_at.unwrap_or(usize::MAX).min(self.attacks.len())
    }

    /// Sets a switch of a party. The middle's switches belong to whichever of its attacks have them.
    ///
    /// # Errors
    /// When the party has no such switch or the switch no such value.
    pub fn set(&mut self, party: Party, id: &str, value: &str) -> Result<(), SetupError> {
        let switches = |side| (self.protocol.switches)(side);
        match party {
            Party::Client => self.client.1.set(switches(Side::Client), id, value)?,
            Party::Server => self.server.1.set(switches(Side::Server), id, value)?,
            Party::Middle => {
                let mut known = false;
                for (attack, values) in &mut self.attacks {
                    if attack.switches.iter().any(|switch| switch.id == id) {
                        values.set(attack.switches, id, value)?;
                        known = true;
                    }
                }
                if !known {
                    let protocol = self.protocol.protocol;
                    let has = |attack: &&&'static Attack| {
                        attack.protocols.contains(&protocol)
                            && attack.switches.iter().any(|switch| switch.id == id)
                    };
                    let attacks: Vec<_> = attack::ALL.iter().filter(has).map(|attack| attack.id).collect();
                    if attacks.is_empty() {
                        let all: Vec<_> =
                            attack::ALL.iter().flat_map(|attack| attack.switches).copied().collect();
                        return Err(SwitchError::unknown(id, &all).into());
                    }
                    return Err(SetupError::Absent { id: id.to_owned(), attacks });
                }
            }
        }
        Ok(())
    }

    /// Sets a switch as the command line writes it: `SIDE.SWITCH=VALUE`.
    ///
    /// # Errors
    /// When the text has another form, or as [`Setup::set`].
    pub fn set_text(&mut self, text: &str) -> Result<(), SetupError> {
        let form = || SetupError::Form { text: text.to_owned() };
        let (name, value) = text.split_once('=').ok_or_else(form)?;
        let (party, id) = name.split_once('.').ok_or_else(form)?;
        let party = [Party::Client, Party::Middle, Party::Server]
            .into_iter()
            .find(|known| known.name() == party)
            .ok_or_else(form)?;
        self.set(party, id, value)
    }

    /// A setup in words: the protocol, then `client=PROFILE`, `server=PROFILE`, `attack=ID`, `seed=N` and
    /// `SIDE.SWITCH=VALUE`, in this order.
    ///
    /// # Errors
    /// When a word has another form or names something that there is not.
    pub fn from_words(words: &str) -> Result<Self, SetupError> {
        let mut words = words.split_whitespace();
        let first = words.next().unwrap_or_default();
        let form = |text: &str| SetupError::Form { text: text.to_owned() };
        let protocol = Protocol::ALL.into_iter().find(|p| p.id() == first).ok_or_else(|| form(first))?;
        let mut setup = Self::new(protocol)?;
        for word in words {
            match word.split_once('=').ok_or_else(|| form(word))? {
                ("client", id) => setup.profile(Side::Client, id)?,
                ("server", id) => setup.profile(Side::Server, id)?,
                ("attack", id) => setup.attack(id)?,
                ("seed", number) => setup.seed = Seed(number.parse().map_err(|_| form(word))?),
                _ => setup.set_text(word)?,
            }
        }
        Ok(setup)
    }

    /// The value of a switch as the setup has it.
    #[must_use]
    pub fn value(&self, switch: &Switch) -> &'static str {
        match switch.owner {
            Party::Client => self.client.1.get(switch),
            Party::Server => self.server.1.get(switch),
            Party::Middle => {
                let holder = self
                    .attacks
                    .iter()
                    .find(|(attack, _)| attack.switches.iter().any(|known| std::ptr::eq(*known, switch)));
                holder.map_or_else(|| Switches::default().get(switch), |(_, values)| values.get(switch))
            }
        }
    }
}

/// The account that every simulated session is about.
#[must_use]
pub fn default_account() -> Account {
    Account {
        host: Cow::Borrowed("mail.example.test"),
        user: Cow::Borrowed("tim"),
        password: Secret::of_nobody(b"tanstaaftanstaaf"),
        message: Cow::Borrowed(
            "From: ana@example.test\r\nTo: tim@example.test\r\nSubject: Friday\r\n\r\nThe safe opens with 4711.\r\n",
        ),
        groups: &["staff"],
        shelf: Shelf::default(),
        caller: Caller::default(),
        others: Cow::Borrowed(&OTHERS),
    }
}

static OTHERS: [Person; 2] = [
    Person {
        user: Cow::Borrowed("ana"),
        password: Secret::of_nobody(b"wunderlampe"),
        message: Cow::Borrowed(
            "From: tim@example.test\r\nTo: ana@example.test\r\nSubject: Re: Friday\r\n\r\nThen I know the way.\r\n",
        ),
        groups: &[],
        acts_for_others: false,
        from_inside: false,
    },
    Person {
        user: Cow::Borrowed("carol"),
        password: Secret::of_nobody(b"karussell"),
        message: Cow::Borrowed(
            "From: ana@example.test\r\nTo: carol@example.test\r\nSubject: Cake\r\n\r\nPlum or cherry?\r\n",
        ),
        groups: &["staff"],
        acts_for_others: false,
        from_inside: true,
    },
];

/// What the attacker's own server knows: it takes any login, for which the model gives it the one that will be tried,
/// and has a message of its own to show.
#[must_use]
pub fn attackers_account() -> Account {
    Account {
        host: Cow::Borrowed("mx.evil.example"),
        message: Cow::Borrowed(
            "From: ana@example.test\r\nTo: tim@example.test\r\nSubject: Friday\r\n\r\nPlease call this number.\r\n",
        ),
        ..default_account()
    }
}
