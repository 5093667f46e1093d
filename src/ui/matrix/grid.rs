//! The table itself: a grid that arrow keys move in, with headers that stay.

use super::filters::{Filters, View};
use super::table::Table;
use crate::ui::input;
use crate::ui::route::Route;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

/// Properties of [`Grid`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is shown.
    pub table: Table,
    /// Why.
    pub filters: Rc<Filters>,
}

fn element(id: &str) -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

fn name(row: usize, column: usize) -> String {
    format!("cell-{row}-{column}")
}

/// Moves the one cell that Tab reaches, writes it into the address, and marks the headers of where it is. All of that is
/// done to the page directly: thousands of cells are not drawn anew for a step.
fn come(table: &Table, filters: &Filters, row: usize, column: usize, focus: bool) {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document else { return };
    for (what, change) in [("[role=grid] [tabindex='0']", "tabindex"), ("[role=grid] .here", "class")] {
        while let Ok(Some(old)) = document.query_selector(what) {
            // Both attributes can always be set on what is there.
            let _ = if change == "tabindex" {
                old.set_attribute("tabindex", "-1")
            } else {
                old.class_list().remove_1("here")
            };
        }
    }
    if let Some(cell) = element(&name(row, column)) {
        let _ = cell.set_attribute("tabindex", "0");
        if focus {
            // Focus alone would put the cell into the middle of the window, and its header out of it. The headers that
            // stay must not cover it: the style sheet keeps their room free.
            let still = FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = cell.focus_with_options(&still);
            input::reveal(&cell);
        }
    }
    for header in [format!("row-head-{row}"), format!("column-head-{column}")] {
        if let Some(header) = element(&header) {
            let _ = header.class_list().add_1("here");
        }
    }
    let ids = table.rows.get(row).zip(table.columns.get(column));
    let at = ids.map(|(row, (column, _))| (row.id.clone(), column.clone()));
    input::write(&Route::Matrix(Filters { at, ..filters.clone() }.query()).hash());
}

/// The row and column of a cell's id.
fn place(element: &Element) -> Option<(usize, usize)> {
    let id = element.closest("[id^=cell-]").ok()??.id();
    let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

/// The table.
#[component(Grid)]
pub fn grid(props: &Props) -> Html {
    let (table, filters) = (&props.table, &props.filters);
    let chosen = filters.at.as_ref().and_then(|(row, column)| {
        let row = table.rows.iter().position(|known| known.id == *row)?;
        let column = table.columns.iter().position(|(known, _)| known == column)?;
        Some((row, column))
    });
    // Who comes back finds the cell again, once the screen itself has been greeted.
    let first = use_mut_ref(|| true);
    {
        let (table, filters) = (table.clone(), filters.clone());
        use_effect_with((), move |()| {
            let back = chosen
                .filter(|_| first.replace(false))
                .map(|(row, column)| Timeout::new(0, move || come(&table, &filters, row, column, true)));
            move || drop(back)
        });
    }
    let moved = {
        let (table, filters) = (table.clone(), filters.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.alt_key() || event.meta_key() {
                return;
            }
            let at = event.target_dyn_into::<Element>().as_ref().and_then(place);
            let Some((row, column)) = at else { return };
            let (bottom, right) = (table.rows.len().saturating_sub(1), table.columns.len().saturating_sub(1));
            let (row, column) = match (event.key().as_str(), event.ctrl_key()) {
                ("ArrowUp", _) => (row.saturating_sub(1), column),
                ("ArrowDown", _) => (row.saturating_add(1).min(bottom), column),
                ("ArrowLeft", _) => (row, column.saturating_sub(1)),
                ("ArrowRight", _) => (row, column.saturating_add(1).min(right)),
                ("PageUp", _) => (row.saturating_sub(10), column),
                ("PageDown", _) => (row.saturating_add(10).min(bottom), column),
                ("Home", false) => (row, 0),
                ("End", false) => (row, right),
                ("Home", true) => (0, 0),
                ("End", true) => (bottom, right),
                _ => return,
            };
            event.prevent_default();
            come(&table, &filters, row, column, true);
        })
    };
    let clicked = {
        let (table, filters) = (table.clone(), filters.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some((row, column)) = event.target_dyn_into::<Element>().as_ref().and_then(place) {
                come(&table, &filters, row, column, false);
            }
        })
    };
    if table.rows.is_empty() || table.columns.is_empty() {
        return html! { <p>{ "Nothing fits. Take a filter away." }</p> };
    }
    let start = chosen.unwrap_or((0, 0));
    html! {
        <div class="grid-room">
            <table role="grid" class={classes!("grid", (filters.view == View::Rules).then_some("narrow"))} aria-label={table.title.clone()}
                aria-rowcount={table.rows.len().saturating_add(1).to_string()} aria-colcount={table.columns.len().saturating_add(1).to_string()}
                onkeydown={moved} onclick={clicked}>
                <thead><tr>
                    <th scope="col" class="corner">{ "Attack" }</th>
                    { for table.columns.iter().enumerate().map(|(at, (id, title))| html! {
                        <th key={id.clone()} scope="col" id={format!("column-head-{at}")}><span>
                            if filters.view == View::Rules { <a href={format!("#/rules/{id}")} tabindex="-1">{ id.clone() }</a>{ " " } }{ title.clone() }</span></th>
                    }) }
                </tr></thead>
                <tbody>
                    { for table.rows.iter().enumerate().map(|(number, row)| html! {
                        <tr key={row.id.clone()}>
                            <th scope="row" id={format!("row-head-{number}")} title={row.about}>{ row.title.clone() }</th>
                            { for row.squares.iter().enumerate().map(|(at, square)| {
                                let tabindex = if (number, at) == start { "0" } else { "-1" };
                                let class = classes!(square.class, square.before.is_some().then_some("changed"));
                                let words = if square.words.is_empty() { "–".to_owned() } else { square.words.clone() };
                                let inside = html! { <>{ words }if let Some(before) = &square.before { <small>{ format!("was: {before}") }</small> }</> };
                                html! {
                                    <td key={at} {class}>
                                        if let Some(link) = &square.link {
                                            <a id={name(number, at)} {tabindex} href={link.clone()}>{ inside }</a>
                                        } else {
                                            <span id={name(number, at)} {tabindex}>{ inside }</span>
                                        }
                                    </td>
                                }
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
