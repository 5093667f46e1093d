//! What is worth going to in a session: what rules found, what somebody could read, where the ground changes.

use super::session::Session;
use crate::base::{Layer, Side};
use crate::view::{self, Band, Row, RowKind};
use std::collections::BTreeMap;
use yew::prelude::*;

/// How wide the strip is, in units of its own.
const WIDTH: usize = 600;
/// How wide a mark is in it.
const MARK: usize = 4;

/// What a row is marked for; the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// TLS begins, ends or fails, or the connection closes.
    Ground,
    /// A secret in the clear.
    Secret,
    /// A rule is broken by it.
    Broken,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Ground => "ground",
            Self::Secret => "secret",
            Self::Broken => "broken",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ground => "the ground changes",
            Self::Secret => "a secret is readable",
            Self::Broken => "a rule is broken",
        }
    }
}

/// The marked rows by index, each with the gravest of its marks.
#[must_use]
pub fn marks(session: &Session) -> BTreeMap<usize, Mark> {
    let mut marks = BTreeMap::new();
    let mut mark = |row: usize, what: Mark| {
        let known = marks.entry(row).or_insert(what);
        *known = (*known).max(what);
    };
    for (index, row) in session.rows.iter().enumerate() {
        if exposes(row) {
            mark(index, Mark::Secret);
        } else if turns(row) {
            mark(index, Mark::Ground);
        }
    }
    for found in session.broken() {
        if let Some(place) = found.places.last() {
            mark(session.index_of(*place), Mark::Broken);
        }
    }
    marks
}

/// Whether a row shows a secret outside TLS, or inside to somebody in between.
#[must_use]
pub fn exposes(row: &Row) -> bool {
    let secret = |arrow: &view::Arrow| {
        arrow.layer == Layer::Clear
            && arrow.lines.iter().flatten().any(|piece| piece.mark == view::Mark::Secret)
    };
    row.exposes
        || matches!(&row.kind, RowKind::Message { client_hop, server_hop, .. }
            if client_hop.iter().chain(server_hop).any(secret))
}

/// Whether the ground changes at a row: TLS, or the connection.
fn turns(row: &Row) -> bool {
    matches!(&row.kind, RowKind::Band(band, text) if *band != Band::Lookup && !text.is_empty())
}

/// How far playing goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// To the end.
    #[default]
    End,
    /// To the row of a place.
    Here(u32),
    /// To a row with such a mark, be it the gravest or not.
    At(Mark),
    /// To where one of the machines goes on to another state.
    State,
}

impl Stop {
    /// What playing can go to from a row of a session, each in words behind "play".
    #[must_use]
    pub fn all(session: &Session, at: usize) -> Vec<(Self, String)> {
        let place = session.place(at);
        let mut all = vec![
            (Self::End, "to the end".to_owned()),
            (Self::Here(place), ["to ", session.noun(), " ", &place.to_string()].concat()),
            (Self::At(Mark::Ground), "to a change of TLS".to_owned()),
            (Self::At(Mark::Secret), "to a readable secret".to_owned()),
            (Self::At(Mark::Broken), "to a broken rule".to_owned()),
        ];
        if session.simulated {
            all.push((Self::State, "to another state".to_owned()));
        }
        all
    }

    /// Why playing stops at a row; nothing where it goes on.
    #[must_use]
    pub fn met(self, session: &Session, at: usize) -> Option<String> {
        let row = session.row(at)?;
        let sentence = |mark: Mark| Some(mark.words().to_owned());
        match self {
            Self::End => None,
            Self::Here(place) => (row.place == place).then(|| "you chose this one".to_owned()),
            Self::At(Mark::Ground) => sentence(Mark::Ground).filter(|_| turns(row)),
            Self::At(Mark::Secret) => sentence(Mark::Secret).filter(|_| exposes(row)),
            Self::At(Mark::Broken) => {
                let here = |place: &u32| session.index_of(*place) == at;
                let broken = session.broken().find(|found| found.places.last().is_some_and(here))?;
                Some(["a rule is broken, “", broken.verdict.rule.title, "”"].concat())
            }
            Self::State => {
                let before = session.place(at.checked_sub(1)?);
                let stages = |place, side| view::stages(&session.traces, place, side);
                Side::BOTH.into_iter().find_map(|side| {
                    let now = stages(row.place, side);
                    let moved = now.len() > stages(before, side).len();
                    Some(["the ", side.name(), " is now in the state “", now.last()?, "”"].concat())
                        .filter(|_| moved)
                })
            }
        }
    }
}

/// The next mark, or the one before; behind the last comes the first again, which is told.
#[must_use]
pub fn next(marks: &BTreeMap<usize, Mark>, at: usize, on: bool) -> Option<(usize, Mark, bool)> {
    let (found, around) = if on {
        (marks.range(at.saturating_add(1)..).next(), marks.iter().next())
    } else {
        (marks.range(..at).next_back(), marks.iter().next_back())
    };
    let turned = found.is_none();
    found.or(around).map(|(row, mark)| (*row, *mark, turned))
}

/// Properties of [`Strip`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: super::session::Shared<Session>,
    /// The current row.
    pub at: usize,
    /// The last row that is drawn; what comes behind it in a simulation is not told.
    pub reached: usize,
    /// Where actions go.
    pub go: super::app::Go,
}

/// The whole session in one line, with its marks. It repeats what the ladder says and F8 does, for the eye and the hand.
#[component(Strip)]
pub fn strip(props: &Props) -> Html {
    let session = &props.session;
    let marks = use_memo(session.clone(), |session| marks(session));
    let last = session.last().max(1);
    let x = |row: usize| row.saturating_mul(WIDTH.saturating_sub(MARK)).checked_div(last).unwrap_or(0);
    // One mark for each place of the strip, the gravest.
    let mut places: BTreeMap<usize, Mark> = BTreeMap::new();
    let told = if session.simulated { props.reached } else { session.last() };
    for (row, mark) in marks.range(..=told) {
        let known = places.entry(x(*row)).or_insert(*mark);
        *known = (*known).max(*mark);
    }
    let click = {
        let go = props.go.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(strip) = event.target_dyn_into::<web_sys::Element>() else { return };
            let (width, left) = (strip.client_width().max(1), event.offset_x().max(0));
            let row = usize::try_from(left).unwrap_or(0).saturating_mul(last)
                / usize::try_from(width).unwrap_or(1).max(1);
            go.dispatch(super::state::Action::Scrub(row));
        })
    };
    html! {
        <span class="strip" aria-hidden="true" onclick={click}><svg viewBox={format!("0 0 {WIDTH} 12")} preserveAspectRatio="none">
            <rect class="line" x="0" y="5" width={WIDTH.to_string()} height="2" />
            { for places.iter().map(|(x, mark)| {
                // A broken rule reaches furthest, so that the height says it too.
                let (y, height) = match mark { Mark::Ground => ("4", "4"), Mark::Secret => ("2", "8"), Mark::Broken => ("0", "12") };
                html! { <rect key={*x} class={mark.class()} x={x.to_string()} {y} width={MARK.to_string()} {height} /> }
            }) }
            <rect class="here" x={x(props.at).to_string()} y="0" width="2" height="12" />
        </svg></span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::sim::Setup;
    use crate::spec::RuleSet;

    #[test]
    fn the_marks_are_the_loss_the_broken_rules_and_the_end_and_going_on_comes_around() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let session = Session::simulate(&setup, RuleSet::Today);
        let marks = marks(&session);
        assert!(marks.values().any(|mark| *mark >= Mark::Secret), "{marks:?}");
        for (row, mark) in &marks {
            let row = session.rows.get(*row).unwrap();
            assert!(*mark != Mark::Secret || exposes(row));
        }
        let first = *marks.keys().next().unwrap();
        let last = *marks.keys().next_back().unwrap();
        assert_eq!(next(&marks, last, true).map(|(row, _, turned)| (row, turned)), Some((first, true)));
        assert_eq!(next(&marks, first, false).map(|(row, _, turned)| (row, turned)), Some((last, true)));
        // Playing goes to each of them, and to what is not a mark.
        let at = |stop: Stop| (0..session.rows.len()).find_map(|row| Some((row, stop.met(&session, row)?)));
        let (row, why) = at(Stop::At(Mark::Broken)).unwrap();
        assert!(marks[&row] == Mark::Broken && why.starts_with("a rule is broken, “"), "{why}");
        let (secret, _) = at(Stop::At(Mark::Secret)).unwrap();
        assert!(exposes(&session.rows[secret]));
        assert_eq!(at(Stop::Here(3)).map(|(row, _)| session.place(row)), Some(3));
        let (_, why) = at(Stop::State).unwrap();
        assert!(why.starts_with("the client is now in the state “"), "{why}");
        assert_eq!(at(Stop::End), None);
        assert_eq!(Stop::all(&session, 2).len(), 6);
        // On and on, every mark is met once.
        let mut at = last;
        let mut met = Vec::new();
        for _ in 0..marks.len() {
            let (row, _, _) = next(&marks, at, true).unwrap();
            met.push(row);
            at = row;
        }
        assert_eq!(met, marks.keys().copied().collect::<Vec<_>>());
    }
}
