//! Which rows of a long session are drawn: those that somebody looks for with what is around them, and one for many alike.

use super::app::Go;
use super::marks;
use super::session::{Session, Shared};
use super::state::Action;
use super::words;
use crate::base::{Layer, Side, order};
use crate::view::{Arrow, Change, Row, RowKind};
use std::collections::BTreeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// So many rows before and behind a match are drawn with it.
const AROUND: usize = 2;
/// So many alike in a row are folded.
const ALIKE: usize = 5;

/// What the ladder draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A row by its index.
    Row(usize),
    /// Rows that are passed over: so many.
    Passed(usize),
    /// Rows that are alike, first and last index, and how they begin.
    Alike(usize, usize, String),
}

/// The rows that are looked for, each with whether it is a match or only near one; nothing: all of them are shown.
/// Words are looked for together; ` or ` parts what may be found instead.
#[must_use]
pub fn sift(rows: &[Shared<Row>], wanted: &str, at: usize) -> Option<(Vec<usize>, usize)> {
    let wanted = wanted.to_lowercase();
    let terms: Vec<Vec<&str>> = wanted
        .split(" or ")
        .map(|term| term.split_whitespace().collect::<Vec<_>>())
        .filter(|term| !term.is_empty())
        .collect();
    if terms.is_empty() {
        return None;
    }
    let mut kept = BTreeSet::new();
    let mut found = 0_usize;
    for (index, row) in rows.iter().enumerate() {
        let text = said(row);
        if terms.iter().any(|term| term.iter().all(|word| text.contains(word))) {
            found = found.saturating_add(1);
            kept.extend(
                index.saturating_sub(AROUND)..=index.saturating_add(AROUND).min(rows.len().saturating_sub(1)),
            );
        }
    }
    // Where one stands is never out of sight.
    kept.insert(at.min(rows.len().saturating_sub(1)));
    Some((kept.into_iter().collect(), found))
}

/// All that a row says, in small letters.
fn said(row: &Row) -> String {
    let mut text = row.sentence.to_lowercase();
    text.push(' ');
    text.push_str(&words::gist(row).to_lowercase());
    if marks::exposes(row) {
        text.push_str(" secret");
    }
    text
}

/// How alike rows are folded.
#[derive(Debug)]
pub struct Folds<'a> {
    /// The folds that were opened, by their first row.
    pub open: &'a BTreeSet<usize>,
    /// What makes each row of a stretch alike to others.
    pub shapes: &'a [Option<Shape>],
    /// The first row of the stretch.
    pub from: usize,
}

impl Folds<'_> {
    fn shape(&self, row: usize) -> Option<&Shape> {
        self.shapes.get(row.checked_sub(self.from)?)?.as_ref()
    }
}

/// What is drawn of some rows, in order: what is between them is one line, and so are many alike that nothing is said of.
#[must_use]
pub fn items(kept: &[usize], folds: Option<&Folds<'_>>, stay: &dyn Fn(usize) -> bool) -> Vec<Item> {
    let mut items = Vec::with_capacity(kept.len());
    let mut at = 0_usize;
    let mut next = kept.first().copied().unwrap_or(0);
    while let Some(&index) = kept.get(at) {
        if index > next {
            items.push(Item::Passed(index.saturating_sub(next)));
        }
        let like = |row: usize| folds.and_then(|folds| folds.shape(row)).filter(|_| !stay(row));
        let first = like(index);
        let mut behind = at.saturating_add(1);
        while let (Some(_), Some(&other)) = (first, kept.get(behind)) {
            if like(other) != first {
                break;
            }
            behind = behind.saturating_add(1);
        }
        let last = kept.get(behind.saturating_sub(1)).copied().unwrap_or(index);
        let open = folds.is_none_or(|folds| folds.open.contains(&index));
        match first {
            Some(Shape(.., like)) if !open && behind.saturating_sub(at) >= ALIKE => {
                items.push(Item::Row(index));
                items.push(Item::Alike(index.saturating_add(1), last, like.clone()));
            }
            _ => items.extend(kept.get(at..behind).unwrap_or_default().iter().map(|index| Item::Row(*index))),
        }
        next = last.saturating_add(1);
        at = behind;
    }
    items
}

/// What makes rows alike: who speaks on which connection, inside what, and how it begins with its numbers left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(Side, usize, Layer, String);

/// The shapes of a stretch of rows; a row of which anything is said has none.
#[must_use]
pub fn shapes(session: &Session, from: usize, to: usize) -> Vec<Option<Shape>> {
    session.rows.get(from..to).unwrap_or_default().iter().map(|row| shape(row)).collect()
}

fn shape(row: &Row) -> Option<Shape> {
    let RowKind::Message { from, client_hop, change: Change::None, early: false, malformed: None, .. } =
        &row.kind
    else {
        return None;
    };
    if !row.notes.is_empty() || marks::exposes(row) {
        return None;
    }
    let begins = client_hop.as_ref().map(beginning)?;
    Some(Shape(*from, row.connection, row.layer, begins))
}

fn beginning(arrow: &Arrow) -> String {
    let line: String = arrow.lines.first().into_iter().flatten().map(|piece| piece.text.as_str()).collect();
    let numberless = |word: &str| -> String {
        let mut text = String::new();
        for letter in word.chars() {
            match (letter.is_ascii_digit(), text.ends_with('…')) {
                (true, true) => {}
                (true, false) => text.push('…'),
                (false, _) => text.push(letter),
            }
        }
        text
    };
    let words: Vec<String> = line.split_whitespace().take(3).map(numberless).collect();
    // A number says less than what it counts.
    let enough = if words.get(1).is_some_and(|word| word == "…") { 3 } else { 2 };
    words.into_iter().take(enough).collect::<Vec<_>>().join(" ")
}

/// The rows that a broken rule rests on: they are never folded away.
#[must_use]
pub fn evidence(session: &Session) -> BTreeSet<usize> {
    order::collect(
        session.broken().flat_map(|found| found.places.iter().map(|place| session.index_of(*place))),
    )
}

/// Properties of [`Sieve`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is looked for.
    pub wanted: AttrValue,
    /// How many rows hold it, if something is looked for.
    pub found: Option<usize>,
    /// Where actions go.
    pub go: Go,
}

/// The field.
#[component(Sieve)]
pub fn sieve(props: &Props) -> Html {
    let typed = {
        let go = props.go.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                go.dispatch(Action::Sieve(input.value()));
            }
        })
    };
    // Out of the field again, by the key that leaves everything.
    let leave = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            super::input::focus("#ladder");
        }
    });
    let clear = {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| {
            go.dispatch(Action::Sieve(String::new()));
            super::input::focus(".sieve input");
        })
    };
    html! {
        <div class="sieve">
            <label for="sieve">{ "Find rows" }</label>
            <input id="sieve" type="text" inputmode="search" value={props.wanted.clone()} oninput={typed} onkeydown={leave} placeholder="secret or starttls" autocomplete="off"
                autocapitalize="none" spellcheck="false" title="Words that a row has to hold; “or” between them for either (/)" />
            if let Some(found) = props.found {
                <span role="status">{ match found { 0 => "no row".to_owned(), found => words::many(found, "row") } }</span>
                <button type="button" class="plain" onclick={clear}>{ "Clear" }</button>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::RuleSet;
    use crate::ui::reading;
    use crate::ui::state::State;

    fn log(text: &str) -> Session {
        let log = reading::text("a.log", text.into()).unwrap();
        Session::imported(&log.parts[0], RuleSet::Today)
    }

    fn drawn(
        session: &Session,
        kept: &[usize],
        open: Option<&BTreeSet<usize>>,
        stay: &dyn Fn(usize) -> bool,
    ) -> Vec<Item> {
        let shapes = shapes(session, 0, session.rows.len());
        items(kept, open.map(|open| Folds { open, shapes: &shapes, from: 0 }).as_ref(), stay)
    }

    fn fetched(count: usize) -> Session {
        let mut text = "S: * OK ready\nC: a1 FETCH 1:* FLAGS\n".to_owned();
        for n in 1..=count {
            text.push_str(&format!("S: * {n} FETCH (FLAGS ())\n"));
        }
        text.push_str("S: a1 OK done\nC: a2 LOGIN joe secret\nS: a2 OK in\n");
        log(&text)
    }

    #[test]
    fn two_hundred_alike_are_one_line_and_what_matters_stays() {
        let session = fetched(200);
        let all: Vec<usize> = (0..session.rows.len()).collect();
        let none = BTreeSet::new();
        let folded = drawn(&session, &all, Some(&none), &|_| false);
        assert!(folded.len() < 10, "{}", folded.len());
        let Some(Item::Alike(first, last, like)) = folded.iter().find(|item| matches!(item, Item::Alike(..)))
        else {
            panic!("{folded:?}")
        };
        assert_eq!((last - first + 2, like.as_str()), (200, "* … FETCH"));
        // A row that has to stay parts the fold, and an opened fold is gone.
        let parted = drawn(&session, &all, Some(&none), &|row| row == 100);
        assert!(parted.contains(&Item::Row(100)));
        assert_eq!(parted.iter().filter(|item| matches!(item, Item::Alike(..))).count(), 2);
        let open = BTreeSet::from([first - 1]);
        assert_eq!(drawn(&session, &all, Some(&open), &|_| false).len(), all.len());
        assert_eq!(drawn(&session, &all, None, &|_| false).len(), all.len());
    }

    #[test]
    fn what_is_looked_for_stands_with_what_is_around_it() {
        let session = fetched(50);
        let rows = session.rows.len();
        assert_eq!(sift(&session.rows, "  ", 0), None);
        let (kept, found) = sift(&session.rows, "secret", 0).unwrap();
        assert_eq!(found, 1);
        let login = kept.iter().copied().find(|row| marks::exposes(&session.rows[*row])).unwrap();
        assert!(
            kept.contains(&(login - 2)) && kept.contains(&(login + 1)) && kept.contains(&0) && kept.len() < 8
        );
        let lines = drawn(&session, &kept, None, &|_| false);
        assert!(lines.iter().any(|item| matches!(item, Item::Passed(many) if *many > 40)), "{lines:?}");
        let shown = lines.iter().map(|item| match item {
            Item::Row(_) => 1,
            Item::Passed(many) => *many,
            Item::Alike(first, last, _) => last - first + 1,
        });
        assert!(shown.sum::<usize>() <= rows);
        // Either, and both together; small letters or large.
        assert_eq!(sift(&session.rows, "secret or 7 FETCH (", 0).unwrap().1, 6);
        assert_eq!(sift(&session.rows, "LOGIN in the clear", 0).unwrap().1, 1);
        assert_eq!(sift(&session.rows, "nowhere", 3).unwrap(), (vec![3], 0));
    }

    #[test]
    fn what_is_looked_for_is_in_the_address_of_a_simulation() {
        let state = State::at("#/?p=imap&a=strip-capability&f=secret%20or%20starttls");
        assert_eq!(&*state.sieve, "secret or starttls");
        assert!(state.address().ends_with("&f=secret%20or%20starttls"), "{}", state.address());
    }
}
