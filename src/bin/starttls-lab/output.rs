//! Standard output holds the report and nothing else; what else is to be said goes to standard error.

use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, RuleSet, report};
use std::io::{self, ErrorKind, Write};

/// Why a command could not do its work.
pub enum Failure {
    /// The arguments make no sense; why.
    Usage(String),
    /// An input cannot be read; which and why.
    Unreadable(String),
    /// The reader of our output is gone.
    NobodyReads,
    /// The output cannot be written.
    Write(io::Error),
}

impl From<pipeline::SetupError> for Failure {
    fn from(error: pipeline::SetupError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::NobodyReads } else { Self::Write(error) }
    }
}

/// Standard output.
pub struct Output {
    to: io::BufWriter<io::StdoutLock<'static>>,
}

impl Output {
    pub fn new() -> Self {
        Self { to: io::BufWriter::new(io::stdout().lock()) }
    }

    /// Writes text and empties it.
    pub fn put(&mut self, text: &mut String) -> Result<(), Failure> {
        self.to.write_all(text.as_bytes())?;
        text.clear();
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }
}

/// Says something on standard error. If that fails, nobody is left to be told.
pub fn complain(message: &str) {
    let message = pipeline::printable(message.as_bytes());
    let _ = writeln!(io::stderr(), "starttls-lab: {message}");
}

/// The formats of reports, as values of `--output`.
pub fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(report::ALL.iter().map(|format| format.id))
}

/// A writer of a format that clap has let through.
pub fn writer(id: &str) -> Result<Box<dyn report::Writer>, Failure> {
    let format = report::find(id).ok_or_else(|| Failure::Usage(format!("there is no output `{id}`")))?;
    Ok((format.writer)())
}

/// The rule sets, as values of `--rules`.
pub fn rule_sets() -> PossibleValuesParser {
    PossibleValuesParser::new(RuleSet::ALL.map(RuleSet::id))
}

/// A rule set that clap has let through.
pub fn rule_set(id: &str) -> RuleSet {
    RuleSet::ALL.into_iter().find(|set| set.id() == id).unwrap_or_default()
}

/// A record as JSON.
pub fn json(record: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(record).unwrap_or_default();
    text.push('\n');
    text
}
