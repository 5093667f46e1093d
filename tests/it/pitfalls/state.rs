//! State and order.

use super::*;
use starttls_lab::trace::{Class, EventKind};

#[test]
fn p053_answers_are_matched_by_tag_in_imap_and_by_order_in_pop3() {
    let imap = read("S: * OK hi\nC: a NOOP\nC: b LOGIN ana x\nS: b NO no\nS: a OK done");
    let answers: Vec<_> =
        imap.trace.leg(Server).answers().map(|a| (a.command.name.to_string(), a.at.places.0)).collect();
    assert_eq!(answers, [("LOGIN".to_owned(), 4), ("NOOP".to_owned(), 5)]);
    assert_eq!(imap.facts.authenticated, Some(false));
    let pop3 = read("S: +OK hi\nC: USER ana\nC: PASS x\nS: +OK\nS: -ERR no");
    let refused: Vec<_> = pop3
        .trace
        .leg(Server)
        .answers()
        .filter(|a| a.refuses())
        .map(|a| a.command.name.to_string())
        .collect();
    assert_eq!(refused, ["PASS"]);
}

#[test]
fn p054_an_answer_before_its_command_is_no_success() {
    let early = "S: * OK hi\nS: a OK go\nC: a STARTTLS\nC: b LOGIN ana x\nS: b OK done";
    let judged = read(early);
    assert_eq!(judged.facts.starttls_answer, Some("none"));
    assert_eq!(of(&judged, "A12", Client), Fail);
    assert_eq!(
        ran("imap client=private client.tags-unchecked=on attack=early-tagged-ok", "A11", Client),
        Fail
    );
    assert!(harms("imap client=private attack=early-tagged-ok").is_empty());
}

#[test]
fn p055_neither_an_untagged_ok_nor_a_plus_answers_starttls() {
    for line in ["S: * OK go", "S: + go", "S: x OK go"] {
        let judged = read(&format!("S: * OK hi\nC: a STARTTLS\n{line}\nC: b LOGOUT"));
        assert_eq!(judged.facts.starttls_answer, Some("none"), "{line}");
    }
    assert_eq!(read("S: +OK hi\nC: STLS\nS: +OK go").facts.starttls_answer, Some("ok"));
}

#[test]
fn p056_words_about_tls_are_not_tls() {
    let told = "pop3 client=private client.believes-text=on attack=fake-tls-active";
    assert_eq!(ran(told, "A11", Client), Fail);
    let text = read("S: +OK hi\nC: STLS\nS: -ERR TLS active already\nC: USER ana\nS: +OK\nC: PASS x\nS: +OK");
    assert_eq!(text.facts.tls_established, Some(false));
    assert_eq!(of(&text, "S-8314-minconf", Client), Fail);
}

#[test]
fn p057_behind_preauth_there_is_no_starttls_and_closing_is_the_safe_move() {
    let asks = "S: * PREAUTH hi\nC: a STARTTLS\nS: a BAD no";
    let judged = read(asks);
    assert_eq!(of(&judged, "B15", Client), Fail);
    assert_eq!(judged.facts.credential_in_clear, Some(false));
    assert!(harms("imap client=private attack=preauth-greeting").is_empty());
}

#[test]
fn p058_preauth_inside_tls_is_allowed() {
    assert_eq!(judged("~~~~\nS: * PREAUTH hi\nC: a LOGOUT\nS: a OK", "S-9051-preauth", Server), Pass);
    assert_eq!(judged("S: * PREAUTH hi\nC: a LOGOUT\nS: a OK", "S-9051-preauth", Server), Fail);
    // POP3 has no such greeting.
    assert_eq!(read("S: +OK PREAUTH\nC: QUIT\nS: +OK").facts.preauth, Some(false));
}

#[test]
fn p059_the_ban_begins_with_the_starttls_line() {
    let before = "S: * OK hi\nC: a NOOP\nC: b STARTTLS\nS: a OK\nS: b OK go\n~~~~\nC: c CAPABILITY\nS: c OK";
    assert_eq!(judged(before, "A12", Client), Pass);
    let behind = "S: * OK hi\nC: b STARTTLS\nC: a NOOP\nS: b OK go\n~~~~\nC: c CAPABILITY\nS: c OK";
    assert_eq!(judged(behind, "A12", Client), Fail);
}

#[test]
fn p060_a_command_behind_the_ok_breaks_one_rule_and_an_empty_line_another() {
    let with = |line: &str| {
        format!("S: * OK hi\nC: a STARTTLS\nS: a OK go\nC: {line}\n~~~~\nC: c CAPABILITY\nS: c OK")
    };
    assert_eq!(judged(&with("b NOOP"), "A12", Client), Fail);
    assert_ne!(judged(&with("b NOOP"), "B14", Client), Fail);
    assert_eq!(judged(&with(""), "B14", Client), Fail);
    assert_eq!(judged(&with(""), "A12", Client), Pass);
}

#[test]
fn p061_surplus_octets_are_a_fault_in_whatever_segment_they_come() {
    // The middle's octets travel with the OK; the server's own come a moment later. Both stand before the handshake.
    assert_eq!(ran("imap client=private server.octets-after-ok=on", "B14", Server), Fail);
    let forged = run("imap client=private attack=response-injection");
    let early = forged.connections[0].facts.early_bytes_from_server;
    assert!(early.is_some_and(|octets| octets > 0));
}

#[test]
fn p062_a_handshake_is_told_from_text_by_its_first_octets() {
    use starttls_lab::trace::Class;
    let run = run("imap client=private server=strict");
    let leg = run.connections[0].trace.leg(Client);
    assert_eq!(leg.of(Class::Malformed).count(), 0);
    assert_eq!(leg.of(Class::LeftOver).count(), 0);
    assert!(leg.tls_up().is_some());
}

#[test]
fn p063_an_alert_or_a_failed_handshake_behind_the_ok_is_no_text() {
    let run = run("imap client=private attack=break-handshake middle.handshake=alert");
    let judged = &run.connections[0];
    assert_eq!(judged.trace.leg(Client).of(Class::LeftOver).count(), 0);
    // A server that takes early octets for the handshake and closes has kept the rule.
    let closed = "imap client=private attack=command-injection";
    assert_ne!(ran(closed, "S-9051-buf", Server), Fail);
}

#[test]
fn p064_early_octets_may_be_thrown_away_and_not_be_answered_inside_tls() {
    assert_eq!(
        ran("imap client=private server.keeps-buffer=on attack=command-injection", "S-9051-buf", Server),
        Fail
    );
    assert_ne!(ran("imap client=private attack=command-injection", "S-9051-buf", Server), Fail);
    // Answered in the clear, before the handshake: no injection, and a breach of the sender.
    let clear = "S: * OK hi\nC: a STARTTLS\nC: b NOOP\nS: a OK go\nS: b OK done\n~~~~\nC: c NOOP\nS: c OK";
    assert_ne!(judged(clear, "S-9051-buf", Server), Fail);
    assert_eq!(judged(clear, "A12", Client), Fail);
}

#[test]
fn p065_going_on_in_the_clear_after_a_refused_handshake_is_judged_on_both_sides() {
    let words =
        "imap client=private client.ignore-tls-result=on server.ignore-tls-result=on attack=break-handshake";
    assert_eq!(ran(words, "A11", Client), Fail);
    assert_eq!(ran(words, "A11", Server), Fail);
}

#[test]
fn p066_text_behind_the_end_of_tls_binds_the_private_mode_only() {
    let clear = "S: * OK hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b NOOP\nS: b OK\n# clear text again\nC: c NOOP\nS: c OK";
    let text = read(clear);
    assert_eq!(of(&text, "B02", Client), CannotTell);
    let private = "imap client=private client.goes-on-after-tls=on server.goes-on-after-tls=ends-it";
    assert_eq!(ran(private, "B02", Client), Fail);
    assert_ne!(
        ran(
            "imap client=opportunistic client.goes-on-after-tls=on server.goes-on-after-tls=ends-it",
            "B02",
            Client
        ),
        Fail
    );
}

#[test]
fn p067_unauthenticate_ends_compression_and_not_tls() {
    let words = "imap client=private client.work=second-user server.unauthenticate=on server.compress=on";
    let run = run(words);
    let events = run.connections[0].trace.events();
    let reset = events
        .iter()
        .find(|event| matches!(&event.kind, EventKind::Command(c) if c.name == "UNAUTHENTICATE"));
    let reset = reset.expect("the client changes users").id;
    let behind =
        events.iter().filter(|event| event.id > reset && matches!(event.kind, EventKind::Command(_)));
    let layers: Vec<_> = behind.map(|event| event.layer).collect();
    assert!(!layers.is_empty() && layers.iter().all(|layer| *layer == starttls_lab::base::Layer::Tls));
}

#[test]
fn p068_behind_unauthenticate_a_login_may_go_out_and_nothing_else() {
    let with = |command: &str| {
        format!("~~~~\nS: * PREAUTH hi\nC: a UNAUTHENTICATE\nC: b {command}\nS: a OK\nS: b OK")
    };
    assert_eq!(judged(&with("AUTHENTICATE EXTERNAL ="), "UNA08", Client), Pass);
    assert_eq!(judged(&with("LOGIN ana x"), "UNA08", Client), Pass);
    assert_eq!(judged(&with("SELECT INBOX"), "UNA08", Client), Fail);
}

#[test]
fn p069_done_and_lines_of_an_exchange_are_no_commands_whatever_they_read() {
    let idle = read("S: * PREAUTH hi\nC: a IDLE\nS: + waiting\nC: DONE\nS: a OK\nC: b NOOP\nS: b OK");
    let names: Vec<_> = idle.trace.leg(Client).commands().map(|(_, c)| c.name.to_string()).collect();
    assert_eq!(names, ["IDLE", "NOOP"]);
    assert_eq!(idle.trace.leg(Client).of(Class::Malformed).count(), 0);
    let exchange =
        read("S: * PREAUTH hi\nC: a AUTHENTICATE CRAM-MD5\nS: + PDE+\nC: x UNAUTHENTICATE\nS: a BAD no");
    assert_eq!(exchange.trace.leg(Client).commands().count(), 1);
}

#[test]
fn p070_bye_comes_at_any_time_and_before_the_answer_to_logout() {
    for text in [
        "S: * OK hi\nC: a LOGOUT\nS: * BYE bye\nS: a OK done",
        "S: * OK hi\nC: a NOOP\nS: a OK\nS: * BYE shutting down",
    ] {
        let judged = read(text);
        let broken: Vec<_> =
            judged.verdicts.iter().filter(|v| v.outcome == Fail).map(|v| v.rule.id).collect();
        assert_eq!(broken, Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn p071_mailbox_data_is_judged_by_the_state_it_comes_in() {
    let selected = "~~~~\nS: * PREAUTH hi\nC: a SELECT INBOX\nS: * 3 EXISTS\nS: a OK\nC: b NOOP\nS: * 1 EXPUNGE\nS: b OK";
    let judged = read(selected);
    assert_ne!(of(&judged, "S-9051-ignore", Client), Fail);
    assert_eq!(of(&judged, "S-9051-ignore", Client), NotApplicable);
    let early = "S: * OK hi\nS: * 3 EXISTS\nC: a STARTTLS\nS: a OK go";
    assert_eq!(super::judged(early, "S-9051-ignore", Client), CannotTell);
    assert_eq!(
        ran(
            "imap client=private client.early-mailbox-data=on attack=untagged-data-pre-tls",
            "S-9051-ignore",
            Client
        ),
        Fail
    );
}
