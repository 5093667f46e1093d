//! The report as SARIF 2.1.0 (OASIS), for code scanning. It is written as the judging goes on: the rules first, all of
//! them, then the results.

use super::excerpt::shown;
use super::json::put;
use super::{Format, Input, RunRecord, SessionRecord, VerdictRecord, Writer};
use crate::rules::{self, Outcome};
use crate::spec::Level;
use crate::view::Ladder;
use serde_json::{Value, json};

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "sarif",
    title: "SARIF",
    about: "SARIF 2.1.0 for code scanning: broken rules and what cannot be told, with redacted lines.",
    shows: true,
    lists: false,
    tells_why: false,
    terse: false,
    writer: || Box::new(Sarif::default()),
};

#[derive(Default)]
struct Sarif {
    begun: bool,
    results: usize,
    sessions: usize,
    problems: Vec<Value>,
}

impl Sarif {
    fn begin(&mut self, out: &mut String) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        out.push_str("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"starttls-lab\",\"version\":");
        put(out, env!("CARGO_PKG_VERSION"));
        out.push_str(",\"rules\":[\n");
        for (number, rule) in rules::ALL.iter().enumerate() {
            out.push_str(if number == 0 { "" } else { ",\n" });
            let requirement = rule.requirement();
            let citation = requirement.map(|row| row.citation()).unwrap_or_default();
            put(
                out,
                &json!({
                    "id": rule.id,
                    "shortDescription": {"text": rule.title},
                    "fullDescription": {"text": rule.why},
                    "help": {"text": format!("{citation}. {} {}", rule.how, rule.blind)},
                }),
            );
        }
        out.push_str("\n]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[\n");
    }

    fn results(
        &mut self,
        out: &mut String,
        input: &Input,
        verdicts: &[VerdictRecord],
        ladder: Option<&Ladder>,
    ) {
        for verdict in verdicts {
            let told = match verdict.outcome {
                Outcome::Fail => true,
                Outcome::CannotTell => verdict.message != rules::PROBE,
                Outcome::Pass | Outcome::NotApplicable | Outcome::NotInForce => false,
            };
            if told {
                out.push_str(if self.results == 0 { "" } else { ",\n" });
                self.results = self.results.saturating_add(1);
                put(out, &self.result(input, verdict, ladder));
            }
        }
    }

    fn result(&self, input: &Input, verdict: &VerdictRecord, ladder: Option<&Ladder>) -> Value {
        let (kind, level) = match (verdict.outcome, verdict.level) {
            (Outcome::Fail, Level::Error) => ("fail", "error"),
            (Outcome::Fail, Level::Warning) => ("fail", "warning"),
            (Outcome::Fail, Level::Note) => ("fail", "note"),
            _ => ("open", "none"),
        };
        let index = rules::ALL.iter().position(|rule| rule.id == verdict.rule);
        let mut result = json!({
            "ruleId": verdict.rule,
            "kind": kind,
            "level": level,
            "message": {"text": format!("{} ({}): {}", verdict.title, verdict.side.name(), verdict.message)},
            "locations": [location(input, self.sessions, verdict, ladder)],
            "properties": {"side": verdict.side.name(), "places": verdict.lines, "session": self.sessions},
        });
        if let Value::Object(fields) = &mut result {
            if let Some(index) = index {
                fields.insert("ruleIndex".to_owned(), json!(index));
            }
            if let Some(print) = &verdict.fingerprint {
                fields.insert("partialFingerprints".to_owned(), json!({"starttlsLab/v1": print}));
            }
            if let Some(accepted) = &verdict.accepted {
                let mut suppression = json!({"kind": "external", "status": "accepted"});
                if let Value::Object(fields) = &mut suppression {
                    fields.insert("justification".to_owned(), json!(accepted));
                }
                fields.insert("suppressions".to_owned(), json!([suppression]));
            }
            if let Some(link) = &verdict.link {
                fields.insert("hostedViewerUri".to_owned(), json!(link));
            }
        }
        result
    }
}

fn location(input: &Input, session: usize, verdict: &VerdictRecord, ladder: Option<&Ladder>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&input.file)}});
    // Only lines are places in a file that a viewer can go to.
    if input.place() == "line"
        && input.file != "-"
        && let (Some(first), Some(last), Value::Object(fields)) =
            (verdict.lines.first(), verdict.lines.last(), &mut physical)
    {
        let text = ladder.and_then(|ladder| shown(ladder).find(|line| line.place == *first));
        let last = if verdict.lines.len() == 1 { first } else { last };
        let mut region = json!({"startLine": first, "endLine": last});
        if let (Some(line), Value::Object(region)) = (text, &mut region) {
            region.insert("snippet".to_owned(), json!({"text": line.text()}));
        }
        fields.insert("region".to_owned(), region);
    }
    let place = verdict.lines.first().map(|first| format!(", {} {first}", input.place())).unwrap_or_default();
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": format!("session {session}{place}")}],
    })
}

/// A path as a relative reference (RFC 3986), the same on every system.
fn uri(path: &str) -> String {
    let path = if path == "-" { "stdin" } else { path };
    let mut uri = String::with_capacity(path.len());
    for octet in path.replace('\\', "/").bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~/".contains(&octet) {
            uri.push(char::from(octet));
        } else {
            uri.push_str(&format!("%{octet:02X}"));
        }
    }
    uri
}

impl Writer for Sarif {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        self.begin(out);
        self.sessions = self.sessions.saturating_add(1);
        self.results(out, input, &session.verdicts, session.ladder().as_ref());
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        self.begin(out);
        self.sessions = 0;
        if let Some(error) = &input.error {
            self.problems.push(json!({
                "level": "error",
                "message": {"text": error.message},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&input.file)}}}],
            }));
        }
    }

    fn finish(&mut self, out: &mut String) {
        self.begin(out);
        out.push_str("\n],\"invocations\":[");
        let fine = self.problems.is_empty();
        put(out, &json!({"executionSuccessful": fine, "toolExecutionNotifications": self.problems}));
        out.push_str("]}]}\n");
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        self.begin(out);
        let input = Input { file: "simulation".to_owned(), places: Some("event"), ..Input::default() };
        self.results(out, &input, &run.verdicts, Some(&run.ladder));
        self.finish(out);
    }
}
