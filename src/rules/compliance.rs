//! The grade of appendix A of RFC 2595: how far one side keeps the checklist, as far as one trace can show it.

use super::{Outcome, Verdict};
use crate::base::Protocol::{self, Acap, Imap, Pop3};
use crate::base::Side::{self, Client, Server};
use crate::spec::Level;
use serde::Serialize;

/// A grade of appendix A, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Every MUST and every SHOULD is kept.
    Unconditional,
    /// Every MUST is kept, but not every SHOULD.
    Conditional,
    /// A MUST is broken.
    NotCompliant,
    /// No MUST is seen broken, and at least one row of the checklist could not be judged.
    NotDecidable,
}

impl Grade {
    /// The words for people; the id for machines is the serialised form.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unconditional => "unconditionally compliant",
            Self::Conditional => "conditionally compliant",
            Self::NotCompliant => "not compliant",
            Self::NotDecidable => "not decidable from this trace",
        }
    }
}

/// A grade and the rows that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compliance {
    /// The grade.
    pub grade: Grade,
    /// Rows that are broken, by id.
    pub broken: Vec<&'static str>,
    /// Rows that no verdict decides: the trace lacks a fact, or there is no rule for the row yet.
    pub undecided: Vec<&'static str>,
}

const C: &[Side] = &[Client];
const S: &[Side] = &[Server];
const BOTH: &[Side] = &[Client, Server];
const EVERY: &[Protocol] = &[Imap, Pop3, Acap];

/// The rows of the checklist, whom they bind and in which protocols.
pub static CHECKLIST: [(&str, &[Side], &[Protocol]); 22] = [
    ("A01", BOTH, EVERY),
    ("A02", BOTH, EVERY),
    ("A03", S, EVERY),
    ("A04", BOTH, EVERY),
    ("A05", S, EVERY),
    ("A06", C, EVERY),
    ("A07", C, EVERY),
    ("A08", C, EVERY),
    ("A09", C, EVERY),
    ("A10", C, EVERY),
    ("A11", BOTH, EVERY),
    ("A12", C, EVERY),
    ("A13", C, EVERY),
    ("A14", C, &[Imap, Pop3]),
    ("A15", S, &[Imap]),
    ("A16", C, &[Imap]),
    ("A17", S, &[Pop3]),
    ("A18", S, &[Acap]),
    ("A19", C, EVERY),
    ("A20", BOTH, EVERY),
    ("A21", BOTH, EVERY),
    ("A22", C, EVERY),
];

/// Grades one side by the verdicts on a trace. Rows outside the checklist do not count. A row that had nothing to
/// judge in this session is not held against the party.
#[must_use]
pub fn grade(verdicts: &[Verdict], side: Side, protocol: Protocol) -> Compliance {
    grade_of(side, protocol, |id| {
        let verdict = verdicts.iter().find(|verdict| verdict.rule.id == id && verdict.side == side)?;
        Some((verdict.outcome, verdict.level()))
    })
}

/// Grades one side by an answer and its level for each row of the checklist.
#[must_use]
pub fn grade_of(
    side: Side,
    protocol: Protocol,
    answer: impl Fn(&'static str) -> Option<(Outcome, Level)>,
) -> Compliance {
    let mut broken = Vec::new();
    let mut undecided = Vec::new();
    let mut worst = None;
    for (id, sides, protocols) in CHECKLIST {
        if !sides.contains(&side) || !protocols.contains(&protocol) {
            continue;
        }
        match answer(id) {
            Some((Outcome::Fail, level)) => {
                broken.push(id);
                worst = worst.max(Some(level));
            }
            Some((Outcome::Pass | Outcome::NotApplicable, _)) => {}
            Some((Outcome::CannotTell | Outcome::NotInForce, _)) | None => undecided.push(id),
        }
    }
    let grade = match worst {
        Some(Level::Error) => Grade::NotCompliant,
        _ if !undecided.is_empty() => Grade::NotDecidable,
        Some(_) => Grade::Conditional,
        None => Grade::Unconditional,
    };
    Compliance { grade, broken, undecided }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::rules::{ALL, Evidence, judge};
    use crate::spec::{Clause, Keyword, RuleSet, find};
    use crate::testing::read_imap;

    /// A verdict on every row that binds the client in IMAP, with some outcomes changed.
    fn verdicts(changed: &[(&str, Outcome)]) -> Vec<Verdict> {
        static MUST: Clause = Clause { keyword: Keyword::Must, sides: C, says: "" };
        let rule = |id| &*Box::leak(Box::new(crate::rules::Rule { id, ..*blank() }));
        let rows = CHECKLIST.iter().filter(|row| row.1.contains(&Client) && row.2.contains(&Imap));
        rows.map(|&(id, ..)| {
            let outcome = changed.iter().find(|(row, _)| *row == id).map_or(Outcome::Pass, |row| row.1);
            Verdict {
                rule: rule(id),
                side: Client,
                clause: find(id).and_then(|row| row.strongest(Client)).unwrap_or(&MUST),
                outcome,
                events: Evidence::new(),
                message: "".into(),
                excused_by: None,
                basis: None,
            }
        })
        .collect()
    }

    fn blank() -> &'static crate::rules::Rule {
        ALL[0]
    }

    fn graded(changed: &[(&str, Outcome)]) -> Grade {
        grade(&verdicts(changed), Client, Imap).grade
    }

    #[test]
    fn the_four_grades() {
        assert_eq!(graded(&[("A16", Outcome::NotApplicable)]), Grade::Unconditional);
        assert_eq!(graded(&[("A19", Outcome::Fail)]), Grade::Conditional);
        assert_eq!(graded(&[("A19", Outcome::Fail), ("A13", Outcome::CannotTell)]), Grade::NotDecidable);
        assert_eq!(graded(&[("A16", Outcome::Fail), ("A13", Outcome::CannotTell)]), Grade::NotCompliant);
        let ids = serde_json::to_string(&[
            Grade::Unconditional,
            Grade::Conditional,
            Grade::NotCompliant,
            Grade::NotDecidable,
        ]);
        assert_eq!(ids.unwrap(), r#"["unconditional","conditional","not-compliant","not-decidable"]"#);
    }

    #[test]
    fn rows_without_a_rule_leave_the_grade_open() {
        let trace = read_imap("C: a STARTTLS\nS: a OK go\n==TLS==\nC: b CAPABILITY\nC: c LOGIN ana s3cret");
        let facts = Facts::default();
        let verdicts = judge(&trace, &facts, &facts, RuleSet::Then);
        let client = grade(&verdicts, Client, Imap);
        assert_eq!(client.grade, Grade::NotDecidable);
        assert!(client.undecided.contains(&"A06") && !client.undecided.contains(&"A14"));
    }

    #[test]
    fn rules_outside_the_checklist_do_not_count() {
        let trace = read_imap("S: * PREAUTH hi\nC: a STARTTLS\nS: a OK go");
        let facts = Facts::default();
        let verdicts = judge(&trace, &facts, &facts, RuleSet::Today);
        assert!(verdicts.iter().any(|v| v.side == Server && v.outcome == Outcome::Fail));
        assert_eq!(grade(&verdicts, Server, Imap).broken, Vec::<&str>::new());
    }

    #[test]
    fn the_checklist_and_the_rows_name_the_same_sides() {
        for (id, sides, protocols) in CHECKLIST {
            if let Some(row) = find(id) {
                assert_eq!(row.sides(), sides, "{id}");
            }
            if let Some(rule) = crate::rules::find(id) {
                assert_eq!(rule.protocols, protocols, "{id}");
            }
        }
        for row in crate::spec::all().filter(|row| row.id.starts_with('A')) {
            assert!(CHECKLIST.iter().any(|listed| listed.0 == row.id), "{}", row.id);
        }
    }
}
