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
        ("alpine-imap.log", "alpine", "starttls", Value::Bool(false), Value::Bool(true)),
        ("alpine-notls.log", "alpine", "none", Value::Bool(true), Value::Bool(true)),
        ("alpine-pop.log", "alpine", "starttls", Value::Bool(false), Value::Bool(true)),
        ("imapfilter.log", "imapfilter", "starttls", Value::Bool(false), Value::Bool(true)),
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
    // It begins behind the login.
    let (format, facts) = read("courier.log");
    assert_eq!((format, &facts["tls"], &facts["authenticated"]), ("courier", &Value::Null, &Value::Null));
}

/// All recordings of the corpus are TLS 1.3. These were made by the same programs against a server that speaks no more than
/// TLS 1.2, five of them beside a capture with its keys: what a log shows is what the capture shows.
#[test]
fn logs_and_captures_of_tls_1_2_agree() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls12");
    let suite = Value::from("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    let (starttls, capability): (&[&str], &[&str]) = (&["STARTTLS"], &["CAPABILITY", "STARTTLS"]);
    let capa: &[&str] = &["CAPA", "STLS"];
    // What a program does not write is unknown: isync says no version, GnuTLS has other names for the suite.
    for (name, format, version, named, in_clear) in [
        ("curl-imap", "curl", true, true, capability),
        ("curl-imaps", "curl", true, true, &[]),
        ("curl-pop3", "curl", true, true, capa),
        ("fetchmail-imap", "fetchmail", true, true, starttls),
        ("fetchmail-pop3", "fetchmail", true, true, capa),
        ("mbsync", "isync", false, false, starttls),
        ("mpop", "mpop", true, false, capa),
        ("mutt", "mutt", true, false, starttls),
        ("s-nail", "s-nail", true, true, starttls),
    ] {
        let imported =
            import::read(&std::fs::read(directory.join(format!("{name}.log"))).unwrap(), None).unwrap();
        assert_eq!((imported.format.id, imported.batch.sessions.len()), (format, 1), "{name}");
        let found = facts(&imported.batch.sessions[0]);
        let implicit = name == "curl-imaps";
        let expected = serde_json::json!({
            "tls": if implicit { "implicit" } else { "starttls" },
            "tls_established": true,
            "tls_version": if version { "TLSv1.2".into() } else { Value::Null },
            "tls_cipher": if named { suite.clone() } else { Value::Null },
            "credential_in_clear": false,
            "commands_in_clear": in_clear,
            "authenticated": true,
        });
        for (fact, value) in expected.as_object().unwrap() {
            assert_eq!(&found[fact], value, "{name}: {fact}");
        }
    }
    // It writes down nothing of what it says itself.
    let openssl = import::read(&std::fs::read(directory.join("openssl-imap.log")).unwrap(), None).unwrap();
    let found = facts(&openssl.batch.sessions[0]);
    assert_eq!((openssl.format.id, &found["tls_version"]), ("openssl", &"TLSv1.2".into()));
    assert_eq!((&found["tls_cipher"], &found["tls_established"]), (&suite, &true.into()));
    for (name, in_clear, opened) in [
        ("curl-imap", capability, true),
        ("openssl-imap", capability, true),
        ("mpop", capa, true),
        ("mutt", starttls, true),
        ("fetchmail-pop3", capa, false),
    ] {
        let keys = std::fs::read(directory.join(format!("{name}.keys"))).unwrap_or_default();
        assert_eq!(!keys.is_empty(), opened, "{name}");
        let capture = std::fs::read(directory.join(format!("{name}.pcap"))).unwrap();
        let read = import::read_with(&capture, None, &Arc::new(KeyLog::parse(&keys))).unwrap();
        let session = &read.batch.sessions[0];
        let found = facts(session);
        let authenticated = if opened { Value::Bool(true) } else { Value::Null };
        let expected = serde_json::json!({
            "tls": "starttls", "tls_established": true, "tls_version": "TLSv1.2", "tls_cipher": suite.clone(),
            "credential_in_clear": false, "commands_in_clear": in_clear, "authenticated": authenticated,
        });
        for (fact, value) in expected.as_object().unwrap() {
            assert_eq!(&found[fact], value, "{name}.pcap: {fact}");
        }
        // Up to TLS 1.2 the certificate stands in the clear.
        let told = session.notices.iter().map(|notice| notice.message.as_str());
        let told: Vec<_> = told.filter(|told| told.contains("the certificate is for localhost")).collect();
        assert_eq!(told.len(), 1, "{name}.pcap: {:?}", session.notices);
    }
}

/// Whoever gives a log in which something is missing hears what, and how to see it.
#[test]
fn what_a_kind_of_log_never_shows_is_said_with_how_to_see_it() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    for (name, missing, keys) in [
        ("alpine-imap.log", "whether the connection began inside TLS", false),
        ("courier.log", "what was said before the login", false),
        ("mpop.log", "whether a handshake that came to nothing had begun", true),
    ] {
        let imported = import::read(&std::fs::read(directory.join(name)).unwrap(), None).unwrap();
        let [notice] = imported.batch.notices.as_slice() else { panic!("{:?}", imported.batch.notices) };
        assert!(notice.message.contains(missing), "{}", notice.message);
        assert!(notice.message.contains("tcpdump"), "{}", notice.message);
        assert_eq!(notice.message.contains("SSLKEYLOGFILE"), keys, "{}", notice.message);
    }
    // Of several connections in one log it is said once.
    let two = std::fs::read_to_string(directory.join("imapfilter.log")).unwrap();
    let two = format!("{two}{}", two.replace("(4):", "(5):"));
    let imported = import::read(two.as_bytes(), None).unwrap();
    assert_eq!((imported.batch.sessions.len(), imported.batch.notices.len()), (2, 1));
}

/// The words of a command stand in a line each.
#[test]
fn couriers_words_become_commands_again() {
    let log = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/courier.log")).unwrap();
    let imported = import::read(&log, None).unwrap();
    let session = &imported.batch.sessions[0];
    assert_eq!(session.unparsed, []);
    let tape = session.trace.tape(starttls_lab::base::Hop::Client, Side::Client);
    let said = String::from_utf8_lossy(tape);
    for line in [
        "a2 LIST \"\" \"*\"\r\n",
        "a4 FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO)]<0.20>)\r\n",
        "a5 SEARCH UID 1:* SUBJECT {5}\r\n",
        "DONE\r\n",
        "a8 CREATE \"a \\\"b\\\"\"\r\n",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    // The server stopped reading in the middle of it.
    assert!(!said.contains("a7 STORE"), "{said}");
}

/// The lines of a log, with their endings.
type Lines = Vec<Vec<u8>>;

/// Two connections whose lines stand mixed are the same two sessions as one behind the other.
#[test]
fn connections_that_stand_mixed_in_one_log_are_taken_apart_by_their_ids() {
    let find = |part: &str, name: &str| {
        let all = entries();
        let entry = all.iter().find(|entry| entry.name.contains(part) && entry.file(name).is_some()).unwrap();
        (entry.name.clone(), entry.file(name).unwrap())
    };
    let others = |part: &str, name: &str, not: &str| {
        let all = entries();
        let entry =
            all.iter().find(|e| e.name.contains(part) && e.name != not && e.file(name).is_some()).unwrap();
        entry.file(name).unwrap()
    };
    let lines = |octets: &[u8]| -> Lines {
        octets.split_inclusive(|&octet| octet == b'\n').map(<[u8]>::to_vec).collect()
    };
    let mut logs: Vec<(&str, Lines, Lines)> = Vec::new();
    for (format, part, name) in [
        ("imapflow", "-imapflow-imap-required-", "client-imapflow.log"),
        ("pymap", "-pymap-", "server-pymap-a.log"),
    ] {
        let (first_name, first) = find(part, name);
        logs.push((format, lines(&first), lines(&others(part, name, &first_name))));
    }
    let (first_name, first) = find("-mailutils-", "server-mailutils-imap-b.log");
    let second = others("-mailutils-", "server-mailutils-imap-b.log", &first_name);
    let with = |octets: &[u8], id: &str| {
        lines(String::from_utf8_lossy(octets).replace("imap4d:", &format!("imap4d[{id}]:")).as_bytes())
    };
    logs.push(("mailutils-server", with(&first, "17"), with(&second, "18")));
    let number = |id: &str| {
        let log = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/imapfilter.log")).unwrap();
        String::from_utf8(log).unwrap().replace("(4):", &format!("({id}):"))
    };
    // What belongs to a heading stays behind it.
    let blocks = |text: &str| -> Lines {
        let parts = text.split("\nsending ");
        parts
            .enumerate()
            .map(|(n, part)| format!("{}{part}\n", if n == 0 { "" } else { "sending " }).into_bytes())
            .collect()
    };
    logs.push(("imapfilter", blocks(&number("4")), blocks(&number("5").replace("\n100", "\n200"))));
    let thunderbird = |id: &str, tag: &str| -> Lines {
        [
            "CreateNewLineFromSocket: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready",
            "SendData: T1 STARTTLS",
            "CreateNewLineFromSocket: T1 OK go",
            "SendData: T2 capability",
            "CreateNewLineFromSocket: * CAPABILITY IMAP4rev1",
            "CreateNewLineFromSocket: T2 OK done",
        ]
        .map(|text| {
            format!(
                "2026-01-01 10:00:00 UTC - [Parent 1: IMAP]: I/IMAP {id}:imap.example.test:NA:{}\r\n",
                text.replace('T', tag)
            )
            .into_bytes()
        })
        .to_vec()
    };
    logs.push(("thunderbird", thunderbird("0x7f3f", "1"), thunderbird("0x7f40", "2")));

    for (format, first, second) in logs {
        let tapes = |octets: &[u8]| {
            let imported = import::read(octets, None).unwrap();
            assert_eq!(imported.format.id, format);
            let sessions = imported.batch.sessions;
            assert_eq!(
                sessions.iter().map(|s| s.number).collect::<Vec<_>>(),
                (1..=sessions.len() as u32).collect::<Vec<_>>()
            );
            let mut tapes: Vec<_> = sessions
                .iter()
                .map(|session| {
                    let tape = |side| session.trace.tape(starttls_lab::base::Hop::Client, side).to_vec();
                    (tape(Side::Client), tape(Side::Server), facts(session))
                })
                .collect();
            tapes.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            tapes
        };
        let apart = tapes(&[first.concat(), second.concat()].concat());
        assert!(apart.len() >= 2, "{format}");
        let mut mixed = Vec::new();
        for at in 0..first.len().max(second.len()) {
            mixed.extend(first.get(at).into_iter().chain(second.get(at)).flatten());
        }
        assert_eq!(tapes(&mixed), apart, "{format}");
    }
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
