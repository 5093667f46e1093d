//! What if: a recorded session is played again, with an attack in it or with another party in the place of a recorded one.
//! A recorded party does what it did as long as what it meets is what it met. From the first decision that the recording
//! does not show, nothing is made up: the answer names the decision, what is missing, and what is certain all the same.

mod chance;
mod client;
mod evidence;
mod open;
mod script;
mod server;

pub use open::Open;

use crate::base::{Endpoint, Layer, Origin, Protocol, Side};
use crate::facts::Facts;
use crate::proto::ProtocolRecord;
use crate::sim::{self, Cast, Run, Setup, SetupError};
use crate::trace::{EventKind, GreetingStatus, Policy, Trace, Verb};
use chance::Chance;
use client::RecordedClient;
use evidence::Evidence;
use open::Certain;
use script::{ClientScript, ServerScript};
use server::RecordedServer;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Who plays a side.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// The party of these recordings; the first is the one that is played, the others show more of the same party.
    Recorded(&'a [&'a Trace]),
    /// The setup's profile.
    Profile,
}

impl<'a> Part<'a> {
    /// Recorded, if there is any recording.
    #[must_use]
    pub fn of(traces: &'a [&'a Trace]) -> Self {
        if traces.is_empty() { Self::Profile } else { Self::Recorded(traces) }
    }
}

/// Why recordings cannot be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CannotPlay {
    /// There is nothing to play: neither side is recorded.
    NothingRecorded,
    /// A recording speaks another protocol than the setup.
    OtherProtocol,
    /// A recording does not say what the session was at its beginning.
    NoBeginning,
    /// The setup cannot be made.
    Setup(SetupError),
}

impl std::fmt::Display for CannotPlay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NothingRecorded => "neither side is recorded",
            Self::OtherProtocol => "the recordings speak different protocols",
            Self::NoBeginning => {
                "the recording does not say how the connection began, in the clear or inside TLS, so that nothing can be put into it"
            }
            Self::Setup(error) => return error.fmt(f),
        })
    }
}

impl std::error::Error for CannotPlay {}

/// Where a recording ended to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The decision.
    pub open: Open,
    /// Where the party was in the recording then: which one of them, and its places.
    pub recorded: Option<(usize, (u32, u32))>,
}

/// What is certain of a session that was played; `None` where the recordings do not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    /// How a handshake begins: `none`, `starttls` or `implicit`.
    pub tls: Option<&'static str>,
    /// The names of the commands that the client sends outside TLS, in order.
    pub commands_in_clear: Option<Vec<Cow<'static, str>>>,
    /// A password or token leaves the client outside TLS.
    pub credential_in_clear: Option<bool>,
    /// The same, or it is sent to somebody who is not the server.
    pub fallen: Option<bool>,
    /// Some of this rests on what the client was told, not on its recordings.
    pub by_policy: bool,
}

/// A session that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// It, as far as it is known.
    pub run: Run,
    /// The first decision that the recordings do not show, if there was one.
    pub opened: Option<Opened>,
    /// What is certain.
    pub prediction: Prediction,
    /// What the client was told and does not keep to, as its recordings show.
    pub unkept: Option<Policy>,
}

/// What the recorded parties of one session have found.
#[derive(Clone, Debug, Default)]
struct Found {
    opened: Option<Opened>,
    /// It may say a little more or less than in the recording.
    loose: bool,
    /// The client waits for an answer.
    waits: bool,
    /// It went on as it was told to, and no recording shows that it does.
    by_policy: bool,
}

/// The same, known to both parties and to the run.
#[derive(Clone, Debug, Default)]
struct Shared {
    found: Rc<RefCell<Found>>,
    ended: Rc<Cell<bool>>,
}

impl Shared {
    fn open(&self, opened: Opened) {
        if let Ok(mut found) = self.found.try_borrow_mut() {
            found.opened.get_or_insert(opened);
        }
        self.ended.set(true);
    }

    fn loose(&self) {
        if let Ok(mut found) = self.found.try_borrow_mut() {
            found.loose = true;
        }
    }

    fn by_policy(&self) {
        if let Ok(mut found) = self.found.try_borrow_mut() {
            found.by_policy = true;
        }
    }

    fn waits(&self, waits: bool) {
        if let Ok(mut found) = self.found.try_borrow_mut() {
            found.waits = waits;
        }
    }

    fn found(&self) -> Found {
        self.found.try_borrow().map(|found| found.clone()).unwrap_or_default()
    }
}

/// Plays a session: each side as recorded or by the setup's profile, with the setup's attacks between them.
///
/// # Errors
/// When there is nothing to play, or the recordings do not go together.
pub fn play(setup: &Setup, client: Part<'_>, server: Part<'_>) -> Result<Played, CannotPlay> {
    play_told(setup, client, server, None)
}

/// The same with the policy that the recorded client was told to keep, which no recording without an attack shows. It is
/// taken to keep to it, unless a recording shows that it does not.
///
/// # Errors
/// As [`play`].
pub fn play_told(
    setup: &Setup,
    client: Part<'_>,
    server: Part<'_>,
    told: Option<Policy>,
) -> Result<Played, CannotPlay> {
    let record = setup.protocol;
    let mut parts = Parts { record, client: Vec::new(), evidence: Evidence::default(), server: None };
    if let Part::Recorded(traces) = client {
        check(setup, traces)?;
        parts.client = traces.iter().map(|trace| ClientScript::of(trace)).collect();
        parts.evidence = Evidence::of(&parts.client, record.protocol == Protocol::Pop3).told(told);
    }
    if let Part::Recorded(traces) = server {
        check(setup, traces)?;
        parts.server = ServerScript::of_all(traces);
    }
    if parts.client.is_empty() && parts.server.is_none() {
        return Err(CannotPlay::NothingRecorded);
    }
    let (run, found) = parts.play(setup, false);
    let chance = parts.chance(setup, &found);
    let prediction = predict(&run, &found, parts.evidence, chance);
    let recorded = !parts.client.is_empty();
    let unkept = told.filter(|policy| recorded && !parts.evidence.keeps(*policy));
    Ok(Played { run, opened: found.opened, prediction, unkept })
}

/// Who is recorded.
struct Parts {
    record: &'static ProtocolRecord,
    client: Vec<ClientScript>,
    evidence: Evidence,
    server: Option<ServerScript>,
}

impl Parts {
    fn play(&self, setup: &Setup, asks_anyway: bool) -> (Run, Found) {
        let shared = Shared::default();
        let mut cast = Cast { ended: Rc::clone(&shared.ended), ..Cast::default() };
        if !self.client.is_empty() {
            let client = RecordedClient::new(
                self.record,
                self.client.clone(),
                self.evidence,
                asks_anyway,
                shared.clone(),
            );
            cast.client = Some(Box::new(client));
        }
        if let Some(script) = self.server.clone() {
            let (record, shared) = (self.record, shared.clone());
            cast.server = Some(Box::new(move |endpoint: &Endpoint| {
                if endpoint.tls_first != script.tls_first {
                    shared.open(Opened { open: Open::OtherPort, recorded: None });
                    return None;
                }
                Some(Box::new(RecordedServer::new(record, script.clone(), shared.clone())))
            }));
        }
        let run = sim::run_with(setup, cast);
        let mut found = shared.found();
        if run.limit_reached {
            found.opened.get_or_insert(Opened { open: Open::Limit, recorded: None });
        } else if found.waits {
            found.opened.get_or_insert(Opened { open: Open::Silence, recorded: None });
        }
        (run, found)
    }
}

fn check(setup: &Setup, traces: &[&Trace]) -> Result<(), CannotPlay> {
    for trace in traces {
        if trace.protocol() != setup.protocol.protocol {
            return Err(CannotPlay::OtherProtocol);
        }
        let known = trace.carries().beginning && trace.carries().opening && !trace.truncated();
        if !known || trace.events().is_empty() {
            return Err(CannotPlay::NoBeginning);
        }
    }
    Ok(())
}

/// A setup for a recording's protocol.
///
/// # Errors
/// When the protocol has no machines.
pub fn setup_for(trace: &Trace) -> Result<Setup, CannotPlay> {
    Setup::new(trace.protocol()).map_err(CannotPlay::Setup)
}

fn predict(run: &Run, found: &Found, evidence: Evidence, chance: Chance) -> Prediction {
    let Found { opened, loose, .. } = found;
    let open = opened.as_ref().map(|opened| &opened.open);
    let Some(trace) = run.connections.first() else { return Prediction::default() };
    let facts: Vec<_> = run.connections.iter().map(|trace| Facts::of(trace, Side::Client)).collect();
    let Some(first) = facts.first() else { return Prediction::default() };
    let began = trace.leg(Side::Client).tls_began().is_some();
    let certain = open.map_or(Certain::ALL, |open| open.leaves(evidence, began, chance.granted));
    let shown = facts.iter().any(|facts| facts.credential_in_clear == Some(true));
    let unknown = facts.iter().any(|facts| facts.credential_in_clear.is_none());
    // Told to require TLS it logs in nowhere else; told to use it where it is offered it asks where it is.
    let asks = !began && chance.offered && evidence.asks() && open.is_some_and(Open::indifferent);
    let kept = open.is_some() && !began && (evidence.requires() || asks);
    let known = if shown { Some(true) } else { (certain.password && !unknown).then_some(false) };
    let password = known.or(kept.then_some(false));
    // Who reads what is said inside a layer that ends at him has it as well.
    let to_attacker = run.connections.iter().any(|trace| {
        let leg = trace.leg(Side::Client);
        let mut credentials = leg.credentials();
        credentials.any(|(event, _)| event.layer == Layer::Tls && trace.open_to_attacker(event))
    });
    let harmless = match open {
        None | Some(Open::Inside | Open::OtherAnswer(_) | Open::LoginChanges) => true,
        // Without TLS it stops, and there is none.
        Some(Open::NotOffered | Open::Refused) => evidence.requires(),
        Some(_) => false,
    };
    let worked = run.connections.iter().any(forged_session);
    let tls = match () {
        () if certain.tls || began => first.tls,
        () if asks => Some("starttls"),
        () => None,
    };
    let fallen = if shown || to_attacker || worked {
        Some(true)
    } else {
        (password == Some(false) && harmless).then_some(false)
    };
    Prediction {
        tls,
        commands_in_clear: first.commands_in_clear.clone().filter(|_| certain.commands && !*loose),
        credential_in_clear: password,
        fallen,
        by_policy: found.by_policy || password != known || (asks && !certain.tls),
    }
}

/// The client works in a session that somebody in the middle opened.
fn forged_session(trace: &Trace) -> bool {
    let leg = trace.leg(Side::Client);
    let forged = leg.events().any(|event| {
        matches!(event.kind, EventKind::Greeting(GreetingStatus::Preauth)) && event.origin != Origin::Genuine
    });
    forged && leg.commands_of(Verb::Mailbox).any(|(event, _)| event.layer == Layer::Clear)
}

#[cfg(test)]
mod tests;
