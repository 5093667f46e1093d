//! The report as JUnit's XML, for systems of continuous integration: a suite for each input, a case for each rule and
//! session.

use super::markup::escaped;
use super::{Entry, Format, Input, Kind, RunRecord, SessionRecord, VerdictRecord, Writer};
use crate::rules::Outcome;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "junit",
    title: "JUnit",
    about: "JUnit's XML for continuous integration: one case for each rule that was judged.",
    shows: false,
    writer: || Box::new(Junit::default()),
};

#[derive(Default)]
struct Junit {
    begun: bool,
    /// The cases of the input that is being read: the counts stand in front of them.
    cases: String,
    tests: usize,
    failures: usize,
    skipped: usize,
    sessions: usize,
}

impl Junit {
    fn begin(&mut self, out: &mut String) {
        if !std::mem::replace(&mut self.begun, true) {
            out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"starttls-lab\">\n");
        }
    }

    fn case(&mut self, class: &str, verdict: &VerdictRecord, word: &str) {
        let places: Vec<String> = verdict.lines.iter().take(40).map(u32::to_string).collect();
        let places =
            if places.is_empty() { String::new() } else { format!("{word} {}: ", places.join(", ")) };
        let said = escaped(&format!("{places}{}", verdict.message));
        let inside = match verdict.outcome {
            Outcome::Pass => String::new(),
            Outcome::Fail if verdict.counts() => {
                self.failures = self.failures.saturating_add(1);
                let text = escaped(&verdict.citation);
                format!("<failure message=\"{said}\" type=\"{}\">{text}</failure>", verdict.level.name())
            }
            Outcome::Fail => {
                self.skipped = self.skipped.saturating_add(1);
                let why = escaped(verdict.accepted.as_deref().unwrap_or("below the level that counts"));
                format!("<skipped message=\"{why}\"/>")
            }
            Outcome::CannotTell => {
                self.skipped = self.skipped.saturating_add(1);
                format!("<skipped message=\"{said}\"/>")
            }
            Outcome::NotApplicable | Outcome::NotInForce => return,
        };
        self.tests = self.tests.saturating_add(1);
        self.cases.push_str(&format!(
            "<testcase name=\"{}: {} ({})\" classname=\"{}\" time=\"0\">{inside}</testcase>\n",
            escaped(verdict.rule),
            escaped(verdict.title),
            verdict.side.name(),
            escaped(class)
        ));
    }

    fn suite(&mut self, out: &mut String, name: &str, error: Option<&str>) {
        self.begin(out);
        let errors = usize::from(error.is_some());
        if let Some(error) = error {
            self.tests = self.tests.saturating_add(1);
            self.cases.push_str(&format!(
                "<testcase name=\"readable\" classname=\"{}\" time=\"0\"><error message=\"{}\" type=\"unreadable\"/></testcase>\n",
                escaped(name),
                escaped(error)
            ));
        }
        out.push_str(&format!(
            "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{errors}\" skipped=\"{}\" time=\"0\">\n{}</testsuite>\n",
            escaped(name),
            self.tests,
            self.failures,
            self.skipped,
            self.cases
        ));
        self.cases.clear();
        (self.tests, self.failures, self.skipped, self.sessions) = (0, 0, 0, 0);
    }
}

impl Writer for Junit {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        self.begin(out);
        self.sessions = self.sessions.saturating_add(1);
        let class = format!("{}.session-{}", input.file, self.sessions);
        for verdict in &session.verdicts {
            self.case(&class, verdict, input.place());
        }
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        let error = input.error.as_ref().map(|error| error.message.clone());
        self.suite(out, &input.file, error.as_deref());
    }

    fn finish(&mut self, out: &mut String) {
        self.begin(out);
        out.push_str("</testsuites>\n");
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        for verdict in &run.verdicts {
            self.case("simulation", verdict, "event");
        }
        self.suite(out, "simulation", None);
        self.finish(out);
    }

    fn list(&mut self, out: &mut String, kind: Kind, entries: &[Entry]) {
        super::text::list(out, kind, entries);
    }
}
