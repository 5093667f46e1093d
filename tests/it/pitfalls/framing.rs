//! SASL framing.

use super::*;
use starttls_lab::sasl::base64;
use starttls_lab::sasl::plain::{self, Grammar};
use starttls_lab::trace::{Class, EventKind, Form, Status};

#[test]
fn p012_three_protocols_permit_the_first_message_in_three_ways() {
    let imap = |list: &str| {
        format!("S: * OK [CAPABILITY {list}] hi\nC: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=\nS: a OK done")
    };
    assert_eq!(judged(&imap("IMAP4rev1 AUTH=PLAIN"), "S-4959", Client), Fail);
    assert_eq!(judged(&imap("IMAP4rev1 SASL-IR AUTH=PLAIN"), "S-4959", Client), Pass);
    assert_eq!(judged(&imap("IMAP4rev2 AUTH=PLAIN"), "S-4959", Client), Pass);
    let pop3 = |list: &str| {
        format!("S: +OK hi\nC: CAPA\nS: +OK\n{list}S: .\nC: AUTH PLAIN AGFuYQBzM2NyZXQ=\nS: +OK")
    };
    assert_eq!(judged(&pop3("S: SASL PLAIN\n"), "S-5034", Client), Pass);
    assert_eq!(judged(&pop3(""), "S-5034", Client), Fail);
    let acap =
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {11+}\nC: \0ana\0s3cret\nS: a OK \"done\"";
    assert_eq!(judged(acap, "S-4959", Client), NotApplicable);
    assert_eq!(judged(acap, "B26", Client), Pass);
}

#[test]
fn p013_an_equals_sign_is_an_empty_message_and_none_is_a_question() {
    let external = read(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=EXTERNAL] hi\nC: a AUTHENTICATE EXTERNAL =\nS: a OK done",
    );
    let (_, command) = external.trace.leg(Client).commands().next().unwrap();
    assert!(command.initial_response && command.fault.is_none());
    let plain =
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\nC: a AUTHENTICATE PLAIN =\nS: a BAD no";
    assert_eq!(judged(plain, "B26", Client), Fail);
    let asked = read("S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: + \nC: AGFuYQBzM2NyZXQ=\nS: a OK done");
    assert!(!asked.trace.leg(Client).commands().next().unwrap().1.initial_response);
    assert_eq!(of(&asked, "B26", Client), Pass);
}

#[test]
fn p014_a_star_gives_an_exchange_up_and_what_follows_is_a_command() {
    let imap = |status: &str| {
        format!(
            "S: * OK hi\nC: a AUTHENTICATE CRAM-MD5\nS: + PDE+\nC: *\nS: a {status} given up\nC: b NOOP\nS: b OK done"
        )
    };
    assert_eq!(judged(&imap("BAD"), "S-3501-cancel", Server), Pass);
    assert_eq!(judged(&imap("NO"), "S-3501-cancel", Server), Fail);
    let names: Vec<_> =
        read(&imap("BAD")).trace.leg(Client).commands().map(|(_, c)| c.name.to_string()).collect();
    assert_eq!(names, ["AUTHENTICATE CRAM-MD5", "NOOP"]);
    let pop3 = |status: &str| format!("S: +OK hi\nC: AUTH CRAM-MD5\nS: + PDE+\nC: *\nS: {status} given up");
    assert_eq!(judged(&pop3("-ERR"), "S-5034-cancel", Server), Pass);
    assert_eq!(judged(&pop3("+OK"), "S-5034-cancel", Server), Fail);
    let acap = read(
        "S: * ACAP (SASL \"CRAM-MD5\")\nC: a AUTHENTICATE \"CRAM-MD5\"\nS: + \"<1>\"\nC: *\nS: a BAD \"given up\"\nC: b NOOP\nS: b OK \"done\"",
    );
    let given_up = |kind: &EventKind| matches!(kind, EventKind::AuthStep { cancel: true, .. });
    assert!(acap.trace.leg(Client).of(Class::AuthStep).any(|event| given_up(&event.kind)));
    assert_eq!(acap.trace.leg(Client).commands().count(), 2);
}

#[test]
fn p015_lines_of_an_exchange_have_no_tag() {
    let judged = read("S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: + \nC: AGFuYQBzM2NyZXQ=\nS: a OK done");
    assert_eq!(judged.facts.credential_in_clear, Some(true));
    assert_eq!(judged.trace.leg(Client).of(Class::Malformed).count(), 0);
    assert_eq!(judged.trace.leg(Client).commands().count(), 1);
}

#[test]
fn p016_a_plus_in_any_form_asks_to_go_on_and_plus_ok_does_not() {
    for plus in ["+", "+ ", "+ text"] {
        let judged = read(&format!(
            "S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: {plus}\nC: AGFuYQBzM2NyZXQ=\nS: a OK done"
        ));
        let forms: Vec<_> = judged.trace.leg(Server).replies().map(|(_, reply)| reply.form).collect();
        assert_eq!(forms, [Form::Continue, Form::Final], "{plus:?}");
    }
    let pop3 = read("S: +OK hi\nC: AUTH PLAIN\nS: + \nC: AGFuYQBzM2NyZXQ=\nS: +OK done");
    let replies: Vec<_> =
        pop3.trace.leg(Server).replies().map(|(_, reply)| (reply.form, reply.status)).collect();
    assert_eq!(replies, [(Form::Continue, None), (Form::Final, Some(Status::Ok))]);
}

#[test]
fn p017_acap_sends_messages_as_they_are_and_not_in_base64() {
    let raw = read(
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {11+}\nC: \0ana\0s3cret\nS: a OK \"done\"",
    );
    assert_eq!(raw.facts.credential_in_clear, Some(true));
    assert_eq!(of(&raw, "A21", Client), Fail);
    // What would be a message in base64 is none here.
    let coded =
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" \"AGFuYQBzM2NyZXQ=\"\nS: a NO \"no\"";
    assert_eq!(judged(coded, "B26", Client), Fail);
}

#[test]
fn p018_plain_in_acap_needs_a_literal_because_no_quoted_string_holds_a_nul() {
    let quoted =
        read("S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" \"\0ana\0s3cret\"\nS: a BAD \"no\"");
    let literal = read(
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {11+}\nC: \0ana\0s3cret\nS: a OK \"done\"",
    );
    // The password is disclosed either way; only the literal has to be taken by the server.
    assert!([&quoted, &literal].iter().all(|judged| judged.facts.credential_in_clear == Some(true)));
    assert_ne!(of(&quoted, "B27", Server), Fail);
    let refused = read(
        "S: * ACAP (SASL \"PLAIN\")\nC: a AUTHENTICATE \"PLAIN\" {11+}\nC: \0ana\0s3cret\nS: a BAD \"no\"",
    );
    assert_eq!(of(&refused, "B27", Server), Fail);
}

#[test]
fn p019_an_exchange_is_over_with_the_servers_last_word_and_not_with_the_clients() {
    // ACAP: the last datum rides on the OK.
    let acap = read(
        "S: * ACAP (SASL \"SCRAM-SHA-256\")\nC: a AUTHENTICATE \"SCRAM-SHA-256\" \"n,,n=ana,r=abc\"\nS: + \"r=abcd,s=QQ==,i=4096\"\nC: \"c=biws,r=abcd,p=AAAA\"\nS: a OK (SASL \"v=BBBB\") \"done\"",
    );
    assert_eq!(acap.facts.authenticated, Some(true));
    // IMAP: it takes a round of its own, whose answer is an empty line and no command.
    let imap = read(
        "S: * OK hi\nC: a AUTHENTICATE SCRAM-SHA-256\nS: + \nC: biwsbj1hbmEscj1hYmM=\nS: + cj1hYmNk\nC: Yz1iaXdz\nS: + dj1CQkJC\nC: \nS: a OK done\nC: b NOOP\nS: b OK",
    );
    assert_eq!(imap.facts.authenticated, Some(true));
    assert_eq!(imap.trace.leg(Client).commands().count(), 2);
    assert_eq!(imap.trace.leg(Client).of(Class::AuthStep).count(), 3);
}

#[test]
fn p020_base64_is_refused_and_not_repaired() {
    for text in ["AGFu=YQBzM2NyZXQ=", "AGFuYQBz M2NyZXQ=", "AGFuYQBzM2NyZXQ", "AGFuYQBzM2NyZXR="] {
        assert!(base64::decode(text.as_bytes()).is_err(), "{text}");
    }
    assert!(base64::decode(b"AGFuYQBzM2NyZXQ=").is_ok());
    let line = "S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: + \nC: AGFu=YQBzM2NyZXQ=\nS: a BAD no";
    assert!(read(line).trace.leg(Client).of(Class::Malformed).count() > 0);
}

#[test]
fn p021_an_unknown_mechanism_is_refused_and_that_is_no_attack() {
    for text in [
        "S: * OK hi\nC: a AUTHENTICATE X-ODD\nS: a NO unknown",
        "S: +OK hi\nC: AUTH X-ODD\nS: -ERR unknown",
        "S: * ACAP (SASL)\nC: a AUTHENTICATE \"X-ODD\"\nS: a NO \"unknown\"",
    ] {
        let judged = read(text);
        let broken: Vec<_> = judged
            .verdicts
            .iter()
            .filter(|v| v.outcome == Fail && v.side == Server)
            .map(|v| v.rule.id)
            .collect();
        assert_eq!(broken, Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn p022_an_empty_authzid_and_that_of_the_same_name_mean_the_same_and_are_other_octets() {
    let empty = plain::decode(b"\0ana\0x", Grammar::Rfc2595).unwrap();
    let same = plain::decode(b"ana\0ana\0x", Grammar::Rfc2595).unwrap();
    assert_eq!(empty.authcid, same.authcid);
    assert_ne!(empty.authzid, same.authzid);
    // Who logs in twice by the two forms has one password: B29 must not see two users.
    let login = |message: &str| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\nC: a AUTHENTICATE PLAIN {message}\nS: a NO no\n"
        )
    };
    let both = format!(
        "~~~~\n{}C: b AUTHENTICATE PLAIN YW5hAGFuYQBzM2NyZXQ=\nS: b OK done",
        login("AGFuYQBzM2NyZXQ=")
    );
    assert_ne!(judged(&both, "B29", Server), Fail);
}

#[test]
fn p023_the_limit_counts_octets_of_each_field_after_decoding() {
    let long = |field: &str| [&b"\0"[..], field.as_bytes(), b"\0x"].concat();
    let name = "ä".repeat(127);
    assert!(plain::accept(&long(&format!("{name}a")), Grammar::Rfc4616).is_ok(), "255 octets");
    assert!(
        plain::accept(&long(&format!("{name}ä")), Grammar::Rfc4616).is_err(),
        "256 octets, 128 characters"
    );
    // Three fields of 255 are more than a line of 255 octets in base64, and well within the limit.
    let message = [&[b'a'; 255][..], b"\0", &[b'b'; 255], b"\0", &[b'c'; 255]].concat();
    assert!(plain::accept(&message, Grammar::Rfc4616).is_ok());
}

#[test]
fn p024_a_long_message_is_no_first_message_in_pop3_and_fits_behind_the_plus() {
    let message = plain::to_text(&[&b"\0ana\0"[..], &[b'x'; 250]].concat());
    let head = "S: +OK hi\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\n";
    let at_once = format!("{head}C: AUTH PLAIN {message}\nS: -ERR too long");
    assert_eq!(judged(&at_once, "S-5034", Client), Fail);
    assert_eq!(judged(&at_once, "S-2449", Client), Fail);
    let asked = format!("{head}C: AUTH PLAIN\nS: + \nC: {message}\nS: +OK");
    assert_ne!(judged(&asked, "S-5034", Client), Fail);
    assert_eq!(judged(&asked, "S-2449", Client), Pass);
}
