//! The text of a lesson, with the meaning of a word where it stands.

use crate::lesson::glossary::{self, Entry};
use crate::lesson::{Block, Span};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Prose`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The text.
    pub blocks: Rc<[Block]>,
}

/// A text.
#[component(Prose)]
pub fn prose(props: &Props) -> Html {
    let open = use_state(|| None::<&'static str>);
    let mut used = Vec::new();
    html! {
        <div class="prose">
            { for props.blocks.iter().map(|one| block(one, |text| told(text, &mut used, &open))) }
        </div>
    }
}

/// A part of a text, whose running text is drawn as the words and what stands behind their paragraph.
pub fn block(block: &Block, mut words: impl FnMut(&[Span]) -> (Html, Html)) -> Html {
    match block {
        Block::Paragraph(text) => {
            let (words, behind) = words(text);
            html! { <><p>{ words }</p>{ behind }</> }
        }
        Block::List(items) => html! {
            <ul>{ for items.iter().map(|text| {
                let (words, behind) = words(text);
                html! { <li>{ words }{ behind }</li> }
            }) }</ul>
        },
        Block::Code(code) => html! { <pre tabindex="0"><code>{ code }</code></pre> },
    }
}

/// Properties of [`Line`].
#[derive(PartialEq, Properties)]
pub struct LineProps {
    /// The text.
    pub text: Rc<[Span]>,
}

/// A single paragraph.
#[component(Line)]
pub fn line(props: &LineProps) -> Html {
    let open = use_state(|| None::<&'static str>);
    let (words, meaning) = told(&props.text, &mut Vec::new(), &open);
    html! { <><p>{ words }</p>{ meaning }</> }
}

/// A text without anything to press, for labels.
pub fn quiet(text: &[Span]) -> Html {
    let spans = text.iter().map(|span| match span {
        Span::Plain(words) | Span::Link(words, _) => html! { <>{ words }</> },
        other => marked(other),
    });
    html! { <>{ for spans }</> }
}

fn marked(span: &Span) -> Html {
    match span {
        Span::Plain(words) => html! { <>{ words }</> },
        Span::Strong(words) => html! { <strong>{ words }</strong> },
        Span::Emphasis(words) => html! { <em>{ words }</em> },
        Span::Code(words) => html! { <code>{ words }</code> },
        Span::Link(words, address) => html! { <a href={address.clone()}>{ words }</a> },
    }
}

/// The words, and the meaning of the one that was asked for.
fn told(
    text: &[Span],
    used: &mut Vec<&'static str>,
    open: &UseStateHandle<Option<&'static str>>,
) -> (Html, Html) {
    let mut asked: Option<&'static Entry> = None;
    let mut term = |words: Html, entry: &'static Entry| {
        let shown = **open == Some(entry.term());
        if shown {
            asked = Some(entry);
        }
        let (open, name) = (open.clone(), entry.term());
        let flip = Callback::from(move |_: MouseEvent| open.set((!shown).then_some(name)));
        html! {
            <button type="button" class="term" aria-expanded={shown.to_string()} onclick={flip}>{ words }</button>
        }
    };
    let spans: Vec<Html> = text
        .iter()
        .flat_map(|span| match span {
            Span::Plain(words) => glossary::cut(words, used)
                .into_iter()
                .map(|(words, entry)| match entry {
                    Some(entry) => term(html! { <>{ words }</> }, entry),
                    None => html! { <>{ words }</> },
                })
                .collect(),
            Span::Code(words) => match glossary::cut(words, used).as_slice() {
                [(_, Some(entry))] => vec![term(html! { <code>{ words }</code> }, entry)],
                _ => vec![marked(span)],
            },
            other => vec![marked(other)],
        })
        .collect();
    let meaning = asked.map_or_else(|| html! {}, |entry| {
        html! { <span class="meaning" role="note"><b>{ entry.term() }</b>{ ": " }{ entry.meaning }</span> }
    });
    (html! { <>{ for spans }</> }, meaning)
}
