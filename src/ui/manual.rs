//! The pages of the documentation that belong to the page: how to get a log, what is not modelled, what is new.

use super::job::{Stage, use_job};
use super::learn::prose;
use super::route::Route;
use crate::work::{Answer, Manual, Part, Request};
use yew::prelude::*;

/// Properties of [`Read`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub manual: Manual,
}

/// The screen. The worker has the text, which the page's first module need not carry.
#[component(Read)]
pub fn read(props: &Props) -> Html {
    let manual = props.manual;
    let job = use_job::<Vec<Part>, _>(manual);
    {
        let job = job.clone();
        use_effect_with(manual, move |manual| {
            job.begin(&Request::Manual(*manual), |answer| match answer {
                Answer::Manual(parts) => Some(parts),
                _ => None,
            });
        });
    }
    let body = match job.stage() {
        Stage::Made(parts) => {
            html! { <>{ for parts.iter().enumerate().skip(1).map(|(number, one)| part(number, one)) }</> }
        }
        Stage::Failed(why) => {
            html! { <p role="alert">{ format!("The text is not there: {why}. It also stands beside the program, in its folder “docs”.") }</p> }
        }
        Stage::Idle | Stage::Busy(..) => html! { <p role="status">{ "Being fetched…" }</p> },
    };
    html! {
        <main class="screen manual prose" id="text" tabindex="0">
            <p class="back"><a href={Route::About.hash()}>{ "← About" }</a></p>
            <h1 tabindex="-1">{ manual.title() }</h1>
            { body }
        </main>
    }
}

fn part(number: usize, part: &Part) -> Html {
    match part {
        Part::Heading(2, words) => html! { <h2>{ words }</h2> },
        Part::Heading(_, words) => html! { <h3>{ words }</h3> },
        Part::Block(block) => prose::block(block, |text| (prose::quiet(text), html! {})),
        Part::Table(rows) => html! {
            <div class="table-room" tabindex="0" role="region" aria-label={format!("Table in part {number}")}>
                <table>
                    <thead>{ for rows.iter().take(1).map(|row| html! { <tr>{ for row.iter().map(|cell| html! { <th scope="col">{ prose::quiet(cell) }</th> }) }</tr> }) }</thead>
                    <tbody>{ for rows.iter().skip(1).map(|row| html! { <tr>{ for row.iter().map(|cell| html! { <td>{ prose::quiet(cell) }</td> }) }</tr> }) }</tbody>
                </table>
            </div>
        },
    }
}
