//! What can be asked about verdicts: why a rule did not fire, what it would be under another policy, and where 1999 and
//! today differ.

use crate::cli::run;
use serde_json::Value;

const STRIPPED: &[u8] = b"S: * OK ready
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
S: a1 OK done
C: a2 AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
S: a2 OK done
";

fn check(args: &[&str], input: &[u8]) -> Value {
    let all = [&["check", "--output", "json"], args, &["-"]].concat();
    run(&all, input).parsed().json["inputs"][0]["sessions"][0].clone()
}

fn why(rule: &str, side: &str, input: &[u8]) -> Value {
    let session = check(&["--why", rule], input);
    let all = session["why"].as_array().unwrap().clone();
    all.into_iter().find(|why| why["side"] == side).unwrap()
}

#[test]
fn why_names_the_first_condition_that_was_not_met_and_its_line() {
    // Each line of the session brings the rule one condition further.
    let lines = [
        ("S: * OK ready\n", "no LOGIN was sent", Value::Null),
        ("C: a LOGIN ana s3cret\n", "no capability list of its layer came before", Value::Null),
    ];
    let mut session = String::new();
    for (line, unmet, _) in lines {
        session.push_str(line);
        let why = why("A16", "client", session.as_bytes());
        assert_eq!(why["outcome"], "not-applicable", "{session}");
        let steps: Vec<_> = why["steps"].as_array().unwrap().iter().map(|s| s["says"].clone()).collect();
        assert!(steps.iter().any(|says| says == unmet), "{session}: {why}");
    }
    let listed = b"S: * OK [CAPABILITY IMAP4rev1] ready\nC: a LOGIN ana s3cret\n";
    let kept = why("A16", "client", listed);
    assert_eq!((&kept["outcome"], &kept["line"]), (&Value::from("pass"), &Value::from(2)));
    let broken =
        why("A16", "client", b"S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\nC: a LOGIN ana s3cret\n");
    assert_eq!((&broken["outcome"], &broken["unmet"]), (&Value::from("fail"), &Value::Null));
    assert!(!broken["steps"].as_array().unwrap().is_empty());
}

#[test]
fn why_looks_at_the_candidate_that_came_furthest() {
    // The first STARTTLS is answered by nobody, the second is, and has no list in front of it.
    let why = why("B12", "server", b"C: a STARTTLS\nS: a NO first\nC: b NOOP\nS: b OK done\n");
    assert_eq!(why["outcome"], "not-applicable");
    assert_eq!(why["unmet"], "no capability list of its layer came before", "{why}");
    let text = run(&["check", "--why", "b12", "-"], b"C: a STARTTLS\nS: a NO first\n").out;
    assert!(text.contains("why B12 did not fire on the server (not applicable)"), "{text}");
    assert!(text.contains("looked at: line 2: "), "{text}");
}

#[test]
fn a_rule_that_is_not_in_force_or_of_another_protocol_says_so() {
    let why =
        |args: &[&str], rule: &str| check(&[args, &["--why", rule]].concat(), STRIPPED)["why"][0].clone();
    assert_eq!(why(&["--rules", "1999"], "S-8314-minconf")["outcome"], "not-in-force");
    let other = why(&[], "S-1939-pass");
    assert_eq!(other["unmet"], "This rule is about other protocols.");
    assert_eq!(run(&["check", "--why", "A99", "-"], STRIPPED).code, 2);
}

fn outcome(session: &Value, rule: &str, side: &str) -> (Value, Value) {
    let verdicts = session["verdicts"].as_array().unwrap();
    let verdict = verdicts.iter().find(|v| v["rule"] == rule && v["side"] == side).unwrap();
    (verdict["outcome"].clone(), verdict["policy"].clone())
}

#[test]
fn a_verdict_says_which_policy_it_rests_on_and_another_can_be_assumed() {
    let unknown = check(&[], STRIPPED);
    let (was, policy) = outcome(&unknown, "A02", "client");
    assert_eq!((was, &policy["by"]), (Value::from("cannot-tell"), &Value::from("unknown")));
    let required = check(&["--assume", "client=tls-required"], STRIPPED);
    let (was, policy) = outcome(&required, "A02", "client");
    assert_eq!(was, "fail");
    assert_eq!((&policy["by"], &policy["is"]), (&Value::from("assumed"), &Value::from("tls-required")));
    // A21 names the exception that a server for old clients has.
    assert_eq!(outcome(&unknown, "A21", "server").0, "fail");
    let open = check(&["--assume", "server=clear-text-accepted"], STRIPPED);
    assert_eq!(outcome(&open, "A21", "server").0, "pass");
    let refusing = check(&["--assume", "server=clear-text-refused"], STRIPPED);
    assert_eq!(outcome(&refusing, "A04", "server").0, "fail");
    assert_eq!(run(&["check", "--assume", "server=tls-required", "-"], STRIPPED).code, 2);
    let text = run(&["check", "--assume", "client=tls-required", "-"], STRIPPED).out;
    assert!(text.contains("judged as if the client's policy were tls-required"), "{text}");
    assert!(text.contains("depend on the server's policy, which is not known"), "{text}");
    // A party of a simulation says itself how it is set.
    let run = run(&["simulate", "--protocol", "imap", "--output", "json"], b"").parsed().json;
    let (_, policy) = outcome(&run["inputs"][0]["sessions"][0], "A02", "client");
    assert_eq!(policy["by"], "stated");
}

fn turned(input: &[u8]) -> Vec<(String, Value, Value)> {
    let session = check(&["--assume", "client=tls-if-offered"], input);
    let turned = session["turned"].as_array().cloned().unwrap_or_default();
    let told = |verdict: &Value| {
        Value::from(format!(
            "{} {}",
            verdict["outcome"].as_str().unwrap(),
            verdict["level"].as_str().unwrap()
        ))
    };
    turned
        .iter()
        .map(|one| (one["id"].as_str().unwrap().to_owned(), told(&one["1999"]), told(&one["today"])))
        .collect()
}

#[test]
fn verdicts_of_1999_and_of_today_stand_side_by_side_where_they_differ() {
    let has = |input: &[u8], id: &str, then: &str, today: &str| {
        let turned = turned(input);
        let wanted = (id.to_owned(), Value::from(then), Value::from(today));
        assert!(turned.contains(&wanted), "{wanted:?}: {turned:?}");
    };
    has(STRIPPED, "plain", "fail error", "fail warning");
    let refused = b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: a STARTTLS\nS: a NO no\nC: b LOGIN ana s3cret\nS: b OK done\n";
    has(refused, "opportunistic", "pass error", "fail error");
    has(refused, "clear-text-mode", "pass warning", "cannot-tell warning");
    let first =
        b"<TLS negotiation>\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: b LOGOUT\nS: b OK done\n";
    has(first, "ports", "fail note", "pass warning");
    // Where the two agree there is nothing to show.
    let calm = b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nC: a LOGOUT\nS: * BYE bye\nS: a OK done\n";
    assert_eq!(turned(calm), []);
}

#[test]
fn what_is_listed_and_counts_can_be_chosen() {
    let verdicts = |args: &[&str]| check(args, STRIPPED)["verdicts"].as_array().unwrap().clone();
    let all = verdicts(&[]);
    let every = |args: &[&str], holds: &dyn Fn(&Value) -> bool| {
        let chosen = verdicts(args);
        assert!(!chosen.is_empty() && chosen.len() < all.len(), "{args:?}");
        assert!(chosen.iter().all(holds), "{args:?}");
        assert_eq!(chosen.len(), all.iter().filter(|v| holds(v)).count(), "{args:?}");
    };
    every(&["--strict", "must"], &|v| v["level"] == "error");
    every(&["--strict", "should"], &|v| v["level"] != "note");
    every(&["--side", "server"], &|v| v["side"] == "server");
    every(&["--outcome", "fail", "--outcome", "pass"], &|v| v["outcome"] == "fail" || v["outcome"] == "pass");
    every(&["--section", "RFC 2595"], &|v| v["section"].as_str().unwrap().starts_with("RFC 2595"));
    // What is not listed is no finding either.
    assert_eq!(run(&["check", "-"], STRIPPED).code, 1);
    assert_eq!(run(&["check", "--section", "RFC 5161", "-"], STRIPPED).code, 0);
}
