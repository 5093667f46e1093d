//! Writers of whole sessions: our own format, and the picture. Both need the connections themselves.

use super::session_file::{Kept, session_head, session_lines};
use super::{Format, Input, RunRecord, SessionRecord, Writer, svg};
use crate::trace::Trace;
use crate::view::ladder;

/// Our own format.
pub(super) static SESSION: Format = Format {
    id: "session",
    title: "Session file",
    about: "The sessions themselves, redacted, to be read again by this program and by others.",
    shows: true,
    lists: false,
    tells_why: false,
    terse: false,
    writer: || Box::new(Sessions::default()),
};

/// The picture.
pub(super) static SVG: Format = Format {
    id: "svg",
    title: "Picture",
    about: "The sessions as one drawing (SVG), redacted; text stays text.",
    shows: true,
    lists: false,
    tells_why: false,
    terse: false,
    writer: || Box::new(Picture::default()),
};

#[derive(Default)]
struct Sessions {
    written: usize,
}

impl Sessions {
    fn put(&mut self, out: &mut String, trace: &Trace, protocol_seen: bool) {
        if self.written == 0 {
            session_head(out, true);
        }
        self.written = self.written.saturating_add(1);
        let kept = Kept { trace, protocol_seen, guessed_direction: false, unparsed: &[] };
        session_lines(out, self.written, &kept);
    }
}

impl Writer for Sessions {
    fn session(&mut self, out: &mut String, _input: &Input, session: &SessionRecord) {
        if let Some(trace) = &session.trace {
            self.put(out, trace, session.protocol.is_some());
        }
    }

    fn end_of_input(&mut self, _out: &mut String, _input: &Input) {}

    fn finish(&mut self, out: &mut String) {
        if self.written == 0 {
            session_head(out, true);
        }
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        for trace in &run.traces {
            self.put(out, trace, true);
        }
        self.finish(out);
    }
}

#[derive(Default)]
struct Picture {
    traces: Vec<Trace>,
}

impl Writer for Picture {
    fn session(&mut self, _out: &mut String, _input: &Input, session: &SessionRecord) {
        self.traces.extend(session.trace.clone());
    }

    fn end_of_input(&mut self, _out: &mut String, _input: &Input) {}

    fn finish(&mut self, out: &mut String) {
        out.push_str(&svg(&ladder(&self.traces, &[]), "Recorded sessions"));
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        out.push_str(&svg(&run.ladder, "A simulated session"));
    }
}
