//! `docs/reference` is made from the registries: what they hold, and nothing else, stands there. A binary of its own, since
//! every change of a registry makes it fail until `cargo xtask docs` has run, and the quick loop is to go on without.
#![cfg(not(target_arch = "wasm32"))]
// clippy.toml allows this in tests, but does not know that the helpers of these are some.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use starttls_lab::pipeline;
use starttls_lab::report::{Entry, Field, Kind};
use std::fmt::Write;
use std::path::Path;

/// The pages, with what stands at the top of each.
const PAGES: [(Kind, &str, &str); 7] = [
    (
        Kind::Rules,
        "Rules",
        "What sessions are judged by. Each rule names its document and section; `starttls-lab explain ID` shows its examples.",
    ),
    (
        Kind::Attacks,
        "Attacks",
        "What somebody in the middle can do: `starttls-lab simulate --protocol imap --attack ID`, or the list in the page.",
    ),
    (Kind::Harms, "Harms", "What an attacker can gain, and what only keeps people from their mail."),
    (
        Kind::Switches,
        "Switches",
        "What a client, a server or an attack can be set to: `--set SIDE.SWITCH=VALUE`. The first value is the default.",
    ),
    (
        Kind::Profiles,
        "Profiles",
        "Named sets of switches: patterns of behaviour, and programs as they were observed.",
    ),
    (
        Kind::Formats,
        "Formats",
        "The recordings that can be read, and how to make each. They are told apart by themselves; `--format ID` chooses one.",
    ),
    (Kind::Protocols, "Protocols", "The protocols that can be simulated and judged."),
];

fn page(kind: Kind, title: &str, about: &str) -> String {
    let entries = pipeline::list(kind);
    let mut text =
        format!("# {title}\n\n{about}\n\nMade by `cargo xtask docs`; {} entries.\n", entries.len());
    entries.iter().for_each(|entry| one(&mut text, entry));
    text
}

fn one(text: &mut String, entry: &Entry) {
    let _ = write!(text, "\n## {}: {}\n\n", entry.id, entry.title);
    for (name, field) in &entry.fields {
        let value = match field {
            Field::Text(value) => value.clone(),
            Field::List(values) => values.join(", "),
            Field::Lines(values) => values.join(" "),
            Field::Map(pairs) => {
                pairs.iter().map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>().join("; ")
            }
        };
        if !value.is_empty() {
            let _ = writeln!(text, "- {name}: {}", plain(&value));
        }
    }
}

/// Text that Markdown shows as it is.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut code = false;
    for letter in text.chars() {
        code ^= letter == '`';
        match letter {
            '<' | '*' | '_' if !code => plain.extend(['\\', letter]),
            '\n' | '\r' => plain.push(' '),
            _ => plain.push(letter),
        }
    }
    plain
}

#[test]
fn the_reference_is_that_of_the_registries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut stale = Vec::new();
    for (kind, title, about) in PAGES {
        let (path, text) = (folder.join(format!("{}.md", kind.id())), page(kind, title, about));
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, text).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(
        stale.is_empty(),
        "{} in docs/reference are not current: `cargo xtask docs` makes them anew",
        stale.join(", ")
    );
}

#[test]
fn every_kind_has_its_page() {
    for kind in Kind::ALL {
        assert!(PAGES.iter().any(|page| page.0 == kind), "{}", kind.id());
    }
}
