//! The client believes something that the attacker wrote.

use super::{Done, Harm, Planted, acts};
use crate::base::{Layer, Origin};
use crate::trace::{Acts, Trace};

/// The harm.
pub static HARM: Harm = Harm {
    id: "forged",
    title: "The client believes a forgery",
    about: "The client acts on mailbox data of the attacker, or inside TLS on a capability list or an answer of his.",
    denial: false,
    find,
};

fn find(traces: &[Trace], _planted: &Planted) -> Vec<Done> {
    let done = traces.iter().enumerate().flat_map(|(connection, trace)| {
        let believed = acts(trace).filter(|acted| {
            let inside = acted.note.layer == Layer::Tls;
            let state = match acted.acts {
                Acts::MailboxData => true,
                Acts::Capabilities | Acts::Answer => inside,
                Acts::Alert | Acts::ErrorText | Acts::Referral | Acts::Command => false,
            };
            state && matches!(acted.source.origin, Origin::Added | Origin::Changed)
        });
        believed.map(move |acted| Done {
            connection,
            event: acted.note.id,
            message: "The client acts on something that the attacker wrote.",
        })
    });
    done.collect()
}
