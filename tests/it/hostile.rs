//! Logs that were made to harm whoever reads them: nothing that they hold styles, reorders or scripts a report or the
//! page, and what is too much is cut at a limit that is told.

use starttls_lab::base::stays_visible;
use starttls_lab::pipeline::report::{self, Input};
use starttls_lab::pipeline::{self, Checked, RuleSet};
use starttls_lab::view::{self, Aside, RowKind};

/// What hostile logs are made of.
const PAYLOADS: &[(&str, &[u8])] = &[
    ("clear the screen", b"\x1b[2J\x1b[H"),
    ("red", b"\x1b[31mALL RULES KEPT\x1b[0m"),
    ("window title", b"\x1b]0;owned\x07"),
    ("hyperlink", b"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\"),
    ("clipboard", b"\x1b]52;c;ZXZpbA==\x07"),
    ("device control", b"\x1bP$q\"p\x1b\\"),
    ("cursor up", b"\x1b[1A\x1b[2K0 broken"),
    ("one octet CSI", b"\x9b31m"),
    ("CSI in UTF-8", "\u{9b}31m".as_bytes()),
    ("backspaces", b"FAIL\x08\x08\x08\x08PASS"),
    ("carriage return", b"broken\rkept  "),
    ("vertical tab", b"a\x0b\x0cb"),
    ("bell and null", b"\x07\x00\x07"),
    ("delete", b"\x7f\x7f"),
    ("override to the left", "\u{202e}NIGOL\u{202c}".as_bytes()),
    ("isolates", "\u{2066}a\u{2067}b\u{2069}".as_bytes()),
    ("marks of direction", "\u{200e}\u{200f}\u{61c}".as_bytes()),
    ("nothing to see", "STARTTLS\u{200b}\u{2060}\u{feff}".as_bytes()),
    ("line separators", "a\u{2028}kept\u{2029}b\u{85}c".as_bytes()),
    ("tags", "\u{e0041}\u{e0042}".as_bytes()),
    ("script", b"<script>alert(1)</script>"),
    ("image", b"<img src=x onerror=alert(1)>"),
    ("closing tags", b"</code></li></ol></main><h1>gone</h1>"),
    ("style", b"<style>*{display:none}</style>"),
    ("entities", b"&lt;b&gt;&#x202e;"),
    ("no UTF-8", b"\xff\xfe\xc3\x28\xf0\x9f"),
    ("overlong UTF-8", b"\xc0\xaf\xe0\x80\xaf"),
    ("half a pair", b"\xed\xa0\x80"),
    ("format of printf", b"%s%n%x{}{0}${PATH}`id`"),
    ("a row of a report", b"Session 1: IMAP, line 1  0 broken, 121 kept"),
];

/// A session with a payload somewhere in it.
type Place = fn(&[u8]) -> Vec<u8>;

/// Where in a session they stand.
const PLACES: &[Place] = &[
    |payload| [b"S: * OK ", payload, b" ready\nC: a1 NOOP\nS: a1 OK done\n"].concat(),
    |payload| {
        [b"S: * OK ready\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 ", payload, b"\nS: a1 OK done\n"]
            .concat()
    },
    |payload| [b"S: * OK ready\nC: ", payload, b" LOGIN joe hunter2\nS: a1 OK done\n"].concat(),
    |payload| [b"S: +OK ready\nC: USER ", payload, b"\nS: +OK\nC: PASS hunter2\nS: +OK\n"].concat(),
    |payload| [b"S: * OK ready\n", payload, b"\nC: a1 NOOP\nS: a1 OK done\n"].concat(),
];

/// Whether a text can be shown as it is: nothing in it moves a cursor, changes a direction or hides.
fn harmless(text: &str) -> bool {
    text.chars().all(|letter| letter == '\n' || (!letter.is_control() && stays_visible(letter)))
}

fn texts(checked: &Checked) -> Vec<String> {
    let aside: Vec<Aside> = checked
        .unparsed
        .iter()
        .map(|line| Aside::new(line.line, &line.text, line.why.to_string().as_str().into(), None))
        .collect();
    let ladder = view::ladder(std::slice::from_ref(&checked.judged.trace), &aside);
    let mut texts: Vec<String> = aside.iter().map(Aside::spoken).collect();
    for row in &ladder.rows {
        texts.push(row.sentence.clone());
        if let RowKind::Message { client_hop: Some(arrow), .. } = &row.kind {
            texts.extend(arrow.lines.iter().flatten().map(|piece| piece.text.clone()));
        }
    }
    texts.extend(checked.judged.verdicts.iter().map(|verdict| verdict.message.to_string()));
    texts
}

#[test]
fn hostile_logs_reach_neither_a_terminal_nor_the_page() {
    let mut logs = 0;
    for (name, payload) in PAYLOADS {
        for place in PLACES {
            let log = place(payload);
            let (sessions, ending) = pipeline::check(&log, None, RuleSet::default());
            logs += 1;
            for format in ["text", "json", "ndjson"] {
                let mut writer = (report::find(format).unwrap().writer)();
                let mut out = String::new();
                // The name of a file is as hostile as what it holds.
                let mut input =
                    Input { file: format!("a{}.log", String::from_utf8_lossy(payload)), ..Input::default() };
                for session in &sessions {
                    writer.session(&mut out, &input, &session.record());
                }
                input = ending.clone().input(&input.file);
                writer.end_of_input(&mut out, &input);
                writer.finish(&mut out);
                // JSON escapes control octets itself; for people nothing is left of them.
                let told = if format == "text" {
                    harmless(&out)
                } else {
                    !out.chars().any(|c| c.is_control() && c != '\n')
                };
                assert!(told, "{name} in {format}: {out:?}");
                assert!(!out.contains("hunter2"), "{name}: {out}");
            }
            for session in &sessions {
                for text in texts(session) {
                    assert!(harmless(&text), "{name}: {text:?}");
                    assert!(!text.contains("hunter2"), "{name}: {text}");
                }
            }
        }
    }
    assert!(logs >= 50, "{logs}");
}

#[test]
fn very_long_names_do_not_make_a_report_long() {
    let long = "x".repeat(100_000);
    let log = format!("S: * OK {long}\nC: {long} LOGIN joe hunter2\nC: a1 {long}\nS: a1 BAD {long}\n");
    let (sessions, _) = pipeline::check(log.as_bytes(), None, RuleSet::default());
    for session in &sessions {
        for verdict in &session.judged.verdicts {
            assert!(verdict.message.len() < 2_000, "{}: {}", verdict.rule.id, verdict.message.len());
        }
    }
}

#[test]
fn a_literal_that_never_comes_costs_nothing_and_is_said() {
    for size in ["999999999", "18446744073709551616", "4294967295"] {
        let log =
            format!("S: * OK ready\nC: a1 LOGIN {{{size}}}\nS: + go on\nC: joe\nC: a2 NOOP\nS: a2 OK done\n");
        let (sessions, _) = pipeline::check(log.as_bytes(), None, RuleSet::default());
        assert_eq!(sessions.len(), 1, "{size}");
        let trace = &sessions[0].judged.trace;
        let kept: usize = starttls_lab::base::Side::BOTH
            .iter()
            .map(|side| trace.tape(starttls_lab::base::Hop::Client, *side).len())
            .sum();
        assert!(kept < 1_000, "{size}: {kept}");
        // More digits than a number has announce nothing.
        let told = remarks(&sessions[0]).iter().any(|(message, lines)| {
            message.contains(size) && message.contains("16 MB are kept") && lines == &[2]
        });
        assert_eq!(told, size.len() < 20, "{size}: {:?}", remarks(&sessions[0]));
    }
    // The same of a server, and of a message that comes as a whole nothing is said.
    let log =
        "S: * OK ready\nC: a1 FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {999999999}\nS: joe)\nS: a1 OK done\n";
    let told = |log: &str| {
        let (sessions, _) = pipeline::check(log.as_bytes(), None, RuleSet::default());
        remarks(&sessions[0])
    };
    assert!(told(log).iter().any(|(message, lines)| message.contains("999999999") && lines == &[3]));
    assert_eq!(told(&log.replace("999999999", "3").replace("joe)", "joe\nS: )")), []);
}

/// Behind such a literal nothing of its side is read; what the other side said meanwhile is no reason to blame anybody.
#[test]
fn a_literal_that_never_ends_makes_nobody_guilty() {
    let imap = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
S: a1 OK done
C: a2 STARTTLS
S: a2 OK begin
<TLS negotiation>
C: a3 CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
S: a3 OK done
C: a4 AUTHENTICATE PLAIN
S: +
C: AHRpbQB0YW5zdGFhZnRhbnN0YWFm
S: a4 OK done
C: a5 SELECT INBOX
S: * 3 EXISTS
S: a5 OK done
C: a6 LOGOUT
S: * BYE
S: a6 OK done
";
    let acap = "S: * ACAP (IMPLEMENTATION \"x\") (STARTTLS)
C: a1 STARTTLS
S: a1 OK \"begin\"
<TLS negotiation>
C: a2 AUTHENTICATE \"PLAIN\" \"\u{0}tim\u{0}tanstaaf\"
S: a2 OK \"done\"
C: a3 NOOP
S: a3 OK \"done\"
C: a4 LOGOUT
S: * BYE \"bye\"
S: a4 OK \"done\"
";
    let broken = |log: &str| -> Vec<_> {
        let broken = |rules: RuleSet| {
            let (sessions, _) = pipeline::check(log.as_bytes(), None, rules);
            let verdicts = sessions.into_iter().flat_map(|session| session.judged.verdicts);
            let broken = verdicts.filter(|verdict| verdict.outcome == starttls_lab::rules::Outcome::Fail);
            // What the announcement itself breaks: it sends more than 4096 octets without waiting for leave.
            let broken = broken.map(|verdict| verdict.rule.id).filter(|id| *id != "S-7888");
            broken.collect::<Vec<_>>()
        };
        [broken(RuleSet::Then), broken(RuleSet::Today)].concat()
    };
    let tag = "S-3501-tag";
    let (mut tried, mut open, mut blamed) = (0, 0, Vec::new());
    for (log, lines) in [
        (imap, ["C: x9 ID {999999999}", "C: x9 ID {999999999+}", "S: * 1 FETCH (BODY[] {999999999}"]),
        (acap, ["C: x9 NOOP {999999999}", "C: x9 NOOP {999999999+}", "S: * ALERT {999999999}"]),
    ] {
        let all: Vec<&str> = log.lines().collect();
        for cut in 1..=all.len() {
            for line in lines {
                let with = |literal: &str| {
                    let mut lines = all.clone();
                    lines.insert(cut, literal);
                    lines.join("\n")
                };
                // The same line with a literal that ends is what may be held against whoever sent it.
                let side = &line[..2];
                let ended = with(&format!("{}\n{side} abc", line.replace("999999999", "3")));
                let (itself, never) = (broken(&ended), broken(&with(line)));
                blamed.extend(never.iter().filter(|id| !itself.contains(id)).map(|id| (*id, cut, line)));
                tried += 1;
                let (sessions, _) = pipeline::check(with(line).as_bytes(), None, RuleSet::default());
                let verdicts = sessions.iter().flat_map(|session| &session.judged.verdicts);
                open += verdicts
                    .filter(|verdict| {
                        verdict.rule.id == tag
                            && verdict.message.contains("whose end is not in the recording")
                    })
                    .count();
            }
        }
    }
    assert_eq!(blamed, []);
    assert!(tried > 80 && open > 0, "{tried}, {open}");
}

fn remarks(checked: &Checked) -> Vec<(String, Vec<u32>)> {
    checked.record().remarks.into_iter().map(|remark| (remark.message, remark.lines)).collect()
}

/// One command of a hundred thousand literals, and one of as many brackets within each other: each is read once.
#[test]
fn deep_literals_and_brackets_are_read_in_one_go() {
    let many = 100_000;
    let literals = "{1}\nS: + go on\nC: x ".repeat(many);
    let brackets = ["(".repeat(many), ")".repeat(many)].concat();
    for command in [format!("LOGIN {literals}"), format!("FETCH 1 {brackets}")] {
        let log = format!("S: * OK ready\nC: a1 {command}\nS: a1 BAD no\nC: a2 NOOP\nS: a2 OK done\n");
        let (sessions, _) = pipeline::check(log.as_bytes(), None, RuleSet::default());
        assert_eq!(sessions.len(), 1);
        let commands = sessions[0].judged.facts.commands_in_clear.clone().unwrap();
        assert_eq!(commands.len(), 2, "{commands:?}");
        assert_eq!(commands[1], "NOOP");
        assert_eq!(remarks(&sessions[0]), []);
    }
}

#[test]
fn a_line_beyond_the_limit_is_cut_and_counted() {
    let mut log = b"S: * OK ready\nS: * CAPABILITY IMAP4rev1".to_vec();
    for number in 0..700_000 {
        log.extend_from_slice(format!(" X-NUMBER-{number:07}").as_bytes());
    }
    log.extend_from_slice(b"\nC: a1 NOOP\nS: a1 OK done\n");
    assert!(log.len() > 10 << 20);
    let (sessions, _) = pipeline::check(&log, None, RuleSet::default());
    assert_eq!(sessions.len(), 1);
    let record = sessions[0].record();
    let told: Vec<_> = record.remarks.iter().map(|remark| remark.message.as_str()).collect();
    assert!(
        told.iter().any(|message| {
            message.contains("longer than 1048576 octets") && message.contains("were left out")
        }),
        "{told:?}"
    );
    // What the list held cannot be told from its beginning.
    assert_eq!(sessions[0].judged.facts.starttls_advertised, None);
}

/// What stands beside the octets of a line costs more than a short line.
#[test]
fn a_million_short_lines_of_one_connection_stay_within_its_limit() {
    let mut checker = pipeline::Checker::new(None, RuleSet::default());
    let mut done = checker.push(b"S: * OK ready\n");
    let lines = "S: * 1 EXISTS\n".repeat(1_000);
    for _ in 0..1_000 {
        done.extend(checker.push(lines.as_bytes()));
    }
    done.extend(checker.finish().0);
    assert_eq!(done.len(), 1);
    let trace = &done[0].judged.trace;
    let limit = starttls_lab::trace::CONNECTION_LIMIT;
    let cost = starttls_lab::trace::PIECE_COST;
    assert!(trace.events().len() < limit / cost, "{}", trace.events().len());
    let record = done[0].record();
    assert!(
        record.remarks.iter().any(|remark| remark.message.contains("16 MB in each direction")),
        "{:?}",
        record.remarks
    );
}

#[test]
fn connections_without_end_are_judged_one_after_the_other() {
    let one = "# connection 1\nS: * OK ready\nC: a1 LOGOUT\nS: * BYE\nS: a1 OK\n";
    let mut checker = pipeline::Checker::new(None, RuleSet::default());
    let (mut sessions, mut most) = (0, 0);
    for _ in 0..2_000 {
        let done = checker.push(one.as_bytes());
        most = most.max(done.len());
        sessions += done.len();
    }
    let (last, _) = checker.finish();
    sessions += last.len();
    assert_eq!(sessions, 2_000);
    // Behind what was needed to tell the format, no more than the one that is open is kept.
    assert!(most * one.len() <= starttls_lab::import::HEAD_LIMIT + 2 * one.len(), "{most}");
}
