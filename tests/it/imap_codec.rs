//! A second opinion: every line that our machines send is read completely by imap-codec, a strict parser of others.

use crate::grid::table;
use imap_codec::decode::Decoder;
use imap_codec::{AuthenticateDataCodec, CommandCodec, GreetingCodec, ResponseCodec};
use starttls_lab::base::{Hop, Side, Switch};
use starttls_lab::pipeline::{self, Protocol, RuleSet, Setup};
use starttls_lab::trace::{Event, EventKind, Trace};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum As {
    Greeting,
    Command,
    AuthenticateData,
    Response,
}

/// Whether imap-codec reads all of a message, and what is left or wrong if not.
fn read(octets: &[u8], how: As) -> Result<(), String> {
    fn all<T, E: std::fmt::Debug>(result: Result<(&[u8], T), E>) -> Result<(), String> {
        match result {
            Ok((b"", _)) => Ok(()),
            Ok((rest, _)) => Err(format!("leaves {}", rest.escape_ascii())),
            Err(error) => Err(format!("{error:?}")),
        }
    }
    match how {
        As::Greeting => all(GreetingCodec::default().decode(octets)),
        As::Command => all(CommandCodec::default().decode(octets)),
        As::AuthenticateData => all(AuthenticateDataCodec::default().decode(octets)),
        As::Response => all(ResponseCodec::default().decode(octets)),
    }
}

/// The messages on a side's own hop as they left it, each with what it is; they cover everything that was sent.
fn sent(trace: &Trace, from: Side) -> Vec<(Vec<u8>, As)> {
    let hop = Hop::next_to(from);
    // What is left over from before TLS was read as messages too.
    let said = |e: &&Event| {
        e.hop == hop && e.from == from && !e.span.is_empty() && !matches!(e.kind, EventKind::LeftOver)
    };
    let mut messages: Vec<&Event> = trace.events().iter().filter(said).collect();
    // Of events read from the same octets the one that says what the message is stands for all.
    let rank = |event: &Event| match event.kind {
        EventKind::Greeting(_) | EventKind::Command(_) | EventKind::AuthStep { .. } => 0,
        _ => 1,
    };
    messages.sort_by_key(|event| (event.span.start, std::cmp::Reverse(event.span.end), rank(event)));
    let mut end = 0;
    let mut found = Vec::new();
    for event in messages {
        if event.span.start < end {
            continue;
        }
        assert_eq!(event.span.start, end, "no octet stands between the messages");
        end = event.span.end;
        let how = match (from, &event.kind) {
            (_, EventKind::Greeting(_)) => As::Greeting,
            (_, EventKind::AuthStep { .. }) => As::AuthenticateData,
            (Side::Client, _) => As::Command,
            (Side::Server, _) => As::Response,
        };
        found.push((trace.octets(event).to_vec(), how));
    }
    assert_eq!(end as usize, trace.tape(hop, from).len(), "no octet stands behind the last message");
    found
}

/// Runs a setup and reads what both machines sent; every message once over all runs.
fn judge(setup: &Setup, seen: &mut BTreeSet<(Vec<u8>, As)>, wrong: &mut Vec<String>) {
    for judged in &pipeline::simulate(setup, RuleSet::Today).connections {
        for from in Side::BOTH {
            for (octets, how) in sent(&judged.trace, from) {
                if let Err(problem) = read(&octets, how) {
                    wrong.push(format!("{how:?} {}: {problem}", octets.escape_ascii()));
                }
                seen.insert((octets, how));
            }
        }
    }
}

#[test]
fn a_strict_parser_reads_every_line_that_our_machines_send() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (middle, setup) in table::setups(Protocol::Imap) {
        judge(&setup, &mut seen, &mut wrong);
        // Each attack meets every pair of profiles, and every single switch meets one attack of each kind.
        let kinds = ["fail-starttls", "preauth-greeting", "response-injection"];
        if !middle.set.is_empty() || !middle.attacks.iter().all(|id| kinds.contains(id)) {
            continue;
        }
        for side in Side::BOTH {
            // The empty line's point is that no grammar has it.
            let in_grammar = |switch: &&&Switch| switch.id != "empty-line-before-tls";
            for switch in (setup.protocol.switches)(side).iter().filter(in_grammar) {
                for value in &switch.values[1..] {
                    let mut changed = setup.clone();
                    changed.set(side.into(), switch.id, value).unwrap();
                    judge(&changed, &mut seen, &mut wrong);
                }
            }
        }
        // Every mechanism, with and without its initial response, needs a server that has it and nobody in between.
        if !middle.attacks.is_empty() {
            continue;
        }
        let auth = (setup.protocol.switches)(Side::Client).iter().find(|switch| switch.id == "auth").unwrap();
        for way in auth.values {
            for initial in ["if-listed", "never"] {
                let mut changed = setup.clone();
                changed.set_text("server.mechanisms=all").unwrap();
                changed.set_text(&format!("client.auth={way}")).unwrap();
                changed.set_text(&format!("client.initial-response={initial}")).unwrap();
                judge(&changed, &mut seen, &mut wrong);
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for how in [As::Greeting, As::Command, As::AuthenticateData, As::Response] {
        assert!(seen.iter().any(|(_, seen)| *seen == how), "no {how:?} was sent at all");
    }
}

#[test]
fn the_second_opinion_does_not_let_everything_pass() {
    for (octets, how) in [
        (&b"a1 LOGIN tim\r\n"[..], As::Command),
        (b"* OKAY\r\n", As::Greeting),
        (b"not base64\r\n", As::AuthenticateData),
        (b"* CAPABILITY\r\n", As::Response),
        (b"a1 NOOP\r\nrest", As::Command),
    ] {
        assert!(read(octets, how).is_err(), "{}", octets.escape_ascii());
    }
}
