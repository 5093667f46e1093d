//! Redaction against a corpus of awkward sessions: what must be gone is gone, in every form, and what a session is
//! about is still there.

use base64::Engine;
use starttls_lab::base::Protocol;
use starttls_lab::import;
use starttls_lab::redact::{self, Kind, Wanted};
use starttls_lab::report;
use starttls_lab::sim::{self, Setup};
use starttls_lab::trace::Trace;
use std::fmt::Write;

/// A session with the values that must be gone and the words that must stay.
struct Case {
    title: String,
    format: String,
    hide: Vec<String>,
    keep: Vec<String>,
    text: String,
}

fn cases() -> Vec<Case> {
    let all =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/redaction/cases.txt")).unwrap();
    let cases = all.strip_prefix("=== ").unwrap().split("\n=== ").map(|case| {
        let mut lines = case.lines();
        let title = lines.next().unwrap().to_owned();
        let mut head = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().trim().to_owned();
        let format = head("format:");
        let list = |text: String| serde_json::from_str::<Vec<String>>(&text).unwrap();
        let (hide, keep) = (list(head("hide:")), list(head("keep:")));
        let text = lines.fold(String::new(), |all, line| all + line + "\r\n");
        Case { title, format, hide, keep, text }
    });
    cases.collect()
}

fn read(case: &Case) -> Vec<Trace> {
    let format = import::find(&case.format).unwrap();
    let read =
        import::read(case.text.as_bytes(), Some(format)).unwrap_or_else(|e| panic!("{}: {e}", case.title));
    read.batch.sessions.into_iter().map(|session| session.trace).collect()
}

/// All that a trace holds.
fn octets(traces: &[Trace]) -> Vec<u8> {
    use starttls_lab::base::{Hop, Side};
    let tapes = traces.iter().flat_map(|trace| {
        [Hop::Client, Hop::Server]
            .into_iter()
            .flat_map(move |hop| Side::BOTH.map(|side| trace.tape(hop, side)))
    });
    tapes.collect::<Vec<_>>().concat()
}

/// The octets as they are, and whatever comes out of those words of them that can be decoded: looked for without
/// the product's own search.
fn everything_in(octets: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![octets.to_vec()];
    for word in
        octets.split(|o| !(o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/' | b'=' | b'-' | b'_')))
    {
        let word: Vec<u8> = word.iter().copied().filter(|o| *o != b'=').collect();
        for skipped in 0..4.min(word.len()) {
            let part = &word[skipped..];
            let part = &part[..part.len() - usize::from(part.len() % 4 == 1)];
            all.extend(base64::engine::general_purpose::STANDARD_NO_PAD.decode(part));
            all.extend(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part));
        }
        if word.len().is_multiple_of(2) {
            let pairs =
                word.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
            all.extend(pairs.collect::<Option<Vec<u8>>>());
        }
    }
    all
}

fn holds(all: &[Vec<u8>], value: &str) -> bool {
    all.iter().any(|octets| octets.windows(value.len()).any(|window| window == value.as_bytes()))
}

#[test]
fn nothing_of_two_hundred_cases_leaks() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let traces = read(case);
        let before = everything_in(&octets(&traces));
        for value in &case.hide {
            assert!(
                holds(&before, value) || case.text.contains(value.as_str()),
                "{}: {value} is not in the session, so that its absence proves nothing",
                case.title
            );
        }
        let redacted = redact::redact(&traces, Wanted::ALL);
        let now = octets(&redacted.traces);
        let mut text = String::new();
        report::session_head(&mut text, true);
        for (number, trace) in redacted.traces.iter().enumerate() {
            let kept = report::Kept { trace, protocol_seen: true, guessed_direction: false, unparsed: &[] };
            report::session_lines(&mut text, number + 1, &kept);
        }
        for output in [now.as_slice(), text.as_bytes()] {
            let all = everything_in(output);
            for value in case.hide.iter().filter(|value| holds(&all, value)) {
                let _ = writeln!(
                    wrong,
                    "{}: {value:?} is still in {:?}",
                    case.title,
                    String::from_utf8_lossy(output)
                );
            }
            for word in case.keep.iter().filter(|word| !holds(&all, word)) {
                let _ = writeln!(
                    wrong,
                    "{}: {word:?} is gone from {:?}",
                    case.title,
                    String::from_utf8_lossy(output)
                );
            }
            let leaks = redacted.leaks.find_in_octets(output);
            if !leaks.is_empty() {
                let _ = writeln!(
                    wrong,
                    "{}: the search finds {leaks:?} in {:?}",
                    case.title,
                    String::from_utf8_lossy(output)
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_redacted_session_means_the_same() {
    use starttls_lab::pipeline::{RuleSet, judge};
    let mut wrong = String::new();
    for case in cases() {
        let traces = read(&case);
        let redacted = redact::redact(&traces, Wanted::ALL).traces;
        for (before, after) in traces.into_iter().zip(redacted) {
            let kinds =
                |trace: &Trace| trace.events().iter().map(|event| event.kind.class()).collect::<Vec<_>>();
            if kinds(&before) != kinds(&after) {
                let _ = writeln!(wrong, "{}: other events", case.title);
            }
            let outcomes = |trace: Trace| {
                let verdicts = judge(trace, RuleSet::default()).verdicts;
                verdicts.into_iter().map(|v| (v.rule.id, v.side, v.outcome)).collect::<Vec<_>>()
            };
            let (before, after) = (outcomes(before), outcomes(after));
            for (before, after) in before.iter().zip(&after).filter(|(before, after)| before != after) {
                let _ = writeln!(wrong, "{}: {before:?} became {after:?}", case.title);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_redacted_has_nothing_left_to_redact() {
    for case in cases() {
        let once = redact::redact(&read(&case), Wanted::ALL);
        let twice = redact::redact(&once.traces, Wanted::ALL);
        let secrets: Vec<_> = twice
            .items
            .iter()
            .filter(|item| matches!(item.kind, Kind::Password | Kind::Token) && item.shown != "(left out)")
            .map(|item| String::from_utf8_lossy(item.value.reveal()).into_owned())
            .filter(|value| value.chars().any(|c| !"xX9#é€𝄞 \"\\\0".contains(c)))
            .collect();
        assert_eq!(secrets, Vec::<String>::new(), "{}", case.title);
    }
}

#[test]
fn one_value_has_one_name_everywhere() {
    let text = "S: * OK mail.firma.de ready\r\nC: a1 LOGIN frieda@firma.de x1y2z3\r\nS: a1 NO frieda@firma.de unknown at mail.firma.de\r\nC: a2 LOGIN frieda x1y2z3\r\nS: a2 OK hello frieda, from 93.184.216.34\r\n";
    let read = import::read(text.as_bytes(), None).unwrap();
    let traces: Vec<_> = read.batch.sessions.into_iter().map(|session| session.trace).collect();
    let redacted = redact::redact(&traces, Wanted::ALL);
    let now = String::from_utf8(octets(&redacted.traces)).unwrap();
    assert_eq!(
        now,
        "a1 LOGIN user1@host1.example xxxxxxxx\r\na2 LOGIN user1 xxxxxxxx\r\n\
         * OK host2.example ready\r\na1 NO user1@host1.example unknown at host2.example\r\na2 OK hello user1, from 192.0.2.1\r\n"
    );
    assert_eq!(
        redact::counted(&redacted.items),
        "1 password, 1 user name, 1 mail address, 2 host names, 1 network address"
    );
    let password = redacted.items.iter().find(|item| item.kind == Kind::Password).unwrap();
    assert_eq!(password.places, [(0, 2), (0, 4)]);
    assert_eq!(password.shape.to_string(), "up to 7 octets: small letters, digits");
}

#[test]
fn a_literal_is_announced_as_long_as_it_is() {
    let text =
        "S: * OK ready\r\nC: a1 LOGIN {6}\r\nS: + go\r\nC: frieda {14+}\r\nC: geheim geheim \r\nS: a1 OK\r\n";
    let read = import::read(text.as_bytes(), None).unwrap();
    let traces: Vec<_> = read.batch.sessions.into_iter().map(|session| session.trace).collect();
    let now = octets(&redact::redact(&traces, Wanted::ALL).traces);
    let now = String::from_utf8(now).unwrap();
    assert!(now.starts_with("a1 LOGIN {5}\r\nuser1 {14+}\r\nxxxxxx xxxxxx \r\n"), "{now}");
    let shaped = redact::redact(&traces, Wanted { shape: true, ..Wanted::ALL }).traces;
    assert!(String::from_utf8(octets(&shaped)).unwrap().contains("xxxxxx xxxxxx \r\n"));
}

#[test]
fn the_names_of_a_simulation_stay_and_its_password_goes() {
    use starttls_lab::pipeline::{Protocol, RuleSet, Setup, simulate};
    for protocol in Protocol::ALL {
        let mut setup = Setup::new(protocol).unwrap();
        setup.attack("strip-capability").unwrap();
        let run = simulate(&setup, RuleSet::default());
        let traces: Vec<_> = run.connections.iter().map(|judged| judged.trace.clone()).collect();
        let redacted = redact::redact(&traces, Wanted::SECRETS);
        assert!(protocol != Protocol::Imap || !redacted.items.is_empty());
        assert!(redacted.items.iter().all(|item| item.kind.is_secret()));
        let kinds = |traces: &[Trace]| {
            traces
                .iter()
                .flat_map(|t| t.events().iter().map(|e| format!("{:?} {:?}", e.places, e.kind.class())))
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(&traces), kinds(&redacted.traces), "{protocol:?}");
    }
}

#[test]
fn a_session_file_comes_back_as_it_went() {
    let mut seen = 0;
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/sessions");
    for session in std::fs::read_dir(corpus).unwrap() {
        for file in std::fs::read_dir(session.unwrap().path()).unwrap() {
            let octets = std::fs::read(file.unwrap().path()).unwrap();
            if octets.len() > 3 << 10 {
                continue;
            }
            let Ok(first) = import::read(&octets, None) else { continue };
            let text = written(&first);
            let format = import::find("session").unwrap();
            let again = import::read(text.as_bytes(), None).unwrap_or_else(|e| panic!("{e}: {text}"));
            assert_eq!(again.format.id, format.id);
            assert!(again.batch.notices.is_empty() && again.batch.stray.is_empty());
            assert_eq!(written(&again), text);
            for (before, after) in first.batch.sessions.iter().zip(&again.batch.sessions) {
                assert_eq!(octets_of(&before.trace), octets_of(&after.trace));
                let events = |trace: &Trace| format!("{:?}", trace.events());
                assert_eq!(events(&before.trace), events(&after.trace));
                seen += 1;
            }
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn a_session_file_of_the_first_version_opens_forever() {
    let text = include_str!("../redaction/session-1.jsonl");
    let read = import::read(text.as_bytes(), None).unwrap();
    assert_eq!(read.format.id, "session");
    assert_eq!(read.batch.sessions.len(), 2);
    assert_eq!(written(&read), text);
    let names: Vec<_> =
        read.batch.sessions[0].trace.events().iter().map(|e| format!("{:?}", e.kind.class())).collect();
    assert_eq!(
        names,
        ["Greeting", "Advertise", "Command", "Reply", "Tls", "Tls", "Command", "Reply", "Tls", "Closed"]
    );
}

#[test]
fn a_proxys_own_connection_is_told_from_a_users() {
    let mut setup = Setup::new(Protocol::Imap).unwrap();
    setup.set_text("server.front=handles").unwrap();
    let run = sim::run(&setup);
    let mut text = String::new();
    report::session_head(&mut text, false);
    for (number, trace) in run.connections.iter().enumerate() {
        let kept = report::Kept { trace, protocol_seen: true, guessed_direction: false, unparsed: &[] };
        report::session_lines(&mut text, number + 1, &kept);
    }
    let read = import::read(text.as_bytes(), None).unwrap();
    let behind = |trace: &Trace| trace.peer().is_some_and(|peer| peer.behind);
    let kept: Vec<_> = read.batch.sessions.iter().map(|session| behind(&session.trace)).collect();
    assert_eq!(kept, [false, true]);
    assert_eq!(written(&read), text);
}

#[test]
fn what_is_no_line_of_a_session_file_is_kept_and_said() {
    let text = "{\"starttls-lab\":\"session/9\"}\nnonsense\n{\"session\":1,\"protocol\":\"imap\",\"carries\":[\"every-octet\",\"mind-reading\"]}\n\
        {\"place\":1,\"from\":\"server\",\"text\":\"* OK\\r\\n\"}\n{\"place\":2,\"from\":\"nobody\",\"text\":\"x\"}\n{\"place\":3,\"is\":\"eaten\"}\n{\"place\":4,\"from\":\"client\",\"base64\":\"%\"}\n{\"place\":99999999999,\"from\":\"client\",\"text\":\"x\"}\n[1]\n";
    let read = import::read(text.as_bytes(), None).unwrap();
    assert_eq!((read.batch.sessions.len(), read.batch.stray.len(), read.batch.notices.len()), (1, 1, 1));
    let session = &read.batch.sessions[0];
    assert_eq!(session.unparsed.iter().map(|line| line.line).collect::<Vec<_>>(), [5, 6, 7, 8, 9]);
    assert_eq!(session.notices[0].message, "What “mind-reading” means is not known here.");
}

fn octets_of(trace: &Trace) -> Vec<u8> {
    octets(std::slice::from_ref(trace))
}

fn written(read: &import::Imported) -> String {
    let mut text = String::new();
    report::session_head(&mut text, false);
    for (number, session) in read.batch.sessions.iter().enumerate() {
        let kept = report::Kept {
            trace: &session.trace,
            protocol_seen: session.protocol_seen,
            guessed_direction: session.guessed_direction,
            unparsed: &[],
        };
        report::session_lines(&mut text, number + 1, &kept);
    }
    text
}
