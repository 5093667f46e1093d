//! Every way out: each format is what it claims to be, and none shows what is private.

use std::fmt::Write as _;
use std::process::{Command, Output};

const LOG: &str = "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] mx.firma.de <ready> & \"waiting\"\r\nC: a1 LOGIN frieda@firma.de Geheim-4711!\r\nS: a1 NO frieda@firma.de: not with Geheim-4711!\r\nC: a2 LOGOUT\r\nS: a2 OK\r\n";
const PRIVATE: [&str; 4] = ["Geheim-4711!", "frieda", "firma.de", "R2VoZWltLTQ3MTEh"];

fn run(arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_starttls-lab"))
        .args(arguments)
        .env_remove("CI")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn folder() -> std::path::PathBuf {
    let name = format!("starttls-lab-{}-{:?}", std::process::id(), std::thread::current().id());
    let folder = std::env::temp_dir().join(name.replace(['(', ')'], "-"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn no_format_shows_what_is_private() {
    let formats = ["html", "json", "junit", "markdown", "ndjson", "sarif", "session", "svg", "text"];
    assert_eq!(starttls_lab::report::ALL.iter().map(|format| format.id).collect::<Vec<_>>(), formats);
    for format in formats {
        let text = text(&["check", "--output", format, "-"], LOG);
        for value in PRIVATE {
            assert!(!text.contains(value), "{format} shows {value}: {text}");
        }
        // Standard input is no file that a viewer could show a line of.
        if starttls_lab::report::find(format).unwrap().shows && format != "sarif" {
            assert!(text.contains("user1@host"), "{format}: {text}");
        }
        // A simulation shows no password either, and is written in every format.
        let run =
            run(&["simulate", "--protocol", "imap", "--attack", "strip-capability", "--output", format], "");
        assert!(run.status.success() && !run.stdout.is_empty(), "{format}");
        assert!(!String::from_utf8_lossy(&run.stdout).contains("tanstaaf"), "{format}");
    }
}

#[test]
fn sarif_is_sarif() {
    // As published, a pattern of it holds a bracket too many.
    let published = include_str!("../schemas/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&published).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let check = |text: &str| {
        let value = serde_json::from_str(text).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        value
    };
    let folder = folder();
    let file = folder.join("a log.txt");
    std::fs::write(&file, LOG).unwrap();
    let name = file.to_str().unwrap();
    let sarif: serde_json::Value =
        check(&text(&["check", "--output", "sarif", "--link-to", "https://lab.example/", name], ""));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let broken: Vec<_> = results.iter().filter(|result| result["kind"] == "fail").collect();
    assert!(!broken.is_empty());
    for result in &broken {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("a%20log.txt"));
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(place["region"]["snippet"]["text"].as_str().unwrap().starts_with(['C', 'S']));
        assert_eq!(result["partialFingerprints"]["starttlsLab/v1"].as_str().unwrap().len(), 32);
        assert!(result["hostedViewerUri"].as_str().unwrap().starts_with("https://lab.example/#/?z=1."));
        let rule =
            &sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    check(&text(&["simulate", "--protocol", "pop3", "--output", "sarif"], ""));
    let empty = run(&["check", "--output", "sarif", "/nowhere.log"], "");
    assert_eq!(empty.status.code(), Some(3));
    let sarif = check(std::str::from_utf8(&empty.stdout).unwrap());
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    std::fs::remove_dir_all(folder).unwrap();
}

/// The elements of an XML text in order, each with its attributes, and whether it is an end.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut all = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').expect("an element ends") + start;
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inside.starts_with('?') || inside.starts_with('!') {
            continue;
        }
        let name = inside.split([' ', '\n', '/']).next().unwrap();
        let name = if inside.starts_with('/') { inside } else { name };
        let mut attributes = Vec::new();
        let mut behind = &inside[name.len()..];
        while let Some(equals) = behind.find("=\"") {
            let key = behind[..equals].trim().to_owned();
            let value = &behind[equals + 2..];
            let close = value.find('"').unwrap();
            attributes.push((key, value[..close].to_owned()));
            behind = &value[close + 1..];
        }
        all.push((name.to_owned(), attributes));
        if inside.ends_with('/') {
            all.push((format!("/{name}"), Vec::new()));
        }
    }
    all
}

/// Whether every element ends where it should.
fn nested(xml: &str) {
    let mut open = Vec::new();
    for (name, _) in elements(xml) {
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "{xml}"),
            None if matches!(name.as_str(), "meta" | "br") => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} is open in {xml}");
}

/// The schema is that of the Jenkins plugin xUnit, as other projects test with it too.
#[test]
fn junit_fits_its_schema() {
    let schema = uppsala::parse(include_str!("../schemas/junit-10.xsd")).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&schema).unwrap();
    let wrong = |xml: &str| -> Vec<String> {
        let document = uppsala::parse(xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
        validator.validate(&document).iter().map(ToString::to_string).collect()
    };
    let checked =
        String::from_utf8(run(&["check", "--output", "junit", "-", "/nowhere.log"], LOG).stdout).unwrap();
    assert!(["<failure", "<skipped", "<error"].iter().all(|element| checked.contains(element)), "{checked}");
    assert_eq!(wrong(&checked), Vec::<String>::new());
    let hostile = "C: a1 LOGIN \"<b>&\u{1b}[31m\" \"]]>\"\r\nS: * OK \u{202e}x\r\nS: a1 BAD <![CDATA[\r\n";
    assert_eq!(wrong(&text(&["check", "--output", "junit", "-"], hostile)), Vec::<String>::new());
    let simulated =
        text(&["simulate", "--protocol", "imap", "--attack", "strip-capability", "--output", "junit"], "");
    assert_eq!(wrong(&simulated), Vec::<String>::new());
    // It can fail: an attribute that is missing, an element in a wrong place, a time that is none.
    for (from, to) in [
        ("<testsuite name=", "<testsuite label="),
        ("<failure ", "<broken "),
        ("time=\"0\">\n", "time=\"soon\">\n"),
    ] {
        let other = checked
            .replacen(from, to, 1)
            .replace("</failure>", if to == "<broken " { "</broken>" } else { "</failure>" });
        assert_ne!(other, checked);
        let found = uppsala::parse(&other).map_or(1, |document| validator.validate(&document).len());
        assert!(found > 0, "{to} is not found");
    }
}

#[test]
fn junit_is_junit() {
    // What the schemas of JUnit's XML agree on: which element stands in which, and the attributes that they need.
    let inside = [
        ("testsuites", "", vec![]),
        ("testsuite", "testsuites", vec!["name", "tests", "failures", "errors", "skipped", "time"]),
        ("testcase", "testsuite", vec!["name", "classname", "time"]),
        ("failure", "testcase", vec!["message", "type"]),
        ("error", "testcase", vec!["message", "type"]),
        ("skipped", "testcase", vec!["message"]),
    ];
    let output = run(&["check", "--output", "junit", "-", "/nowhere.log"], LOG);
    let xml = String::from_utf8(output.stdout).unwrap();
    nested(&xml);
    let mut open: Vec<String> = Vec::new();
    let mut counted = [0; 4];
    let mut said = [0; 4];
    for (name, attributes) in elements(&xml) {
        if name.starts_with('/') {
            open.pop();
            continue;
        }
        let (_, parent, needed) = inside.iter().find(|(known, ..)| *known == name).expect("a known element");
        assert_eq!(open.last().map_or("", String::as_str), *parent);
        for needed in needed {
            assert!(attributes.iter().any(|(key, _)| key == needed), "{name} has no {needed}");
        }
        let number =
            |key: &str| attributes.iter().find(|(k, _)| k == key).unwrap().1.parse::<usize>().unwrap();
        match name.as_str() {
            "testsuite" => {
                for (sum, key) in said.iter_mut().zip(["tests", "failures", "errors", "skipped"]) {
                    *sum += number(key);
                }
            }
            "testcase" => counted[0] += 1,
            "failure" => counted[1] += 1,
            "error" => counted[2] += 1,
            "skipped" => counted[3] += 1,
            _ => {}
        }
        open.push(name);
    }
    assert_eq!(said, counted);
    assert!(counted.iter().all(|count| *count > 0), "{counted:?}");
}

#[test]
fn the_html_report_needs_nothing_and_stays_small() {
    let html = text(&["check", "--output", "html", "-"], LOG);
    nested(&html[html.find("<main>").unwrap()..html.find("</main>").unwrap() + 7]);
    assert!(html.contains("&lt;ready&gt; &amp; &quot;waiting&quot;"));
    for forbidden in ["<script", "http:", "https:", "<img", "<link", "@import", "url("] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let mut long = String::new();
    for number in 0..4_000 {
        let _ = write!(long, "C: a{number} LOGIN u{number} geheim{number}\r\nS: a{number} NO\r\n");
    }
    let html = text(&["check", "--output", "html", "-"], &format!("S: * OK ready\r\n{long}"));
    assert!(html.len() < 300 << 10, "{}", html.len());
    assert!(html.contains("did not fit into this file"));
}

#[test]
fn markdown_is_text_and_the_drawing_says_what_it_shows() {
    let markdown = text(&["check", "--output", "markdown", "-"], LOG);
    assert!(markdown.contains("```text\n") && !markdown.contains("<ready>\n\n"), "{markdown}");
    let svg =
        text(&["simulate", "--protocol", "imap", "--attack", "strip-capability", "--output", "svg"], "");
    nested(&svg);
    assert!(svg.contains("<title id=\"title\">") && svg.contains("<desc id=\"desc\">"));
    assert!(svg.contains("the middle alters it") && svg.contains("STARTTLS"));
    assert!(!svg.contains("<script") && !svg.contains("style="));
}

#[test]
fn a_capture_of_a_simulation_is_read_as_what_it_is() {
    let folder = folder();
    for (protocol, port) in [("imap", "imap"), ("pop3", "pop"), ("acap", "acap")] {
        let file = folder.join(format!("{protocol}.pcapng"));
        let name = file.to_str().unwrap();
        text(&["simulate", "--protocol", protocol, "--client", "careless", "--pcap", name], "");
        // Our own reader, everywhere.
        let report: serde_json::Value = serde_json::from_str(&run_json(name)).unwrap();
        let session = &report["inputs"][0]["sessions"][0];
        assert_eq!(session["protocol"], protocol);
        assert_eq!(report["inputs"][0]["format"], "pcapng");
        // Another one, where it is installed.
        let Ok(read) =
            Command::new("tshark").args(["-r", name, "-T", "fields", "-e", "frame.protocols"]).output()
        else {
            continue;
        };
        let frames = String::from_utf8_lossy(&read.stdout).into_owned();
        assert!(
            frames.lines().any(|line| line.split(':').any(|layer| layer == port)),
            "{protocol}: {frames}"
        );
        let wrong = Command::new("tshark")
            .args([
                "-r",
                name,
                "-Y",
                "_ws.malformed || tcp.checksum.bad || ip.checksum.bad",
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "ip.check_checksum:TRUE",
            ])
            .output()
            .unwrap();
        assert!(wrong.stdout.is_empty(), "{protocol}: {}", String::from_utf8_lossy(&wrong.stdout));
    }
    let file = folder.join("tls.pcapng");
    let name = file.to_str().unwrap();
    text(&["simulate", "--protocol", "imap", "--client", "private", "--pcap", name], "");
    let report: serde_json::Value = serde_json::from_str(&run_json(name)).unwrap();
    assert_eq!(report["inputs"][0]["sessions"][0]["facts"]["tls"], "starttls");
    assert_eq!(report["inputs"][0]["sessions"][0]["facts"]["tls_version"], "TLSv1.3");
    std::fs::remove_dir_all(folder).unwrap();
}

fn run_json(file: &str) -> String {
    String::from_utf8(run(&["check", "--output", "json", file], "").stdout).unwrap()
}

#[test]
fn a_policy_and_a_baseline_decide_what_counts() {
    let folder = folder();
    let (log, baseline, policy) = (folder.join("a.log"), folder.join("base.json"), folder.join("ours.toml"));
    std::fs::write(&log, LOG).unwrap();
    let (log, base, ours) = (log.to_str().unwrap(), baseline.to_str().unwrap(), policy.to_str().unwrap());
    assert_eq!(run(&["check", log], "").status.code(), Some(1));
    assert_eq!(run(&["check", "--write-baseline", base, log], "").status.code(), Some(1));
    assert_eq!(run(&["check", "--baseline", base, log], "").status.code(), Some(0));
    // The lines move, and nothing else.
    std::fs::write(log, format!("# a comment\r\n\r\n{LOG}")).unwrap();
    assert_eq!(run(&["check", "--baseline", base, log], "").status.code(), Some(0));
    assert_eq!(run(&["check", "--baseline", base, "--strict-unknown", log], "").status.code(), Some(4));
    // Something new is found.
    let tls = LOG.replace("C: a2 LOGOUT\r\n", "C: a2 LOGIN frieda@firma.de Geheim-4711!\r\nS: a2 NO\r\nC: a3 STARTTLS\r\nS: a3 OK\r\nC: a4 CREATE x\r\n");
    std::fs::write(log, tls.replace("LOGINDISABLED", "STARTTLS")).unwrap();
    assert_eq!(run(&["check", "--baseline", base, log], "").status.code(), Some(1));
    std::fs::write(log, LOG).unwrap();
    std::fs::write(&policy, "fail-on = \"never\"\n").unwrap();
    assert_eq!(run(&["check", "--policy", ours, log], "").status.code(), Some(0));
    std::fs::write(&policy, "[levels]\n\"A99\" = \"off\"\n").unwrap();
    let refused = run(&["check", "--policy", ours, log], "");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no rule `A99`"));
    // What is accepted stays in the report with its reason, and counts again when its day is over.
    let report: serde_json::Value =
        serde_json::from_slice(&run(&["check", "--output", "json", log], "").stdout).unwrap();
    let verdicts = report["inputs"][0]["sessions"][0]["verdicts"].as_array().unwrap();
    let broken =
        verdicts.iter().filter(|verdict| verdict["outcome"] == "fail").map(|verdict| &verdict["rule"]);
    let accepting = |until: &str| -> String {
        let one = |rule: &serde_json::Value| {
            format!("[[accept]]\nrule = {rule}\nreason = \"on purpose\"\nuntil = \"{until}\"\n")
        };
        broken.clone().map(one).collect()
    };
    std::fs::write(&policy, accepting("2999-01-01")).unwrap();
    for output in ["text", "markdown"] {
        let done = run(&["check", "--policy", ours, "--output", output, log], "");
        assert_eq!(done.status.code(), Some(0), "{output}");
        let report = String::from_utf8_lossy(&done.stdout).to_lowercase();
        assert!(report.contains("set aside: on purpose"), "{output}:\n{report}");
    }
    std::fs::write(&policy, accepting("2001-01-01")).unwrap();
    let expired = run(&["check", "--policy", ours, log], "");
    assert_eq!(expired.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&expired.stderr).contains("it counts again"));
    assert!(!String::from_utf8_lossy(&expired.stdout).contains("set aside"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn many_at_once_say_the_same_as_one_after_the_other() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs");
    let alone = run(&["check", "--output", "json", corpus], "");
    let together = run(&["check", "--output", "json", "--jobs", "3", corpus], "");
    assert_eq!(alone.stdout, together.stdout);
    assert_eq!(alone.status.code(), together.status.code());
    assert!(alone.stdout.len() > 1000);
}

/// One input too is judged by several threads: its sessions in their order, its end behind them, and who is not
/// listened to any more stops.
#[test]
fn several_threads_judge_one_input_in_its_order() {
    let mut log = String::new();
    for number in 0..500 {
        let pad = "x".repeat(number % 97 * 12);
        log.push_str(&format!(
            "# connection {number}\nS: * OK ready {number} {pad}\nC: a1 LOGIN joe hunter2\nS: a1 OK done\nC: a2 LOGOUT\nS: * BYE\nS: a2 OK\n"
        ));
    }
    log.push_str("what is this?\n");
    // A file: who feeds its standard input and does not listen meanwhile would wait for ever.
    let file = std::env::temp_dir().join(format!("starttls-lab-one-input-{}.log", std::process::id()));
    std::fs::write(&file, log).unwrap();
    let path = file.to_str().unwrap();
    for format in ["ndjson", "text", "sarif"] {
        let alone = run(&["check", "--output", format, path], "");
        let together = run(&["check", "--output", format, "--jobs", "3", path], "");
        assert!(alone.stdout == together.stdout, "{format}");
        assert_eq!((alone.status.code(), together.status.code()), (Some(1), Some(1)));
        assert!(alone.stdout.len() > 100_000, "{format}: {}", alone.stdout.len());
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn secrets_are_shown_when_asked_and_never_in_continuous_integration() {
    let shown = run(&["check", "--output", "markdown", "--show-secrets", "-"], LOG);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Geheim-4711!"));
    let ci = Command::new(env!("CARGO_BIN_EXE_starttls-lab"))
        .args(["check", "--output", "markdown", "--show-secrets", "tests/cli/rfc2595.txt"])
        .env("CI", "true")
        .output()
        .unwrap();
    assert_eq!(ci.status.code(), Some(2));
    assert!(ci.stdout.is_empty());
}

#[test]
fn a_recording_becomes_an_address_that_holds_it_redacted() {
    let address = text(&["open", "--print", "-"], LOG);
    let packed = address.trim_end().strip_prefix("http://127.0.0.1:8080/#/?z=").unwrap();
    let file = starttls_lab::link::unpack(packed).unwrap();
    assert!(
        file.contains("user1@host1.example") && PRIVATE.iter().all(|value| !file.contains(value)),
        "{file}"
    );
    let again = run(&["check", "-"], &file);
    assert_eq!(again.status.code(), Some(1));
    let mut long = String::from("S: * OK ready\r\n");
    let mut number = 7_u32;
    for line in 0..9000 {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let _ = write!(long, "C: a{line} SEARCH TEXT x{number}\r\n");
    }
    let refused = run(&["open", "--print", "-"], &long);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("drop the file onto the page"));
}

#[test]
fn links_of_every_version_open() {
    for line in include_str!("../links/1.txt").lines().filter(|line| !line.is_empty()) {
        let (packed, starts) = line.split_once('\t').unwrap();
        let text = starttls_lab::link::unpack(packed).unwrap_or_else(|error| panic!("{error}: {packed}"));
        assert!(text.contains(starts), "{text}");
        let read = starttls_lab::import::read(text.as_bytes(), None).unwrap();
        assert!(!read.batch.sessions.is_empty());
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&["completions", shell], "");
        assert!(script.contains("simulate") && script.contains("starttls-lab"), "{shell}");
    }
    let man = text(&["man"], "");
    for word in
        [".TH starttls", "simulate", "STARTTLS\\-LAB CHECK", "\\-\\-baseline", "\\-\\-strict\\-unknown"]
    {
        assert!(man.contains(word) || man.contains(&word.replace('\\', "")), "{word}");
    }
}

/// A value that is a word of our own texts would block every report: each such word must be known.
#[test]
fn our_own_words_block_nothing() {
    use starttls_lab::pipeline::policy::{Accepted, Aside, policy_file};
    use starttls_lab::pipeline::{Hide, RuleSet, Share, is_own_word};
    let read = starttls_lab::import::read(
        b"S: * OK ready\r\nC: a1 STARTTLS\r\nS: a1 NO\r\nC: a2 LOGIN joe x1y2z3q4\r\nS: a2 OK\r\n",
        None,
    )
    .unwrap();
    let traces: Vec<_> = read.batch.sessions.into_iter().map(|session| session.trace).collect();
    let share = Share::new(&traces, Hide::ALL, false);
    let input = starttls_lab::report::Input { file: "input".to_owned(), ..Default::default() };
    let all = starttls_lab::rules::ALL.iter().map(|rule| Accepted {
        rule: rule.id.to_owned(),
        side: Some(starttls_lab::base::Side::Client),
        file: None,
        reason: "STARTTLS".to_owned(),
        until: Some("2027-01-31".to_owned()),
    });
    let aside = Aside { accepted: all.collect(), today: "2026-11-22".to_owned() };
    let mut texts = vec![policy_file(&aside.accepted)];
    for format in starttls_lab::report::ALL {
        texts.push(share.report(format, &input, RuleSet::default(), &aside, None).unwrap());
    }
    let mut unknown = std::collections::BTreeSet::new();
    for text in texts {
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            let is_word = word.len() > 2 && word.len() < 20 && word.bytes().all(|o| o.is_ascii_alphabetic());
            if is_word && !is_own_word(word.as_bytes()) {
                unknown.insert(word.to_ascii_lowercase());
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "add these to share_words.txt: {}",
        unknown.into_iter().collect::<Vec<_>>().join(" ")
    );
}
