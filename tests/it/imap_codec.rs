//! A second opinion: every line that our machines send is read completely by imap-codec, a strict parser of others.

use crate::grid::table;
use starttls_lab::base::{Hop, Side, Switch};
use starttls_lab::pipeline::{self, Protocol, RuleSet, Setup};
use starttls_lab::proto::imap::request;
use starttls_lab::trace::{Event, EventKind, Trace};
use std::collections::BTreeSet;

#[path = "../../benches/peer/mod.rs"]
mod peer;
use peer::{As, read};

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
        let how = As::of(event);
        // A command that was given up, because its literal was refused, is none.
        let whole = !matches!(&event.kind, EventKind::Command(command) if !command.complete);
        if whole {
            found.push((trace.octets(event).to_vec(), how));
        }
    }
    assert_eq!(end as usize, trace.tape(hop, from).len(), "no octet stands behind the last message");
    found
}

/// A message that imap-codec does not read, and why.
type Unread = (Vec<u8>, As, String);

/// Runs a setup and reads what both machines sent; every message once over all runs.
fn judge(setup: &Setup, seen: &mut BTreeSet<(Vec<u8>, As)>, wrong: &mut Vec<Unread>) {
    for judged in &pipeline::simulate(setup, RuleSet::Today).connections {
        for from in Side::BOTH {
            for (octets, how) in sent(&judged.trace, from) {
                if seen.insert((octets.clone(), how))
                    && let Err(problem) = read(&octets, how)
                {
                    wrong.push((octets, how, problem));
                }
            }
        }
    }
}

/// Everything that both machines send, over every attack, every switch, every way to log in and every work.
fn everything_sent() -> (BTreeSet<(Vec<u8>, As)>, Vec<Unread>) {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    // The point of these is that no grammar has it.
    let in_grammar = |switch: &&&Switch| {
        !["empty-line-before-tls", "starttls-argument", "unauthenticate-argument"].contains(&switch.id)
    };
    for (middle, setup) in table::setups(Protocol::Imap) {
        judge(&setup, &mut seen, &mut wrong);
        // Each attack meets every pair of profiles, and every single switch meets one attack of each kind.
        let kinds = ["fail-starttls", "preauth-greeting", "response-injection"];
        if !middle.set.is_empty() || !middle.attacks.iter().all(|id| kinds.contains(id)) {
            continue;
        }
        let mut works = vec![setup.clone()];
        let alone = middle.attacks.is_empty();
        let strict = setup.client.0.id == "private" && setup.server.0.id == "strict";
        for work in ["organise", "draft", "idle", "second-user"].into_iter().filter(|_| alone && strict) {
            let mut changed = setup.clone();
            changed.set_text("server.unauthenticate=on").unwrap();
            changed.set_text("server.new-mail=on").unwrap();
            changed.set_text(&format!("client.work={work}")).unwrap();
            works.push(changed);
        }
        for setup in works {
            judge(&setup, &mut seen, &mut wrong);
            for side in Side::BOTH {
                for switch in (setup.protocol.switches)(side).iter().filter(in_grammar) {
                    for value in &switch.values[1..] {
                        let mut changed = setup.clone();
                        changed.set(side.into(), switch.id, value).unwrap();
                        judge(&changed, &mut seen, &mut wrong);
                    }
                }
            }
        }
        // Every mechanism, with and without its initial response, needs a server that has it and nobody in between.
        if !alone {
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
    (seen, wrong)
}

/// What imap-codec does not know although it is in the grammar: document, ABNF, and the form that our own reader holds it
/// to. A form is text with elements in angle brackets.
const BEYOND: &[(As, &str, &str, &str)] = &[
    (As::Command, "RFC 8437 section 3", "command-auth =/ \"UNAUTHENTICATE\"", "<tag> UNAUTHENTICATE"),
    (
        As::Command,
        "RFC 5255 section 3.6",
        "language-cmd = \"LANGUAGE\" *(SP lang-range-quoted)",
        "<tag> LANGUAGE <astring>",
    ),
    (As::Command, "RFC 4314 section 7", "myrights = \"MYRIGHTS\" SP mailbox", "<tag> MYRIGHTS <astring>"),
    (
        As::Command,
        "RFC 9051 section 9",
        "search = \"SEARCH\" [search-return-opts] SP search-program",
        "<tag> SEARCH RETURN <list> <astring>",
    ),
    (
        As::Command,
        "RFC 9051 section 9",
        "uid = \"UID\" SP (.../ search)",
        "<tag> UID SEARCH RETURN <list> <astring>",
    ),
    (As::Command, "RFC 5182 section 5", "sequence-set =/ seq-last-command; \"$\"", "<tag> FETCH $ <list>"),
    (
        As::Command,
        "RFC 5465 section 8",
        "notify = \"NOTIFY\" SP (notify-set / notify-none)",
        "<tag> NOTIFY SET <list>",
    ),
    (
        As::Command,
        "RFC 8440 section 5",
        "return-option =/ \"MYRIGHTS\"",
        "<tag> LIST <quoted> <pattern> RETURN (MYRIGHTS)",
    ),
    (
        As::Response,
        "RFC 9051 section 9",
        "esearch-response = \"ESEARCH\" [search-correlator] [SP \"UID\"] *(SP search-return-data)",
        "* ESEARCH (TAG <quoted>) ALL <set>",
    ),
    (
        As::Response,
        "RFC 5267 section 6",
        "ret-data-addto = \"ADDTO\" SP \"(\" context-position SP sequence-set *(...) \")\"",
        "* ESEARCH (TAG <quoted>) ADDTO (<number> <set>)",
    ),
    (
        As::Response,
        "RFC 5255 section 3.6",
        "language-data = \"LANGUAGE\" SP \"(\" lang-tag-quoted *(SP lang-tag-quoted) \")\"",
        "* LANGUAGE <list>",
    ),
    (
        As::Response,
        "RFC 4314 section 7",
        "myrights-data = \"MYRIGHTS\" SP mailbox SP rights",
        "* MYRIGHTS <astring> <rights>",
    ),
];

/// Reads a line by a form: what follows the last element must be the line's end.
fn fits(form: &str, line: &[u8]) -> bool {
    let Some(mut rest) = line.strip_suffix(b"\r\n") else { return false };
    let mut form = form;
    while !form.is_empty() {
        let (text, behind) = form.split_once('<').unwrap_or((form, ""));
        let Some(left) = rest.strip_prefix(text.as_bytes()) else { return false };
        rest = left;
        let Some((element, behind)) = behind.split_once('>') else { break };
        let length = match element {
            "tag" | "astring" => run(rest, |o| o.is_ascii_graphic() && !b"(){%*\"\\]".contains(&o)),
            "pattern" => run(rest, |o| o.is_ascii_graphic() && !b"(){\"\\".contains(&o)),
            "number" => run(rest, |o| o.is_ascii_digit()),
            "rights" => run(rest, |o| o.is_ascii_lowercase() || o.is_ascii_digit()),
            // No number in a set is 0, and nothing stands doubled.
            "set" => match run(rest, |o| o.is_ascii_digit() || b":,*".contains(&o)) {
                length
                    if rest[..length].split(|o| b":,".contains(o)).all(|n| !n.is_empty() && n[0] != b'0') =>
                {
                    length
                }
                _ => return false,
            },
            "quoted" => {
                match rest.strip_prefix(b"\"").and_then(|rest| rest.iter().position(|&o| o == b'"')) {
                    Some(end) => end + 2,
                    None => return false,
                }
            }
            "list" => list(rest),
            other => panic!("no element {other}"),
        };
        if length == 0 {
            return false;
        }
        rest = &rest[length..];
        form = behind;
        if form.is_empty() {
            return rest.is_empty();
        }
    }
    rest.is_empty()
}

fn run(octets: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    octets.iter().position(|&o| !fits(o)).unwrap_or(octets.len())
}

/// The length of a list in parentheses whose items are words, strings or lists, one space between two.
fn list(octets: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut before = b' ';
    for (at, &octet) in octets.iter().enumerate() {
        match octet {
            b'(' if at == 0 || before == b' ' || before == b'(' => depth += 1,
            b')' if before != b' ' => depth -= 1,
            b' ' if before != b' ' && before != b'(' => {}
            b'(' | b')' | b' ' => return 0,
            _ => {}
        }
        if depth == 0 {
            return if octet == b')' { at + 1 } else { 0 };
        }
        before = octet;
    }
    0
}

#[test]
fn a_strict_parser_reads_every_line_that_our_machines_send() {
    let (seen, wrong) = everything_sent();
    let mut used = BTreeSet::new();
    let mut problems = String::new();
    for (octets, how, problem) in wrong {
        match BEYOND.iter().position(|(of, .., form)| *of == how && fits(form, &octets)) {
            Some(at) => {
                used.insert(at);
            }
            None => problems += &format!("{how:?} {}: {problem}\n", octets.escape_ascii()),
        }
        // What a client sends our own server has to read to its end, too.
        if how == As::Command {
            let (tag, read) = request::read(octets.strip_suffix(b"\r\n").unwrap());
            assert!(read.is_ok() && octets.starts_with(&tag), "{}: {read:?}", octets.escape_ascii());
        }
    }
    assert!(problems.is_empty(), "{problems}");
    for (at, (how, document, abnf, form)) in BEYOND.iter().enumerate() {
        assert!(used.contains(&at), "{how:?} {document}, {abnf}: nothing of the form {form} was sent");
    }
    for how in [As::Greeting, As::Command, As::AuthenticateData, As::Done, As::Response] {
        assert!(seen.iter().any(|(_, seen)| *seen == how), "no {how:?} was sent at all");
    }
}

#[test]
fn our_own_forms_do_not_let_everything_pass() {
    for (form, line) in [
        ("<tag> UNAUTHENTICATE", "a UNAUTHENTICATE now\r\n"),
        ("<tag> FETCH $ <list>", "a FETCH $ (FLAGS  UID)\r\n"),
        ("<tag> FETCH $ <list>", "a FETCH $ ()x\r\n"),
        ("* ESEARCH (TAG <quoted>) ALL <set>", "* ESEARCH (TAG \"a\") ALL 0\r\n"),
        ("* ESEARCH (TAG <quoted>) ALL <set>", "* ESEARCH (TAG \"a\") ALL 1,\r\n"),
        ("* MYRIGHTS <astring> <rights>", "* MYRIGHTS a (x)\r\n"),
        ("* LANGUAGE <list>", "* LANGUAGE (\"de\")"),
    ] {
        assert!(!fits(form, line.as_bytes()), "{form} {line}");
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
