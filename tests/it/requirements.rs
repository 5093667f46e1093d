//! The rows of the rule book: all there, each with its texts, and each decided by rules or with a reason why not.

use starttls_lab::rules::{self, compliance::CHECKLIST};
use starttls_lab::spec::{self, Decided};
use std::collections::BTreeSet;

#[test]
fn the_rows_of_every_document_are_there() {
    let count = |of: &str| {
        let digits = |id: &str| {
            id.strip_prefix(of).is_some_and(|rest| !rest.starts_with(char::is_alphabetic) && !rest.is_empty())
        };
        spec::all().filter(|row| digits(row.id)).count()
    };
    for (group, rows) in
        [("A", 22), ("B", 48), ("COL", 16), ("P3S", 15), ("S-", 10), ("SEC", 34), ("UNA", 32)]
    {
        assert!(count(group) >= rows, "{group}: {}", count(group));
    }
    assert!(spec::all().filter(|row| row.id.starts_with("S-")).count() >= 62);
    assert!(spec::all().count() >= 230);
    let ids: BTreeSet<_> = spec::all().map(|row| row.id).collect();
    assert_eq!(ids.len(), spec::all().count(), "each id once");
}

#[test]
fn every_row_has_its_texts_and_its_judge() {
    let mut said = BTreeSet::new();
    for row in spec::all() {
        assert!(
            !row.clauses.is_empty() && !row.section.is_empty() && !row.protocols.is_empty(),
            "{}",
            row.id
        );
        assert!(row.later.ends_with('.'), "{}", row.id);
        for clause in row.clauses {
            assert!(clause.says.ends_with(['.', '?']) && !clause.sides.is_empty(), "{}", row.id);
            assert!(
                said.insert(clause.says) || row.document.name().starts_with("draft"),
                "{} says it again",
                row.id
            );
        }
        match row.decided {
            Decided::By(rules) => assert!(!rules.is_empty() && !row.judge.is_empty(), "{}", row.id),
            Decided::Never(why) => assert!(why.ends_with('.') && row.judge.is_empty(), "{}", row.id),
        }
    }
}

#[test]
fn every_row_is_decided_by_rules_that_exist() {
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    for row in spec::all() {
        if let Decided::By(rules) = row.decided {
            missing.extend(rules.iter().copied().filter(|id| rules::find(id).is_none()));
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(rules::ALL.len() >= 120, "{}", rules::ALL.len());
    assert!(CHECKLIST.iter().all(|row| rules::find(row.0).is_some()), "appendix A");
    for rule in rules::ALL {
        let row = spec::find(rule.id).unwrap();
        assert!(matches!(row.decided, Decided::By(rules) if rules.contains(&rule.id)), "{}", rule.id);
        assert!(rule.protocols.iter().all(|protocol| row.protocols.contains(protocol)), "{}", rule.id);
    }
}

#[test]
fn the_checklist_is_the_first_group() {
    let ids: Vec<_> = spec::GROUPS[0].iter().map(|row| row.id).collect();
    assert_eq!(ids, CHECKLIST.map(|row| row.0));
    for (row, (id, sides, protocols)) in spec::GROUPS[0].iter().zip(CHECKLIST) {
        assert_eq!((row.sides(), row.protocols), (sides.to_vec(), protocols), "{id}");
    }
}
