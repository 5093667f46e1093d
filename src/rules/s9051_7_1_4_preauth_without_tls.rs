//! S-9051-preauth: no PREAUTH outside TLS, and no work after one.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Protocol, Side};
use crate::trace::{Class, Event, EventKind, GreetingStatus, Note, Policy, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-preauth",
    title: "No session counts as logged in from the start (PREAUTH) without TLS",
    why: "STARTTLS is not allowed in a session that is logged in. An attacker who turns the greeting into PREAUTH thereby forbids it, and the client uploads drafts and reads mail in a session that is his.",
    how: "The server should not greet with PREAUTH outside TLS; inside, it may. A client that requires TLS must close then: any command that logs in or touches a mailbox breaks the rule. A client set to use TLS where offered does not need TLS and is not bound. If the policy is unknown, closing keeps the rule and going on decides nothing.",
    blind: "Whether something else than TLS protects the connection.",
    protocols: &[Protocol::Imap],
    examples: Examples {
        bad: Session(
            "S: * PREAUTH [CAPABILITY IMAP4rev1] ready
             C: a LOGOUT
             S: * BYE bye
             S: a OK bye",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &[],
    },
    check,
};

/// The clause that binds the server.
const SERVER: usize = 1;

fn check(case: &Case<'_>) -> Finding {
    let mut greetings = case.leg.of(Class::Greeting).filter(|event| {
        let preauth = matches!(event.kind, EventKind::Greeting(GreetingStatus::Preauth));
        case.saw(event, preauth, "it is PREAUTH", "it is not PREAUTH")
    });
    let Some(greeting) = greetings.next() else {
        return Finding::not_applicable("No PREAUTH greeting was seen.");
    };
    match case.side {
        Side::Server if !case.own(greeting) => {
            Finding::not_applicable("The PREAUTH greeting is not the server's own.")
        }
        Side::Server if case.inside(greeting) => Finding::pass([greeting], "PREAUTH was sent inside TLS."),
        Side::Server => {
            Finding::fail([greeting], here!(case, "The server sent PREAUTH outside TLS")).of_clause(SERVER)
        }
        Side::Client if case.inside(greeting) => {
            Finding::not_applicable("PREAUTH came inside TLS, where it is allowed.")
        }
        Side::Client => client(case, greeting),
    }
}

fn client(case: &Case<'_>, greeting: &Event) -> Finding {
    let leg = case.leg;
    if case.is_set_to(Policy::TlsIfOffered) {
        return Finding::not_applicable("The client is set to do without TLS where it is not offered.");
    }
    let went_on = leg.commands().find(|(_, command)| command.verb.wants_protection());
    let closed = leg
        .note(Side::Client, |note| matches!(note, Note::Refused(_)))
        .or_else(|| leg.closed_by(Side::Client))
        .or_else(|| leg.commands_of(Verb::Logout).map(|(event, _)| event).next());
    match (went_on, closed, case.policy()) {
        (Some((event, command)), _, Some((policy, _))) => Finding::fail(
            policy.into_iter().chain([greeting, event]),
            format!("The client requires TLS and sent {} after PREAUTH outside it.", command.name),
        ),
        (Some(_), _, None) => Finding::cannot_tell(
            "Whether the client requires TLS: it went on after PREAUTH outside it. Note the client's policy.",
        ),
        (None, Some(event), _) => {
            Finding::pass([greeting, event], "After PREAUTH outside TLS the client ended the session.")
        }
        (None, None, _) => {
            Finding::cannot_tell("What the client did after the greeting: record the session to its end.")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::spec::Level;
    use crate::testing::check;

    #[test]
    fn a_client_that_requires_tls_must_not_go_on() {
        let verdict = check(
            "S-9051-preauth",
            Client,
            "P client TlsRequired           <-- S-9051-preauth fail
             S+ * PREAUTH hi                <-- S-9051-preauth fail
             C: a SELECT INBOX              <-- S-9051-preauth fail",
        );
        assert_eq!(verdict.level(), Level::Error);
    }

    #[test]
    fn closing_keeps_the_rule_under_any_policy() {
        check(
            "S-9051-preauth",
            Client,
            "P client TlsRequired
             S: * PREAUTH hi                        <-- S-9051-preauth pass
             N client Refused(PreauthInClear)       <-- S-9051-preauth pass
             ==CLIENT CLOSED==",
        );
        check(
            "S-9051-preauth",
            Client,
            "S: * PREAUTH hi                <-- S-9051-preauth pass
             ==CLIENT CLOSED==              <-- S-9051-preauth pass",
        );
    }

    #[test]
    fn a_client_that_does_not_need_tls_is_not_bound() {
        let script = "S: * PREAUTH hi\nC: a SELECT INBOX";
        check(
            "S-9051-preauth",
            Client,
            &format!("P client TlsIfOffered\n{script}\n<-- S-9051-preauth not-applicable"),
        );
        check("S-9051-preauth", Client, &format!("{script}\n<-- S-9051-preauth cannot-tell"));
    }

    #[test]
    fn a_server_should_not_send_it_outside_tls() {
        let verdict = check("S-9051-preauth", Server, "S: * PREAUTH hi <-- S-9051-preauth fail");
        assert_eq!(verdict.level(), Level::Warning);
        assert!(verdict.message.contains("this wire"));
    }

    #[test]
    fn preauth_inside_tls_is_fine() {
        check("S-9051-preauth", Server, "==TLS==\nS: * PREAUTH hi <-- S-9051-preauth pass");
        check("S-9051-preauth", Client, "==TLS==\nS: * PREAUTH hi\n<-- S-9051-preauth not-applicable");
    }

    #[test]
    fn a_greeting_that_the_middle_changed_is_not_the_servers() {
        let script = "S+ * PREAUTH hi
             C: a SELECT INBOX
             ==SERVER HOP==
             S: * OK hi
             <-- S-9051-preauth not-applicable";
        check("S-9051-preauth", Server, script);
    }
}
