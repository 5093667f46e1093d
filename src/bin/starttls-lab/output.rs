//! Standard output holds the report and nothing else; what else is to be said goes to standard error.

use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, Assumed, Outcome, Policy, RuleSet, Select, Side, report};
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

/// A policy that can be assumed, as a value of `--assume`.
pub fn policy(word: &str) -> Result<Policy, String> {
    let named = |policy: Policy| format!("{}={}", policy.side().name(), policy.id());
    Policy::ALL.into_iter().find(|policy| named(*policy) == word).ok_or_else(|| {
        let known = Policy::ALL.map(named).join(", ");
        format!("there is no such policy; there are {known}")
    })
}

/// What is assumed; of two policies of one side the last counts.
pub fn assumed(policies: &[Policy]) -> Assumed {
    let with = |assumed: Assumed, policy: &Policy| assumed.with(policy.side(), Some(*policy));
    policies.iter().fold(Assumed::default(), with)
}

/// The id of a rule as it was written, in any case of letters.
pub fn rule(id: &str) -> Result<&'static str, Failure> {
    pipeline::rule(id)
        .ok_or_else(|| Failure::Usage(format!("there is no rule `{id}`; `list rules` shows them")))
}

/// Which verdicts are shown and count.
#[derive(clap::Args)]
pub struct Selection {
    /// Only rules that say MUST, or MUST and SHOULD
    #[arg(long, value_name = "LEAST", value_parser = PossibleValuesParser::new(Select::STRICT.map(|(id, _)| id)))]
    strict: Option<String>,
    /// Only what one side is judged by
    #[arg(long, value_name = "SIDE", value_parser = PossibleValuesParser::new(Side::BOTH.map(Side::name)))]
    side: Option<String>,
    /// Only what stands in a document or section, such as "RFC 2595" or "2595 2.4"
    #[arg(long, value_name = "SECTION")]
    section: Option<String>,
    /// Only this outcome; may be given several times
    #[arg(long, value_name = "OUTCOME", value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::id)))]
    outcome: Vec<String>,
}

impl Selection {
    /// The choice.
    pub fn select(&self) -> Select {
        let level = |id: &String| Select::STRICT.into_iter().find(|(strict, _)| strict == id);
        Select {
            strict: self.strict.as_ref().and_then(level).map(|(_, level)| level),
            side: self.side.as_ref().and_then(|name| Side::BOTH.into_iter().find(|side| side.name() == name)),
            section: self.section.clone().unwrap_or_default(),
            outcomes: Outcome::ALL
                .into_iter()
                .filter(|o| self.outcome.iter().any(|id| id == o.id()))
                .collect(),
        }
    }
}
