//! What an attack that is being written would do to the setup on the workbench.

use crate::attack::{Custom, Met};
use crate::pipeline;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::ui::words;

/// What it would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What came by, with the rules that did something.
    pub met: Vec<Met>,
    /// What the attacker gets, in a sentence.
    pub sentence: String,
}

/// Runs the setup with the written attack.
#[must_use]
pub fn preview(setup: &Setup, custom: &Custom, rule_set: RuleSet) -> Preview {
    let attacked = Setup { custom: Some(custom.clone()), hold: None, ..setup.clone() };
    let run = pipeline::simulate(&attacked, rule_set);
    let gains: Vec<_> = run.harms.iter().map(|done| words::gain(done.harm)).collect();
    let gets = if gains.is_empty() { "nothing".to_owned() } else { gains.join(", ") };
    let connections: Vec<_> = run.connections.iter().map(|judged| judged.trace.clone()).collect();
    let login = if pipeline::logged_in(&connections) { "works" } else { "does not happen" };
    let limit =
        if run.limit_reached { " The run went in circles and was ended by the step limit." } else { "" };
    Preview { met: run.met, sentence: format!("The attacker gets {gets}; the login {login}.{limit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;

    #[test]
    fn it_says_what_comes_of_it_and_which_rules_did_it() {
        let setup = Setup::new(Protocol::Imap).unwrap();
        let custom = Custom::parse(
            "when server lists STARTTLS do remove STARTTLS\nwhen server lists * do remove LOGINDISABLED",
        )
        .unwrap();
        let seen = preview(&setup, &custom, RuleSet::Today);
        assert!(seen.sentence.starts_with("The attacker gets the password"), "{}", seen.sentence);
        assert!(seen.met.iter().any(|met| met.rules == [0, 1]));
    }
}
