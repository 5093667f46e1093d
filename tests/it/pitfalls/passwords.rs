//! What counts as a password in the clear.

use super::*;

fn shown(text: &str) -> (Option<bool>, Vec<String>) {
    let facts = read(text).facts;
    let mechanisms = facts.credential_mechanisms.unwrap_or_default();
    (facts.credential_in_clear, mechanisms.iter().map(ToString::to_string).collect())
}

#[test]
fn p001_user_and_pass_are_a_login_in_the_clear_and_logindisabled_is_no_matter_of_pop3() {
    let login = "S: +OK ready\nC: USER tim\nS: +OK\nC: PASS tanstaaf\nS: +OK";
    assert_eq!(shown(login), (Some(true), vec!["PASS".to_owned()]));
    assert_eq!(judged(login, "A16", Client), NotApplicable);
    assert_eq!(judged(login, "S-8314-minconf", Client), Fail);
}

#[test]
fn p002_user_alone_shows_no_password_but_a_server_may_keep_the_name_over_tls() {
    assert_eq!(shown("S: +OK ready\nC: USER tim\nS: +OK\nC: QUIT\nS: +OK").0, Some(false));
    let kept = |value: &str| {
        let run = run(&format!(
            "pop3 client=private server.keeps-name={value} attack=session-fixation middle.named=name"
        ));
        let mut notes = run
            .connections
            .iter()
            .flat_map(|judged| judged.trace.leg(Server).notes(Server).collect::<Vec<_>>());
        notes.any(|(_, note)| note == starttls_lab::trace::Note::NameKept)
    };
    assert!(kept("on") && !kept("off"));
}

#[test]
fn p003_a_login_that_shows_no_password_is_none_in_the_clear_but_breaks_the_mode_that_requires_tls() {
    for login in [
        "S: +OK <1.2@mail>\nC: APOP tim c4c9334bac560ecc979e58001b3e22fb\nS: +OK",
        "S: * OK hi\nC: a AUTHENTICATE CRAM-MD5\nS: + PDFAbWFpbD4=\nC: dGltIGM0YzkzMzRiYWM1NjBlY2M5NzllNTgwMDFiM2UyMmZi\nS: a OK done",
    ] {
        let judged = read(login);
        assert_eq!(judged.facts.credential_in_clear, Some(false), "{login}");
        assert_eq!(of(&judged, "A21", Client), NotApplicable, "{login}");
        let required = starttls_lab::pipeline::By {
            assumed: starttls_lab::pipeline::Assumed::default()
                .with(Client, Some(starttls_lab::pipeline::Policy::TlsRequired)),
            ..Default::default()
        };
        let verdicts = judge_again(&judged.trace, &judged.facts, required);
        assert_eq!(verdict(&verdicts, "A02", Client).outcome, Fail, "{login}");
        assert_ne!(verdict(&verdicts, "A04", Client).outcome, Fail, "{login}");
        // A mechanism with a layer of its own counts as encryption.
        let own = read("S: * OK hi\nC: a AUTHENTICATE GSSAPI\nS: + \nC: *\nS: a BAD no");
        let verdicts = judge_again(&own.trace, &own.facts, required);
        assert_eq!(verdict(&verdicts, "A02", Client).outcome, CannotTell);
    }
}

#[test]
fn p004_the_mechanism_login_shows_the_password_though_no_standard_names_it() {
    let login = "S: * OK hi\nC: a AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: YW5h\nS: + UGFzc3dvcmQ6\nC: czNjcmV0\nS: a OK done";
    assert_eq!(shown(login).0, Some(true));
    let misled = "imap client=private client.believes-text=on client.auth=auth-login server=open server.mechanisms=plain+login attack=fake-tls-active";
    assert_eq!(ran(misled, "B05", Client), Fail);
}

#[test]
fn p005_a_token_is_a_credential_and_no_password() {
    let bearer = "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi\nC: a AUTHENTICATE XOAUTH2 dXNlcj1hbmEBYXV0aD1CZWFyZXIgYWJjAQE=\nS: a OK done";
    assert_eq!(shown(bearer), (Some(true), vec!["XOAUTH2".to_owned()]));
    assert_eq!(judged(bearer, "A21", Client), NotApplicable);
    let external = "S: * OK hi\nC: a AUTHENTICATE EXTERNAL =\nS: a OK done";
    assert_eq!(shown(external).0, Some(false));
}

#[test]
fn p006_base64_protects_nothing_and_what_is_decoded_is_not_printed() {
    let login = "S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: + \nC: AGFuYQBzM2NyZXQ=\nS: a OK done";
    assert_eq!(shown(login), (Some(true), vec!["PLAIN".to_owned()]));
    let record = format!("{:?}", read(login).record());
    assert!(!record.contains("s3cret") && !record.contains("AGFuYQBz"), "{record}");
}

#[test]
fn p007_a_refused_password_is_disclosed_all_the_same() {
    assert_eq!(shown("S: * OK hi\nC: a LOGIN ana s3cret\nS: a NO wrong").0, Some(true));
    assert_eq!(shown("S: +OK hi\nC: USER ana\nS: +OK\nC: PASS s3cret\nS: -ERR no").0, Some(true));
}

#[test]
fn p008_who_only_listens_gets_the_password_and_changes_nothing() {
    let run = run("imap client=opportunistic server=open server.starttls=off attack=eavesdropper");
    assert!(run.harms.iter().any(|done| done.harm.id == "credential"));
    let untouched = |event: &starttls_lab::trace::Event| {
        !matches!(event.origin, starttls_lab::base::Origin::Added | starttls_lab::base::Origin::Changed)
    };
    assert!(run.connections.iter().flat_map(|judged| judged.trace.events()).all(untouched));
}

#[test]
fn p009_a_wrong_password_in_the_clear_is_a_credential_too() {
    let judged = read("S: * OK hi\nC: a LOGIN ana oops\nS: a NO wrong\nC: b LOGIN ana s3cret\nS: b OK");
    let shown: Vec<_> = judged.trace.leg(Client).credentials().map(|(event, _)| event.places.0).collect();
    assert_eq!(shown, [2, 4]);
    assert!(harms("imap client=careless server=strict attack=strip-capability").contains(&"credential"));
}

#[test]
fn p010_a_login_may_carry_its_secret_as_a_literal_on_a_later_line() {
    let login = "S: * OK hi\nC: a LOGIN {3}\nS: + go\nC: ana {6}\nS: + go\nC: s3cret\nS: a OK done";
    assert_eq!(shown(login), (Some(true), vec!["LOGIN".to_owned()]));
    assert_eq!(judged(login, "S-9051-login", Client), Fail);
}

#[test]
fn p011_content_leaks_without_a_credential_and_is_counted_apart() {
    let read = "imap client=private client.tls=opportunistic client.auth=cram-md5 server=open server.mechanisms=plain+cram-md5 server.starttls=off attack=eavesdropper";
    let harms = harms(read);
    assert!(harms.contains(&"content") && !harms.contains(&"credential"), "{harms:?}");
    // Nobody logs in at all: the greeting says that somebody has.
    let facts = super::read("S: * PREAUTH hi\nC: a APPEND Drafts {3}\nS: + go\nC: abc\nS: a OK done").facts;
    assert_eq!((facts.preauth, facts.credential_in_clear), (Some(true), Some(false)));
}
