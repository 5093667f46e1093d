//! The sequence ladder: an ordered list; the style sheet draws lanes and arrows.

use super::app::Go;
use super::attack::gate::Gate;
use super::attack::held::Held;
use super::input;
use super::lens::Lens;
use super::row::RowItem;
use super::session::{Session, Shared};
use super::state::Action;
use crate::base::Layer;
use crate::sim::Setup;
use crate::view::RowKind;
use yew::prelude::*;

/// Up to this many rows all are real; beyond, a window of them.
const ALL_REAL: usize = 2000;
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
        if opened.replace(true) {
            reveal(*at);
        }
    });
    let rows = session.rows.len();
    let (from, to) = window(rows, props.at, *more);
    let grow = |before: usize, behind: usize| {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| {
            more.set((more.0.saturating_add(before), more.1.saturating_add(behind)));
        })
    };
    let mut veiled = false;
    let items =
        session.rows.iter().enumerate().skip(from).take(to.saturating_sub(from)).map(|(index, row)| {
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
        <section class={classes!("ladder", if session.middle { "three" } else { "two" })} id="ladder" tabindex="0"
            aria-label="The session, message by message">
            <div class="lanes" aria-hidden="true">
                { lane("client", "Client", &props.client) }
                if session.middle { { lane("middle", "In the middle", &props.middle) } }
                { lane("server", "Server", &props.server) }
            </div>
            { lenses(props) }
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
        </section>
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
