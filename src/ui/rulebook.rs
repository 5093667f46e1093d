//! The list of requirements and rules, with filters that stand in the address.

use super::app::Go;
use super::route::{encoded, parts, side_of};
use super::state::Action;
use super::words;
use crate::base::{Side, order};
use crate::rules;
use crate::spec::{self, Decided, Document, Requirement};
use std::collections::BTreeSet;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What is listed.
#[derive(Clone, Debug, Default, PartialEq)]
struct Filters {
    text: String,
    side: Option<Side>,
    document: Option<Document>,
    judged: bool,
}

impl Filters {
    fn read(query: &str) -> Self {
        let mut filters = Self::default();
        for (key, value) in parts(query) {
            match key {
                "q" => filters.text = value,
                "side" => filters.side = side_of(&value),
                "doc" => filters.document = documents().into_iter().find(|known| slug(*known) == value),
                "judged" => filters.judged = value == "yes",
                _ => {}
            }
        }
        filters
    }

    fn query(&self) -> String {
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(format!("q={}", encoded(&self.text)));
        }
        parts.extend(self.side.map(|side| format!("side={}", side.name())));
        parts.extend(self.document.map(|document| format!("doc={}", slug(document))));
        if self.judged {
            parts.push("judged=yes".to_owned());
        }
        parts.join("&")
    }

    fn fits(&self, row: &Requirement) -> bool {
        let text = self.text.to_lowercase();
        let said = || {
            let rules = judges(row).filter_map(rules::find).map(|rule| rule.title);
            let words = row.clauses.iter().map(|clause| clause.says).chain(rules);
            let all = [row.id.to_owned(), row.citation(), row.citation().replace("section ", "")];
            all.into_iter().chain(words.map(str::to_owned)).any(|words| words.to_lowercase().contains(&text))
        };
        self.side.is_none_or(|side| row.sides().contains(&side))
            && self.document.is_none_or(|document| row.document == document)
            && (!self.judged || judges(row).any(|id| rules::find(id).is_some()))
            && (text.is_empty() || said())
    }
}

/// The documents that have rows, in order.
fn documents() -> BTreeSet<Document> {
    order::collect(spec::all().map(|row| row.document))
}

/// A document's name in an address.
fn slug(document: Document) -> String {
    let name = document.name().to_lowercase();
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The ids of the rules that decide a row.
pub fn judges(row: &Requirement) -> impl Iterator<Item = &'static str> + use<> {
    let ids = match row.decided {
        Decided::By(ids) => ids,
        Decided::Never(_) => &[],
    };
    ids.iter().copied()
}

/// Properties of [`Rulebook`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The filters as the address writes them.
    pub query: String,
    /// Where actions go.
    pub go: Go,
}

/// The screen.
#[component(Rulebook)]
pub fn rulebook(props: &Props) -> Html {
    let filters = Filters::read(&props.query);
    let rows: Vec<_> = spec::all().filter(|row| filters.fits(row)).collect();
    let mut groups: Vec<_> =
        order::collect::<BTreeSet<_>, _>(rows.iter().map(|row| row.document)).into_iter().collect();
    // What all of this is about comes first.
    order::sort_by_key(&mut groups, |document| *document != Document::Rfc2595);
    let set = |filters: Filters| {
        let go = props.go.clone();
        move || go.dispatch(Action::Visit(super::route::Route::Rules(filters.query()).hash()))
    };
    let typed = {
        let (filters, go) = (filters.clone(), props.go.clone());
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let query = Filters { text: input.value(), ..filters.clone() }.query();
            go.dispatch(Action::Visit(super::route::Route::Rules(query).hash()));
        })
    };
    let document = {
        let (filters, go) = (filters.clone(), props.go.clone());
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let document = documents().into_iter().find(|known| slug(*known) == select.value());
            let query = Filters { document, ..filters.clone() }.query();
            go.dispatch(Action::Visit(super::route::Route::Rules(query).hash()));
        })
    };
    let side = |side: Option<Side>, name: &'static str| {
        let set = set(Filters { side, ..filters.clone() });
        html! {
            <label>
                <input type="radio" name="side" checked={filters.side == side} onchange={Callback::from(move |_: Event| set())} />
                <span>{ name }</span>
            </label>
        }
    };
    let judged = set(Filters { judged: !filters.judged, ..filters.clone() });
    html! {
        <main class="screen rulebook" id="text" tabindex="0">
            <h1 tabindex="-1">{ "The rule book" }</h1>
            <p class="lead">{ "What RFC 2595 and its successors ask of mail programs, in our own words; and for each demand how a session is judged by it, or why it cannot be." }</p>
            <form class="filters" role="search" aria-label="Rules" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                <label class="field wide"><span>{ "Search" }</span>
                    <input type="search" value={filters.text.clone()} oninput={typed} autocomplete="off" spellcheck="false"
                        placeholder="a word, an id, or a section such as 2595 2.3" /></label>
                <label class="field"><span>{ "Document" }</span>
                    <select onchange={document}>
                        <option value="" selected={filters.document.is_none()}>{ "all documents" }</option>
                        { for documents().into_iter().map(|known| html! {
                            <option key={slug(known)} value={slug(known)} selected={filters.document == Some(known)}>{ known.name() }</option>
                        }) }
                    </select></label>
                <div class="segments field" role="radiogroup" aria-label="Side">
                    <span aria-hidden="true">{ "Side" }</span>
                    <div>{ side(None, "both") }{ side(Some(Side::Client), "client") }{ side(Some(Side::Server), "server") }</div>
                </div>
                <label class="toggle field"><span>{ "Only what a rule judges" }</span>
                    <input type="checkbox" role="switch" checked={filters.judged} onchange={Callback::from(move |_: Event| judged())} /></label>
            </form>
            <p class="found" role="status">{ match rows.len() {
                0 => "Nothing fits. Take a filter away.".to_owned(),
                found => format!("{} of {}", found, words::many(spec::all().count(), "requirement")),
            } }</p>
            { for groups.into_iter().map(|document| html! {
                <section key={slug(document)} aria-labelledby={slug(document)}>
                    <h2 id={slug(document)} class="small">{ document.name() }</h2>
                    <ul class="rows-list" role="list">
                        { for rows.iter().filter(|row| row.document == document).map(|row| line(row)) }
                    </ul>
                </section>
            }) }
        </main>
    }
}

fn line(row: &'static Requirement) -> Html {
    let titles: Vec<_> = judges(row).filter_map(rules::find).map(|rule| rule.title).collect();
    let strongest = row.clauses.iter().max_by_key(|clause| clause.keyword.level());
    let title = match titles.as_slice() {
        [title] => title,
        _ => strongest.map_or("", |clause| clause.says),
    };
    let sides: Vec<_> = row.sides().into_iter().map(Side::name).collect();
    html! {
        <li key={row.id}>
            <a href={format!("#/rules/{}", row.id)}>
                <span class="id">{ row.id }</span>
                <span class="says">{ title }</span>
                <span class="basis">{ format!("section {}", row.section) }</span>
                <span class="duty">{ format!("{}{}", sides.join(" and "), strongest.map(|c| format!(" · {}", c.keyword.word())).unwrap_or_default()) }</span>
                <span class={classes!("state", titles.is_empty().then_some("none"))}>
                    { if titles.is_empty() { "not judged" } else { "judged" } }</span>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stand_in_the_address_and_find_what_they_say() {
        let query = "q=2595%202.3&side=client&doc=rfc-2595&judged=yes";
        let filters = Filters::read(query);
        assert_eq!(filters.query(), query);
        let found: Vec<_> = spec::all().filter(|row| filters.fits(row)).map(|row| row.id).collect();
        assert!(found.contains(&"A04"), "{found:?}");
        assert!(!found.contains(&"A12"), "{found:?}");
        let all = Filters::read("nonsense=1");
        assert_eq!(all, Filters::default());
        assert_eq!(spec::all().filter(|row| all.fits(row)).count(), spec::all().count());
        assert_eq!(
            Filters { text: "no such words anywhere".to_owned(), ..Filters::default() }.query(),
            "q=no%20such%20words%20anywhere"
        );
    }

    #[test]
    fn documents_have_names_of_their_own_in_addresses() {
        let slugs: BTreeSet<_> = documents().into_iter().map(slug).collect();
        assert_eq!(slugs.len(), documents().len());
    }
}
