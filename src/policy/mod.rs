//! What somebody asks of a check beyond the documents: the rule set, levels, accepted findings with a reason and a last
//! day, and a baseline of what is known already.
//!
//! A finding is known again by its fingerprint: the rule, the side, what was seen without its numbers, and how often the
//! same was seen before in the same input. Lines may move.

mod accept;

pub use accept::{Accepted, Aside, accept, policy_file};

use crate::base::meant;
#[cfg(feature = "cli")]
use crate::report::FailOn;
use crate::report::VerdictRecord;
use crate::rules::{self, Outcome};
#[cfg(feature = "cli")]
use crate::spec::{Level, RuleSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A policy file (`docs/policy.md`).
#[cfg(feature = "cli")]
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// The documents in force.
    #[serde(default)]
    pub rules: Option<String>,
    /// The lowest level that counts.
    #[serde(default)]
    pub fail_on: Option<String>,
    /// Other levels for rules; `off` for none.
    #[serde(default)]
    levels: BTreeMap<String, String>,
    /// Accepted findings.
    #[serde(default)]
    accept: Vec<Accepted>,
}

/// What is wrong with a policy or a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError(pub String);

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The level of a word; the inner `None` is `off`.
#[cfg(feature = "cli")]
fn level(word: &str) -> Option<Option<Level>> {
    match word {
        "off" => Some(None),
        "note" => Some(Some(Level::Note)),
        "warning" => Some(Some(Level::Warning)),
        "error" => Some(Some(Level::Error)),
        _ => None,
    }
}

/// What is said about a rule that there is not.
fn no_rule(id: &str) -> String {
    let meant = meant(id, rules::ALL.iter().map(|rule| rule.id));
    ["there is no rule `", id, "`", &meant].concat()
}

/// What is wrong with a file as TOML, on one line.
#[cfg(feature = "cli")]
fn in_toml(text: &str, error: &toml::de::Error) -> PolicyError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let place = before.map_or_else(String::new, |before| {
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
        format!("line {line}, column {column}: ")
    });
    PolicyError(format!("{place}{}", error.message().replace('\n', " ")))
}

#[cfg(feature = "cli")]
impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// When it is not TOML, or says what means nothing: an unknown rule, level, side or day, or no reason.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let mut policy: Self = toml::from_str(text).map_err(|error| in_toml(text, &error))?;
        let wrong = |message: String| Err(PolicyError(message));
        if let Some(id) = &policy.rules
            && !RuleSet::ALL.iter().any(|set| set.id() == id)
        {
            return wrong(format!("there is no rule set `{id}`"));
        }
        if let Some(id) = &policy.fail_on
            && !FailOn::ALL.iter().any(|known| known.id() == id)
        {
            return wrong(format!("`{id}` is no level for fail-on"));
        }
        let mut levels = BTreeMap::new();
        for (id, word) in std::mem::take(&mut policy.levels) {
            let Some(rule) = rules::named(&id) else { return wrong(no_rule(&id)) };
            if level(&word).is_none() {
                return wrong(format!("`{word}` is no level; error, warning, note and off are"));
            }
            if levels.insert(rule.id.to_owned(), word).is_some() {
                return wrong(format!("`{}` has two levels", rule.id));
            }
        }
        policy.levels = levels;
        for accepted in &mut policy.accept {
            if let Some(rule) = rules::named(&accepted.rule) {
                rule.id.clone_into(&mut accepted.rule);
            }
            accepted.check()?;
        }
        Ok(policy)
    }

    /// Changes levels and marks what is accepted in an input's verdicts, on a day such as `2026-11-21`.
    pub fn apply(&self, file: &str, today: &str, verdicts: &mut [VerdictRecord]) {
        for verdict in verdicts.iter_mut() {
            match self.levels.get(verdict.rule).and_then(|word| level(word)) {
                Some(Some(level)) => verdict.level = level,
                Some(None) if verdict.outcome == Outcome::Fail => {
                    verdict.accepted = Some("switched off by the policy".to_owned());
                }
                _ => {}
            }
        }
        accept(&self.accept, file, today, verdicts);
    }

    /// What it accepts.
    #[must_use]
    pub fn accepted(&self) -> &[Accepted] {
        &self.accept
    }

    /// What is accepted only until a day that is over.
    pub fn expired(&self, today: &str) -> impl Iterator<Item = &Accepted> {
        self.accept.iter().filter(move |accepted| accepted.is_over(today))
    }
}

/// Gives the findings of one input their fingerprints.
#[derive(Clone, Debug, Default)]
pub struct Fingerprints {
    seen: BTreeMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// Marks the broken rules of a session.
    pub fn mark(&mut self, verdicts: &mut [VerdictRecord]) {
        for verdict in verdicts.iter_mut().filter(|verdict| verdict.outcome == Outcome::Fail) {
            // Numbers and names in a sentence change from run to run.
            let mut said = String::new();
            for c in verdict.message.chars() {
                let c = if c.is_ascii_digit() { '#' } else { c.to_ascii_lowercase() };
                if c != '#' || !said.ends_with('#') {
                    said.push(c);
                }
            }
            let same = digest(&[verdict.rule, verdict.side.name(), &said]);
            let before = self.seen.entry(same).or_default();
            let number = before.to_string();
            *before = before.saturating_add(1);
            let print = digest(&[verdict.rule, verdict.side.name(), &said, &number]);
            verdict.fingerprint = Some(print.iter().map(|octet| format!("{octet:02x}")).collect());
        }
    }
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    short
}

/// The name and version of a baseline file.
const BASELINE: &str = "baseline/1";

/// The findings that are known already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeSet<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct BaselineFile {
    #[serde(rename = "starttls-lab")]
    format: String,
    findings: Vec<Known>,
}

#[derive(Serialize, Deserialize)]
struct Known {
    file: String,
    fingerprint: String,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let file: BaselineFile = serde_json::from_str(text).map_err(|error| {
            PolicyError(format!("this is no baseline as --write-baseline writes one: {error}"))
        })?;
        if file.format != BASELINE {
            return Err(PolicyError(format!(
                "`{}` is no version of a baseline that is read here, which is `{BASELINE}`",
                file.format
            )));
        }
        let known = file.findings.into_iter().map(|known| (known.file, known.fingerprint)).collect();
        Ok(Self { known })
    }

    /// Takes a finding in.
    pub fn add(&mut self, file: &str, verdict: &VerdictRecord) {
        if let Some(print) = verdict.fingerprint.as_ref().filter(|_| verdict.outcome == Outcome::Fail) {
            self.known.insert((file.to_owned(), print.clone()));
        }
    }

    /// Marks what is known already.
    pub fn apply(&self, file: &str, verdicts: &mut [VerdictRecord]) {
        for verdict in verdicts {
            let print = verdict.fingerprint.clone().unwrap_or_default();
            if verdict.accepted.is_none() && self.known.contains(&(file.to_owned(), print)) {
                verdict.accepted = Some("known from the baseline".to_owned());
            }
        }
    }

    /// As a file: sorted, one finding a line.
    #[must_use]
    pub fn write(&self) -> String {
        let findings = self
            .known
            .iter()
            .map(|(file, fingerprint)| Known { file: file.clone(), fingerprint: fingerprint.clone() });
        let file = BaselineFile { format: BASELINE.to_owned(), findings: findings.collect() };
        serde_json::to_string_pretty(&file).map(|text| text + "\n").unwrap_or_default()
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests;
