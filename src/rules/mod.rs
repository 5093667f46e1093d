//! The rules: each reads the events of one side of a trace and answers with evidence. A rule sees events and
//! facts only; it never sees a machine, an attack or how the trace came about.

pub mod compliance;
mod verdict;

mod s2595_2_2_login_outside_tls_in_private_mode;
mod s2595_2_3_password_outside_tls_though_refused;
mod s2595_2_5_tls_result_ignored;
mod s2595_3_1_capabilities_kept_over_tls;
mod s2595_3_1_command_before_tls;
mod s2595_3_1_no_capability_after_tls;
mod s2595_3_1_octets_before_handshake;
mod s2595_3_1_starttls_after_login;
mod s2595_3_2_login_accepted_despite_logindisabled;
mod s2595_3_2_login_despite_logindisabled;
mod s2595_6_plain_listed_without_tls;
mod s2595_6_plain_without_tls;
mod s2595_9_no_warning_without_privacy;
mod s4616_5_plain_unprotected_or_malformed;
mod s8314_5_2_commands_below_minimum;
mod s9051_6_2_2_password_accepted_in_clear;
mod s9051_7_1_4_preauth_without_tls;

use verdict::here;
pub use verdict::{Case, Excuse, Finding, Outcome, Verdict, judge};

use crate::base::Protocol;
use crate::spec::Requirement;

/// A rule: what it judges and how.
#[derive(Debug)]
pub struct Rule {
    /// The requirement's id, which is also the rule's.
    pub id: &'static str,
    /// What is forbidden or demanded, as a short statement of the kept rule.
    pub title: &'static str,
    /// Why the requirement exists: the attack it answers.
    pub why: &'static str,
    /// How this rule decides, and what it cannot see.
    pub how: &'static str,
    /// The protocols that it applies to.
    pub protocols: &'static [Protocol],
    /// Judges one side.
    pub check: fn(&Case<'_>) -> Finding,
}

impl Rule {
    /// The requirement that it judges. A test proves that there is one.
    #[must_use]
    pub fn requirement(&self) -> Option<&'static Requirement> {
        crate::spec::find(self.id)
    }
}

/// All rules, by id.
pub static ALL: &[&Rule] = &[
    &s2595_2_2_login_outside_tls_in_private_mode::RULE,
    &s2595_2_3_password_outside_tls_though_refused::RULE,
    &s2595_2_5_tls_result_ignored::RULE,
    &s2595_3_1_command_before_tls::RULE,
    &s2595_3_1_capabilities_kept_over_tls::RULE,
    &s2595_3_1_no_capability_after_tls::RULE,
    &s2595_3_2_login_despite_logindisabled::RULE,
    &s2595_9_no_warning_without_privacy::RULE,
    &s2595_6_plain_without_tls::RULE,
    &s2595_3_1_octets_before_handshake::RULE,
    &s2595_3_1_starttls_after_login::RULE,
    &s2595_3_2_login_accepted_despite_logindisabled::RULE,
    &s2595_6_plain_listed_without_tls::RULE,
    &s4616_5_plain_unprotected_or_malformed::RULE,
    &s8314_5_2_commands_below_minimum::RULE,
    &s9051_6_2_2_password_accepted_in_clear::RULE,
    &s9051_7_1_4_preauth_without_tls::RULE,
];

/// A rule by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Side;
    use crate::facts::Facts;
    use crate::spec::RuleSet;
    use crate::testing::read_imap;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_sorted() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        let rows: BTreeSet<_> = crate::spec::all().map(|row| row.id).collect();
        assert_eq!(rows.len(), crate::spec::all().count());
    }

    #[test]
    fn every_rule_has_a_row_and_texts() {
        for rule in ALL {
            let row = rule.requirement().unwrap_or_else(|| panic!("{} has no row", rule.id));
            assert!(
                !row.clauses.is_empty() && !row.later.is_empty() && !row.section.is_empty(),
                "{}",
                rule.id
            );
            assert!(!rule.protocols.is_empty(), "{}", rule.id);
            assert!(!rule.title.is_empty() && !rule.title.ends_with('.'), "{}", rule.id);
            for text in [rule.why, rule.how, row.later] {
                assert!(text.ends_with('.'), "{}: {text}", rule.id);
            }
            for clause in row.clauses {
                assert!(clause.says.ends_with('.') && !clause.sides.is_empty(), "{}", rule.id);
            }
        }
    }

    #[test]
    fn every_file_is_in_the_registry() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".rs").unwrap().to_owned();
            if name.starts_with('s') {
                files.insert(name);
            }
        }
        // One registry line a file: the names that the slice's source lists.
        let source = include_str!("mod.rs");
        let listed: BTreeSet<_> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix('&')?.strip_suffix("::RULE,"))
            .map(str::to_owned)
            .collect();
        assert_eq!(files, listed);
        assert_eq!(files.len(), ALL.len());
    }

    /// Sessions of every kind, each cut off behind every line.
    #[test]
    fn every_prefix_of_a_session_is_judged_with_evidence_or_a_reason() {
        let sessions = [
            "P client TlsRequired
             S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] hi
             C: a STARTTLS
             C: b NOOP
             S: a OK go
             S: * OK more
             ==TLS UP==
             N client CapabilitiesKept
             C: c AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: c OK done
             C: d STARTTLS
             S: d OK what
             C: e LOGOUT
             ==CLIENT CLOSED==",
            "P server ClearTextRefused
             S: * PREAUTH hi
             C: a STARTTLS
             S: a OK go
             ==TLS FAILED==
             C: b LOGIN {3}
             S: + go on
             C: ana s3cret
             S: b OK done
             C: c SELECT INBOX
             S: c OK done
             ==SERVER CLOSED==",
        ];
        for session in sessions {
            let lines: Vec<_> = session.lines().collect();
            for end in 1..=lines.len() {
                let trace = read_imap(&lines[..end].join("\n"));
                let facts = [Side::Client, Side::Server].map(|side| Facts::of(&trace, side));
                for rules in RuleSet::ALL {
                    for verdict in judge(&trace, &facts[0], &facts[1], rules) {
                        let proven = matches!(verdict.outcome, Outcome::Pass | Outcome::Fail);
                        assert_eq!(proven, !verdict.events.is_empty(), "{}", verdict.rule.id);
                        assert!(verdict.message.ends_with('.'), "{}: {}", verdict.rule.id, verdict.message);
                    }
                }
            }
        }
    }

    /// One breach and one session that keeps the rule, in each protocol that has no section of its own in its file.
    #[test]
    fn rules_mean_the_same_in_pop3_and_acap() {
        use Side::{Client, Server};
        for (side, script) in [
            (Client, "==POP3==\nP client TlsRequired <-- A02 fail\nS: +OK\nC: APOP tim c4c9 <-- A02 fail"),
            (
                Client,
                "==ACAP==\nP client TlsRequired <-- A02 fail\nS: * ACAP\nC: a AUTHENTICATE \"CRAM-MD5\" <-- A02 fail",
            ),
            (
                Server,
                "==POP3==\nP server ClearTextRefused <-- A02 pass, A04 pass\nC: CAPA\nS: +OK <-- A02 pass\nS: STLS\nS: .\n\
                 C: USER tim\nS: +OK <-- A02 pass\nC: PASS x\nS: -ERR <-- A02 pass, A04 pass",
            ),
            (
                Server,
                "==POP3==\nP server ClearTextRefused\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: USER tim\nS: -ERR\n<-- A02 cannot-tell",
            ),
            (
                Server,
                "==ACAP==\nP server ClearTextRefused <-- A02 pass\nS: * ACAP (SASL) (STARTTLS) <-- A02 pass\n\
                 C: a AUTHENTICATE \"PLAIN\"\nS: a NO (ENCRYPT-NEEDED) \"no\" <-- A02 pass",
            ),
            (
                Client,
                "==POP3==\nP client TlsRequired <-- A04 fail\nC: USER tim\nS: +OK\nC: PASS x <-- A04 fail",
            ),
            (
                Client,
                "==POP3==\nP client TlsRequired <-- A04 pass\nC: APOP tim c4c9\nS: +OK\n==CLIENT CLOSED== <-- A04 pass",
            ),
            (
                Server,
                "==POP3==\nP server ClearTextRefused <-- A04 fail\nC: USER tim\nS: +OK\nC: PASS x <-- A04 fail\nS: +OK <-- A04 fail",
            ),
            (
                Client,
                "==POP3==\nP client TlsRequired <-- A11 fail\nC: STLS\nS: -ERR <-- A11 fail\nC: USER tim <-- A11 fail",
            ),
            (Client, "==ACAP==\nC: a STARTTLS\nS: a NO \"x\" <-- A11 pass\nC: b LOGOUT <-- A11 pass"),
            (Client, "==POP3==\nC: STLS <-- A12 fail\nC: CAPA <-- A12 fail\nS: +OK"),
            (Client, "==ACAP==\nC: a STARTTLS <-- A12 pass\nS: a OK \"x\" <-- A12 pass\n==TLS==\nS: * ACAP"),
            (
                Client,
                "==POP3==\nC: CAPA\nS: +OK <-- A13 fail\nS: SASL X-ODD\nS: .\nC: STLS\nS: +OK\n==TLS==\n\
                 C: AUTH X-ODD <-- A13 fail",
            ),
            (
                Client,
                "==ACAP==\nS: * ACAP (SASL \"X-ODD\") <-- A13 fail\nC: a STARTTLS\nS: a OK \"x\"\n==TLS==\n\
                 S: * ACAP (SASL \"PLAIN\")\nC: b AUTHENTICATE \"X-ODD\" <-- A13 fail",
            ),
            (Client, "==POP3==\nC: STLS\nS: +OK\n==TLS== <-- A14 fail\nC: USER tim <-- A14 fail"),
            (Client, "==POP3==\nC: STLS\nS: +OK\n==TLS==\nC: CAPA <-- A14 pass\nS: +OK\nS: .\nC: USER tim"),
            (
                Client,
                "==ACAP==\nC: a STARTTLS\nS: a OK \"x\"\n==TLS==\nC: b SEARCH \"/\" ALL\n<-- A14 not-applicable",
            ),
            (
                Client,
                "==POP3==\nC: USER tim\nS: +OK\nC: PASS x <-- A19 fail\nN client UserNotWarned <-- A19 fail",
            ),
            (Client, "==ACAP==\nN client WarnedUser <-- A19 pass\nC: a SEARCH \"/\" ALL\nS: a OK \"x\""),
            (Client, "==POP3==\nC: AUTH PLAIN\nS: +\nC: AGFuYQBzM2NyZXQ= <-- A21 fail, S-4616 fail"),
            (
                Client,
                "==ACAP==\nC: a AUTHENTICATE \"PLAIN\" {11+} <-- A21 fail, S-4616 fail\nC: <NUL>ana<NUL>s3cret",
            ),
            (
                Server,
                "==ACAP==\nC: a AUTHENTICATE \"PLAIN\" <-- A21 fail\nS: + \"\" <-- A21 fail, S-4616 fail",
            ),
            (Server, "==POP3==\nC: AUTH PLAIN\nS: -ERR <-- A21 pass"),
            (Server, "==POP3==\nC: STLS\nS: +OK\nS: +OK more <-- B14 fail\n==TLS=="),
            (Client, "==ACAP==\nC: a STARTTLS\nC: ??? <-- B14 fail\nS: a OK \"x\"\n==TLS=="),
            (
                Server,
                "==POP3==\nC: USER tim\nS: +OK\nC: PASS x\nS: +OK <-- B15 fail\nC: STLS\nS: +OK <-- B15 fail",
            ),
            (
                Client,
                "==ACAP==\nC: a AUTHENTICATE \"X\"\nS: a OK \"x\" <-- B15 fail\nC: b STARTTLS <-- B15 fail",
            ),
            (Client, "==POP3==\nC: USER tim\nS: +OK\nC: STLS <-- B15 pass"),
            (Server, "==POP3==\nC: CAPA\nS: +OK <-- B25 fail, S-4616 fail\nS: SASL LOGIN PLAIN\nS: ."),
            (Server, "==ACAP==\nS: * ACAP (SASL \"CRAM-MD5\" {5} <-- B25 fail\nS: PLAIN)"),
            (Server, "==ACAP==\nS: * ACAP (SASL \"CRAM-MD5\") (STARTTLS) <-- B25 pass, S-4616 pass"),
            (Client, "==POP3==\nC: APOP tim c4c9 <-- S-8314-minconf fail"),
            (Client, "==ACAP==\nC: a AUTHENTICATE \"CRAM-MD5\"\n<-- S-8314-minconf not-applicable"),
            (Client, "==POP3==\nC: USER tim\nS: +OK\n<-- A16 not-applicable"),
            (Server, "==POP3==\nC: PASS x\nS: +OK\n<-- S-9051-plaincfg not-applicable, B19 not-applicable"),
        ] {
            let marks = script.lines().filter_map(|line| line.split_once("<--"));
            let marks: BTreeSet<_> = marks
                .flat_map(|(_, marks)| marks.split(',').map(|mark| mark.trim().split(' ').next().unwrap()))
                .collect();
            for rule in marks {
                crate::testing::check(rule, side, script);
            }
        }
    }
}
