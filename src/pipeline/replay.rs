//! A recorded session played again, and its record.

use super::{By, CannotPlay, Played, Setup};
use crate::replay::{self, Open, Part};
use crate::report::{OpenRecord, REPLAY_SCHEMA, Remark, ReplayRecord, events};
use crate::sim::STEP_LIMIT;
use crate::trace::{Policy, Trace};
use crate::view::ladder;

/// A session of an input, and what the input is called.
pub type Recorded<'a> = (&'a Trace, &'a str);

/// Plays a session: a side with recordings as in them, of which the first is played, a side without by the setup's
/// profile; the setup's attacks between them. A recorded client is taken to keep to the policy that is assumed of it.
///
/// # Errors
/// When neither side is recorded, or the recordings do not go together.
pub fn replay(
    setup: &Setup,
    client: &[Recorded<'_>],
    server: &[Recorded<'_>],
    by: impl Into<By>,
) -> Result<(Played, ReplayRecord), CannotPlay> {
    let By { rule_set, assumed } = by.into();
    let traces =
        |recorded: &[Recorded<'_>]| recorded.iter().map(|(trace, _)| *trace).cloned().collect::<Vec<_>>();
    let (clients, servers) = (traces(client), traces(server));
    let (clients, servers): (Vec<_>, Vec<_>) = (clients.iter().collect(), servers.iter().collect());
    let played = replay::play_told(setup, Part::of(&clients), Part::of(&servers), assumed.client)?;
    let names = |recorded: &[Recorded<'_>]| recorded.iter().map(|(_, name)| (*name).to_owned()).collect();
    let run = &played.run;
    let limit = run.limit_reached.then(|| {
        format!("The run came to its limit of {STEP_LIMIT} steps in front of the recording's end. A recording cut down to what matters is played whole.")
    });
    let unkept = played.unkept.map(|policy| {
        format!("It is not taken to be a client that {}: its recording shows otherwise.", policy.words())
    });
    let record = ReplayRecord {
        schema: REPLAY_SCHEMA,
        client: names(client),
        server: names(server),
        setup: super::record::setup(setup, rule_set),
        fallen: played.prediction.fallen,
        tls: played.prediction.tls,
        commands_in_clear: played.prediction.commands_in_clear.clone(),
        credential_in_clear: played.prediction.credential_in_clear,
        policy: assumed.client.filter(|_| played.prediction.by_policy).map(Policy::id),
        open: played.opened.as_ref().filter(|opened| opened.open != Open::Limit).map(|opened| OpenRecord {
            side: opened.open.side(),
            happens: opened.open.happens(),
            missing: opened.open.missing(),
            recorded: opened
                .recorded
                .and_then(|(which, places)| client.get(which).map(|(_, name)| ((*name).to_owned(), places))),
        }),
        events: run
            .connections
            .iter()
            .enumerate()
            .flat_map(|(number, trace)| events(number, trace))
            .collect(),
        remarks: unkept
            .into_iter()
            .chain(limit)
            .map(|message| Remark { message, lines: Vec::new() })
            .collect(),
        ladder: ladder(&run.connections, &[]),
    };
    Ok((played, record))
}
