//! How fast runs, matrices and searches are, and how they grow: `cargo xtask bench`.
// A face: it looks at the clock and writes to the terminal.
#![allow(clippy::disallowed_types, clippy::print_stdout, clippy::unwrap_used)]

use starttls_lab::base::{Protocol, Side};
use starttls_lab::matrix::search::{Bounds, harm, search};
use starttls_lab::matrix::{Matrix, matrix};
use starttls_lab::pipeline::{RuleSet, simulate};
use starttls_lab::sim::{self, Setup};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

fn per_second(count: u64, took: Duration) -> u64 {
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1_000_000_000).checked_div(nanoseconds).unwrap_or_default()
}

fn main() {
    let setup = Setup::new(Protocol::Imap).unwrap();
    let rounds = 2_000;
    let (_, run) = timed(|| (0..rounds).for_each(|_| drop(black_box(sim::run(&setup)))));
    let (_, judged) = timed(|| (0..rounds).for_each(|_| drop(black_box(simulate(&setup, RuleSet::Today)))));
    println!("sessions simulated: {} per second", per_second(rounds, run));
    println!("sessions simulated and judged by all rules: {} per second", per_second(rounds, judged));
    let mut total = Duration::ZERO;
    for protocol in Protocol::ALL {
        let (made, took): (Option<Matrix>, _) = timed(|| matrix(protocol, RuleSet::Today));
        let made = made.unwrap();
        total += took;
        println!(
            "matrix of {}: {} ms, {} attacks x {} rules, {} different runs",
            protocol.title(),
            took.as_millis(),
            made.attacks.len(),
            made.rules.len(),
            made.runs
        );
    }
    println!("matrix of all protocols: {} ms", total.as_millis());
    let mut private = Setup::new(Protocol::Imap).unwrap();
    private.profile(Side::Client, "private").unwrap();
    for moves in 1..=3 {
        let bounds = Bounds { moves, messages: 8, runs: 20_000 };
        let (searched, took) =
            timed(|| search(&private, harm("credential").unwrap(), bounds, &mut |_, _| true));
        println!(
            "search of {moves} moves: {} states in {} runs, {} states per second",
            searched.states,
            searched.runs,
            per_second(searched.states, took)
        );
    }
}
