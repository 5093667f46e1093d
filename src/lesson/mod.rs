//! Lessons: a lesson is one text file (`docs/lesson.md`) with stories, start states, questions, and tasks whose checks look
//! at what happened in a run and at what is selected on the page. Nothing here runs anything.

mod check;
mod error;
pub mod glossary;
mod moment;
mod moves;
mod progress;
mod prose;
mod read;

pub use check::{Check, Fact, What};
pub use error::LessonError;
pub use moment::Moment;
pub use moves::Move;
pub use progress::{Answers, Progress, ProgressError, QUESTIONS, SLOTS, STEPS};
pub use prose::{Block, Span, Text, read as prose, unmarked};
pub use read::{SIZE_LIMIT, read};

use crate::sim::Setup;
use std::sync::LazyLock;

/// A lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Stable id, part of its links.
    pub id: String,
    /// A short title.
    pub title: String,
    /// What it is about, in a sentence.
    pub about: String,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// Its place in the course, from 0, which progress is noted under; a lesson of one's own has none.
    pub place: Option<usize>,
    /// It belongs to the 45 minutes; the others are for longer workshops.
    pub core: bool,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

/// A step of a lesson: it has a link of its own.
#[derive(Clone, Debug)]
pub struct Step {
    /// A short title.
    pub title: String,
    /// The line of the file where it begins, from 1.
    pub line: u32,
    /// What is on the workbench when the step begins.
    pub start: Setup,
    /// How many rows are drawn then; nothing for the first alone, `end` for all.
    pub seen: bool,
    /// The text.
    pub story: Vec<Block>,
    /// A recording to open, which is somebody's log.
    pub log: Option<String>,
    /// A question that is asked before the tasks unlock.
    pub question: Option<Question>,
    /// What there is to do, in order.
    pub tasks: Vec<Task>,
    /// Why it worked, read when all is done.
    pub after: Vec<Block>,
    /// What an instructor should know.
    pub notes: Vec<Block>,
}

/// A question with its answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub text: Text,
    /// The answers, of which one is right.
    pub answers: Vec<Answer>,
}

/// An answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it says.
    pub text: Text,
    /// Whether it is right.
    pub right: bool,
    /// Why it is right or wrong.
    pub reason: Text,
}

/// A task.
#[derive(Clone, Debug)]
pub struct Task {
    /// What to do.
    pub text: Text,
    /// The line of the file where it stands, from 1.
    pub line: u32,
    /// When it is done.
    pub done: Check,
    /// It counts only behind the tasks before it: a repair, which a healthy start would look like.
    pub then: bool,
    /// A nudge, a place to look, and the answer.
    pub hints: Vec<Text>,
    /// How it can be done, move by move.
    pub solution: Vec<Move>,
}

impl Step {
    /// Which tasks are done at a moment, when some were done before: what is done stays done, in any order but for
    /// tasks that build on the others.
    #[must_use]
    pub fn ticked(&self, known: &[bool], moment: &Moment<'_>) -> Vec<bool> {
        let mut all = true;
        let mut ticked = Vec::with_capacity(self.tasks.len());
        for (number, task) in self.tasks.iter().enumerate() {
            let was = known.get(number).copied().unwrap_or(false);
            let done = was || ((all || !task.then) && task.done.holds(moment));
            // Who has just done one thing has not yet repaired it.
            all &= was;
            ticked.push(done);
        }
        ticked
    }
}

impl Question {
    /// The number of the right answer.
    #[must_use]
    pub fn right(&self) -> Option<usize> {
        self.answers.iter().position(|answer| answer.right)
    }
}

/// The files of the course, in its order.
pub static ALL: &[(&str, &str)] = &[
    ("ready", include_str!("content/ready.md")),
    ("read-a-session", include_str!("content/read-a-session.md")),
    ("upgrade", include_str!("content/upgrade.md")),
    ("strip", include_str!("content/strip.md")),
    ("refused", include_str!("content/refused.md")),
    ("injection", include_str!("content/injection.md")),
    ("dialects", include_str!("content/dialects.md")),
    ("mystery", include_str!("content/mystery.md")),
    ("preauth", include_str!("content/preauth.md")),
    ("alerts", include_str!("content/alerts.md")),
    ("mechanisms", include_str!("content/mechanisms.md")),
    ("own-attack", include_str!("content/own-attack.md")),
    ("matrix", include_str!("content/matrix.md")),
    ("implicit", include_str!("content/implicit.md")),
    ("plain", include_str!("content/plain.md")),
    ("unauthenticate", include_str!("content/unauthenticate.md")),
];

/// The lessons of the course, in its order. A file with a mistake is left out, and a test fails.
#[must_use]
pub fn all() -> &'static [Lesson] {
    static READ: LazyLock<Vec<Lesson>> =
        LazyLock::new(|| ALL.iter().filter_map(|(_, text)| read(text).ok()).collect());
    &READ
}

/// The lesson of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Lesson> {
    all().iter().find(|lesson| lesson.id == id)
}

/// The questions at the end of the workshop.
#[must_use]
pub fn quiz() -> &'static [Question] {
    static READ: LazyLock<Vec<Question>> = LazyLock::new(|| {
        let lesson = read(include_str!("content/quiz.md")).ok();
        lesson.into_iter().flat_map(|lesson| lesson.steps).filter_map(|step| step.question).collect()
    });
    &READ
}
