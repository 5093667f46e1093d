//! Takes what is private out of sessions before they leave: found by the protocols' grammars and the mechanisms' forms,
//! replaced in the octets, and searched for once more in whatever is written ([`Leaks`]).
//!
//! The result is a trace like any other: a report, a drawing, a link or a file made of it cannot show more than it has.

mod edit;
mod find;
mod leak;
mod names;
mod sasl;
mod scan;
mod value;

pub use leak::{Encoding, Leak, Leaks};
pub use value::{Class, LengthClass, Shape};

use crate::base::Secret;
use crate::proto::{self, Recorder, Tap};
use crate::trace::{Note, Seen, Trace};
use edit::{Edits, Rewriter};
use names::Names;
use std::borrow::Cow;

/// What is taken out. Passwords and whatever works as one always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Names of users, addresses and hosts become others, the same ones everywhere.
    pub names: bool,
    /// The text of messages.
    pub content: bool,
    /// Every character of a secret becomes another of its class, so that length and spelling can be guessed at.
    pub shape: bool,
}

impl Wanted {
    /// For whoever may read it: the default of every way out.
    pub const ALL: Self = Self { names: true, content: true, shape: false };
    /// For a simulation, whose people and hosts exist nowhere.
    pub const SECRETS: Self = Self { names: false, content: false, shape: false };
}

/// What something private is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A password.
    Password,
    /// A token that works as one.
    Token,
    /// What proves that a password is known; it can be tried out against guesses.
    Proof,
    /// Text that nobody understood where a secret may stand.
    Unclear,
    /// The text of a message, or what describes it.
    Content,
    /// A user's name.
    User,
    /// A mail address.
    Address,
    /// A host's name.
    Host,
    /// A host's address.
    Ip,
}

impl Kind {
    /// Whether knowing it opens an account.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Token | Self::Proof | Self::Unclear)
    }

    /// Whether it says who or where somebody is, which people may choose to show.
    #[must_use]
    pub fn is_name(self) -> bool {
        matches!(self, Self::User | Self::Address | Self::Host | Self::Ip)
    }

    /// The word for one and for several.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Password => ("password", "passwords"),
            Self::Token => ("token", "tokens"),
            Self::Proof => ("proof of a password", "proofs of a password"),
            Self::Unclear => {
                ("piece of text that nobody understood", "pieces of text that nobody understood")
            }
            Self::Content => ("piece of mail", "pieces of mail"),
            Self::User => ("user name", "user names"),
            Self::Address => ("mail address", "mail addresses"),
            Self::Host => ("host name", "host names"),
            Self::Ip => ("network address", "network addresses"),
        }
    }
}

/// Something private that was found, with all its occurrences.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// The value itself.
    pub value: Secret,
    /// What stands in its place, safe to show.
    pub shown: String,
    /// What can be said of it without giving it away.
    pub shape: Shape,
    /// Where it stood, in order, each once: the connection from 0 and the place.
    pub places: Vec<(usize, u32)>,
    /// It is too short, or too common a word, to be searched for: it was taken out only where the grammar shows it.
    pub common: bool,
}

/// Sessions without what is private.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// The sessions.
    pub traces: Vec<Trace>,
    /// What was taken out.
    pub items: Vec<Item>,
    /// Searches whatever is made of them.
    pub leaks: Leaks,
}

/// How many values of each kind there are, in words.
#[must_use]
pub fn counted(items: &[Item]) -> String {
    let mut kinds: Vec<(Kind, usize)> = Vec::new();
    for item in items {
        match kinds.iter_mut().find(|(kind, _)| *kind == item.kind) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => kinds.push((item.kind, 1)),
        }
    }
    kinds.sort_unstable();
    let words = kinds.into_iter().map(|(kind, count)| {
        let (one, many) = kind.words();
        [count.to_string().as_str(), " ", if count == 1 { one } else { many }].concat()
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Takes out of the connections of one session what is private.
#[must_use]
pub fn redact(traces: &[Trace], wanted: Wanted) -> Redacted {
    redact_but(traces, wanted, &[])
}

/// The same, but for names that somebody chose to leave as they are; nothing but names can stay.
#[must_use]
pub fn redact_but(traces: &[Trace], wanted: Wanted, kept: &[Item]) -> Redacted {
    let mut names = Names::new(wanted, kept);
    let mut edits: Vec<Edits> = traces.iter().map(Edits::new).collect();
    for (number, (trace, edits)) in traces.iter().zip(&mut edits).enumerate() {
        find::in_events(number, trace, &mut names, edits);
    }
    if wanted.names {
        for (number, (trace, edits)) in traces.iter().zip(&mut edits).enumerate() {
            scan::for_names(number, trace, &mut names, edits);
        }
    }
    names.settle(traces);
    for (number, (trace, edits)) in traces.iter().zip(&mut edits).enumerate() {
        scan::for_values(number, trace, &mut names, edits);
    }
    let traces = traces.iter().zip(edits).map(|(trace, edits)| rewritten(trace, edits, &mut names)).collect();
    let items = names.items();
    let leaks = Leaks::new(&items);
    Redacted { traces, items, leaks }
}

/// What is private in connections, without taking it out: for reports that show no line of a session.
#[must_use]
pub fn secrets(traces: &[Trace]) -> Leaks {
    let mut names = Names::new(Wanted::SECRETS, &[]);
    for (number, trace) in traces.iter().enumerate() {
        find::in_events(number, trace, &mut names, &mut Edits::new(trace));
    }
    names.settle(traces);
    Leaks::new(&names.items())
}

/// The trace with its edits made.
fn rewritten(trace: &Trace, mut edits: Edits, names: &mut Names) -> Trace {
    let Some(protocol) = proto::find(trace.protocol()) else { return trace.clone() };
    edits.announce(trace);
    let rewriter = Rewriter::new(trace, &edits);
    let mut recorder = Recorder::new(protocol, trace.carries(), trace.two_hops());
    let mut octets = |tapped: &crate::trace::Tapped| match tapped.seen {
        Seen::Octets { from, span, .. } => Cow::Owned(rewriter.octets(tapped.stamp.hop, from, span)),
        _ => Cow::Owned(Vec::new()),
    };
    recorder.replay(trace, &mut octets, &mut |tap, hop| match tap {
        Tap::TlsHello(facts) | Tap::TlsUp(facts) => names.tls(facts),
        Tap::Lookup(lookup) => names.lookup(lookup),
        // It points at the end of what the party was told by its peer.
        Tap::Note(by, Note::Acts(_, end)) => *end = rewriter.moved(hop, by.other(), *end),
        _ => {}
    });
    if let Some(peer) = trace.peer() {
        let mut peer = peer.clone();
        peer.endpoint.host = names.host(&peer.endpoint.host);
        recorder.connected_to(peer);
    }
    recorder.finish()
}

#[cfg(test)]
mod tests;
