//! Where client and server stop sharing a view of their session.

use super::beliefs::{Belief, beliefs};
use crate::base::order;
use crate::trace::Trace;
use std::collections::BTreeSet;

/// So many places a difference may last that is only the way of a message.
const ON_THE_WAY: usize = 3;

/// From where on they differ, and in what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The place of the first event behind which they differ.
    pub place: u32,
    /// In what, in a sentence without its end.
    pub about: &'static str,
}

/// The first event from which client and server no longer believe the same of their session; only where both can be seen.
#[must_use]
pub fn parting(connections: &[Trace]) -> Option<Parting> {
    let partings = connections.iter().filter(|trace| trace.two_hops()).flat_map(|trace| {
        let places: BTreeSet<u32> = order::collect(trace.events().iter().map(|event| event.places.0));
        let alone = std::slice::from_ref(trace);
        let views: Vec<_> = places.into_iter().map(|place| (place, beliefs(alone, place))).collect();
        KINDS.iter().filter_map(move |kind| {
            let differs: Vec<_> =
                views.iter().map(|(place, (client, server))| (*place, kind(client, server))).collect();
            lasting(&differs)
        })
    });
    partings.min_by_key(|parting| parting.place)
}

/// What they may differ in, the weightiest first.
const KINDS: [fn(&Belief, &Belief) -> Option<&'static str>; 3] = [
    |client, server| match (client.secure, server.secure) {
        (true, false) => Some("the client believes in TLS, and the server knows of none"),
        (false, true) => Some("the server believes in TLS, and the client knows of none"),
        _ => None,
    },
    |client, server| match (logged_in(client).unwrap_or_default(), logged_in(server)) {
        (true, Some(false)) => Some("the client takes itself for logged in, and the server does not"),
        (false, Some(true)) => Some("the server takes the client for logged in, and the client does not"),
        _ => None,
    },
    |client, server| {
        let of = |belief: &Belief| -> BTreeSet<String> {
            order::collect(belief.capabilities.iter().map(|item| item.item.to_uppercase()))
        };
        let both = client.learned.is_some() && server.learned.is_some();
        let stale = client.capabilities.iter().any(|item| item.stale);
        (both && !stale && of(client) != of(server))
            .then_some("the client has another list of capabilities than the server gave")
    },
];

/// Whether a side takes the session for logged in; nothing once it has ended for it.
fn logged_in(belief: &Belief) -> Option<bool> {
    match belief.state {
        Some("authenticated" | "transaction" | "selected") => Some(true),
        Some("not authenticated" | "authorization") => Some(false),
        _ => None,
    }
}

/// The first difference that is more than a message on its way.
fn lasting(differs: &[(u32, Option<&'static str>)]) -> Option<Parting> {
    let mut begun: Option<(usize, Parting)> = None;
    for (number, (place, about)) in differs.iter().enumerate() {
        match (about, &begun) {
            (Some(about), None) => begun = Some((number, Parting { place: *place, about })),
            (Some(_), Some(_)) => {}
            (None, Some((from, _))) if number.saturating_sub(*from) <= ON_THE_WAY => begun = None,
            (None, _) => {}
        }
    }
    begun.filter(|(from, _)| differs.len().saturating_sub(*from) > 1).map(|(_, parting)| parting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::sim::{Setup, run};

    fn parted(protocol: Protocol, attack: &str, set: &[&str]) -> Option<&'static str> {
        let mut setup = Setup::new(protocol).unwrap();
        if !attack.is_empty() {
            setup.attack(attack).unwrap();
        }
        set.iter().for_each(|text| setup.set_text(text).unwrap());
        parting(&run(&setup).connections).map(|parting| parting.about)
    }

    #[test]
    fn an_honest_session_never_parts() {
        for tls in ["client.tls=required", "client.tls=opportunistic"] {
            for protocol in Protocol::ALL {
                assert_eq!(parted(protocol, "", &[tls]), None, "{protocol:?}");
            }
        }
    }

    #[test]
    fn a_stripped_list_and_a_broken_layer_part_them() {
        assert!(
            parted(Protocol::Imap, "strip-capability", &[])
                .is_some_and(|about| about.contains("list of capabilities"))
        );
        let proxied = parted(Protocol::Imap, "half-tls-proxy", &[]);
        assert!(proxied.is_some(), "{proxied:?}");
    }

    #[test]
    fn what_is_on_its_way_is_no_parting() {
        let (on, off) = (Some("x"), None);
        assert_eq!(lasting(&[(1, off), (2, on), (3, on), (4, off), (5, off)]), None);
        assert_eq!(lasting(&[(1, off), (2, on), (3, on), (4, on), (5, on)]).map(|p| p.place), Some(2));
        assert_eq!(lasting(&[(1, off), (2, on)]), None);
    }
}
