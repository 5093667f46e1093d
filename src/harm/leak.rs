//! What belongs to one user reached another.

use super::{Done, Harm, Planted, success};
use crate::trace::Trace;

/// The harm.
pub static HARM: Harm = Harm {
    id: "leak",
    title: "One user reached into another's account",
    about: "Somebody's own password opened another's session, or the server told the attacker which accounts exist or which password is right.",
    denial: false,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    let mut done = (success::ASSUMED.find)(traces, planted);
    done.extend((success::TOLD_APART.find)(traces, planted));
    done.sort_by_key(|done| (done.connection, done.event));
    done
}
