//! A tool that changes one line or one word of a good example until its verdict changes: a rule that stays as it is
//! whatever is changed would look at nothing.

use super::{ALL, Assumed, Outcome, Rule, Sample, judge_by};
use crate::base::Side;
use crate::facts::Facts;
use crate::spec::{Judge, RuleSet};
use crate::testing::read_any;

/// The rule's answers about the sides that it binds. What later text permits is broken by the old documents only.
fn broken(rule: &Rule, script: &str) -> bool {
    let trace = read_any(script);
    let facts = Side::BOTH.map(|side| Facts::of(&trace, side));
    let [client, server] = &facts;
    let by = |rules| {
        let of = |side| judge_by(&trace, [client, server], rules, Assumed::default(), &[rule.id], side);
        Side::BOTH.into_iter().flat_map(of).any(|verdict| verdict.outcome == Outcome::Fail)
    };
    RuleSet::ALL.into_iter().any(by)
}

/// Words and what stands for them.
const WORDS: &[(&str, &str)] = &[
    ("OK", "NO"),
    ("OK", "BAD"),
    ("NO", "OK"),
    ("BAD", "OK"),
    ("BAD", "NO"),
    ("+OK", "-ERR"),
    ("-ERR", "+OK"),
    ("==TLS UP==", "==TLS UP OLD=="),
];

/// A script with one thing changed, the smallest changes first.
fn changed(good: &str, bad: &str) -> Vec<String> {
    let good: Vec<&str> = good.lines().map(str::trim).collect();
    let bad: Vec<&str> = bad.lines().map(str::trim).collect();
    let spoken = |line: &str| line.starts_with("C:") || line.starts_with("S:");
    let mut all: Vec<Vec<String>> = Vec::new();
    let own = || good.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let mut with = |at: usize, line: &str| {
        let mut script = own();
        script[at] = line.to_owned();
        all.push(script);
    };
    for (at, line) in good.iter().enumerate() {
        for (word, other) in WORDS {
            if let Some((before, behind)) = line.split_once(word) {
                with(at, &format!("{before}{other}{behind}"));
            }
        }
        // Each octet of a spoken line in the other case, and each word left out.
        if spoken(line) {
            for word in line.split(' ').skip(1) {
                with(at, &line.replacen(word, "", 1).replace("  ", " "));
                with(at, &line.replacen(word, &word.to_lowercase(), 1));
            }
        }
        with(at, "");
    }
    for at in 0..good.len() {
        for donor in &bad {
            let mut script = own();
            script[at] = (*donor).to_owned();
            all.push(script);
        }
    }
    for at in 0..=good.len() {
        for donor in bad.iter().chain(good.get(at.saturating_sub(1))) {
            let mut script = own();
            script.insert(at, (*donor).to_owned());
            all.push(script);
        }
    }
    for at in 1..good.len() {
        let mut script = own();
        script.swap(at - 1, at);
        all.push(script);
    }
    all.into_iter().map(|script| script.join("\n")).collect()
}

/// Rules that compare several answers, so that no single change of a good session breaks them.
const SEVERAL: &[&str] = &["B29", "S-2221-limit", "S-8314-oracle", "S-9051-spray"];

#[test]
fn a_tool_finds_the_line_or_word_that_decides_every_rule_about_transcripts() {
    let about = |rule: &&&Rule| rule.requirement().is_some_and(|row| row.judge.contains(&Judge::Transcript));
    let mut deaf = Vec::new();
    let mut tried = 0;
    for rule in ALL.iter().filter(about) {
        let decided = match (rule.examples.good, rule.examples.bad) {
            (Sample::Session(good), Sample::Session(bad)) => {
                assert!(!broken(rule, good), "{}", rule.id);
                changed(good, bad).iter().any(|script| {
                    tried += 1;
                    broken(rule, script)
                })
            }
            // The good one is a run: the bad one is mended instead.
            (_, Sample::Session(bad)) => {
                assert!(broken(rule, bad), "{}", rule.id);
                changed(bad, "").iter().any(|script| {
                    tried += 1;
                    !broken(rule, script)
                })
            }
            // Two runs that differ in one switch: another test holds them to their verdicts.
            _ => true,
        };
        if !decided {
            deaf.push(rule.id);
        }
    }
    assert_eq!(deaf, SEVERAL, "decided by no single change");
    // What takes several answers to break is mended by one.
    for rule in ALL.iter().filter(|rule| SEVERAL.contains(&rule.id)) {
        let Sample::Session(bad) = rule.examples.bad else { panic!("{}", rule.id) };
        assert!(
            broken(rule, bad) && changed(bad, "").iter().any(|script| !broken(rule, script)),
            "{}",
            rule.id
        );
    }
    assert!(tried > 500, "{tried} changes tried");
}
