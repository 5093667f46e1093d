//! Named switches: what a party may rightly choose (settings) and what it may do wrong (conduct).

use super::{Party, near, proposed};
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Whether a switch is a choice or a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwitchKind {
    /// A choice that the documents leave open.
    Setting,
    /// Misbehaviour; its default is the compliant value.
    Conduct,
}

/// One switch of one role.
#[derive(Debug)]
pub struct Switch {
    /// Stable id, used on the command line and in links.
    pub id: &'static str,
    /// Whose it is.
    pub owner: Party,
    /// Choice or fault.
    pub kind: SwitchKind,
    /// A short label.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The values it takes; the first is the default.
    pub values: &'static [&'static str],
    /// For conduct: the rules that it breaks.
    pub breaks: &'static [&'static str],
    /// What to ask a person who knows the program but not the documents; empty: whether `about` is true of it.
    pub question: &'static str,
    /// The values in that person's words, in the order of `values`; empty: the values themselves say it.
    pub answers: &'static [&'static str],
}

impl Switch {
    /// The question for a person who describes a program.
    #[must_use]
    pub fn asks(&self) -> Cow<'static, str> {
        match self.question {
            "" => Cow::Owned(format!("Is this true of it? {}", self.about)),
            question => Cow::Borrowed(question),
        }
    }

    /// Every value with the answer that stands for it.
    pub fn answered(&self) -> impl Iterator<Item = (&'static str, Cow<'static, str>)> {
        self.values.iter().enumerate().map(|(number, &value)| {
            let answer = match (self.answers.get(number), value) {
                (Some(answer), _) => Cow::Borrowed(*answer),
                (None, "off") => Cow::Borrowed("No"),
                (None, "on") => Cow::Borrowed("Yes"),
                (None, value) => Cow::Owned(value.replace('-', " ")),
            };
            (value, answer)
        })
    }
}

/// Defines one switch: owner and name, id, kind, values, rules it breaks, title, and what it does. Behind a semicolon may
/// stand the question for somebody who describes a program, and the values as answers to it.
macro_rules! switch {
    ($owner:ident $name:ident, $id:literal, $kind:ident, $values:expr, $breaks:expr, $title:literal, $about:literal $(,)?) => {
        $crate::base::switch!($owner $name, $id, $kind, $values, $breaks, $title, $about; "", &[]);
    };
    ($owner:ident $name:ident, $id:literal, $kind:ident, $values:expr, $breaks:expr, $title:literal, $about:literal;
     $question:literal, $answers:expr $(,)?) => {
        pub(crate) static $name: $crate::base::Switch = $crate::base::Switch {
            id: $id,
            owner: $crate::base::Party::$owner,
            kind: $crate::base::SwitchKind::$kind,
            title: $title,
            about: $about,
            values: $values,
            breaks: $breaks,
            question: $question,
            answers: $answers,
        };
    };
}
pub(crate) use switch;

/// The two values of a switch that is on or off.
pub const OFF_ON: &[&str] = &["off", "on"];

/// The values of one party's switches; what is not set has its default.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    /// By id, in order: there are few, and most looks are at one that is not here.
    values: Vec<(&'static str, &'static str)>,
    watch: Option<Watch>,
}

impl PartialEq for Switches {
    /// Who watches makes no difference.
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Eq for Switches {}

/// A switch that somebody looked at: whose, and which.
pub type Asked = (Party, &'static str);

/// A look at a switch, with the value that was found if it was not the default.
pub type Look = (Asked, Option<&'static str>);

/// Writes down which switches are looked at, in the order of the first look. Copies of watched switches are watched too.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Looks>>);

#[derive(Debug, Default)]
struct Looks {
    order: Vec<Look>,
    /// The switches themselves, by where they stand, in order: each is a static.
    known: Vec<usize>,
}

impl Watch {
    fn look(&self, switch: &Switch, value: Option<&'static str>) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = std::ptr::from_ref(switch).addr();
        if let Err(at) = looks.known.binary_search(&here) {
            looks.known.insert(at, here);
            looks.order.push(((switch.owner, switch.id), value));
        }
    }

    /// What was looked at so far.
    #[must_use]
    pub fn looks(&self) -> Vec<Look> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).order.clone()
    }
}

/// Why a switch could not be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchError {
    /// There is no such switch.
    Unknown {
        /// What was asked for.
        id: String,
        /// What was perhaps meant.
        near: Vec<&'static str>,
    },
    /// The switch does not take this value.
    Value {
        /// The switch.
        id: &'static str,
        /// What was asked for.
        value: String,
        /// What it takes.
        values: &'static [&'static str],
    },
}

impl fmt::Display for SwitchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id, near } => write!(f, "there is no switch `{id}`{}", proposed(near)),
            Self::Value { id, value, values } => {
                write!(f, "`{id}` does not take `{value}`; it takes {}", values.join(", "))
            }
        }
    }
}

impl std::error::Error for SwitchError {}

impl SwitchError {
    /// There is no such switch in a list.
    #[must_use]
    pub fn unknown(id: &str, list: &[&'static Switch]) -> Self {
        Self::Unknown { id: id.to_owned(), near: near(id, list.iter().map(|switch| switch.id)) }
    }
}

impl Switches {
    /// The value of a switch.
    #[must_use]
    pub fn get(&self, switch: &Switch) -> &'static str {
        let value = self.of(switch.id);
        if let Some(watch) = &self.watch {
            watch.look(switch, value);
        }
        value.or_else(|| switch.values.first().copied()).unwrap_or_default()
    }

    /// The value of a switch that does not have its default.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<&'static str> {
        // Of so few, their lengths tell most apart.
        self.values.iter().find(|(known, _)| *known == id).map(|(_, value)| *value)
    }

    /// The same, with every look at them written down.
    #[must_use]
    pub fn watched(&self, watch: &Watch) -> Self {
        Self { values: self.values.clone(), watch: Some(watch.clone()) }
    }

    /// Whether a switch with the values off and on is on.
    #[must_use]
    pub fn on(&self, switch: &Switch) -> bool {
        self.get(switch) == "on"
    }

    /// Sets a switch of a list.
    ///
    /// # Errors
    /// When the list has no such switch or the switch no such value.
    pub fn set(&mut self, list: &[&'static Switch], id: &str, value: &str) -> Result<(), SwitchError> {
        let switch =
            list.iter().find(|switch| switch.id == id).ok_or_else(|| SwitchError::unknown(id, list))?;
        let value = switch.values.iter().find(|v| **v == value).ok_or_else(|| SwitchError::Value {
            id: switch.id,
            value: value.to_owned(),
            values: switch.values,
        })?;
        let default = switch.values.first() == Some(value);
        match self.values.binary_search_by(|(known, _)| (*known).cmp(switch.id)) {
            Ok(at) if default => drop(self.values.remove(at)),
            Ok(at) => self.values.iter_mut().skip(at).take(1).for_each(|known| known.1 = value),
            Err(_) if default => {}
            Err(at) => self.values.insert(at, (switch.id, value)),
        }
        Ok(())
    }

    /// What differs from the defaults, by id.
    pub fn changed(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.values.iter().copied()
    }
}
