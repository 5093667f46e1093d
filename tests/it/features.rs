//! `docs/features.md` names the test that proves each feature: the file is there and holds a test of that name.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_proof_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/features.md")).unwrap();
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| id")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, what, state, proof] = cells.as_slice() else {
            wrong.push(format!("not four cells: {line}"));
            continue;
        };
        if !ids.insert((*id).to_owned()) || what.is_empty() || proof.is_empty() {
            wrong.push(format!("{id} stands twice or says nothing"));
        }
        if !matches!(*state, "yes" | "in part" | "not yet" | "left out") {
            wrong.push(format!("{id}: {state}"));
        }
        let proved = matches!(*state, "yes" | "in part");
        let named = proof.split('`').nth(1);
        if proved && named.is_none() {
            wrong.push(format!("{id}: no proof is named"));
        }
        // `file` or `file: name of a test`
        let Some(named) = named.filter(|_| proved) else { continue };
        let (file, test) = named.split_once(": ").map_or((named, None), |(file, test)| (file, Some(test)));
        match std::fs::read_to_string(root.join(file)) {
            Err(_) => wrong.push(format!("{id}: there is no {file}")),
            Ok(text) if test.is_some_and(|test| !text.contains(test)) => {
                wrong.push(format!("{id}: {file} has no test “{}”", test.unwrap_or_default()));
            }
            Ok(_) => {}
        }
    }
    assert!(ids.len() >= 185, "{} features", ids.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
