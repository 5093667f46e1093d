//! Runs of several connections, ports, look-ups, certificates and the end of layers.

use super::*;
use crate::base::{Hop, Layer, Protocol, Side};
use crate::tls::{Acceptance, Failure, Version};
use crate::trace::{Class, Doubt, Ending, Event, EventKind, Note, Refusal};

fn run_of(protocol: Protocol, server: &str, attacks: &[&str], set: &[&str]) -> Run {
    let mut setup = Setup::new(protocol).unwrap();
    setup.profile(Side::Client, "private").unwrap();
    setup.profile(Side::Server, server).unwrap();
    for attack in attacks {
        setup.attack(attack).unwrap();
    }
    for text in set {
        setup.set_text(text).unwrap();
    }
    let run = run(&setup);
    assert!(!run.limit_reached);
    for trace in &run.connections {
        let closed = trace.events().iter().any(|e| matches!(e.kind, EventKind::Closed));
        assert_eq!(closed, trace.peer().is_some(), "{set:?}");
    }
    run
}

fn endpoints(run: &Run) -> Vec<String> {
    run.connections.iter().map(|trace| trace.peer().unwrap().endpoint.to_string()).collect()
}

fn said(run: &Run, note: Note) -> bool {
    run.connections.iter().any(|trace| trace.leg(Side::Client).note(Side::Client, |n| n == note).is_some())
}

fn logged_in(trace: &Trace) -> bool {
    trace.leg(Side::Client).note(Side::Client, |note| note == Note::State("authenticated")).is_some()
}

#[test]
fn where_tls_comes_first_nothing_is_said_in_the_clear() {
    for (protocol, port) in [(Protocol::Imap, 993), (Protocol::Pop3, 995)] {
        let run = run_of(protocol, "strict", &[], &["client.port=tls-first"]);
        assert_eq!(endpoints(&run), [format!("mail.example.test:{port}, TLS first")]);
        let trace = &run.connections[0];
        assert!(trace.events().iter().all(|event| event.span.is_empty() || event.layer == Layer::Tls));
        assert!(logged_in(trace), "{protocol:?}");
        // STARTTLS has no place there (RFC 9051 section 6.2.1).
        assert!(trace.leg(Side::Server).lists().all(|(_, list)| !list.offers_starttls()));
    }
}

#[test]
fn a_client_that_tries_ports_goes_on_to_the_next_and_stays_with_tls() {
    let run = run_of(Protocol::Imap, "strict", &["autodetect-downgrade"], &["client.port=either"]);
    assert_eq!(endpoints(&run), ["mail.example.test:993, TLS first", "mail.example.test:143"]);
    assert!(said(&run, Note::Refused(Refusal::NotOffered)));
    let quiet = run_of(Protocol::Imap, "strict", &[], &["client.port=either"]);
    assert_eq!((quiet.connections.len(), logged_in(&quiet.connections[0])), (1, true));
}

#[test]
fn a_service_record_within_the_domain_is_followed_and_another_one_asks_the_user() {
    for protocol in Protocol::ALL {
        let run = run_of(protocol, "strict", &[], &["client.find=srv"]);
        assert!(logged_in(&run.connections[0]), "{protocol:?}");
        let (_, facts) = run.connections[0].leg(Side::Client).tls_up().unwrap();
        assert_eq!(facts.reference(), Some("example.test"));
        assert_eq!(run.connections[0].leg(Side::Client).of(Class::Lookup).count(), 1);
    }
    let refused = run_of(Protocol::Imap, "strict", &["dns-srv-redirect"], &["client.find=srv"]);
    assert!(said(&refused, Note::AskedUser(Doubt::Server)) && said(&refused, Note::UserDeclined));
    // Even a user who agrees does not make the certificate fit.
    let set = &["client.find=srv", "client.user=agrees"];
    let agreed = run_of(Protocol::Imap, "strict", &["dns-srv-redirect"], set);
    assert!(said(&agreed, Note::Refused(Refusal::Certificate(Failure::WrongName))));
}

#[test]
fn a_user_who_agrees_to_a_bad_certificate_was_asked() {
    let asked = |user: &str| {
        let set = ["client.bad-certificate=ask", user];
        run_of(Protocol::Imap, "strict", &["cert-wrong-host"], &set)
    };
    let agreed = asked("client.user=agrees");
    let (_, facts) = agreed.connections[0].leg(Side::Client).tls_up().unwrap();
    assert_eq!(facts.verification.as_ref().unwrap().accepted, Some(Acceptance::User));
    assert!(said(&agreed, Note::UserAgreed) && logged_in(&agreed.connections[0]));
    let declined = asked("client.user=declines");
    assert!(
        said(&declined, Note::UserDeclined) && declined.connections[0].leg(Side::Client).tls_up().is_none()
    );
}

#[test]
fn who_ends_tls_reads_and_writes_inside_and_each_end_sees_its_own_layer() {
    let set = ["client.no-name-check=on"];
    let run = run_of(Protocol::Imap, "strict", &["cert-wrong-host"], &set);
    let trace = &run.connections[0];
    let seen = |side| trace.leg(side).tls_up().unwrap().1.clone();
    let (client, server) = (seen(Side::Client), seen(Side::Server));
    assert!(client.ends_at_middle && server.ends_at_middle);
    assert_eq!(client.certificate.unwrap().dns_names, ["evil.example"]);
    assert_eq!(server.certificate.unwrap().dns_names, ["mail.example.test"]);
    assert_eq!((client.verification.unwrap().name_matched, server.verification), (None, None));
    assert!(trace.events().iter().any(|event| event.layer == Layer::Tls && trace.open_to_attacker(event)));
    assert_eq!(trace.tape(Hop::Client, Side::Client), trace.tape(Hop::Server, Side::Client));
}

#[test]
fn a_login_by_certificate_needs_one_that_was_asked_for_and_shown() {
    let set = [
        "client.auth=external",
        "client.client-certificate=this-account",
        "server.client-certificates=accepted",
    ];
    for protocol in Protocol::ALL {
        let run = run_of(protocol, "strict", &[], &set);
        assert!(logged_in(&run.connections[0]), "{protocol:?}");
        let without = run_of(protocol, "strict", &[], &["client.auth=external"]);
        assert!(!logged_in(&without.connections[0]), "{protocol:?}");
    }
}

#[test]
fn a_layer_that_breaks_ends_the_session_of_a_party_that_keeps_the_rules() {
    for protocol in Protocol::ALL {
        let run = run_of(protocol, "strict", &["tls-deactivation"], &[]);
        assert!(said(&run, Note::Refused(Refusal::LayerEnded)), "{protocol:?}");
        let ended = |event: &Event| matches!(event.kind, EventKind::TlsEnded(Ending::Broken));
        assert!(run.connections[0].events().iter().any(ended));
        let on = run_of(
            protocol,
            "strict",
            &["tls-deactivation"],
            &["client.goes-on-after-tls=on", "server.goes-on-after-tls=on"],
        );
        assert!(said(&on, Note::State("authenticated")));
    }
}

#[test]
fn a_closed_layer_says_so_unless_somebody_cuts_it() {
    let ending = |set: &[&str]| {
        let run = run_of(Protocol::Imap, "strict", &[], set);
        run.connections[0].events().iter().find_map(|event| match event.kind {
            EventKind::TlsEnded(ending) => Some(ending),
            _ => None,
        })
    };
    assert_eq!(ending(&[]), Some(Ending::Alert));
    assert_eq!(ending(&["server.no-close-alert=on"]), Some(Ending::Cut));
}

#[test]
fn weak_ends_agree_on_what_both_have() {
    let facts = |set: &[&str]| {
        let run = run_of(Protocol::Imap, "strict", &[], set);
        run.connections[0].leg(Side::Client).tls_up().map(|(_, facts)| facts.clone())
    };
    assert_eq!(facts(&["client.weak-tls=on"]).unwrap().version, Some(Version::Tls13));
    let old = facts(&["client.weak-tls=on", "server.weak-tls=preferred"]).unwrap();
    assert_eq!((old.version, old.cipher.as_deref()), (Some(Version::Tls12), Some("TLS_RSA_WITH_NULL_MD5")));
    assert_eq!(facts(&["server.weak-tls=preferred"]).unwrap().version, Some(Version::Tls12));
}
