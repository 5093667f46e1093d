//! What can be wrong with a profile file.

use crate::base::Protocol;
use std::fmt;

/// Something wrong at a place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file is larger than a description can be.
    TooLarge {
        /// The limit, in octets.
        limit: usize,
    },
    /// Octets that are no UTF-8.
    NotText,
    /// A character that does not show itself: a control character, a mark that turns text around.
    Invisible,
    /// A line that is neither `NAME = VALUE` nor a comment.
    NotAPair,
    /// Nothing behind the sign.
    NoValue {
        /// What was to be set.
        name: String,
    },
    /// No such entry.
    Unknown {
        /// What was written.
        name: String,
        /// What may have been meant, the likeliest first.
        near: Vec<&'static str>,
    },
    /// A switch of another party.
    OtherSide {
        /// The switch.
        name: String,
        /// Whose it is.
        owner: &'static str,
        /// The side that the file is about.
        side: &'static str,
    },
    /// A switch that only protocols have which the file does not name.
    OtherProtocol {
        /// The switch.
        name: String,
        /// The protocols that have it.
        protocols: Vec<Protocol>,
    },
    /// A value that is not among those that there are.
    Value {
        /// What was to be set.
        name: String,
        /// What was written.
        value: String,
        /// What there is.
        values: Vec<&'static str>,
        /// What may have been meant.
        near: Vec<&'static str>,
    },
    /// The same entry once more.
    Twice {
        /// The entry.
        name: String,
        /// Where it stood before.
        line: usize,
    },
    /// A text longer than can be shown.
    TooLong {
        /// The entry.
        name: &'static str,
        /// The limit, in characters.
        limit: usize,
    },
    /// An id of other characters than letters, digits, `-` and `.`.
    Id,
    /// A necessary entry is missing.
    Missing {
        /// The entry.
        name: &'static str,
        /// What it can be.
        values: &'static [&'static str],
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)
    }
}

impl std::error::Error for ProfileError {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meant = |near: &[&str]| crate::base::proposed(near);
        match self {
            Self::TooLarge { limit } => write!(f, "a profile has at most {limit} octets"),
            Self::NotText => write!(f, "these octets are not UTF-8 text"),
            Self::Invisible => write!(f, "an invisible character"),
            Self::NotAPair => write!(f, "this line does not read NAME = VALUE"),
            Self::NoValue { name } => write!(f, "`{name}` has no value"),
            Self::Unknown { name, near } => write!(f, "there is no `{name}`{}", meant(near)),
            Self::OtherSide { name, owner, side } => {
                write!(f, "`{name}` is a switch of the {owner}, and this is the profile of a {side}")
            }
            Self::OtherProtocol { name, protocols } => {
                let titles: Vec<_> = protocols.iter().map(|protocol| protocol.title()).collect();
                write!(f, "`{name}` is only in {}, which this line is not about", titles.join(" and "))
            }
            Self::Value { name, value, values, near } => {
                write!(f, "`{name}` does not take `{value}`; it takes {}{}", values.join(", "), meant(near))
            }
            Self::Twice { name, line } => write!(f, "`{name}` is set already in line {line}"),
            Self::TooLong { name, limit } => write!(f, "`{name}` has at most {limit} characters"),
            Self::Id => write!(f, "an id has only letters, digits, `-` and `.`, and begins with a letter"),
            Self::Missing { name, values } => {
                write!(f, "`{name}` is missing; it is {}", values.join(" or "))
            }
        }
    }
}
