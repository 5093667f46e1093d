//! What the page knows, what can happen to it, and what follows. No markup and no side effect.

use super::aside;
use super::attack::Path;
use super::first::First;
use super::fix::Fix;
use super::history::History;
use super::learn::{self, Act, Class, Learn, Place};
use super::lens::Lens;
use super::marks::{self, Stop};
use super::own::Own;
use super::plain::Tool;
use super::recording::{Asked, Deal, Source};
use super::route::{self, Route, Shown};
use super::session::{Key, Session, Shared};
use super::words;
use crate::base::{Party, Profile, Protocol, Side};
use crate::lesson::{Moment, Move, What};
use crate::pipeline::{Assumed, By, ProfileFile, Select};
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::Trace;
use crate::view::Aside;
use std::borrow::Cow;
use std::rc::Rc;
use yew::Reducible;

/// The attack that the page opens with.
const OPENING: &str = "strip-capability";

/// What stands for somebody's own profile in the lists; no built-in one has this id.
pub const OWN: &str = "your-own";

/// How the page is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system asks.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// Light or dark as the system asks, with more contrast.
    Contrast,
}

/// How fast steps follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// At half the usual pace.
    Half,
    /// The usual one.
    #[default]
    One,
    /// Twice as fast.
    Two,
    /// Four times as fast.
    Four,
}

impl Pace {
    /// All of them, the slowest first.
    pub const ALL: [Self; 4] = [Self::Half, Self::One, Self::Two, Self::Four];

    /// How long a step stays, in milliseconds.
    #[must_use]
    pub fn milliseconds(self) -> u32 {
        match self {
            Self::Half => 3200,
            Self::One => 1600,
            Self::Two => 800,
            Self::Four => 400,
        }
    }

    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Half => "½ ×",
            Self::One => "1 ×",
            Self::Two => "2 ×",
            Self::Four => "4 ×",
        }
    }

    /// Another one.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        match (self, turn) {
            (_, Turn::To(pace)) => pace,
            (Self::Half, Turn::Faster) | (Self::Two, Turn::Slower) => Self::One,
            (Self::One, Turn::Faster) => Self::Two,
            (Self::Two | Self::Four, Turn::Faster) => Self::Four,
            (Self::Four, Turn::Slower) => Self::Two,
            (Self::One | Self::Half, Turn::Slower) => Self::Half,
        }
    }
}

/// A change of pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Twice as fast.
    Faster,
    /// Half as fast.
    Slower,
    /// As fast as that.
    To(Pace),
}

/// Which panel a narrow page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The lesson that is played.
    Lesson,
    /// The verdicts.
    #[default]
    Verdicts,
    /// What the parties believe and what the attacker holds.
    Beliefs,
    /// The octets of the current row.
    Bytes,
    /// The setup, or the sessions of an import.
    Switches,
    /// The machines' states, in place of the verdicts also on a wide page.
    States,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Keys and words.
    Help,
    /// How to bring a log in.
    Import,
    /// Everything by name.
    Palette,
    /// What has the focus.
    Here,
    /// The session, to be copied or saved.
    Share,
}

/// One connection of an imported file.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it begins in the file.
    pub title: String,
    /// What its places count: lines or packets.
    pub noun: &'static str,
    /// What happened on it, as the one connection of a session.
    pub traces: Shared<Vec<Trace>>,
    /// It shows a secret outside TLS.
    pub exposes: bool,
    /// The lines in it and behind it that nothing was read from, in order.
    pub aside: Shared<Vec<Aside>>,
    /// How many more of them did not fit.
    pub left_out: u64,
    /// How many lines are known not to be of the protocol.
    pub remarks: usize,
}

/// An imported file.
#[derive(Debug)]
pub struct Log {
    /// Its name, or "pasted text".
    pub name: String,
    /// What kind of recording it is.
    pub format: String,
    /// What is said of the files beside it that were not read.
    pub refused: Vec<String>,
    /// Who speaks was guessed, because the recording does not say.
    pub guessed: bool,
    /// What it was read from, if it is one file that can be read again.
    pub source: Option<Rc<Source>>,
    /// What has to be said about it: keys that opened nothing, octets that are missing.
    pub notices: Vec<String>,
    /// What the link held that brought it, which is redacted.
    pub packed: Option<Rc<str>>,
    /// Its connections.
    pub parts: Vec<Part>,
}

/// What is being read in.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reading {
    /// Nothing.
    #[default]
    Idle,
    /// A file or a paste: name, and how much is done, in percent.
    Busy(Rc<str>, u8),
    /// The recording on the table is judged by something else: by what, and how much is done, in percent.
    Judging(By, u8),
    /// Nothing came of it: why, and where.
    Failed(Rc<str>),
}

/// What the last change of the setup changed.
#[derive(Debug, Default)]
pub struct Changed {
    /// In a sentence.
    pub sentence: String,
    /// The verdicts that are others now.
    pub verdicts: Vec<Key>,
}

/// Everything the page knows.
#[derive(Clone, Debug)]
pub struct State {
    /// The screen.
    pub route: Route,
    /// What somebody described.
    pub own: Rc<Own>,
    /// What the PLAIN tool holds.
    pub plain: Rc<Tool>,
    /// What is known of lessons.
    pub learn: Learn,
    /// How far a newcomer is with the first minute.
    pub first: First,
    /// The attack that is being written, if it is another than the one on the path.
    pub draft: Option<Rc<str>>,
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// The policies that the ends of a recording are taken to be set to.
    pub assumed: Assumed,
    /// Which verdicts are listed.
    pub select: Rc<Select>,
    /// The day, as `2026-11-21`; empty where nobody knows.
    pub today: String,
    /// What is on the table.
    pub session: Shared<Session>,
    /// The import it comes from and which of its connections, if it is not simulated.
    pub log: Option<(Shared<Log>, usize)>,
    /// How the recording is being played again, if it is.
    pub asked: Option<Rc<Asked>>,
    /// A session to compare with, and its name.
    pub kept: Option<(Rc<str>, Shared<Session>)>,
    /// What can be undone and redone.
    pub history: Rc<History>,
    /// The current row.
    pub at: usize,
    /// The last row that is drawn.
    pub reached: usize,
    /// The verdicts on the whole session are shown before its end.
    pub whole: bool,
    /// Steps follow by themselves.
    pub playing: bool,
    /// How fast.
    pub pace: Pace,
    /// How far.
    pub stop: Stop,
    /// Through whose eyes the ladder is looked at.
    pub lens: Lens,
    /// What is looked for in the rows; empty: nothing.
    pub sieve: Rc<str>,
    /// The verdict whose evidence is lit.
    pub selected: Option<Key>,
    /// What the last flip changed.
    pub changed: Option<Shared<Changed>>,
    /// What to announce, with a number so that the same words twice are two announcements.
    pub say: Rc<str>,
    /// What is being read.
    pub reading: Reading,
    /// A file hangs over the page.
    pub dragging: bool,
    /// The panel on a narrow page.
    pub tab: Tab,
    /// The colours.
    pub theme: Theme,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// Whether single keys do something.
    pub keys: bool,
}

/// What can happen.
#[derive(Debug)]
pub enum Action {
    /// An address was opened.
    Visit(String),
    /// Something was answered about somebody's own client or server.
    Own(Own),
    /// Somebody's own client or server goes on the workbench.
    Behave(ProfileFile),
    /// Something was typed or chosen in the PLAIN tool.
    Plain(Tool),
    /// Something happens to a lesson.
    Learn(Act),
    /// How far the first minute is.
    Minute(First),
    /// The change of the first minute.
    Strict,
    /// One row back.
    Back,
    /// One row on.
    Forward,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// To a row; the ones behind it are not drawn yet.
    Scrub(usize),
    /// Look at a row that is drawn.
    Look(usize),
    /// Look at the row of a place, drawing up to it.
    Jump(u32),
    /// Start or stop playing.
    Play,
    /// The next step of playing.
    Tick,
    /// Another pace.
    Pace(Turn),
    /// How far playing goes; nothing: to this row, or no more if that was so.
    Stop(Option<Stop>),
    /// To the next row with a mark, or the one before.
    Mark(bool),
    /// Other rows are looked for.
    Sieve(String),
    /// Light the evidence of a verdict, or stop.
    Select(Key),
    /// Another protocol, with the same profiles and attacks as far as it has them.
    Protocol(Protocol),
    /// Something about the attacks on the path.
    Path(Path),
    /// Something was written on an attack of one's own.
    Draft(Option<Rc<str>>),
    /// One attack and no other, or none.
    Attack(Option<&'static str>),
    /// A profile of one side.
    Profile(Side, String),
    /// A switch of a party.
    Switch(Party, &'static str, &'static str),
    /// Other eyes.
    Lens(Lens),
    /// A rule set.
    Rules(RuleSet),
    /// Other policies are assumed of the ends of a recording.
    Assume(Assumed),
    /// A finding is set aside with a reason, or counts again.
    SetAside(Key, aside::Why),
    /// Other verdicts are listed.
    Show(Select),
    /// The verdicts on the whole session at once, or as they come.
    Whole(bool),
    /// Make the proposed change.
    Apply(Fix),
    /// Something is being read.
    Read(Reading),
    /// A connection of an import, judged by something.
    Open(Shared<Log>, usize, Shared<Session>, By),
    /// The recording on the table, judged by something else.
    Judged(By, Shared<Session>),
    /// Something happens to the recording on the table.
    Recording(Deal),
    /// The last change is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
    /// The session on the table is kept to compare with.
    Keep,
    /// Back to the simulation.
    Leave,
    /// A file hangs over the page, or no more.
    Drag(bool),
    /// Another panel.
    Tab(Tab),
    /// Other colours.
    Theme(Theme),
    /// A dialog, or none.
    Dialog(Option<Dialog>),
    /// Single keys on or off.
    Keys(bool),
}

impl Log {
    /// How many of its lines nothing was read from, in words; nothing when there are none.
    #[must_use]
    pub fn unread(&self) -> Option<String> {
        let all = self.parts.iter().flat_map(|part| part.aside.iter());
        let (mut unread, mut foreign) = (0_usize, 0_usize);
        for line in all {
            let count = if line.foreign.is_some() { &mut foreign } else { &mut unread };
            *count = count.saturating_add(1);
        }
        match (unread, foreign) {
            (0, 0) => None,
            (n, 0) => Some(format!("{} not understood", words::many(n, "line"))),
            (0, n) => Some(format!("{} not covered", words::many(n, "line"))),
            (n, m) => Some(format!("{} not understood, {m} not covered", words::many(n, "line"))),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        let setup = opening();
        let rule_set = RuleSet::default();
        let session = Shared::new(Session::simulate(&setup, rule_set));
        Self {
            route: Route::default(),
            own: Rc::default(),
            plain: Rc::default(),
            learn: Learn::default(),
            first: First::default(),
            draft: None,
            setup: Shared::new(setup),
            rule_set,
            assumed: Assumed::default(),
            select: Rc::default(),
            today: String::new(),
            session,
            log: None,
            asked: None,
            kept: None,
            history: Rc::default(),
            at: 0,
            reached: 0,
            whole: false,
            playing: false,
            pace: Pace::default(),
            stop: Stop::default(),
            lens: Lens::default(),
            sieve: Rc::from(""),
            selected: None,
            changed: None,
            say: Rc::from(""),
            reading: Reading::Idle,
            dragging: false,
            tab: Tab::default(),
            theme: Theme::default(),
            dialog: None,
            keys: true,
        }
    }
}

/// The address of the workbench with a setup on it.
#[must_use]
pub fn link(setup: &Setup, place: Option<u32>, verdict: Option<Key>) -> String {
    route::address(setup, &opening(), RuleSet::default(), place, verdict)
}

/// What the page opens with.
#[allow(clippy::expect_used)]
pub(super) fn opening() -> Setup {
    let mut setup = Setup::new(Protocol::Imap).expect("IMAP has machines: a test of the registry says so");
    // Should the attack be gone one day, the page opens with an honest middle.
    let _ = setup.attack(OPENING);
    setup
}

impl State {
    /// The page as an address opens it.
    #[cfg(test)]
    pub fn at(hash: &str) -> Self {
        Self::on(hash, String::new())
    }

    /// The page as an address opens it on a day.
    #[must_use]
    pub fn on(hash: &str, today: String) -> Self {
        let mut state = Self { today, ..Self::default() };
        state.visit(hash);
        state
    }

    /// The address of this screen as it is.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.route {
            Route::Bench => self.bench(),
            Route::Learn(Place::Step(..)) => self.lesson_address(),
            route => route.hash(),
        }
    }

    /// The address of the session, which a lesson may be about.
    #[must_use]
    pub fn desk(&self) -> String {
        self.learn.class.as_ref().map_or_else(|| self.bench(), |class| class.address())
    }

    /// Where a lesson goes on, or the list of all.
    #[must_use]
    pub fn lesson_link(&self) -> String {
        let class = self.learn.class.as_ref().filter(|_| !matches!(self.route, Route::Learn(_)));
        class.map_or_else(|| Place::List.hash(), |class| class.address())
    }

    /// The address of the step that is played, with what differs from its start.
    fn lesson_address(&self) -> String {
        let here = self.route.hash();
        let start = self.learn.class.as_ref().and_then(|class| class.step().map(|step| step.start.clone()));
        let Some(start) = start.filter(|_| self.log.is_none()) else { return here };
        let place = (self.at > 0).then(|| self.session.place(self.at));
        let shown = self.shown(place, self.selected);
        let bench = route::address_of(&self.setup, &start, &shown);
        match bench.split_once('?') {
            Some((_, query)) => format!("{here}?{query}"),
            None => here,
        }
    }

    /// The address of the workbench as it is. A log is in no address, or it would leave the device with it, unless
    /// the address brought it.
    #[must_use]
    pub fn bench(&self) -> String {
        if let Some(packed) = self.log.as_ref().and_then(|(log, _)| log.packed.as_deref()) {
            return ["#/?z=", packed, &self.view(true)].concat();
        }
        let here = |place: u32| self.log.is_none().then_some(place);
        let place = (self.at > 0).then(|| self.session.place(self.at)).and_then(here);
        let verdict = self.selected.filter(|_| self.log.is_none());
        let shown = self.shown(place, verdict);
        route::address_of(&self.setup, &opening(), &shown)
    }

    fn shown(&self, place: Option<u32>, verdict: Option<(&'static str, Side)>) -> Shown<'_> {
        let By { rule_set, assumed } = self.by();
        // What is looked for in a log may be private, as the log is.
        let private = self.log.as_ref().is_some_and(|(log, _)| log.packed.is_none());
        let sieve = if private { "" } else { &self.sieve };
        let aside = if private { &[] } else { self.session.aside.accepted.as_slice() };
        Shown { rule_set, place, verdict, lens: self.lens, select: &self.select, assumed, sieve, aside }
    }

    /// How the session is looked at, as a part of an address: with the step and the verdict, or without.
    #[must_use]
    pub fn view(&self, step: bool) -> String {
        let place = (step && self.at > 0).then(|| self.session.place(self.at));
        let verdict = self.selected.filter(|_| step);
        // Whoever sends it is shown what is in it.
        let aside = &self.session.aside.accepted;
        route::view(&Shown { aside, ..self.shown(place, verdict) })
    }

    fn visit(&mut self, hash: &str) {
        // An address within the page, such as the one that skips to the session, is no screen.
        let Some((route, query)) = Route::read(hash) else { return };
        let here = self.bench();
        self.playing = false;
        // What lies over a screen belongs to it.
        self.dialog = None;
        self.route = route;
        if let Some(screen) = hash.trim_start_matches(['#', '/']).split(['/', '?']).next() {
            self.learn.change(|class| class.screens.push(screen.to_owned()));
        }
        if let Route::Learn(place) = &self.route {
            let place = place.clone();
            self.arrive(&place, &query);
            return;
        }
        if self.tab == Tab::Lesson {
            self.tab = Tab::default();
        }
        if self.route != Route::Bench
            || here.trim_start_matches("#/") == hash.trim_start_matches('#').trim_start_matches('/')
        {
            return;
        }
        self.first = First::Over;
        if !self.receive(&query) {
            let wish = route::wish(&query, &opening());
            self.take(wish);
        }
    }

    /// Puts what a link asks for on the workbench.
    fn take(&mut self, wish: route::Wish) {
        self.log = None;
        self.asked = None;
        (self.setup, self.rule_set, self.lens) = (Shared::new(wish.setup), wish.rule_set, wish.lens);
        self.select = Rc::new(wish.select);
        self.sieve = wish.sieve.into();
        self.show(Shared::new(Session::simulate(&self.setup, self.rule_set)));
        self.put_aside(self.dated(wish.aside));
        if self.session.held().is_some() {
            self.jump_to_end();
        }
        self.point(wish.verdict, wish.place, &wish.wrong);
    }

    /// Selects what a link points at, and says what of the link was not understood.
    pub(super) fn point(
        &mut self,
        verdict: Option<(&'static str, Side)>,
        place: Option<u32>,
        wrong: &[String],
    ) {
        if let Some(verdict) = verdict {
            self.whole = true;
            self.select(verdict);
        }
        let mut wrong = wrong.to_vec();
        if let Some(place) = place {
            let last = self.session.place(self.session.last());
            if place > last {
                let noun = self.session.noun();
                wrong.push(format!("there is no {noun} {place}; the last one, {last}, is shown"));
            }
            self.jump(place);
        }
        if !wrong.is_empty() {
            let sentence = format!("In this link {}. Everything else in it is shown.", wrong.join("; "));
            self.reading = Reading::Failed(sentence.into());
        }
    }

    /// What the session on the table is judged by. The ends of a simulated one say themselves how they are set.
    #[must_use]
    pub fn by(&self) -> By {
        let assumed = if self.session.simulated { Assumed::default() } else { self.assumed };
        By { rule_set: self.rule_set, assumed }
    }

    /// What a recording is judged by.
    #[must_use]
    pub fn by_of_recordings(&self) -> By {
        By { rule_set: self.rule_set, assumed: self.assumed }
    }

    /// The same, or what it is being judged by now.
    #[must_use]
    pub fn wish(&self) -> By {
        match self.reading {
            Reading::Judging(by, _) => by,
            _ => self.by(),
        }
    }

    /// The rows that the selected verdict rests on, by place.
    #[must_use]
    pub fn lit(&self) -> Vec<u32> {
        let found =
            self.session.verdicts.iter().find(|v| self.selected == Some((v.verdict.rule.id, v.verdict.side)));
        found.map(|v| v.places.clone()).unwrap_or_default()
    }

    fn step(&mut self, to: usize) {
        let to = to.min(self.session.last());
        if to < self.at && self.session.simulated {
            self.reached = to;
        }
        self.reached = self.reached.max(to);
        self.at = to;
        self.say_row();
    }

    fn back(&mut self) {
        self.step(self.session.before(self.at).unwrap_or(self.at.saturating_sub(1)));
    }

    fn forward(&mut self) {
        self.step(self.session.behind(self.at).unwrap_or(self.at.saturating_add(1)));
    }

    /// To the next row with a mark; behind the last it goes on at the first, and says so.
    fn mark(&mut self, on: bool) {
        self.playing = false;
        let Some((row, mark, turned)) = marks::next(&marks::marks(&self.session), self.at, on) else {
            self.say = "Nothing in this session is marked.".into();
            return;
        };
        let around = match (turned, on) {
            (true, true) => "From the beginning: ",
            (true, false) => "From the end: ",
            (false, _) => "",
        };
        self.jump(self.session.place(row));
        let said = [around, mark.words(), ". ", &self.say].concat();
        self.say = words::spoken(&said).into();
    }

    /// Playing stops where somebody wanted it to, and says why.
    fn halt(&mut self) {
        let Some(why) = self.stop.met(&self.session, self.at) else { return };
        self.playing = false;
        let place = self.session.place(self.at).to_string();
        let sentence = ["Stopped at ", self.session.noun(), " ", &place, ": ", &why].concat();
        self.say = words::spoken(&[&sentence, ". ", &self.say].concat()).into();
        self.changed = Some(Shared::new(Changed { sentence, verdicts: Vec::new() }));
    }

    fn stop_at(&mut self, stop: Option<Stop>) {
        let here = Stop::Here(self.session.place(self.at));
        self.stop = stop.unwrap_or(if self.stop == here { Stop::End } else { here });
        let known = Stop::all(&self.session, self.at).into_iter().find(|(stop, _)| *stop == self.stop);
        self.say = ["Plays ", known.as_ref().map_or("to the end", |(_, words)| words)].concat().into();
    }

    fn say_row(&mut self) {
        if let Some(row) = self.session.row(self.at) {
            self.say = words::spoken(&row.sentence).into();
        }
    }

    pub(super) fn jump(&mut self, place: u32) {
        let to = self.session.index_of(place);
        self.reached = self.reached.max(to);
        self.at = to;
        self.say_row();
    }

    pub(super) fn select(&mut self, key: Key) {
        if self.selected == Some(key) {
            self.selected = None;
            return;
        }
        self.selected = Some(key);
        self.playing = false;
        let lit = self.lit();
        if let (Some(first), Some(last)) = (lit.first(), lit.last()) {
            self.jump(*last);
            self.jump(*first);
        }
    }

    /// Another setup or rule set: runs at once and says what is different now.
    fn replay(&mut self, setup: Shared<Setup>, rule_set: RuleSet) {
        let session = match &self.log {
            Some(_) => self.session.judged_again(By { rule_set, assumed: self.assumed }),
            None => Session::simulate(&setup, rule_set),
        };
        self.take_its_place(session, setup, rule_set);
    }

    /// The recording on the table was judged by something else, unless another one has come there since.
    fn judged(&mut self, by: By, session: Shared<Session>) {
        self.reading = Reading::Idle;
        if session.traces != self.session.traces {
            return;
        }
        let question = self.asked.as_ref().map(|asked| asked.question.clone());
        match question.filter(|_| by.assumed != self.assumed) {
            Some(question) => {
                (self.rule_set, self.assumed) = (by.rule_set, by.assumed);
                self.what_if(&question);
            }
            None => {
                self.assumed = by.assumed;
                self.take_its_place((*session).clone(), self.setup.clone(), by.rule_set);
            }
        }
    }

    /// A session for the one on the table, of the same kind; says what is different now.
    fn take_its_place(&mut self, mut session: Session, setup: Shared<Setup>, rule_set: RuleSet) {
        session.aside = self.session.aside.clone();
        // Who has seen the end of one session sees the end of the next.
        let over = self.reached >= self.session.last();
        let changed = differences(&self.session, &session);
        self.say = words::spoken(&changed.sentence).into();
        self.changed = Some(Shared::new(changed));
        self.session = Shared::new(session);
        self.setup = setup;
        self.rule_set = rule_set;
        self.at = self.at.min(self.session.last());
        let last = self.session.last();
        self.reached = if over { last } else { self.reached.min(last).max(self.at) };
        let kept = self.selected.filter(|_| !self.lit().is_empty());
        self.selected = kept;
    }

    /// What somebody described, in a protocol, if the lists have it.
    #[must_use]
    pub fn own_profile(&self, side: Side, protocol: Protocol) -> Option<Profile> {
        self.own.listed(side).and_then(|file| file.profile(protocol))
    }

    fn behave(&mut self, file: ProfileFile) {
        let now = self.setup.protocol.protocol;
        let spoken = if file.protocols.contains(&now) { Some(now) } else { file.protocols.first().copied() };
        let mut own = (*self.own).clone();
        let side = file.side;
        own.take(file);
        self.own = Rc::new(own);
        self.route = Route::Bench;
        if self.log.is_some() {
            self.leave();
        }
        if let Some(protocol) = spoken.filter(|protocol| *protocol != now) {
            self.speak(protocol);
        }
        self.act(Action::Profile(side, OWN.to_owned()));
    }

    fn speak(&mut self, protocol: Protocol) {
        let Ok(mut setup) = Setup::new(protocol) else { return };
        for (side, profile) in [(Side::Client, &self.setup.client.0), (Side::Server, &self.setup.server.0)] {
            // A protocol without this profile or attack goes on with its default.
            let _ = setup.profile(side, &profile.id);
            // Somebody's own one goes on with it, if it speaks that.
            if self.own_profile(side, self.setup.protocol.protocol).as_ref() == Some(&**profile) {
                self.own_profile(side, protocol).into_iter().for_each(|own| setup.behave(Cow::Owned(own)));
            }
        }
        for (attack, _) in &self.setup.attacks {
            let _ = setup.attack(attack.id);
        }
        setup.custom.clone_from(&self.setup.custom);
        setup.custom_at = self.setup.custom_at;
        self.replay(Shared::new(setup), self.rule_set);
        (self.at, self.reached) = (0, 0);
    }

    fn change(&mut self, how: impl FnOnce(&mut Setup)) {
        let mut setup = (*self.setup).clone();
        how(&mut setup);
        self.replay(Shared::new(setup), self.rule_set);
    }

    /// Another path. A run that halts is shown up to there, and one that was to halt and did not is told of.
    fn path(&mut self, path: Path) {
        if matches!(path, Path::Written(_)) {
            self.draft = None;
        }
        if matches!(path, Path::Hold(None)) {
            let sentence = "Nothing comes from here on that could be held.".to_owned();
            self.say = sentence.as_str().into();
            self.changed = Some(Shared::new(Changed { sentence, verdicts: Vec::new() }));
            return;
        }
        let mut setup = (*self.setup).clone();
        let (was, said) = (setup.hold, path.done(&mut setup, &self.session));
        self.playing = false;
        self.replay(Shared::new(setup), self.rule_set);
        if let Some(met) = self.session.held() {
            let what = if met.handshake { "a handshake" } else { "a message" };
            self.say = format!("{what} of the {} is held", met.from.name()).into();
            // What has not happened yet is no change.
            self.changed = None;
            self.jump_to_end();
        } else if self.setup.hold.is_some() {
            self.setup = Shared::new(Setup { hold: None, ..(*self.setup).clone() });
        }
        if was.is_some() && self.setup.hold.is_none() {
            self.jump_to_end();
        }
        if let Some(said) = said {
            self.say = said.into();
        }
    }

    fn jump_to_end(&mut self) {
        self.at = self.session.last();
        self.reached = self.at;
    }

    /// What the session on the table is called.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.log {
            None => super::story::title(&self.setup),
            Some((log, part)) => {
                let title =
                    log.parts.get(*part).map(|part| part.title.clone()).filter(|_| log.parts.len() > 1);
                let changed = log.source.as_ref().and_then(|source| source.draft.as_ref());
                let changed = if changed.is_some_and(crate::view::Draft::changed) { ", changed" } else { "" };
                let asked = if self.asked.is_some() { ", played again" } else { "" };
                [
                    &log.name,
                    title.map(|title| format!(", {title}")).as_deref().unwrap_or_default(),
                    changed,
                    asked,
                ]
                .concat()
            }
        }
    }

    /// Says what is different from a session that was on the table before.
    pub(super) fn tell_changes(&mut self, old: &Session, before: &str) {
        // A simulated session and a recorded one differ in all.
        let alike = old.simulated == self.session.simulated;
        let mut changed = if alike { differences(old, &self.session) } else { Changed::default() };
        changed.sentence = format!("{before}{}", changed.sentence).trim_end().to_owned();
        self.say = words::spoken(&changed.sentence).into();
        self.changed = Some(Shared::new(changed));
    }

    pub(super) fn show(&mut self, session: Shared<Session>) {
        self.session = session;
        self.at = 0;
        self.reached = if self.session.simulated { 0 } else { self.session.last() };
        self.playing = false;
        self.selected = None;
        self.changed = None;
    }

    pub(super) fn open(&mut self, log: Shared<Log>, number: usize, session: Shared<Session>, judged: By) {
        self.asked = None;
        self.sieve = Rc::from("");
        let by = self.by_of_recordings();
        // What is set aside holds for all sessions of a recording.
        let same = self.log.as_ref().is_some_and(|(known, _)| *known == log);
        let aside = if same { self.session.aside.clone() } else { session.aside.clone() };
        self.show(if by == judged { session } else { Shared::new(session.judged_again(by)) });
        self.put_aside(aside);
        if self.tab == Tab::States {
            // A recording does not say which state a program is in.
            self.tab = Tab::Verdicts;
        }
        // Where there is a choice, the list of sessions is what a narrow page shows first.
        if log.parts.len() > 1 && self.log.as_ref().is_none_or(|(known, _)| *known != log) {
            self.tab = Tab::Switches;
        }
        let unread = log.unread().map(|unread| format!(", {unread}")).unwrap_or_default();
        let rows = words::many(self.session.rows.len(), "row");
        self.say = format!("{}: {}, {rows}{unread}", log.name, log.format).into();
        self.log = Some((log, number));
    }

    fn leave(&mut self) {
        self.log = None;
        self.asked = None;
        self.show(Shared::new(Session::simulate(&self.setup, self.rule_set)));
        self.say_row();
    }

    /// Opens a screen about lessons.
    fn arrive(&mut self, place: &Place, query: &str) {
        if let Place::Own = place
            && let Some((_, text)) = route::parts(query).into_iter().find(|(key, _)| *key == "t")
            && let Ok(lesson) = crate::lesson::read(&text)
        {
            self.learn.own = Some((text.into(), learn::owned(&lesson)));
        }
        let Some((id, number)) = place.step() else { return };
        let before = self.learn.class.as_ref().map(|class| (class.lesson.id.clone(), class.number));
        let Some(class) = self.learn.enter(id, number) else { return };
        self.first = First::Over;
        self.tab = Tab::Lesson;
        let known = before == Some((class.lesson.id.clone(), class.number));
        if known && query.is_empty() {
            return;
        }
        let Some(step) = class.step() else { return };
        let (start, seen) = (step.start.clone(), step.seen);
        if query.is_empty() {
            self.begin(start, seen);
        } else {
            self.take(route::wish(query, &start));
        }
    }

    /// A step as it begins.
    fn begin(&mut self, start: Setup, seen: bool) {
        self.log = None;
        self.rule_set = RuleSet::default();
        self.select = Rc::default();
        self.lens = Lens::default();
        self.sieve = Rc::from("");
        self.setup = Shared::new(start);
        self.show(Shared::new(Session::simulate(&self.setup, self.rule_set)));
        if seen {
            self.reached = self.session.last();
        }
    }

    /// What the tasks of a lesson look at.
    fn moment<'a>(&'a self, screens: &'a [String]) -> Moment<'a> {
        Moment {
            setup: &self.setup,
            log: self.log.is_some(),
            rows: self.session.rows.iter().map(|row| &**row).collect(),
            at: self.at,
            reached: self.reached,
            harms: self.session.harms.iter().map(|done| done.harm.id).collect(),
            logged_in: self.session.logged_in,
            verdicts: self
                .session
                .verdicts
                .iter()
                .map(|v| (v.verdict.rule.id, v.verdict.side, v.verdict.outcome))
                .collect(),
            selected: self.selected,
            screens,
        }
    }

    /// Ticks the tasks that are done now.
    fn tick(&mut self) {
        let Some(class) = self.learn.class.clone() else { return };
        let mut learn = std::mem::take(&mut self.learn);
        let said = learn.tick(|screens| learn::ticked(&class, &self.moment(screens)));
        self.learn = learn;
        if let Some(said) = said {
            self.say = said.into();
        }
    }

    fn teach(&mut self, act: Act) {
        match act {
            Act::Guess(answer) => self.learn.change(|class| {
                class.guess = class.guess.or(Some(answer));
                class.told = true;
            }),
            Act::Skip => self.learn.change(|class| class.skipped = true),
            Act::Hint(task) => {
                self.learn.change(|class| {
                    if let Some(open) = class.hints.get_mut(task) {
                        *open = open.saturating_add(1).min(3);
                    }
                });
                self.learn.noted();
            }
            Act::Reset => {
                let step = self
                    .learn
                    .class
                    .as_ref()
                    .and_then(|class| Class::new(class.lesson.clone(), class.number));
                let Some(class) = step else { return };
                let start = class.step().map(|step| (step.start.clone(), step.seen));
                self.learn.class = Some(Rc::new(class));
                if let Some((start, seen)) = start {
                    self.begin(start, seen);
                }
                self.say = "The step is at its beginning".into();
            }
            Act::Rail(rail) => self.learn.change(|class| class.rail = rail),
            Act::Solve => self.solve(),
            Act::Onward => self.onward(),
            Act::Backward => self.backward(),
            Act::Blank => self.learn.blank = !self.learn.blank,
            Act::Own(text, lesson) => {
                self.learn.own = lesson.map(|lesson| (text, lesson));
                self.learn.class = None;
            }
            Act::Answer(question, answer) => {
                if let Some(known) = self.learn.progress.answers.get_mut(question) {
                    *known = known.or(Some(answer));
                }
            }
            Act::Keep(keep) => self.learn.keep = keep,
            Act::Join(progress) => {
                self.learn.progress.join(&progress);
                self.say = "Progress was taken over".into();
            }
            Act::Forget => {
                self.learn = Learn { own: self.learn.own.take(), ..Learn::default() };
                self.say = "Nothing is remembered any more".into();
            }
        }
    }

    /// The next thing that the solution does: the answer to the question, then the moves of the next task.
    fn solve(&mut self) {
        let Some(class) = self.learn.class.clone() else { return };
        if !class.told || !class.unlocked() {
            self.learn.change(|class| {
                class.skipped |= class.told;
                class.told = true;
            });
            return;
        }
        let task = class.task().and_then(|task| class.step()?.tasks.get(task));
        for step in task.into_iter().flat_map(|task| &task.solution) {
            self.play_move(step);
        }
    }

    fn play_move(&mut self, step: &Move) {
        match step {
            Move::Protocol(protocol) => self.act(Action::Protocol(*protocol)),
            Move::Profile(side, id) => self.act(Action::Profile(*side, id.clone())),
            Move::Attack(id) => self.act(Action::Attack(*id)),
            Move::Write(custom) => self.act(Action::Path(Path::Written(Some(custom.clone())))),
            Move::Set(party, id, value) => self.act(Action::Switch(*party, id, value)),
            Move::At(what) => self.go_to(what),
            Move::Select(rule, side) if self.selected != Some((rule, *side)) => self.select((rule, *side)),
            Move::Select(..) => {}
            Move::Open(screen) => self.learn.change(|class| class.screens.push(screen.clone())),
            // A recording is opened by its button.
            Move::Log => {}
        }
    }

    fn go_to(&mut self, what: &What) {
        let row = self.moment(&[]).first(what);
        if let Some(row) = row {
            self.jump(self.session.place(row));
        }
    }

    /// The clicker's way: the story, the question and the session message by message, then the next step.
    fn onward(&mut self) {
        let Some(class) = self.learn.class.clone() else { return };
        if !class.told {
            self.learn.change(|class| class.told = true);
        } else if self.at < self.session.last() {
            self.forward();
        } else if class.number < class.lesson.steps.len() {
            self.visit(&Place::Present(class.lesson.id.clone(), class.number.saturating_add(1)).hash());
        }
    }

    fn backward(&mut self) {
        let Some(class) = self.learn.class.clone() else { return };
        if class.told && self.at > 0 {
            self.back();
        } else if class.told {
            self.learn.change(|class| class.told = false);
        } else if class.number > 1 {
            self.visit(&Place::Present(class.lesson.id.clone(), class.number.saturating_sub(1)).hash());
        }
    }

    /// Whether what is on the table is the session of the first minute, and its loss was seen.
    #[must_use]
    pub fn first_minute(&self) -> bool {
        let place = self.session.place(self.at);
        match self.first {
            First::Over => false,
            First::Fixed => true,
            First::Open | First::Answered(_) => {
                self.route == Route::Bench
                    && self.log.is_none()
                    && self.session.harms.iter().any(|done| done.place <= place)
            }
        }
    }

    fn act(&mut self, action: Action) {
        let changes = matches!(
            action,
            Action::Protocol(_)
                | Action::Attack(_)
                | Action::Path(_)
                | Action::Profile(..)
                | Action::Switch(..)
                | Action::Open(..)
                | Action::Behave(_)
                | Action::Apply(_)
        );
        if changes {
            // Who changes things of their own accord needs no prompt.
            self.first = First::Over;
        }
        match action {
            Action::Learn(act) => self.teach(act),
            Action::Minute(first) => self.first = first,
            Action::Strict => {
                self.act(Action::Switch(Party::Client, "tls", "required"));
                self.first = First::Fixed;
            }
            Action::Visit(hash) => self.visit(&hash),
            Action::Own(own) => self.own = Rc::new(own),
            Action::Behave(file) => self.behave(file),
            Action::Plain(tool) => self.plain = Rc::new(tool),
            Action::Back => self.back(),
            Action::Forward => self.forward(),
            Action::First => self.step(0),
            Action::Last => self.step(self.session.last()),
            Action::Scrub(to) => self.step(to),
            Action::Look(to) if to <= self.reached => {
                self.at = to;
                self.say_row();
            }
            Action::Look(_) => {}
            Action::Jump(place) => self.jump(place),
            Action::Play => {
                self.playing = !self.playing;
                if self.playing && self.at >= self.session.last() {
                    self.step(0);
                }
            }
            Action::Tick => {
                self.forward();
                self.playing = self.playing && self.at < self.session.last();
                self.halt();
            }
            Action::Stop(stop) => self.stop_at(stop),
            Action::Pace(turn) => {
                self.pace = self.pace.turned(turn);
                self.say = ["Pace: ", self.pace.words()].concat().into();
            }
            Action::Mark(on) => self.mark(on),
            Action::Sieve(wanted) => self.sieve = wanted.into(),
            Action::Select(key) => self.select(key),
            Action::Protocol(protocol) => self.speak(protocol),
            Action::Path(path) => self.path(path),
            Action::Draft(draft) => self.draft = draft,
            Action::Attack(id) => self.change(|setup| {
                setup.attacks.clear();
                (setup.custom, setup.hold) = (None, None);
                if let Some(id) = id {
                    let known = setup.attack(id);
                    debug_assert!(known.is_ok(), "{known:?}");
                }
            }),
            Action::Profile(side, id) if id == OWN => {
                let own = self.own_profile(side, self.setup.protocol.protocol);
                self.change(|setup| own.into_iter().for_each(|own| setup.behave(Cow::Owned(own))));
            }
            Action::Profile(side, id) => self.change(|setup| {
                let known = setup.profile(side, &id);
                debug_assert!(known.is_ok(), "{known:?}");
            }),
            Action::Switch(party, id, value) => self.change(|setup| {
                let known = setup.set(party, id, value);
                debug_assert!(known.is_ok(), "{known:?}");
            }),
            Action::Lens(lens) => {
                self.lens = lens;
                self.say = format!("Shown: what is readable for {}", lens.whom()).into();
            }
            Action::Rules(rule_set) => self.replay(self.setup.clone(), rule_set),
            Action::Assume(assumed) => {
                self.assumed = assumed;
                match self.asked.as_ref().map(|asked| asked.question.clone()) {
                    Some(question) => self.what_if(&question),
                    None => self.replay(self.setup.clone(), self.rule_set),
                }
            }
            Action::SetAside(key, why) => self.set_aside(key, &why),
            Action::Show(select) => self.select = Rc::new(select),
            Action::Whole(whole) => {
                self.whole = whole;
                if !whole {
                    self.selected = None;
                }
            }
            Action::Apply(fix) => self.replay(Shared::new(fix.applied(&self.setup)), self.rule_set),
            Action::Read(reading) => {
                self.dialog = self.dialog.filter(|_| reading == Reading::Idle);
                // What is said about it stands on the workbench.
                if reading != Reading::Idle && !self.route.bench() {
                    self.route = Route::Bench;
                }
                self.reading = reading;
            }
            Action::Judged(by, session) => self.judged(by, session),
            Action::Open(log, number, session, by) => {
                self.reading = Reading::Idle;
                self.dialog = None;
                if !self.route.bench() {
                    self.route = Route::Bench;
                }
                self.open(log, number, session, by);
            }
            Action::Recording(deal) => self.deal(&deal),
            Action::Undo => self.turn_back(false),
            Action::Redo => self.turn_back(true),
            Action::Keep => {
                let name = self.name();
                self.say = format!("Kept to compare with: {name}").into();
                self.kept = Some((name.into(), self.session.clone()));
            }
            Action::Leave => self.leave(),
            Action::Drag(over) => self.dragging = over,
            Action::Tab(tab) => self.tab = tab,
            Action::Theme(theme) => self.theme = theme,
            Action::Dialog(dialog) => {
                // What is shared is the session as it stands.
                self.playing = self.playing && dialog != Some(Dialog::Share);
                self.dialog = dialog;
            }
            Action::Keys(on) => self.keys = on,
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        let undoable = action.undoable();
        next.act(action);
        if undoable {
            next.remember(&self);
        }
        next.tick();
        Rc::new(next)
    }
}

/// What is different between two sessions, for the person and in the verdicts.
fn differences(old: &Session, new: &Session) -> Changed {
    let mut parts = Vec::new();
    let has = |session: &Session, id: &str| session.harms.iter().any(|done| done.harm.id == id);
    for done in old.harms.iter().filter(|done| !has(new, done.harm.id)) {
        parts.push(format!("the attacker no longer gets {}", words::gain(done.harm)));
    }
    for done in new.harms.iter().filter(|done| !has(old, done.harm.id)) {
        parts.push(format!("the attacker now gets {}", words::gain(done.harm)));
    }
    if new.simulated && old.logged_in != new.logged_in {
        parts.push(if new.logged_in { "the login works" } else { "the login does not happen" }.to_owned());
    }
    let aside = |session: &Session| session.aside.accepted.len();
    if aside(old) != aside(new) {
        parts.push(format!("{} set aside", aside(new)));
    }
    let outcome = |session: &Session, key: Key| {
        let found = session.verdicts.iter().find(|v| (v.verdict.rule.id, v.verdict.side) == key);
        found.map(|v| v.verdict.outcome)
    };
    let keys = new.verdicts.iter().map(|v| (v.verdict.rule.id, v.verdict.side));
    let verdicts: Vec<Key> = keys.filter(|&key| outcome(old, key) != outcome(new, key)).collect();
    if !verdicts.is_empty() {
        parts.push(format!(
            "{} {} different",
            words::many(verdicts.len(), "verdict"),
            if verdicts.len() == 1 { "is" } else { "are" }
        ));
    }
    let same = || {
        old.rows == new.rows || old.rows.iter().map(|r| &r.sentence).eq(new.rows.iter().map(|r| &r.sentence))
    };
    if parts.is_empty() {
        let text = if same() {
            "nothing, this session goes the same way"
        } else {
            "only what is said; the outcome is the same"
        };
        parts.push(text.to_owned());
    }
    Changed { sentence: format!("Changed: {}", parts.join("; ")), verdicts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = Action>) -> Rc<State> {
        actions.into_iter().fold(Rc::new(State::default()), State::reduce)
    }

    #[test]
    fn it_opens_paused_at_the_first_event_of_a_session_that_loses_the_password() {
        let state = State::default();
        assert_eq!((state.at, state.reached, state.playing), (0, 0, false));
        assert_eq!(state.session.harms.iter().map(|done| done.harm.id).collect::<Vec<_>>(), ["credential"]);
        assert!(state.session.middle);
    }

    #[test]
    fn steps_stay_inside_and_going_back_undraws() {
        let state = after([Action::Back]);
        assert_eq!(state.at, 0);
        let state = after([Action::Last, Action::Forward]);
        assert_eq!(state.at, state.session.last());
        let state = after([Action::Scrub(4), Action::Back]);
        assert_eq!((state.at, state.reached), (3, 3));
        let state = after([Action::Scrub(4), Action::Look(1)]);
        assert_eq!((state.at, state.reached), (1, 4));
    }

    #[test]
    fn the_fix_stops_it_and_says_so_at_the_same_step() {
        let state = after([Action::Scrub(4)]);
        let fix = crate::ui::fix::find(&state.setup).expect("a fix");
        let state = state.reduce(Action::Apply(fix));
        assert!(state.session.harms.is_empty());
        let said = &state.changed.as_ref().expect("a change").sentence;
        assert!(said.starts_with("Changed: the attacker no longer gets the password"), "{said}");
        assert!(state.at <= 4 && state.say.chars().count() <= 140);
    }

    #[test]
    fn who_has_seen_the_end_sees_the_end_of_the_next_session() {
        let state = after([Action::Last]).reduce(Action::Switch(Party::Server, "logindisabled", "off"));
        assert_eq!(state.reached, state.session.last());
        let state = after([Action::Scrub(2), Action::Switch(Party::Server, "logindisabled", "off")]);
        assert_eq!(state.reached, 2);
    }

    #[test]
    fn an_address_brings_back_setup_step_and_verdict() {
        let state = after([
            Action::Protocol(Protocol::Pop3),
            Action::Switch(Party::Client, "tls", "required"),
            Action::Scrub(2),
        ]);
        let address = state.address();
        assert_eq!(address, "#/?p=pop3&a=strip-capability&set=client.tls=required&e=3");
        let again = State::at(&address);
        assert_eq!((again.address(), again.at, again.reached), (address, 2, 2));
        assert_eq!(again.reading, Reading::Idle);
        // Elsewhere and back: nothing is lost.
        let away = state.reduce(Action::Visit("#/about".to_owned()));
        assert_eq!((away.address().as_str(), away.at), ("#/about", 2));
        let back = away.bench();
        assert_eq!(away.reduce(Action::Visit(back)).at, 2);
        assert_eq!(State::at("#/").address(), "#/");
        assert_eq!(State::at("#ladder").address(), "#/");
    }

    #[test]
    fn a_link_that_is_not_understood_says_so() {
        let state = State::at("#/?p=imap&a=nothing-of-the-kind&set=client.tls=required");
        let Reading::Failed(why) = &state.reading else { panic!("{:?}", state.reading) };
        assert!(why.starts_with("In this link there is no attack `nothing-of-the-kind`"), "{why}");
        assert!(!why.contains("there are"), "a list of all attacks helps nobody here: {why}");
        assert_eq!(state.address(), "#/?p=imap&a=none&set=client.tls=required");
        let Reading::Failed(why) = State::at("#/?e=99").reading else { panic!() };
        assert!(why.starts_with("In this link there is no event 99; the last one, "), "{why}");
    }

    #[test]
    fn an_honest_middle_gets_nothing() {
        let state = after([Action::Attack(None)]);
        assert!(state.session.harms.is_empty() && state.session.logged_in);
    }

    #[test]
    fn playing_stops_where_it_is_told_to_says_why_and_goes_on() {
        let played = |state: Rc<State>| {
            let mut state = state.reduce(Action::Play);
            for _ in 0..100 {
                if !state.playing {
                    break;
                }
                state = state.reduce(Action::Tick);
            }
            state
        };
        let state = played(after([Action::Stop(Some(Stop::At(marks::Mark::Secret)))]));
        assert!(!state.playing && state.at < state.session.last());
        assert!(marks::exposes(state.session.row(state.at).unwrap()));
        let said = "Stopped at event 5: a secret is readable";
        assert!(state.say.starts_with(said), "{}", state.say);
        assert_eq!(state.changed.as_ref().map(|changed| changed.sentence.as_str()), Some(said));
        // On from there, and there is no other.
        let state = played(state);
        assert_eq!(state.at, state.session.last());
        // To this step, and no more.
        let state = state.reduce(Action::Scrub(2)).reduce(Action::Stop(None));
        assert_eq!((state.stop, &*state.say), (Stop::Here(3), "Plays to event 3"));
        assert_eq!(played(state.reduce(Action::First)).at, 2);
        let state = after([Action::Stop(None), Action::Stop(None)]);
        assert_eq!((state.stop, &*state.say), (Stop::End, "Plays to the end"));
    }

    #[test]
    fn where_nothing_comes_that_could_be_held_that_is_said() {
        let state = after([Action::Last]);
        let at = crate::ui::attack::stop_at(&state.session, state.session.place(state.at));
        let state = state.reduce(Action::Path(Path::Hold(at)));
        let said = &state.changed.as_ref().expect("a sentence").sentence;
        assert_eq!(said, "Nothing comes from here on that could be held.");
        assert_eq!(state.setup.hold, None);
    }

    #[test]
    fn playing_stops_at_the_end_and_starts_again_from_the_first() {
        let mut state = after([Action::Play]);
        for _ in 0..100 {
            state = state.reduce(Action::Tick);
        }
        assert!(!state.playing && state.at == state.session.last());
        let state = state.reduce(Action::Play);
        assert!(state.playing && state.at == 0);
    }
}
