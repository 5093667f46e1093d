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

/// Families that RFC 2595 does not cover on the harmed side.
const UNCOVERED: &[&str] = &[
    "alert-ui-spoof",
    "cleartext-validity-oracle",
    "command-injection",
    "error-ui-spoof",
    "password-spraying",
    "pre-tls-crash-loop",
    "untagged-data-pre-tls",
    "user-enumeration",
];

#[test]
fn no_rule_of_rfc_2595_stops_what_it_does_not_cover() {
    for protocol in Protocol::ALL {
        let matrix = of(protocol, RuleSet::Then);
        for attack in matrix.attacks.iter().filter(|attack| UNCOVERED.contains(&attack.id)) {
            let stopping: Vec<_> = matrix.stopping(attack.id).collect();
            assert!(stopping.is_empty(), "{protocol:?} {}: {stopping:?}", attack.id);
        }
        assert!(matrix.rules.iter().all(|rule| rule.requirement().unwrap().document == Document::Rfc2595));
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

/// The documents whose rules stop what RFC 2595 does not cover, by attack and protocol; without a line: none does.
const SUCCESSORS: &[(&str, Protocol, &[&str])] = &[];

#[test]
fn what_rfc_2595_does_not_cover_is_stopped_by_the_named_successor_where_there_is_one() {
    let mut found = Vec::new();
    for attack in UNCOVERED {
        for protocol in Protocol::ALL {
            let matrix = of(protocol, RuleSet::Today);
            let mut by: Vec<_> = matrix.stopping(attack).map(|(_, document)| document.name()).collect();
            by.sort_unstable();
            by.dedup();
            if !by.is_empty() {
                found.push((*attack, protocol, by));
            }
        }
    }
    let named: Vec<_> =
        SUCCESSORS.iter().map(|(attack, protocol, by)| (*attack, *protocol, by.to_vec())).collect();
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
