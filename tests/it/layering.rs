//! Who may import whom (ARCHITECTURE.md), held to what the sources say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module, what it may use, and the parts of that which it may not.
struct Layer {
    module: &'static str,
    may: &'static [&'static str],
    not: &'static [&'static str],
}

const fn layer(module: &'static str, may: &'static [&'static str]) -> Layer {
    Layer { module, may, not: &[] }
}

/// The machines: only what runs them may know them.
const MACHINES: &[&str] =
    &["proto::Machine", "proto::Input", "proto::Output", "proto::imap::client", "proto::imap::server"];

static LAYERS: &[Layer] = &[
    layer("base", &[]),
    layer("wire", &["base"]),
    layer("sasl", &["base"]),
    layer("tls", &["base"]),
    layer("spec", &["base"]),
    layer("trace", &["base", "wire", "sasl", "tls"]),
    layer("proto", &["base", "wire", "sasl", "tls", "trace"]),
    // How a middle reads and forges a protocol, and nothing that runs one.
    layer(
        "attack",
        &["base", "wire", "tls", "trace", "harm", "proto::Dialect", "proto::Answer", "proto::Asked"],
    ),
    layer("harm", &["base", "wire", "sasl", "tls", "trace"]),
    layer("sim", &["base", "wire", "tls", "trace", "proto", "attack", "harm::Planted", "harm::Inherited"]),
    // The observers, and the recorder that feeds them; the grammar tells a protocol by its lines.
    Layer { module: "import", may: &["base", "wire", "tls", "trace", "proto"], not: MACHINES },
    layer("facts", &["base", "spec", "sasl", "tls", "trace"]),
    layer("rules", &["base", "spec", "sasl", "tls", "trace", "facts"]),
    layer("probe", &["base", "spec", "tls", "trace", "facts", "rules", "sim", "attack"]),
    layer("matrix", &["base", "spec", "trace", "attack", "harm", "sim", "facts", "rules"]),
    // Recorded parties are machines too.
    layer("replay", &["base", "wire", "tls", "trace", "proto", "attack", "sim", "facts"]),
    layer("view", &["base", "trace", "rules", "harm", "proto::states"]),
    Layer { module: "redact", may: &["base", "wire", "sasl", "trace", "tls", "proto"], not: MACHINES },
    layer("policy", &["base", "spec", "rules", "report"]),
    layer("link", &[]),
    layer("report", &["base", "spec", "tls", "trace", "facts", "rules", "harm", "view"]),
    // A lesson names what there is; it runs nothing.
    layer("lesson", &["base", "attack", "harm", "rules", "view", "sim::Setup", "sim::SetupError"]),
    Layer {
        module: "pipeline",
        may: &[
            "base", "wire", "sasl", "tls", "spec", "trace", "proto", "attack", "harm", "sim", "import",
            "facts", "rules", "matrix", "view", "report", "probe", "replay", "lesson", "redact", "policy",
            "link",
        ],
        not: MACHINES,
    },
    // What the page has done on another thread: a face that only another face sees.
    layer(
        "work",
        &[
            "pipeline",
            "base",
            "report",
            "sim",
            "import",
            "trace",
            "redact",
            "link",
            "lesson::prose",
            "lesson::Block",
            "lesson::Text",
        ],
    ),
    // The binding: reports as they are written, and the machines themselves.
    layer("js", &["pipeline", "base", "report", "proto", "sim", "tls"]),
    // A face: the facade, and the records that come out of it.
    Layer {
        module: "ui",
        may: &[
            "work", "pipeline", "base", "spec", "trace", "facts", "rules", "harm", "view", "report",
            "attack", "sim", "tls", "import", "lesson", "redact", "link",
        ],
        not: &["sim::run", "attack::Relay", "attack::Tamper", "rules::judge"],
    },
];

#[test]
fn every_module_uses_only_what_stands_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&src) {
        let relative = file.strip_prefix(&src).unwrap().to_path_buf();
        let module = module_of(&relative);
        let of_tests = relative.to_str().is_some_and(|name| name.ends_with("tests.rs"));
        if matches!(module.as_str(), "lib" | "bin" | "testing") || of_tests {
            continue;
        }
        let layer = LAYERS.iter().find(|layer| layer.module == module);
        let layer = layer.unwrap_or_else(|| panic!("{module} is not in the table of layers"));
        for path in paths(&code_of(&file), "crate::") {
            let inside = within(&path, layer.module);
            let allowed = layer.may.iter().any(|may| within(&path, may));
            let forbidden = layer.not.iter().any(|not| within(&path, not));
            if !inside && (!allowed || forbidden) {
                wrong.push(format!("{} uses {path}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_climbs_out_of_its_module_by_super() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&src) {
        let relative = file.strip_prefix(&src).unwrap();
        let mut depth = relative.components().count();
        if relative.ends_with("mod.rs") {
            depth -= 1;
        }
        if module_of(relative) == "bin" {
            continue;
        }
        let climbed = "super::".repeat(depth);
        assert!(!code_of(&file).contains(&climbed), "{} climbs to the crate's root", relative.display());
    }
}

#[test]
fn the_binaries_use_the_facade_only() {
    let bin = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    for file in rust_files(&bin) {
        for path in paths(&code_of(&file), "starttls_lab::") {
            let fine = within(&path, "pipeline")
                || (file.ends_with("page.rs") && within(&path, "ui"))
                || (file.ends_with("worker.rs") && within(&path, "work"))
                || (file.ends_with("js.rs") && within(&path, "js"));
            assert!(fine, "{} uses {path}", file.display());
        }
    }
}

#[test]
fn the_table_has_no_circle() {
    let mut below: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for layer in LAYERS {
        let modules = layer.may.iter().map(|may| may.split("::").next().unwrap());
        below.insert(layer.module, modules.collect());
    }
    let mut done = BTreeSet::new();
    while done.len() < below.len() {
        let next = below.iter().find(|(module, uses)| !done.contains(*module) && uses.is_subset(&done));
        done.insert(*next.expect("some module depends on what is done").0);
    }
}

#[test]
fn use_trees_are_read_to_their_leaves() {
    let code = "use crate::{base::{Side, Hop}, tls, view::ladder};\nlet x = crate::rules::find(id);";
    assert_eq!(paths(code, "crate::"), ["base::Side", "base::Hop", "tls", "view::ladder", "rules::find"]);
    assert_eq!(paths("pub use crate::proto::{self, Tap as T};", "crate::"), ["proto", "proto::Tap"]);
}

/// Whether a path is a thing or lies in it.
fn within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn module_of(relative: &Path) -> String {
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// A file without its comments and without the tests at its end.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Every path behind a root, with the trees of `use` unfolded.
fn paths(code: &str, root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(root) {
        let is_root = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_root {
            tree(&code[at + root.len()..], "", &mut found);
        }
    }
    found
}

fn tree(code: &str, prefix: &str, found: &mut Vec<String>) {
    if let Some(inner) = code.strip_prefix('{') {
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    let part = inner[start..at].trim();
                    if !part.is_empty() {
                        tree(part, prefix, found);
                    }
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let name: String = code.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &code[name.len()..];
    let path = match (prefix, name.as_str()) {
        (prefix, "self") => prefix.to_owned(),
        ("", name) => name.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    match rest.strip_prefix("::") {
        Some(rest) if rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{') => {
            tree(rest, &path, found)
        }
        _ => found.push(path),
    }
}
