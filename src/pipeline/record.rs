//! From what was judged to the records of a report.

use super::{Judged, Setup, Simulated, Turned, over_run};
use crate::attack::Custom;
use crate::base::{Side, order};
use crate::harm::Harm;
use crate::matrix::Matrix;
use crate::matrix::fixes::{Change, Fixes};
use crate::matrix::search::{Bounds, Searched};
use crate::report::{
    CellRecord, FixesRecord, HarmRecord, MatrixRecord, PairRecord, PartyRecord, RunRecord, SearchRecord,
    Select, SessionRecord, SetupRecord, TurnedRecord, VerdictRecord, WhyRecord, events,
};
use crate::spec::RuleSet;
use crate::view::ladder;

impl Judged {
    /// The session as a report has it.
    #[must_use]
    pub fn record(&self) -> SessionRecord {
        self.record_of(&Select::default(), true)
    }

    /// The same with some of the verdicts, and on demand with what later text turned round about them.
    #[must_use]
    pub fn record_of(&self, select: &Select, turned: bool) -> SessionRecord {
        let turned = turned.then(|| super::turned(&self.trace, &self.facts, self.by.assumed));
        let turned = turned.unwrap_or_default();
        let turned = turned.iter().map(|Turned { reversal, then, today }| TurnedRecord {
            id: reversal.id,
            title: reversal.title,
            says: reversal.says,
            then: VerdictRecord::new(then, self.trace.places(&then.events)),
            today: VerdictRecord::new(today, self.trace.places(&today.events)),
        });
        let mut turned: Vec<_> = turned.collect();
        turned.retain(|turned| [&turned.then, &turned.today].into_iter().any(|v| select.shows(v)));
        SessionRecord { turned, ..SessionRecord::new(&self.trace, &self.facts, &self.verdicts, select) }
    }

    /// Why a rule did or did not fire, for each side that it binds.
    #[must_use]
    pub fn why(&self, rule: &str) -> Vec<WhyRecord> {
        let of = |side| super::why(&self.trace, &self.facts, self.by, rule, side);
        Side::BOTH.into_iter().filter_map(of).map(|why| WhyRecord::new(&self.trace, &why)).collect()
    }
}

impl Simulated {
    /// The run as a report has it.
    #[must_use]
    pub fn record(&self, rule_set: RuleSet) -> RunRecord {
        let traces: Vec<_> = self.connections.iter().map(|judged| judged.trace.clone()).collect();
        RunRecord {
            setup: setup(&self.setup, rule_set),
            sessions: self.connections.iter().map(Judged::record).collect(),
            harms: self.harms.iter().map(|done| self.harm(done)).collect(),
            denied: self.denied.as_ref().map(|done| self.harm(done)),
            fixes: None,
            succeeded: self.succeeded.iter().map(|attack| attack.id).collect(),
            events: traces.iter().enumerate().flat_map(|(number, trace)| events(number, trace)).collect(),
            limit_reached: self.limit_reached,
            verdicts: over_run(&self.connections)
                .into_iter()
                .map(|over| VerdictRecord::new(&over.verdict, over.places))
                .collect(),
            ladder: ladder(&traces, &[]),
            traces: super::Share::new(&traces, super::Hide::SECRETS, false).traces().to_vec(),
        }
    }

    fn harm(&self, done: &super::HarmDone) -> HarmRecord {
        let place = |&(connection, event): &(usize, u32)| {
            Some(self.connections.get(connection)?.trace.event(event)?.places.0)
        };
        let mut events: Vec<_> = done.events.iter().filter_map(place).collect();
        events.dedup();
        HarmRecord { harm: done.harm.id, events, message: done.message, title: done.harm.title }
    }
}

/// A setup as a report has it.
pub(super) fn setup(setup: &Setup, rule_set: RuleSet) -> SetupRecord {
    let party = |id: std::borrow::Cow<'static, str>, switches: &crate::base::Switches| PartyRecord {
        id,
        set: order::collect(switches.changed()),
    };
    SetupRecord {
        protocol: setup.protocol.protocol,
        rules: rule_set.id(),
        seed: setup.seed.0,
        client: party(setup.client.0.id.clone(), &setup.client.1),
        server: party(setup.server.0.id.clone(), &setup.server.1),
        written: setup.custom.iter().flat_map(written).collect(),
        attacks: setup.attacks.iter().map(|(attack, set)| party(attack.id.into(), set)).collect(),
    }
}

/// The lines of a written attack.
fn written(custom: &Custom) -> Vec<String> {
    custom.text().lines().map(str::to_owned).collect()
}

/// The matrix as a report has it.
pub(super) fn matrix(matrix: &Matrix) -> MatrixRecord {
    MatrixRecord {
        protocol: matrix.protocol,
        rule_set: matrix.rule_set.id(),
        attacks: matrix.attacks.iter().map(|attack| attack.id).collect(),
        rules: matrix.rules.iter().map(|rule| rule.id).collect(),
        clients: matrix.clients.iter().map(|profile| profile.id.to_string()).collect(),
        logins: matrix.logins.iter().map(|l| (l.client.clone(), l.server.clone(), l.works)).collect(),
        runs: matrix.runs,
        cells: matrix
            .cells
            .iter()
            .map(|cell| CellRecord {
                attack: cell.attack,
                rule: cell.rule,
                stops: cell.stops,
                needed: cell.needed,
                notices: cell.notices,
                place: cell.place,
                run: cell.run.clone(),
            })
            .collect(),
        pairs: matrix
            .pairs
            .iter()
            .map(|pair| PairRecord {
                attack: pair.attack,
                client: pair.client.clone(),
                server: pair.server.clone(),
                succeeds: pair.succeeds,
                gains: pair.gains.map(|harm| harm.id),
                place: pair.place,
                run: pair.run.clone(),
            })
            .collect(),
    }
}

/// A search as a report has it.
pub(super) fn searched(harm: &Harm, bounds: Bounds, searched: &Searched) -> SearchRecord {
    SearchRecord {
        harm: harm.id,
        attack: searched.found.as_ref().map(|found| found.text().lines().map(str::to_owned).collect()),
        moves: bounds.moves,
        messages: bounds.messages,
        states: searched.states,
        runs: searched.runs,
        complete: searched.complete,
    }
}

/// The smallest fixes as a report has them.
pub(super) fn fixes(fixes: &Fixes) -> FixesRecord {
    FixesRecord {
        switches: fixes.switches.iter().map(|set| set.iter().map(Change::text).collect()).collect(),
        rules: fixes.rules.clone(),
        limit_reached: fixes.limit_reached,
        nothing_to_stop: fixes.nothing_to_stop,
    }
}
