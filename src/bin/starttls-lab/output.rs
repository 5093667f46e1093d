//! Standard output holds the report and nothing else; what else is to be said goes to standard error.

use clap::builder::{PossibleValue, PossibleValuesParser};
use starttls_lab::pipeline::report::Kind;
use starttls_lab::pipeline::{self, Assumed, Outcome, Policy, RuleSet, Select, Side, report};
use std::io::{self, ErrorKind, Write};

/// Why a command could not do its work.
pub enum Failure {
    /// The arguments make no sense; why.
    Usage(String),
    /// An input cannot be read; which and why.
    Unreadable(String),
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
        Self::Write(error)
    }
}

/// Standard output. Who reads it may have read enough (`| head`): the work goes on without him, since its exit code means
/// the same thing all the same.
pub struct Output {
    to: io::BufWriter<io::StdoutLock<'static>>,
}

fn unless_nobody_reads(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

impl Output {
    pub fn new() -> Self {
        Self { to: io::BufWriter::new(io::stdout().lock()) }
    }

    /// Writes text and empties it.
    pub fn put(&mut self, text: &mut String) -> Result<(), Failure> {
        unless_nobody_reads(self.to.write_all(text.as_bytes()))?;
        text.clear();
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        unless_nobody_reads(self.to.flush())
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

/// Those that have lists and tables.
pub fn list_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(report::ALL.iter().filter(|format| format.lists).map(|format| format.id))
}

/// Refuses a format that has no place for something that was asked for.
pub fn needs(id: &str, option: &str, has: fn(&report::Format) -> bool) -> Result<(), Failure> {
    if format(id).is_ok_and(has) {
        return Ok(());
    }
    let able: Vec<_> = report::ALL.iter().filter(|format| has(format)).map(|format| format.id).collect();
    Err(Failure::Usage(format!("{option} has no place in --output {id}; it has in {}", able.join(", "))))
}

/// The outcomes, as values of `--outcome`; the words of reports mean the same.
pub fn outcomes() -> PossibleValuesParser {
    PossibleValuesParser::new(Outcome::ALL.map(|o| PossibleValue::new(o.id()).alias(o.word()).help(o.word())))
}

/// A format that clap has let through.
pub fn format(id: &str) -> Result<&'static report::Format, Failure> {
    report::find(id).ok_or_else(|| Failure::Usage(format!("there is no output `{id}`")))
}

/// A writer of a format that clap has let through.
pub fn writer(id: &str) -> Result<Box<dyn report::Writer>, Failure> {
    format(id).map(|format| (format.writer)())
}

/// The text of a file that an option named.
pub fn read(path: &std::path::Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

/// Whether this runs in continuous integration, as the services there say it.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// Today's date in UTC, as `2026-11-21`.
pub fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    date(since.as_secs() / 86_400)
}

/// The date of a day since 1970-01-01. Months are counted from March, so that the leap day is the last of a year.
fn date(days: u64) -> String {
    let days = days.saturating_add(719_468);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let leaps = (of_era / 1460).saturating_add(of_era / 146_096);
    let year_of_era = of_era.saturating_add(of_era / 36_524).saturating_sub(leaps) / 365;
    let before =
        year_of_era.saturating_mul(365).saturating_add(year_of_era / 4).saturating_sub(year_of_era / 100);
    let of_year = of_era.saturating_sub(before);
    let march = of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = of_year.saturating_sub(march.saturating_mul(153).saturating_add(2) / 5).saturating_add(1);
    let month = if march < 10 { march.saturating_add(3) } else { march.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400)).saturating_add(u64::from(month <= 2));
    format!("{year:04}-{month:02}-{day:02}")
}

/// How far a long check is, on standard error, where somebody looks at it.
pub fn progress(octets: u64) -> indicatif::ProgressBar {
    /// Less is done before it is read.
    const LONG: u64 = 8 << 20;
    if octets < LONG {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(octets);
    let style = indicatif::ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} to go");
    bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
    bar
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

/// What is assumed.
///
/// # Errors
/// When a side has two policies.
pub fn assumed(policies: &[Policy]) -> Result<Assumed, Failure> {
    let twice = |(at, policy): (usize, &Policy)| {
        policies.iter().skip(at.saturating_add(1)).any(|other| other.side() == policy.side())
    };
    if let Some((_, policy)) = policies.iter().enumerate().find(|one| twice(*one)) {
        return Err(Failure::Usage(format!("--assume may be given once for the {}", policy.side().name())));
    }
    let with = |assumed: Assumed, policy: &Policy| assumed.with(policy.side(), Some(*policy));
    Ok(policies.iter().fold(Assumed::default(), with))
}

/// The id of a rule as it was written, in any case of letters.
pub fn rule(id: &str) -> Result<&'static str, Failure> {
    pipeline::rule(id).ok_or_else(|| Failure::Usage(no_such("rule", Kind::Rules, id)))
}

/// That there is nothing of that id in a registry: what may have been meant, and what lists all.
pub fn no_such(word: &str, kind: Kind, id: &str) -> String {
    let meant = pipeline::meant(id, pipeline::list(kind).iter().map(|entry| entry.id));
    if meant.is_empty() {
        format!("there is no {word} `{id}`; `list {}` shows them", kind.id())
    } else {
        format!("there is no {word} `{id}`{meant}")
    }
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
    #[arg(long, value_name = "OUTCOME", value_parser = outcomes())]
    outcome: Vec<String>,
}

impl Selection {
    /// The choice.
    ///
    /// # Errors
    ///
    /// When no rule stands in the section: a filter that lets nothing through would look like a clean log.
    pub fn select(&self) -> Result<Select, Failure> {
        if let Some(section) = self.section.as_ref().filter(|section| !Select::is_cited(section)) {
            return Err(Failure::Usage(format!(
                "no rule stands in \"{section}\". A section is written as in \"RFC 2595\", \"2595 2.4\" or \"2.4\""
            )));
        }
        let level = |id: &String| Select::STRICT.into_iter().find(|(strict, _)| strict == id);
        Ok(Select {
            strict: self.strict.as_ref().and_then(level).map(|(_, level)| level),
            side: self.side.as_ref().and_then(|name| Side::BOTH.into_iter().find(|side| side.name() == name)),
            section: self.section.clone().unwrap_or_default(),
            outcomes: Outcome::ALL
                .into_iter()
                .filter(|o| self.outcome.iter().any(|id| id == o.id() || id == o.word()))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_778, "2026-11-21"),
            (24_837, "2038-01-01"),
        ] {
            assert_eq!(super::date(days), date);
        }
    }
}
