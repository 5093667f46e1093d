//! Connections that change hands by UNAUTHENTICATE, and clients that are sent to another server.

use super::*;
use crate::base::{Layer, Protocol, Side};
use crate::proto::OTHER_HOST;
use crate::tls::identity::Provenance;
use crate::trace::{Acts, EventKind, Note, Refusal, Who};

fn run_of(protocol: Protocol, attacks: &[&str], set: &[&str]) -> Run {
    let mut setup = Setup::new(protocol).unwrap();
    setup.profile(Side::Client, "private").unwrap();
    setup.profile(Side::Server, "strict").unwrap();
    for attack in attacks {
        setup.attack(attack).unwrap();
    }
    for text in set {
        setup.set_text(text).unwrap();
    }
    let run = run(&setup);
    assert!(!run.limit_reached, "{set:?}");
    run
}

/// What the client saw on a connection, line by line.
fn talk(trace: &Trace) -> String {
    let leg = trace.leg(Side::Client);
    let text = leg.events().filter(|event| !event.span.is_empty()).map(|event| trace.text(event));
    text.map(|text| text.to_string() + "\n").collect()
}

fn hosts(run: &Run) -> Vec<&str> {
    run.connections.iter().map(|trace| &*trace.peer().unwrap().endpoint.host).collect()
}

fn provenance(trace: &Trace) -> Option<Provenance> {
    let (_, facts) = trace.leg(Side::Client).tls_up()?;
    facts.references.first().map(|reference| reference.provenance)
}

fn sent_away(run: &Run) -> usize {
    let went = |trace: &&Trace| {
        let leg = trace.leg(Side::Client);
        leg.note(Side::Client, |note| matches!(note, Note::Acts(Acts::Referral, _))).is_some()
    };
    run.connections.iter().filter(went).count()
}

#[test]
fn a_gateway_greeted_with_preauth_hands_its_connection_to_another_user_by_its_certificate() {
    let base = [
        "client.work=second-user",
        "client.port=tls-first",
        "client.client-certificate=this-account",
        "client.auth=external",
        "server.client-certificates=accepted",
        "server.preauth=on",
        "server.unauthenticate=on",
    ];
    let run = run_of(Protocol::Imap, &[], &[&base[..], &["server.acts-for-others=on"]].concat());
    let [trace] = &run.connections[..] else { panic!("one connection") };
    let text = talk(trace);
    assert!(text.starts_with("* PREAUTH ") && text.contains("OK UNAUTHENTICATE"), "{text}");
    assert!(text.contains("AUTHENTICATE EXTERNAL YW5h\n"), "{text}");
    let server = trace.leg(Side::Server);
    assert!(server.note(Side::Server, |note| note == Note::Identity(Who::Other)).is_some());
    assert!(trace.events().iter().filter(|e| !e.span.is_empty()).all(|e| e.layer == Layer::Tls));
    // Nobody but a gateway may do that.
    let run = run_of(Protocol::Imap, &[], &base);
    let text = talk(&run.connections[0]);
    assert!(text.contains("NO [AUTHORIZATIONFAILED]") && text.contains("OK UNAUTHENTICATE"), "{text}");
}

#[test]
fn a_server_that_cannot_forget_says_goodbye_and_one_that_refuses_refuses_what_waits() {
    let base = ["client.work=second-user", "server.unauthenticate=on"];
    let run = run_of(Protocol::Imap, &[], &[&base[..], &["server.unauthenticate-closes=on"]].concat());
    let text = talk(&run.connections[0]);
    assert!(text.contains("UNAUTHENTICATE\n* BYE ") && !text.contains("OK UNAUTHENTICATE"), "{text}");
    assert_eq!(text.matches("AUTHENTICATE PLAIN").count(), 1, "{text}");

    let refusing = ["server.unauthenticate-answers-no=on", "client.command-behind-unauthenticate=on"];
    let refusing = [&base[..], &refusing].concat();
    let text = talk(&run_of(Protocol::Imap, &[], &refusing).connections[0]);
    assert!(text.contains("NO not now\n") && text.contains("BAD the connection has not"), "{text}");
    let serving = [&refusing[..], &["server.unauthenticate-serves-waiting=on"]].concat();
    let text = talk(&run_of(Protocol::Imap, &[], &serving).connections[0]);
    assert!(text.contains("NO not now\n") && text.contains("OK [APPENDUID"), "{text}");
}

#[test]
fn a_reset_that_ends_tls_ends_the_session_of_a_client_that_keeps_the_rules() {
    let set = ["client.work=second-user", "server.unauthenticate=on", "server.unauthenticate-ends-tls=on"];
    let run = run_of(Protocol::Imap, &[], &set);
    let trace = &run.connections[0];
    let leg = trace.leg(Side::Client);
    assert!(trace.events().iter().any(|event| matches!(event.kind, EventKind::TlsEnded(_))));
    assert!(leg.note(Side::Client, |note| note == Note::Refused(Refusal::LayerEnded)).is_some());
}

#[test]
fn a_client_that_follows_referrals_goes_where_its_server_sends_it_inside_tls() {
    for (set, there) in [
        ("server.login-referral=instead", "SELECT INBOX"),
        ("server.mailbox-referral=on", "SELECT \"Elsewhere\""),
    ] {
        let run = run_of(Protocol::Imap, &[], &["client.referrals=followed", "client.work=organise", set]);
        // The work of somebody who is let in begins with a list of folders.
        let there = if set.starts_with("server.login") { "LIST \"\" *" } else { there };
        assert_eq!(hosts(&run), ["mail.example.test", OTHER_HOST], "{set}");
        assert_eq!(provenance(&run.connections[1]), Some(Provenance::PrivateReferral));
        let text = talk(&run.connections[1]);
        assert!(text.contains(there) && text.contains("OK LOGOUT"), "{set} {text}");
        assert_eq!(sent_away(&run), 1);
    }
    for form in ["instead", "as-well"] {
        let refers = format!("server.refers={form}");
        let run = run_of(Protocol::Acap, &[], &["client.referrals=followed", &refers]);
        assert_eq!(hosts(&run), ["mail.example.test", OTHER_HOST], "{form}");
        assert!(talk(&run.connections[1]).contains("OK \"SEARCH completed\""), "{form}");
    }
}

#[test]
fn a_client_stays_where_it_is_let_in_and_where_it_was_told_to_stay() {
    let run = run_of(Protocol::Imap, &[], &["client.referrals=followed", "server.login-referral=with-login"]);
    assert_eq!(hosts(&run), ["mail.example.test"]);
    let run = run_of(Protocol::Imap, &[], &["server.login-referral=instead"]);
    assert_eq!((hosts(&run), sent_away(&run)), (vec!["mail.example.test"], 0));
    let run = run_of(Protocol::Imap, &["referral-login"], &["client.referrals=followed"]);
    assert_eq!((hosts(&run), sent_away(&run)), (vec!["mail.example.test"], 0));
}

#[test]
fn a_referral_from_the_clear_leads_to_the_attacker_under_a_name_that_fits_him() {
    let run = run_of(Protocol::Imap, &["referral-login"], &["client.referrals-in-clear=on"]);
    assert_eq!(hosts(&run), ["mail.example.test", "mx.evil.example"]);
    assert_eq!(provenance(&run.connections[1]), Some(Provenance::Referral));
    // A second session begins at home.
    let set = ["client.referrals=followed", "server.login-referral=instead", "client.sessions=2"];
    let run = run_of(Protocol::Imap, &[], &set);
    let home = "mail.example.test";
    assert_eq!(hosts(&run), [home, OTHER_HOST, home, OTHER_HOST]);
}

/// Connections to the genuine server's proxy, and those of the proxy to the server behind it.
fn behind(run: &Run) -> Vec<&Trace> {
    run.connections.iter().filter(|trace| trace.peer().is_some_and(|peer| peer.behind)).collect()
}

#[test]
fn a_proxy_logs_in_for_its_user_and_serves_what_the_server_behind_it_serves() {
    let alone = talk(&run_of(Protocol::Imap, &[], &[]).connections[0]);
    for front in ["passes-on", "handles"] {
        let run = run_of(Protocol::Imap, &[], &[&format!("server.front={front}")]);
        assert_eq!(hosts(&run), ["mail.example.test", "store.example.test"], "{front}");
        assert_eq!(talk(&run.connections[0]), alone, "{front}: the client cannot tell");
        let text = talk(behind(&run)[0]);
        assert!(text.contains("p AUTHENTICATE PLAIN ") && text.contains("p OK AUTHENTICATE"), "{text}");
        assert!(text.contains("a4 SELECT INBOX\n") || text.contains(" SELECT INBOX\n"), "{text}");
        let server = behind(&run)[0].leg(Side::Server);
        assert!(server.note(Side::Server, |note| note == Note::Identity(Who::Owner)).is_some());
        assert!(server.closed_by(Side::Server).is_some());
    }
}

#[test]
fn a_proxy_that_handles_the_reset_takes_the_next_login_itself() {
    let base = ["client.work=second-user", "server.unauthenticate=on"];
    let logins = |front: &str| {
        let run = run_of(Protocol::Imap, &[], &[&base[..], &[front]].concat());
        let text: Vec<_> = behind(&run).into_iter().map(talk).collect();
        let first = talk(&run.connections[0]);
        assert!(first.contains("OK UNAUTHENTICATE") && first.contains("STATUS Team"), "{front} {first}");
        let text = text.concat();
        let resets =
            text.lines().filter(|line| line.ends_with(" UNAUTHENTICATE") && line.split(' ').count() == 2);
        (behind(&run).len(), text.matches("AUTHENTICATE PLAIN").count(), resets.count())
    };
    // One connection and the client's own second login, or one connection for each user.
    assert_eq!(logins("server.front=passes-on"), (1, 2, 1));
    assert_eq!(logins("server.front=handles"), (2, 2, 0));
}

#[test]
fn a_proxy_sends_nothing_to_a_server_that_ends_tls_between_them() {
    let set = [
        "client.work=second-user",
        "server.unauthenticate=on",
        "server.unauthenticate-ends-tls=on",
        "server.front=passes-on",
    ];
    let run = run_of(Protocol::Imap, &[], &set);
    let (client, link) = (talk(&run.connections[0]), behind(&run));
    assert!(client.contains("OK UNAUTHENTICATE") && client.contains("* BYE no connection"), "{client}");
    let ended = link[0].events().iter().position(|e| matches!(e.kind, EventKind::TlsEnded(_))).unwrap();
    let rest = &link[0].events()[ended..];
    assert!(rest.iter().all(|event| event.span.is_empty()), "{}", talk(link[0]));
    assert!(link[0].leg(Side::Server).closed_by(Side::Client).is_some());
}

#[test]
fn the_next_users_login_may_go_out_with_the_reset() {
    let base =
        ["client.work=second-user", "server.unauthenticate=on", "client.login-behind-unauthenticate=on"];
    for more in ["server.front=none", "server.front=passes-on", "server.front=handles"] {
        let run = run_of(Protocol::Imap, &[], &[&base[..], &[more]].concat());
        let client = run.connections[0].leg(Side::Client);
        let events: Vec<_> =
            client.events().map(|event| run.connections[0].text(event).to_string()).collect();
        let at = |part: &str| events.iter().position(|text| text.contains(part)).unwrap();
        let logins: Vec<_> =
            (0..events.len()).filter(|&n| events[n].contains(" AUTHENTICATE PLAIN ")).collect();
        assert!(
            at(" UNAUTHENTICATE") < logins[1] && logins[1] < at("OK UNAUTHENTICATE"),
            "{more} {events:?}"
        );
        assert!(events.iter().filter(|text| text.contains("OK AUTHENTICATE")).count() == 2, "{more}");
        assert!(talk(&run.connections[0]).contains("STATUS Team"), "{more}");
    }
    // A reset that is refused lets nobody else work there.
    for refusal in ["server.unauthenticate-answers-no=on", "server.unauthenticate-closes=on"] {
        let run = run_of(Protocol::Imap, &[], &[&base[..], &[refusal]].concat());
        let text = talk(&run.connections[0]);
        assert!(!text.contains("STATUS Team"), "{refusal} {text}");
    }
}

#[test]
fn a_proxy_keeps_its_rule_where_it_sees_the_login() {
    let set = ["server.logindisabled=off", "server.unauthenticate=on"];
    let reached = |front: &str| {
        let run = run_of(Protocol::Imap, &["unauth-proxy-passthrough"], &[&set[..], &[front]].concat());
        let past = behind(&run).into_iter().any(|trace| talk(trace).contains("q3 OK LOGIN"));
        let server = |trace: &Trace| {
            let leg = trace.leg(Side::Server);
            leg.events().filter(|event| !event.span.is_empty()).map(|e| trace.text(e).to_string()).collect()
        };
        let seen: Vec<String> = server(&run.connections[0]);
        (past, seen.iter().any(|line| line.starts_with("q3 NO [CONTACTADMIN]")))
    };
    assert_eq!(reached("server.front=passes-on"), (true, false));
    assert_eq!(reached("server.front=handles"), (false, true));
    assert_eq!(reached("server.front=none"), (false, false));
}

#[test]
fn nothing_in_a_literal_is_a_command_to_a_proxy() {
    use crate::base::{Seed, Switches, Tick};
    use crate::proto::{Behind, Input, Output};
    let record = crate::proto::find(Protocol::Imap).unwrap();
    let mut switches = Switches::default();
    let list = (record.switches)(Side::Server);
    for (id, value) in [("front", "handles"), ("unauthenticate", "on"), ("preauth", "on")] {
        switches.set(list, id, value).unwrap();
    }
    let mut proxy = (record.server)(&default_account(), &switches, Seed(1));
    let mut out = proxy.step(Tick(0), Input::Connected);
    let smuggled = "x UNAUTHENTICATE\r\n";
    let head = format!("a APPEND INBOX {{{}}}\r\n", smuggled.len());
    for octets in [head.as_bytes(), smuggled.as_bytes(), b"\r\nb NOOP\r\n"] {
        out.extend(proxy.step(Tick(0), Input::Octets(octets)));
    }
    let sent: Vec<u8> = out
        .iter()
        .filter_map(|o| if let Output::Send(sent) = o { Some(sent.clone()) } else { None })
        .flatten()
        .collect();
    let sent = String::from_utf8(sent).unwrap();
    assert!(sent.contains("+ go on") && sent.contains("a OK") && sent.contains("b OK NOOP"), "{sent}");
    assert!(!sent.contains("x OK") && !sent.contains("x BAD"), "{sent}");
    let opened = out.iter().filter(|output| matches!(output, Output::Behind(Behind::Opened(_)))).count();
    assert_eq!(opened, 1);
}
