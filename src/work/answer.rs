//! What is found out by many runs, with the ids of what it is about.

use crate::report::{FixesRecord, MatrixRecord, SearchRecord};
use serde::{Deserialize, Serialize};

/// Attacks against rules and against pairs of profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The attacks, by id.
    pub attacks: Vec<String>,
    /// The rules that are in force, by id.
    pub rules: Vec<String>,
    /// One cell per attack and rule, by attack.
    pub cells: Vec<GridCell>,
    /// Each attack against each pair of profiles, by client.
    pub pairs: Vec<GridPair>,
    /// The clients of the pairs, by id.
    pub clients: Vec<String>,
    /// Client, server, and whether the login works with nobody in the middle.
    pub logins: Vec<(String, String, bool)>,
    /// How many different runs it took.
    pub runs: usize,
}

/// What a rule does about an attack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridCell {
    /// The attack.
    pub attack: String,
    /// The rule.
    pub rule: String,
    /// Keeping the rule ends the attack.
    pub stops: bool,
    /// Breaking this rule alone is enough.
    pub needed: bool,
    /// The harmful run breaks it, or its warning reached the user.
    pub notices: bool,
    /// The place of the event that decided the run.
    pub place: Option<u32>,
    /// The arguments of `simulate` that show it.
    pub run: Vec<String>,
}

/// An attack against a pair of profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridPair {
    /// The attack.
    pub attack: String,
    /// The client's profile.
    pub client: String,
    /// The server's profile.
    pub server: String,
    /// One of its variants succeeds.
    pub succeeds: bool,
    /// The id of what the attacker gains by it first, if it does any harm.
    pub gains: Option<String>,
    /// The place of the event that decided it.
    pub place: Option<u32>,
    /// The arguments of `simulate` that show it.
    pub run: Vec<String>,
}

/// The smallest changes that stop the attacks of a setup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixes {
    /// Sets of switches, as `SIDE.SWITCH=VALUE`, the smallest first.
    pub switches: Vec<Vec<String>>,
    /// Sets of rules that are enough when they are kept, by id.
    pub rules: Vec<Vec<String>>,
    /// The limit of runs ended the search: there may be more.
    pub limit_reached: bool,
}

/// What came of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The shortest attack that does the harm, as the text of a written attack; empty: no attack is needed; nothing:
    /// there is none within the bounds.
    pub attack: Option<String>,
    /// States that were visited.
    pub states: u64,
    /// Runs that were made.
    pub runs: u32,
    /// The bounds were searched to their end.
    pub complete: bool,
}

fn owned(ids: &[&'static str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

impl From<MatrixRecord> for Grid {
    fn from(matrix: MatrixRecord) -> Self {
        let cells = matrix.cells.into_iter().map(|cell| GridCell {
            attack: cell.attack.to_owned(),
            rule: cell.rule.to_owned(),
            stops: cell.stops,
            needed: cell.needed,
            notices: cell.notices,
            place: cell.place,
            run: cell.run,
        });
        let pairs = matrix.pairs.into_iter().map(|pair| GridPair {
            attack: pair.attack.to_owned(),
            client: pair.client,
            server: pair.server,
            succeeds: pair.succeeds,
            gains: pair.gains.map(str::to_owned),
            place: pair.place,
            run: pair.run,
        });
        Self {
            attacks: owned(&matrix.attacks),
            rules: owned(&matrix.rules),
            cells: cells.collect(),
            pairs: pairs.collect(),
            clients: matrix.clients,
            logins: matrix.logins,
            runs: matrix.runs,
        }
    }
}

impl From<FixesRecord> for Fixes {
    fn from(fixes: FixesRecord) -> Self {
        let rules = fixes.rules.iter().map(|set| owned(set)).collect();
        Self { switches: fixes.switches, rules, limit_reached: fixes.limit_reached }
    }
}

impl From<SearchRecord> for Found {
    fn from(found: SearchRecord) -> Self {
        let SearchRecord { attack, states, runs, complete, .. } = found;
        Self { attack: attack.map(|rules| rules.join("\n")), states, runs, complete }
    }
}
