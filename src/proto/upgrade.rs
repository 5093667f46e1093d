//! An upgrade as an observer sees it: what stands in the clear between the request or its answer and the handshake.

use crate::base::{Hop, Side};
use crate::trace::{EventId, EventKind, Span, Status, TraceBuilder};

/// The last request for TLS on a hop that was not refused.
#[derive(Debug, Default)]
pub struct Upgrade(Option<Asked>);

#[derive(Debug)]
struct Asked {
    command: EventId,
    client_from: usize,
    /// Behind the positive answer, once it came.
    server_from: Option<usize>,
}

impl Upgrade {
    /// The client asked; its line ends at `end` of its tape.
    pub fn asked(&mut self, command: EventId, end: usize) {
        self.0 = Some(Asked { command, client_from: end, server_from: None });
    }

    /// A final answer came, which ends at `end` of the server's tape.
    pub fn answered(&mut self, to: Option<EventId>, status: Status, end: usize) {
        if let Some(asked) = &mut self.0
            && Some(asked.command) == to
        {
            if status == Status::Ok {
                asked.server_from = Some(end);
            } else {
                self.0 = None;
            }
        }
    }

    /// Whether a positive answer came and the handshake has not begun.
    fn granted(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked.server_from.is_some())
    }

    /// Whether a server's line behind its positive answer is a record of TLS that says that it gives up: an alert.
    #[must_use]
    pub fn is_alert(&self, line: &[u8]) -> bool {
        self.granted() && line.starts_with(&[0x15, 0x03])
    }

    /// The handshake begins: what came since is left over.
    pub fn began(&mut self, hop: Hop, trace: &mut TraceBuilder) {
        let Some(asked) = self.0.take() else { return };
        for (from, start) in [(Side::Client, Some(asked.client_from)), (Side::Server, asked.server_from)] {
            let end = trace.so_far().tape(hop, from).len();
            if let Some(start) = start
                && start < end
            {
                let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
                let whole = Span { start: at(start), end: at(end) };
                trace.read(hop, from, whole, Vec::new(), EventKind::LeftOver);
            }
        }
    }
}
