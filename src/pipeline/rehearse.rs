//! Plays a lesson as its solution says, so that one which cannot be solved, or solves itself, is found before a class does.

use super::{check_log, over_run, simulate};
use crate::base::Side;
use crate::lesson::{Check, Fact, Lesson, LessonError, Moment, Move, Step, What};
use crate::rules::Outcome;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::{Class, EventKind, Note, Trace};
use crate::view::{self, Row};
use std::borrow::Cow;

/// A workbench without a screen.
#[derive(Clone, Debug)]
pub struct Desk {
    setup: Setup,
    log: Option<String>,
    opened: bool,
    rows: Vec<Row>,
    harms: Vec<&'static str>,
    logged_in: bool,
    verdicts: Vec<(&'static str, Side, Outcome, Vec<u32>)>,
    at: usize,
    reached: usize,
    selected: Option<(&'static str, Side)>,
    screens: Vec<String>,
}

/// Whether both sides of a run say that somebody is logged in.
#[must_use]
pub fn logged_in(traces: &[Trace]) -> bool {
    traces.iter().any(|trace| {
        Side::BOTH.into_iter().all(|side| {
            trace.leg(side).of(Class::Note).any(|event| {
                event.from == side && matches!(event.kind, EventKind::Note(Note::State("authenticated")))
            })
        })
    })
}

impl Desk {
    /// The workbench as a step begins.
    #[must_use]
    pub fn new(step: &Step) -> Self {
        let mut desk = Self {
            setup: step.start.clone(),
            log: step.log.clone(),
            opened: false,
            rows: Vec::new(),
            harms: Vec::new(),
            logged_in: false,
            verdicts: Vec::new(),
            at: 0,
            reached: 0,
            selected: None,
            screens: Vec::new(),
        };
        desk.run();
        if step.seen {
            desk.reached = desk.last();
        }
        desk
    }

    /// What a task sees.
    #[must_use]
    pub fn moment(&self) -> Moment<'_> {
        Moment {
            setup: &self.setup,
            log: self.opened,
            rows: self.rows.iter().collect(),
            at: self.at,
            reached: self.reached,
            harms: self.harms.clone(),
            logged_in: self.logged_in,
            verdicts: self.verdicts.iter().map(|(rule, side, outcome, _)| (*rule, *side, *outcome)).collect(),
            selected: self.selected,
            screens: &self.screens,
        }
    }

    /// Makes a move.
    ///
    /// # Errors
    /// Why it cannot be made, in a sentence.
    pub fn play(&mut self, step: &Move) -> Result<(), String> {
        let wrong = |error: crate::sim::SetupError| error.to_string();
        match step {
            Move::Protocol(protocol) => self.setup = Setup::new(*protocol).map_err(wrong)?,
            Move::Profile(side, id) => self.setup.profile(*side, id).map_err(wrong)?,
            Move::Attack(id) => {
                self.setup.attacks.clear();
                if let Some(id) = id {
                    self.setup.attack(id).map_err(wrong)?;
                }
            }
            Move::Write(custom) => self.setup.custom = Some(custom.clone()),
            Move::Set(party, id, value) => self.setup.set(*party, id, value).map_err(wrong)?,
            Move::At(what) => {
                let to = self.moment().first(what).ok_or("no row of the session is of this kind")?;
                self.at = to;
                self.reached = self.reached.max(to);
                return Ok(());
            }
            Move::Select(rule, side) => {
                let found = self.verdicts.iter().find(|(id, of, ..)| (id, of) == (rule, side));
                let (.., places) = found.ok_or_else(|| format!("there is no verdict on {rule}"))?;
                self.selected = Some((rule, *side));
                if let Some(at) =
                    places.first().and_then(|place| self.rows.iter().position(|r| r.place == *place))
                {
                    self.at = at;
                }
                return Ok(());
            }
            Move::Open(screen) => {
                self.screens.push(screen.clone());
                return Ok(());
            }
            Move::Log => {
                self.opened = true;
                if self.log.is_none() {
                    return Err("this step has no log".to_owned());
                }
            }
        }
        let over = self.reached >= self.last();
        self.run();
        self.at = self.at.min(self.last());
        self.reached = if over || self.opened { self.last() } else { self.reached.min(self.last()) };
        self.selected = None;
        Ok(())
    }

    fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    fn run(&mut self) {
        let (judged, harms) = match self.log.as_ref().filter(|_| self.opened) {
            Some(log) => {
                let (sessions, _) = check_log(log, RuleSet::default());
                (sessions.into_iter().map(|checked| checked.judged).collect(), Vec::new())
            }
            None => {
                let run = simulate(&self.setup, RuleSet::default());
                (run.connections, run.harms.iter().map(|done| done.harm.id).collect())
            }
        };
        self.harms = harms;
        let merged = over_run(&judged);
        let key = |v: super::RunVerdict| (v.verdict.rule.id, v.verdict.side, v.verdict.outcome, v.places);
        self.verdicts = merged.into_iter().map(key).collect();
        let traces: Vec<_> = judged.into_iter().map(|judged| judged.trace).collect();
        self.logged_in = logged_in(&traces);
        self.rows = view::ladder(&traces, &[]).rows;
    }
}

/// Plays every step of a lesson: nothing is done before somebody did it, and the solution does it all.
#[must_use]
pub fn rehearse(lesson: &Lesson) -> Vec<LessonError> {
    lesson.steps.iter().flat_map(rehearse_step).collect()
}

fn rehearse_step(step: &Step) -> Vec<LessonError> {
    let mut wrong = Vec::new();
    let mut desk = Desk::new(step);
    let mut tell = |line: u32, message: String| wrong.push(LessonError { line, column: 1, message });
    let mut ticked = step.ticked(&[], &desk.moment());
    for (number, task) in step.tasks.iter().enumerate() {
        if ticked.get(number) == Some(&true) {
            tell(task.line, "this task is done before anybody does it".to_owned());
        }
        for step in &task.solution {
            if let Err(why) = desk.play(step) {
                tell(task.line, format!("its solution cannot be played: {why}"));
            }
        }
        ticked = step.ticked(&ticked, &desk.moment());
        if ticked.get(number) != Some(&true) {
            let why = missing(&task.done, &desk.moment());
            tell(task.line, format!("its solution does not do it: {why}"));
        }
        // What is wrong with one task is not told of the next.
        ticked.iter_mut().take(number.saturating_add(1)).for_each(|ticked| *ticked = true);
    }
    wrong
}

/// The first part of a check that does not hold, in words.
fn missing(check: &Check, moment: &Moment<'_>) -> Cow<'static, str> {
    match check {
        Check::All(checks) => {
            let first = checks.iter().find(|check| !check.holds(moment));
            first.map_or(Cow::Borrowed("nothing is missing"), |check| missing(check, moment))
        }
        Check::Any(_) => "none of the choices holds".into(),
        Check::Not(check) => match &**check {
            Check::Is(Fact::Has(_)) => "the attacker still has it".into(),
            _ => "what must not be is still so".into(),
        },
        Check::Is(fact) => match fact {
            Fact::At(What::Says(words)) | Fact::Seen(What::Says(words)) => {
                format!("no row there says {words}").into()
            }
            Fact::At(_) | Fact::Seen(_) => "that row is not reached".into(),
            Fact::Protocol(protocol) => format!("the protocol is not {}", protocol.title()).into(),
            Fact::Profile(side, id) => format!("the {} has not the profile `{id}`", side.name()).into(),
            Fact::Switch(party, id, value) => format!("`{}.{id}` is not `{value}`", party.name()).into(),
            Fact::Attack(id) => format!("what stands in the middle is not `{id}`").into(),
            Fact::Has(id) => format!("the attacker does not get it (`{id}`)").into(),
            Fact::Rule(id, ..) => {
                format!("no verdict on {} comes out like that", id.unwrap_or("any rule")).into()
            }
            Fact::Login => "the login does not work".into(),
            Fact::Selected(id) => format!("the verdict on {id} is not selected").into(),
            Fact::Opened(screen) => format!("the screen `{screen}` was not opened").into(),
            Fact::Log => "no recording is open".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack;
    use crate::base::SwitchKind;
    use crate::lesson;

    #[test]
    fn every_lesson_can_be_solved_and_none_solves_itself() {
        for lesson in lesson::all() {
            let wrong: Vec<_> = rehearse(lesson).iter().map(ToString::to_string).collect();
            assert_eq!(wrong, Vec::<String>::new(), "{}", lesson.id);
        }
        assert_eq!(lesson::all().len(), lesson::ALL.len());
    }

    /// Whatever somebody tries first: no screen, row or switch leads to where the start of the step and its solution
    /// are out of reach.
    #[test]
    fn no_wrong_path_is_a_dead_end() {
        for lesson in lesson::all() {
            for step in &lesson.steps {
                for wrong in wrong_moves(&step.start) {
                    let mut desk = Desk::new(step);
                    let _ = desk.play(&wrong);
                    assert!(
                        desk.rows.len() > 1 || desk.opened,
                        "{}: {wrong:?} leaves nothing to look at",
                        lesson.id
                    );
                }
            }
        }
    }

    /// The attacks, profiles and settings that somebody may try first.
    fn wrong_moves(start: &Setup) -> Vec<Move> {
        let protocol = start.protocol.protocol;
        let attacks = attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol));
        let mut moves: Vec<_> = attacks.step_by(7).map(|attack| Move::Attack(Some(attack.id))).collect();
        for side in Side::BOTH {
            let profiles = (start.protocol.profiles)(side).iter();
            moves.extend(profiles.map(|profile| Move::Profile(side, profile.id.clone().into_owned())));
            let switches =
                (start.protocol.switches)(side).iter().filter(|switch| switch.kind == SwitchKind::Setting);
            moves.extend(
                switches
                    .step_by(5)
                    .filter_map(|switch| Some(Move::Set(switch.owner, switch.id, switch.values.last()?))),
            );
        }
        moves
    }

    #[test]
    fn a_lesson_that_solves_itself_or_cannot_be_solved_is_told() {
        let text = "---\nid: own\ntitle: T\nabout: A.\nminutes: 1\nstart: imap\n---\n\n# S\n\nStory.\n\n## Task\nDo it.\ndone: DONE\nhint: a\nhint: b\nhint: c\ndo: MOVE\n";
        let told = |done: &str, step: &str| {
            let lesson = lesson::read(&text.replace("DONE", done).replace("MOVE", step)).unwrap();
            rehearse(&lesson).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(told("attack(strip-capability)", "attack=strip-capability"), Vec::<String>::new());
        assert!(told("login.works", "end")[0].contains("before anybody does it"));
        assert!(told("attacker.has(password)", "end")[0].contains("its solution does not do it"));
        assert!(told("seen(tls-failed)", "at=tls-failed")[0].contains("cannot be played"));
    }
}
