//! Literals, strings, lines.

use super::*;
use starttls_lab::trace::{Class, EventKind, GreetingStatus};
use starttls_lab::wire;

fn commands(text: &str) -> Vec<String> {
    read(text).trace.leg(Client).commands().map(|(_, command)| command.name.to_string()).collect()
}

#[test]
fn p025_one_literal_waits_for_leave_and_the_other_does_not() {
    let waits = wire::literal(b"a LOGIN {5}").unwrap();
    let goes = wire::literal(b"a LOGIN {5+}").unwrap();
    assert!(waits.synchronizing && !goes.synchronizing);
    assert_eq!((waits.octets, goes.octets), (5, 5));
    let refused = "S: * OK hi\nC: a LOGIN {6}\nS: a NO too long\nC: b NOOP\nS: b OK done";
    assert_eq!(commands(refused), ["LOGIN", "NOOP"]);
    let at_once = "S: * OK hi\nC: a LOGIN {3+}\nC: ana {6+}\nC: s3cret\nS: a OK done";
    assert_eq!(commands(at_once), ["LOGIN"]);
}

#[test]
fn p026_what_a_literal_holds_is_no_command_and_no_answer() {
    let upload = "S: * PREAUTH hi\nC: a APPEND Sent {32}\nS: + go\nC: b STARTTLS\nC: c LOGIN ana s3cret\nC:\nS: a OK done\nC: d LOGOUT\nS: d OK";
    assert_eq!(commands(upload), ["APPEND", "LOGOUT"]);
    let judged = read(upload);
    assert_eq!((judged.facts.starttls_sent, judged.facts.credential_in_clear), (Some(false), Some(false)));
}

#[test]
fn p027_literals_without_waiting_need_a_capability_in_imap_and_none_in_acap() {
    let imap = |list: &str, length: usize| {
        let mailbox = "x".repeat(length);
        format!(
            "S: * PREAUTH [CAPABILITY IMAP4rev1{list}] hi\nC: a SELECT {{{length}+}}\nC: {mailbox}\nS: a NO no"
        )
    };
    assert_eq!(judged(&imap("", 5), "S-7888", Client), Fail);
    assert_eq!(judged(&imap(" LITERAL+", 5000), "S-7888", Client), Pass);
    assert_eq!(judged(&imap(" LITERAL-", 4096), "S-7888", Client), Pass);
    assert_eq!(judged(&imap(" LITERAL-", 4097), "S-7888", Client), Fail);
    let acap =
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {11+}\nC: \0ana\0s3cret\nS: a OK \"done\"";
    assert_eq!(judged(acap, "S-7888", Client), NotApplicable);
}

#[test]
fn p028_literals_stand_in_answers_too_and_hide_what_looks_like_one() {
    let fetched = "S: * PREAUTH hi\nC: a FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {24}\nS: a OK done\nS: b OK forged\nS: )\nS: a OK done\nC: b NOOP\nS: b OK done";
    let judged = read(fetched);
    let answers: Vec<_> =
        judged.trace.leg(Server).answers().filter(|a| a.is_final()).map(|a| a.at.places.0).collect();
    assert_eq!(answers, [7, 9]);
    assert_eq!(of(&judged, "S-3501-tag", Server), Pass);
}

#[test]
fn p029_a_long_answer_ends_with_a_dot_and_a_stuffed_line_does_not_end_it() {
    let mail = "S: +OK hi\nC: USER a\nS: +OK\nC: PASS b\nS: +OK\nC: RETR 1\nS: +OK\nS: Subject: x\nS:\nS: ..\nS: +OK no answer\nS: .\nC: QUIT\nS: +OK bye";
    let judged = read(mail);
    let finals = judged.trace.leg(Server).answers().filter(|a| a.is_final()).count();
    assert_eq!(finals, 4);
    assert_eq!(of(&judged, "S-2449-order", Server), Pass);
}

#[test]
fn p030_which_answers_are_long_depends_on_the_command_and_its_arguments() {
    let ends = |command: &str, answer: &str| {
        let text = format!(
            "S: +OK hi\nC: USER a\nS: +OK\nC: PASS b\nS: +OK\nC: {command}\n{answer}C: QUIT\nS: +OK bye"
        );
        of(&read(&text), "S-2449-order", Server)
    };
    assert_eq!(ends("LIST", "S: +OK\nS: 1 20\nS: .\n"), Pass);
    assert_eq!(ends("LIST 1", "S: +OK 1 20\n"), Pass);
    assert_eq!(ends("UIDL", "S: +OK\nS: 1 a\nS: .\n"), Pass);
    assert_eq!(ends("UIDL 1", "S: +OK 1 a\n"), Pass);
    assert_eq!(ends("TOP 1 0", "S: +OK\nS: x\nS: .\n"), Pass);
    assert_eq!(ends("RETR 9", "S: -ERR none\n"), Pass);
    // One answer more than the command has is one too many.
    assert_eq!(ends("LIST 1", "S: +OK 1 20\nS: +OK\n"), Fail);
    let methods = read("S: +OK hi\nC: AUTH\nS: +OK\nS: PLAIN\nS: .\nC: QUIT\nS: +OK bye");
    assert_eq!(of(&methods, "S-2449-order", Server), Pass);
}

#[test]
fn p031_the_greeting_of_pop3_is_one_line_and_more_is_an_anomaly() {
    assert_eq!(judged("S: +OK hi\nS: +OK more\nC: NOOP\nS: +OK", "S-2449-order", Server), Fail);
    assert_eq!(judged("S: +OK hi\nC: NOOP\nS: +OK", "S-2449-order", Server), Pass);
}

#[test]
fn p032_a_line_feed_alone_ends_no_line_for_everybody_and_is_told() {
    // One program sees two lines, another sees one: the trace keeps the octets and says what is odd.
    let capture = include_bytes!("../../cli/rfc2595.txt");
    assert!(!capture.contains(&b'\r'), "a text file has no CR, which is no fault of the session");
    assert_eq!(octets(capture).trace.leg(Client).of(Class::Malformed).count(), 0);
    let line = wire::line(b"a NOOP\nb NOOP\r\n", 0, 0).unwrap();
    assert_eq!(line.ending, wire::Ending::Lf);
    assert!(wire::line(b"a NOOP\rb", 0, 0).is_none(), "a CR alone is text");
}

#[test]
fn p033_words_of_a_protocol_have_no_case_and_tags_and_the_status_of_pop3_have_one() {
    let imap = read(
        "S: * Ok [Capability imap4rev1 StartTLS] hi\nC: a starttls\nS: a oK go\n~~~~\nC: b capability\nS: b Ok",
    );
    assert_eq!(imap.facts.starttls_answer, Some("ok"));
    assert_eq!(imap.facts.starttls_advertised, Some(true));
    // The answer to `a` is not that to `A`.
    assert_eq!(judged("S: * OK hi\nC: A NOOP\nS: a OK done", "S-3501-tag", Server), Fail);
    assert_eq!(judged("S: * OK hi\nC: A NOOP\nS: A OK done", "S-3501-tag", Server), Pass);
    let pop3 = read("S: +OK hi\nC: capa\nS: +OK\nS: stls\nS: .\nC: stls\nS: +OK");
    assert_eq!(pop3.facts.starttls_advertised, Some(true));
    assert_eq!(judged("S: +OK hi\nC: NOOP\nS: +ok done", "S-1939-status", Server), Fail);
}

#[test]
fn p034_names_of_mechanisms_are_compared_without_case() {
    let listed = "S: * OK [CAPABILITY IMAP4rev1 auth=plain] hi\nC: a LOGOUT\nS: a OK";
    assert_eq!(judged(listed, "B25", Server), Fail);
    let used = read("S: * OK hi\nC: a authenticate plain\nS: + \nC: AGFuYQBzM2NyZXQ=\nS: a OK done");
    assert_eq!(of(&used, "A21", Client), Fail);
}

#[test]
fn p035_a_very_long_line_breaks_no_rule_about_tls() {
    let long = "x".repeat(9000);
    let judged = read(&format!("S: * OK {long}\nC: a NOOP\nS: a OK {long}\nC: b LOGOUT\nS: b OK"));
    let broken: Vec<_> = judged.verdicts.iter().filter(|v| v.outcome == Fail).map(|v| v.rule.id).collect();
    assert_eq!(broken, Vec::<&str>::new());
    let greeting = judged.trace.leg(Server).of(Class::Greeting).next().unwrap();
    assert!(matches!(greeting.kind, EventKind::Greeting(GreetingStatus::Ok)));
}
