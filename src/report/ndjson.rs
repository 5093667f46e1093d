//! The report as one JSON object a line, one line for each session: for large runs, and for programs that read as it
//! is written. Verdicts other than broken and undecided are left out, unless somebody asks for them.

use super::json::put;
use super::{
    Entry, Format, Input, Kind, MatrixRecord, RunRecord, SCHEMA, SearchRecord, Select, SessionRecord,
    VerdictRecord, Writer,
};
use serde::Serialize;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "ndjson",
    title: "NDJSON",
    about: "One object a line for each session, for large runs: facts, and the verdicts that are broken or undecided.",
    shows: false,
    lists: true,
    tells_why: true,
    terse: true,
    writer: || Box::new(Ndjson::default()),
};

#[derive(Default)]
struct Ndjson {
    /// Sessions of the input so far.
    sessions: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    file: Option<&'a str>,
    format: Option<&'static str>,
    session: usize,
    protocol: Option<crate::base::Protocol>,
    facts: &'a crate::facts::Facts,
    compliance: super::ComplianceRecord,
    verdicts: Vec<&'a VerdictRecord>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remarks: &'a [super::Remark],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    why: &'a [super::WhyRecord],
}

#[derive(Serialize)]
struct InputLine<'a> {
    schema: &'static str,
    file: &'a str,
    format: Option<&'static str>,
    sessions: usize,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remarks: &'a [super::Remark],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a super::InputError>,
}

impl Ndjson {
    fn line(
        &mut self,
        out: &mut String,
        file: Option<&str>,
        format: Option<&'static str>,
        session: &SessionRecord,
        select: &Select,
    ) {
        self.sessions = self.sessions.saturating_add(1);
        let line = Line {
            schema: SCHEMA,
            file,
            format,
            session: self.sessions,
            protocol: session.protocol,
            facts: &session.facts,
            compliance: session.compliance,
            verdicts: session.verdicts.iter().filter(|verdict| select.shows(verdict)).collect(),
            remarks: &session.remarks,
            why: &session.why,
        };
        put(out, &line);
        out.push('\n');
    }
}

impl Writer for Ndjson {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        // Who judged it has chosen already.
        self.line(out, Some(&input.file), input.format.map(|(id, _)| id), session, &Select::default());
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        let sessions = std::mem::take(&mut self.sessions);
        // An input that went well has said everything in its sessions.
        if input.error.is_some() || !input.remarks.is_empty() || sessions == 0 {
            let line = InputLine {
                schema: SCHEMA,
                file: &input.file,
                format: input.format.map(|(id, _)| id),
                sessions,
                remarks: &input.remarks,
                error: input.error.as_ref(),
            };
            put(out, &line);
            out.push('\n');
        }
    }

    fn finish(&mut self, _out: &mut String) {}

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        let select = Select::default().as_shown_by(&FORMAT);
        for session in &run.sessions {
            self.line(out, None, Some("simulation"), session, &select);
        }
    }

    fn matrix(&mut self, out: &mut String, matrix: &MatrixRecord) {
        put(out, matrix);
        out.push('\n');
    }

    fn search(&mut self, out: &mut String, searched: &SearchRecord) {
        put(out, searched);
        out.push('\n');
    }

    fn list(&mut self, out: &mut String, _kind: Kind, entries: &[Entry]) {
        for entry in entries {
            put(out, entry);
            out.push('\n');
        }
    }
}
