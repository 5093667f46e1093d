//! Two sessions beside each other, aligned by what the client did, with the first difference in words.

use crate::base::{Layer, Side};
use crate::trace::{Capabilities, Event, EventKind, Form, Trace};
use std::collections::BTreeSet;

/// Sessions of more steps than this are aligned from both ends only, so that the work stays within bounds.
const ALIGNED_STEPS: usize = 2_000;

/// A greeting, a handshake, a command with its answer, or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is: the command's name, or words for the rest.
    pub what: String,
    /// Whether it was inside TLS.
    pub layer: Layer,
    /// How it ended: the status word, if there was one.
    pub answer: Option<&'static str>,
    /// The capabilities that it listed, in upper case.
    pub listed: BTreeSet<String>,
    /// The connection, from 0.
    pub connection: usize,
    /// First and last place.
    pub places: (u32, u32),
}

/// A step of either session, or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the first session.
    pub left: Option<Step>,
    /// Of the second.
    pub right: Option<Step>,
    /// What differs, in a sentence; `None` where nothing does.
    pub difference: Option<String>,
}

/// Two sessions, aligned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The pairs, in order.
    pub pairs: Vec<Pair>,
    /// The first that differs.
    pub first: Option<usize>,
}

impl Comparison {
    /// The first difference in a sentence.
    #[must_use]
    pub fn announcement(&self) -> String {
        let pair = self.first.and_then(|first| self.pairs.get(first));
        match (self.first, pair.and_then(|pair| pair.difference.as_deref())) {
            (Some(first), Some(difference)) => {
                format!("The first difference is at step {}: {difference}", first.saturating_add(1))
            }
            _ => "The two sessions take the same steps.".to_owned(),
        }
    }

    /// How many pairs differ.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.pairs.iter().filter(|pair| pair.difference.is_some()).count()
    }
}

/// The steps of a session.
#[must_use]
pub fn steps(connections: &[Trace]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (connection, trace) in connections.iter().enumerate() {
        // Of each command: which event, and which step.
        let mut commands: Vec<(u32, usize)> = Vec::new();
        for event in trace.leg(Side::Client).events() {
            let mut step = |what: &str| {
                steps.push(Step {
                    what: what.to_owned(),
                    layer: event.layer,
                    answer: None,
                    listed: BTreeSet::new(),
                    connection,
                    places: event.places,
                });
            };
            match &event.kind {
                EventKind::Greeting(_) => step("greeting"),
                EventKind::Command(command) => {
                    step(&command.name);
                    commands.push((event.id, steps.len().saturating_sub(1)));
                }
                EventKind::TlsBegan => step("TLS handshake"),
                EventKind::TlsUp(_) => answer(&mut steps, "TLS handshake", "up"),
                EventKind::TlsFailed(_) => answer(&mut steps, "TLS handshake", "failed"),
                EventKind::TlsEnded(_) => step("end of TLS"),
                EventKind::LeftOver => step("octets before the handshake"),
                EventKind::Closed => step(match event.from {
                    Side::Client => "the client closes",
                    Side::Server => "the server closes",
                }),
                EventKind::Advertise(list, _) => take_list(&mut steps, list, event),
                EventKind::Reply(reply) if reply.form == Form::Final => {
                    let at = commands.iter().rev().find(|(id, _)| Some(*id) == reply.to).map(|(_, at)| *at);
                    if let Some(step) = at.and_then(|at| steps.get_mut(at)) {
                        step.answer = reply.status.map(crate::trace::Status::word);
                        step.places.1 = step.places.1.max(event.places.1);
                    }
                }
                _ => {}
            }
        }
    }
    steps
}

/// The last step of a kind has ended so.
fn answer(steps: &mut [Step], what: &str, how: &'static str) {
    if let Some(step) = steps.iter_mut().rev().find(|step| step.what == what) {
        step.answer = Some(how);
    }
}

fn take_list(steps: &mut [Step], list: &Capabilities, event: &Event) {
    if let Some(step) = steps.last_mut() {
        step.listed.extend(list.items().map(str::to_owned));
        step.places.1 = step.places.1.max(event.places.1);
    }
}

/// Puts two sessions beside each other.
#[must_use]
pub fn compare(left: &[Trace], right: &[Trace]) -> Comparison {
    let (left, right) = (steps(left), steps(right));
    let mut pairs = Vec::with_capacity(left.len().max(right.len()));
    let (mut l, mut r) = (0, 0);
    for (at_left, at_right) in aligned(&left, &right).into_iter().chain([(left.len(), right.len())]) {
        let only_left = left.get(l..at_left).unwrap_or_default().iter().cloned();
        pairs.extend(only_left.map(|step| pair(Some(step), None)));
        let only_right = right.get(r..at_right).unwrap_or_default().iter().cloned();
        pairs.extend(only_right.map(|step| pair(None, Some(step))));
        if let (Some(one), Some(other)) = (left.get(at_left), right.get(at_right)) {
            pairs.push(pair(Some(one.clone()), Some(other.clone())));
        }
        (l, r) = (at_left.saturating_add(1), at_right.saturating_add(1));
    }
    let first = pairs.iter().position(|pair| pair.difference.is_some());
    Comparison { pairs, first }
}

fn same_kind(left: &Step, right: &Step) -> bool {
    left.what == right.what && left.layer == right.layer
}

/// The longest common sequence of steps, as positions in both.
fn aligned(left: &[Step], right: &[Step]) -> Vec<(usize, usize)> {
    let head = left.iter().zip(right).take_while(|(l, r)| same_kind(l, r)).count();
    let (left_rest, right_rest) =
        (left.get(head..).unwrap_or_default(), right.get(head..).unwrap_or_default());
    let tail =
        left_rest.iter().rev().zip(right_rest.iter().rev()).take_while(|(l, r)| same_kind(l, r)).count();
    let middle_left = left_rest.get(..left_rest.len().saturating_sub(tail)).unwrap_or_default();
    let middle_right = right_rest.get(..right_rest.len().saturating_sub(tail)).unwrap_or_default();
    let mut all: Vec<_> = (0..head).map(|at| (at, at)).collect();
    if middle_left.len().max(middle_right.len()) <= ALIGNED_STEPS {
        all.extend(
            common(middle_left, middle_right)
                .into_iter()
                .map(|(l, r)| (l.saturating_add(head), r.saturating_add(head))),
        );
    }
    let ends = (0..tail).rev().map(|back| {
        let back = back.saturating_add(1);
        (left.len().saturating_sub(back), right.len().saturating_sub(back))
    });
    all.extend(ends);
    all
}

/// The longest common subsequence, by the usual table of lengths.
fn common(left: &[Step], right: &[Step]) -> Vec<(usize, usize)> {
    let width = right.len().saturating_add(1);
    let mut lengths = vec![0_u16; width.saturating_mul(left.len().saturating_add(1))];
    let at = |l: usize, r: usize| l.saturating_mul(width).saturating_add(r);
    for (l, one) in left.iter().enumerate().rev() {
        for (r, other) in right.iter().enumerate().rev() {
            let of = |l, r| lengths.get(at(l, r)).copied().unwrap_or_default();
            let (down, across) = (of(l.saturating_add(1), r), of(l, r.saturating_add(1)));
            let length = if same_kind(one, other) {
                of(l.saturating_add(1), r.saturating_add(1)).saturating_add(1)
            } else {
                down.max(across)
            };
            if let Some(cell) = lengths.get_mut(at(l, r)) {
                *cell = length;
            }
        }
    }
    let of = |l, r| lengths.get(at(l, r)).copied().unwrap_or_default();
    let (mut l, mut r, mut found) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (left.get(l), right.get(r)) {
        if same_kind(one, other) {
            found.push((l, r));
            (l, r) = (l.saturating_add(1), r.saturating_add(1));
        } else if of(l.saturating_add(1), r) >= of(l, r.saturating_add(1)) {
            l = l.saturating_add(1);
        } else {
            r = r.saturating_add(1);
        }
    }
    found
}

fn place(step: &Step) -> &'static str {
    match step.layer {
        Layer::Clear => "outside TLS",
        Layer::Tls => "inside TLS",
    }
}

fn pair(left: Option<Step>, right: Option<Step>) -> Pair {
    let difference = match (&left, &right) {
        (Some(one), Some(other)) => between(one, other),
        (Some(one), None) => Some(format!("only the first session has {} {}.", one.what, place(one))),
        (None, Some(other)) => Some(format!("only the second session has {} {}.", other.what, place(other))),
        (None, None) => None,
    };
    Pair { left, right, difference }
}

fn between(one: &Step, other: &Step) -> Option<String> {
    if one.answer != other.answer {
        let word = |step: &Step| step.answer.map_or_else(|| "nothing".to_owned(), str::to_uppercase);
        return Some(format!(
            "{} is answered {} in the first session and {} in the second.",
            one.what,
            word(one),
            word(other)
        ));
    }
    let only =
        |one: &Step, other: &Step| -> Vec<String> { one.listed.difference(&other.listed).cloned().collect() };
    let (first, second) = (only(one, other), only(other, one));
    let mut parts = Vec::new();
    for (which, items) in [("first", first), ("second", second)] {
        if !items.is_empty() {
            parts.push(format!("only the {which} session lists {}", items.join(", ")));
        }
    }
    (!parts.is_empty()).then(|| format!("at {} {}.", one.what, parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read_imap;

    const GOOD: &str = "S: * OK hello\nC: a CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: a OK done\nC: b STARTTLS\nS: b OK go\n==TLS UP==\nC: c LOGIN tim secret\nS: c OK in\nC: d LOGOUT\nS: d OK bye";

    #[test]
    fn a_session_is_like_itself() {
        let trace = [read_imap(GOOD)];
        let comparison = compare(&trace, &trace);
        assert_eq!((comparison.first, comparison.differences()), (None, 0));
        assert_eq!(comparison.announcement(), "The two sessions take the same steps.");
    }

    #[test]
    fn the_first_difference_is_said_and_what_comes_after_stays_aligned() {
        let bad = GOOD
            .replace(" STARTTLS\nS: a OK", "\nS: a OK")
            .replace("C: b STARTTLS\nS: b OK go\n==TLS UP==\n", "");
        let comparison = compare(&[read_imap(GOOD)], &[read_imap(&bad)]);
        assert_eq!(
            comparison.announcement(),
            "The first difference is at step 2: at CAPABILITY only the first session lists STARTTLS."
        );
        let only_left: Vec<_> = comparison
            .pairs
            .iter()
            .filter(|p| p.right.is_none())
            .map(|p| p.left.as_ref().unwrap().what.as_str())
            .collect();
        // The login inside TLS is another step than the one outside.
        assert_eq!(only_left, ["STARTTLS", "TLS handshake", "LOGIN", "LOGOUT"]);
    }

    #[test]
    fn another_answer_is_a_difference() {
        let refused = GOOD.replace("b OK go\n==TLS UP==", "b NO not now");
        let comparison = compare(&[read_imap(GOOD)], &[read_imap(&refused)]);
        assert_eq!(
            comparison.announcement(),
            "The first difference is at step 3: STARTTLS is answered OK in the first session and NO in the second."
        );
    }

    #[test]
    fn very_long_sessions_are_aligned_without_much_work() {
        let mut long = String::from("S: * OK hello\n");
        for number in 0..5_000 {
            long.push_str(&format!("C: t{number} NOOP\nS: t{number} OK done\n"));
        }
        let other = long.replacen("NOOP", "CHECK", 1);
        let comparison = compare(&[read_imap(&long)], &[read_imap(&other)]);
        assert_eq!(comparison.first, Some(1));
        assert_eq!(comparison.differences(), 2);
    }
}
