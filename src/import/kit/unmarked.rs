//! What is made of a dialogue that goes by marks and has none where TLS was granted: somebody who writes lines down by hand
//! forgets it easily.

use super::session::Notice;
use crate::trace::Trace;

/// The mark, as it is proposed.
const MARK: &str = "`<TLS negotiation>`";

/// A connection whose source shows a handshake by a mark in the text. What the server says behind its answer may speak
/// against there being none; `clear` is that a mark says so.
pub(super) fn settled(trace: Trace, clear: bool) -> (Trace, Option<Notice>) {
    let Some(granted) = trace.goes_on_unmarked() else { return (trace, None) };
    if clear {
        return (trace.with_every_handshake(true), None);
    }
    let places = trace.places(&[granted]);
    let known = trace.carries().handshake;
    let doubtful = !known || trace.stops_offering(granted);
    let taken = if !doubtful {
        "so that what follows is taken to be outside TLS"
    } else if known {
        "but the server's lists behind it offer TLS no more, as they would inside it: what rests on that cannot be told"
    } else {
        "so that what rests on that cannot be told"
    };
    let message = format!(
        "TLS was asked for and granted here, and no line says that it began, {taken}. Where it began, put a line {MARK} below; where it did not, the line `# clear text again`."
    );
    (trace.with_every_handshake(!doubtful), Some(Notice { message, places }))
}
