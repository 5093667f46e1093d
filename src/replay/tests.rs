//! What recordings tell of sessions that did not happen.

use super::*;
use crate::testing::{read_imap, read_pop3};

const UPGRADE: &str = "S: * OK hello
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: a1 OK done
C: a2 STARTTLS
S: a2 OK go
==TLS UP==
C: a3 LOGIN tim secret
S: a3 OK in
C: a4 LOGOUT
S: * BYE
S: a4 OK bye
==CLIENT CLOSED==";

const CLEAR: &str = "S: * OK hello
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: a1 OK done
C: a2 LOGIN tim secret
S: a2 OK in
C: a3 LOGOUT
S: * BYE
S: a3 OK bye
==CLIENT CLOSED==";

fn with(trace: &Trace, words: &[&str]) -> Setup {
    let mut setup = setup_for(trace).unwrap();
    for word in words {
        match word.split_once('=') {
            Some(_) => setup.set_text(word).unwrap(),
            None => setup.attack(word).unwrap(),
        }
    }
    setup
}

fn under(attack: &[&str], recordings: &[&str]) -> Played {
    let traces: Vec<_> = recordings.iter().map(|script| read_imap(script)).collect();
    let client: Vec<_> = traces.iter().collect();
    let setup = with(&traces[0], attack);
    play(&setup, Part::Recorded(&client), Part::Recorded(&client[..1])).unwrap()
}

fn open(played: &Played) -> Option<&Open> {
    played.opened.as_ref().map(|opened| &opened.open)
}

fn names(names: &[&'static str]) -> Option<Vec<Cow<'static, str>>> {
    Some(names.iter().map(|name| Cow::Borrowed(*name)).collect())
}

#[test]
fn without_a_change_a_recording_plays_as_it_was() {
    for script in [UPGRADE, CLEAR] {
        let played = under(&[], &[script]);
        assert_eq!(played.opened, None);
        let (was, is) = (read_imap(script), &played.run.connections[0]);
        let texts = |trace: &Trace, side: Side| -> Vec<String> {
            let leg = trace.leg(side);
            leg.events().filter(|e| !e.span.is_empty()).map(|e| trace.text(e)).collect()
        };
        for side in Side::BOTH {
            assert_eq!(texts(&was, side), texts(is, side));
        }
        assert_eq!(Facts::of(&was, Side::Client).commands_in_clear, played.prediction.commands_in_clear);
    }
}

#[test]
fn who_never_took_the_offer_falls_with_and_without_it() {
    let played = under(&["strip-capability"], &[CLEAR]);
    assert_eq!(played.opened, None);
    assert_eq!(
        played.prediction,
        Prediction {
            tls: Some("none"),
            commands_in_clear: names(&["CAPABILITY", "LOGIN", "LOGOUT"]),
            credential_in_clear: Some(true),
            fallen: Some(true),
            by_policy: false,
        }
    );
}

#[test]
fn who_took_the_offer_may_do_anything_without_it() {
    let played = under(&["strip-capability"], &[UPGRADE]);
    assert_eq!(open(&played), Some(&Open::NotOffered));
    // Where it stood in the recording: at the list.
    assert_eq!(played.opened.as_ref().and_then(|opened| opened.recorded), Some((0, (3, 3))));
    assert_eq!(played.prediction, Prediction { tls: Some("none"), ..Prediction::default() });
}

#[test]
fn another_recording_of_the_client_shows_what_it_does_without_the_offer() {
    let not_offered = CLEAR.replace(" STARTTLS", "");
    let played = under(&["strip-capability"], &[UPGRADE, &not_offered]);
    // The recorded server was never asked for a login outside TLS, and that is the next thing that is not known.
    assert_eq!(open(&played), Some(&Open::Unheard("LOGIN".to_owned())));
    assert_eq!(played.prediction.credential_in_clear, Some(true));
    assert_eq!(played.prediction.fallen, Some(true));
}

#[test]
fn a_ban_that_is_lifted_matters_unless_the_client_upgrades_without_one() {
    let banned = UPGRADE.replace("STARTTLS\nS: a1", "STARTTLS LOGINDISABLED\nS: a1");
    let played = under(&["strip-logindisabled"], &[&banned]);
    assert_eq!(open(&played), Some(&Open::BanLifted));
    assert_eq!(played.prediction, Prediction::default());
    let played = under(&["strip-logindisabled"], &[&banned, UPGRADE]);
    assert_eq!(open(&played), None);
    assert_eq!(played.prediction.fallen, Some(false));
}

fn told(policy: Policy, words: &[&str], client: &[&str]) -> Played {
    let client: Vec<_> = client.iter().map(|script| read_imap(script)).collect();
    let client: Vec<_> = client.iter().collect();
    let setup = with(client[0], words);
    play_told(&setup, Part::Recorded(&client), Part::Recorded(&client[..1]), Some(policy)).unwrap()
}

#[test]
fn who_is_told_to_require_tls_sends_no_password_where_there_is_none() {
    for (attack, open_at) in [("strip-capability", Open::NotOffered), ("fail-starttls", Open::Refused)] {
        let played = told(Policy::TlsRequired, &[attack], &[UPGRADE]);
        assert_eq!(open(&played), Some(&open_at));
        assert_eq!(
            played.prediction,
            Prediction {
                tls: Some("none"),
                commands_in_clear: None,
                credential_in_clear: Some(false),
                fallen: Some(false),
                by_policy: true,
            }
        );
        // Nothing follows for one that goes on without.
        let played = told(Policy::TlsIfOffered, &[attack], &[UPGRADE]);
        assert_eq!((played.prediction.credential_in_clear, played.prediction.by_policy), (None, false));
    }
}

#[test]
fn what_a_recording_shows_counts_more_than_what_the_client_was_told() {
    let played = told(Policy::TlsRequired, &["strip-capability"], &[CLEAR]);
    assert_eq!((played.prediction.fallen, played.unkept), (Some(true), Some(Policy::TlsRequired)));
    let not_offered = CLEAR.replace(" STARTTLS", "");
    let played = told(Policy::TlsRequired, &["fail-starttls"], &[UPGRADE, &not_offered]);
    assert_eq!((played.prediction.credential_in_clear, played.unkept), (None, Some(Policy::TlsRequired)));
    let played = told(Policy::TlsIfOffered, &[], &[CLEAR]);
    assert_eq!((played.prediction.fallen, played.unkept), (Some(true), Some(Policy::TlsIfOffered)));
}

#[test]
fn who_is_told_to_use_tls_where_it_is_offered_minds_no_ban_on_logins() {
    let banned = UPGRADE.replace("STARTTLS\nS: a1", "STARTTLS LOGINDISABLED\nS: a1");
    for policy in [Policy::TlsRequired, Policy::TlsIfOffered] {
        let played = told(policy, &["strip-logindisabled"], &[&banned]);
        assert_eq!((open(&played), played.prediction.fallen), (None, Some(false)));
        assert!(played.prediction.by_policy);
    }
}

#[test]
fn nobody_gets_tls_where_every_request_is_refused() {
    // The list that this client got in the greeting is not in the greeting of the other server.
    let greeted = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello
C: a1 STARTTLS
S: a1 OK go
==TLS UP==
C: a2 LOGIN tim secret
S: a2 OK in
==CLIENT CLOSED==";
    let (client, server) = (read_imap(greeted), read_imap(UPGRADE));
    let played = |words: &[&str]| {
        let setup = with(&client, words);
        play(&setup, Part::Recorded(&[&client]), Part::Recorded(&[&server])).unwrap()
    };
    let refused = played(&["fail-starttls"]);
    assert_eq!((open(&refused), refused.prediction.tls), (Some(&Open::Greeting), Some("none")));
    let granted = played(&[]);
    assert_eq!((open(&granted), granted.prediction.tls), (Some(&Open::Greeting), None));
}

#[test]
fn a_client_that_minds_nothing_may_do_anything_after_a_refusal() {
    let heedful = under(&["fail-starttls"], &[UPGRADE]);
    assert_eq!((open(&heedful), heedful.prediction.tls), (Some(&Open::Refused), Some("none")));
    // One tag for all: it cannot tell which answer is to what.
    let one_tag = UPGRADE.replace("a1", "a").replace("a2", "a");
    let heedless = under(&["fail-starttls"], &[&one_tag]);
    assert_eq!((open(&heedless), heedless.prediction.tls), (Some(&Open::Refused), None));
}

#[test]
fn a_certificate_is_taken_or_not_and_nothing_else_follows_in_the_clear() {
    let played = under(&["cert-self-signed"], &[UPGRADE]);
    assert_eq!(open(&played), Some(&Open::Certificate));
    assert_eq!(
        played.prediction,
        Prediction {
            tls: Some("starttls"),
            commands_in_clear: names(&["CAPABILITY", "STARTTLS"]),
            credential_in_clear: Some(false),
            fallen: None,
            by_policy: false,
        }
    );
}

#[test]
fn a_goodbye_by_routine_may_slip_out_after_a_handshake() {
    let script = "S: +OK hello
C: CAPA
S: +OK
S: STLS
S: .
C: STLS
S: +OK go
==TLS UP==
C: USER tim
S: +OK
C: PASS secret
S: +OK
C: RSET
S: +OK
C: QUIT
S: +OK";
    let played = |script: &str| {
        let trace = read_pop3(script);
        let setup = with(&trace, &["cert-self-signed"]);
        play(&setup, Part::Recorded(&[&trace]), Part::Recorded(&[&trace])).unwrap()
    };
    assert_eq!(played(script).prediction.commands_in_clear, None);
    let plain = script.replace("C: RSET\nS: +OK\n", "");
    assert_eq!(played(&plain).prediction.commands_in_clear, names(&["CAPA", "STLS"]));
}

#[test]
fn octets_behind_a_request_are_the_servers_decision() {
    let played = under(&["command-injection"], &[UPGRADE]);
    assert_eq!(open(&played), Some(&Open::KeptOctets));
    assert_eq!(played.opened.as_ref().map(|opened| opened.open.side()), Some(Side::Server));
    assert_eq!(played.prediction.tls, Some("starttls"));
}

#[test]
fn octets_behind_the_answer_may_stop_a_client() {
    let played = under(&["response-injection"], &[UPGRADE]);
    assert_eq!(open(&played), Some(&Open::EarlyOctets));
    assert_eq!((played.prediction.tls, played.prediction.credential_in_clear), (None, Some(false)));
}

#[test]
fn no_answer_is_an_open_decision_too() {
    let played = under(&["fail-starttls", "middle.answer=silence"], &[UPGRADE]);
    assert_eq!(open(&played), Some(&Open::Silence));
    assert_eq!(played.prediction.fallen, None);
}

#[test]
fn a_run_that_comes_to_its_limit_says_nothing_of_what_is_behind_it() {
    let idle = |turns: usize| {
        let lines = (0..turns).map(|turn| format!("C: b{turn} NOOP\nS: b{turn} OK done\n"));
        UPGRADE.replace("C: a4", &(lines.collect::<String>() + "C: a4"))
    };
    let played = under(&["eavesdropper"], &[&idle(20)]);
    assert_eq!((open(&played), played.prediction.fallen), (None, Some(false)));
    let played = under(&["eavesdropper"], &[&idle(6000)]);
    assert!(played.run.limit_reached);
    assert_eq!((open(&played), played.prediction.fallen), (Some(&Open::Limit), None));
}

#[test]
fn another_client_talks_to_the_recorded_server() {
    let trace = read_imap(UPGRADE);
    let mut setup = with(&trace, &["strip-capability"]);
    setup.set_text("client.tls=opportunistic").unwrap();
    let played = play(&setup, Part::Profile, Part::Recorded(&[&trace])).unwrap();
    assert_eq!(played.prediction.fallen, Some(true), "it sends its password whatever the server answers");
    setup.set_text("client.tls=required").unwrap();
    let played = play(&setup, Part::Profile, Part::Recorded(&[&trace])).unwrap();
    assert_eq!((played.prediction.fallen, open(&played)), (Some(false), None));
}

#[test]
fn the_recorded_client_talks_to_another_server() {
    let trace = read_imap(CLEAR);
    let mut setup = with(&trace, &[]);
    setup.set_text("server.starttls=off").unwrap();
    setup.set_text("server.logindisabled=off").unwrap();
    let played = play(&setup, Part::Recorded(&[&trace]), Part::Profile).unwrap();
    // This server lists ways to log in that the recorded one had not.
    assert_eq!(open(&played), Some(&Open::LoginChanges));
    assert_eq!(played.prediction.tls, Some("none"));
}

#[test]
fn a_recording_whose_beginning_is_not_known_is_not_played() {
    let trace = read_imap(UPGRADE);
    let setup = with(&trace, &[]);
    assert_eq!(play(&setup, Part::Profile, Part::Profile).unwrap_err(), CannotPlay::NothingRecorded);
    let other = read_pop3("S: +OK hello");
    let error = play(&setup, Part::Recorded(&[&other]), Part::Profile).unwrap_err();
    assert_eq!(error, CannotPlay::OtherProtocol);
}
