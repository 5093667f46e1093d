//! The software bill of materials: every crate that is linked into what is given away, as CycloneDX 1.5.

// A value of serde_json is null where there is nothing, and takes what is put into it.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    problem::{Problem, Result},
    run, site,
};

/// The bill, as JSON. It has no date: the same sources give the same octets.
pub fn of_materials() -> Result<String> {
    let mut cargo = run::cargo();
    cargo.args(["metadata", "--format-version", "1", "--locked", "--features", "ui"]);
    let text = run::ask(&mut cargo).ok_or_else(|| Problem::new("cargo metadata failed"))?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| Problem::new(format!("cargo metadata: {error}")))?;
    let bill = bill(&metadata, site::commit().as_deref());
    serde_json::to_string_pretty(&bill).map_err(|error| Problem::new(format!("the bill: {error}")))
}

fn bill(metadata: &Value, commit: Option<&str>) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let nodes = list(&metadata["resolve"]["nodes"]);
    let root = packages.iter().find(|package| package["name"] == "starttls-lab");
    let root_id = root.map(|package| package["id"].clone()).unwrap_or_default();
    // What only builds or tests need is not given away.
    let mut linked = BTreeSet::new();
    let mut next = vec![root_id.as_str().unwrap_or_default().to_owned()];
    while let Some(id) = next.pop() {
        if !linked.insert(id.clone()) {
            continue;
        }
        let deps = nodes.iter().filter(|node| node["id"] == id.as_str()).flat_map(|node| list(&node["deps"]));
        let normal = deps.filter(|dep| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()));
        next.extend(normal.filter_map(|dep| dep["pkg"].as_str().map(str::to_owned)));
    }
    let component = |package: &Value| {
        let (name, version) =
            (package["name"].as_str().unwrap_or_default(), package["version"].as_str().unwrap_or_default());
        let mut component = json!({
            "type": "library",
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            "bom-ref": format!("pkg:cargo/{name}@{version}"),
        });
        if let Some(license) = package["license"].as_str() {
            component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
        }
        component
    };
    let mut components: Vec<Value> = packages
        .iter()
        .filter(|package| {
            package["id"] != root_id && package["id"].as_str().is_some_and(|id| linked.contains(id))
        })
        .map(component)
        .collect();
    components.sort_by_key(|component| component["purl"].as_str().map(str::to_owned));
    let mut this = root.map(component).unwrap_or_default();
    this["type"] = json!("application");
    if let Some(commit) = commit {
        this["properties"] = json!([{ "name": "commit", "value": commit }]);
    }
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": { "component": this }, "components": components })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_listed_and_nothing_else() {
        let package =
            |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0" });
        let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [package("starttls-lab"), package("a"), package("b"), package("tester")],
            "resolve": { "nodes": [
                { "id": "starttls-lab", "deps": [dep("a", Value::Null), dep("tester", json!("dev"))] },
                { "id": "a", "deps": [dep("b", Value::Null)] },
                { "id": "b", "deps": [] },
                { "id": "tester", "deps": [] },
            ] },
        });
        let bill = bill(&metadata, Some("abc"));
        let purls: Vec<_> =
            bill["components"].as_array().unwrap().iter().map(|c| c["purl"].clone()).collect();
        assert_eq!(purls, ["pkg:cargo/a@1.0.0", "pkg:cargo/b@1.0.0"]);
        assert_eq!(bill["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(bill["metadata"]["component"]["name"], "starttls-lab");
    }
}
