//! B25: PLAIN is not listed outside TLS.

use super::examples::Sample::Session;
use super::kit::EVERY_LIST;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::Protocol;
use crate::trace::{Policy, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "B25",
    title: "The password mechanism PLAIN is not offered outside TLS",
    why: "A client takes what is listed for safe to use. PLAIN hands the password to everybody on the wire.",
    how: "Looks for PLAIN in the capability lists that the server itself sent outside TLS, used or not. The text excepts backwards compatibility: a server that is known to be set to take clear-text passwords claims that exception and is excused, without a look at whether its clients need it. A trace that states no policy claims nothing.",
    blind: "Who wrote the list, in a recording of one wire.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session("S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] ready"),
        good: UPGRADE_THEN_PLAIN,
        implies: &["S-4616"],
    },
    check,
};

/// The exception that a server claims by being set to take passwords outside TLS.
pub(super) const FOR_OLD_CLIENTS: &str = "RFC 2595 sections 6 and 9 except backwards compatibility, which a server claims when it is set to take clear-text passwords.";

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut lists = leg.lists().filter(|(event, _)| case.clear(event) && case.own(event));
    let listed = lists.clone().find(|(_, list)| list.mechanisms().any(|name| name == "PLAIN"));
    if let Some((list, _)) = listed {
        return match case.policy() {
            Some((policy, Policy::ClearTextAccepted)) => Finding::excused(
                policy.into_iter().chain([list]),
                "The server lists PLAIN outside TLS, as it is set to.",
                FOR_OLD_CLIENTS,
            ),
            _ => Finding::fail([list], here!(case, "The server lists PLAIN outside TLS")),
        };
    }
    if let Some((list, _)) = lists.next() {
        if !leg.trace().carries().every_octet {
            return Finding::cannot_tell(EVERY_LIST);
        }
        let message = here!(case, "No list that the server sent outside TLS names PLAIN");
        return Finding::pass([list], message);
    }
    let asked = leg.commands_of(Verb::Capability).find(|(event, _)| case.clear(event));
    match asked {
        Some((event, _)) if leg.reply_to(event.id).is_none() => Finding::cannot_tell(
            "The capability list that the client asked for: record the server's answers too.",
        ),
        _ => Finding::not_applicable("The server listed nothing outside TLS."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Server;
    use crate::testing::check;

    #[test]
    fn plain_in_a_list_outside_tls_fails_even_when_nobody_uses_it() {
        check("B25", Server, "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED auth=plain] hi <-- B25 fail");
        check(
            "B25",
            Server,
            "P server ClearTextRefused
             C: a CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN    <-- B25 fail
             S: a OK done",
        );
    }

    #[test]
    fn a_server_set_to_take_passwords_claims_the_exception() {
        let verdict = check(
            "B25",
            Server,
            "P server ClearTextAccepted              <-- B25 pass
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN    <-- B25 pass",
        );
        assert!(verdict.excused_by.is_some());
    }

    #[test]
    fn the_server_does_not_answer_for_a_list_that_the_middle_wrote() {
        check(
            "B25",
            Server,
            "S+ * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
             ==SERVER HOP==
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi    <-- B25 pass",
        );
    }

    #[test]
    fn inside_tls_plain_may_be_listed() {
        check(
            "B25",
            Server,
            "S: * OK hi
             C: a STARTTLS
             S: a OK go
             ==TLS==
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             <-- B25 not-applicable",
        );
        check("B25", Server, "C: a CAPABILITY\n<-- B25 cannot-tell");
    }
}
