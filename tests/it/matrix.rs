//! The whole matrix, one readable table per protocol, and what is known of it from elsewhere.

use starttls_lab::attack;
use starttls_lab::base::Protocol;
use starttls_lab::matrix::{Matrix, matrix};
use starttls_lab::pipeline;
use starttls_lab::spec::{Document, RuleSet};

fn of(protocol: Protocol, rule_set: RuleSet) -> Matrix {
    matrix(protocol, rule_set).unwrap()
}

#[test]
fn the_matrix_is_as_it_was_stored() {
    for protocol in Protocol::ALL {
        let record = pipeline::matrix(protocol, RuleSet::Today).unwrap();
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("matrix_{}", protocol.id()), record.text());
        });
    }
}

#[test]
fn what_rfc_2595_does_cover_is_stopped_by_it() {
    for (protocol, attack, rules) in [
        (Protocol::Imap, "strip-capability", &["A02", "A04"][..]),
        (Protocol::Imap, "fail-starttls", &["A02", "A04", "A11"]),
        (Protocol::Pop3, "fail-capability-query", &["A02", "A04"]),
        (Protocol::Acap, "acap-greeting-missing", &["A13"]),
        (Protocol::Imap, "stale-capability-cache", &["A13"]),
        (Protocol::Imap, "client-pipelining", &["A12"]),
        (Protocol::Imap, "session-fixation", &["B15"]),
        (Protocol::Imap, "plain-without-tls", &["A21"]),
    ] {
        let matrix = of(protocol, RuleSet::Then);
        let stopping: Vec<_> = matrix.stopping(attack).map(|(rule, _)| rule).collect();
        for rule in rules {
            assert!(stopping.contains(rule), "{protocol:?} {attack}: {rule} is not among {stopping:?}");
        }
    }
}

/// Families about which RFC 2595 says nothing on the side that is hurt. By protocol: the rules of 1999 that stop them all
/// the same, and the rules of today that do. Where neither does, nobody has said it for that protocol: what RFC 9051 says of
/// texts, of guesses and of names it says of IMAP, RFC 1939 of the answer to USER alone, the review of POP3 over TLS
/// of POP3; of the text of an error no document speaks.
///
/// Three have a rule of 1999 after all: who hands out a certificate of its user by mistake also took one without looking
/// at the name, an UNAUTHENTICATE is injected where there is no TLS, and a login by certificate needs one.
#[rustfmt::skip]
const UNCOVERED: &[(&str, Protocol, &[&str], &[&str])] = &[
    ("alert-ui-spoof", Protocol::Imap, &[], &["S-9051-alert"]),
    ("alert-ui-spoof", Protocol::Pop3, &[], &[]),
    ("alert-ui-spoof", Protocol::Acap, &[], &[]),
    ("cert-revoked", Protocol::Imap, &[], &["S-9325-revoked"]),
    ("cert-revoked", Protocol::Pop3, &[], &["S-9325-revoked"]),
    ("cert-revoked", Protocol::Acap, &[], &["S-9325-revoked"]),
    ("cleartext-validity-oracle", Protocol::Imap, &[], &["S-8314-oracle"]),
    ("cleartext-validity-oracle", Protocol::Pop3, &[], &["S-8314-oracle"]),
    ("client-cert-leak", Protocol::Imap, &["A06", "A10"], &["A06", "A10", "S-8314-certval", "S-8314-clientcert", "S-8314-indicator", "S-8314-minconf"]),
    ("client-cert-leak", Protocol::Pop3, &["A06", "A10"], &["A06", "A10", "S-8314-certval", "S-8314-clientcert", "S-8314-indicator", "S-8314-minconf"]),
    ("client-cert-leak", Protocol::Acap, &["A06", "A10"], &["A06", "A10"]),
    ("command-injection", Protocol::Imap, &[], &["S-3501-tag", "S-9051-buf"]),
    ("command-injection", Protocol::Pop3, &[], &["S-2449-order"]),
    ("command-injection", Protocol::Acap, &[], &["S-2244-tag"]),
    ("cross-protocol-relay", Protocol::Imap, &[], &["S-3501-tag", "S-7817-srv", "S-9051-buf", "S-9325-alpn"]),
    ("cross-protocol-relay", Protocol::Pop3, &[], &["S-2449-order", "S-7817-srv", "S-9325-alpn"]),
    ("error-ui-spoof", Protocol::Imap, &[], &[]),
    ("error-ui-spoof", Protocol::Pop3, &[], &[]),
    ("error-ui-spoof", Protocol::Acap, &[], &[]),
    ("external-fallback", Protocol::Imap, &[], &[]),
    ("external-fallback", Protocol::Pop3, &[], &["P3S03"]),
    ("external-fallback", Protocol::Acap, &[], &[]),
    ("password-spraying", Protocol::Imap, &[], &["S-9051-spray"]),
    ("password-spraying", Protocol::Pop3, &[], &[]),
    ("password-spraying", Protocol::Acap, &[], &[]),
    ("pre-tls-crash-loop", Protocol::Imap, &[], &["S-9051-ignore"]),
    ("pre-tls-crash-loop", Protocol::Pop3, &[], &[]),
    ("pre-tls-crash-loop", Protocol::Acap, &[], &[]),
    ("tls-truncation", Protocol::Imap, &[], &["S-4422-trunc"]),
    ("tls-truncation", Protocol::Pop3, &[], &["S-4422-trunc"]),
    ("tls-truncation", Protocol::Acap, &[], &["S-4422-trunc"]),
    ("unauth-injection", Protocol::Imap, &["A02", "A04"], &["A02", "A04", "S-6186-must", "S-8314-minconf", "S-9051-login"]),
    ("unauth-pipelining", Protocol::Imap, &[], &["S-8314-minconf", "S-9051-login", "UNA08", "UNA09"]),
    ("unauth-proxy-passthrough", Protocol::Imap, &[], &["UNA25"]),
    ("unauth-state-carryover", Protocol::Imap, &["B16"], &["B16", "S-3501-state", "UNA03", "UNA04", "UNA05", "UNA08", "UNA13", "UNA15", "UNA16", "UNA19"]),
    ("untagged-data-pre-tls", Protocol::Imap, &[], &["S-9051-ignore"]),
    ("untagged-data-pre-tls", Protocol::Acap, &[], &[]),
    ("user-enumeration", Protocol::Imap, &[], &["S-9051-enum"]),
    ("user-enumeration", Protocol::Pop3, &[], &["S-1939-names"]),
    ("user-enumeration", Protocol::Acap, &[], &[]),
];

#[test]
fn what_rfc_2595_does_not_cover_is_stopped_by_the_named_successor_where_there_is_one() {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        let [then, today] = [RuleSet::Then, RuleSet::Today].map(|rule_set| of(protocol, rule_set));
        assert!(then.rules.iter().all(|rule| rule.requirement().unwrap().document == Document::Rfc2595));
        for (attack, ..) in UNCOVERED.iter().filter(|(_, of, ..)| *of == protocol) {
            let stopping =
                |matrix: &Matrix| matrix.stopping(attack).map(|(rule, _)| rule).collect::<Vec<_>>();
            found.push((*attack, protocol, stopping(&then), stopping(&today)));
        }
    }
    let mut named: Vec<_> = UNCOVERED
        .iter()
        .map(|(attack, protocol, then, today)| (*attack, *protocol, then.to_vec(), today.to_vec()))
        .collect();
    // Stable: by attack within each protocol.
    named.sort_by_key(|(_, protocol, ..)| Protocol::ALL.iter().position(|known| known == protocol));
    assert_eq!(found, named);
}

#[test]
fn logindisabled_stops_no_active_attack() {
    let matrix = of(Protocol::Imap, RuleSet::Today);
    let passive = ["cleartext-login", "eavesdropper", "client-pipelining"];
    for cell in matrix.cells.iter().filter(|cell| matches!(cell.rule, "A15" | "A16" | "B19")) {
        assert!(!cell.stops || passive.contains(&cell.attack), "{} stops {}", cell.rule, cell.attack);
    }
}

#[test]
fn a_cell_says_how_to_see_it_and_the_run_shows_it() {
    let matrix = of(Protocol::Imap, RuleSet::Today);
    for cell in matrix.cells.iter().filter(|cell| cell.stops) {
        let mut setup = pipeline::Setup::new(Protocol::Imap).unwrap();
        for pair in cell.run.chunks(2) {
            match pair[0].as_str() {
                "--protocol" => assert_eq!(pair[1], "imap"),
                "--client" => setup.profile(starttls_lab::base::Side::Client, &pair[1]).unwrap(),
                "--server" => setup.profile(starttls_lab::base::Side::Server, &pair[1]).unwrap(),
                "--attack" => setup.attack(&pair[1]).unwrap(),
                "--set" => setup.set_text(&pair[1]).unwrap(),
                other => panic!("{other}"),
            }
        }
        let run = starttls_lab::sim::run(&setup);
        let attack = attack::find(cell.attack).unwrap();
        let done = (attack.success.find)(&run.connections, &run.planted);
        assert!(!done.is_empty(), "{} {}", cell.attack, cell.rule);
    }
}
