//! All that there is to say about one rule, or about a requirement that no rule can judge.

use super::list::of_rule;
use crate::report::{Entry, Field};
use crate::rules::{self, Rule, Sample};
use crate::spec::{self, Decided, Requirement};

/// The page of a rule or of a requirement, by id, in any case of letters.
#[must_use]
pub fn explain(id: &str) -> Option<Entry> {
    let row = spec::all().find(|row| row.id.eq_ignore_ascii_case(id))?;
    let decided = match row.decided {
        Decided::By(by) if by.contains(&row.id) => rules::find(row.id).map(of),
        Decided::By(by) => Some(undecided(row, ("decided by", by.iter().copied().collect()))),
        Decided::Never(why) => Some(undecided(row, ("no rule", why.into()))),
    };
    decided.or_else(|| Some(undecided(row, ("no rule", "It is not written yet.".into()))))
}

/// The ids of all requirements, those with a rule among them.
pub fn requirements() -> impl Iterator<Item = &'static str> {
    spec::all().map(|row| row.id)
}

fn of(rule: &'static Rule) -> Entry {
    let mut entry = of_rule(rule);
    let shared = spec::all()
        .filter(|row| row.id != rule.id && matches!(row.decided, Decided::By(by) if by.contains(&rule.id)));
    let shared: Field = shared.map(|row| row.id).collect();
    let judge: Field =
        rule.requirement().into_iter().flat_map(|row| row.judge).map(|judge| judge.words()).collect();
    entry.fields.extend([
        ("cannot see", rule.blind.into()),
        ("judged by", judge),
        ("also asked by", shared),
        ("bad example", sample(rule.examples.bad)),
        ("it also breaks", rule.examples.implies.iter().copied().collect()),
        ("good example", sample(rule.examples.good)),
    ]);
    entry
}

fn sample(sample: Sample) -> Field {
    match sample {
        Sample::Session(_) => Field::Lines(sample.text().lines().map(str::to_owned).collect()),
        Sample::Run(_) | Sample::Probe(_) | Sample::Nobody(_) => sample.text().trim_end().into(),
    }
}

/// What a requirement demands, clause by clause.
pub(super) fn says(row: &Requirement) -> Field {
    Field::Lines(row.clauses.iter().map(|clause| clause.says.to_owned()).collect())
}

fn undecided(row: &'static Requirement, how: (&'static str, Field)) -> Entry {
    let title = row.clauses.first().map_or("", |clause| clause.says);
    let says = says(row);
    let keyword = row.clauses.first().map_or("", |clause| clause.keyword.word());
    let fields = vec![
        ("document", row.document.name().into()),
        ("section", row.section.into()),
        ("keyword", keyword.into()),
        ("says", says),
        ("later", row.later.into()),
        how,
    ];
    Entry { id: row.id, title, fields }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Setup, judge, over_run, simulate};
    use crate::rules::{Outcome, Sample};
    use crate::spec::RuleSet;
    use crate::testing::read_any;
    use std::collections::BTreeSet;

    /// The rules that a sample breaks, on either side.
    fn broken(sample: Sample, rule_set: RuleSet) -> BTreeSet<&'static str> {
        let failed = |verdict: &rules::Verdict| verdict.outcome == Outcome::Fail;
        match sample {
            Sample::Session(script) => {
                let judged = judge(read_any(script), rule_set);
                judged.verdicts.iter().filter(|v| failed(v)).map(|v| v.rule.id).collect()
            }
            // Judged where probes are.
            Sample::Probe(_) | Sample::Nobody(_) => BTreeSet::new(),
            Sample::Run(words) => {
                let setup = Setup::from_words(words).unwrap_or_else(|error| panic!("{words}: {error}"));
                let run = simulate(&setup, rule_set);
                over_run(&run.connections)
                    .iter()
                    .filter(|v| failed(&v.verdict))
                    .map(|v| v.verdict.rule.id)
                    .collect()
            }
        }
    }

    #[test]
    fn a_bad_example_breaks_its_rule_and_what_it_implies_and_a_good_one_nothing() {
        let mut wrong = String::new();
        for rule in rules::ALL {
            let mut expected: BTreeSet<_> = rule.examples.implies.iter().copied().collect();
            assert!(
                !expected.contains(rule.id) && rule.examples.implies.len() == expected.len(),
                "{}",
                rule.id
            );
            expected.insert(rule.id);
            if matches!(rule.examples.bad, Sample::Probe(_) | Sample::Nobody(_)) {
                expected.clear();
            }
            let (mut bad, good) =
                (broken(rule.examples.bad, RuleSet::Today), broken(rule.examples.good, RuleSet::Today));
            // What later text permits is broken under the old rule set only.
            if !bad.contains(rule.id) {
                bad.extend(broken(rule.examples.bad, RuleSet::Then));
            }
            if bad != expected || !good.is_empty() {
                wrong.push_str(&format!("{}: bad {bad:?}, named {expected:?}, good {good:?}\n", rule.id));
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    /// Whether a sample shows somebody keep a rule.
    fn kept(sample: Sample, id: &str, rule_set: RuleSet) -> bool {
        let passed = |verdict: &rules::Verdict| verdict.rule.id == id && verdict.outcome == Outcome::Pass;
        match sample {
            Sample::Session(script) => judge(read_any(script), rule_set).verdicts.iter().any(passed),
            Sample::Probe(_) | Sample::Nobody(_) => true,
            Sample::Run(words) => {
                let run = simulate(&Setup::from_words(words).unwrap(), rule_set);
                run.connections.iter().flat_map(|judged| &judged.verdicts).any(passed)
            }
        }
    }

    /// Rules that nobody can be seen to keep unless somebody else breaks another one, or where keeping shows on no wire:
    /// their good example is a session in which the occasion does not come up.
    const NO_OCCASION: &[&str] = &[
        "B05",
        "B19",
        "B24",
        "B35",
        "S-8314-indicator",
        "S-8314-minconf",
        "S-8314-oracle",
        "S-9051-alert",
        "S-9051-buf",
        "S-9051-ignore",
        "S-9051-nocheck",
        "S-9051-plaincfg",
        "S-9051-preauth",
    ];

    #[test]
    fn a_good_example_shows_the_rule_kept() {
        let shown = |rule: &Rule| RuleSet::ALL.into_iter().any(|set| kept(rule.examples.good, rule.id, set));
        let not: Vec<_> = rules::ALL.iter().filter(|rule| !shown(rule)).map(|rule| rule.id).collect();
        assert_eq!(not, NO_OCCASION);
    }

    #[test]
    fn every_row_has_a_page_and_a_rule_has_its_examples() {
        for row in spec::all() {
            let entry = explain(&row.id.to_lowercase()).unwrap();
            let has = |name| entry.fields.iter().any(|(known, _)| *known == name);
            let of_its_own = rules::find(row.id).is_some();
            assert_eq!(has("bad example") && has("cannot see") && has("why"), of_its_own, "{}", row.id);
            assert_eq!(has("no rule") || has("decided by"), !of_its_own, "{}", row.id);
        }
        assert!(explain("A99").is_none());
    }
}
