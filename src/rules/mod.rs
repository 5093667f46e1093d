//! The rules: each reads the events of one side of a trace and answers with evidence. A rule sees events and
//! facts only; it never sees a machine, an attack or how the trace came about.

pub mod compliance;
mod examples;
mod kit;
mod logins;
#[cfg(test)]
mod mutation_tests;
mod repeated;
mod verdict;

mod draft_imap4rev2_11_4_no_private_configuration;
mod draft_imap4rev2_6_2_3_login_first;
mod draft_imap4rev2_6_2_3_login_not_optional;
mod draft_unauth_3_answered_no;
mod draft_unauth_3_argument_or_unknown;
mod draft_unauth_3_command_behind_unauthenticate;
mod draft_unauth_3_expunged;
mod draft_unauth_3_login_refused;
mod draft_unauth_3_not_logged_in;
mod draft_unauth_3_still_logged_in;
mod draft_unauth_4_1_condstore_still_on;
mod draft_unauth_4_1_enabled_still_on;
mod draft_unauth_4_1_news_of_mailboxes;
mod draft_unauth_4_1_saved_search_kept;
mod draft_unauth_8_cannot_be_switched_off;
mod draft_unauth_8_something_carried_over;
mod draft_unauth_a_second_login;
mod p3s_password_after_certificate;
mod s1939_13_name_told;
mod s1939_3_accepted_out_of_state;
mod s1939_3_answer_without_status;
mod s1939_7_pass_without_user;
mod s2221_4_referral_for_failed_login;
mod s2244_2_2_answer_to_unknown_tag;
mod s2244_2_6_no_greeting;
mod s2244_6_served_before_login;
mod s2449_4_command_too_long;
mod s2449_6_6_answer_to_nothing;
mod s2595_1_plain_in_two_messages;
mod s2595_2_1_suite_of_1999;
mod s2595_2_2_clear_text_after_tls;
mod s2595_2_2_login_outside_tls_in_private_mode;
mod s2595_2_2_mode_for_old_clients;
mod s2595_2_2_strength_not_adjustable;
mod s2595_2_3_nonstandard_password_mechanism;
mod s2595_2_3_password_outside_tls_though_refused;
mod s2595_2_3_refusal_per_user;
mod s2595_2_4_alternative_name_refused;
mod s2595_2_4_case_of_names;
mod s2595_2_4_common_name_beats_alternative;
mod s2595_2_4_compared_name_not_configured;
mod s2595_2_4_mismatch_passed_over;
mod s2595_2_4_name_from_insecure_lookup;
mod s2595_2_4_name_not_compared;
mod s2595_2_4_one_of_several_names;
mod s2595_2_4_star_covers_too_much;
mod s2595_2_5_tls_result_ignored;
mod s2595_3_1_capabilities_kept_over_tls;
mod s2595_3_1_command_before_tls;
mod s2595_3_1_logged_in_without_login;
mod s2595_3_1_no_capability_after_tls;
mod s2595_3_1_octets_before_handshake;
mod s2595_3_1_starttls_after_login;
mod s2595_3_1_starttls_with_argument;
mod s2595_3_2_login_accepted_despite_logindisabled;
mod s2595_3_2_login_despite_logindisabled;
mod s2595_3_2_logindisabled_never_listed;
mod s2595_3_starttls_not_listed;
mod s2595_4_stls_listed_out_of_place;
mod s2595_4_stls_without_capa;
mod s2595_5_1_greeting_kept_over_tls;
mod s2595_5_1_no_greeting_after_tls;
mod s2595_5_starttls_item_with_argument;
mod s2595_6_characters_nobody_sees;
mod s2595_6_line_break_in_plain;
mod s2595_6_long_field_refused;
mod s2595_6_password_not_checked;
mod s2595_6_plain_listed_without_tls;
mod s2595_6_plain_not_utf8;
mod s2595_6_plain_outside_its_grammar;
mod s2595_6_plain_without_tls;
mod s2595_7_port_of_its_own;
mod s2595_9_no_warning_without_privacy;
mod s2595_9_password_shown_to_server;
mod s2595_9_weak_not_refused;
mod s2595_9_weak_without_a_word;
mod s3501_2_2_answer_to_unknown_tag;
mod s3501_3_1_mailbox_before_login;
mod s3501_6_2_2_cancel_not_bad;
mod s4422_6_1_4_exchange_cut_off;
mod s4616_5_plain_unprotected_or_malformed;
mod s4959_3_initial_response_not_listed;
mod s4978_3_command_behind_compress;
mod s5034_4_cancel_not_err;
mod s5034_4_initial_response_not_allowed;
mod s5034_4_second_login_accepted;
mod s5161_3_1_enable_out_of_place;
mod s6186_6_login_outside_tls;
mod s6855_6_mailbox_without_utf8;
mod s7817_3_alias_compared;
mod s7817_3_path_not_validated;
mod s7817_3_service_not_compared;
mod s7817_3_star_not_whole_label;
mod s7888_4_literal_not_allowed;
mod s7888_6_both_literals_listed;
mod s8314_3_1_transaction_without_login;
mod s8314_3_4_closed_without_alert;
mod s8314_3_clear_text_on_tls_port;
mod s8314_4_1_refusal_tells_the_password;
mod s8314_4_2_needless_certificate_request;
mod s8314_4_clear_text_goes_on;
mod s8314_4_starttls_listed_and_refused;
mod s8314_5_2_commands_below_minimum;
mod s8314_5_3_certificate_not_validated;
mod s8314_5_shown_as_private;
mod s8997_3_old_version;
mod s9051_11_1_old_version;
mod s9051_11_2_one_way_only;
mod s9051_11_3_data_before_login_believed;
mod s9051_11_7_failure_says_why;
mod s9051_11_7_failures_without_limit;
mod s9051_6_2_1_injected_command_answered;
mod s9051_6_2_1_starttls_inside_tls_not_bad;
mod s9051_6_2_1_starttls_listed_inside_tls;
mod s9051_6_2_2_password_accepted_in_clear;
mod s9051_6_2_3_login_in_clear;
mod s9051_7_1_4_preauth_without_tls;
mod s9051_7_1_alert_from_the_clear;
mod s9051_7_2_2_refused_password_checked;
mod s9325_3_1_3_falls_back;
mod s9325_3_1_old_version;
mod s9325_3_2_no_strict_policy;
mod s9325_3_8_protocol_not_looked_at;
mod s9325_4_1_forbidden_suite;
mod s9325_4_1_suite_to_avoid;
mod s9325_7_5_revocation_not_checked;
mod s9525_2_common_name_identifies;

pub use examples::{Examples, Sample};
pub use kit::PROBE;
use verdict::here;
pub use verdict::{
    Assumed, Basis, Case, Evidence, Excuse, Finding, Outcome, Verdict, Why, broken, judge, judge_assuming,
    judge_by, judging, why,
};

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
    /// How this rule decides.
    pub how: &'static str,
    /// What it cannot see.
    pub blind: &'static str,
    /// The protocols that it applies to.
    pub protocols: &'static [Protocol],
    /// A good and a bad example.
    pub examples: Examples,
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
    &s2595_2_1_suite_of_1999::RULE,
    &s2595_2_2_login_outside_tls_in_private_mode::RULE,
    &s2595_2_2_mode_for_old_clients::RULE,
    &s2595_2_3_password_outside_tls_though_refused::RULE,
    &s2595_2_3_refusal_per_user::RULE,
    &s2595_2_4_name_not_compared::RULE,
    &s2595_2_4_compared_name_not_configured::RULE,
    &s2595_2_4_name_from_insecure_lookup::RULE,
    &s2595_2_4_alternative_name_refused::RULE,
    &s2595_2_4_mismatch_passed_over::RULE,
    &s2595_2_5_tls_result_ignored::RULE,
    &s2595_3_1_command_before_tls::RULE,
    &s2595_3_1_capabilities_kept_over_tls::RULE,
    &s2595_3_1_no_capability_after_tls::RULE,
    &s2595_3_2_logindisabled_never_listed::RULE,
    &s2595_3_2_login_despite_logindisabled::RULE,
    &s2595_4_stls_without_capa::RULE,
    &s2595_5_1_no_greeting_after_tls::RULE,
    &s2595_9_no_warning_without_privacy::RULE,
    &s2595_9_weak_not_refused::RULE,
    &s2595_6_plain_without_tls::RULE,
    &s2595_6_plain_not_utf8::RULE,
    &s2595_2_2_clear_text_after_tls::RULE,
    &s2595_2_2_strength_not_adjustable::RULE,
    &s2595_2_3_nonstandard_password_mechanism::RULE,
    &s2595_2_4_common_name_beats_alternative::RULE,
    &s2595_2_4_case_of_names::RULE,
    &s2595_2_4_star_covers_too_much::RULE,
    &s2595_2_4_one_of_several_names::RULE,
    &s2595_3_starttls_not_listed::RULE,
    &s2595_3_1_starttls_with_argument::RULE,
    &s2595_3_1_octets_before_handshake::RULE,
    &s2595_3_1_starttls_after_login::RULE,
    &s2595_3_1_logged_in_without_login::RULE,
    &s2595_3_2_login_accepted_despite_logindisabled::RULE,
    &s2595_4_stls_listed_out_of_place::RULE,
    &s2595_5_starttls_item_with_argument::RULE,
    &s2595_5_1_greeting_kept_over_tls::RULE,
    &s2595_6_plain_listed_without_tls::RULE,
    &s2595_6_plain_outside_its_grammar::RULE,
    &s2595_6_long_field_refused::RULE,
    &s2595_6_line_break_in_plain::RULE,
    &s2595_6_password_not_checked::RULE,
    &s2595_6_characters_nobody_sees::RULE,
    &s2595_7_port_of_its_own::RULE,
    &s2595_9_weak_without_a_word::RULE,
    &s2595_9_password_shown_to_server::RULE,
    &s2595_1_plain_in_two_messages::RULE,
    &p3s_password_after_certificate::RULE,
    &s1939_3_accepted_out_of_state::RULE,
    &s1939_13_name_told::RULE,
    &s1939_7_pass_without_user::RULE,
    &s1939_3_answer_without_status::RULE,
    &s2221_4_referral_for_failed_login::RULE,
    &s2244_2_6_no_greeting::RULE,
    &s2244_6_served_before_login::RULE,
    &s2244_2_2_answer_to_unknown_tag::RULE,
    &s2449_4_command_too_long::RULE,
    &s2449_6_6_answer_to_nothing::RULE,
    &s3501_6_2_2_cancel_not_bad::RULE,
    &s3501_3_1_mailbox_before_login::RULE,
    &s3501_2_2_answer_to_unknown_tag::RULE,
    &s4422_6_1_4_exchange_cut_off::RULE,
    &s4616_5_plain_unprotected_or_malformed::RULE,
    &s4959_3_initial_response_not_listed::RULE,
    &s4978_3_command_behind_compress::RULE,
    &s5034_4_initial_response_not_allowed::RULE,
    &s5034_4_cancel_not_err::RULE,
    &s5034_4_second_login_accepted::RULE,
    &s5161_3_1_enable_out_of_place::RULE,
    &s6186_6_login_outside_tls::RULE,
    &s6855_6_mailbox_without_utf8::RULE,
    &s7817_3_path_not_validated::RULE,
    &s7817_3_alias_compared::RULE,
    &s7817_3_service_not_compared::RULE,
    &s7817_3_star_not_whole_label::RULE,
    &s7888_4_literal_not_allowed::RULE,
    &s7888_6_both_literals_listed::RULE,
    &s8314_5_3_certificate_not_validated::RULE,
    &s8314_4_2_needless_certificate_request::RULE,
    &s8314_3_4_closed_without_alert::RULE,
    &s8314_4_clear_text_goes_on::RULE,
    &s8314_3_clear_text_on_tls_port::RULE,
    &s8314_5_shown_as_private::RULE,
    &s8314_5_2_commands_below_minimum::RULE,
    &s8314_4_starttls_listed_and_refused::RULE,
    &s8314_3_1_transaction_without_login::RULE,
    &s8314_4_1_refusal_tells_the_password::RULE,
    &s8997_3_old_version::RULE,
    &s9051_7_1_alert_from_the_clear::RULE,
    &s9051_11_2_one_way_only::RULE,
    &s9051_6_2_1_injected_command_answered::RULE,
    &s9051_11_7_failure_says_why::RULE,
    &s9051_11_3_data_before_login_believed::RULE,
    &s9051_6_2_3_login_in_clear::RULE,
    &s9051_6_2_1_starttls_listed_inside_tls::RULE,
    &s9051_7_2_2_refused_password_checked::RULE,
    &s9051_6_2_2_password_accepted_in_clear::RULE,
    &s9051_6_2_1_starttls_inside_tls_not_bad::RULE,
    &s9051_7_1_4_preauth_without_tls::RULE,
    &s9051_11_7_failures_without_limit::RULE,
    &s9051_11_1_old_version::RULE,
    &s9325_3_8_protocol_not_looked_at::RULE,
    &s9325_4_1_forbidden_suite::RULE,
    &s9325_4_1_suite_to_avoid::RULE,
    &s9325_3_1_3_falls_back::RULE,
    &s9325_7_5_revocation_not_checked::RULE,
    &s9325_3_2_no_strict_policy::RULE,
    &s9325_3_1_old_version::RULE,
    &s9525_2_common_name_identifies::RULE,
    &draft_imap4rev2_6_2_3_login_first::RULE,
    &draft_imap4rev2_6_2_3_login_not_optional::RULE,
    &draft_imap4rev2_11_4_no_private_configuration::RULE,
    &draft_unauth_3_argument_or_unknown::RULE,
    &draft_unauth_3_not_logged_in::RULE,
    &draft_unauth_8_something_carried_over::RULE,
    &draft_unauth_3_still_logged_in::RULE,
    &draft_unauth_3_expunged::RULE,
    &draft_unauth_3_login_refused::RULE,
    &draft_unauth_3_command_behind_unauthenticate::RULE,
    &draft_unauth_3_answered_no::RULE,
    &draft_unauth_4_1_condstore_still_on::RULE,
    &draft_unauth_4_1_enabled_still_on::RULE,
    &draft_unauth_4_1_saved_search_kept::RULE,
    &draft_unauth_4_1_news_of_mailboxes::RULE,
    &draft_unauth_8_cannot_be_switched_off::RULE,
    &draft_unauth_a_second_login::RULE,
];

/// A rule by its id as somebody wrote it, in any case of letters.
#[must_use]
pub fn named(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

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
    fn the_rules_that_are_broken_are_those_that_the_verdicts_say_are() {
        let trace = read_imap(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nC: a LOGIN tim secret\nS: a OK in",
        );
        let [client, server] = Side::BOTH.map(|side| Facts::of(&trace, side));
        for rules in [RuleSet::Then, RuleSet::Today] {
            let verdicts = judge(&trace, &client, &server, rules);
            let fails = verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fail);
            let fails: Vec<_> = fails.map(|verdict| (verdict.side, verdict.rule.id)).collect();
            assert!(!fails.is_empty());
            assert_eq!(broken(&trace, [&client, &server], rules).collect::<Vec<_>>(), fails);
        }
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
            for text in [rule.why, rule.how, rule.blind, row.later] {
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
            if name.starts_with('s') || name.starts_with("draft_") || name.starts_with("p3s_") {
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

    /// Every session among the examples, by every rule of its protocol.
    fn whys(each: &mut dyn FnMut(&crate::trace::Trace, &[Verdict], &Why)) {
        for rule in ALL {
            for sample in [rule.examples.bad, rule.examples.good] {
                let Sample::Session(script) = sample else { continue };
                let trace = crate::testing::read_any(script);
                let facts = [Side::Client, Side::Server].map(|side| Facts::of(&trace, side));
                let plain = judge(&trace, &facts[0], &facts[1], RuleSet::Today);
                for asked in ALL.iter().filter(|asked| asked.protocols.contains(&trace.protocol())) {
                    for side in asked.requirement().unwrap().sides() {
                        let facts = [&facts[0], &facts[1]];
                        let why =
                            why(&trace, facts, RuleSet::Today, Assumed::default(), asked.id, side).unwrap();
                        each(&trace, &plain, &why);
                    }
                }
            }
        }
    }

    #[test]
    fn who_asks_why_is_told_the_same_verdict_and_where_the_rule_stopped() {
        let mut opaque = BTreeSet::new();
        whys(&mut |trace, plain, why| {
            let (id, side) = (why.verdict.rule.id, why.verdict.side);
            let same = plain.iter().find(|v| v.rule.id == id && v.side == side).unwrap();
            assert_eq!((same.outcome, &same.message), (why.verdict.outcome, &why.verdict.message), "{id}");
            assert_eq!(why.unmet().is_none(), same.outcome == Outcome::Fail, "{id}");
            assert!(why.steps.iter().filter_map(|step| step.event).all(|id| trace.event(id).is_some()));
            // A candidate that was looked at and about which nothing was asked does not say why it was none.
            let candidates = |says: &str| {
                ["a ", "an ", "part "].iter().any(|word| says.starts_with(word))
                    && says != "a handshake began"
            };
            if same.outcome == Outcome::NotApplicable {
                match why.steps.last() {
                    Some(step) if candidates(step.says) => {
                        opaque.insert(format!("{id} {}: {}", side.name(), step.says))
                    }
                    None => opaque.insert(format!("{id} {}: nothing", side.name())),
                    _ => true,
                };
            }
        });
        assert!(opaque.is_empty(), "{opaque:#?}");
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
