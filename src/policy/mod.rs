//! What somebody asks of a check beyond the documents: the rule set, levels, accepted findings with a reason and a last
//! day, and a baseline of what is known already.
//!
//! A finding is known again by its fingerprint: the rule, the side, what was seen without its numbers, and how often the
//! same was seen before in the same input. Lines may move.

mod accept;

pub use accept::{Accepted, Aside, accept, policy_file};

use crate::base::meant;
use crate::report::VerdictRecord;
use crate::rules::{self, Outcome};
#[cfg(feature = "cli")]
use crate::{
    report::FailOn,
    spec::{Level, RuleSet},
};
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

#[cfg(feature = "cli")]
impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// When it is not TOML, or says what means nothing: an unknown rule, level, side or day, or no reason.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
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
        for (rule, word) in &policy.levels {
            if rules::find(rule).is_none() {
                return wrong(no_rule(rule));
            }
            if level(word).is_none() {
                return wrong(format!("`{word}` is no level; error, warning, note and off are"));
            }
        }
        for accepted in &policy.accept {
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
    pub fn expired(&self, today: &str) -> impl Iterator<Item = &str> {
        let over = self.accept.iter().filter(move |accepted| accepted.is_over(today));
        over.map(|accepted| accepted.rule.as_str())
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
        let file: BaselineFile =
            serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        if file.format != BASELINE {
            return Err(PolicyError(format!(
                "`{}` is no version of a baseline that is read here",
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
mod tests {
    use super::*;
    use crate::pipeline::{check, report};

    fn verdicts(text: &str) -> Vec<VerdictRecord> {
        let (sessions, _) = check(text.as_bytes(), None, RuleSet::default());
        sessions.into_iter().flat_map(|session| session.record().verdicts).collect()
    }

    const LOGIN: &str =
        "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\nC: a1 LOGIN joe secret\r\nS: a1 OK in\r\n";

    fn prints(text: &str) -> Vec<String> {
        let mut verdicts = verdicts(text);
        Fingerprints::default().mark(&mut verdicts);
        verdicts.into_iter().filter_map(|verdict| verdict.fingerprint).collect()
    }

    #[test]
    fn a_fingerprint_does_not_move_with_the_lines() {
        let before = prints(LOGIN);
        assert!(!before.is_empty());
        assert_eq!(prints(&format!("# a comment\r\n\r\n{LOGIN}")), before);
        let mut twice = verdicts(LOGIN);
        twice.extend(verdicts(LOGIN));
        Fingerprints::default().mark(&mut twice);
        let all: BTreeSet<_> = twice.iter().filter_map(|verdict| verdict.fingerprint.clone()).collect();
        assert_eq!(all.len(), before.len() * 2);
    }

    #[test]
    fn a_policy_changes_levels_and_accepts_until_a_day() {
        let rule = verdicts(LOGIN).into_iter().find(|v| v.outcome == Outcome::Fail).unwrap().rule;
        let text = format!(
            "rules = \"today\"\n[levels]\n\"{rule}\" = \"note\"\n[[accept]]\nrule = \"{rule}\"\nreason = \"old device\"\nuntil = \"2026-12-31\"\nfile = \"old.log\"\n"
        );
        let policy = Policy::read(&text).unwrap();
        let find = |file, today| {
            let mut all = verdicts(LOGIN);
            policy.apply(file, today, &mut all);
            all.into_iter().find(|v| v.rule == rule && v.outcome == Outcome::Fail).unwrap()
        };
        let accepted = find("logs/old.log", "2026-12-31");
        assert_eq!((accepted.level, accepted.accepted.as_deref()), (Level::Note, Some("old device")));
        assert!(!accepted.counts());
        assert!(find("logs/old.log", "2027-01-01").counts());
        assert!(find("logs/new.log", "2026-12-31").counts());
        assert_eq!(policy.expired("2027-01-01").collect::<Vec<_>>(), [rule]);
    }

    #[test]
    fn what_means_nothing_in_a_policy_is_refused() {
        for (text, why) in [
            ("rules = \"2030\"", "there is no rule set `2030`"),
            ("fail-on = \"doom\"", "`doom` is no level"),
            ("[levels]\n\"A99\" = \"off\"", "there is no rule `A99`"),
            ("[levels]\n\"A12\" = \"loud\"", "`loud` is no level"),
            ("[[accept]]\nrule = \"A12\"\nreason = \" \"", "takes a reason"),
            ("[[accept]]\nrule = \"A12\"\nreason = \"x\"\nuntil = \"soon\"", "is no day"),
            ("[[accept]]\nrule = \"A12\"\nreason = \"x\"\nside = \"both\"", "`client` or `server`"),
            ("colour = 1", "unknown field"),
            ("rules = ", "TOML"),
        ] {
            let error = Policy::read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_baseline_knows_what_it_has_seen() {
        let mut all = verdicts(LOGIN);
        Fingerprints::default().mark(&mut all);
        let mut baseline = Baseline::default();
        all.iter().for_each(|verdict| baseline.add("a.log", verdict));
        let text = baseline.write();
        let again = Baseline::read(&text).unwrap();
        assert_eq!(again, baseline);
        again.apply("b.log", &mut all);
        assert!(all.iter().all(|verdict| verdict.accepted.is_none()));
        again.apply("a.log", &mut all);
        let broken = all.iter().filter(|verdict| verdict.outcome == Outcome::Fail);
        assert!(broken.clone().count() > 0 && broken.into_iter().all(|verdict| !verdict.counts()));
        assert!(
            Baseline::read("{}").is_err()
                && Baseline::read("{\"starttls-lab\":\"baseline/2\",\"findings\":[]}").is_err()
        );
        let _ = report::SCHEMA;
    }
}
