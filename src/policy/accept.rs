//! Findings that are accepted: set aside with a reason, until a last day or for ever. A policy file says so, and the
//! page; both mean the same by it.

use super::PolicyError;
use crate::base::Side;
use crate::report::VerdictRecord;
use crate::rules::{self, Outcome};
use serde::{Deserialize, Serialize};

/// A rule whose breaches do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The rule's id.
    pub rule: String,
    /// The side; both without it.
    #[serde(default)]
    pub side: Option<Side>,
    /// The end of the path of the inputs that it is about; all without it.
    #[serde(default)]
    pub file: Option<String>,
    /// Why. Never empty.
    pub reason: String,
    /// The last day, as `2027-01-31`; for ever without it.
    #[serde(default)]
    pub until: Option<String>,
}

impl Accepted {
    /// Looks whether it means something.
    ///
    /// # Errors
    /// When there is no such rule or day, or no reason.
    pub fn check(&self) -> Result<(), PolicyError> {
        if rules::find(&self.rule).is_none() {
            return Err(PolicyError(super::no_rule(&self.rule)));
        }
        if self.reason.trim().is_empty() {
            return Err(PolicyError(["to accept `", &self.rule, "` takes a reason"].concat()));
        }
        match self.until.as_deref().filter(|day| !is_day(day)) {
            Some(day) => Err(PolicyError(["`", day, "` is no day; write it as 2027-01-31"].concat())),
            None => Ok(()),
        }
    }

    /// Whether its last day is over on a day such as `2026-11-21`.
    #[must_use]
    pub fn is_over(&self, today: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < today)
    }

    /// Whether it is about a rule on a side.
    #[must_use]
    pub fn fits(&self, rule: &str, side: Side) -> bool {
        self.rule == rule && self.side.is_none_or(|wanted| wanted == side)
    }

    /// The same, and its last day is still to come.
    #[must_use]
    pub fn holds(&self, rule: &str, side: Side, today: &str) -> bool {
        self.fits(rule, side) && !self.is_over(today)
    }
}

/// What somebody set aside in a session, and the day on which that is looked at, such as `2026-11-21`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// What is set aside.
    pub accepted: Vec<Accepted>,
    /// The day; without one, every last day is still to come.
    pub today: String,
}

impl Aside {
    /// Why a rule's breaches on a side do not count, if they do not.
    #[must_use]
    pub fn of(&self, rule: &str, side: Side) -> Option<&Accepted> {
        self.accepted.iter().find(|accepted| accepted.holds(rule, side, &self.today))
    }

    /// What was set aside until a day that is over.
    #[must_use]
    pub fn over(&self, rule: &str, side: Side) -> Option<&Accepted> {
        self.accepted.iter().find(|accepted| accepted.fits(rule, side) && accepted.is_over(&self.today))
    }
}

/// Marks in an input's verdicts which broken rules are accepted on a day.
pub fn accept(accepted: &[Accepted], file: &str, today: &str, verdicts: &mut [VerdictRecord]) {
    for verdict in verdicts.iter_mut().filter(|verdict| verdict.outcome == Outcome::Fail) {
        let found = accepted.iter().find(|accepted| {
            accepted.holds(verdict.rule, verdict.side, today)
                && accepted.file.as_deref().is_none_or(|end| file.ends_with(end))
        });
        if let Some(found) = found {
            verdict.accepted = Some(found.reason.clone());
        }
    }
}

/// A policy file that accepts the same findings.
#[must_use]
pub fn policy_file(accepted: &[Accepted]) -> String {
    let mut text = String::from(
        "# What is set aside, for `starttls-lab check --policy`. It holds for every input; a line such as\n# file = \"old-device.log\" below a rule keeps it to inputs whose path ends so.\n",
    );
    for one in accepted {
        text.push_str("\n[[accept]]\n");
        let pairs = [
            ("rule", Some(one.rule.as_str())),
            ("side", one.side.map(Side::name)),
            ("file", one.file.as_deref()),
            ("reason", Some(one.reason.as_str())),
            ("until", one.until.as_deref()),
        ];
        for (key, value) in pairs {
            if let Some(value) = value {
                text.push_str(key);
                text.push_str(" = ");
                quoted(&mut text, value);
                text.push('\n');
            }
        }
    }
    text
}

/// A basic string of TOML.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether it is a day as `2027-01-31`.
/// The last day of a month of the Gregorian calendar.
fn last_day(year: &str, month: &str) -> &'static str {
    let year: u32 = year.parse().unwrap_or_default();
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        "02" if leap => "29",
        "02" => "28",
        "04" | "06" | "09" | "11" => "30",
        _ => "31",
    }
}

fn is_day(text: &str) -> bool {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|o| o.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => {
            digits(year, 4)
                && digits(month, 2)
                && digits(day, 2)
                && ("01"..="12").contains(month)
                && ("01"..=last_day(year, month)).contains(day)
        }
        _ => false,
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn what_is_set_aside_comes_back_from_its_policy_file() {
        let one = |reason: &str, until: Option<&str>| Accepted {
            rule: "A16".to_owned(),
            side: Some(Side::Client),
            file: None,
            reason: reason.to_owned(),
            until: until.map(str::to_owned),
        };
        let all =
            [one("an \"old\" device \\ at home\n\u{7f}", Some("2027-03-31")), one("größer = besser", None)];
        assert!(all.iter().all(|accepted| accepted.check().is_ok()));
        let text = policy_file(&all);
        assert_eq!(Policy::read(&text).unwrap().accepted(), all, "{text}");
    }
}
