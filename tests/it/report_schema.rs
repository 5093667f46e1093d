//! The reports keep to the published schema, and the schema allows nothing that is not in the contract.

use crate::cli::{Run, corpus, run};
use serde_json::{Value, json};
use std::path::Path;

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

fn held(report: &Value) {
    let problems: Vec<_> =
        schema().iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn reports_of_checks_keep_to_the_schema_also_where_inputs_are_not_readable() {
    let example = corpus("rfc2595.txt");
    for args in [
        vec![example.as_str()],
        vec!["--rules", "1999", &example],
        vec![&example, "/nowhere", &corpus("smtp.txt"), &corpus("empty.txt"), &corpus("photo.jpg"), &example],
        vec![&corpus("greeting.txt"), &corpus("noise.txt")],
    ] {
        let Run { json, .. } = run(&[&["check", "--output", "json"], args.as_slice()].concat(), b"").parsed();
        held(&json);
    }
}

#[test]
fn reports_of_runs_keep_to_the_schema() {
    for args in [
        &[][..],
        &["--attack", "strip-capability"],
        &[
            "--attack",
            "fail-starttls",
            "--set",
            "middle.answer=close",
            "--client",
            "careless",
            "--server",
            "careless",
        ],
        &["--client", "private", "--rules", "1999", "--seed", "18446744073709551615"],
        &["--client", "private", "--attack", "strip-capability"],
        &["--attack", "strip-capability", "--fixes"],
    ] {
        let fixed = ["simulate", "--protocol", "imap", "--output", "json"];
        held(&run(&[&fixed, args].concat(), b"").parsed().json);
    }
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_know() {
    let good = run(&["check", "--output", "json", &corpus("rfc2595.txt")], b"").parsed().json;
    let schema = schema();
    for (pointer, wrong) in [
        ("/schema", json!("starttls-lab.report/2")),
        ("/inputs/0/sessions/0/protocol", json!("smtp")),
        ("/inputs/0/sessions/0/facts/starttls_answer", json!("maybe")),
        ("/inputs/0/sessions/0/verdicts/0/outcome", json!("warning")),
        ("/inputs/0/sessions/0/verdicts/0/level", json!("fatal")),
        ("/inputs/0/sessions/0/verdicts/0/lines", json!([0])),
        ("/inputs/0/sessions/0/compliance/client", json!("good")),
    ] {
        let mut report = good.clone();
        *report.pointer_mut(pointer).unwrap() = wrong;
        assert!(!schema.is_valid(&report), "{pointer}");
    }
}
