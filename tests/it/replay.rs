//! From the recordings of a client without an attack, what it does under one: held to what it really did.

use crate::corpus::{Entry, entries};
use crate::corpus_facts::expected;
use serde_json::{Value, json};
use starttls_lab::import::{self, KeyLog};
use starttls_lab::pipeline::Custom;
use starttls_lab::replay::{self, Part, Played};
use starttls_lab::sim::Setup;
use starttls_lab::trace::{Policy, Trace};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

/// The sessions without an attack, each read once.
static RECORDED: LazyLock<BTreeMap<String, Trace>> = LazyLock::new(|| {
    let plain = entries().into_iter().filter(untouched);
    plain.map(|entry| (entry.name.clone(), read(&entry))).collect()
});

fn trace(entry: &Entry) -> &'static Trace {
    &RECORDED[&entry.name]
}

fn read(entry: &Entry) -> Trace {
    let keys = Arc::new(KeyLog::parse(&entry.file("keylog.txt").unwrap_or_default()));
    let capture = entry.file("client.pcap").unwrap();
    import::read_with(&capture, None, &keys).unwrap().batch.sessions.into_iter().next().unwrap().trace
}

/// The relay of the corpus in the words of our own attacks.
fn under(attack: &str, trace: &Trace) -> Setup {
    let mut setup = replay::setup_for(trace).unwrap();
    let (id, switches): (&str, &[&str]) = match attack {
        "strip_starttls" => ("strip-capability", &["middle.strip=starttls"]),
        "force_plain" => ("strip-capability", &["middle.offer=on"]),
        "strip_logindisabled" => ("strip-logindisabled", &["middle.offer=on"]),
        "refuse_no" => ("fail-starttls", &["middle.answer=no"]),
        "refuse_bad" => ("fail-starttls", &["middle.answer=bad"]),
        "preauth" => ("preauth-greeting", &[]),
        "resp_inject" => ("response-injection", &[]),
        "cmd_inject" => ("command-injection", &[]),
        "cert_swap:selfsigned" => ("cert-self-signed", &[]),
        "cert_swap:wronghost" => ("cert-wrong-host", &[]),
        "cert_swap:expired" => ("cert-expired", &[]),
        "inject_alert" => {
            let alert = r#"when greeting do add "* OK [ALERT] call us\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN""#;
            setup.custom = Some(Custom::parse(alert).unwrap());
            return setup;
        }
        other => panic!("{other}"),
    };
    setup.attack(id).unwrap();
    for switch in switches {
        setup.set_text(switch).unwrap();
    }
    setup
}

fn text<'a>(entry: &'a Entry, field: &str) -> &'a str {
    entry.truth[field].as_str().unwrap()
}

/// The server and which of its instances, as the name of a session has them.
fn server(entry: &Entry) -> String {
    let attack = text(entry, "attack").replace(':', "-");
    let head = entry.name.strip_suffix(&format!("-{attack}")).unwrap();
    format!("{}{}", text(entry, "server"), &head[head.len() - 2..])
}

fn untouched(entry: &Entry) -> bool {
    matches!(text(entry, "attack"), "direct" | "pass")
}

fn same_client(a: &Entry, b: &Entry) -> bool {
    ["client", "protocol", "client_setting"].iter().all(|field| a.truth[field] == b.truth[field])
}

#[derive(Default)]
struct Count {
    right: u32,
    wrong: u32,
    open: u32,
}

fn compare(
    entry: &Entry,
    played: &Played,
    counts: &mut BTreeMap<(String, &'static str), Count>,
    report: &mut String,
) {
    let truth = expected(&entry.truth);
    let prediction = &played.prediction;
    let facts = [
        ("tls", json!(prediction.tls)),
        ("commands_in_clear", json!(prediction.commands_in_clear)),
        ("credential_in_clear", json!(prediction.credential_in_clear)),
    ];
    for (fact, predicted) in facts {
        let count = counts.entry((text(entry, "attack").to_owned(), fact)).or_default();
        if predicted.is_null() {
            count.open += 1;
        } else if predicted == truth[fact] || truth[fact] == Value::Null {
            count.right += 1;
        } else {
            count.wrong += 1;
            let open = played.opened.as_ref().map(|opened| &opened.open);
            writeln!(
                report,
                "{}: {fact} predicted {predicted}, in truth {} ({open:?})",
                entry.name, truth[fact]
            )
            .unwrap();
        }
    }
}

fn table(counts: &BTreeMap<(String, &'static str), Count>) -> (String, u32, u32) {
    let mut table = String::new();
    let (mut decided, mut all) = (0, 0);
    for ((attack, fact), Count { right, wrong, open }) in counts {
        writeln!(table, "{attack:22} {fact:20} right {right:3} wrong {wrong} cannot tell {open:3}").unwrap();
        decided += right + wrong;
        all += right + wrong + open;
    }
    writeln!(table, "decided {decided} of {all}").unwrap();
    (table, decided, all)
}

/// How much is decided is a number that is not to fall unseen.
fn counted(name: &str, table: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, table);
    });
}

/// What the client of a session was told to do, in the words of our own policies. That one of them did something else all
/// the same would be a prediction that is wrong.
fn told(entry: &Entry) -> Option<Policy> {
    match text(entry, "client_setting") {
        "required" | "required-noverify" => Some(Policy::TlsRequired),
        "opportunistic" => Some(Policy::TlsIfOffered),
        _ => None,
    }
}

/// Predicts every session with an attack from those without, of which at least so many of a hundred are decided.
fn predicted(name: &str, least: u32, told: fn(&Entry) -> Option<Policy>) {
    let entries = entries();
    let plain: Vec<_> = entries.iter().filter(|entry| untouched(entry)).collect();
    let (mut counts, mut report) = (BTreeMap::new(), String::new());
    for entry in entries.iter().filter(|entry| !untouched(entry)) {
        let mut own: Vec<_> = plain.iter().filter(|other| same_client(other, entry)).collect();
        // The recording with the same server is the one that the attack goes into.
        let Some(at) = own.iter().position(|other| server(other) == server(entry)) else { continue };
        own.swap(0, at);
        let client: Vec<_> = own.iter().map(|entry| trace(entry)).collect();
        let setup = under(text(entry, "attack"), client[0]);
        let (client, server) = (Part::Recorded(&client), Part::Recorded(&client[..1]));
        let played = replay::play_told(&setup, client, server, told(entry)).unwrap();
        compare(entry, &played, &mut counts, &mut report);
    }
    let (table, decided, all) = table(&counts);
    assert!(report.is_empty(), "\n{report}\n{table}");
    assert!(decided * 100 >= all * least, "{table}");
    counted(name, &table);
}

/// The same where only another server was recorded with this client: its part comes from a session with another client.
fn predicted_elsewhere(name: &str, least: u32, told: fn(&Entry) -> Option<Policy>) {
    let entries = entries();
    let plain: Vec<_> = entries.iter().filter(|entry| untouched(entry)).collect();
    let (mut counts, mut report) = (BTreeMap::new(), String::new());
    for entry in entries.iter().filter(|entry| !untouched(entry)) {
        let own: Vec<_> = plain.iter().filter(|other| same_client(other, entry)).collect();
        if own.is_empty() {
            continue;
        }
        let implicit = |entry: &Entry| entry.truth["client_setting"] == "implicit";
        let hosts: Vec<_> = plain
            .iter()
            .filter(|other| {
                server(other) == server(entry)
                    && other.truth["protocol"] == entry.truth["protocol"]
                    && implicit(other) == implicit(entry)
            })
            .map(|other| trace(other))
            .collect();
        if hosts.is_empty() {
            continue;
        }
        let client: Vec<_> = own.iter().map(|entry| trace(entry)).collect();
        let setup = under(text(entry, "attack"), hosts[0]);
        let (client, server) = (Part::Recorded(&client), Part::Recorded(&hosts));
        let played = replay::play_told(&setup, client, server, told(entry)).unwrap();
        compare(entry, &played, &mut counts, &mut report);
    }
    let (table, decided, all) = table(&counts);
    assert!(report.is_empty(), "\n{report}\n{table}");
    assert!(decided * 100 >= all * least, "{table}");
    counted(name, &table);
}

#[test]
fn what_a_client_does_under_attack_follows_from_what_it_did_without() {
    predicted("replay_same_server", 60, |_| None);
}

#[test]
fn more_follows_where_it_is_known_what_the_client_was_told() {
    predicted("replay_same_server_told", 70, told);
}

#[test]
fn recordings_of_a_client_and_of_a_server_tell_what_they_do_together() {
    predicted_elsewhere("replay_other_server", 45, |_| None);
}

#[test]
fn what_the_client_was_told_decides_most_of_that() {
    predicted_elsewhere("replay_other_server_told", 60, told);
}
