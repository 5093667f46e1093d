//! Somebody was kept from his mail.

use super::{Done, Harm, Planted, success};
use crate::base::{Hop, Origin, Side};
use crate::trace::{EventKind, Trace};

/// The harm.
pub static HARM: Harm = Harm {
    id: "availability",
    title: "The user did not get at the mail",
    about: "After the attacker changed, added or withheld something the client ended without a login, or it broke down. Nothing leaked by that.",
    denial: true,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    if !traces.iter().any(touched) {
        return Vec::new();
    }
    let mut done = (success::BROKE_DOWN.find)(traces, planted);
    if done.is_empty() {
        done = (success::GAVE_UP.find)(traces, planted);
    }
    done
}

/// Whether somebody on the path did anything to this connection.
fn touched(trace: &Trace) -> bool {
    let differs = |from| trace.tape(Hop::Client, from) != trace.tape(Hop::Server, from);
    let by_middle = |event: &crate::trace::Event| {
        matches!(event.origin, Origin::Added | Origin::Changed)
            || matches!(
                event.kind,
                EventKind::TlsFailed(crate::tls::Failure::NotTls | crate::tls::Failure::Alert)
            )
    };
    let closed = |side: Side| trace.leg(side).closed_by(side.other()).is_some();
    Side::BOTH.into_iter().any(differs)
        || trace.events().iter().any(by_middle)
        // Each end saw the other close, which only somebody in between can make them see.
        || Side::BOTH.into_iter().all(closed)
}
