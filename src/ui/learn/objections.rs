//! What people say against all this, and what there is to answer.

use super::prose::Prose;
use crate::lesson::{self, Block};
use std::rc::Rc;
use yew::prelude::*;

/// The questions with their answers.
const TEXT: &str = include_str!("../../lesson/content/objections.md");

/// The screen.
#[component(Objections)]
pub fn objections() -> Html {
    let all = use_memo((), |()| read());
    html! {
        <main class="screen learn objections" id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ "Objections and answers" }</h1>
            <p class="lead">{ "What is said in every room sooner or later." }</p>
            { for all.iter().map(|(asked, answer)| html! {
                <section key={asked.clone()} aria-label={asked.clone()}><h2>{ asked }</h2><Prose blocks={answer.clone()} /></section>
            }) }
        </main>
    }
}

fn read() -> Vec<(String, Rc<[Block]>)> {
    let parts = TEXT.split("## ").filter(|part| !part.trim().is_empty());
    let read = |part: &str| {
        let (asked, answer) = part.split_once('\n')?;
        let lines: Vec<(u32, &str)> = (1..).zip(answer.trim().lines()).collect();
        Some((asked.to_owned(), lesson::prose(&lines).ok()?.into()))
    };
    parts.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Span;
    use crate::ui::route::Route;

    fn addresses(blocks: &[Block], into: &mut Vec<String>) {
        let mut spans = |text: &[Span]| {
            into.extend(text.iter().filter_map(|span| match span {
                Span::Link(_, address) => Some(address.to_string()),
                _ => None,
            }));
        };
        for block in blocks {
            match block {
                Block::Paragraph(text) => spans(text),
                Block::List(items) => items.iter().for_each(|text| spans(text)),
                Block::Code(_) => {}
            }
        }
    }

    /// The screen of an address is there, and the step or rule that it names too.
    fn leads_somewhere(address: &str) -> bool {
        let Some((route, _)) = Route::read(address) else { return false };
        match &route {
            Route::Missing(_) => false,
            Route::Rule(id) => crate::rules::find(id).is_some() || crate::spec::find(id).is_some(),
            Route::Learn(place) => place.step().is_none_or(|(id, number)| {
                lesson::find(id).is_some_and(|lesson| (1..=lesson.steps.len()).contains(&number))
            }),
            _ => true,
        }
    }

    #[test]
    fn each_is_read_and_every_link_of_every_lesson_leads_to_a_screen() {
        let all = read();
        assert_eq!(all.len(), TEXT.matches("## ").count());
        let mut found = Vec::new();
        all.iter().for_each(|(_, answer)| addresses(answer, &mut found));
        assert!(found.len() >= 4, "{found:?}");
        // The lessons as they are written: whatever stands in them between brackets.
        for (id, text) in lesson::ALL {
            for link in text.split("](").skip(1) {
                let address = link.split(')').next().unwrap();
                found.push(address.to_owned());
                assert!(address.starts_with("#/"), "{id}: {address}");
            }
        }
        let lost: Vec<_> = found.iter().filter(|address| !leads_somewhere(address)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(
            !leads_somewhere("#/learn/strip/9")
                && !leads_somewhere("#/nowhere")
                && !leads_somewhere("#/rules/Z99")
        );
    }
}
