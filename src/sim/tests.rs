use super::*;
use crate::base::{Hop, Layer, Party, Protocol, Side};
use crate::trace::{Class, EventKind};

fn setup(client: &str, server: &str, attacks: &[&str], set: &[&str]) -> Setup {
    setup_of(Protocol::Imap, client, server, attacks, set)
}

fn setup_of(protocol: Protocol, client: &str, server: &str, attacks: &[&str], set: &[&str]) -> Setup {
    let mut setup = Setup::new(protocol).unwrap();
    setup.profile(Side::Client, client).unwrap();
    setup.profile(Side::Server, server).unwrap();
    for attack in attacks {
        setup.attack(attack).unwrap();
    }
    for text in set {
        setup.set_text(text).unwrap();
    }
    setup
}

fn harms(run: &Run) -> Vec<&'static str> {
    crate::harm::ALL
        .iter()
        .filter(|harm| !harm.denial && !(harm.find)(&run.connections, &run.planted).is_empty())
        .map(|harm| harm.id)
        .collect()
}

/// The commands that one side saw, those inside TLS behind a bar.
fn commands(run: &Run, side: Side) -> String {
    let mut text = String::new();
    for trace in &run.connections {
        let mut inside = false;
        for (event, command) in trace.leg(side).commands() {
            if event.layer == Layer::Tls && !inside {
                inside = true;
                text.push_str("| ");
            }
            text.push_str(&command.name);
            text.push(' ');
        }
    }
    text.trim_end().to_owned()
}

/// Each of these would go on for ever, or need more memory than there is.
#[test]
fn an_attack_text_that_goes_in_circles_or_grows_ends_at_a_limit() {
    let doubling = "when server do replace \"O\" \"OOOOOOOOOO\"\n".repeat(200);
    let many = format!("when server do answer \"{}q NOOP\"", "q NOOP\\r\\n".repeat(4_000));
    for text in [
        "when server do answer \"q NOOP\\r\\nq NOOP\"",
        "when server do answer \"q NOOP\"\nwhen client do answer \"* OK x\"\n",
        &doubling,
        &many,
    ] {
        let mut setup = setup("opportunistic", "open", &[], &[]);
        setup.custom = Some(crate::attack::Custom::parse(text).unwrap());
        let run = run(&setup);
        let sent: usize =
            run.connections.iter().map(|trace| trace.tape(Hop::Server, Side::Client).len()).sum();
        assert!(sent <= OCTET_LIMIT + (1 << 20), "{sent}");
        let circles = !text.starts_with("when server do answer \"q NOOP\"\nwhen");
        assert_eq!(run.limit_reached, circles, "{}", text.get(..60).unwrap_or(text));
    }
}

#[test]
fn a_session_with_nobody_in_between_ends_inside_tls_without_harm() {
    for client in ["opportunistic", "private"] {
        for server in ["strict", "open"] {
            let run = run(&setup(client, server, &[], &[]));
            assert_eq!(
                commands(&run, Side::Client),
                "CAPABILITY STARTTLS | CAPABILITY AUTHENTICATE PLAIN SELECT FETCH NOOP LOGOUT"
            );
            assert_eq!(harms(&run), [""; 0]);
            assert!(!run.limit_reached);
        }
    }
}

#[test]
fn both_hops_carry_the_same_octets_when_nobody_touches_them() {
    for (client, server) in [("private", "strict"), ("careless", "careless"), ("opportunistic", "open")] {
        let run = run(&setup(client, server, &[], &[]));
        for trace in &run.connections {
            for from in Side::BOTH {
                assert_eq!(trace.tape(Hop::Client, from), trace.tape(Hop::Server, from));
            }
        }
    }
}

#[test]
fn the_strip_takes_the_password_from_an_opportunistic_client_although_the_server_refuses_it() {
    let run = run(&setup("opportunistic", "strict", &["strip-capability"], &[]));
    assert_eq!(commands(&run, Side::Client), "CAPABILITY LOGIN LOGOUT");
    assert_eq!(harms(&run), ["credential"]);
}

#[test]
fn the_strip_reads_the_mail_when_the_server_takes_the_password() {
    let run = run(&setup("opportunistic", "open", &["strip-capability"], &[]));
    assert_eq!(harms(&run), ["content", "credential"]);
}

#[test]
fn a_client_that_requires_tls_loses_nothing() {
    for attack in ["strip-capability", "fail-starttls"] {
        for answer in ["no", "bad", "silence", "close"] {
            let mut setup = setup("private", "strict", &[attack], &[]);
            if attack == "fail-starttls" {
                setup.set(Party::Middle, "answer", answer).unwrap();
            }
            assert_eq!(harms(&run(&setup)), [""; 0], "{attack} {answer}");
        }
    }
}

#[test]
fn refusing_starttls_wins_only_where_the_ban_on_login_is_missing() {
    for answer in ["no", "bad"] {
        let set = format!("middle.answer={answer}");
        let kept = run(&setup("opportunistic", "strict", &["fail-starttls"], &[&set]));
        assert_eq!(harms(&kept), [""; 0]);
        let lost = run(&setup("opportunistic", "open", &["fail-starttls"], &[&set]));
        assert_eq!(harms(&lost), ["content", "credential"]);
        let both = run(&setup("opportunistic", "strict", &["strip-logindisabled", "fail-starttls"], &[&set]));
        assert_eq!(harms(&both), ["credential"]);
    }
}

#[test]
fn silence_and_a_closed_connection_win_only_from_a_client_that_tries_again_in_the_clear() {
    for answer in ["silence", "close"] {
        let set = format!("middle.answer={answer}");
        let stays = run(&setup("opportunistic", "open", &["fail-starttls"], &[&set]));
        assert_eq!((harms(&stays), stays.connections.len()), (vec![], 1));
        let again =
            run(&setup("opportunistic", "open", &["fail-starttls"], &[&set, "client.retry=in-clear"]));
        assert_eq!((harms(&again), again.connections.len()), (vec!["content", "credential"], 2));
    }
}

#[test]
fn a_broken_handshake_wins_only_from_a_client_that_tries_again_in_the_clear() {
    for how in ["garbage", "alert"] {
        let set = format!("middle.handshake={how}");
        let run_of = |client, more: &[&str]| {
            run(&setup(client, "open", &["break-handshake"], &[&[set.as_str()], more].concat()))
        };
        assert_eq!(harms(&run_of("private", &[])), [""; 0]);
        assert_eq!(harms(&run_of("opportunistic", &[])), [""; 0]);
        assert_eq!(harms(&run_of("opportunistic", &["client.retry=in-clear"])), ["content", "credential"]);
    }
}

#[test]
fn a_command_sent_before_tls_is_dropped_by_a_server_that_empties_its_buffer() {
    let run = run(&setup("private", "strict", &[], &["client.command-before-tls=on"]));
    let leg = run.connections[0].leg(Side::Server);
    let left: Vec<_> = leg.of(Class::LeftOver).map(|event| event.from).collect();
    assert_eq!(left, [Side::Client]);
    assert!(leg.tls_up().is_some());
    assert_eq!(harms(&run), [""; 0]);
}

#[test]
fn every_switch_alone_leaves_a_run_that_ends() {
    for (protocol, side) in [Protocol::Imap, Protocol::Pop3, Protocol::Acap]
        .into_iter()
        .flat_map(|p| Side::BOTH.map(|side| (p, side)))
    {
        for switch in (Setup::new(protocol).unwrap().protocol.switches)(side) {
            for value in switch.values {
                for attacks in [&[][..], &["strip-capability"], &["fail-starttls"]] {
                    for (client, server) in
                        [("private", "strict"), ("opportunistic", "open"), ("careless", "careless")]
                    {
                        let mut setup = setup_of(protocol, client, server, attacks, &[]);
                        setup.set(side.into(), switch.id, value).unwrap();
                        let run = run(&setup);
                        assert!(!run.limit_reached, "{} {value}", switch.id);
                        let closed = |trace: &Trace| {
                            trace.events().iter().any(|e| matches!(e.kind, EventKind::Closed))
                        };
                        assert!(
                            run.connections.iter().all(closed),
                            "{client} {server} {attacks:?} {} {value}",
                            switch.id
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_octets_and_another_seed_others() {
    let octets = |seed| {
        let mut setup = setup("opportunistic", "open", &[], &[]);
        setup.seed = crate::base::Seed(seed);
        run(&setup).connections[0].tape(Hop::Client, Side::Server).to_vec()
    };
    assert_eq!(octets(7), octets(7));
    assert_ne!(octets(7), octets(8));
}

#[test]
fn pop3_goes_through_the_same_motions() {
    let pop3 = |client, server, attacks, set| run(&setup_of(Protocol::Pop3, client, server, attacks, set));
    let upgraded = pop3("private", "strict", &[], &[]);
    assert_eq!(commands(&upgraded, Side::Client), "CAPA STLS | CAPA AUTH PLAIN STAT RETR NOOP QUIT");
    assert_eq!(harms(&upgraded), [""; 0]);
    let stripped = pop3("opportunistic", "open", &["strip-capability"], &[]);
    assert_eq!(commands(&stripped, Side::Client), "CAPA USER PASS STAT RETR NOOP QUIT");
    assert_eq!(harms(&stripped), ["content", "credential"]);
    let refused = pop3("opportunistic", "strict", &["fail-starttls"], &[]);
    assert_eq!(commands(&refused, Side::Client), "CAPA STLS USER QUIT");
    assert_eq!(harms(&refused), [""; 0]);
    for trace in [&upgraded, &stripped, &refused].into_iter().flat_map(|run| &run.connections) {
        for side in Side::BOTH {
            assert_eq!(trace.leg(side).of(Class::Malformed).count(), 0);
        }
    }
}

#[test]
fn acap_greets_again_inside_tls_and_its_client_believes_only_that() {
    let acap = |client, server, attacks| run(&setup_of(Protocol::Acap, client, server, attacks, &[]));
    let upgraded = acap("private", "strict", &[]);
    assert_eq!(commands(&upgraded, Side::Client), "STARTTLS | AUTHENTICATE PLAIN SEARCH NOOP LOGOUT");
    let lists: Vec<_> =
        upgraded.connections[0].leg(Side::Client).lists().map(|(event, _)| event.layer).collect();
    assert_eq!(lists, [Layer::Clear, Layer::Tls]);
    assert_eq!(harms(&upgraded), [""; 0]);
    let stripped = acap("opportunistic", "strict", &["strip-capability"]);
    assert_eq!((commands(&stripped, Side::Client).as_str(), harms(&stripped)), ("", vec![]));
    let careless = acap("careless", "careless", &["strip-capability"]);
    assert_eq!(commands(&careless, Side::Client), "AUTHENTICATE PLAIN SEARCH NOOP LOGOUT");
    assert_eq!(harms(&careless), ["content", "credential"]);
    for trace in [&upgraded, &stripped, &careless].into_iter().flat_map(|run| &run.connections) {
        for side in Side::BOTH {
            assert_eq!(trace.leg(side).of(Class::Malformed).count(), 0);
        }
    }
}

#[test]
fn every_mechanism_logs_in_over_every_protocol_inside_tls() {
    for protocol in [Protocol::Imap, Protocol::Pop3, Protocol::Acap] {
        for way in ["plain", "auth-login", "cram-md5", "scram-sha-256", "oauthbearer", "xoauth2"] {
            for initial in ["if-listed", "never"] {
                let set = [format!("client.auth={way}"), format!("client.initial-response={initial}")];
                let mut setup = setup_of(protocol, "private", "strict", &[], &["server.mechanisms=all"]);
                for text in &set {
                    setup.set_text(text).unwrap();
                }
                let run = run(&setup);
                let name = format!("{} {way} {initial}", protocol.id());
                assert!(
                    commands(&run, Side::Client).contains("NOOP"),
                    "{name}: {}",
                    commands(&run, Side::Client)
                );
                assert_eq!(harms(&run), [""; 0], "{name}");
                for side in Side::BOTH {
                    assert_eq!(run.connections[0].leg(side).of(Class::Malformed).count(), 0, "{name}");
                }
            }
        }
    }
}

#[test]
fn a_mechanism_that_reveals_nothing_keeps_the_password_from_a_stripping_middle() {
    for protocol in [Protocol::Imap, Protocol::Pop3, Protocol::Acap] {
        for mechanisms in ["plain+cram-md5", "plain+scram-sha-256"] {
            let set = format!("server.mechanisms={mechanisms}");
            let run = run(&setup_of(protocol, "opportunistic", "open", &["strip-capability"], &[&set]));
            // The session is open all the same: what is read in it can be read by everybody.
            assert_eq!(harms(&run), ["content"], "{} {mechanisms}", protocol.id());
        }
    }
}

/// A run in which two users follow each other on one connection, as a text of lines and notes on the client's hop.
fn second_user(set: &[&str]) -> String {
    let base =
        ["client.work=second-user", "server.unauthenticate=on", "server.new-mail=on", "server.compress=on"];
    let run = run(&setup("private", "strict", &[], &[&base[..], set].concat()));
    assert!(!run.limit_reached);
    let trace = &run.connections[0];
    let leg = trace.leg(Side::Client);
    let text = leg.events().filter(|event| !event.span.is_empty()).map(|event| trace.text(event));
    text.map(|text| text.to_string() + "\n").collect()
}

#[test]
fn two_users_follow_each_other_and_the_second_finds_nothing_of_the_first() {
    let text = second_user(&[]);
    let (before, after) = text.split_once("UNAUTHENTICATE erledigt").expect("the reset");
    for done in
        ["ENABLED QRESYNC", "MYRIGHTS user/carol/Plans lr", "MODSEQ", "OK SEARCH erledigt", "COMPRESS"]
    {
        assert!(before.contains(done), "{done} in {before}");
    }
    for gone in [
        "erledigt",
        "MODSEQ (",
        "VANISHED",
        "ESEARCH (TAG",
        "* MYRIGHTS user",
        "STATUS INBOX",
        "COMPRESSIONACTIVE",
    ] {
        assert!(!after.contains(gone), "{gone} in {after}");
    }
    for found in [
        "BAD select a mailbox first",
        "NO [NONEXISTENT]",
        "STATUS Team (MESSAGES 1 UNSEEN 1)",
        "* 1 EXPUNGE",
        "BYE until next time",
    ] {
        assert!(after.contains(found), "{found} in {after}");
    }
}

#[test]
fn each_fault_of_the_reset_shows_the_second_user_something() {
    let after = |set: &[&str]| {
        let text = second_user(set);
        text.split_once("OK UNAUTHENTICATE erledigt\n").expect("the reset").1.to_owned()
    };
    let honest = after(&[]);
    for (fault, shown) in [
        ("mailbox", "a24 OK FETCH completed\n"),
        ("groups", "MYRIGHTS user/carol/Plans lr"),
        ("condstore", "MODSEQ ("),
        ("enabled", "VANISHED 1"),
        ("search", "a30 FETCH $ (FLAGS)\n* 1 FETCH (FLAGS"),
        ("language", "erledigt"),
        ("contexts", "ESEARCH (TAG"),
        ("notify", "* STATUS INBOX (MESSAGES 3"),
        ("compression", "NO [COMPRESSIONACTIVE]"),
        ("user-data", "STATUS Team (MESSAGES 1 UNSEEN 0)"),
    ] {
        assert!(!honest.contains(shown), "{fault}: an honest server shows {shown}");
        let text = after(&[&format!("server.unauthenticate-keeps-{fault}=on")]);
        assert!(text.contains(shown), "{fault}: {shown} in {text}");
    }
}

#[test]
fn a_reset_that_expunges_says_so_before_its_answer() {
    let text = second_user(&["server.unauthenticate-expunges=on"]);
    assert!(text.contains("* VANISHED 2\na20 OK UNAUTHENTICATE"), "{text}");
    assert!(!second_user(&[]).contains("VANISHED"));
}

#[test]
fn a_reset_that_is_refused_leaves_one_user() {
    let text = second_user(&["server.unauthenticate-answers-no=on"]);
    assert!(text.contains("NO not now"), "{text}");
    assert_eq!(text.matches("AUTHENTICATE PLAIN").count(), 1);
}

#[test]
fn a_reset_that_is_not_offered_leaves_one_user() {
    let text = second_user(&["server.unauthenticate=off"]);
    assert!(!text.contains("UNAUTHENTICATE") && text.contains("LOGOUT"), "{text}");
}

#[test]
fn every_work_ends_with_a_logout_and_without_a_refusal_that_was_not_expected() {
    for work in ["read", "organise", "draft", "idle", "second-user"] {
        for literals in ["if-needed", "synchronizing", "non-synchronizing"] {
            for auth in ["auto", "login"] {
                let set = [
                    format!("client.work={work}"),
                    format!("client.literals={literals}"),
                    format!("client.auth={auth}"),
                    "server.unauthenticate=on".to_owned(),
                    "server.new-mail=on".to_owned(),
                    "server.mailbox-referral=on".to_owned(),
                    "server.compress=on".to_owned(),
                ];
                let set: Vec<&str> = set.iter().map(String::as_str).collect();
                let run = run(&setup("private", "strict", &[], &set));
                let trace = &run.connections[0];
                let leg = trace.leg(Side::Client);
                assert!(leg.closed_by(Side::Server).is_some(), "{work} {literals} {auth}");
                assert_eq!(leg.of(Class::Malformed).count(), 0, "{work} {literals} {auth}");
                assert_eq!(harms(&run), [""; 0], "{work} {literals} {auth}");
                let refused: Vec<_> = leg
                    .answers()
                    .filter(|answer| answer.reply.form == crate::trace::Form::Final && !answer.accepts())
                    .map(|answer| trace.text(answer.at).to_string())
                    .filter(|text| !text.contains("REFERRAL"))
                    .collect();
                let expected = if work == "second-user" { 3 } else { 0 };
                assert!(refused.len() <= expected, "{work} {literals} {auth}: {refused:?}");
            }
        }
    }
}
