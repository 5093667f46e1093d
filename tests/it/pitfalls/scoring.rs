//! Attribution and scoring.

use super::*;
use starttls_lab::base::{Profile, Protocol};
use starttls_lab::pipeline::{Policy, probe};
use starttls_lab::report::Kind;
use starttls_lab::spec::{Document, Keyword};
use std::collections::BTreeSet;

fn broken(words: &str, side: Side) -> BTreeSet<&'static str> {
    let run = run(words);
    let all = over_run(&run.connections);
    all.iter()
        .filter(|v| v.verdict.outcome == Fail && v.verdict.side == side)
        .map(|v| v.verdict.rule.id)
        .collect()
}

#[test]
fn p082_losing_the_password_and_breaking_a_rule_are_two_things() {
    // Lost without a breach of RFC 2595.
    let permitted = "imap client=private client.tls=opportunistic server=strict attack=strip-capability";
    assert!(harms(permitted).contains(&"credential"));
    let judged = &run(permitted).connections[0];
    let then = judge_again(&judged.trace, &judged.facts, RuleSet::Then);
    assert!(then.iter().all(|v| v.side != Client || v.outcome != Fail));
    // Broken without a loss.
    let clumsy = "imap client=private client.no-capability-after-tls=on";
    assert!(broken(clumsy, Client).contains("A14") && harms(clumsy).is_empty());
}

#[test]
fn p083_the_servers_view_of_a_stripped_session_is_fully_compliant() {
    let half = "imap client=opportunistic server=strict attack=half-tls-proxy";
    let run = run(half);
    assert!(run.harms.iter().any(|done| done.harm.id == "credential"));
    assert_eq!(broken(half, Server), BTreeSet::new());
    assert!(run.connections[0].trace.leg(Server).inside_tls().is_some());
    assert!(run.connections[0].trace.leg(Client).inside_tls().is_none());
}

#[test]
fn p084_what_the_middle_wrote_is_not_charged_to_the_honest_end() {
    for words in [
        "imap client=private attack=forge-capability",
        "imap client=private attack=response-injection",
        "imap client=private attack=preauth-greeting",
        "pop3 client=private attack=fail-starttls",
        "pop3 client=private attack=strip-capability",
        "acap client=private attack=acap-greeting-forged",
    ] {
        assert_eq!(broken(words, Server), BTreeSet::new(), "{words}");
    }
}

#[test]
fn p085_one_run_proves_no_mode_and_a_probe_runs_it_on_and_off() {
    let one = "S: * OK hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b LOGIN ana x\nS: b OK done";
    for (rule, side) in [("A05", Server), ("A20", Client), ("A20", Server)] {
        assert_eq!(judged(one, rule, side), CannotTell, "{rule}");
    }
    let mut setup = Setup::new(Protocol::Imap).unwrap();
    setup.profile(Client, "private").unwrap();
    let probed = probe(&setup, Client);
    let row = |id: &str| probed.checklist.iter().find(|row| row.id == id).unwrap();
    for id in ["A02", "A04"] {
        assert_eq!(row(id).outcome, Pass, "{id}");
        let (on, off) = (
            |run: &String| run.contains("client.tls=required"),
            |run: &String| run.contains("client.tls=opportunistic"),
        );
        assert!(row(id).runs.iter().any(on) && row(id).runs.iter().any(off), "{:?}", row(id).runs);
    }
}

#[test]
fn p086_what_did_not_come_to_pass_was_not_kept() {
    let greeting = read("S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: a LOGOUT\nS: a OK");
    for rule in ["A12", "A13", "A14", "A16"] {
        assert_eq!(of(&greeting, rule, Client), NotApplicable, "{rule}");
    }
}

#[test]
fn p087_a_crash_is_no_leak_and_the_second_connection_is_part_of_the_run() {
    let crash = "imap client=private client.fragile=on attack=pre-tls-crash-loop";
    let crashed = run(crash);
    assert!(crashed.harms.is_empty() && crashed.denied.is_some());
    let retry = "imap client=opportunistic client.retry=in-clear server=open attack=break-handshake";
    let again = run(retry);
    assert!(again.connections.len() > 1);
    assert!(again.harms.iter().any(|done| done.events.iter().any(|(connection, _)| *connection > 0)));
}

#[test]
fn p088_keeping_the_user_out_is_no_attack_that_was_caught() {
    let denied = run("imap client=opportunistic client.tls=never server=open attack=logindisabled-injection");
    assert!(denied.harms.is_empty());
    let verdicts = over_run(&denied.connections);
    assert!(verdicts.iter().all(|v| v.verdict.side != Server || v.verdict.outcome != Fail));
}

#[test]
fn p089_silence_leaves_no_trace_of_a_protocol() {
    let silent = run(
        "imap client=opportunistic client.retry=in-clear server=open attack=fail-starttls middle.answer=silence",
    );
    assert_eq!(silent.connections[0].facts.starttls_answer, Some("none"));
    // The wire alone shows a question without an answer: nobody is charged.
    let wire = read("S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: a STARTTLS");
    assert!(wire.verdicts.iter().all(|v| v.outcome != Fail));
    assert_eq!(of(&wire, "A11", Client), CannotTell);
}

#[test]
fn p090_lower_case_words_have_no_weight() {
    let rows: Vec<_> =
        starttls_lab::spec::all().filter(|row| row.document == Document::ColasoftPage).collect();
    assert!(!rows.is_empty());
    for row in rows {
        for clause in row.clauses {
            assert!(!matches!(clause.keyword, Keyword::Must | Keyword::MustNot), "{}", row.id);
        }
        assert!(!RuleSet::Today.includes(row.document) && !RuleSet::Then.includes(row.document));
    }
}

#[test]
fn p091_successors_bind_those_who_claim_them_and_the_verdict_cites_the_document() {
    let judged = read("S: * OK hi\nC: a LOGIN ana x\nS: a OK done");
    assert_eq!(of(&judged, "S-9051-login", Client), Fail);
    let then = judge_again(&judged.trace, &judged.facts, RuleSet::Then);
    assert_eq!(verdict(&then, "S-9051-login", Client).outcome, NotInForce);
    assert_eq!(
        verdict(&then, "S-9051-login", Client).rule.requirement().unwrap().citation(),
        "RFC 9051 section 6.2.3"
    );
}

#[test]
fn p092_no_tick_of_1999_stands_without_what_today_says() {
    let record = run("imap client=opportunistic server=open server.starttls=off").connections[0].record();
    let matters: BTreeSet<_> = record.turned.iter().map(|turned| turned.id).collect();
    assert!(matters.contains("clear-text-mode"), "{matters:?}");
    let mode = record.turned.iter().find(|turned| turned.id == "clear-text-mode").unwrap();
    assert_eq!(mode.then.outcome, Pass);
    assert_ne!(mode.today.outcome, Pass);
    for rule in starttls_lab::rules::ALL {
        assert!(!rule.requirement().unwrap().later.is_empty(), "{}", rule.id);
    }
}

#[test]
fn p093_printed_examples_are_no_ground_truth() {
    use starttls_lab::sasl::plain::{self, Grammar};
    // The PLAIN example of RFC 2595 section 6 ends with a text that ACAP wants in quotes.
    let printed = "S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)\nC: a AUTHENTICATE \"PLAIN\" {20+}\nC: \0tim\0tanstaaftanstaaf\nS: a OK done";
    let leg = read(printed);
    assert!(
        leg.trace.leg(Server).of(starttls_lab::trace::Class::Malformed).count() > 0
            || leg.facts.authenticated != Some(false)
    );
    // The message is right all the same: 21 octets, as the first example of RFC 4616 counts them.
    let message = b"\0tim\0tanstaaftanstaaf";
    assert_eq!(message.len(), 21);
    assert!(plain::decode(message, Grammar::Rfc4616).is_ok());
    // That literal waits for leave: without the server's line nothing has been sent yet.
    let waiting = read("S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {21}");
    assert_eq!(waiting.facts.credential_in_clear, Some(false));
    // RFC 4978 answers the tag of another command.
    assert_eq!(
        judged("~~~~\nS: * PREAUTH hi\nC: c COMPRESS DEFLATE\nS: d OK active", "S-3501-tag", Server),
        Fail
    );
}

#[test]
fn p094_showing_an_alert_from_the_clear_is_judged_by_today_alone() {
    let words = "imap client=private client.shows-clear-alerts=on attack=alert-ui-spoof";
    assert_eq!(ran(words, "S-9051-alert", Client), Fail);
    let judged = &run(words).connections[0];
    assert_eq!(then(judged, "S-9051-alert", Client), NotInForce);
}

#[test]
fn p095_a_referral_inside_tls_from_the_genuine_server_is_legitimate() {
    let words = "imap client=private server=strict server.login-referral=with-login";
    assert_ne!(ran(words, "S-2221-limit", Server), Fail);
    assert!(harms(words).is_empty());
    assert_eq!(ran(words, "A08", Client), Pass);
}

#[test]
fn p096_codes_of_pop3_are_text_until_they_are_listed() {
    let with = |tag: &str| {
        format!(
            "S: +OK hi\nC: CAPA\nS: +OK\n{tag}S: .\nC: USER ana\nS: +OK\nC: PASS x\nS: -ERR [auth] wrong\nC: QUIT\nS: +OK"
        )
    };
    for tag in ["S: RESP-CODES\n", ""] {
        let judged = read(&with(tag));
        let broken: Vec<_> = judged
            .verdicts
            .iter()
            .filter(|v| v.outcome == Fail && v.side == Server)
            .map(|v| v.rule.id)
            .collect();
        assert_eq!(broken, Vec::<&str>::new(), "{tag}");
    }
}

#[test]
fn p097_international_names_are_compared_as_they_are_sent_in_the_name_system() {
    use starttls_lab::tls::identity::{NameRules, name_matches};
    for rules in NameRules::ALL {
        assert!(name_matches(rules, "xn--mller-kva.test", "XN--MLLER-KVA.test"), "{rules:?}");
        assert!(
            !name_matches(rules, "mail.example.test", "mаil.example.test"),
            "a Cyrillic letter, {rules:?}"
        );
        assert!(!name_matches(rules, "xn--mller-kva.test", "müller.test"), "{rules:?}");
    }
}

#[test]
fn p098_trying_both_ports_at_once_is_compliant_as_long_as_no_secret_goes_in_the_clear() {
    let beside = read(
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nC: a LOGOUT\nS: * BYE bye\nS: a OK done",
    );
    assert!(beside.verdicts.iter().all(|v| v.side != Client || v.outcome != Fail));
    assert_eq!(broken("imap client=private client.port=either", Client), BTreeSet::new());
}

#[test]
fn p099_revocation_is_no_matter_of_rfc_2595() {
    let words = "imap client=private client.no-revocation-check=on attack=cert-revoked";
    assert!(harms(words).contains(&"credential"));
    let judged = &run(words).connections[0];
    let all = judge_again(&judged.trace, &judged.facts, RuleSet::Then);
    assert!(all.iter().all(|v| v.side != Client || v.outcome != Fail));
    // RFC 9325 is where it is said.
    let today = judge_again(&judged.trace, &judged.facts, RuleSet::Today);
    assert!(today.iter().any(|v| v.rule.id == "S-9325-revoked" && v.side == Client && v.outcome == Fail));
}

#[test]
fn p100_what_a_server_says_is_shown_without_its_escapes() {
    let odd =
        octets("S: * OK \u{1b}[31mred\u{202e}der \u{7}bell\r\nC: a LOGOUT\r\nS: a OK done\r\n".as_bytes());
    let trace = &odd.trace;
    for event in trace.events() {
        let text = trace.text(event);
        assert!(text.chars().all(starttls_lab::base::stays_visible), "{text:?}");
    }
}

#[test]
fn p101_starttls_belongs_in_front_of_the_login_whatever_the_grammar_says() {
    let late = "S: * OK hi\nC: a LOGIN ana x\nS: a OK done\nC: b STARTTLS\nS: b OK go";
    assert_eq!(judged(late, "B15", Client), Fail);
    assert_eq!(judged(late, "B15", Server), Fail);
}

#[test]
fn p102_a_client_that_keeps_other_things_from_the_clear_does_not_break_a13() {
    let words = "imap client=private client.early-mailbox-data=on attack=untagged-data-pre-tls";
    assert_ne!(ran(words, "A13", Client), Fail);
    assert_eq!(ran(words, "S-9051-ignore", Client), Fail);
    assert_eq!(ran("imap client=private client.keep-capabilities=on", "A13", Client), Fail);
}

#[test]
fn p103_a_rule_that_asks_for_a_switch_can_be_obeyed_while_the_attack_wins() {
    let words = "imap client=private client.tls=opportunistic server=strict attack=strip-capability";
    assert!(harms(words).contains(&"credential"));
    assert_ne!(ran(words, "A02", Client), Fail);
    assert_ne!(ran(words, "A11", Client), Fail);
    assert_ne!(ran(words, "A19", Client), Fail);
    assert_eq!(Policy::TlsIfOffered.id(), "tls-if-offered");
}

#[test]
fn p104_behind_a_refused_starttls_nobody_waits_any_more() {
    for answer in ["NO", "BAD"] {
        let text = format!("S: * OK hi\nC: a STARTTLS\nS: a {answer} no\nC: b LOGIN ana x\nS: b OK done");
        assert_eq!(judged(&text, "A12", Client), Pass, "{answer}");
        assert_eq!(judged(&text, "S-8314-minconf", Client), Fail, "{answer}");
    }
    assert_eq!(judged("S: +OK hi\nC: STLS\nS: -ERR no\nC: USER a\nS: +OK", "A12", Client), Pass);
}

#[test]
fn p105_stls_between_user_and_pass_parts_them() {
    let text = "S: +OK hi\nC: USER ana\nS: +OK\nC: STLS\nS: +OK\n~~~~\nC: PASS x\nS: +OK welcome";
    assert_eq!(judged(text, "S-1939-pass", Server), Fail);
    assert_eq!(judged(text, "S-1939-pass", Client), Fail);
    let again = "S: +OK hi\nC: USER ana\nS: +OK\nC: STLS\nS: +OK\n~~~~\nC: USER ana\nS: +OK\nC: PASS x\nS: +OK welcome";
    assert_eq!(judged(again, "S-1939-pass", Server), Pass);
}

#[test]
fn p106_two_refusals_that_differ_confirm_the_password() {
    let two = |first: &str, second: &str| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\nC: a LOGIN ana right\nS: a NO {first}\nC: b LOGIN ana wrong\nS: b NO {second}"
        )
    };
    let told = two("[PRIVACYREQUIRED] use TLS", "[AUTHENTICATIONFAILED] wrong");
    assert_eq!(judged(&told, "B19", Server), Pass);
    assert_eq!(judged(&told, "S-8314-oracle", Server), Fail);
    assert_eq!(judged(&told, "S-9051-nocheck", Server), Fail);
    assert_eq!(judged(&two("use TLS", "use TLS"), "S-8314-oracle", Server), Pass);
    // The kinds and profiles that the tests above name are the ones that there are.
    assert!(
        Kind::ALL.len() > 3 && Profile::clone(&Setup::new(Protocol::Imap).unwrap().client.0).title.len() > 1
    );
}
