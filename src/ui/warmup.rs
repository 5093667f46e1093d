//! In a browser the first run of a function includes its compilation, which takes a hundred times as long as the run.
//! So what the page opens with is played beforehand, a part in each task and for nothing but that: no task is long then,
//! and a key or a finger is answered in between.

use super::state;
use crate::base::Side;
use crate::facts::Facts;
use crate::pipeline;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::Trace;
use crate::view;
use gloo_timers::callback::Timeout;

/// At so many messages the run halts the first times.
const HALTS: [u32; 3] = [0, 2, 4];

/// So many answers of rules are a task.
const ANSWERS: usize = 16;

/// What is played next.
enum Part {
    /// The session, which halts at one of [`HALTS`].
    Halted(usize),
    /// The whole session.
    Whole,
    /// The facts of its first connection.
    Facts(Vec<Trace>),
    /// Answers about it, behind those that there are.
    Answers(Vec<Trace>, Box<[Facts; 2]>, usize),
    /// Its rows.
    Rows(Vec<Trace>),
}

/// Plays the opening, and does what is to be done then.
pub fn warm(then: impl FnOnce() + 'static) {
    go_on(Part::Halted(0), then);
}

fn go_on(part: Part, then: impl FnOnce() + 'static) {
    Timeout::new(0, move || match played(part) {
        Some(next) => go_on(next, then),
        None => then(),
    })
    .forget();
}

/// Plays a part: what comes behind it.
fn played(part: Part) -> Option<Part> {
    match part {
        Part::Halted(turn) => {
            let Some(halt) = HALTS.get(turn) else { return Some(Part::Whole) };
            let setup = Setup { hold: Some(*halt), ..state::opening() };
            drop(pipeline::unjudged(&setup));
            Some(Part::Halted(turn.saturating_add(1)))
        }
        Part::Whole => Some(Part::Facts(pipeline::unjudged(&state::opening()))),
        Part::Facts(traces) => {
            let trace = traces.first()?;
            let facts = Box::new(Side::BOTH.map(|side| Facts::of(trace, side)));
            Some(Part::Answers(traces, facts, 0))
        }
        Part::Answers(traces, facts, done) => {
            let trace = traces.first()?;
            let [client, server] = &*facts;
            let answers = pipeline::judging(trace, [client, server], RuleSet::default());
            if answers.skip(done).take(ANSWERS).count() < ANSWERS {
                return Some(Part::Rows(traces));
            }
            Some(Part::Answers(traces, facts, done.saturating_add(ANSWERS)))
        }
        Part::Rows(traces) => {
            drop(view::ladder(&traces, &[]));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_opening_is_played() {
        let mut part = Part::Halted(0);
        let (mut halted, mut answers) = (0, 0);
        loop {
            match &part {
                Part::Halted(_) => halted += 1,
                Part::Answers(.., done) => answers = *done,
                Part::Rows(traces) => assert!(!traces.is_empty()),
                Part::Whole | Part::Facts(_) => {}
            }
            let Some(next) = played(part) else { break };
            part = next;
        }
        assert_eq!(halted, HALTS.len() + 1);
        assert!(answers >= 5 * ANSWERS, "{answers}");
    }

    #[test]
    fn each_halt_comes_later_than_the_one_before() {
        let length = |hold| {
            let traces = pipeline::unjudged(&Setup { hold, ..state::opening() });
            traces.iter().map(|trace| trace.events().len()).sum::<usize>()
        };
        let [first, second, third] = HALTS.map(|halt| length(Some(halt)));
        assert!(first < second && second < third && third < length(None), "{first} {second} {third}");
    }
}
