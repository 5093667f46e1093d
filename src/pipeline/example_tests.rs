//! The examples of the rules: a bad one breaks its rule and those that it names with it, a good one none.

use super::{Setup, judge, over_run, simulate};
use crate::rules::{self, Outcome, Sample};
use crate::spec::RuleSet;
use crate::testing::read_any;
use std::collections::BTreeSet;

/// The rules that a sample breaks, on either side.
fn broken(sample: Sample) -> BTreeSet<&'static str> {
    let failed = |verdict: &rules::Verdict| verdict.outcome == Outcome::Fail;
    match sample {
        Sample::Session(script) => {
            let judged = judge(read_any(script), RuleSet::Today);
            judged.verdicts.iter().filter(|v| failed(v)).map(|v| v.rule.id).collect()
        }
        Sample::Run(words) => {
            let setup = Setup::from_words(words).unwrap_or_else(|error| panic!("{words}: {error}"));
            let run = simulate(&setup, RuleSet::Today);
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
        assert!(!expected.contains(rule.id) && rule.examples.implies.len() == expected.len(), "{}", rule.id);
        expected.insert(rule.id);
        let (bad, good) = (broken(rule.examples.bad), broken(rule.examples.good));
        if bad != expected || !good.is_empty() {
            wrong.push_str(&format!("{}: bad {bad:?}, named {expected:?}, good {good:?}\n", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
