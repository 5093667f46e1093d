//! The command line as others use it: exit codes, what stands on which output, and that nothing secret is shown.

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run of the binary left behind.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub json: Value,
}

impl Run {
    /// With the output read as JSON.
    pub fn parsed(mut self) -> Self {
        self.json =
            serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", self.out, self.err));
        self
    }
}

/// Runs the binary.
pub fn run(args: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_starttls-lab"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may refuse its arguments and never read.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: text(output.stdout),
        err: text(output.stderr),
        json: Value::Null,
    }
}

/// A file of ours.
pub fn corpus(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name).to_str().unwrap().to_owned()
}

const STRIPPED: &[u8] = b"S: * OK ready
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 LOGINDISABLED
S: a1 OK done
C: a2 LOGIN tim tanstaaftanstaaf
S: a2 OK done
";

#[test]
fn the_exit_code_stays_the_same_when_nobody_reads_the_report() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_starttls-lab"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(STRIPPED).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_section_in_which_no_rule_stands_is_refused() {
    for section in ["banana", "2595 99"] {
        let run = run(&["check", "--section", section, "-"], STRIPPED);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{section}");
        assert!(run.err.contains(&format!("no rule stands in \"{section}\"")), "{}", run.err);
    }
}

#[test]
fn exit_codes_tell_findings_usage_and_unreadable_inputs_apart() {
    let example = corpus("rfc2595.txt");
    let (smtp, empty, photo) = (corpus("smtp.txt"), corpus("empty.txt"), corpus("photo.jpg"));
    for (code, args) in [
        (0, vec!["check", "--fail-on", "never", "-"]),
        (1, vec!["check", "-"]),
        (1, vec!["check", "--fail-on", "note", "-"]),
        (2, vec!["check"]),
        (2, vec!["check", "--format", "telepathy", "-"]),
        (2, vec!["check", "--rules", "2001", "-"]),
        (2, vec!["check", "--fail-on", "fatal", "-"]),
        (2, vec!["check", "--output", "smoke", "-"]),
        (2, vec![]),
        (2, vec!["dance"]),
        (2, vec!["list", "wishes"]),
        (2, vec!["simulate"]),
        (2, vec!["simulate", "--protocol", "smtp"]),
        (2, vec!["simulate", "--protocol", "pop3", "--attack", "strip-logindisabled"]),
        (2, vec!["simulate", "--protocol", "acap", "--set", "server.logindisabled=off"]),
        (2, vec!["simulate", "--protocol", "imap", "--client", "nobody"]),
        (2, vec!["simulate", "--protocol", "imap", "--client", &example]),
        (2, vec!["list", "profiles", "nobody"]),
        (2, vec!["list", "rules", "A99"]),
        (2, vec!["simulate", "--protocol", "imap", "--attack", "nothing"]),
        (2, vec!["simulate", "--protocol", "imap", "--set", "client.tls=maybe"]),
        (2, vec!["simulate", "--protocol", "imap", "--set", "tls=required"]),
        (2, vec!["simulate", "--protocol", "imap", "--set", "middle.answer=no"]),
        (0, vec!["simulate", "--protocol", "imap"]),
        (0, vec!["simulate", "--protocol", "pop3"]),
        (0, vec!["simulate", "--protocol", "acap"]),
        (0, vec!["simulate", "--protocol", "imap", "--attack", "strip-capability"]),
        (3, vec!["check", &smtp]),
        (3, vec!["check", &empty]),
        (3, vec!["check", &photo]),
        (3, vec!["check", "/nowhere/at/all"]),
        (3, vec!["check", "/nothing/here"]),
        (3, vec!["check", "-", &photo]),
        (3, vec!["check", "--fail-on", "never", &photo, &example]),
        (0, vec!["--help"]),
        (0, vec!["check", "--help"]),
        (0, vec!["--version"]),
    ] {
        let run = run(&args, STRIPPED);
        assert_eq!(run.code, code, "{args:?}\n{}{}", run.out, run.err);
        assert_eq!(code >= 2, !run.err.is_empty(), "{args:?} on standard error: {}", run.err);
        if code == 2 {
            assert_eq!(run.out, "", "{args:?}");
        }
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (args, said) in [
        (vec!["check", &corpus("smtp.txt")], "line 1 is SMTP"),
        (vec!["check", &corpus("photo.jpg")], "JPEG"),
        (vec!["check", &corpus("empty.txt")], "empty"),
        (vec!["simulate", "--protocol", "smtp"], "imap, pop3, acap"),
        (vec!["simulate", "--protocol", "pop3", "--attack", "x"], "strip-capability"),
        (vec!["simulate", "--protocol", "imap", "--server", "x"], "strict, open, careless"),
        (vec!["simulate", "--protocol", "imap", "--set", "client.x=y"], "no switch `x`"),
        (vec!["check", "--format", "x", "-"], "transcript"),
        (vec!["check", "/nowhere\u{1b}[2J"], "/nowhere\\x1B[2J"),
    ] {
        let run = run(&args, b"");
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
    assert!(run(&["--help"], b"").out.contains("3  an input is not readable"));
    assert_eq!(run(&["--version"], b"").out, concat!("starttls-lab ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn the_example_of_rfc_2595_is_read_as_what_it_is() {
    let run = run(&["check", "--output", "json", &corpus("rfc2595.txt")], b"").parsed();
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let session = &run.json["inputs"][0]["sessions"][0];
    assert_eq!(run.json["inputs"][0]["format"], "transcript");
    assert_eq!(session["protocol"], "imap");
    let facts = &session["facts"];
    assert_eq!(facts["starttls_advertised"], true);
    assert_eq!(facts["starttls_sent"], true);
    assert_eq!(facts["starttls_answer"], "ok");
    assert_eq!(facts["tls"], "starttls");
    assert_eq!(facts["logindisabled_advertised"], true);
    assert_eq!(facts["credential_in_clear"], false);
    assert_eq!(facts["commands_in_clear"], serde_json::json!(["CAPABILITY", "STARTTLS"]));
    assert_eq!(facts["capability_reissued_after_tls"], true);
    assert!(session["verdicts"].as_array().unwrap().iter().all(|verdict| verdict["outcome"] != "fail"));
}

#[test]
fn a_finding_names_its_lines_and_a_password_is_never_shown() {
    for output in ["json", "text"] {
        let run = run(&["check", "--output", output, "-"], STRIPPED);
        assert_eq!(run.code, 1);
        assert!(!run.out.contains("tanstaaf") && !run.err.contains("tanstaaf"));
    }
    let run = run(&["check", "--output", "json", "-"], STRIPPED).parsed();
    assert_eq!(run.json["inputs"][0]["file"], "-");
    let session = &run.json["inputs"][0]["sessions"][0];
    assert_eq!(session["facts"]["credential_in_clear"], true);
    let verdicts = session["verdicts"].as_array().unwrap();
    let broken = verdicts.iter().find(|v| v["rule"] == "A16" && v["side"] == "client").unwrap();
    assert_eq!((&broken["outcome"], &broken["level"]), (&"fail".into(), &"error".into()));
    assert_eq!(broken["lines"], serde_json::json!([3, 5]));
}

#[test]
fn a_password_is_hidden_in_every_form_that_a_session_can_show_it_in() {
    for shown in [
        "C: a LOGIN tim tanstaaftanstaaf",
        "C: a LOGIN tim \"tanstaaftanstaaf\"",
        "C: a login \"tim\" \"tanstaaftanstaaf\" surplus",
        "C: a LOGIN tim {16+}\nC: tanstaaftanstaaf",
        "C: a LOGIN {3}\nS: + go on\nC: tim {16}\nS: + go on\nC: tanstaaftanstaaf",
        "C: a AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
        "C: a AUTHENTICATE PLAIN\nS: + \nC: AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
        "C: a AUTHENTICATE LOGIN\nS: + VXNlcg==\nC: dGlt\nS: + UGFzcw==\nC: dGFuc3RhYWZ0YW5zdGFhZg==",
        "C: a LOGIN tim tanstaaftanstaaf\nhere the log was cut: tanstaaftanstaaf",
    ] {
        let input = format!("S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\n{shown}\nS: a OK done\n");
        for output in ["json", "text"] {
            let run = run(&["check", "--output", output, "-"], input.as_bytes());
            let all = run.out + &run.err;
            for secret in ["tanstaaf", "AHRpbQB0YW5z", "dGFuc3RhYWZ0"] {
                assert!(!all.contains(secret), "{shown}: {all}");
            }
            let clear =
                if output == "json" { "\"credential_in_clear\":true" } else { "Password: sent outside TLS" };
            assert!(all.contains(clear), "{shown}: {all}");
        }
    }
}

#[test]
fn an_unreadable_input_does_not_hide_the_others() {
    let photo = corpus("photo.jpg");
    let run = run(&["check", "--output", "json", &photo, "-", "/nowhere"], STRIPPED).parsed();
    assert_eq!(run.code, 3);
    let inputs = run.json["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 3);
    for unreadable in [&inputs[0], &inputs[2]] {
        assert_eq!(unreadable["format"], Value::Null);
        assert_eq!(unreadable["sessions"], serde_json::json!([]));
        assert!(unreadable["error"]["message"].as_str().unwrap().len() > 10);
    }
    assert_eq!(inputs[1]["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(inputs[1]["error"], Value::Null);
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
}

#[test]
fn several_sessions_of_one_input_stand_apart() {
    let twice = [b"# connection 1\n", STRIPPED, b"# connection 2\n", STRIPPED].concat();
    let run = run(&["check", "--output", "json", "-"], &twice).parsed();
    assert_eq!(run.json["inputs"][0]["sessions"].as_array().unwrap().len(), 2);
}

#[test]
fn hostile_inputs_end_with_an_exit_code_and_clean_output() {
    let long = [&b"S: * OK "[..], &vec![b'x'; 1 << 20], b"\nC: a1 NOOP\n"].concat();
    let inputs: &[&[u8]] = &[
        b"\0\0\0",
        b"\r\r\r",
        b"S: * OK\0ready\r\nC: a1 \x1b[2JLOGIN\r\n",
        b"S: * OK a\nC: a1 LOGIN {18446744073709551616}\r\nS: +\rC: x\r\n",
        "S: * OK \u{202e}evil\u{85}\nC: a1 \u{9b}31m x\n".as_bytes(),
        &long,
    ];
    for input in inputs {
        for output in ["json", "text"] {
            let run = run(&["check", "--output", output, "-"], input);
            assert!((0..=3).contains(&run.code) && run.code != 2, "{}", run.err);
            assert!(!run.err.contains("panicked"), "{}", run.err);
            let safe = |c: char| c == '\n' || starttls_lab::base::stays_visible(c);
            assert!(run.out.chars().chain(run.err.chars()).all(safe), "{}", run.out.escape_debug());
            if output == "json" {
                run.parsed();
            }
        }
    }
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_starttls-lab"))
        .args(["check", "--output", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..200 {
        if stdin.write_all(&[b"# connection 1\n", STRIPPED].concat()).is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.code().is_some(), "no signal, no panic");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let simulate = |seed: &str| {
        run(&["simulate", "--protocol", "imap", "--server", "open", "--seed", seed, "--output", "json"], b"")
            .out
    };
    assert_eq!(simulate("7"), simulate("7"));
    assert_ne!(simulate("7"), simulate("8"));
}

#[test]
fn a_run_says_what_the_attacker_did_and_gained() {
    let run =
        run(&["simulate", "--protocol", "imap", "--attack", "strip-capability", "--output", "json"], b"")
            .parsed();
    assert_eq!(run.json["harms"][0]["harm"], "credential");
    let events = run.json["events"].as_array().unwrap();
    let changed: Vec<_> = events.iter().filter(|event| event["change"] == "changed").collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!((&changed[0]["hop"], &changed[0]["from"]), (&"client".into(), &"server".into()));
    assert!(!changed[0]["text"].as_str().unwrap().contains("STARTTLS"));
    let number = &run.json["harms"][0]["events"][0];
    let login = events.iter().find(|event| event["event"] == *number && event["kind"] == "message").unwrap();
    assert!(login["text"].as_str().unwrap().contains("LOGIN"), "{login}");
    assert!(!run.out.contains("tanstaaf"));
    let refused =
        run_json(&["simulate", "--protocol", "imap", "--attack", "fail-starttls", "--output", "json"]);
    let changes: Vec<_> =
        refused["events"].as_array().unwrap().iter().map(|event| event["change"].clone()).collect();
    assert!(changes.contains(&"removed".into()) && changes.contains(&"added".into()), "{changes:?}");
}

#[test]
fn pop3_and_acap_are_simulated_and_the_password_is_lost_and_hidden_there_too() {
    for (protocol, shown, profile) in
        [("pop3", "PASS ", "opportunistic"), ("acap", "AUTHENTICATE", "careless")]
    {
        let args = [
            "simulate",
            "--protocol",
            protocol,
            "--client",
            profile,
            "--server",
            "careless",
            "--output",
            "json",
        ];
        let stripped = run_json(&[&args[..], &["--attack", "strip-capability"]].concat());
        assert_eq!(stripped["inputs"][0]["sessions"][0]["protocol"], protocol);
        let harms: Vec<_> = stripped["harms"].as_array().unwrap().iter().map(|harm| &harm["harm"]).collect();
        assert_eq!(harms, ["content", "credential"], "{protocol}");
        let events = stripped["events"].as_array().unwrap();
        let text = |event: &Value| event["text"].as_str().unwrap_or_default().to_owned();
        assert!(events.iter().any(|event| text(event).contains(shown)), "{protocol}");
        assert!(events.iter().any(|event| event["change"] == "changed"), "{protocol}");
        assert!(!stripped.to_string().contains("tanstaaf"), "{protocol}");
    }
}

#[test]
fn a_profile_of_another_protocol_is_named_as_such_and_the_listed_name_works() {
    let other = run(&["simulate", "--protocol", "imap", "--client", "net-pop3-3.14"], b"");
    assert_eq!(other.code, 2);
    assert!(other.err.contains("this client speaks POP3 and not IMAP"), "{}", other.err);
    let listed = run(&["simulate", "--protocol", "imap", "--client", "client.careless"], b"");
    assert_eq!(listed.code, 0, "{}", listed.err);
}

/// The proof that APOP sends is no password and still nobody else's business.
#[test]
fn a_name_that_there_is_not_is_answered_with_the_nearest() {
    let folder = Written(std::env::temp_dir().join(format!("starttls-lab-near-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let policy = folder.0.join("policy.toml");
    std::fs::write(&policy, "[[accept]]\nrule = \"S-9051-logn\"\nreason = \"x\"\n").unwrap();
    let policy = policy.to_str().unwrap();
    for (args, meant) in [
        (vec!["check", "--why", "S-9051-logn", "-"], "S-9051-login"),
        (vec!["check", "--policy", policy, "-"], "S-9051-login"),
        (vec!["explain", "S-9051-logn"], "S-9051-login"),
        (vec!["list", "rules", "s-9051-logn"], "S-9051-login"),
        (vec!["list", "profiles", "opportunist"], "opportunistic"),
        (vec!["list", "attacks", "strip-capabilty"], "strip-capability"),
        (vec!["simulate", "--protocol", "imap", "--attack", "strip-capabilty"], "strip-capability"),
        (vec!["simulate", "--protocol", "imap", "--client", "privat"], "private"),
        (vec!["simulate", "--protocol", "imap", "--set", "client.tsl=required"], "tls"),
        (vec!["simulate", "--protocol", "imap", "--set", "server.logindisable=off"], "logindisabled"),
        (vec!["probe", "--protocol", "imap", "--server", "opne"], "open"),
        (vec!["search", "--client", "privat"], "private"),
        (vec!["search", "--harm", "credentials"], "credential"),
    ] {
        let told = run(&args, STRIPPED);
        assert_eq!(told.code, 2, "{args:?}: {}", told.err);
        assert!(
            told.err.contains("did you mean") && told.err.contains(&format!("`{meant}`")),
            "{args:?}: {}",
            told.err
        );
        assert!(told.out.is_empty(), "{args:?}");
    }
    // What is like nothing gets the list, or where it is.
    let told = run(&["explain", "tarot"], b"");
    assert!(told.err.contains("there is no rule or requirement `tarot`") && !told.err.contains("mean"));
    let told = run(&["simulate", "--protocol", "imap", "--client", "tarot"], b"");
    assert!(told.err.contains("there are opportunistic"), "{}", told.err);
}

#[test]
fn a_search_names_a_profile_of_another_protocol_as_such() {
    let told = run(&["search", "--protocol", "imap", "--client", "migrating"], b"");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("speaks ACAP and not IMAP"), "{}", told.err);
}

#[test]
fn lists_are_kept_to_a_protocol() {
    for (kind, there, not) in [
        ("profiles", "migrating", "mailutils"),
        ("attacks", "acap-greeting-forged", "apop-"),
        ("rules", "A18", "A17"),
    ] {
        let ids = |args: &[&str]| -> Vec<String> {
            let entries = run(&[&["list", kind, "--output", "json"], args].concat(), b"").parsed().json;
            let entries = entries["entries"]
                .as_array()
                .cloned()
                .unwrap_or_else(|| entries.as_array().cloned().unwrap());
            entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
        };
        let (all, acap) = (ids(&[]), ids(&["--protocol", "acap"]));
        assert!(acap.iter().any(|id| id == there) && !acap.iter().any(|id| id.starts_with(not)), "{acap:?}");
        assert!(acap.len() < all.len(), "{kind}");
    }
}

#[test]
fn a_whole_command_is_told_from_a_message_of_plain() {
    let message = run(&["plain", "decode", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"], b"");
    let whole = run(&["plain", "decode", "a1 AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"], b"");
    assert_eq!((whole.code, &whole.out), (message.code, &message.out));
    assert!(whole.err.contains("this is a whole command") && message.err.is_empty(), "{}", whole.err);
    let without = run(&["plain", "decode", "-"], b"C: a1 AUTHENTICATE PLAIN\r\n");
    assert!(without.err.contains("without a message"), "{}", without.err);
}

#[test]
fn a_client_that_logs_in_by_apop_is_told_about_without_its_proof() {
    for output in ["text", "json", "html", "markdown", "svg"] {
        let args = ["simulate", "--protocol", "pop3", "--client", "s-nail-14.9", "--output", output];
        let run = run(&args, b"");
        assert_eq!(run.code, 0, "{output}: {}", run.err);
        assert!(run.out.contains("APOP"), "{output}");
    }
}

fn run_json(args: &[&str]) -> Value {
    run(args, b"").parsed().json
}

#[test]
fn every_kind_can_be_listed_for_programs_and_for_people() {
    for kind in ["rules", "attacks", "harms", "formats", "protocols", "switches", "profiles"] {
        let entries = run_json(&["list", kind, "--output", "json"]);
        let text = run(&["list", kind], b"").out;
        for entry in entries.as_array().unwrap() {
            let id = entry["id"].as_str().unwrap();
            assert!(!id.is_empty() && !entry["title"].as_str().unwrap().is_empty());
            assert!(text.lines().any(|line| line.split(' ').next() == Some(id)), "{id}");
        }
        assert!(!entries.as_array().unwrap().is_empty(), "{kind}");
    }
    let protocols = run_json(&["list", "protocols", "--output", "json"]);
    let ids: Vec<_> = protocols.as_array().unwrap().iter().map(|entry| &entry["id"]).collect();
    assert_eq!(ids, ["imap", "pop3", "acap"]);
}

/// A file of this test's own, which goes away with it.
struct Written(std::path::PathBuf);

impl Written {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("starttls-lab-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn all_attacks_are_tried_on_a_profile_and_told_as_a_table_and_as_json() {
    let own = Written::new("tried.profile", "side = client\nid = mine\ntls = required\n");
    let args = ["simulate", "--protocol", "imap", "--attack", "all", "--client"];
    let of = |profile: &str| run(&[&args[..], &[profile]].concat(), b"").out;
    let (mine, open) = (of(own.path()), of("opportunistic"));
    let stripped =
        |table: &str| table.lines().find(|line| line.starts_with("strip-capability")).unwrap().to_owned();
    assert!(
        stripped(&open).contains("credential") && !stripped(&mine).contains("credential"),
        "{open}\n{mine}"
    );
    let json = run_json(&[&args[..], &["opportunistic", "--output", "json"]].concat());
    let entries = json.as_array().unwrap();
    let strip = entries.iter().find(|entry| entry["id"] == "strip-capability").unwrap();
    assert!(strip["harms"].as_array().unwrap().contains(&"credential".into()));
    assert_eq!(run(&[&args[..], &["private", "--attack", "strip-capability"]].concat(), b"").code, 2);
}

#[test]
fn a_profile_file_stands_where_a_built_in_profile_can() {
    let own = Written::new("own.profile", "side = client\nprotocols = imap\nid = mine\ntls = required\n");
    let simulate = |protocol: &str, side: &str| {
        run(
            &[
                "simulate",
                "--protocol",
                protocol,
                side,
                own.path(),
                "--attack",
                "strip-capability",
                "--output",
                "json",
            ],
            b"",
        )
    };
    let ran = simulate("imap", "--client").parsed().json;
    assert_eq!(ran["setup"]["client"], serde_json::json!({"id": "mine", "set": {"tls": "required"}}));
    assert_eq!(ran["harms"], serde_json::json!([]));
    for (protocol, side, why) in [
        ("imap", "--server", "this is the profile of a client, not of a server"),
        ("pop3", "--client", "does not speak POP3"),
    ] {
        let refused = simulate(protocol, side);
        assert!(refused.code == 2 && refused.err.contains(why), "{}", refused.err);
    }
}

#[test]
fn every_mistake_in_a_profile_file_is_told_with_its_place() {
    let own = Written::new("wrong.profile", "side = client\nno-warning = onn\nauht = plain\n");
    let ran = run(&["simulate", "--protocol", "imap", "--client", own.path()], b"");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let told: Vec<_> = ran.err.lines().map(|line| line.split_once(".profile: ").unwrap().1).collect();
    assert_eq!(
        told,
        [
            "line 2, column 14: `no-warning` does not take `onn`; it takes off, on; did you mean `on`?",
            "line 3, column 1: there is no `auht`; did you mean `auth`?",
        ]
    );
    let large = Written::new("large.profile", &"#\n".repeat(1 << 17));
    assert!(run(&["simulate", "--protocol", "imap", "--client", large.path()], b"").err.contains("65536"));
}

#[test]
fn a_built_in_profile_is_listed_as_a_file_that_does_the_same() {
    for (side, id) in [("--client", "client.careless"), ("--server", "server.careless")] {
        let listed = run(&["list", "profiles", id], b"").out;
        let own = Written::new(&format!("{id}.profile"), &listed);
        for protocol in ["imap", "pop3", "acap"] {
            let of = |profile: &str| run(&["simulate", "--protocol", protocol, side, profile], b"").out;
            assert_eq!(of(own.path()), of("careless"), "{listed}");
        }
    }
    assert!(run(&["list", "profiles", "careless"], b"").err.contains("client.careless"));
    assert_eq!(run_json(&["list", "rules", "A02", "--output", "json"]).as_array().unwrap().len(), 1);
}

#[test]
fn the_report_for_people_reads_well() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("cli_check", run(&["check", "-"], STRIPPED).out);
        insta::assert_snapshot!("cli_simulate", run(&["simulate", "--protocol", "imap", "--attack", "strip-capability"], b"").out);
    });
}

/// What somebody types who forgets the tag, thinks of POP3, or breaks a line: nobody can tell what of it is the password.
#[test]
fn a_password_in_the_wrong_place_is_not_repeated_and_nothing_is_claimed_about_it() {
    let secret = "Hunter2Zx99";
    let table = [
        format!("S: * OK ready\nC: LOGIN tim {secret}\nC: USER tim\nC: PASS {secret}\nS: a1 OK\n"),
        format!("S: * OK ready\nC: a1 LOGIN\nC: tim {secret}\nS: a1 BAD\n"),
        format!("S: * OK ready\nC: tim {secret}\nS: a1 BAD\n"),
        format!("S: * OK ready\nC: a1 LOGIN tim\nC: a2 {secret}\nS: a1 BAD\n"),
        format!("S: * OK ready\nC: a3 AUTHENTICATE {secret}\nS: a3 NO\n"),
        format!("S: +OK ready\nC: tim {secret}\nS: -ERR\n"),
        format!("S: * OK ready\nC: a1 LOGIN tim {{2000}}\nS: + go\nC: my {secret}\n"),
    ];
    for text in table {
        for output in ["text", "json"] {
            let ran = run(&["check", "--output", output, "-"], text.as_bytes());
            let said = ran.out.to_uppercase();
            assert!(!said.contains(&secret.to_uppercase()), "{text}{said}");
            assert!(!said.contains("\"CREDENTIAL_IN_CLEAR\":FALSE"), "{text}{said}");
        }
    }
}

#[test]
fn a_session_with_a_line_that_was_too_long_to_be_read_is_not_called_clean() {
    let text = format!("S: * OK ready\nC: a1 LOGIN tim {}\nS: a1 OK in\n", "b".repeat(2 << 20));
    let ran = run(&["check", "--output", "json", "-"], text.as_bytes());
    let said = &ran.out;
    assert!(
        said.contains("\"credential_in_clear\":null") && !said.contains("\"outcome\":\"pass\""),
        "{said}"
    );
}

#[test]
fn folders_and_patterns_are_opened_and_what_is_no_recording_in_them_is_passed_over() {
    let folder = std::env::temp_dir().join(format!("starttls-lab-inputs-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("deeper")).unwrap();
    std::fs::write(folder.join("b.log"), STRIPPED).unwrap();
    std::fs::write(folder.join("deeper/a.txt"), STRIPPED).unwrap();
    std::fs::write(folder.join("notes.md"), "Nothing of a session.\n").unwrap();
    let files = |args: &[&str]| -> (i32, Vec<String>, String) {
        let run = run(&[&["check", "--output", "json"], args].concat(), b"").parsed();
        let inputs = run.json["inputs"].as_array().unwrap().iter();
        let name = |file: &Value| {
            Path::new(file.as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned()
        };
        (run.code, inputs.map(|input| name(&input["file"])).collect(), run.err)
    };
    let (code, found, complaint) = files(&[folder.to_str().unwrap()]);
    assert_eq!((code, found), (1, vec!["b.log".to_owned(), "a.txt".to_owned()]));
    assert!(complaint.contains("notes.md: passed over: "), "{complaint}");
    assert!(complaint.contains("1 file among those that were found"), "{complaint}");
    let (code, found, _) = files(&[folder.join("**/*.txt").to_str().unwrap()]);
    assert_eq!((code, found), (1, vec!["a.txt".to_owned()]));
    // Named by itself it was meant.
    assert_eq!(run(&["check", folder.join("notes.md").to_str().unwrap()], b"").code, 3);
    assert_eq!(run(&["check", folder.join("*.md").to_str().unwrap()], b"").code, 3);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn ndjson_has_a_line_for_each_session_and_for_what_is_none() {
    let two = [b"# connection 1\n", STRIPPED, b"# connection 2\n", STRIPPED].concat();
    let run = run(&["check", "--output", "ndjson", "-", corpus("photo.jpg").as_str()], &two);
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((run.code, lines.len()), (3, 3), "{}", run.out);
    assert_eq!((&lines[0]["session"], &lines[1]["session"]), (&1.into(), &2.into()));
    assert_eq!(lines[1]["facts"]["credential_in_clear"], true);
    let outcomes = lines[0]["verdicts"].as_array().unwrap().iter().map(|v| v["outcome"].as_str().unwrap());
    assert!(outcomes.clone().all(|outcome| outcome == "fail" || outcome == "cannot-tell"));
    assert!(outcomes.clone().any(|outcome| outcome == "fail"));
    assert!(lines[2]["error"]["message"].is_string());
    assert!(!run.out.contains("tanstaaftanstaaf"));
}

#[test]
fn kept_rules_stand_in_ndjson_where_somebody_asks_for_them() {
    let asked = run(&["check", "--output", "ndjson", "--outcome", "pass", "-"], STRIPPED).parsed().json;
    let kept = asked["verdicts"].as_array().unwrap();
    assert!(!kept.is_empty() && kept.iter().all(|verdict| verdict["outcome"] == "pass"), "{asked}");
}

#[test]
fn a_key_log_opens_a_capture_and_one_that_is_none_is_refused() {
    let session = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus/sessions/0022-python3.11-imap-required-cyrus-b-strip_logindisabled");
    let capture = session.join("client.pcap").to_str().unwrap().to_owned();
    let keys = session.join("keylog.txt").to_str().unwrap().to_owned();
    let authenticated = |args: &[&str]| {
        let run = run(&[&["check", "--output", "json"], args].concat(), b"").parsed();
        assert!(!run.out.contains("tanstaaftanstaaf"));
        run.json["inputs"][0]["sessions"][0]["facts"]["authenticated"].clone()
    };
    assert_eq!(authenticated(&[&capture]), Value::Null);
    assert_eq!(authenticated(&["--keylog", &keys, &capture]), true);
    assert_eq!(run(&["check", "--keylog", &corpus("noise.txt"), &capture], b"").code, 3);
    let text = run(&["check", "--keylog", &keys, &capture], b"");
    assert!(text.out.contains("packets ") && !text.out.contains("lines "), "{}", text.out);
}

#[test]
fn the_matrix_has_the_shape_of_its_contract() {
    let json = run(&["matrix", "--protocol", "acap", "--output", "json"], b"").parsed().json;
    let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = ["protocol", "attacks", "rules", "cells"];
    wanted.sort_unstable();
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(json["protocol"], "acap");
    let cells = json["cells"].as_array().unwrap();
    let product = json["attacks"].as_array().unwrap().len() * json["rules"].as_array().unwrap().len();
    assert_eq!(cells.len(), product);
    for cell in cells {
        let cell = cell.as_object().unwrap();
        assert!(["stops", "needed", "notices"].iter().all(|key| cell[*key].is_boolean()));
        assert!(cell.len() == 6 && cell["attack"].is_string() && cell["rule"].is_string());
        let arguments: Vec<_> = cell["run"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        assert!(arguments.starts_with(&["--protocol", "acap"]));
    }
    let shown = cells.iter().find(|cell| cell["stops"] == true).unwrap();
    let arguments: Vec<_> = shown["run"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    assert_eq!(run(&[&["simulate"], arguments.as_slice()].concat(), b"").code, 0);
    assert!(run(&["matrix"], b"").out.contains("strip-capability"));
}

#[test]
fn a_search_finds_an_attack_that_can_be_run_as_it_is_written() {
    let args = ["search", "--client", "opportunistic", "--server", "open", "--harm", "content"];
    let json = run(&[&args[..], &["--output", "json"]].concat(), b"").parsed().json;
    let attack: Vec<_> =
        json["attack"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap()).collect();
    let file = std::env::temp_dir().join(format!("starttls-lab-{}-attack.txt", std::process::id()));
    std::fs::write(&file, attack.join("\n")).unwrap();
    let path = file.to_str().unwrap();
    let args = ["simulate", "--protocol", "imap", "--client", "opportunistic", "--server", "open"];
    let json = run(&[&args[..], &["--attack-file", path, "--output", "json"]].concat(), b"").parsed().json;
    std::fs::remove_file(&file).unwrap();
    assert!(json["harms"].as_array().unwrap().iter().any(|harm| harm["harm"] == "content"));
    assert_eq!(json["setup"]["written"].as_array().unwrap().len(), attack.len());
    let none = run(&["search", "--client", "private", "--moves", "1", "--harm", "credential"], b"");
    assert!(none.out.contains("none within 1 moves"), "{}", none.out);
    assert_eq!(run(&["search", "--harm", "nothing"], b"").code, 2);
}

/// Every answer of the server is answered twice in the client's name, for ever: the run ends at its limit and says so. What is
/// too long or wrong is refused with its place.
#[test]
fn a_written_attack_that_goes_in_circles_or_is_too_much_ends_with_a_word_about_it() {
    let file = std::env::temp_dir().join(format!("starttls-lab-{}-circle.txt", std::process::id()));
    let path = file.to_str().unwrap();
    let args = ["simulate", "--protocol", "imap", "--attack-file", path];
    let wrote = |text: &str| std::fs::write(&file, text).unwrap();
    wrote("when server do answer \"q NOOP\\r\\nq NOOP\"\n");
    let people = run(&args, b"");
    assert!(people.out.contains("The step limit ended the run."), "{}", people.err);
    let json = run(&[&args[..], &["--output", "json"]].concat(), b"").parsed().json;
    assert!(json.to_string().contains("The step limit ended the run."));
    for (text, place) in [
        ("when server do\n".to_owned(), "line 1, column 15"),
        (format!("when client do pass\n{}", "when client do pass\n".repeat(256)), "line 257, column 1"),
        (format!("when client says \"{}\" do drop", "x".repeat(64 << 10)), "line 1, column 1"),
    ] {
        wrote(&text);
        let refused = run(&args, b"");
        assert!(refused.code == 2 && refused.err.contains(place), "{place}: {}", refused.err);
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn who_sees_an_attack_fail_is_told_what_it_takes() {
    let args = ["simulate", "--protocol", "pop3", "--attack", "strip-capability"];
    let failed = run(&args, b"").out;
    assert!(failed.contains("with `--server open`"), "{failed}");
    let reached = run(&[&args[..], &["--server", "open"]].concat(), b"").out;
    assert!(reached.contains("Harm: ") && !reached.contains("It does with"), "{reached}");
    let json = run(&[&args[..], &["--output", "json"]].concat(), b"");
    assert_eq!(json.parsed().json["schema"], "starttls-lab.report/1");
}

#[test]
fn fixes_are_told_for_people_and_for_programs() {
    let args = ["simulate", "--protocol", "imap", "--attack", "strip-capability", "--fixes"];
    assert!(run(&args, b"").out.contains("client.tls=required"));
    let json = run(&[&args[..], &["--output", "json"]].concat(), b"").parsed().json;
    assert!(json["fixes"]["switches"].as_array().unwrap().iter().any(|set| set[0] == "client.tls=required"));
    // Who is safe is told nothing that would make it less so.
    let safe = [&args[..], &["--client", "private"]].concat();
    let told = run(&safe, b"");
    assert!(
        told.out.contains("there is nothing to stop") && !told.out.contains("client.retry"),
        "{}",
        told.out
    );
    let json = run(&[&safe[..], &["--output", "json"]].concat(), b"").parsed().json;
    assert_eq!(json["fixes"]["nothing_to_stop"], true);
    assert_eq!(json["fixes"]["switches"].as_array().unwrap().len(), 0);
}

#[test]
fn that_an_attack_succeeds_is_told_where_it_does_no_harm_too() {
    let args = ["simulate", "--protocol", "imap", "--client", "private", "--server", "strict"];
    let open = [&args[..], &["--attack", "preauth-greeting", "--set", "client.accept-preauth=on"]].concat();
    let told = run(&open, b"");
    assert!(told.out.contains("Reached what it is for: preauth-greeting.\nNo harm done."), "{}", told.out);
    let json = run(&[&open[..], &["--output", "json"]].concat(), b"").parsed().json;
    assert_eq!(json["succeeded"], serde_json::json!(["preauth-greeting"]));
    let safe = [&args[..], &["--attack", "preauth-greeting", "--output", "json"]].concat();
    assert_eq!(run(&safe, b"").parsed().json["succeeded"], serde_json::json!([]));
}

#[test]
fn what_is_about_one_run_or_one_side_is_not_taken_twice() {
    for (args, said) in [
        (&["simulate", "--protocol", "imap", "--attack", "all", "--fixes"][..], "--fixes is about one run"),
        (&["simulate", "--protocol", "imap", "--attack", "all", "--attack", "bye-close"], "stands alone"),
        (&["check", "--assume", "client=tls-required", "--assume", "client=tls-if-offered", "-"], "once for"),
    ] {
        let told = run(args, STRIPPED);
        assert!(told.code == 2 && told.err.contains(said), "{} {}", told.code, told.err);
    }
}

#[test]
fn an_attack_on_the_path_twice_and_a_switch_of_an_absent_one_are_explained() {
    let twice = run(
        &["simulate", "--protocol", "imap", "--attack", "fail-starttls", "--attack", "fail-starttls"],
        b"",
    );
    assert_eq!(twice.code, 2);
    assert!(twice.err.contains("stands on the path already"), "{}", twice.err);
    let absent = run(&["simulate", "--protocol", "imap", "--set", "middle.answer=no"], b"");
    assert!(absent.code == 2 && absent.err.contains("--attack fail-starttls"), "{}", absent.err);
}

#[test]
fn two_halves_of_a_rawlog_are_one_session() {
    let session = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus/sessions/0028-neomutt-imap-opportunistic-dovecot-b-force_plain");
    let half = |end: &str| {
        let name = format!("server-dovecot-login-rawlog-092751.22247.1.{end}");
        session.join(name).to_str().unwrap().to_owned()
    };
    let run = run(&["check", "--output", "json", &half("out"), &half("in")], b"").parsed();
    let inputs = run.json["inputs"].as_array().unwrap();
    assert_eq!((inputs.len(), &inputs[0]["format"]), (1, &"dovecot-rawlog".into()));
    let facts = &inputs[0]["sessions"][0]["facts"];
    assert_eq!((&facts["credential_in_clear"], &facts["preauth"]), (&true.into(), &false.into()), "{facts}");
    assert!(!run.out.contains("tanstaaftanstaaf"));
}

#[test]
fn who_asks_why_is_told_first_and_what_was_assumed_is_known() {
    let told = run(&["check", "--why", "a02", "--assume", "client=tls-required", "-"], STRIPPED).out;
    assert!(told.contains("looked at: it is assumed to require TLS"), "{told}");
    let of_client = told.split("why A02").next().unwrap();
    assert!(!of_client.contains("is not known"), "{of_client}");
    let (why, broken) = (told.find("A02 fired on the client").unwrap(), told.find("A16 (error)").unwrap());
    assert!(why < broken, "{told}");
    let unknown = run(&["check", "--why", "A02", "-"], STRIPPED).out;
    assert!(unknown.contains("which policy it is set to is not known"), "{unknown}");
}

#[test]
fn what_a_format_has_no_place_for_is_refused_and_not_left_out() {
    for (args, able) in [
        (vec!["check", "--why", "A02", "--output", "junit", "-"], "json, ndjson, text"),
        (vec!["check", "--why", "A02", "--output", "html", "-"], "json, ndjson, text"),
        (vec!["simulate", "--protocol", "imap", "--why", "A02", "--output", "svg"], "json, ndjson, text"),
        (vec!["simulate", "--protocol", "imap", "--attack", "all", "--output", "sarif"], "ndjson, text"),
        (vec!["list", "rules", "--output", "sarif"], "html, json, ndjson, text"),
        (vec!["explain", "A16", "--output", "junit"], "html, json, ndjson, text"),
        (vec!["matrix", "--output", "svg"], "html, json, ndjson, text"),
    ] {
        let told = run(&args, STRIPPED);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{args:?}");
        assert!(told.err.contains(able), "{args:?}: {}", told.err);
    }
    let line = run(&["check", "--why", "A02", "--output", "ndjson", "-"], STRIPPED).parsed();
    assert_eq!(line.json["why"][0]["rule"], "A02");
}

#[test]
fn a_rule_of_another_protocol_is_there_and_said_to_be_about_others() {
    let told = run(&["list", "rules", "a16", "--protocol", "acap"], b"");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`a16` is not about acap, but about imap"), "{}", told.err);
    assert!(run(&["list", "rules", "a16", "--protocol", "imap"], b"").out.starts_with("A16 "));
}

#[test]
fn examples_are_sessions_to_read_and_commands_to_paste() {
    let told = run(&["explain", "A16"], b"").out;
    let lines: Vec<_> = told.lines().map(str::trim).collect();
    assert!(lines.contains(&"C: a LOGIN ana s3cret") && lines.contains(&"<TLS negotiation>"), "{told}");
    let listed = run_json(&["list", "rules", "--output", "json"]);
    let ids: Vec<_> = listed.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let pages = run_json(&[&["explain", "--output", "json"], ids.as_slice()].concat());
    let mut commands = std::collections::BTreeSet::new();
    for page in pages.as_array().unwrap() {
        for example in [&page["bad example"], &page["good example"]] {
            if let Some(text) = example.as_str() {
                let inner = ["a run: ", "a probe: ", "imap ", "pop3 "];
                assert!(!inner.iter().any(|start| text.starts_with(start)), "{}: {text}", page["id"]);
                commands.extend(text.strip_prefix("starttls-lab simulate ").map(str::to_owned));
            }
        }
    }
    assert!(commands.len() > 5, "{commands:?}");
    for command in commands {
        let words: Vec<_> = std::iter::once("simulate").chain(command.split(' ')).collect();
        assert_eq!(run(&words, b"").code, 0, "{command}");
    }
}

#[test]
fn a_filter_also_keeps_to_itself_what_1999_and_today_say() {
    let all = run(&["check", "-"], STRIPPED).out;
    assert!(all.contains("1999 and today differ: A mode for clients without TLS"), "{all}");
    let client = run(&["check", "--side", "client", "-"], STRIPPED).out;
    assert!(client.contains("1999 and today differ: TLS only where it is offered"), "{client}");
    assert!(!client.contains("A mode for clients without TLS"), "{client}");
    let section = run(&["check", "--section", "2595 3.2", "-"], STRIPPED).out;
    assert!(section.contains("A16") && !section.contains("1999 and today differ"), "{section}");
}

#[test]
fn what_one_fact_leaves_open_stands_together() {
    let told = run(&["check", "-"], b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\nC: a STARTTLS\nS: a OK go\nC: b LOGIN tim tanstaaftanstaaf\nS: b OK in\n").out;
    let told = told.split("1999 and today").next().unwrap();
    assert_eq!(told.matches("Which policy the party is set to").count(), 1, "{told}");
    assert!(told.contains("\n        A11, client and server: "), "{told}");
    // One list, two documents.
    for output in ["html", "markdown"] {
        let listed = b"S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN] ready\nC: a LOGOUT\n";
        let told = run(&["check", "--output", output, "-"], listed).out;
        assert_eq!(told.matches("The same breaks B25 too").count(), 1, "{told}");
    }
    let plain = run(
        &["check", "-"],
        b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] ready\nC: a LOGOUT\n",
    )
    .out;
    assert!(plain.contains("B25 (error)") && plain.contains("The same breaks B25 too: "), "{plain}");
}

#[test]
fn a_warning_is_a_failure_in_junit_only_where_it_fails_the_check() {
    let junit = |args: &[&str]| run(&[&["check", "--output", "junit"], args, &["-"]].concat(), STRIPPED).out;
    let case =
        |report: &str| report.lines().find(|l| l.contains("name=\"S-9051-plaincfg")).unwrap().to_owned();
    let errors = junit(&[]);
    assert!(case(&errors).contains("<system-out>broken by the server, warning. lines 5, 6: "), "{errors}");
    assert!(errors.contains("failures=\"3\""), "{errors}");
    let warnings = junit(&["--fail-on", "warning"]);
    assert!(case(&warnings).contains("<failure ") && warnings.contains("failures=\"4\""), "{warnings}");
    assert!(junit(&["--fail-on", "never"]).contains("failures=\"0\""));
}

#[test]
fn what_is_wrong_with_a_policy_or_a_baseline_is_said_with_its_place() {
    let policy = Written::new("policy.toml", "rules = \"today\"\ncolour = 1\n");
    let told = run(&["check", "--policy", policy.path(), "-"], STRIPPED);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("policy.toml: line 2, column 1: unknown field `colour`"), "{}", told.err);
    assert!(!told.err.contains("\\x0A"), "{}", told.err);
    let over = "[levels]\na16 = \"note\"\n[[accept]]\nrule = \"s-9051-login\"\nreason = \"x\"\nuntil = \"2026-01-31\"\n";
    let policy = Written::new("over.toml", over);
    let told = run(&["check", "--policy", policy.path(), "-"], STRIPPED);
    assert!(
        told.err.contains("over.toml: S-9051-login was accepted until 2026-01-31: it counts again"),
        "{}",
        told.err
    );
    assert!(told.out.contains("A16 (note)"), "{}", told.out);
    let baseline = Written::new("baseline.json", "hello\n");
    let told = run(&["check", "--baseline", baseline.path(), "-"], STRIPPED);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("this is no baseline as --write-baseline writes one"), "{}", told.err);
}

#[test]
fn an_outcome_may_be_given_in_the_words_of_reports() {
    let of = |word: &str| run(&["check", "--outcome", word, "-"], STRIPPED);
    for (word, id) in [("kept", "pass"), ("broken", "fail"), ("cannot tell", "cannot-tell")] {
        assert_eq!((of(word).code, of(word).out), (of(id).code, of(id).out), "{word}");
    }
    assert_eq!(of("fine").code, 2);
}

#[test]
fn a_broken_rule_is_called_broken_in_every_report_for_people() {
    for output in ["text", "html", "markdown"] {
        let told = run(&["check", "--output", output, "-"], STRIPPED).out;
        assert!(told.contains("broken by the client"), "{output}: {told}");
    }
}

/// Who writes a session down by hand forgets the line for the handshake.
#[test]
fn a_handshake_that_nobody_marked_is_asked_for_and_not_made_into_an_accusation() {
    let up = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\nC: a STARTTLS\nS: a OK go\n";
    let again = "C: b CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: b OK done\n";
    let login = "C: c LOGIN tim tanstaaftanstaaf\nS: c OK in\n";
    let check = |text: &str| run_on(&["check", "--output", "json", "-"], text);
    let outcome = |session: &Value, rule: &str| {
        let mut verdicts = session["verdicts"].as_array().unwrap().iter();
        verdicts.find(|v| v["rule"] == rule && v["side"] == "client").unwrap()["outcome"].clone()
    };
    let bare = |text: &str| text.replace("C: ", "").replace("S: ", "");
    let whole = format!("{up}{again}{login}");
    // The lists tell that something happened; lines without marks never say.
    for text in [&whole, &bare(&whole), &bare(&format!("{up}{login}"))] {
        let session = check(text);
        for rule in ["A12", "S-9051-login", "S-8314-minconf"] {
            assert_eq!(outcome(&session, rule), "cannot-tell", "{rule}: {text}");
        }
        let facts = &session["facts"];
        assert_eq!((&facts["tls"], &facts["credential_in_clear"]), (&Value::Null, &Value::Null), "{text}");
        let said = session["remarks"].to_string();
        assert!(said.contains("`<TLS negotiation>`") && said.contains("[3]"), "{said}");
    }
    // What the remark proposes decides it either way.
    for (mark, a12, in_clear) in [("<TLS negotiation>", "pass", false), ("# clear text again", "fail", true)]
    {
        let text = format!("{up}{mark}\n{again}{login}");
        assert_eq!(outcome(&check(&text), "A12"), a12, "{text}");
        for text in [bare(&text), text] {
            let session = check(&text);
            assert_eq!(outcome(&session, "A12") == "fail", in_clear, "{text}");
            assert_eq!(session["facts"]["credential_in_clear"], in_clear, "{text}");
            assert!(!session["remarks"].to_string().contains("negotiation"), "{}", session["remarks"]);
        }
    }
    // Where a transcript says nothing against it, no mark means no handshake, and the remark says so.
    let session = check(&format!("{up}{login}"));
    assert_eq!((outcome(&session, "A12"), &session["facts"]["tls"]), ("fail".into(), &"none".into()));
    assert!(session["remarks"].to_string().contains("taken to be outside TLS"), "{}", session["remarks"]);
    // What holds in both cases is judged.
    let tag = check(&format!("{whole}C: d LOGOUT\nS: x OK bye\n"));
    let mut verdicts = tag["verdicts"].as_array().unwrap().iter();
    assert_eq!(verdicts.find(|v| v["rule"] == "S-3501-tag").unwrap()["outcome"], "fail");
}

fn run_on(args: &[&str], text: &str) -> Value {
    run(args, text.as_bytes()).parsed().json["inputs"][0]["sessions"][0].clone()
}
