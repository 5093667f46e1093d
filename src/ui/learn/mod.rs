//! Lessons on the page: what the page knows of the one that is played, and what can happen to it.

mod exam;
mod kept;
mod list;
mod notes;
mod objections;
mod own;
mod player;
mod preflight;
mod present;
pub mod prose;
mod qr;
mod sheet;
mod tally;

pub use exam::Exam;
pub use kept::{forget, keep, kept};
pub use list::List;
pub use notes::{Notes, nothing};
pub use objections::Objections;
pub use own::Own;
pub use player::Player;
pub use preflight::Preflight;
pub use present::Presented;
pub use sheet::Sheet;
pub use tally::Tally;

use super::session::Shared;
use crate::lesson::{self, Lesson, Moment, Progress, Step};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a lesson of one's own is called in an address.
pub const OWN: &str = "own";

/// A screen about lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// All lessons.
    List,
    /// A step of a lesson, from 1.
    Step(String, usize),
    /// The same for a room.
    Present(String, usize),
    /// The instructor's second window.
    Notes(String, usize),
    /// Whether this device is ready.
    Preflight,
    /// What is printed: for learners, or with the answers.
    Sheet(bool),
    /// A lesson of one's own is written.
    Own,
    /// The questions at the end.
    Exam,
    /// What came of a class.
    Tally,
    /// What people say against it.
    Objections,
}

impl Place {
    /// The screen of a path.
    #[must_use]
    pub fn read(path: &[&str]) -> Option<Self> {
        let step = |text: &str| text.parse().ok().filter(|number| *number > 0);
        Some(match path {
            ["learn"] => Self::List,
            ["learn", OWN] => Self::Own,
            ["learn", id] => Self::Step((*id).to_owned(), 1),
            ["learn", id, number] => Self::Step((*id).to_owned(), step(number)?),
            ["present", id] => Self::Present((*id).to_owned(), 1),
            ["present", id, number] => Self::Present((*id).to_owned(), step(number)?),
            ["notes", id, number] => Self::Notes((*id).to_owned(), step(number)?),
            ["preflight"] => Self::Preflight,
            ["worksheet"] => Self::Sheet(false),
            ["worksheet", "key"] => Self::Sheet(true),
            ["quiz"] => Self::Exam,
            ["tally"] => Self::Tally,
            ["objections"] => Self::Objections,
            _ => return None,
        })
    }

    /// Its address.
    #[must_use]
    pub fn hash(&self) -> String {
        match self {
            Self::List => "#/learn".to_owned(),
            Self::Step(id, number) => format!("#/learn/{id}/{number}"),
            Self::Present(id, number) => format!("#/present/{id}/{number}"),
            Self::Notes(id, number) => format!("#/notes/{id}/{number}"),
            Self::Preflight => "#/preflight".to_owned(),
            Self::Sheet(false) => "#/worksheet".to_owned(),
            Self::Sheet(true) => "#/worksheet/key".to_owned(),
            Self::Own => "#/learn/own".to_owned(),
            Self::Exam => "#/quiz".to_owned(),
            Self::Tally => "#/tally".to_owned(),
            Self::Objections => "#/objections".to_owned(),
        }
    }

    /// The step that is on the workbench there.
    #[must_use]
    pub fn step(&self) -> Option<(&str, usize)> {
        match self {
            Self::Step(id, number) | Self::Present(id, number) => Some((id, *number)),
            _ => None,
        }
    }

    /// The title of the window there.
    #[must_use]
    pub fn title(&self) -> String {
        let of = |id: &str, number: usize| {
            let title = lesson::find(id).map_or("Own lesson", |lesson| &*lesson.title);
            format!("{title}, step {number}")
        };
        match self {
            Self::List => "Lessons".to_owned(),
            Self::Step(id, number) => of(id, *number),
            Self::Present(id, number) => format!("{}, presented", of(id, *number)),
            Self::Notes(id, number) => format!("Notes: {}", of(id, *number)),
            Self::Preflight => "Room check".to_owned(),
            Self::Sheet(false) => "Worksheet".to_owned(),
            Self::Sheet(true) => "Worksheet with answers".to_owned(),
            Self::Own => "Your own lesson".to_owned(),
            Self::Exam => "Questions".to_owned(),
            Self::Tally => "Tally".to_owned(),
            Self::Objections => "Objections".to_owned(),
        }
    }
}

/// A step that is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its lesson.
    pub lesson: Shared<Lesson>,
    /// Its number, from 1.
    pub number: usize,
    /// Which tasks are done.
    pub ticked: Vec<bool>,
    /// The answer to the question that was chosen first.
    pub guess: Option<usize>,
    /// The question was passed over.
    pub skipped: bool,
    /// How many hints of each task are open.
    pub hints: Vec<usize>,
    /// The screens that were opened since it began.
    pub screens: Vec<String>,
    /// Who plays is shown in the lesson's place on a wide page.
    pub rail: bool,
    /// A room has heard the story and is asked now.
    pub told: bool,
}

impl Class {
    /// A step as it begins, if the lesson has it.
    #[must_use]
    pub fn new(lesson: Shared<Lesson>, number: usize) -> Option<Self> {
        let tasks = lesson.steps.get(number.checked_sub(1)?)?.tasks.len();
        Some(Self {
            lesson,
            number,
            ticked: vec![false; tasks],
            guess: None,
            skipped: false,
            hints: vec![0; tasks],
            screens: Vec::new(),
            rail: false,
            told: false,
        })
    }

    /// The step.
    #[must_use]
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.number.checked_sub(1)?)
    }

    /// The question is answered or passed over, or there is none.
    #[must_use]
    pub fn unlocked(&self) -> bool {
        self.guess.is_some() || self.skipped || self.step().is_some_and(|step| step.question.is_none())
    }

    /// All that there was to do is done.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.unlocked() && self.ticked.iter().all(|done| *done)
    }

    /// The first task that is not done.
    #[must_use]
    pub fn task(&self) -> Option<usize> {
        self.ticked.iter().position(|done| !done)
    }

    /// A room still hears the story.
    #[must_use]
    pub fn opening(&self) -> bool {
        !self.told
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        Place::Step(self.lesson.id.clone(), self.number).hash()
    }

    fn key(&self) -> (String, usize) {
        (self.lesson.id.clone(), self.number)
    }
}

/// What the page knows of lessons.
#[derive(Clone, Debug, Default)]
pub struct Learn {
    /// The step that is played.
    pub class: Option<Rc<Class>>,
    /// The steps that were left, as they were left.
    pub past: BTreeMap<(String, usize), Rc<Class>>,
    /// A lesson of one's own: its text and, when it could be read, itself.
    pub own: Option<(Rc<str>, Shared<Lesson>)>,
    /// How far somebody came.
    pub progress: Progress,
    /// This may stay on the device.
    pub keep: bool,
    /// The screen of a room is blank.
    pub blank: bool,
}

/// What can happen to a lesson.
#[derive(Debug)]
pub enum Act {
    /// The question is answered.
    Guess(usize),
    /// The question is passed over.
    Skip,
    /// The next hint of a task.
    Hint(usize),
    /// The step from its beginning.
    Reset,
    /// Who plays, or the lesson.
    Rail(bool),
    /// The next move of the solution.
    Solve,
    /// One row on, and at the end the next step: the clicker's way forward.
    Onward,
    /// One row back, and at the beginning the step before.
    Backward,
    /// The screen goes blank, or comes back.
    Blank,
    /// A lesson of one's own was written: its text, and the lesson where it can be read.
    Own(Rc<str>, Option<Shared<Lesson>>),
    /// A question at the end is answered.
    Answer(usize, u8),
    /// Progress may stay on the device, or may not any more.
    Keep(bool),
    /// Progress from elsewhere.
    Join(Progress),
    /// Nothing was ever done.
    Forget,
}

impl Learn {
    /// A lesson by its id in an address.
    #[must_use]
    pub fn lesson(&self, id: &str) -> Option<Shared<Lesson>> {
        if id == OWN {
            return self.own.as_ref().map(|(_, lesson)| lesson.clone());
        }
        let open = self.class.iter().map(|class| &class.lesson).find(|lesson| lesson.id == id);
        open.cloned().or_else(|| lesson::find(id).map(|lesson| Shared::new(lesson.clone())))
    }

    /// Goes to a step: as it was left, or anew. Nothing when there is no such step.
    pub fn enter(&mut self, id: &str, number: usize) -> Option<Rc<Class>> {
        let lesson = self.lesson(id)?;
        if let Some(class) = self.class.take() {
            self.past.insert(class.key(), class);
        }
        let known = self.past.remove(&(lesson.id.clone(), number));
        let class = match known.filter(|class| class.lesson.id != OWN || class.lesson == lesson) {
            Some(class) => class,
            None => Rc::new(Class::new(lesson, number)?),
        };
        self.class = Some(class.clone());
        Some(class)
    }

    /// Changes the step that is played.
    pub fn change(&mut self, how: impl FnOnce(&mut Class)) {
        if let Some(class) = &self.class {
            let mut next = (**class).clone();
            how(&mut next);
            self.class = Some(Rc::new(next));
        }
    }

    /// Notes the hints that were opened.
    pub fn noted(&mut self) {
        let Some(class) = &self.class else { return };
        let level = class.hints.iter().max().copied().unwrap_or_default();
        if let Some(place) = class.lesson.place {
            self.progress.hinted(place, u8::try_from(level).unwrap_or(3));
        }
    }

    /// Ticks what is done now. Returns what to say when something new is.
    pub fn tick(&mut self, moment: impl FnOnce(&[String]) -> Option<Vec<bool>>) -> Option<String> {
        let class = self.class.clone()?;
        if !class.unlocked() {
            return None;
        }
        let ticked = match class.ticked.iter().all(|done| *done) {
            true => class.ticked.clone(),
            false => moment(&class.screens)?,
        };
        let new = ticked.iter().zip(&class.ticked).filter(|(now, was)| now != was).count();
        if new > 0 {
            self.change(|class| class.ticked = ticked);
        }
        let class = self.class.clone()?;
        if class.finished()
            && let Some(place) = class.lesson.place
        {
            self.progress.finish(place, class.number.saturating_sub(1));
        }
        let open = class.ticked.iter().filter(|done| !**done).count();
        (new > 0).then(|| match open {
            0 => "Task done. That was the last one of this step.".to_owned(),
            1 => "Task done. One is left.".to_owned(),
            open => format!("Task done. {open} are left."),
        })
    }
}

/// A lesson of one's own: it has no place in the course, and an address that is nobody else's.
#[must_use]
pub fn owned(lesson: &Lesson) -> Shared<Lesson> {
    Shared::new(Lesson { id: OWN.to_owned(), place: None, ..lesson.clone() })
}

/// Which tasks of a step are done at a moment.
#[must_use]
pub fn ticked(class: &Class, moment: &Moment<'_>) -> Option<Vec<bool>> {
    Some(class.step()?.ticked(&class.ticked, moment))
}
