//! The JavaScript binding: the same reports as the command line writes, as values with types, and a machine that is fed
//! octets, so that others can put our client or server behind a transport of their own.

mod machine;
mod types;

pub use machine::Machine;
pub use types::{CheckOptions, InputReport, MachineOptions, Question, Report, Setup};

use crate::pipeline::{self, Checker, KeyLog, RuleSet, Secret, Seed, Side};
use crate::report::{self, Input, Kind, Writer};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// What was wrong with a call, as an exception.
type Answer = Result<JsValue, JsError>;

fn wrong(message: impl Into<String>) -> JsError {
    JsError::new(&message.into())
}

/// Judges a recording: a transcript, a program's log, a capture.
///
/// # Errors
/// When the format or the rule set is not known. A recording that cannot be read is no exception: the report says so.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn check(
    octets: &[u8],
    #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions")] options: JsValue,
) -> Answer {
    let options = if options.is_undefined() { CheckOptions::default() } else { taken(options)? };
    let format = match &options.format {
        Some(id) => {
            let found = pipeline::formats().iter().copied().find(|format| format.id == id);
            Some(found.ok_or_else(|| wrong(format!("there is no format `{id}`")))?)
        }
        None => None,
    };
    let keys = Arc::new(KeyLog::parse(options.keys.unwrap_or_default().as_bytes()));
    let mut checker = Checker::new(format, rule_set(options.rules.as_deref())?).with_keys(&keys);
    let mut sessions = checker.push(octets);
    let (last, ending) = checker.finish();
    sessions.extend(last);
    let input = ending.input(options.file.as_deref().unwrap_or("-"));
    written(|writer, text| {
        // A session is written under the input that it is in; what is said of the input comes at its end.
        let open = Input { remarks: Vec::new(), error: None, ..input.clone() };
        sessions.iter().for_each(|session| writer.session(text, &open, &session.record()));
        writer.end_of_input(text, &input);
        writer.finish(text);
    })
}

/// Runs a client, an attacker and a server against each other and judges what happens.
///
/// # Errors
/// When the setup names something that there is not.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn simulate(#[wasm_bindgen(unchecked_param_type = "Setup")] setup: JsValue) -> Answer {
    let setup: Setup = taken(setup)?;
    let rules = rule_set(setup.rules.as_deref())?;
    let fixes = setup.fixes.unwrap_or(false);
    let setup = setup.made()?;
    let mut record = pipeline::simulate(&setup, rules).record(rules);
    record.fixes = fixes.then(|| pipeline::fixes(&setup));
    written(|writer, text| writer.run(text, &record))
}

/// All attacks against all rules: which rule stops which attack.
///
/// # Errors
/// When the protocol or the rule set is not known.
#[wasm_bindgen(unchecked_return_type = "MatrixRecord")]
pub fn matrix(protocol: &str, rules: Option<String>) -> Answer {
    let found = pipeline::protocols().find(|known| known.id() == protocol);
    let found = found.and_then(|found| Some(pipeline::matrix(found, rule_set(rules.as_deref()).ok()?)));
    let matrix = found.flatten().ok_or_else(|| wrong(format!("there is no matrix of `{protocol}`")))?;
    written(|writer, text| writer.matrix(text, &matrix))
}

/// What there is of a kind: rules, attacks, harms, formats, protocols, switches, profiles.
///
/// # Errors
/// When there is no such kind.
#[wasm_bindgen(unchecked_return_type = "Entry[]")]
pub fn list(#[wasm_bindgen(unchecked_param_type = "ListKind")] kind: &str) -> Answer {
    let found = Kind::ALL.into_iter().find(|known| known.id() == kind);
    let kind = found.ok_or_else(|| wrong(format!("there is no kind `{kind}`")))?;
    written(|writer, text| writer.list(text, kind, &pipeline::list(kind)))
}

/// All that there is to say about a rule or a requirement, by its id.
///
/// # Errors
/// When there is none of that id.
#[wasm_bindgen(unchecked_return_type = "Entry")]
pub fn explain(id: &str) -> Answer {
    let entry = pipeline::explain(id).ok_or_else(|| wrong(format!("there is no rule `{id}`")))?;
    let list = written(|writer, text| writer.list(text, Kind::Rules, std::slice::from_ref(&entry)))?;
    Ok(js_sys::Array::from(&list).get(0))
}

/// The version of this package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// An object of a script as options.
fn taken<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| wrong(error.to_string()))
}

fn rule_set(id: Option<&str>) -> Result<RuleSet, JsError> {
    let Some(id) = id else { return Ok(RuleSet::default()) };
    let found = RuleSet::ALL.into_iter().find(|known| known.id() == id);
    found.ok_or_else(|| wrong(format!("there is no rule set `{id}`")))
}

/// What the writer of JSON writes, as a value: one shape for all who read reports.
fn written(write: impl FnOnce(&mut dyn Writer, &mut String)) -> Answer {
    let json = report::find("json").ok_or_else(|| wrong("there is no writer of JSON"))?;
    let mut text = String::new();
    write(&mut *(json.writer)(), &mut text);
    js_sys::JSON::parse(&text).map_err(|_| wrong("the report is no JSON"))
}

fn side(name: &str) -> Result<Side, JsError> {
    let found = Side::BOTH.into_iter().find(|side| side.name() == name);
    found.ok_or_else(|| wrong(format!("there is no side `{name}`; there are client and server")))
}

impl Setup {
    fn made(self) -> Result<pipeline::Setup, JsError> {
        let found = pipeline::protocols().find(|known| known.id() == self.protocol);
        let protocol = found.ok_or_else(|| wrong(format!("there is no protocol `{}`", self.protocol)))?;
        let said = |error: pipeline::SetupError| wrong(error.to_string());
        let mut setup = pipeline::Setup::new(protocol).map_err(said)?;
        for (side, profile) in [(Side::Client, self.client), (Side::Server, self.server)] {
            if let Some(profile) = profile {
                setup.profile(side, &profile).map_err(said)?;
            }
        }
        for attack in self.attacks.unwrap_or_default() {
            setup.attack(&attack).map_err(said)?;
        }
        for text in self.set.unwrap_or_default() {
            setup.set_text(&text).map_err(said)?;
        }
        let written = self.written.map(|text| pipeline::Custom::parse(&text)).transpose();
        setup.custom = written.map_err(|error| wrong(error.to_string()))?;
        setup.seed = self.seed.map_or(setup.seed, |seed| Seed(seed.into()));
        Ok(setup)
    }
}

/// A password as it comes from a script.
fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes())
}
