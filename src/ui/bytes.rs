//! The octets of the current row, on both hops where they differ.

use super::session::{Session, Shared};
use crate::base::Side;
use crate::trace::{Event, Trace};
use crate::view::{self, Arrow, Row, RowKind};
use yew::prelude::*;

/// Octets per line.
const WIDTH: usize = 8;
/// At most this many lines.
const LINES: usize = 64;

/// Properties of [`Bytes`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The current row.
    pub at: usize,
}

/// One card.
#[component(Bytes)]
pub fn bytes(props: &Props) -> Html {
    let session = &props.session;
    let row = session.row(props.at);
    let title = match row {
        Some(row) => format!("Bytes of {} {}", session.noun(), row.place),
        None => "Bytes".to_owned(),
    };
    let dumps = row.map(|row| dumps(&session.traces, row)).unwrap_or_default();
    let words = dumps.first().map(|dump| dump.words.clone()).unwrap_or_default();
    let said = use_state(String::new);
    {
        let said = said.setter();
        use_effect_with((session.clone(), props.at), move |_| said.set(String::new()));
    }
    html! {
        <section class="card bytes" aria-label="Bytes" tabindex="0">
            <h3>{ title }</h3>
            if dumps.is_empty() { <p>{ if row.is_some_and(|row| row.kind.aside()) { "Nobody knows who sent this line, if anybody did." }
                else { "Nothing was sent at this point." } }</p> }
            { for dumps.into_iter().enumerate().map(|(n, dump)| html! {
                <figure key={n}>if let Some(caption) = &dump.caption { <figcaption>{ caption }</figcaption> }{ dump.table.clone() }{ copies(&dump, &said) }</figure>
            }) }
            <p role="status" class="about">{ said.as_str() }</p>
            if !words.is_empty() {
                <h3 id="words">{ "Word by word" }</h3>
                <dl class="words" aria-labelledby="words">{ for words.iter().enumerate().map(|(n, word)| html! {
                    <div key={n}><dt>{ &word.text }</dt><dd>{ &*word.means }{ " " }<small>{ word.source }</small></dd></div>
                }) }</dl>
            }
        </section>
    }
}

/// A message on one hop.
struct Dump {
    caption: Option<String>,
    table: Html,
    /// Its octets, but for secrets.
    octets: Vec<u8>,
    words: Vec<view::Word>,
}

/// The octets to the clipboard. A secret stays dots, there as here.
fn copies(dump: &Dump, said: &UseStateHandle<String>) -> Html {
    let copy = |name: &'static str, what: &'static str, text: String| {
        let said = said.setter();
        let click = Callback::from(move |_: MouseEvent| super::share::copied(&text, what, said.clone()));
        html! { <button type="button" class="plain" onclick={click}>{ name }</button> }
    };
    html! {
        <p class="copies">
            { copy("Copy", "message", String::from_utf8_lossy(&dump.octets).into_owned()) }
            { copy("Copy escaped", "message, escaped,", view::escaped(&dump.octets)) }
        </p>
    }
}

/// What to show of a row: captions where two hops differ, and tables.
fn dumps(traces: &[Trace], row: &Row) -> Vec<Dump> {
    let (Some(trace), RowKind::Message { from, client_hop, server_hop, .. }) =
        (traces.get(row.connection), &row.kind)
    else {
        return Vec::new();
    };
    let event = |arrow: &Option<Arrow>| arrow.as_ref().and_then(|arrow| trace.event(arrow.event));
    let (sent, got) = match from {
        Side::Client => (event(client_hop), event(server_hop)),
        Side::Server => (event(server_hop), event(client_hop)),
    };
    match (sent, got) {
        (Some(sent), Some(got)) if trace.octets(sent) != trace.octets(got) => vec![
            dump(trace, sent, Some(format!("as the {} sent it", from.name()))),
            dump(trace, got, Some(format!("as the {} got it", from.other().name()))),
        ],
        (Some(event), _) | (None, Some(event)) => vec![dump(trace, event, None)],
        (None, None) => Vec::new(),
    }
}

fn dump(trace: &Trace, event: &Event, caption: Option<String>) -> Dump {
    let lines = view::hex(trace, event, WIDTH, LINES);
    let left = trace.octets(event).len().saturating_sub(WIDTH.saturating_mul(LINES));
    let table = html! {
        <>
            <table class="hex">
                <tbody>
                    { for lines.iter().map(|line| html! {
                        <tr key={line.offset}>
                            <th scope="row">{ format!("{:04x}", line.offset) }</th>
                            <td>{ for line.octets.iter().map(|(octet, secret)| html! {
                                <><span class={secret.then_some("secret")}>{ octet }</span>{ " " }</>
                            }) }</td>
                            <td class="text">{ &line.text }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            if left > 0 { <p>{ format!("and {left} more octets") }</p> }
        </>
    };
    Dump { caption, table, octets: view::octets(trace, event), words: view::words(trace, event) }
}
