//! What a job says when it cannot go on: one or two sentences for a person.

use std::{fmt, io, path::Path};

/// A sentence or two that say what is wrong and, where known, what to do about it.
#[derive(Debug)]
pub struct Problem(String);

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem in the words given.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A file that could not be read, written, made or removed (`verb`).
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot {verb} {}: {error}", path.display()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<lexopt::Error> for Problem {
    fn from(error: lexopt::Error) -> Self {
        Self(format!("{error}; `cargo xtask --help` lists the options"))
    }
}
