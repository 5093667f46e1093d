//! How fast sessions, matrices, fixes and searches are, next to a parser of others on the same messages, and how they grow:
//! `cargo xtask bench`.
//!
//! What is compared is measured in turns, so that a busy machine slows everything down alike; what counts is the ratio.
// A face: it looks at the clock and writes to the terminal.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stdout, clippy::unwrap_used)]

mod peer;

use peer::{As, read as decode};
use starttls_lab::base::{Hop, Party, Protocol, Side, Watch};
use starttls_lab::matrix::fixes::fixes;
use starttls_lab::matrix::search::{Bounds, harm, search};
use starttls_lab::matrix::{Matrix, matrix};
use starttls_lab::pipeline::{RuleSet, simulate};
use starttls_lab::sim::{self, Setup};
use starttls_lab::trace::Trace;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: u32 = 7;

/// What the work took. Where the system tells it, this is the time on the processor, so that what else the machine does
/// does not count.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (begun, on_processor) = (Instant::now(), processor());
    let done = work();
    let took = processor().zip(on_processor).map(|(now, then)| now.saturating_sub(then));
    (done, took.filter(|took| !took.is_zero()).unwrap_or_else(|| begun.elapsed()))
}

/// How long this process has been on a processor (Linux).
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

fn per_second(count: u64, took: Duration) -> u64 {
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1_000_000_000).checked_div(nanoseconds).unwrap_or_default()
}

/// How often in a second each of several things is done, the middle of several turns.
fn rates(things: &mut [(&str, &mut dyn FnMut())]) -> Vec<u64> {
    let mut found: Vec<Vec<u64>> = vec![Vec::new(); things.len()];
    // As often as it takes to see it on the clock.
    let times: Vec<u64> = things
        .iter_mut()
        .map(|(_, thing)| {
            let (_, once) = timed(|| (0..8).for_each(|_| thing()));
            (per_second(8, once) / 40).max(1)
        })
        .collect();
    for _ in 0..ROUNDS {
        for (((_, thing), times), found) in things.iter_mut().zip(&times).zip(&mut found) {
            let (_, took) = timed(|| (0..*times).for_each(|_| thing()));
            found.push(per_second(*times, took));
        }
    }
    found
        .iter_mut()
        .map(|found| {
            found.sort_unstable();
            found.get(found.len() / 2).copied().unwrap_or_default()
        })
        .collect()
}

/// The messages of a session as their senders sent them.
fn messages(traces: &[Trace]) -> Vec<(Vec<u8>, As)> {
    let mut found = Vec::new();
    for trace in traces {
        let mut last = None;
        for event in trace.events() {
            let sent = event.hop == Hop::next_to(event.from) && !event.span.is_empty();
            if sent && last != Some((event.from, event.span.start)) {
                last = Some((event.from, event.span.start));
                found.push((trace.octets(event).to_vec(), As::of(event)));
            }
        }
    }
    found
}

/// A session of one length: simulated, simulated and judged, and its messages merely decoded.
fn session(title: &str, setup: &Setup) {
    let run = sim::run(setup);
    let lines = messages(&run.connections);
    let read = lines.iter().filter(|(octets, how)| decode(octets, *how).is_ok()).count();
    let rates = rates(&mut [
        ("simulated", &mut || drop(black_box(sim::run(setup)))),
        ("judged", &mut || drop(black_box(simulate(setup, RuleSet::Today)))),
        ("decoded", &mut || {
            for (octets, how) in &lines {
                drop(decode(octets, *how));
            }
        }),
    ]);
    let [simulated, judged, decoded] = rates[..] else { return };
    println!(
        "{title}: {} messages ({read} of them decoded), {simulated} simulated, {judged} simulated and judged, {decoded} merely \
         decoded per second: judged at 1/{}.{} of decoding",
        lines.len(),
        decoded / judged.max(1),
        decoded * 10 / judged.max(1) % 10,
    );
}

fn sessions() {
    for work in ["read", "organise", "draft", "second-user"] {
        let words = "imap client=private server=strict server.unauthenticate=on";
        let mut setup = Setup::from_words(words).unwrap();
        setup.set_text(&format!("client.work={work}")).unwrap();
        session(&format!("session with the work {work}"), &setup);
    }
    for id in ["strip-capability", "response-injection", "cert-wrong-host"] {
        session(
            &format!("session under {id}"),
            &Setup::from_words(&format!("imap client=careless attack={id}")).unwrap(),
        );
    }
    // Switches that this session does not look at, so that it stays the same one.
    let mut setup = Setup::from_words("imap client=private server=strict").unwrap();
    let watch = Watch::default();
    let mut watched = setup.clone();
    (watched.client.1, watched.server.1) = (setup.client.1.watched(&watch), setup.server.1.watched(&watch));
    drop(sim::run(&watched));
    let looks = watch.looks();
    println!("a session looks at {} switches", looks.len());
    let all = Side::BOTH.into_iter().flat_map(|side| (setup.protocol.switches)(side).iter().copied());
    let idle: Vec<_> = all
        .filter(|switch| looks.iter().all(|((party, id), _)| (*party, *id) != (switch.owner, switch.id)))
        .collect();
    let mut set = 0;
    for goal in [0, 10, 20, 40, 80] {
        for switch in idle.iter().take(goal).skip(set) {
            let value = switch.values.last().unwrap();
            setup.set(switch.owner, switch.id, value).unwrap();
            set += 1;
        }
        let rates = rates(&mut [("judged", &mut || drop(black_box(simulate(&setup, RuleSet::Today))))]);
        println!(
            "with {set} switches set that it does not look at: {} simulated and judged per second",
            rates.first().unwrap()
        );
    }
}

fn matrices() {
    let mut total = Duration::ZERO;
    for protocol in Protocol::ALL {
        let (made, took): (Option<Matrix>, _) = timed(|| matrix(protocol, RuleSet::Today));
        let made = made.unwrap();
        total += took;
        println!(
            "matrix of {}: {} ms, {} attacks x {} rules, {} pairs with profiles, {} runs",
            protocol.title(),
            took.as_millis(),
            made.attacks.len(),
            made.rules.len(),
            made.pairs.len(),
            made.runs
        );
    }
    println!("matrix of all protocols: {} ms", total.as_millis());
}

fn searches() {
    for (client, goal) in [("private", "credential"), ("opportunistic", "forged")] {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.profile(Side::Client, client).unwrap();
        for moves in 1..=3 {
            let bounds = Bounds { moves, messages: 8, runs: 20_000 };
            let (searched, took) = timed(|| search(&setup, harm(goal).unwrap(), bounds, &mut |_, _| true));
            println!(
                "search of {moves} moves against {client}: {} states in {} runs, {} states per second",
                searched.states,
                searched.runs,
                per_second(searched.states, took)
            );
        }
    }
}

/// Faults are switches more that can be changed.
fn smallest_fixes() {
    for words in ["imap client=opportunistic", "imap client=legacy", "imap client=careless server=careless"] {
        let mut setup = Setup::from_words(words).unwrap();
        setup.attack("strip-capability").unwrap();
        let count = |party: Party| {
            Side::BOTH
                .into_iter()
                .find(|side| Party::from(*side) == party)
                .map_or(0, |side| (setup.protocol.switches)(side).len())
        };
        let (found, took) = timed(|| fixes(&setup));
        println!(
            "smallest fixes of {words}: {} ms, {} runs, {} sets, {} switches",
            took.as_millis(),
            found.runs,
            found.switches.len(),
            count(Party::Client) + count(Party::Server)
        );
    }
}

fn main() {
    sessions();
    matrices();
    searches();
    smallest_fixes();
}
