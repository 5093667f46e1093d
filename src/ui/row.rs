//! One row of the ladder.

use super::app::Go;
use super::lens::Lens;
use super::session::Shared;
use super::state::Action;
use crate::base::{Layer, Side};
use crate::view::{Arrow, Band, Change, Mark, Row, RowKind};
use yew::prelude::*;

/// The longest veil, in blocks.
const VEIL: usize = 16;

/// Properties of [`RowItem`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its index.
    pub index: usize,
    /// What it shows.
    pub row: Shared<Row>,
    /// What its place is called.
    pub noun: &'static str,
    /// The first of its kind that the middle cannot read.
    pub first_veil: bool,
    /// There is a lane for the middle.
    pub middle: bool,
    /// Through whose eyes.
    pub lens: Lens,
    /// It is the message at which the run halts.
    pub held: bool,
    /// In what client and server differ from here on.
    pub parted: Option<AttrValue>,
    /// It is the current one.
    pub now: bool,
    /// It has been reached.
    pub drawn: bool,
    /// A selected verdict rests on it.
    pub lit: bool,
    /// Where actions go.
    pub go: Go,
}

/// One row.
#[component(RowItem)]
pub fn row_item(props: &Props) -> Html {
    let row = &props.row;
    let look = {
        let (go, index) = (props.go.clone(), props.index);
        Callback::from(move |_: MouseEvent| go.dispatch(Action::Look(index)))
    };
    let body = match &row.kind {
        RowKind::Band(_, text) if text.is_empty() => html! {},
        RowKind::Band(band, text) => band_line(*band, text, props.middle),
        RowKind::Unread { text, why } => html! {
            <p class="unread"><b>{ "not understood" }</b><code>{ for text.iter().map(piece) }</code><small>{ &**why }</small></p>
        },
        RowKind::Foreign { protocol, last, lines, more } => html! {
            <p class="unread"><b>{ format!("{protocol}: not covered") }</b>
                <code>{ for lines.iter().enumerate().map(|(n, line)| html! { <span key={n} class="line">{ for line.iter().map(piece) }</span> }) }</code>
                <small>{ if *more > 0 { format!("and {more} more, up to line {last}") } else { format!("up to line {last}") } }</small></p>
        },
        RowKind::Message { from, client_hop, server_hop, change, early, malformed } => html! {
            <>
                if props.lens == Lens::All && row.layer == Layer::Tls && props.middle && *change == Change::None && !row.open {
                    { passing(*from, client_hop.as_ref().or(server_hop.as_ref()), props.first_veil) }
                } else {
                    { hops(props, *from, client_hop.as_ref(), server_hop.as_ref(), change) }
                }
                if props.lens.exposes(row, props.middle) { <p class="flag danger">{ format!("⚠ the password is readable for {}", props.lens.whom()) }</p> }
                if props.lens == Lens::All && row.exposes { <p class="flag danger">{ "⚠ the password is readable for everybody on the path" }</p> }
                if *early { <p class="flag doubt">{ "sent in the clear after the upgrade was agreed" }</p> }
                if let Some(problem) = malformed { <p class="flag doubt">{ format!("malformed: {problem}") }</p> }
            </>
        },
    };
    let altered = matches!(&row.kind, RowKind::Message { change, .. } if *change != Change::None);
    let classes = classes!(
        "row",
        (row.layer == Layer::Tls).then_some("tls"),
        matches!(row.kind, RowKind::Band(..)).then_some("mark"),
        row.kind.aside().then_some("aside"),
        altered.then_some("altered"),
        row.exposes.then_some("exposes"),
        props.now.then_some("now"),
        props.lit.then_some("lit"),
        matches!(row.kind, RowKind::Message { from: Side::Server, .. }).then_some("from-server"),
        (!props.drawn).then_some("later"),
    );
    let sentence = props.lens.sentence(row, props.middle);
    html! {
        <li id={format!("row-{}", props.index)} class={classes} aria-label={sentence.clone()}
            aria-current={props.now.then_some("step")} onclick={look.clone()}>
            <button type="button" class="number" aria-label={format!("{} {}: {}", props.noun, row.place, sentence)}>
                { row.place }</button>
            <div class="body" aria-hidden="true">
                { body }
                if let Some(about) = &props.parted { <p class="flag doubt parted">{ format!("≠ from here on they differ: {about}") }</p> }
                { for row.notes.iter().enumerate().map(|(n, (side, note))| html! {
                    <p key={n} class={classes!("note", side.name())}>{ note }</p>
                }) }
            </div>
        </li>
    }
}

fn band_line(band: Band, text: &str, middle: bool) -> Html {
    let (class, sign) = match band {
        Band::TlsUp => ("up", "▣"),
        Band::TlsAtMiddle => ("failed", "▣"),
        Band::TlsBegan => ("began", "▢"),
        Band::TlsFailed | Band::TlsEnded => ("failed", "✕"),
        Band::Lookup => ("began", "?"),
        Band::Closed => ("closed", "■"),
    };
    let blind = middle && band == Band::TlsUp;
    html! {
        <p class={classes!("band", class)}><span>{ sign }</span>{ text.to_owned() }
            if blind { <small>{ "from here on nobody in between can read" }</small> }
            if band == Band::TlsAtMiddle { <small>{ "this layer ends at the middle, which reads everything" }</small> }
        </p>
    }
}

/// A message on one or two hops.
fn hops(props: &Props, from: Side, client: Option<&Arrow>, server: Option<&Arrow>, change: &Change) -> Html {
    let middle = props.middle;
    let toward = if from == Side::Client { "to-right" } else { "to-left" };
    // The hop that a message takes last, which is the one that shows the change.
    let last = if from == Side::Client { "right" } else { "left" };
    let hop = |place: &'static str, arrow: Option<&Arrow>| {
        let changed = (*change != Change::None && place == last) || *change == Change::Forged;
        let end = if place == "left" { "client" } else { "server" };
        let does = if place == last { "gets" } else { "sends" };
        html! {
            <div class={classes!("hop", place, changed.then_some("changed"), arrow.is_none().then_some("empty"))}>
                if let Some(arrow) = arrow {
                    if *change != Change::None { <small class="who">{ format!("the {end} {does}") }</small> }
                    if props.lens.reads(&props.row, arrow, if place == "left" { Side::Client } else { Side::Server }, middle) { { text(arrow) } } else { { blocks(arrow) } }
                    <i class={classes!("arrow", toward, (*change == Change::Dropped).then_some("cut"))}></i>
                }
            </div>
        }
    };
    let what = match change {
        Change::None => None,
        Change::Altered(how) => Some(how.clone()),
        Change::Dropped if props.held => Some("held here".to_owned()),
        Change::Dropped => Some("✕ kept here; it never arrives".to_owned()),
        Change::Forged => Some("made up here".to_owned()),
    };
    let same = *change == Change::None && client.is_some() && server.is_some();
    html! {
        <>
            <div class={classes!("hops", same.then_some("same"))}>
                { hop("left", client) }
                if middle { { hop("right", server) } }
            </div>
            if let Some(what) = what { <p class="what"><span>{ what }</span></p> }
        </>
    }
}

/// A message that the middle cannot read: it passes under the middle's lane.
fn passing(from: Side, arrow: Option<&Arrow>, first: bool) -> Html {
    let Some(arrow) = arrow else { return html! {} };
    let veil = veil(arrow);
    let (place, toward) = match from {
        Side::Client => ("left", "to-right"),
        Side::Server => ("right", "to-left"),
    };
    html! {
        <div class="hops under">
            <div class={classes!("hop", place)}>{ text(arrow) }</div>
            <span class="veil">{ veil }if first { <small>{ "cannot read" }</small> }</span>
            <i class={classes!("arrow", toward)}></i>
        </div>
    }
}

/// Blocks in place of what cannot be read: its length is all that is seen.
fn veil(arrow: &Arrow) -> String {
    let length: usize = arrow.lines.iter().flatten().map(|piece| piece.text.chars().count()).sum();
    "▒".repeat((length / 3).clamp(3, VEIL))
}

fn blocks(arrow: &Arrow) -> Html {
    html! { <code class="blocks">{ veil(arrow) }</code> }
}

fn text(arrow: &Arrow) -> Html {
    html! {
        <code>
            { for arrow.lines.iter().enumerate().map(|(number, line)| html! {
                <span key={number} class="line">{ for line.iter().map(piece) }</span>
            }) }
            if arrow.more > 0 { <span class="line more">{ format!("and {} more lines", arrow.more) }</span> }
        </code>
    }
}

fn piece(piece: &crate::view::Piece) -> Html {
    let text = piece.text.clone();
    match piece.mark {
        Mark::Plain => html! { { text } },
        Mark::Secret => html! { <span class="secret">{ text }</span> },
        Mark::Removed => html! { <del>{ text }</del> },
        Mark::Added => html! { <ins>{ text }</ins> },
    }
}
