//! What a rule looked at in this session, and where it stopped.

use super::app::Go;
use super::session::{Key, Session, Shared};
use super::state::Action;
use super::words;
use crate::pipeline::{self, By};
use crate::rules::{Outcome, Why};
use crate::trace::{EventId, Trace};
use yew::prelude::*;

/// Properties of [`WhyNot`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// What it was judged by.
    pub by: By,
    /// The rule and side that is asked about.
    pub verdict: Key,
    /// What came out.
    pub outcome: Outcome,
    /// Where actions go.
    pub go: Go,
}

/// The answer for the connection that decided the verdict: its trail and its number.
fn find(props: &Props) -> Option<(usize, Why)> {
    let (rule, side) = props.verdict;
    let both = props.session.traces.iter().zip(props.session.facts.iter()).enumerate();
    let mut all = both.filter_map(|(number, (trace, facts))| {
        pipeline::why(trace, facts, props.by, rule, side).map(|why| (number, why))
    });
    all.find(|(_, why)| why.verdict.outcome == props.outcome)
}

/// The trail, each step with a button that leads to its event.
#[component(WhyNot)]
pub fn why_not(props: &Props) -> Html {
    let session = props.session.clone();
    let key = (props.verdict, props.session.clone(), props.by, props.outcome);
    let found = use_memo(key, |_| find(props));
    let Some((number, why)) = &*found else { return html! {} };
    let Some(trace) = session.traces.get(*number) else { return html! {} };
    let place = |event: Option<EventId>| event.and_then(|id| place(trace, id));
    let step = |says: &str, event: Option<EventId>| {
        let lead = place(event).map(|place| {
            let go = props.go.clone();
            let jump = Callback::from(move |_: MouseEvent| go.dispatch(Action::Jump(place)));
            html! { <button type="button" class="place" onclick={jump}>{ words::places(session.noun(), &[place]) }</button> }
        });
        html! { <li>{ lead }<span>{ says }</span></li> }
    };
    let title = match why.verdict.outcome {
        Outcome::Fail => "What it looked at",
        _ => "Why it did not fire",
    };
    html! {
        <div class="why">
            <dt>{ title }</dt>
            <dd>
                if let Some((says, event)) = why.unmet() {
                    <p>{ "Not met: " }<b>{ says.trim_end_matches('.') }</b>
                        { place(event).map(|place| format!(" ({})", words::places(session.noun(), &[place]))) }{ "." }</p>
                }
                if !why.steps.is_empty() {
                    <ol>{ for why.steps.iter().map(|one| step(one.says, one.event)) }</ol>
                }
            </dd>
        </div>
    }
}

fn place(trace: &Trace, event: EventId) -> Option<u32> {
    trace.event(event).map(|event| event.places.0)
}
