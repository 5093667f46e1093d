//! The report as JUnit's XML, for systems of continuous integration: a suite for each input, a case for each rule and
//! session.

use super::markup::escaped;
use super::{FailOn, Format, Input, RunRecord, SessionRecord, VerdictRecord, Writer, broken, evidence};
use crate::rules::Outcome;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "junit",
    title: "JUnit",
    about: "JUnit's XML for continuous integration: one case for each rule that was judged. A broken rule is a failure from the level on that makes the exit code 1; below it the case passes and says so in its output.",
    shows: false,
    lists: false,
    tells_why: false,
    terse: false,
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
    fail_on: FailOn,
}

impl Junit {
    fn begin(&mut self, out: &mut String) {
        if !std::mem::replace(&mut self.begun, true) {
            out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"starttls-lab\">\n");
        }
    }

    fn case(&mut self, class: &str, verdict: &VerdictRecord, word: &str) {
        let shown = evidence(word, verdict);
        let said = escaped(&shown);
        let inside = match verdict.outcome {
            Outcome::Pass => String::new(),
            // JUnit has no warnings: a failure there is what fails the build here.
            Outcome::Fail if verdict.counts() && !self.fail_on.counts(verdict.level) => {
                let text = escaped(&format!("{}. {shown} {}", broken(verdict), verdict.citation));
                format!("<system-out>{text}</system-out>")
            }
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
    fn fail_on(&mut self, least: FailOn) {
        self.fail_on = least;
    }

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
}
