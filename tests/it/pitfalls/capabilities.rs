//! Capabilities.

use super::*;

#[test]
fn p036_a_list_stands_in_four_places_and_each_is_read_and_stripped() {
    for (place, text) in [
        ("greeting", "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\nC: b LOGIN ana x\nS: b NO no"),
        (
            "answer",
            "S: * OK hi\nC: a CAPABILITY\nS: * CAPABILITY IMAP4rev1 LOGINDISABLED\nS: a OK done\nC: b LOGIN ana x\nS: b NO no",
        ),
        (
            "tagged",
            "S: * OK hi\nC: a NOOP\nS: a OK [CAPABILITY IMAP4rev1 LOGINDISABLED] done\nC: b LOGIN ana x\nS: b NO no",
        ),
        (
            "untagged",
            "S: * OK hi\nC: a NOOP\nS: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] pushed\nS: a OK done\nC: b LOGIN ana x\nS: b NO no",
        ),
    ] {
        assert_eq!(judged(text, "A16", Client), Fail, "{place}");
    }
    // Stripping one of the places leaves the offer in another.
    let stripped = |places: &str| {
        let words = format!(
            "imap client=opportunistic server.greeting-capabilities=on attack=strip-capability middle.places={places}"
        );
        run(&words).connections[0].facts.starttls_sent
    };
    assert_eq!(stripped("all"), Some(false));
    assert_eq!(stripped("answers"), Some(true));
}

#[test]
fn p037_the_newest_list_replaces_the_older_ones() {
    let lists = |first: &str, second: &str| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1{first}] hi\nC: a CAPABILITY\nS: * CAPABILITY IMAP4rev1{second}\nS: a OK done\nC: b LOGIN ana x\nS: b OK done"
        )
    };
    assert_eq!(judged(&lists(" LOGINDISABLED", ""), "A16", Client), Pass);
    assert_eq!(judged(&lists("", " LOGINDISABLED"), "A16", Client), Fail);
}

#[test]
fn p038_a_list_from_before_tls_judges_nothing_inside_tls() {
    let text = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b LOGIN ana x\nS: b OK done";
    let judged = read(text);
    assert_ne!(of(&judged, "A16", Client), Fail);
    assert_ne!(of(&judged, "B19", Server), Fail);
}

#[test]
fn p039_no_list_is_not_an_empty_list() {
    let none = read("S: * OK hi\nC: a STARTTLS\nS: a OK go");
    assert_eq!(none.facts.starttls_advertised, None);
    let empty = read("S: * OK [CAPABILITY IMAP4rev1] hi\nC: a STARTTLS\nS: a OK go");
    assert_eq!(empty.facts.starttls_advertised, Some(false));
    assert_eq!(of(&none, "B12", Server), NotApplicable);
    assert_eq!(of(&empty, "B12", Server), Fail);
}

#[test]
fn p040_asking_for_tls_that_was_not_listed_is_no_breach() {
    let judged = read("S: * OK [CAPABILITY IMAP4rev1] hi\nC: a STARTTLS\nS: a NO no\nC: b LOGOUT\nS: b OK");
    let broken: Vec<_> =
        judged.verdicts.iter().filter(|v| v.outcome == Fail && v.side == Client).map(|v| v.rule.id).collect();
    assert_eq!(broken, Vec::<&str>::new());
    let blind = "imap client=private client.starttls-unlisted=tried server=strict attack=strip-capability";
    assert!(harms(blind).is_empty());
}

#[test]
fn p041_a_list_pushed_inside_tls_excuses_who_does_not_ask_and_one_in_the_clear_does_not() {
    let inside = |list: &str| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: a STARTTLS\nS: a OK go\n~~~~\n{list}C: b LOGIN ana x\nS: b OK done"
        )
    };
    assert_eq!(judged(&inside(""), "A14", Client), Fail);
    let pushed = read(&inside("S: * CAPABILITY IMAP4rev1 AUTH=PLAIN\n"));
    let verdict = verdict(&pushed.verdicts, "A14", Client);
    assert!(verdict.outcome == Pass && verdict.excused_by.is_some());
    let clear = "S: * OK hi\nC: a STARTTLS\nS: a OK go\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\n~~~~\nC: b LOGIN ana x\nS: b OK done";
    assert_eq!(judged(clear, "A14", Client), Fail);
}

#[test]
fn p042_a_code_in_the_answer_to_starttls_belongs_to_the_clear() {
    let text = "S: * OK hi\nC: a STARTTLS\nS: a OK [CAPABILITY IMAP4rev1 LOGINDISABLED] go\n~~~~\nC: b LOGIN ana x\nS: b OK done";
    assert_eq!(judged(text, "A14", Client), Fail);
    assert_ne!(judged(text, "A16", Client), Fail);
}

#[test]
fn p043_logindisabled_binds_inside_tls_too_and_an_old_one_does_not() {
    let inside = "~~~~\nS: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\nC: b LOGIN ana x\nS: b NO no";
    assert_eq!(judged(inside, "A16", Client), Fail);
    let stale = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: b OK done\nC: c LOGIN ana x\nS: c OK done";
    assert_eq!(judged(stale, "A16", Client), Pass);
}

#[test]
fn p044_logindisabled_says_nothing_about_plain() {
    let text = "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR] hi\nC: b AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=\nS: b OK done";
    let judged = read(text);
    assert_eq!(of(&judged, "A16", Client), Pass);
    assert_eq!(of(&judged, "A21", Client), Fail);
    assert_eq!(judged.facts.credential_in_clear, Some(true));
}

#[test]
fn p045_logindisabled_helps_against_who_listens_and_the_rule_says_so() {
    let listens = "imap client=opportunistic client.tls=if-logindisabled server=strict attack=eavesdropper";
    assert!(!harms(listens).contains(&"credential"));
    let active = "imap client=opportunistic server=strict attack=strip-logindisabled";
    assert!(
        harms(active).contains(&"credential")
            || harms("imap client=opportunistic server=strict attack=strip-capability")
                .contains(&"credential")
    );
    let rule = starttls_lab::rules::find("A16").unwrap();
    assert!(
        rule.blind.contains("attacker") || rule.why.contains("listen") || rule.blind.contains("list"),
        "{} {}",
        rule.why,
        rule.blind
    );
}

#[test]
fn p046_plain_listed_in_the_clear_breaks_a_rule_though_nobody_uses_it() {
    let text = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] hi\nC: a LOGOUT\nS: a OK";
    assert_eq!(judged(text, "B25", Server), Fail);
    assert_eq!(judged(text, "A15", Server), Pass);
    // That there is a configuration without it takes a probe.
    assert_eq!(judged(text, "SEC16", Server), CannotTell);
}

#[test]
fn p047_pop3_has_three_signals_of_passwords_and_none_is_logindisabled() {
    let capa = |tags: &str, greeting: &str| {
        read(&format!("S: +OK {greeting}\nC: CAPA\nS: +OK\n{tags}S: .\nC: QUIT\nS: +OK"))
    };
    // USER without STLS, SASL without arguments, a timestamp: none of them says anything about LOGINDISABLED.
    for (tags, greeting) in [("S: USER\n", "hi"), ("S: SASL\n", "hi"), ("", "<1.2@mail>")] {
        let judged = capa(tags, greeting);
        assert_eq!(judged.facts.logindisabled_advertised, None);
        assert_eq!(judged.facts.starttls_advertised, Some(false));
        assert_ne!(of(&judged, "B25", Server), Fail, "{tags}");
    }
    // There is no APOP capability: a server without one may still take APOP.
    let apop =
        "S: +OK <1.2@mail>\nC: CAPA\nS: +OK\nS: .\nC: APOP tim c4c9334bac560ecc979e58001b3e22fb\nS: +OK";
    assert_eq!(read(apop).facts.authenticated, Some(true));
}

#[test]
fn p048_stls_behind_a_login_is_listed_by_one_document_and_not_by_another() {
    let listed = |tag: &str| {
        format!(
            "S: +OK hi\nC: USER a\nS: +OK\nC: PASS b\nS: +OK\nC: CAPA\nS: +OK\n{tag}S: TOP\nS: .\nC: QUIT\nS: +OK"
        )
    };
    for tag in ["S: STLS\n", ""] {
        assert_ne!(judged(&listed(tag), "B21", Server), Fail, "{tag:?}");
    }
}

#[test]
fn p049_starttls_inside_tls_is_no_harm_and_listing_it_there_is_judged_by_today() {
    let text = "S: * OK hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: b OK done\nC: c STARTTLS\nS: c BAD already\nC: d LOGOUT\nS: d OK";
    let judged = read(text);
    assert_eq!(of(&judged, "S-9051-noadv", Server), Fail);
    let then = judge_again(&judged.trace, &judged.facts, RuleSet::Then);
    let broken: Vec<_> = then.iter().filter(|v| v.outcome == Fail).map(|v| v.rule.id).collect();
    assert_eq!(broken, Vec::<&str>::new());
}

#[test]
fn p050_items_of_an_acap_greeting_have_no_order_and_strings_in_any_form() {
    for (greeting, offers) in [
        ("S: * ACAP (IMPLEMENTATION \"x\") (STARTTLS) (SASL \"CRAM-MD5\")", true),
        ("S: * ACAP (SASL {8}\nS: CRAM-MD5) (STARTTLS)", true),
        ("S: * ACAP (X-ODD \"y\") (STARTTLS)", true),
        ("S: * ACAP", false),
    ] {
        let judged = read(&format!("{greeting}\nC: a LOGOUT\nS: a OK \"bye\""));
        assert_eq!(judged.facts.starttls_advertised, Some(offers), "{greeting}");
        assert_eq!(of(&judged, "S-2244-greeting", Server), Pass, "{greeting}");
    }
}

#[test]
fn p051_lists_may_differ_over_tls_and_that_proves_nothing() {
    let lists = |before: &str, inside: &str| {
        format!(
            "S: +OK hi\nC: CAPA\nS: +OK\nS: STLS\n{before}S: .\nC: STLS\nS: +OK\n~~~~\nC: CAPA\nS: +OK\n{inside}S: .\nC: QUIT\nS: +OK bye"
        )
    };
    for text in [lists("", "S: USER\nS: SASL PLAIN\n"), lists("S: TOP\n", "S: TOP\n")] {
        let judged = read(&text);
        let broken: Vec<_> =
            judged.verdicts.iter().filter(|v| v.outcome == Fail).map(|v| v.rule.id).collect();
        assert_eq!(broken, Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn p052_a_missing_offer_does_not_tell_a_stripper_from_a_server_without_tls() {
    let text = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: a LOGIN ana x\nS: a OK done";
    let judged = read(text);
    assert_eq!(judged.facts.starttls_advertised, Some(false));
    // The server is charged with nothing about STARTTLS, the client can be judged all the same.
    assert_ne!(of(&judged, "B12", Server), Fail);
    assert_eq!(of(&judged, "A02", Client), CannotTell);
    assert_eq!(of(&judged, "S-8314-minconf", Client), Fail);
}
