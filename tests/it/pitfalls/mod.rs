//! Where simulators and checkers of transcripts go wrong: a test for each of the 106 known pitfalls, named after it. Each
//! puts real input through the engine and says what has to come out.

mod capabilities;
mod certificates;
mod framing;
mod literals;
mod passwords;
mod scoring;
mod state;

use starttls_lab::pipeline::{Judged, RuleSet, Setup, Simulated, check, judge_again, over_run, simulate};
use starttls_lab::rules::Verdict;

use starttls_lab::base::Side;
pub use starttls_lab::base::Side::{Client, Server};
use starttls_lab::rules::Outcome;
pub use starttls_lab::rules::Outcome::{CannotTell, Fail, NotApplicable, NotInForce, Pass};

/// Reads the one session of a transcript under the rules of today. A line of tildes stands for a handshake.
pub fn read(text: &str) -> Judged {
    let text: String =
        text.lines().map(|line| format!("{}\r\n", line.trim_start().replace("~~~~", TLS))).collect();
    octets(text.as_bytes())
}

/// How a transcript marks a handshake.
const TLS: &str = "<TLS negotiation, further commands are under TLS layer>";

/// The same of octets as they are.
pub fn octets(octets: &[u8]) -> Judged {
    let (mut sessions, ending) = check(octets, None, RuleSet::Today);
    assert!(ending.error.is_none(), "{:?}", ending.error);
    assert_eq!(sessions.len(), 1, "one session");
    sessions.remove(0).judged
}

/// A rule's answer about one side.
pub fn of(judged: &Judged, rule: &str, side: Side) -> Outcome {
    verdict(&judged.verdicts, rule, side).outcome
}

/// The same under the rules of 1999.
pub fn then(judged: &Judged, rule: &str, side: Side) -> Outcome {
    verdict(&judge_again(&judged.trace, &judged.facts, RuleSet::Then), rule, side).outcome
}

fn verdict<'a>(verdicts: &'a [Verdict], rule: &str, side: Side) -> &'a Verdict {
    let found = verdicts.iter().find(|v| v.rule.id == rule && v.side == side);
    found.unwrap_or_else(|| panic!("{rule} does not bind the {}", side.name()))
}

/// A transcript and a rule's answer about one side of it.
pub fn judged(text: &str, rule: &str, side: Side) -> Outcome {
    of(&read(text), rule, side)
}

/// Runs a simulation.
pub fn run(words: &str) -> Simulated {
    let setup = Setup::from_words(words).unwrap_or_else(|error| panic!("{words}: {error}"));
    simulate(&setup, RuleSet::Today)
}

/// A rule's answer over a whole run.
pub fn ran(words: &str, rule: &str, side: Side) -> Outcome {
    let run = run(words);
    let all = over_run(&run.connections);
    let found = all.iter().find(|v| v.verdict.rule.id == rule && v.verdict.side == side);
    found.unwrap_or_else(|| panic!("{rule} does not bind the {}", side.name())).verdict.outcome
}

/// The ids of the harms of a run.
pub fn harms(words: &str) -> Vec<&'static str> {
    run(words).harms.iter().map(|done| done.harm.id).collect()
}

#[test]
fn every_line_of_the_list_has_its_test() {
    let files = [
        include_str!("passwords.rs"),
        include_str!("framing.rs"),
        include_str!("literals.rs"),
        include_str!("capabilities.rs"),
        include_str!("state.rs"),
        include_str!("certificates.rs"),
        include_str!("scoring.rs"),
    ];
    let tests = files.iter().flat_map(|file| file.lines()).filter_map(|line| line.strip_prefix("fn p"));
    let numbers: Vec<u32> = tests.filter_map(|name| name.get(..3)?.parse().ok()).collect();
    assert_eq!(numbers, (1..=106).collect::<Vec<_>>());
}
