//! S-9051-plaincfg: a server takes no password that the wire shows.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::Protocol;
use crate::trace::{Event, Policy};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-plaincfg",
    title: "The server takes no password that others can read on the way",
    why: "As long as a server takes passwords outside TLS, a client that is talked out of TLS still gets in, and nobody notices what the attacker read.",
    how: "A password accepted outside TLS shows a site whose configuration permits it; the text only advises against running one. What it demands is that a configuration without exists: a server known to be set that way which refused every password in the run shows it. Refusals under an unknown setting may have other reasons. Listing PLAIN outside TLS is no breach of this rule.",
    blind: "Configurations that this session did not use.",
    protocols: &[Protocol::Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana s3cret
             S: a OK welcome",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &["S-8314-minconf", "S-9051-login"],
    },
    check,
};

/// The clause about sites, which is all that a breach can show.
const SITE: usize = 1;

fn check(case: &Case<'_>) -> Finding {
    let answers = || case.leg.answers().filter(|a| a.in_clear() && a.is_to_password() && case.own(a.at));
    if let Some(taken) = answers().find(|answer| answer.accepts()) {
        let message = format!("The server accepted {} outside TLS{}.", taken.command.name, case.here());
        return Finding::fail([taken.asked, taken.at], message).of_clause(SITE);
    }
    let refusals: Vec<&Event> =
        answers().filter(|answer| answer.reply.status.is_some()).map(|answer| answer.at).collect();
    if refusals.is_empty() {
        return Finding::not_applicable("The server answered no login that shows a password outside TLS.");
    }
    match case.policy() {
        Some((policy, Policy::ClearTextRefused)) => Finding::pass(
            policy.into_iter().chain(refusals),
            here!(case, "Set to refuse clear-text passwords, the server accepted none"),
        ),
        _ => Finding::cannot_tell(
            "Why the server refused: note whether it is set to refuse clear-text passwords, or try with the right password.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Server;
    use crate::spec::Level;
    use crate::testing::check;

    #[test]
    fn accepting_a_password_outside_tls_is_a_warning_whatever_the_setting() {
        for policy in ["P server ClearTextAccepted", "P server ClearTextRefused", "S: * OK hi"] {
            let verdict = check(
                "S-9051-plaincfg",
                Server,
                &format!(
                    "{policy}
                     C: a LOGIN ana s3cret      <-- S-9051-plaincfg fail
                     S: a OK welcome            <-- S-9051-plaincfg fail"
                ),
            );
            assert_eq!(verdict.level(), Level::Warning);
        }
    }

    #[test]
    fn refusing_by_setting_shows_the_configuration() {
        let verdict = check(
            "S-9051-plaincfg",
            Server,
            "P server ClearTextRefused          <-- S-9051-plaincfg pass
             C: a LOGIN ana s3cret
             S: a NO not here                   <-- S-9051-plaincfg pass",
        );
        assert_eq!(verdict.level(), Level::Error);
    }

    #[test]
    fn refusing_for_unknown_reasons_or_inside_tls_shows_nothing() {
        check("S-9051-plaincfg", Server, "C: a LOGIN ana x\nS: a NO x\n<-- S-9051-plaincfg cannot-tell");
        check(
            "S-9051-plaincfg",
            Server,
            "==TLS==
             S: * OK hi
             C: a LOGIN ana s3cret
             S: a OK welcome
             <-- S-9051-plaincfg not-applicable",
        );
    }
}
