//! The keys of the page, in one list: what listens to them, what the help shows and what the palette offers are made
//! from it.

use super::attack::{Deed, Path};
use super::learn::Act;
use super::recording::{Deal, Here};
use super::state::{Action, Dialog, Tab, Turn};
use crate::attack::Act as Doing;

/// Where a command means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// On every screen.
    Everywhere,
    /// Where there is a session.
    Bench,
    /// Where the session is a log whose lines can be changed.
    Log,
    /// Where a message is held in the middle.
    Held,
    /// Where a step is shown to a room.
    Room,
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// A session.
    pub bench: bool,
    /// It is a log.
    pub log: bool,
    /// A message of it is held in the middle.
    pub held: bool,
    /// A step that is shown to a room.
    pub room: bool,
}

/// What is held down with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// Nothing; but a sign that needs Shift is itself.
    Nothing,
    /// Shift, with a key that is no sign.
    Shift,
    /// Ctrl, or the command key of a Mac.
    Ctrl,
    /// Alt.
    Alt,
}

/// Something that a key does.
#[derive(Debug)]
pub struct Command {
    /// What it does.
    pub title: &'static str,
    /// The keys, as browsers name them; any of them. A capital letter is one with Shift.
    pub keys: &'static [&'static str],
    /// With what.
    pub with: With,
    /// A single letter or sign, which people who speak to their computer switch off.
    pub single: bool,
    /// Where.
    pub at: Where,
    /// What happens; nothing where only the focus moves.
    pub act: fn() -> Option<Action>,
}

const fn key(
    title: &'static str,
    keys: &'static [&'static str],
    at: Where,
    act: fn() -> Option<Action>,
) -> Command {
    Command { title, keys, with: With::Nothing, single: false, at, act }
}

const fn single(
    title: &'static str,
    keys: &'static [&'static str],
    at: Where,
    act: fn() -> Option<Action>,
) -> Command {
    Command { title, keys, with: With::Nothing, single: true, at, act }
}

const fn chord(
    with: With,
    title: &'static str,
    keys: &'static [&'static str],
    at: Where,
    act: fn() -> Option<Action>,
) -> Command {
    Command { title, keys, with, single: false, at, act }
}

/// A change of the current line of a log.
macro_rules! line {
    ($here:ident) => {
        || Some(Action::Recording(Deal::Here(Here::$here)))
    };
}

/// All of them.
pub static ALL: &[Command] = &[
    key("One step back", &["ArrowLeft"], Where::Bench, || Some(Action::Back)),
    key("One step on", &["ArrowRight"], Where::Bench, || Some(Action::Forward)),
    key("First step", &["Home"], Where::Bench, || Some(Action::First)),
    key("Last step", &["End"], Where::Bench, || Some(Action::Last)),
    single("Play and pause", &[" "], Where::Bench, || Some(Action::Play)),
    single("One step on (j) as in other programs", &["j"], Where::Bench, || Some(Action::Forward)),
    single("One step back (k) as in other programs", &["k"], Where::Bench, || Some(Action::Back)),
    single("Show the verdicts", &["1"], Where::Bench, || Some(Action::Tab(Tab::Verdicts))),
    single("Show the states", &["2"], Where::Bench, || Some(Action::Tab(Tab::States))),
    single("Show the beliefs", &["3"], Where::Bench, || Some(Action::Tab(Tab::Beliefs))),
    single("Show the octets", &["4"], Where::Bench, || Some(Action::Tab(Tab::Bytes))),
    single("Show the switches", &["5"], Where::Bench, || Some(Action::Tab(Tab::Switches))),
    single("Share this session: link, report, file, picture", &["s"], Where::Bench, || {
        Some(Action::Dialog(Some(Dialog::Share)))
    }),
    single("Let the held message go on", &["r"], Where::Held, || {
        Some(Action::Path(Path::Decide(Deed::Release)))
    }),
    single("Keep the held message", &["d"], Where::Held, || {
        Some(Action::Path(Path::Decide(Deed::Do(Doing::Drop))))
    }),
    single("Change the held message", &["e"], Where::Held, || {
        super::input::focus(".held .edit");
        None
    }),
    key("On: the clicker’s way through a lesson", &["PageDown"], Where::Room, || {
        Some(Action::Learn(Act::Onward))
    }),
    key("Back: the clicker’s other button", &["PageUp"], Where::Room, || {
        Some(Action::Learn(Act::Backward))
    }),
    single("Show how the next task is done", &["."], Where::Room, || Some(Action::Learn(Act::Solve))),
    single("Blank the screen, or bring it back", &["b"], Where::Room, || Some(Action::Learn(Act::Blank))),
    key("The next verdict, secret or change of ground", &["F8"], Where::Bench, || Some(Action::Mark(true))),
    chord(With::Shift, "The one before", &["F8"], Where::Bench, || Some(Action::Mark(false))),
    single(
        "Find text in the session, also in rows that are folded or not drawn",
        &["/"],
        Where::Bench,
        || {
            super::input::focus(".sieve input");
            None
        },
    ),
    single("Play faster", &[">"], Where::Bench, || Some(Action::Pace(Turn::Faster))),
    single("Play to this step, or to the end again", &["p"], Where::Bench, || Some(Action::Stop(None))),
    single("Play slower", &["<"], Where::Bench, || Some(Action::Pace(Turn::Slower))),
    chord(With::Alt, "Move the current line up", &["ArrowUp"], Where::Log, line!(Up)),
    chord(With::Alt, "Move the current line down", &["ArrowDown"], Where::Log, line!(Down)),
    key("The current line once more", &["Insert"], Where::Log, line!(Double)),
    key("Away with the current line", &["Delete"], Where::Log, line!(Delete)),
    chord(With::Ctrl, "Undo the last change, up to 100 of them", &["z"], Where::Bench, || Some(Action::Undo)),
    chord(With::Ctrl, "Do it again", &["y", "Z"], Where::Bench, || Some(Action::Redo)),
    chord(With::Ctrl, "Find anything: screens, attacks, rules, lessons", &["k"], Where::Everywhere, || {
        Some(Action::Dialog(Some(Dialog::Palette)))
    }),
    key("Help about where you are", &["F1"], Where::Everywhere, || Some(Action::Dialog(Some(Dialog::Here)))),
    single("This list", &["?"], Where::Everywhere, || Some(Action::Dialog(Some(Dialog::Help)))),
];

impl Command {
    /// Whether it means something on a screen.
    #[must_use]
    pub fn fits(&self, place: Screen) -> bool {
        match self.at {
            Where::Everywhere => true,
            Where::Bench => place.bench,
            Where::Log => place.bench && place.log,
            Where::Held => place.bench && place.held,
            Where::Room => place.room,
        }
    }

    /// Its keys for people.
    #[must_use]
    pub fn shown(&self) -> String {
        let name = |key: &&str| match *key {
            "ArrowLeft" => "←".to_owned(),
            "ArrowRight" => "→".to_owned(),
            "ArrowUp" => "↑".to_owned(),
            "ArrowDown" => "↓".to_owned(),
            " " => "Space".to_owned(),
            "PageDown" => "Page down".to_owned(),
            "PageUp" => "Page up".to_owned(),
            key if self.with == With::Ctrl && key.chars().all(char::is_uppercase) => ["Shift ", key].concat(),
            key if self.with == With::Ctrl => key.to_uppercase(),
            key => key.to_owned(),
        };
        let held = match self.with {
            With::Nothing => "",
            With::Shift => "Shift ",
            With::Ctrl => "Ctrl ",
            With::Alt => "Alt ",
        };
        self.keys.iter().map(|key| [held, &name(key)].concat()).collect::<Vec<_>>().join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (at, command) in ALL.iter().enumerate() {
            for other in ALL.iter().skip(at + 1) {
                let same =
                    command.keys.iter().any(|key| other.keys.contains(key)) && command.with == other.with;
                assert!(!same, "{} and {}", command.title, other.title);
            }
            let sign = command.keys.iter().any(|key| key.chars().count() == 1);
            assert!(command.single == sign || command.with == With::Ctrl);
        }
    }
}
