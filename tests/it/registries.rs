//! The registries are complete: one file per thing, one line per file, texts everywhere, and nothing that cannot happen.

use starttls_lab::base::{Party, Side, Switch, SwitchKind};
use starttls_lab::pipeline;
use starttls_lab::pipeline::report::Kind;
use starttls_lab::{attack, harm, import, proto, report, rules, spec};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The ids of the entries that the files of a folder define, by the type of their static.
fn defined(folder: &str, kind: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let mut ids = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, _) in text.match_indices(&format!(": {kind} = {kind} {{")) {
            let id = text[at..].split_once("id: \"").unwrap().1.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "{} defines {id} again", path.display());
        }
    }
    ids
}

fn registry(name: &str, folder: &str, kind: &str, entries: &[(&str, Vec<&str>)]) {
    let ids: Vec<&str> = entries.iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{name}: sorted, each once: {ids:?}");
    let listed: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(defined(folder, kind), listed, "{name}: what the files define and what ALL lists");
    for (id, texts) in entries {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(!id.is_empty() && id.chars().all(fits), "{name}: the id {id:?}");
        for text in texts {
            assert!(!text.trim().is_empty(), "{name}: {id} lacks a text");
        }
    }
}

#[test]
fn every_file_of_a_kind_is_in_its_registry_and_has_its_texts() {
    let rules: Vec<_> = rules::ALL.iter().map(|r| (r.id, vec![r.title, r.why, r.how])).collect();
    registry("rules", "rules", "Rule", &rules);
    let attacks: Vec<_> = attack::ALL.iter().map(|a| (a.id, vec![a.title, a.about])).collect();
    registry("attacks", "attack", "Attack", &attacks);
    let harms: Vec<_> = harm::ALL.iter().map(|h| (h.id, vec![h.title, h.about])).collect();
    registry("harms", "harm", "Harm", &harms);
    let formats: Vec<_> = import::ALL.iter().map(|f| (f.id, vec![f.title, f.about])).collect();
    registry("formats of inputs", "import", "Format", &formats);
    let writers: Vec<_> = report::ALL.iter().map(|f| (f.id, vec![f.title, f.about])).collect();
    registry("formats of reports", "report", "Format", &writers);
}

#[test]
fn every_rule_has_a_requirement_with_words_and_a_protocol() {
    for rule in rules::ALL {
        let row = rule.requirement().unwrap_or_else(|| panic!("{} has no requirement", rule.id));
        assert!(!row.clauses.is_empty() && !row.sides().is_empty(), "{}", rule.id);
        assert!(
            row.clauses.iter().all(|clause| !clause.says.is_empty() && !clause.sides.is_empty()),
            "{}",
            rule.id
        );
        assert!(!row.section.is_empty() && !rule.protocols.is_empty(), "{}", rule.id);
    }
    let ids: BTreeSet<_> = spec::all().map(|row| row.id).collect();
    assert_eq!(ids.len(), spec::all().count(), "each requirement once");
}

fn all_switches() -> Vec<&'static Switch> {
    let mut all = Vec::new();
    for record in proto::ALL {
        all.extend(Side::BOTH.into_iter().flat_map(|side| (record.switches)(side).iter().copied()));
    }
    all.extend(attack::ALL.iter().flat_map(|attack| attack.switches.iter().copied()));
    all
}

#[test]
fn every_switch_has_words_and_breaks_rules_that_exist() {
    for switch in all_switches() {
        assert!(!switch.title.is_empty() && switch.about.ends_with('.'), "{}", switch.id);
        // The page leaves a citation at the end out, and is read by people who never saw one.
        let said = switch.about.split(" (RFC").next().unwrap_or_default();
        assert!(!said.contains("RFC"), "{}: {said}", switch.id);
        assert!(switch.values.len() > 1, "{} has a choice", switch.id);
        // Whoever describes a program is asked about everything that a party can do; an attacker is not asked.
        let asked = switch.owner != Party::Middle;
        assert!(!asked || switch.question.ends_with('?'), "{} has a question", switch.id);
        assert!(switch.question.len() <= 160, "{}: the question is short", switch.id);
        let answers: BTreeSet<_> = switch.answered().map(|(_, answer)| answer).collect();
        assert_eq!(answers.len(), switch.values.len(), "{}: one answer for each value", switch.id);
        assert!(
            switch.answers.is_empty() || switch.answers.len() == switch.values.len(),
            "{}: the answers of its question are its values in plain words, in the same order",
            switch.id
        );
        for rule in switch.breaks {
            assert!(rules::find(rule).is_some(), "{} breaks {rule}, which is no rule", switch.id);
        }
        // A fault may break no rule: some weaknesses are covered by no document.
        assert!(switch.kind == SwitchKind::Conduct || switch.breaks.is_empty(), "{}", switch.id);
    }
    for record in proto::ALL {
        for side in Side::BOTH {
            let ids: Vec<_> = (record.switches)(side).iter().map(|switch| switch.id).collect();
            let once: BTreeSet<_> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "each switch of a side once");
            let ids: Vec<_> = (record.programs)(side).iter().map(|profile| &*profile.id).collect();
            assert!(ids.is_sorted_by(|a, b| a < b), "programs by id, each once: {ids:?}");
            for profile in record.all_profiles(side) {
                assert!(profile.side == side && !profile.title.is_empty() && profile.about.ends_with('.'));
                for (id, value) in profile.set.iter() {
                    let switch = (record.switches)(side).iter().find(|switch| switch.id == *id);
                    assert!(
                        switch.is_some_and(|switch| switch.values.contains(value)),
                        "{} {id}",
                        profile.id
                    );
                }
            }
        }
    }
}

#[test]
fn every_fault_is_forbidden_by_a_rule_or_is_the_deciding_weakness_of_an_attack() {
    let mut idle = BTreeSet::new();
    for record in proto::ALL {
        for side in Side::BOTH {
            for switch in (record.switches)(side).iter().filter(|switch| switch.kind == SwitchKind::Conduct) {
                let named = format!("{}.{}=on", side.name(), switch.id);
                let decides = attack::ALL.iter().flat_map(|attack| attack.deciding);
                let decides = decides.into_iter().any(|deciding| deciding.wrong.contains(&&*named));
                // A run that is said to break a rule by it stands for a rule that it names.
                let named_in_runs = BY_RUNS.iter().any(|(words, pairs)| {
                    let set = format!("{}.{}=", side.name(), switch.id);
                    words.split(' ').any(|word| word.starts_with(&set))
                        && pairs.iter().any(|(_, of)| *of == side)
                });
                if switch.breaks.is_empty() && !decides && !named_in_runs {
                    idle.insert((side, switch.id));
                }
            }
        }
    }
    assert!(idle.is_empty(), "faults without a rule or an attack: {idle:?}");
}

/// What no switch of a party breaks, and why.
const NOT_BY_CONDUCT: &[(&str, Side, &str)] = &[
    (
        "A02",
        Side::Server,
        "a run without the mode says nothing about whether there is one: only a probe could",
    ),
    (
        "S-8314-clientcert",
        Side::Client,
        "for which account a certificate is meant stands in no session: the rule never does more than to ask",
    ),
];

/// Runs that break a rule on one side, where no switch alone does: a setting, an attack, or several of them together.
/// The first word is the rule set where it is not today's.
const BY_RUNS: &[(&str, &[(&str, Side)])] = &[
    (
        "imap client=private client.weak-tls=on server.weak-tls=preferred",
        &[
            ("B35", Side::Client),
            ("S-9325-cipher", Side::Client),
            ("S-9325-cipher", Side::Server),
            ("S-9325-fs", Side::Client),
            ("S-9325-fs", Side::Server),
        ],
    ),
    (
        "imap client=private client.weak-tls=on client.version-fallback=on server.weak-tls=on attack=tls-version-downgrade",
        &[
            ("S-8997-tls12", Side::Client),
            ("S-8997-tls12", Side::Server),
            ("S-9051-tls", Side::Client),
            ("S-9051-tls", Side::Server),
            ("S-9325-ver", Side::Client),
            ("S-9325-ver", Side::Server),
        ],
    ),
    ("1999 imap client=private client.port=tls-first", &[("B33", Side::Client), ("B33", Side::Server)]),
    ("imap client=private client.auth=login server.mechanisms=all", &[("SEC01", Side::Client)]),
    (
        "imap client=careless client.auth=auth-login server.mechanisms=plain+login server.plain-accepted-in-clear=on attack=strip-capability",
        &[("B05", Side::Server)],
    ),
    (
        "imap client=private client.believes-text=on client.auth=auth-login server=open server.mechanisms=plain+login attack=fake-tls-active",
        &[("B05", Side::Client)],
    ),
    (
        "imap client=private client.goes-on-after-tls=on server.goes-on-after-tls=ends-it",
        &[("B02", Side::Server)],
    ),
    (
        "imap client=private client.version-fallback=on attack=tls-version-downgrade",
        &[("S-8314-noadv", Side::Server)],
    ),
    (
        "imap client=private server.refused-checked=on server.greeting-capabilities=on attack=cleartext-validity-oracle",
        &[("S-9051-nocheck", Side::Server)],
    ),
    (
        "imap client=private client.names-refused=case-sensitive client.bad-certificate=ask client.user=agrees server.certificate-name=in-capitals",
        &[("A09", Side::Client), ("B08", Side::Client), ("B10", Side::Client)],
    ),
    (
        "imap client=private client.names-refused=common-name-only client.bad-certificate=ask client.user=agrees",
        &[("A09", Side::Client), ("B10", Side::Client)],
    ),
    (
        "imap client=private client.starttls-argument=on server.starttls-argument-taken=on",
        &[("B13", Side::Client), ("B13", Side::Server)],
    ),
    (
        "imap client=private client.starttls-unlisted=tried server.starttls-contradicts-list=unlisted-taken",
        &[("B12", Side::Server)],
    ),
    ("imap client=private client.out-of-place=mailbox server.serves-anybody=on", &[("B16", Side::Server)]),
    (
        "pop3 client=private client.out-of-place=mailbox server.serves-anybody=on",
        &[("B16", Side::Server), ("S-8314-noauth-state", Side::Server)],
    ),
    (
        "acap client=private client.out-of-place=mailbox server.serves-anybody=on",
        &[("S-2244-state", Side::Server)],
    ),
    (
        "1999 imap client=private client.auth=plain client.plain-message=line-break",
        &[("B28", Side::Client), ("B32", Side::Client)],
    ),
    (
        "imap client=private client.auth=plain client.out-of-place=second-login server.second-login-granted=on server.plain-handling=any-password",
        &[("B29", Side::Server), ("UNA28", Side::Server)],
    ),
    (
        "imap client=private client.auth=plain client.plain-message=twice server.plain-handling=asks-twice",
        &[("B42", Side::Client), ("B42", Side::Server)],
    ),
    (
        "pop3 client=private client.out-of-place=pass server.pass-without-user=on",
        &[("S-1939-pass", Side::Client), ("S-1939-pass", Side::Server)],
    ),
    (
        "imap client=private client.auth=plain client.plain-message=latin-1 server.refers-failed-login=on",
        &[("S-2221-limit", Side::Server)],
    ),
    (
        "pop3 client=private client.auth=plain client.plain-message=long-name client.initial-response-anyway=on",
        &[("S-2449", Side::Client), ("S-5034", Side::Client)],
    ),
    (
        "imap client=private client.auth=plain client.gives-up=on server.cancel-answered-otherwise=on",
        &[("S-3501-cancel", Side::Server)],
    ),
    (
        "pop3 client=private client.auth=plain client.gives-up=on server.cancel-answered-otherwise=on",
        &[("S-5034-cancel", Side::Server)],
    ),
    (
        "imap client=private client.auth=plain client.initial-response=never server.closes-in-exchange=on",
        &[("S-4422-trunc", Side::Server)],
    ),
    (
        "imap client=private client.auth=plain client.initial-response-anyway=on server.sasl-ir=off",
        &[("S-4959", Side::Client)],
    ),
    (
        "pop3 client=private client.auth=plain client.out-of-place=second-login server.second-login-granted=on server.plain-handling=any-password",
        &[("S-5034-once", Side::Server)],
    ),
    ("imap client=private client.utf8-not-enabled=on server.utf8-only=on", &[("S-6855", Side::Client)]),
    (
        "imap client=private client.auth=login client.literals=non-synchronizing client.literals-anyway=on server.literals=none",
        &[("S-7888", Side::Client)],
    ),
    ("imap client=tls-first client.talks-before-tls=on", &[("S-8314-implicit", Side::Client)]),
    ("imap client=tls-first server.greets-before-tls=on", &[("S-8314-implicit", Side::Server)]),
    (
        "imap client=tls-first client.out-of-place=starttls server.starttls-inside-answered-no=on",
        &[("S-9051-portbad", Side::Server)],
    ),
    (
        "imap client=private server=open server.no-login-limit=on attack=password-spraying",
        &[("S-9051-spray", Side::Server)],
    ),
    (
        "imap client=private client.out-of-place=unauthenticate server.unauthenticate=on server.unauthenticate-answer=before-login",
        &[("UNA02", Side::Client), ("UNA02", Side::Server)],
    ),
    (
        "imap client=private client.work=second-user server.unauthenticate=on server.unauthenticate-answer=no-new-login",
        &[("UNA07", Side::Server)],
    ),
];

#[test]
fn runs_break_the_rules_that_they_are_said_to_break() {
    let mut wrong = Vec::new();
    for (words, pairs) in BY_RUNS {
        let (rule_set, words) = match words.strip_prefix("1999 ") {
            Some(words) => (spec::RuleSet::Then, words),
            None => (spec::RuleSet::Today, *words),
        };
        let setup = pipeline::Setup::from_words(words).unwrap();
        let run = pipeline::simulate(&setup, rule_set);
        let over = pipeline::over_run(&run.connections);
        for (rule, side) in *pairs {
            let found = over.iter().find(|v| v.verdict.rule.id == *rule && v.verdict.side == *side);
            if found.is_none_or(|v| v.verdict.outcome != pipeline::Outcome::Fail) {
                let is = found.map(|v| (v.verdict.outcome, &*v.verdict.message));
                wrong.push(format!("{words}: {rule} {} {is:?}", side.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// That a switch really breaks what it names is shown by runs, in `src/pipeline/conduct_tests.rs`.
#[test]
fn every_rule_is_broken_by_some_switch_of_the_side_that_it_binds() {
    let mut lacking = BTreeSet::new();
    for record in proto::ALL {
        // What only probes judge is broken by probes, in `src/probe`.
        let by_session = |rule: &&&rules::Rule| {
            !matches!(rule.examples.bad, rules::Sample::Probe(_) | rules::Sample::Nobody(_))
        };
        let about = |rule: &&&rules::Rule| rule.protocols.contains(&record.protocol);
        for rule in rules::ALL.iter().filter(about).filter(by_session) {
            for side in rule.requirement().unwrap().sides() {
                let named = (record.switches)(side).iter().any(|switch| switch.breaks.contains(&rule.id));
                let by_run = BY_RUNS.iter().any(|(_, pairs)| pairs.contains(&(rule.id, side)));
                let excused =
                    by_run || NOT_BY_CONDUCT.iter().any(|(id, of, _)| (*id, *of) == (rule.id, side));
                assert!(
                    !named || !excused || by_run,
                    "{} of the {} in {:?}",
                    rule.id,
                    side.name(),
                    record.protocol
                );
                if !named && !excused {
                    lacking.insert((rule.id, side.name()));
                }
            }
        }
    }
    let pairs: Vec<_> = lacking.iter().map(|(rule, side)| format!("{rule} {side}")).collect();
    assert!(pairs.is_empty(), "nothing breaks {}: {}", pairs.len(), pairs.join(", "));
}

#[test]
fn the_ids_of_the_contract_are_listed() {
    let ids = |kind| pipeline::list(kind).into_iter().map(|entry| entry.id).collect::<BTreeSet<_>>();
    let holds = |kind, wanted: &[&'static str]| {
        let missing: Vec<_> = wanted.iter().filter(|id| !ids(kind).contains(*id)).collect();
        assert!(missing.is_empty(), "{kind:?} lacks {missing:?}");
    };
    holds(Kind::Profiles, &["private", "opportunistic", "careless", "strict", "open"]);
    holds(Kind::Attacks, &["strip-capability", "fail-starttls"]);
    holds(Kind::Harms, &["credential", "content"]);
    holds(Kind::Protocols, &["imap", "pop3", "acap"]);
    holds(
        Kind::Rules,
        &[
            "A02",
            "A04",
            "A11",
            "A12",
            "A13",
            "A14",
            "A16",
            "A19",
            "A21",
            "B14",
            "B15",
            "B19",
            "B25",
            "S-8314-minconf",
            "S-9051-preauth",
            "S-9051-plaincfg",
            "S-4616",
        ],
    );
    for kind in Kind::ALL {
        assert!(!pipeline::list(kind).is_empty(), "{kind:?}");
    }
}
