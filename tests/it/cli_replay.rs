//! `replay` and `compare` on the command line.

use crate::cli::run;

const UPGRADE: &str = "S: * OK hello\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: a1 OK done\nC: a2 STARTTLS\nS: a2 OK go\n<TLS negotiation>\nC: a3 LOGIN tim secret\nS: a3 OK in\n";

fn file(name: &str, text: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_recording_under_attack_answers_or_says_what_is_missing() {
    let input = file("replay.txt", UPGRADE);
    let done = run(&["whatif", &input, "--attack", "strip-capability"], b"");
    assert_eq!(done.code, 0, "{}", done.err);
    for line in
        ["Would it have fallen? Cannot tell", "TLS: none", "Missing: Whether the client goes on without TLS"]
    {
        assert!(done.out.contains(line), "{line} in\n{}", done.out);
    }
    assert!(!done.out.contains("secret"));
    let done = run(
        &["replay", &input, "--client", "private", "--attack", "strip-capability", "--output", "json"],
        b"",
    )
    .parsed();
    assert_eq!(done.json["schema"], "starttls-lab.replay/1");
    assert_eq!(done.json["fallen"], false);
    assert_eq!(done.json["credential_in_clear"], false);
}

#[test]
fn what_the_client_was_told_counts_and_is_said() {
    let input = file("replay-told.txt", UPGRADE);
    let under = ["whatif", &input, "--attack", "strip-capability", "--assume", "client=tls-required"];
    let done = run(&under, b"");
    for line in
        ["No, if it does as it is told", "Password in the clear: no", "rests on what the client is told"]
    {
        assert!(done.out.contains(line), "{line} in\n{}", done.out);
    }
    let done = run(&[&under[..], &["--output", "json"]].concat(), b"").parsed();
    assert_eq!((&done.json["policy"], &done.json["fallen"]), (&"tls-required".into(), &false.into()));
}

#[test]
fn two_recordings_differ_at_a_step() {
    let one = file("compare-1.txt", UPGRADE);
    let other = file("compare-2.txt", &UPGRADE.replace("a2 OK go\n<TLS negotiation>", "a2 NO no"));
    let done = run(&["compare", &one, &other], b"");
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(
        done.out.contains("STARTTLS is answered OK in the first session and NO in the second."),
        "{}",
        done.out
    );
    assert!(!done.out.contains("secret"));
    let same = run(&["compare", &one, &one, "--output", "json"], b"").parsed();
    assert_eq!((same.code, &same.json["differences"]), (0, &0.into()));
    assert_eq!(run(&["compare", &one, &one, "--sessions", "1,2"], b"").code, 2);
    assert_eq!(run(&["compare", &one, "/nowhere"], b"").code, 3);
}
