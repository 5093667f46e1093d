//! Properties that hold for any octets.

use proptest::prelude::*;
use starttls_lab::base::{Seed, Side, Tick, printable, stays_visible};
use starttls_lab::pipeline::{self, Protocol, RuleSet, Setup, report};
use starttls_lab::proto::{self, Input, Machine, Output, WAITING_LIMIT};
use starttls_lab::sim::default_account;
use starttls_lab::tls;

/// What a peer may say: pieces of the protocol, to get into the states, and anything at all.
fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let known = prop::sample::select(vec![
        "* OK ready\r\n",
        "* PREAUTH ready\r\n",
        "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n",
        "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n",
        "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n",
        "a1 OK done\r\n",
        "a2 OK done\r\n",
        "a3 OK done\r\n",
        "a4 NO no\r\n",
        "+ \r\n",
        "* BYE over\r\n",
        "* 1 FETCH (BODY[] {3}\r\nabc)\r\n",
        "x CAPABILITY\r\n",
        "x STARTTLS\r\n",
        "x LOGIN tim tanstaaftanstaaf\r\n",
        "x LOGIN tim {16}\r\n",
        "x LOGIN tim {16+}\r\ntanstaaftanstaaf\r\n",
        "x AUTHENTICATE PLAIN\r\n",
        "AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n",
        "x SELECT INBOX\r\n",
        "x FETCH 1 BODY[]\r\n",
        "x LOGOUT\r\n",
        "x APPEND INBOX {4294967295}\r\n",
        "{99999999999999999999}\r\n",
        "+OK ready <1.2@mail.example.test>\r\n",
        "+OK\r\nSTLS\r\nSASL PLAIN CRAM-MD5\r\n.\r\n",
        "-ERR no\r\n",
        "CAPA\r\n",
        "STLS\r\n",
        "USER tim\r\n",
        "PASS tanstaaftanstaaf\r\n",
        "AUTH PLAIN\r\n",
        "AUTH\r\n",
        "RETR 1\r\n",
        "TOP 1 0\r\n",
        "DELE 1\r\n",
        "QUIT\r\n",
        "*\r\n",
        "* ACAP (SASL \"CRAM-MD5\" \"PLAIN\") (STARTTLS)\r\n",
        "a1 OK \"go\"\r\n",
        "+ {3}\r\nabc\r\n",
        "x AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf\r\n",
        "x AUTHENTICATE \"PLAIN\" {21}\r\n",
        "\"quoted \\\" answer\"\r\n",
        "x SEARCH \"/addressbook/\" ALL\r\n",
    ]);
    let piece = prop_oneof![
        4 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "[ -~]{0,30}\r?\n?".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..24)
}

/// Which end it is, and one of its switches set.
fn machine(side: Side, protocol: usize, profile: usize, switch: usize, value: usize) -> Box<dyn Machine> {
    let record = Setup::new(Protocol::ALL[protocol % 3]).unwrap().protocol;
    let profiles = (record.profiles)(side);
    let switches = (record.switches)(side);
    let mut set = profiles[profile % profiles.len()].switches(switches);
    let switch = switches[switch % switches.len()];
    set.set(switches, switch.id, switch.values[value % switch.values.len()]).unwrap();
    match side {
        Side::Client => (record.client)(&default_account(), &set, Seed(1)),
        Side::Server => (record.server)(&default_account(), &set, Seed(1)),
    }
}

fn is_bounded(outputs: &[Output], input: usize) -> bool {
    let octets: usize =
        outputs.iter().map(|o| if let Output::Send(octets) = o { octets.len() } else { 0 }).sum();
    // A line of one octet may be answered by a line of words or by the whole message; nothing is answered twice.
    outputs.len() <= 8 * (input + 2) && octets <= 1024 * (input + 2)
}

/// Lets a client and a server talk until the client has taken in so many answers.
fn talk(client: &mut dyn Machine, server: &mut dyn Machine, answers: usize) {
    let facts = tls::Facts { version: Some(tls::Version::Tls13), ..tls::Facts::default() };
    let mut said = server.step(Tick(0), Input::Connected);
    let mut asked = client.step(Tick(0), Input::Connected);
    for _ in 0..answers {
        let mut next = Vec::new();
        for output in said.drain(..) {
            match output {
                Output::Send(octets) => asked.extend(client.step(Tick(0), Input::Octets(&octets))),
                Output::StartTls(_) => {
                    next.extend(server.step(Tick(0), Input::TlsDone(Ok(&facts))));
                    asked.extend(client.step(Tick(0), Input::TlsDone(Ok(&facts))));
                }
                _ => {}
            }
        }
        for output in asked.drain(..) {
            if let Output::Send(octets) = output {
                next.extend(server.step(Tick(0), Input::Octets(&octets)));
            }
        }
        said = next;
    }
}

/// What never ends is never kept: not by a machine that waits for a line, a literal or a handshake, nor by one that is
/// done.
#[test]
fn no_machine_keeps_more_than_its_limit() {
    for record in proto::ALL {
        for side in Side::BOTH {
            for profile in (record.profiles)(side) {
                let switches = profile.switches((record.switches)(side));
                for answers in 0..16 {
                    let server = (record.profiles)(Side::Server)[0].switches((record.switches)(Side::Server));
                    let mut client = (record.client)(&default_account(), &switches, Seed(1));
                    let mut server = (record.server)(&default_account(), &server, Seed(1));
                    let machine = match side {
                        Side::Client => {
                            talk(client.as_mut(), server.as_mut(), answers);
                            &mut client
                        }
                        Side::Server => {
                            let private =
                                (record.profiles)(Side::Client)[0].switches((record.switches)(Side::Client));
                            client = (record.client)(&default_account(), &private, Seed(1));
                            server = (record.server)(&default_account(), &switches, Seed(1));
                            talk(client.as_mut(), server.as_mut(), answers);
                            &mut server
                        }
                    };
                    for endless in [&b"x"[..], b"* 1 FETCH {9000000}\r\n", b"+OK\r\nx"] {
                        let chunk = endless.repeat(1 + 60_000 / endless.len());
                        for _ in 0..30 {
                            let _ = machine.step(Tick(0), Input::Octets(&chunk));
                            let stage = machine.stage();
                            assert!(
                                machine.waiting() <= WAITING_LIMIT + chunk.len(),
                                "{} {side:?} {stage}",
                                record.protocol.id()
                            );
                        }
                    }
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn printable_text_never_moves_hides_or_reorders_anything(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(printable(&octets).chars().all(stays_visible));
    }

    #[test]
    fn printable_text_never_does_so_for_text_either(text in "\\PC*|[\\x00-\\x{2fff}]*") {
        let shown = printable(text.as_bytes());
        prop_assert!(shown.chars().all(|c| stays_visible(c) && !c.is_control()));
    }

    #[test]
    fn no_octets_in_no_chunks_make_a_machine_panic_or_babble(
        client in any::<bool>(),
        choice in any::<[usize; 4]>(),
        pieces in pieces(),
        cut in 1_usize..50,
        timer in any::<bool>(),
    ) {
        let side = if client { Side::Client } else { Side::Server };
        let [protocol, profile, switch, value] = choice;
        let mut machine = machine(side, protocol, profile, switch, value);
        let facts = tls::Facts { version: Some(tls::Version::Tls13), ..tls::Facts::default() };
        let mut now = Tick(0);
        prop_assert!(is_bounded(&machine.step(now, Input::Connected), 0));
        let octets = pieces.concat();
        for chunk in octets.chunks(cut) {
            now = now.after(1);
            let mut outputs = machine.step(now, Input::Octets(chunk));
            // What was begun before may end with this chunk, so all that was said so far counts as its reason.
            prop_assert!(is_bounded(&outputs, octets.len()));
            if outputs.iter().any(|output| matches!(output, Output::StartTls(_))) {
                outputs = machine.step(now, Input::TlsDone(if timer { Ok(&facts) } else { Err(tls::Failure::Alert) }));
                prop_assert!(is_bounded(&outputs, 0));
            }
            if outputs.iter().any(|output| matches!(output, Output::Connect(_))) {
                prop_assert!(is_bounded(&machine.step(now, Input::Connected), 0));
            }
        }
        if timer {
            prop_assert!(is_bounded(&machine.step(now.after(1_000_000), Input::Timer), 0));
        }
        prop_assert!(is_bounded(&machine.step(now, Input::PeerClosed), 0));
        prop_assert!(is_bounded(&machine.step(now, Input::Octets(b"x NOOP\r\n")), 8));
    }

    #[test]
    fn no_octets_in_any_state_of_a_client_make_it_panic_babble_or_leave_its_list_of_states(
        choice in any::<[usize; 4]>(),
        answers in 0_usize..24,
        pieces in pieces(),
        cut in 1_usize..50,
    ) {
        let [protocol, profile, switch, value] = choice;
        let record = Setup::new(Protocol::ALL[protocol % 3]).unwrap().protocol;
        let mut client = machine(Side::Client, protocol, profile, switch, value);
        let server = (record.profiles)(Side::Server)[0].switches((record.switches)(Side::Server));
        let mut server = (record.server)(&default_account(), &server, Seed(1));
        talk(client.as_mut(), server.as_mut(), answers);
        let octets = pieces.concat();
        for chunk in octets.chunks(cut) {
            let outputs = client.step(Tick(0), Input::Octets(chunk));
            prop_assert!(is_bounded(&outputs, octets.len()));
            prop_assert!((record.diagram)(Side::Client).stage(client.stage()).is_some(), "{}", client.stage());
        }
        prop_assert!(is_bounded(&client.step(Tick(0), Input::PeerClosed), 0));
    }

    #[test]
    fn a_report_of_anything_is_whole_and_harmless(pieces in pieces(), mark in any::<bool>()) {
        let mut input = Vec::new();
        for piece in &pieces {
            let client = piece.starts_with(b"x ") || piece.first().is_some_and(u8::is_ascii_uppercase);
            let side: &[u8] = if client { b"C: " } else { b"S: " };
            input.extend_from_slice(if mark { side } else { b"" });
            input.extend_from_slice(piece);
        }
        let (sessions, ending) = pipeline::check(&input, None, RuleSet::Today);
        for format in report::ALL {
            let mut writer = (format.writer)();
            let mut out = String::new();
            let file = ending.clone().input("a\u{1b}[31m\u{202e}.log");
            for session in &sessions {
                writer.session(&mut out, &file, &session.record());
            }
            writer.end_of_input(&mut out, &file);
            writer.finish(&mut out);
            prop_assert!(out.chars().all(|c| c == '\n' || stays_visible(c)));
            prop_assert!(!out.contains("tanstaaftanstaaf") && !out.contains("AHRpbQB0YW5zdGFhZnRhbnN0YWFm"), "{}", out);
            if format.id == "json" {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{}", out);
            }
        }
    }
}
