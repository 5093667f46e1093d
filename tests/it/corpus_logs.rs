//! Every log of the recorded sessions: what it shows is what the index says, and what it does not show is unknown.

use crate::corpus::{Entry, directory, entries};
use crate::corpus_facts::expected;
use serde_json::Value;
use starttls_lab::base::Side;
use starttls_lab::facts::Facts;
use starttls_lab::import::{self, Imported, KeyLog, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

/// The files of the client's side, and what each is in; nothing where it holds no line of a session.
static CLIENT: &[(&str, &[&str])] = &[
    ("client-aioimaplib.log", &["aioimaplib"]),
    ("client-curl-v.log", &["curl"]),
    // A session that ended early has none of the program's own words.
    ("client-cyrus-imtest.log", &["imtest", "transcript"]),
    ("client-fdm-vvvv.log", &["fdm"]),
    ("client-fetchmail-vv.log", &["fetchmail"]),
    ("client-getmail-trace.log", &["getmail"]),
    ("client-imap_tools.log", &["imaplib"]),
    ("client-imapclient.log", &["imapclient"]),
    ("client-imapflow.log", &["imapflow"]),
    ("client-mailutils-frm.log", &["mailutils"]),
    ("client-mbsync-D.log", &["isync"]),
    ("client-mutt-debug5.log", &["mutt"]),
    ("client-neomutt-debug5.log", &["mutt"]),
    ("client-node-imap.log", &["node-imap"]),
    ("client-node-pop3.log", &[]),
    ("client-npm-poplib.log", &["node-poplib"]),
    ("client-offlineimap-d-imap.log", &["offlineimap"]),
    ("client-openssl-s_client.log", &["openssl"]),
    ("client-perl-Mail-IMAPClient.log", &["mail-imapclient"]),
    ("client-perl-Net-POP3.log", &["net-pop3"]),
    ("client-python-imaplib.log", &["imaplib"]),
    ("client-python-poplib.log", &["poplib"]),
    ("client-s-nail-vv.log", &["s-nail"]),
    ("follow-ascii.txt", &["tshark-ascii"]),
    ("follow.yaml", &["tshark-yaml"]),
];

static SERVER: &[(&str, &str)] = &[
    ("server-cyrus-telemetry", "cyrus-telemetry"),
    ("server-dovecot-login-rawlog", "dovecot-rawlog"),
    ("server-dovecot-rawlog", "dovecot-rawlog"),
    ("server-hoodiecrow", "hoodiecrow"),
    ("server-mailutils", "mailutils-server"),
    ("server-pymap", "pymap"),
];

fn facts(session: &Session) -> Value {
    serde_json::to_value(Facts::of(&session.trace, Side::Client)).unwrap()
}

type Unknown = BTreeMap<(String, &'static str), u32>;

/// Holds every session of an input to the truth; what is unknown is counted.
fn compare(
    imported: &Imported,
    truth: &BTreeMap<&'static str, Value>,
    protocol: &str,
    unknown: &mut Unknown,
    complain: &mut dyn FnMut(String),
) {
    for session in &imported.batch.sessions {
        if session.protocol_seen && session.trace.protocol().id() != protocol {
            complain(format!("taken for {}", session.trace.protocol().id()));
        }
        let found = facts(session);
        for (&fact, truth) in truth {
            if found[fact] == *truth {
                continue;
            }
            if found[fact].is_null() {
                *unknown.entry((imported.format.id.to_owned(), fact)).or_default() += 1;
            } else if !truth.is_null() || fact != "authenticated" {
                complain(format!("{fact} is {}, in truth {truth}", found[fact]));
            }
        }
    }
}

/// Logs that hold no line of the dialogue, since nothing was said or the program wrote nothing of it.
static SILENT: &[&str] = &[
    "0288-node-pop3-pop3-forbidden-mailutils-a-direct",
    "0324-node-pop3-pop3-forbidden-dovecot-b-pass",
    "0480-neomutt-imap-implicit-mailutils-a-cert_swap-expired",
    "0507-aioimaplib-imap-implicit-dovecot-b-cert_swap-wronghost",
    "0579-imapclient-imap-required-hoodiecrow-a-strip_starttls",
];

#[test]
fn the_log_of_every_client_says_what_the_index_says_or_nothing() {
    let mut differences = String::new();
    let mut unknown = Unknown::new();
    let mut read: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut silent = BTreeSet::new();
    for entry in &entries() {
        let truth = expected(&entry.truth);
        for &(file, formats) in CLIENT {
            let Some(octets) = entry.file(file) else { continue };
            let mut complain = |text: String| writeln!(differences, "{} {file}: {text}", entry.name).unwrap();
            match import::read(&octets, None) {
                Ok(imported) => {
                    if !formats.contains(&imported.format.id) {
                        complain(format!("taken for {}", imported.format.id));
                    }
                    compare(&imported, &truth, entry.protocol(), &mut unknown, &mut complain);
                    *read.entry((file, imported.format.id)).or_default() += 1;
                }
                Err(_) if SILENT.contains(&entry.name.as_str()) => {
                    silent.insert(entry.name.clone());
                }
                Err(error) => complain(error.to_string()),
            }
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
    assert_eq!(silent.len(), SILENT.len());
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_debug_snapshot!("client_logs_read", read);
        insta::assert_debug_snapshot!("client_logs_unknown", unknown);
    });
}

/// What reached the server, as its side of the wire shows it: the relay's, or the client's where there is none.
fn server_truth(entry: &Entry) -> Option<(BTreeMap<&'static str, Value>, String)> {
    let keys = Arc::new(KeyLog::parse(&entry.file("keylog.txt").unwrap_or_default()));
    let octets = entry.file("server.pcap").or_else(|| entry.file("client.pcap"))?;
    let imported = import::read_with(&octets, None, &keys).ok()?;
    let session = imported.batch.sessions.first()?;
    let found = facts(session);
    let names = expected(&entry.truth).into_keys();
    // What the capture cannot show, since the relay's keys are not known, decides nothing.
    let known = names.map(|name| (name, found[name].clone())).filter(|(_, value)| !value.is_null());
    Some((known.collect(), session.trace.protocol().id().to_owned()))
}

#[test]
fn the_log_of_every_server_says_what_its_side_of_the_wire_says_or_nothing() {
    let mut differences = String::new();
    let mut unknown = Unknown::new();
    let mut read: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in &entries() {
        let Some((truth, protocol)) = server_truth(entry) else { continue };
        for file in std::fs::read_dir(directory().join("sessions").join(&entry.name)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let Some((_, format)) = SERVER.iter().find(|(start, _)| name.starts_with(start)) else {
                continue;
            };
            let octets = std::fs::read(&path).unwrap();
            let mut complain = |text: String| writeln!(differences, "{} {name}: {text}", entry.name).unwrap();
            match import::read(&octets, None) {
                Ok(imported) => {
                    if imported.format.id != *format {
                        complain(format!("taken for {}", imported.format.id));
                    }
                    compare(&imported, &truth, &protocol, &mut unknown, &mut complain);
                    *read.entry(format).or_default() += 1;
                }
                // The login's rawlog of a connection that began with TLS has its records only.
                Err(_) if name.contains("login-rawlog") && octets.contains(&0x16) => {}
                Err(error) => complain(error.to_string()),
            }
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_debug_snapshot!("server_logs_read", read);
        insta::assert_debug_snapshot!("server_logs_unknown", unknown);
    });
}

#[test]
fn verdicts_agree_across_the_formats_of_a_session() {
    use starttls_lab::pipeline::{self, Outcome, RuleSet};
    let mut differences = String::new();
    let decided = |octets: &[u8], keys: &Arc<KeyLog>| -> Option<BTreeMap<(&str, &str), Outcome>> {
        let imported = import::read_with(octets, None, keys).ok()?;
        let session = imported.batch.sessions.into_iter().next()?;
        let judged = pipeline::judge(session.trace, RuleSet::default());
        let clear =
            judged.verdicts.into_iter().filter(|v| matches!(v.outcome, Outcome::Pass | Outcome::Fail));
        Some(clear.map(|v| ((v.rule.id, v.side.name()), v.outcome)).collect())
    };
    for entry in &entries() {
        let keys = Arc::new(KeyLog::parse(&entry.file("keylog.txt").unwrap_or_default()));
        let capture = entry.file("client.pcap").unwrap();
        let Some(captured) = decided(&capture, &keys) else { continue };
        // What stood in the clear behind the server's answer the client may never have read, so that its log lacks it.
        let unread = entry.truth["attack"] == "resp_inject";
        for &(file, _) in CLIENT {
            let Some(octets) = entry.file(file) else { continue };
            for (rule, outcome) in decided(&octets, &keys).unwrap_or_default() {
                let differs = captured.get(&rule).is_some_and(|truth| *truth != outcome);
                if differs && !(unread && rule.1 == "server") {
                    writeln!(differences, "{} {file}: {rule:?} is {outcome:?}", entry.name).unwrap();
                }
            }
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

/// Logs without a recorded session: made by the programs themselves against a server on the loopback.
#[test]
fn logs_of_further_programs_are_read() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let read = |name: &str| {
        let imported = import::read(&std::fs::read(directory.join(name)).unwrap(), None).unwrap();
        assert_eq!(imported.batch.sessions.len(), 1, "{name}");
        let found = facts(&imported.batch.sessions[0]);
        (imported.format.id, found)
    };
    for (name, format, tls, in_clear, authenticated) in [
        ("java-imap.log", "javamail", "starttls", Value::Bool(false), Value::Bool(true)),
        ("java-imaps.log", "javamail", "implicit", Value::Bool(false), Value::Bool(true)),
        // Its words for a login do not say which commands it was.
        ("java-pop3.log", "javamail", "starttls", Value::Null, Value::Null),
        ("java-pop3s.log", "javamail", "implicit", Value::Null, Value::Null),
        ("mpop.log", "mpop", "starttls", Value::Bool(false), Value::Bool(true)),
        ("mpop2.log", "mpop", "implicit", Value::Bool(false), Value::Bool(true)),
        ("mpop3.log", "mpop", "none", Value::Bool(true), Value::Bool(true)),
        ("ruby.log", "net-imap", "starttls", Value::Bool(false), Value::Bool(true)),
    ] {
        let (found, facts) = read(name);
        assert_eq!(found, format, "{name}");
        assert_eq!(
            (&facts["tls"], &facts["credential_in_clear"], &facts["authenticated"]),
            (&Value::from(tls), &in_clear, &authenticated),
            "{name}"
        );
    }
    // Nothing in it says that the connection began inside TLS.
    let (_, facts) = read("ruby3.log");
    assert_eq!(
        (&facts["tls"], &facts["credential_in_clear"], &facts["authenticated"]),
        (&Value::Null, &Value::Null, &true.into())
    );
}

#[test]
fn thunderbirds_log_is_read_and_a_suppressed_login_counts() {
    let log = b"2026-01-01 10:00:00.000000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r
2026-01-01 10:00:00.100000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:SendData: 1 STARTTLS\r
2026-01-01 10:00:00.200000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: 1 OK go\r
2026-01-01 10:00:00.300000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:SendData: 2 capability\r
2026-01-01 10:00:00.400000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: * CAPABILITY IMAP4rev1 AUTH=PLAIN\r
2026-01-01 10:00:00.500000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: 2 OK done\r
2026-01-01 10:00:00.600000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:SendData: 3 authenticate PLAIN\r
2026-01-01 10:00:00.700000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: +\r
2026-01-01 10:00:00.800000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:SendData: Logging suppressed for this command (it probably contained authentication information)\r
2026-01-01 10:00:00.900000 UTC - [Parent 1: IMAP]: I/IMAP 0x7f3f:imap.example.test:NA:CreateNewLineFromSocket: 3 OK in\r
";
    let imported = import::read(log, None).unwrap();
    assert_eq!(imported.format.id, "thunderbird");
    let found = facts(&imported.batch.sessions[0]);
    for (fact, truth) in [
        ("tls", Value::from("starttls")),
        ("authenticated", true.into()),
        ("credential_in_clear", false.into()),
    ] {
        assert_eq!(found[fact], truth, "{fact}");
    }
}
