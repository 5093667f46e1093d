//! The facts of every recorded session, in every format that it is there in, against the truth in the index.

use crate::corpus::{Entry, entries, without_marks};
use serde_json::{Value, json};
use starttls_lab::base::Side;
use starttls_lab::facts::Facts;
use starttls_lab::import::{self, Imported};
use starttls_lab::trace::{Class, EventKind, Problem};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The facts that a format carries for a session; each of the others may be unknown, and none may be wrong.
struct Carried {
    format: &'static str,
    file: &'static str,
    /// Whether an unknown value is right although the index has one.
    may_be_unknown: fn(&str, &Value) -> bool,
}

/// Whether a handshake began and nothing inside it can be read from a transcript of the clear part.
fn unreadable(truth: &Value) -> bool {
    truth["tls_attempted"] == true
}

static FORMATS: &[Carried] = &[
    Carried {
        format: "transcript",
        file: "transcript.txt",
        may_be_unknown: |fact, truth| match fact {
            "tls_version" | "tls_cipher" => true,
            "tls_established" | "authenticated" | "capability_reissued_after_tls" => unreadable(truth),
            // A greeting inside TLS is not there.
            "preauth" => unreadable(truth) && truth["starttls_sent"] == 0,
            _ => false,
        },
    },
    Carried {
        format: "transcript",
        file: "transcript-decrypted.txt",
        may_be_unknown: |fact, truth| match fact {
            "tls_version" | "tls_cipher" => true,
            // Where nothing was sent inside, nothing shows that TLS came up.
            "tls_established" | "authenticated" | "capability_reissued_after_tls" => {
                truth["tls_attempted"] == true && nothing_inside(truth)
            }
            "preauth" => nothing_inside(truth) && truth["starttls_sent"] == 0,
            _ => false,
        },
    },
    Carried {
        format: "bare",
        file: "transcript.txt",
        may_be_unknown: |fact, truth| match fact {
            "tls_version" | "tls_cipher" => true,
            "tls_established" | "authenticated" | "capability_reissued_after_tls" => {
                unreadable(truth) || accepted_without_handshake(truth)
            }
            "tls" => accepted_without_handshake(truth),
            "preauth" => unreadable(truth) && truth["starttls_sent"] == 0,
            _ => false,
        },
    },
    Carried {
        format: "bare",
        file: "transcript-decrypted.txt",
        may_be_unknown: |fact, truth| match fact {
            "tls_version" | "tls_cipher" => true,
            "tls_established" | "authenticated" | "capability_reissued_after_tls" => {
                (truth["tls_attempted"] == true && nothing_inside(truth)) || accepted_without_handshake(truth)
            }
            "tls" => accepted_without_handshake(truth),
            "preauth" => nothing_inside(truth) && truth["starttls_sent"] == 0,
            _ => false,
        },
    },
    Carried {
        format: "curl",
        file: "client-curl-v.log",
        // A handshake that failed left no version and no greeting behind.
        may_be_unknown: |fact, truth| match fact {
            "tls_version" | "tls_cipher" => truth["tls_established"] == false,
            "preauth" => truth["tls_established"] == false && truth["starttls_sent"] == 0,
            _ => false,
        },
    },
];

pub fn nothing_inside(truth: &Value) -> bool {
    truth["commands_after_tls"]
        .as_array()
        .is_none_or(|connections| connections.iter().all(|c| c.as_array().is_none_or(Vec::is_empty)))
}

/// The positive answer to STARTTLS came and no handshake: a bare copy looks the same if there was one.
fn accepted_without_handshake(truth: &Value) -> bool {
    truth["tls_attempted"] == false && answer(truth) == json!("ok")
}

fn answer(truth: &Value) -> Value {
    if truth["starttls_sent"] == 0 {
        return Value::Null;
    }
    match truth["starttls_answer"].as_str() {
        None => json!("none"),
        Some(line) if truth["protocol"] == "pop3" => {
            json!(line.split(' ').next().unwrap().trim_start_matches(['+', '-']).to_lowercase())
        }
        Some(line) => json!(line.split(' ').nth(1).unwrap().to_lowercase()),
    }
}

/// The index in the words of the facts.
pub fn expected(truth: &Value) -> BTreeMap<&'static str, Value> {
    let known = |name: &str| if truth[name] == "unknown" { Value::Null } else { truth[name].clone() };
    let tls = match (truth["tls_attempted"] == true, truth["starttls_sent"] == 0) {
        (false, _) => "none",
        (true, false) => "starttls",
        (true, true) => "implicit",
    };
    BTreeMap::from([
        ("starttls_advertised", known("starttls_advertised")),
        ("starttls_sent", json!(truth["starttls_sent"] != 0)),
        ("starttls_answer", answer(truth)),
        ("tls", json!(tls)),
        ("tls_established", known("tls_established")),
        ("tls_version", known("tls_version")),
        ("tls_cipher", known("cipher")),
        ("logindisabled_advertised", known("logindisabled_seen_by_client")),
        ("credential_in_clear", known("login_or_plain_sent_in_clear")),
        ("commands_in_clear", truth["commands_before_tls"][0].clone()),
        ("capability_reissued_after_tls", known("capability_reissued_after_tls")),
        ("preauth", known("preauth_greeting")),
        ("authenticated", known("authenticated")),
    ])
}

fn input(entry: &Entry, of: &Carried) -> Option<Vec<u8>> {
    let octets = entry.file(of.file)?;
    Some(if of.format == "bare" { without_marks(&octets) } else { octets })
}

fn sessions() -> impl Iterator<Item = (Entry, &'static Carried, Vec<u8>)> {
    entries().into_iter().flat_map(|entry| {
        FORMATS
            .iter()
            .filter_map(|of| {
                input(&entry, of).map(|octets| {
                    (Entry { name: entry.name.clone(), truth: entry.truth.clone() }, of, octets)
                })
            })
            .collect::<Vec<_>>()
    })
}

fn only_mark(octets: &[u8]) -> bool {
    octets.split(|&o| o == b'\n').all(|line| line.is_empty() || line[0] == b'#' || line[0] == b'<')
}

#[test]
fn every_session_in_every_format_has_the_facts_of_the_index() {
    let mut differences = String::new();
    let mut matched: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for (entry, of, octets) in sessions() {
        let mut complain = |text: String| {
            writeln!(differences, "{} {}: {}: {text}", of.format, of.file, entry.name).unwrap()
        };
        let imported: Imported = match import::read(&octets, None) {
            Ok(imported) => imported,
            Err(error) => {
                complain(error.to_string());
                continue;
            }
        };
        // An input of marks alone has no line that could tell it from a transcript.
        if imported.format.id != of.format && !only_mark(&octets) {
            complain(format!("taken for {}", imported.format.id));
            continue;
        }
        let [session] = &imported.batch.sessions[..] else {
            complain(format!("{} sessions", imported.batch.sessions.len()));
            continue;
        };
        if session.trace.protocol().id() != entry.protocol() && !only_mark(&octets) {
            complain(format!("taken for {}", session.trace.protocol().id()));
            continue;
        }
        let facts = serde_json::to_value(Facts::of(&session.trace, Side::Client)).unwrap();
        for (fact, truth) in expected(&entry.truth) {
            let found = &facts[fact];
            let right = *found == truth || (found.is_null() && (of.may_be_unknown)(fact, &entry.truth));
            if !right {
                complain(format!("{fact} is {found}, in truth {truth}"));
            }
        }
        // Compressed octets without a mark show nobody's side.
        let compressed =
            session.trace.leg(Side::Client).commands().any(|(_, command)| command.name == "COMPRESS");
        // So does an alert of TLS in the clear, which the transcript writes in escapes.
        let alert = session.unparsed.iter().all(|unparsed| unparsed.text.starts_with(b"\\x15\\x03"));
        let may_have_unparsed = of.format == "curl" || (of.format == "bare" && (compressed || alert));
        if !may_have_unparsed && !session.unparsed.is_empty() {
            complain(format!("{} lines unparsed: {:?}", session.unparsed.len(), session.unparsed.first()));
        }
        *matched.entry((entry.protocol(), of.format, of.file)).or_default() += 1;
    }
    assert!(differences.is_empty(), "\n{differences}");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_debug_snapshot!("corpus_sessions_by_format", matched);
    });
}

#[test]
fn the_servers_side_of_every_session_reads_as_one_session() {
    let mut differences = String::new();
    for entry in &entries() {
        let Some(octets) = entry.file("transcript-server.txt") else { continue };
        // A client that never reached the server.
        if octets.split(|&o| o == b'\n').all(|line| line.is_empty() || line[0] == b'#') {
            assert!(import::read(&octets, None).is_err(), "{}", entry.name);
            continue;
        }
        match import::read(&octets, None) {
            Ok(imported)
                if imported.format.id == "transcript"
                    && imported.batch.sessions.len() == 1
                    && imported.batch.sessions[0].unparsed.is_empty() => {}
            other => writeln!(differences, "{}: {other:?}", entry.name).unwrap(),
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

/// The rule of the protocol's grammar that a problem breaks.
fn broken_rule(protocol: &str, problem: Problem) -> &'static str {
    match (protocol, problem) {
        (_, Problem::BareLineFeed) => "breaks: CRLF = CR LF (RFC 5234 appendix B.1)",
        ("imap", Problem::NoCommand) => {
            "breaks: command = tag SP (command-any / ...) CRLF (RFC 9051 section 9)"
        }
        ("imap", Problem::NoResponse) => {
            "breaks: response = *(continue-req / response-data) response-done (RFC 9051 section 9)"
        }
        (_, Problem::NoCommand) => "breaks: command = keyword *(SP param) CRLF (RFC 2449 section 9)",
        (_, Problem::NoResponse) => {
            "breaks: response = single-line / capa-resp / ..., led by +OK or -ERR (RFC 2449 section 9)"
        }
        (_, Problem::Unfinished) => {
            "breaks: every line ends in CRLF (RFC 9051 section 2.2, RFC 1939 section 3)"
        }
        (_, Problem::NotBase64) => "breaks: base64 = *(4base64-char) [base64-terminal] (RFC 9051 section 9)",
        (_, Problem::Nul) => "breaks: CHAR = %x01-7F (RFC 9051 section 9)",
        (_, Problem::Compressed) => "breaks none: a compression layer began (RFC 4978)",
    }
}

#[test]
fn nothing_is_called_malformed_that_is_not() {
    let mut found = String::new();
    for entry in &entries() {
        for file in
            ["transcript.txt", "transcript-decrypted.txt", "transcript-server.txt", "client-curl-v.log"]
        {
            let Some(octets) = entry.file(file) else { continue };
            let Ok(imported) = import::read(&octets, None) else { continue };
            for session in &imported.batch.sessions {
                for event in session.trace.leg(Side::Client).of(Class::Malformed) {
                    let EventKind::Malformed(problem) = event.kind else { continue };
                    let text: String = session.trace.text(event).chars().take(100).collect();
                    let (name, line, from) = (&entry.name, event.places.0, event.from.name());
                    writeln!(found, "{name} {file} line {line} {from}: {problem}: {text}").unwrap();
                    writeln!(found, "    {}", broken_rule(entry.protocol(), problem)).unwrap();
                }
            }
        }
    }
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("corpus_malformed", found);
    });
}
