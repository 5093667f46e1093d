//! Probing: requirements on what a party can be set to are judged by running it with its switches on and off. The runs
//! are the evidence. The result is the filled-in checklist of RFC 2595 appendix A, with the grade that it defines.

mod experiments;

use crate::attack;
use crate::base::{Layer, Origin, Side};
use crate::facts::Facts;
use crate::rules::compliance::{self, CHECKLIST, Grade};
use crate::rules::{self, Outcome, Verdict};
use crate::sim::{self, Setup};
use crate::spec::{Judge, Keyword, Level, RuleSet, find};
use crate::trace::{Leg, Trace, Verb};
use serde::Serialize;
use std::borrow::Cow;

/// What the probing of one party gave.
#[derive(Clone, Debug, Serialize)]
pub struct Probed {
    /// The party.
    pub side: Side,
    /// Its profile, as it was given.
    pub profile: String,
    /// The protocol.
    pub protocol: &'static str,
    /// The grade of RFC 2595 appendix A.
    pub grade: Grade,
    /// The rows of the checklist that bind it, in its order.
    pub checklist: Vec<Row>,
    /// What else takes several runs to judge, by later documents.
    pub further: Vec<Row>,
    /// How many runs were made.
    pub runs: usize,
}

/// The answer to one requirement.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub id: &'static str,
    /// What the kept rule says.
    pub title: &'static str,
    /// Its requirement word.
    pub keyword: Keyword,
    /// What came out.
    pub outcome: Outcome,
    /// What was seen, in a sentence.
    pub message: Cow<'static, str>,
    /// The runs that show it, in words that `simulate` understands; a few of them.
    pub runs: Vec<String>,
}

/// What an experiment found out.
#[derive(Clone, Debug)]
struct Found {
    outcome: Outcome,
    message: Cow<'static, str>,
    runs: Vec<String>,
}

/// One run and what its rules say.
#[derive(Debug)]
struct Ran {
    words: String,
    traces: Vec<Trace>,
    verdicts: Vec<Vec<Verdict>>,
}

/// Evidence is a few runs and not all of them.
const SHOWN: usize = 3;

/// The party that is probed, and the place to run it.
struct Bench<'a> {
    setup: &'a Setup,
    side: Side,
    runs: std::cell::Cell<usize>,
}

/// Probes one side of a setup. The other side and the middle are chosen by the experiments.
#[must_use]
pub fn probe(setup: &Setup, side: Side) -> Probed {
    let bench = Bench { setup, side, runs: std::cell::Cell::new(0) };
    let protocol = setup.protocol.protocol;
    let battery = bench.battery();
    let answer = |id: &'static str| -> Option<Row> {
        let rule = rules::find(id)?;
        let duty = rule.requirement()?.strongest(side)?;
        let found = experiments::find(id).and_then(|experiment| (experiment.run)(&bench, &battery));
        let found = found.unwrap_or_else(|| seen(&battery, id, side));
        let Found { outcome, message, runs } = found;
        Some(Row { id, title: rule.title, keyword: duty.keyword, outcome, message, runs })
    };
    let bound = |sides: &[Side]| sides.contains(&side);
    let listed =
        CHECKLIST.iter().filter(|(_, sides, protocols)| bound(sides) && protocols.contains(&protocol));
    let checklist: Vec<Row> = listed.filter_map(|(id, ..)| answer(id)).collect();
    let further = rules::ALL.iter().filter(|rule| {
        let row = rule.requirement();
        rule.protocols.contains(&protocol)
            && !CHECKLIST.iter().any(|listed| listed.0 == rule.id)
            && row.is_some_and(|row| bound(&row.sides()) && row.judge.contains(&Judge::Probe))
    });
    let further: Vec<Row> = further.filter_map(|rule| answer(rule.id)).collect();
    let grade = compliance::grade_of(side, protocol, |id| {
        let row = checklist.iter().find(|row| row.id == id)?;
        Some((row.outcome, row.keyword.level()))
    });
    let profile = match side {
        Side::Client => setup.client.0.id.to_string(),
        Side::Server => setup.server.0.id.to_string(),
    };
    Probed {
        side,
        profile,
        protocol: protocol.id(),
        grade: grade.grade,
        checklist,
        further,
        runs: bench.runs.get(),
    }
}

/// What the rule says over all runs of the party as it is set: broken anywhere is broken.
fn seen(battery: &[Ran], id: &'static str, side: Side) -> Found {
    let mut answers = battery.iter().flat_map(|ran| {
        let verdicts = ran.verdicts.iter().flatten().filter(|v| v.rule.id == id && v.side == side);
        verdicts.map(move |verdict| (ran, verdict))
    });
    let best = |outcome| {
        let of = answers.clone().filter(move |(_, verdict)| verdict.outcome == outcome);
        let (_, first) = of.clone().next()?;
        let mut runs: Vec<_> = of.map(|(ran, _)| ran.words.clone()).collect();
        runs.dedup();
        runs.truncate(SHOWN);
        Some(Found { outcome, message: first.message.clone(), runs })
    };
    [Outcome::Fail, Outcome::Pass, Outcome::CannotTell].into_iter().find_map(best).unwrap_or_else(|| {
        let message = answers.next().map_or(Cow::Borrowed("No run came to it."), |(_, v)| v.message.clone());
        Found { outcome: Outcome::NotApplicable, message, runs: Vec::new() }
    })
}

impl Bench<'_> {
    /// Runs the party against another one. The words are those of [`Setup::from_words`], without the protocol; a word
    /// that names something that the protocol does not have is left out, and so is a profile of the probed party.
    fn run(&self, words: &str) -> Ran {
        let mut setup = self.setup.clone();
        setup.attacks.clear();
        let mine = match self.side {
            Side::Client => format!("client={}", setup.client.0.id),
            Side::Server => format!("server={}", setup.server.0.id),
        };
        let mut told = format!("{} {mine}", setup.protocol.protocol.id());
        for word in words.split_whitespace() {
            let Some((name, value)) = word.split_once('=') else { continue };
            let done = match name {
                "client" => setup.profile(Side::Client, value).is_ok(),
                "server" => setup.profile(Side::Server, value).is_ok(),
                "attack" => setup.attack(value).is_ok(),
                _ => setup.set_text(word).is_ok(),
            };
            if done {
                told = format!("{told} {word}");
            }
        }
        self.runs.set(self.runs.get().saturating_add(1));
        let traces = sim::run(&setup).connections;
        let judge = |trace: &Trace| {
            let (client, server) = (Facts::of(trace, Side::Client), Facts::of(trace, Side::Server));
            // The checklist is of 1999; rows of later documents are judged by themselves.
            let mut verdicts = rules::judge(trace, &client, &server, RuleSet::Then);
            verdicts.retain(|verdict| verdict.outcome != Outcome::NotInForce);
            let later = rules::judge(trace, &client, &server, RuleSet::Today).into_iter();
            verdicts.extend(
                later.filter(|v| find(v.rule.id).is_some_and(|row| !RuleSet::Then.includes(row.document))),
            );
            verdicts
        };
        let verdicts = traces.iter().map(judge).collect();
        Ran { words: told, traces, verdicts }
    }

    /// Whether an attack, as words name it, exists in the protocol.
    fn has(&self, words: &str) -> bool {
        let id = words.trim_start_matches("attack=");
        attack::ALL.iter().any(|a| a.id == id && a.protocols.contains(&self.setup.protocol.protocol))
    }

    /// The party as it is set, against every other party and every attack.
    fn battery(&self) -> Vec<Ran> {
        let others: &[&str] = match self.side {
            Side::Client => &["server=strict", "server=open"],
            Side::Server => &["client=private", "client=opportunistic", "client=careless"],
        };
        let mut runs = Vec::new();
        for other in others {
            runs.push(self.run(other));
            for attack in attack::ALL.iter().filter(|a| a.protocols.contains(&self.setup.protocol.protocol)) {
                runs.push(self.run(&format!("{other} attack={}", attack.id)));
            }
        }
        runs
    }
}

impl Ran {
    fn legs(&self, side: Side) -> impl Iterator<Item = Leg<'_>> {
        self.traces.iter().map(move |trace| trace.leg(side))
    }

    /// The client sent part of a login outside TLS.
    fn sent_login_in_clear(&self) -> bool {
        self.legs(Side::Client)
            .any(|leg| leg.commands().any(|(e, c)| e.layer == Layer::Clear && c.verb.logs_in()))
    }

    /// The client showed a password or token, outside TLS or anywhere.
    fn showed_secret(&self, anywhere: bool) -> bool {
        self.legs(Side::Client).any(|leg| leg.credentials().any(|(e, _)| anywhere || e.layer == Layer::Clear))
    }

    /// The server granted a login outside TLS; by a password, if that is asked.
    fn granted_in_clear(&self, by_password: bool) -> bool {
        self.legs(Side::Server).any(|leg| {
            leg.answers().any(|a| {
                a.in_clear()
                    && a.accepts()
                    && a.command.verb.logs_in()
                    && a.command.verb != Verb::User
                    && (!by_password || a.command.sends_password())
            })
        })
    }

    /// How many logins somebody in the middle tried outside TLS, and how many of them the server granted.
    fn tried_in_clear(&self) -> (usize, usize) {
        let answers = self.legs(Side::Server).flat_map(|leg| leg.answers());
        let tried = answers.filter(|a| {
            a.asked.origin == Origin::Added && a.is_final() && a.in_clear() && a.command.sends_password()
        });
        tried.fold((0, 0), |(tried, granted), a| {
            (tried.saturating_add(1), granted.saturating_add(usize::from(a.accepts())))
        })
    }

    /// Somebody logged in, inside TLS.
    fn logged_in_inside(&self, side: Side) -> bool {
        self.legs(side).any(|leg| {
            leg.answers().any(|a| {
                a.at.layer == Layer::Tls
                    && a.accepts()
                    && a.command.verb.logs_in()
                    && a.command.verb != Verb::User
            })
        })
    }
}

impl Row {
    /// How serious a breach is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.keyword.level()
    }
}

impl Probed {
    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!(
            "{} {} `{}`: {}, by the checklist of RFC 2595 appendix A ({} runs)\n",
            self.protocol.to_uppercase(),
            self.side.name(),
            self.profile,
            self.grade.words(),
            self.runs
        );
        for (title, rows) in
            [("", &self.checklist), ("\nBeyond the checklist, by later documents:\n", &self.further)]
        {
            if !rows.is_empty() {
                out.push_str(title);
            }
            for row in rows {
                let (word, outcome) = (row.keyword.word(), row.outcome.word());
                out.push_str(&format!(
                    "\n  {} ({word}): {outcome}: {}\n      {}\n",
                    row.id, row.title, row.message
                ));
                for run in &row.runs {
                    out.push_str(&format!("      run: {run}\n"));
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::rules::Sample;

    /// Probes what the words of an example say.
    fn probed(words: &str) -> Probed {
        let setup = Setup::from_words(words).unwrap_or_else(|error| panic!("{words}: {error}"));
        let side = if words.contains("client=") { Side::Client } else { Side::Server };
        probe(&setup, side)
    }

    fn row<'a>(probed: &'a Probed, id: &str) -> &'a Row {
        let mut rows = probed.checklist.iter().chain(&probed.further);
        rows.find(|row| row.id == id).unwrap_or_else(|| panic!("{id} of {}", probed.profile))
    }

    #[test]
    fn every_rule_about_configurations_is_broken_by_its_bad_example_and_kept_by_its_good_one() {
        let mut known: Vec<(&str, Probed)> = Vec::new();
        let mut wrong = String::new();
        for rule in rules::ALL {
            let samples = [(rule.examples.bad, Outcome::Fail), (rule.examples.good, Outcome::Pass)];
            for (sample, outcome) in samples {
                let Sample::Probe(words) = sample else { continue };
                if !known.iter().any(|(known, _)| *known == words) {
                    known.push((words, probed(words)));
                }
                let (_, probed) = known.iter().find(|(known, _)| *known == words).unwrap();
                let row = row(probed, rule.id);
                if row.outcome != outcome || row.runs.is_empty() {
                    wrong.push_str(&format!("{}: {words}: {:?} {}\n", rule.id, row.outcome, row.message));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    #[test]
    fn careful_parties_pass_every_must_of_the_checklist() {
        for (protocol, side, profile) in [
            (Protocol::Imap, Side::Client, "private"),
            (Protocol::Imap, Side::Server, "strict"),
            (Protocol::Pop3, Side::Client, "private"),
            (Protocol::Pop3, Side::Server, "strict"),
            (Protocol::Acap, Side::Client, "private"),
            (Protocol::Acap, Side::Server, "strict"),
        ] {
            let probed = probed(&format!("{} {}={profile}", protocol.id(), side.name()));
            for row in &probed.checklist {
                let fine = row.outcome != Outcome::Fail || row.level() != Level::Error;
                assert!(fine, "{protocol:?} {profile} {}: {}", row.id, row.message);
            }
            assert_ne!(probed.grade, Grade::NotCompliant);
            let word = if side == Side::Client { "a client" } else { "a server" };
            assert!(probed.checklist.len() > 5, "{word} has more rows");
        }
    }

    #[test]
    fn a_server_is_tried_with_wrong_passwords_and_by_several_users() {
        for words in ["imap server=open", "pop3 server=open", "acap server=open"] {
            let open = probed(words);
            let per_user = row(&open, "A05");
            assert_eq!(per_user.outcome, Outcome::Pass, "{words}: {}", per_user.message);
            assert!(per_user.message.contains("not by a wrong one"), "{words}: {}", per_user.message);
            assert!(
                per_user.runs.iter().any(|run| run.contains("cleartext-validity-oracle")),
                "{:?}",
                per_user.runs
            );
            let refusal = row(&open, "A04");
            assert!(refusal.message.contains("no more than a wrong one"), "{words}: {}", refusal.message);
        }
        // A server that takes passwords however it is set is found out by the right one.
        let lax = probed("imap server=strict server.login-despite-logindisabled=on");
        assert_eq!(row(&lax, "A04").outcome, Outcome::Fail);
    }

    #[test]
    fn a_careless_client_is_not_compliant_and_the_runs_show_why() {
        let careless = probed("imap client=careless");
        assert_eq!(careless.grade, Grade::NotCompliant);
        let row = row(&careless, "A12");
        assert_eq!(row.outcome, Outcome::Fail);
        assert!(row.runs.iter().all(|run| Setup::from_words(run).is_ok()), "{:?}", row.runs);
        assert!(careless.text().contains("not compliant"));
    }
}
