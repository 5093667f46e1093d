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
    let expired: Vec<_> = policy.expired("2027-01-01").map(|accepted| accepted.rule.as_str()).collect();
    assert_eq!(expired, [rule]);
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
        ("[[accept]]\nrule = \"A12\"\nreason = \"x\"\nuntil = \"2027-02-29\"", "is no day"),
        ("[[accept]]\nrule = \"A12\"\nreason = \"x\"\nside = \"both\"", "`client` or `server`"),
        ("colour = 1", "unknown field"),
        ("rules = ", "line 1, column "),
        ("\nrules = 1999", "line 2, column 9: "),
        ("[levels]\n\"A12\" = \"off\"\na12 = \"note\"", "`A12` has two levels"),
    ] {
        let error = Policy::read(text).unwrap_err().to_string();
        assert!(error.contains(why) && !error.contains('\n'), "{text}: {error}");
    }
    assert!(
        Policy::read("[levels]\na12 = \"off\"\n[[accept]]\nrule = \"s-9051-LOGIN\"\nreason = \"x\"").is_ok()
    );
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
