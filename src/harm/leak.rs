//! What belongs to one user reached another.

use super::{Done, Harm, Planted, success};
use crate::base::order;
use crate::trace::Trace;

/// The harm.
pub static HARM: Harm = Harm {
    id: "leak",
    title: "One user reached into another's account",
    about: "Somebody's own password opened another's session, a user of a connection found what is another's or worked in that one's name, a login went past the proxy that would have refused it, or the server told the attacker which accounts exist or which password is right.",
    denial: false,
    find,
};

fn find(traces: &[Trace], planted: &Planted) -> Vec<Done> {
    let mut done = (success::ASSUMED.find)(traces, planted);
    for more in [
        &success::TOLD_APART,
        &success::CARRIED_OVER,
        &success::DONE_FOR_THE_WRONG_USER,
        &success::PAST_THE_PROXY,
    ] {
        done.extend((more.find)(traces, planted));
    }
    order::sort_by_key(&mut done, |done| (done.connection, done.event));
    done
}
