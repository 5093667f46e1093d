//! Which verdicts somebody wants to see.

use super::{Format, VerdictRecord};
use crate::base::Side;
use crate::rules::{Outcome, Rule, Verdict, find};
use crate::spec::Level;

/// A choice among verdicts; the default shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// Only rules of this level and above: MUST alone, or MUST and SHOULD.
    pub strict: Option<Level>,
    /// Only what one side is judged by.
    pub side: Option<Side>,
    /// Only what stands in a document or section: `RFC 2595`, `2595 2.4`, `2`.
    pub section: String,
    /// Only these outcomes; none: all.
    pub outcomes: Vec<Outcome>,
}

impl Select {
    /// The ids of the strict modes and the levels that they keep.
    pub const STRICT: [(&'static str, Level); 2] = [("must", Level::Error), ("should", Level::Warning)];

    /// The same as a format shows it: a terse one leaves out what is neither broken nor undecided, unless somebody asks
    /// for outcomes by name.
    #[must_use]
    pub fn as_shown_by(mut self, format: &Format) -> Self {
        if format.terse && self.outcomes.is_empty() {
            self.outcomes = vec![Outcome::Fail, Outcome::CannotTell];
        }
        self
    }

    /// Whether all is shown.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether any rule stands in what somebody wrote down as a section.
    #[must_use]
    pub fn is_cited(section: &str) -> bool {
        let mut rows = crate::rules::ALL.iter().filter_map(|rule| rule.requirement());
        section.trim().is_empty() || rows.any(|row| stands_in(&row.citation(), section))
    }

    /// Whether a verdict of a report is shown.
    #[must_use]
    pub fn shows(&self, verdict: &VerdictRecord) -> bool {
        find(verdict.rule).is_some_and(|rule| self.fits(rule, verdict.side, verdict.level, verdict.outcome))
    }

    /// Whether a verdict that nothing was written of yet is shown.
    #[must_use]
    pub fn chooses(&self, verdict: &Verdict) -> bool {
        self.fits(verdict.rule, verdict.side, verdict.level(), verdict.outcome)
    }

    /// Whether a verdict is shown.
    #[must_use]
    pub fn fits(&self, rule: &Rule, side: Side, level: Level, outcome: Outcome) -> bool {
        self.strict.is_none_or(|least| level >= least)
            && self.side.is_none_or(|wanted| side == wanted)
            && (self.outcomes.is_empty() || self.outcomes.contains(&outcome))
            && (self.section.trim().is_empty()
                || rule.requirement().is_some_and(|row| stands_in(&row.citation(), &self.section)))
    }
}

/// Whether a citation is of what somebody wrote down: each of his words is one of its words, and a section contains
/// its subsections.
fn stands_in(citation: &str, wanted: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let text = text.to_ascii_lowercase();
        let words = text.split([' ', ',', '§']).filter(|word| !matches!(*word, "" | "section" | "sections"));
        words.map(str::to_owned).collect()
    };
    let cited = words(citation);
    words(wanted).iter().all(|word| {
        let within =
            |cited: &String| cited.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with('.'));
        cited.iter().any(|cited| cited == word || within(cited))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_contains_its_subsections_and_no_other_section() {
        for (wanted, fits) in [
            ("2595", true),
            ("rfc 2595", true),
            ("RFC 2595 section 2.4", true),
            ("2", true),
            ("2595 3", false),
            ("rfc 2595 § 2.4", true),
            ("2.40", false),
            ("25", false),
            ("rfc 9051", false),
        ] {
            assert_eq!(stands_in("RFC 2595 section 2.4, 9", wanted), fits, "{wanted}");
        }
    }

    #[test]
    fn a_section_of_no_rule_is_none() {
        for (section, there) in
            [("2595 2.4", true), ("§2.4", true), ("", true), ("banana", false), ("2595 99", false)]
        {
            assert_eq!(Select::is_cited(section), there, "{section}");
        }
    }

    #[test]
    fn strict_modes_sides_and_outcomes_choose() {
        let rule = find("A16").expect("a rule");
        let fits = |select: &Select| select.fits(rule, Side::Client, Level::Error, Outcome::Fail);
        assert!(fits(&Select::default()) && Select::default().is_all());
        assert!(fits(&Select { strict: Some(Level::Error), ..Select::default() }));
        let should = Select { strict: Some(Level::Warning), ..Select::default() };
        assert!(!should.fits(rule, Side::Client, Level::Note, Outcome::Fail));
        assert!(!fits(&Select { side: Some(Side::Server), ..Select::default() }));
        assert!(!fits(&Select { outcomes: vec![Outcome::Pass], ..Select::default() }));
        assert!(!fits(&Select { section: "9051".to_owned(), ..Select::default() }));
    }
}
