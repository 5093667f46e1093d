//! The matrix of attacks as records and as text.

use crate::base::Protocol;
use serde::Serialize;

/// Attacks against rules and against profiles, in one protocol.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct MatrixRecord {
    /// The protocol.
    pub protocol: Protocol,
    /// The attacks, by id.
    pub attacks: Vec<&'static str>,
    /// The rules that are in force.
    pub rules: Vec<&'static str>,
    /// One cell per attack and rule.
    pub cells: Vec<CellRecord>,
    /// Attacks against pairs of profiles, for people.
    #[serde(skip)]
    pub pairs: Vec<PairRecord>,
    /// The clients of the pairs, by id.
    #[serde(skip)]
    pub clients: Vec<String>,
    /// Client, server, and whether the login works with nobody in the middle.
    #[serde(skip)]
    pub logins: Vec<(String, String, bool)>,
    /// How many different runs it took.
    #[serde(skip)]
    pub runs: usize,
    /// The documents in force.
    #[serde(skip)]
    pub rule_set: &'static str,
}

/// What a rule does about an attack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct CellRecord {
    /// The attack.
    pub attack: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// Keeping the rule ends the attack.
    pub stops: bool,
    /// Breaking this rule alone is enough.
    pub needed: bool,
    /// The harmful run breaks it, or its warning reached the user.
    pub notices: bool,
    /// The place of the event that decided that run.
    #[serde(skip)]
    pub place: Option<u32>,
    /// The arguments of `simulate` that reproduce it.
    pub run: Vec<String>,
}

/// An attack against a pair of profiles.
#[derive(Clone, Debug)]
pub struct PairRecord {
    /// The attack.
    pub attack: &'static str,
    /// The client's profile.
    pub client: String,
    /// The server's profile.
    pub server: String,
    /// Whether it succeeds in one of its variants.
    pub succeeds: bool,
    /// The id of what the attacker gains by it first, if it does any harm.
    pub gains: Option<&'static str>,
    /// The place of the event that decided it.
    pub place: Option<u32>,
    /// The arguments of `simulate` that show it.
    pub run: Vec<String>,
}

impl MatrixRecord {
    /// The matrix as two tables for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}, attacks against the rules of {}: S keeping the rule stops it, 1 breaking it alone is enough, n it is broken \
             or warns in the harmful run\n\n",
            self.protocol.title(),
            self.rule_set
        );
        let mut rows = vec![heading("attack", self.rules.iter().copied())];
        for attack in &self.attacks {
            let cells = self.cells.iter().filter(|cell| cell.attack == *attack);
            let marks = cells.map(|cell| {
                let marks = [(cell.stops, 'S'), (cell.needed, '1'), (cell.notices, 'n')];
                let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
                if marks.is_empty() { ".".to_owned() } else { marks }
            });
            rows.push(std::iter::once((*attack).to_owned()).chain(marks).collect());
        }
        table(&mut text, &rows);
        text.push_str(
            "\nAttacks against profiles of clients, with the servers against which they succeed\n\n",
        );
        let mut clients: Vec<&str> = Vec::new();
        for pair in &self.pairs {
            if !clients.contains(&pair.client.as_str()) {
                clients.push(&pair.client);
            }
        }
        let mut rows = vec![heading("attack", clients.iter().copied())];
        for attack in &self.attacks {
            let mut row = vec![(*attack).to_owned()];
            for client in &clients {
                let of = self.pairs.iter().filter(|p| p.attack == *attack && p.client == *client);
                let all = of.clone().count();
                let lost: Vec<_> = of.filter(|pair| pair.succeeds).map(|pair| pair.server.as_str()).collect();
                row.push(match lost.len() {
                    0 => ".".to_owned(),
                    count if count == all => "all".to_owned(),
                    _ => lost.join("+"),
                });
            }
            rows.push(row);
        }
        table(&mut text, &rows);
        text
    }
}

fn heading<'a>(first: &'a str, others: impl Iterator<Item = &'a str>) -> Vec<String> {
    std::iter::once(first).chain(others).map(str::to_owned).collect()
}

fn table(text: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}", width = *width));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
}

/// What came of a search for an attack.
#[derive(Clone, Debug, Serialize)]
pub struct SearchRecord {
    /// The harm that was looked for.
    pub harm: &'static str,
    /// The shortest attack that does it, as the rules of a written attack; nothing: there is none within the bounds.
    pub attack: Option<Vec<String>>,
    /// At most so many moves were tried.
    pub moves: u32,
    /// Among so many first messages.
    pub messages: u32,
    /// States that were visited.
    pub states: u64,
    /// Runs that were made.
    pub runs: u32,
    /// Whether the bounds were searched to their end.
    pub complete: bool,
}

impl SearchRecord {
    /// The outcome for people.
    #[must_use]
    pub fn text(&self) -> String {
        let bounds = format!("{} moves among the first {} messages", self.moves, self.messages);
        let effort = format!("{} states in {} runs", self.states, self.runs);
        match &self.attack {
            Some(rules) if rules.is_empty() => {
                format!("{}: done without any attack ({effort}).\n", self.harm)
            }
            Some(rules) => {
                let rules: String = rules.iter().map(|rule| format!("  {rule}\n")).collect();
                format!("{}: the shortest attack within {bounds} ({effort}):\n{rules}", self.harm)
            }
            None if self.complete => format!("{}: none within {bounds} ({effort}).\n", self.harm),
            None => {
                format!("{}: none so far; the runs were used up within {bounds} ({effort}).\n", self.harm)
            }
        }
    }
}

/// The smallest changes that stop the attacks of a run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
#[cfg_attr(feature = "js", tsify(missing_as_null))]
pub struct FixesRecord {
    /// Sets of switches, as `SIDE.SWITCH=VALUE`, the smallest first.
    pub switches: Vec<Vec<String>>,
    /// Sets of rules that are enough when they are kept.
    pub rules: Vec<Vec<&'static str>>,
    /// Whether the limit of runs ended the search, so that there may be more.
    pub limit_reached: bool,
    /// Whether there is nothing to be stopped: no attack succeeds or does harm as it is.
    pub nothing_to_stop: bool,
}

impl FixesRecord {
    /// The fixes for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from("\nSmallest fixes\n");
        if self.nothing_to_stop {
            text.push_str("  there is nothing to stop: no attack succeeds or does harm here\n");
        } else if self.switches.is_empty() {
            text.push_str("  no set of up to three switches stops it and still lets the client log in\n");
        }
        for set in &self.switches {
            text.push_str(&format!("  {}\n", set.join(" and ")));
        }
        for set in &self.rules {
            text.push_str(&format!("  keeping {}\n", set.join(" and ")));
        }
        if self.limit_reached {
            text.push_str("  the limit of runs was reached: there may be more\n");
        }
        text
    }
}
