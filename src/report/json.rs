//! The report as one JSON object, for programs. Its shape is described in `docs/report.schema.json`.

use super::{
    Entry, EventRecord, FixesRecord, Format, HarmRecord, Input, Kind, MatrixRecord, Remark, RunRecord,
    SCHEMA, SearchRecord, SessionRecord, SetupRecord, Writer,
};
use crate::base::stays_visible;
use serde::Serialize;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "json",
    title: "JSON",
    about: "One object, for programs; one line per session.",
    shows: false,
    lists: true,
    tells_why: true,
    terse: false,
    writer: || Box::new(Json::default()),
};

#[derive(Default)]
struct Json {
    inputs: usize,
    /// Sessions of the input that is being written; nothing before its first line.
    sessions: Option<usize>,
}

impl Json {
    fn open(&mut self, out: &mut String, input: &Input) -> usize {
        if let Some(sessions) = self.sessions {
            return sessions;
        }
        if self.inputs == 0 {
            out.push_str("{\"schema\":");
            put(out, SCHEMA);
            out.push_str(",\"inputs\":[\n");
        } else {
            out.push_str(",\n");
        }
        self.inputs = self.inputs.saturating_add(1);
        out.push_str("{\"file\":");
        put(out, &input.file);
        out.push_str(",\"format\":");
        put(out, &input.format.map(|(id, _)| id));
        out.push_str(",\"sessions\":[");
        self.sessions = Some(0);
        0
    }
}

impl Writer for Json {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        let before = self.open(out, input);
        out.push_str(if before == 0 { "\n" } else { ",\n" });
        put(out, session);
        self.sessions = Some(before.saturating_add(1));
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        let sessions = self.open(out, input);
        out.push_str(if sessions == 0 { "]" } else { "\n]" });
        if !input.remarks.is_empty() {
            out.push_str(",\"remarks\":");
            put(out, &input.remarks);
        }
        if let Some(error) = &input.error {
            out.push_str(",\"error\":");
            put(out, error);
        }
        out.push('}');
        self.sessions = None;
    }

    fn finish(&mut self, out: &mut String) {
        out.push_str("\n]}\n");
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        let input = RunInput { file: None, format: "simulation", sessions: &run.sessions };
        let remarks = if run.limit_reached {
            vec![Remark { message: "The step limit ended the run.".to_owned(), lines: Vec::new() }]
        } else {
            Vec::new()
        };
        put(
            out,
            &RunReport {
                schema: SCHEMA,
                inputs: [input],
                setup: &run.setup,
                succeeded: &run.succeeded,
                harms: &run.harms,
                denied: run.denied.as_ref(),
                fixes: run.fixes.as_ref(),
                events: &run.events,
                remarks,
            },
        );
        out.push('\n');
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
        out.push_str("[\n");
        for (number, entry) in entries.iter().enumerate() {
            out.push_str(if number == 0 { "" } else { ",\n" });
            put(out, entry);
        }
        out.push_str("\n]\n");
    }
}

#[derive(Serialize)]
struct RunReport<'a> {
    schema: &'static str,
    inputs: [RunInput<'a>; 1],
    setup: &'a SetupRecord,
    succeeded: &'a [&'static str],
    harms: &'a [HarmRecord],
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<&'a HarmRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<&'a FixesRecord>,
    events: &'a [EventRecord],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
}

#[derive(Serialize)]
struct RunInput<'a> {
    file: Option<&'a str>,
    format: &'static str,
    sessions: &'a [SessionRecord],
}

/// Writes a value. What could act on the screen of somebody who looks at the file is written as an escape, which
/// means the same to a program.
pub(super) fn put<T: Serialize + ?Sized>(out: &mut String, value: &T) {
    // These records hold nothing that JSON cannot: no map with keys that are no strings, no fallible Serialize.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    // Most of it is ASCII that stays visible: that is told octet by octet, and the whole is taken over at once.
    if text.bytes().all(|octet| (0x20..0x7F).contains(&octet)) {
        out.push_str(&text);
        return;
    }
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if !stays_visible(c) {
            out.push_str(text.get(from..at).unwrap_or_default());
            from = at.saturating_add(c.len_utf8());
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                use std::fmt::Write;
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_on_a_screen_is_an_escape_that_means_the_same() {
        let mut out = String::new();
        let text = "a\u{1b}[31m\u{7f}\u{85}\u{202e}é\u{e0001}";
        put(&mut out, text);
        assert_eq!(out, "\"a\\u001b[31m\\u007f\\u0085\\u202eé\\udb40\\udc01\"");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
