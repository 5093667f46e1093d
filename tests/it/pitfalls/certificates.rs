//! Certificates and TLS.

use super::*;
use starttls_lab::tls::Certificate;
use starttls_lab::tls::identity::{NameRules, Provenance, Reference, matches, name_matches};
use starttls_lab::tls::suites;

#[test]
fn p072_name_issuer_dates_and_revocation_are_four_checks() {
    let faults = [
        ("cert-wrong-host", "no-name-check"),
        ("cert-self-signed", "no-path-check"),
        ("cert-expired", "no-date-check"),
        ("cert-revoked", "no-revocation-check"),
    ];
    for (attack, _) in faults {
        for (_, check) in faults {
            let own = faults.contains(&(attack, check));
            let words = format!("imap client=private server=strict attack={attack} client.{check}=on");
            let lost = harms(&words).contains(&"credential");
            assert_eq!(lost, own, "{words}");
        }
    }
}

#[test]
fn p073_a_comparison_that_succeeds_with_a_name_from_the_wire_is_a_breach() {
    let words = "imap client=private client.trust-cname=on attack=cert-cname-dns";
    assert_eq!(ran(words, "A08", Client), Fail);
    assert_eq!(ran(words, "A07", Client), Fail);
    assert_ne!(ran("imap client=private attack=cert-cname-dns", "A08", Client), Fail);
}

#[test]
fn p074_the_mail_domain_is_a_name_by_one_document_and_not_by_another() {
    let domain = Reference::new("example.test", Provenance::MailDomain);
    assert!(domain.acceptable(NameRules::Rfc7817) && !domain.acceptable(NameRules::Rfc2595));
    let words = "imap client=private client.find=srv";
    assert_eq!(ran(words, "A07", Client), Pass);
    assert_eq!(then(&run(words).connections[0], "A07", Client), Fail);
}

#[test]
fn p075_a_star_covers_one_label_and_not_the_parent() {
    for rules in NameRules::ALL {
        assert!(!name_matches(rules, "example.test", "*.example.test"), "{rules:?}");
        assert!(!name_matches(rules, "a.b.example.test", "*.example.test"), "{rules:?}");
        assert!(name_matches(rules, "mail.example.test", "*.example.test"), "{rules:?}");
    }
}

#[test]
fn p076_an_address_is_no_host_name_and_no_star_covers_it() {
    for rules in NameRules::ALL {
        assert!(!name_matches(rules, "192.0.2.1", "*.0.2.1"), "{rules:?}");
        assert!(!name_matches(rules, "192.0.2.1", "192.0.2.1"), "{rules:?}");
    }
}

#[test]
fn p077_a_user_who_says_yes_keeps_the_rule_and_may_lose_the_password() {
    let words = "imap client=private client.bad-certificate=ask client.user=agrees attack=cert-wrong-host";
    assert_eq!(ran(words, "A10", Client), Pass);
    assert!(harms(words).contains(&"credential"));
    let run = run(words);
    let asked = |note: &starttls_lab::trace::Note| matches!(note, starttls_lab::trace::Note::UserAgreed);
    let notes =
        run.connections.iter().flat_map(|judged| judged.trace.leg(Client).notes(Client).collect::<Vec<_>>());
    assert!(notes.into_iter().any(|(_, note)| asked(&note)), "the question and its answer are in the trace");
}

#[test]
fn p078_tls_that_is_up_may_protect_nobody() {
    let run = run("imap client=private client.weak-tls=on server.weak-tls=preferred attack=eavesdropper");
    assert_eq!(run.connections[0].facts.tls_established, Some(true));
    assert!(run.harms.iter().any(|done| done.harm.id == "credential"));
    // The verdicts do not take the layer for protection.
    let verdicts = over_run(&run.connections);
    let weak = verdicts.iter().find(|v| v.verdict.rule.id == "S-9325-cipher" && v.verdict.side == Client);
    assert!(weak.is_some_and(|v| v.verdict.outcome == Fail));
}

#[test]
fn p079_3des_should_not_be_used_and_is_not_forbidden() {
    let suite = suites::find(suites::OF_1999).unwrap();
    assert!(suite.strength < suites::Strength::Strong && suite.strength > suites::Strength::Broken);
    let words = "imap client=private client.suites=rfc2595 server.suites=rfc2595";
    assert_eq!(ran(words, "S-9325-fs", Client), Fail);
    assert_ne!(ran(words, "S-9325-cipher", Client), Fail);
}

#[test]
fn p080_what_was_decided_the_first_time_counts_the_second_time() {
    // Whoever kept a bad certificate does not look again.
    let first = "imap client=private client.pin-silently=on client.sessions=2 attack=cert-pin-abuse";
    let run = run(first);
    assert!(run.connections.len() > 1);
    assert_eq!(ran(first, "S-8314-indicator", Client), Fail);
    assert_ne!(harms(first), harms("imap client=private client.sessions=2 attack=cert-pin-abuse"));
}

#[test]
fn p081_the_names_of_certificates_are_seen_by_listeners_of_old_versions_only() {
    // Of a recording nothing about certificates is claimed that its format cannot show.
    let transcript = read("S: * OK hi\nC: a STARTTLS\nS: a OK go\n~~~~\nC: b CAPABILITY\nS: b OK");
    for rule in ["A06", "A07", "A08", "A09"] {
        assert_eq!(of(&transcript, rule, Client), CannotTell, "{rule}");
    }
    // The certificate of a captured handshake is read up to TLS 1.2 alone: `captures.rs` holds the readers to it.
    assert!(matches("mail.example.test", &Certificate::good("MAIL.example.test")));
}
