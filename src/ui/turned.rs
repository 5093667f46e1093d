//! Where a verdict of 1999 and one of today differ, side by side.

use super::session::{Session, Shared};
use super::words;
use crate::base::Side;
use crate::pipeline::{self, Assumed, Select, Turned};
use crate::rules::{Outcome, Verdict};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ThenAndNow`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is on the table.
    pub session: Shared<Session>,
    /// The policies that are assumed.
    pub assumed: Assumed,
    /// Which verdicts are listed.
    pub select: Rc<Select>,
}

/// Each matter once for each side, from the first connection that shows it.
fn found(session: &Session, assumed: Assumed) -> Vec<Turned> {
    let mut all: Vec<Turned> = Vec::new();
    for (trace, facts) in session.traces.iter().zip(session.facts.iter()) {
        for one in pipeline::turned(trace, facts, assumed) {
            let same =
                |known: &Turned| known.reversal.id == one.reversal.id && known.then.side == one.then.side;
            if !all.iter().any(same) {
                all.push(one);
            }
        }
    }
    all
}

/// The list; nothing where the two agree.
#[component(ThenAndNow)]
pub fn then_and_now(props: &Props) -> Html {
    let turned =
        use_memo((props.session.clone(), props.assumed), |(session, assumed)| found(session, *assumed));
    let listed = |one: &&Turned| {
        let mut both = [&one.then, &one.today].into_iter();
        both.any(|verdict| props.select.fits(verdict.rule, verdict.side, verdict.level(), verdict.outcome))
    };
    let turned: Vec<_> = turned.iter().filter(listed).collect();
    if turned.is_empty() {
        return html! {};
    }
    html! {
        <details class="turned">
            <summary>{ format!("1999 and today differ on {}", words::many(turned.len(), "matter")) }</summary>
            { for turned.iter().map(|one| html! {
                <section key={format!("{}-{}", one.reversal.id, one.then.side.name())}>
                    <h3>{ format!("{}, {}", one.reversal.title, side(one.then.side)) }</h3>
                    <dl class="two">
                        <div><dt>{ "as of 1999" }</dt>{ answer(&one.then) }</div>
                        <div><dt>{ "as of today" }</dt>{ answer(&one.today) }</div>
                    </dl>
                    <p class="about">{ one.reversal.says }</p>
                </section>
            }) }
        </details>
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Client => "the client",
        Side::Server => "the server",
    }
}

fn answer(verdict: &Verdict) -> Html {
    let level = match verdict.outcome {
        Outcome::Fail => format!(" ({})", verdict.clause.keyword.word()),
        _ => String::new(),
    };
    html! {
        <dd class={words::class(verdict.outcome)}>
            <span class="outcome"><i aria-hidden="true">{ words::mark(verdict.outcome) }</i>{ verdict.outcome.word() }{ level }</span>
            <a href={format!("#/rules/{}", verdict.rule.id)}>{ format!("rule {}", verdict.rule.id) }</a>
            <span>{ verdict.excused_by.unwrap_or(&verdict.message).to_owned() }</span>
        </dd>
    }
}
