//! The sequence ladder: an ordered list; the style sheet draws lanes and arrows.

use super::app::Go;
use super::attack::gate::Gate;
use super::attack::held::Held;
use super::input;
use super::lens::Lens;
use super::row::RowItem;
use super::session::{Session, Shared};
use super::sieve::{self, Folds, Item, Sieve};
use super::state::Action;
use super::words;
use crate::base::Layer;
use crate::sim::Setup;
use crate::view::RowKind;
use gloo_events::EventListener;
use std::collections::BTreeSet;
use yew::prelude::*;

/// Up to this many rows all are real; beyond, a window of them. More at once would keep the page busy for too long.
const ALL_REAL: usize = 750;
/// How many rows the window grows or moves by.
const CHUNK: usize = 250;

/// Properties of [`Ladder`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// What is simulated; nothing for a recording.
    pub setup: Option<Shared<Setup>>,
    /// Through whose eyes.
    pub lens: Lens,
    /// What is looked for in the rows.
    pub wanted: AttrValue,
    /// The current row.
    pub at: usize,
    /// The last row that is drawn.
    pub reached: usize,
    /// The places that are lit.
    pub lit: Vec<u32>,
    /// What the client is.
    pub client: Option<AttrValue>,
    /// What the middle is.
    pub middle: Option<AttrValue>,
    /// What the server is.
    pub server: Option<AttrValue>,
    /// Where actions go.
    pub go: Go,
}

/// The ladder.
#[component(Ladder)]
pub fn ladder(props: &Props) -> Html {
    let session = &props.session;
    let opened = use_mut_ref(|| false);
    // More chunks before and behind, as asked for.
    let more = use_state(|| (0_usize, 0_usize));
    {
        let more = more.clone();
        use_effect_with((session.clone(), props.at / CHUNK), move |_| more.set((0, 0)));
    }
    use_effect_with((session.clone(), props.at), move |(_, at)| {
        // A page that opens at its beginning stays at its top.
        if opened.replace(true) || *at > 0 {
            reveal(*at);
        }
    });
    // Folds of alike rows that were opened, by their first row.
    let open = use_state(BTreeSet::new);
    {
        let open = open.setter();
        use_effect_with(session.clone(), move |_| open.set(BTreeSet::new()));
    }
    let sifted = use_memo((session.clone(), props.wanted.clone(), props.at), |(session, wanted, at)| {
        sieve::sift(&session.rows, wanted, *at)
    });
    let evidence =
        use_memo(
            session.clone(),
            |session| if session.simulated { BTreeSet::new() } else { sieve::evidence(session) },
        );
    let kept = (*sifted).as_ref().map(|(kept, _)| kept.as_slice());
    let rows = kept.map_or(session.rows.len(), <[usize]>::len);
    let here = kept.map_or(props.at, |kept| kept.partition_point(|row| *row < props.at));
    let (from, to) = window(rows, here, *more);
    let within: Vec<usize> = match kept {
        Some(kept) => kept.get(from..to).unwrap_or_default().to_vec(),
        None => (from..to).collect(),
    };
    let stay = |row: usize| {
        row == props.at
            || evidence.contains(&row)
            || session.rows.get(row).is_some_and(|row| props.lit.binary_search(&row.place).is_ok())
    };
    // A run made here is short, and each of its messages means something.
    let folding = !session.simulated && kept.is_none();
    let shapes = use_memo((session.clone(), from, to, folding), |(session, from, to, folding)| {
        if *folding { sieve::shapes(session, *from, *to) } else { Vec::new() }
    });
    // On paper there is nothing to press.
    let printing = use_state(|| false);
    {
        let printing = printing.setter();
        use_effect_with((), move |()| {
            let listen = |name: &'static str, on: bool| {
                let printing = printing.clone();
                web_sys::window().map(|window| EventListener::new(&window, name, move |_| printing.set(on)))
            };
            let listening = [listen("beforeprint", true), listen("afterprint", false)];
            move || drop(listening)
        });
    }
    let folds = (folding && !*printing).then(|| Folds { open: &open, shapes: &shapes, from });
    let mut drawn = sieve::items(&within, folds.as_ref(), &stay);
    if let Some(kept) = kept {
        // What is passed over before the first and behind the last is told, too.
        let first = kept.first().copied().unwrap_or_default();
        let behind = session.last().saturating_sub(kept.last().copied().unwrap_or_default());
        if from == 0 && first > 0 {
            drawn.insert(0, Item::Passed(first));
        }
        if to == rows && behind > 0 {
            drawn.push(Item::Passed(behind));
        }
    }
    let grow = |before: usize, behind: usize| {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| {
            more.set((more.0.saturating_add(before), more.1.saturating_add(behind)));
        })
    };
    let mut veiled = false;
    let items = drawn.into_iter().map(|item| {
            let index = match item {
                Item::Row(index) => index,
                Item::Passed(many) => {
                    veiled = false;
                    return html! { <li class="gap">{ format!("{} not shown", words::many(many, "row")) }</li> };
                }
                Item::Alike(first, last, like) => {
                    let open = open.clone();
                    let unfold = Callback::from(move |_: MouseEvent| {
                        let mut now = (*open).clone();
                        now.insert(first.saturating_sub(1));
                        open.set(now);
                    });
                    let rows = words::many(last.saturating_sub(first).saturating_add(1), "more row");
                    let text = format!("{rows} like it ({like}), {}s {} to {}", session.noun(), session.place(first), session.place(last));
                    return html! { <li class="gap"><button type="button" class="link" onclick={unfold}>{ text }</button></li> };
                }
            };
            let Some(row) = session.rows.get(index) else { return html! {} };
            let inside = row.layer == Layer::Tls && matches!(row.kind, RowKind::Message { .. });
            let first = inside && !std::mem::replace(&mut veiled, inside);
            veiled = inside;
            html! {
                <RowItem key={index} index={index} row={row.clone()} noun={session.noun()} first_veil={first}
                    middle={session.middle} held={session.held().is_some_and(|met| met.place == row.place)} lens={props.lens} parted={session.parting.as_ref().filter(|p| p.place == row.place).map(|p| AttrValue::from(p.about))} now={index == props.at} drawn={index <= props.reached}
                    lit={props.lit.binary_search(&row.place).is_ok() && !row.kind.aside()} go={props.go.clone()} />
            }
        });
    let lane = |class: &'static str, name: &'static str, what: &Option<AttrValue>| {
        html! {
            <div class={classes!("lane", class)}><b>{ name }</b>
                if let Some(what) = what { <span>{ what }</span> }
            </div>
        }
    };
    html! {
        <div class={classes!("ladder", if session.middle { "three" } else { "two" })}>
            <div class="seen-by">
                { lenses(props) }
                <Sieve wanted={props.wanted.clone()} found={(*sifted).as_ref().map(|(_, found)| *found)} go={props.go.clone()} />
            </div>
            <section class="ladder-view" id="ladder" tabindex="0" aria-label="The session, message by message">
                <div class="lanes" aria-hidden="true">
                    { lane("client", "Client", &props.client) }
                    if session.middle { { lane("middle", "In the middle", &props.middle) } }
                    { lane("server", "Server", &props.server) }
                </div>
                <div class="ladder-page">
                    if let Some(setup) = &props.setup { <Gate setup={setup.clone()} session={session.clone()} go={props.go.clone()} /> }
                    if from > 0 {
                        <button type="button" class="plain more" onclick={grow(CHUNK, 0)}>{ format!("Show {} earlier rows", CHUNK.min(from)) }</button>
                    }
                    <ol class="rows" role="list" start={(from.saturating_add(1)).to_string()}>{ for items }</ol>
                    if to < rows {
                        <button type="button" class="plain more" onclick={grow(0, CHUNK)}>
                            { format!("Show {} later rows", CHUNK.min(rows.saturating_sub(to))) }</button>
                    }
                    if let Some(setup) = &props.setup { <Held setup={setup.clone()} session={session.clone()} go={props.go.clone()} /> }
                </div>
            </section>
        </div>
    }
}

/// Who can read this.
fn lenses(props: &Props) -> Html {
    // A recording does not tell what somebody in the middle could read.
    let all = Lens::ALL.into_iter().filter(|lens| props.session.simulated || *lens != Lens::Middle);
    html! {
        <div class="segments lens" role="radiogroup" aria-label="Who can read this">
            <span class="title" aria-hidden="true">{ "Who can read this?" }</span>
            <div>{ for all.map(|lens| {
                let go = props.go.clone();
                let choose = Callback::from(move |_: Event| go.dispatch(Action::Lens(lens)));
                html! { <label key={lens.id()}><input type="radio" name="lens" checked={props.lens == lens} onchange={choose} /><span>{ lens.title() }</span></label> }
            }) }</div>
        </div>
    }
}

/// Which rows are real.
fn window(rows: usize, at: usize, more: (usize, usize)) -> (usize, usize) {
    if rows <= ALL_REAL {
        return (0, rows);
    }
    let chunk = (at / CHUNK).saturating_mul(CHUNK);
    let from = chunk.saturating_sub(CHUNK).saturating_sub(more.0);
    (from, chunk.saturating_add(CHUNK.saturating_mul(2)).saturating_add(more.1).min(rows))
}

/// Brings a row into view.
fn reveal(at: usize) {
    let document = web_sys::window().and_then(|w| w.document());
    let Some(row) = document.and_then(|d| d.get_element_by_id(&format!("row-{at}"))) else { return };
    input::reveal(&row);
}
