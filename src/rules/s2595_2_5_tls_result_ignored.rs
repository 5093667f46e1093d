//! A11: the result of STARTTLS and of the handshake is looked at.

use super::examples::Sample::Run;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Protocol, Side};
use crate::trace::{Event, Note, Policy, Verb};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A11",
    title: "Whether TLS really started is checked before it is relied on",
    why: "An attacker need not break TLS if he can have it refused or let it fail. A party that asks for protection and goes on without looking has none.",
    how: "What counts as acceptable is each party's own decision, so that it is measured by its own policy. After a refusal, silence or a failed handshake, a client that requires TLS must not log in or touch a mailbox; one set to use TLS where offered may. A server must not take a password after a failed handshake if it is set to refuse clear-text passwords. A party's note that it ignored the result is a breach by itself. TLS that came up and was used counts as checked; whether its suite and certificate were good enough is for other rules.",
    blind: "What a party thinks of the result: only what it does next, or its own note.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Run("imap client=private client.ignore-tls-result=on attack=fail-starttls"),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

const POLICY_UNKNOWN: &str = "Which policy the party is set to: it went on outside TLS after TLS had not come up, which is right or wrong by its own policy. Note the policy.";
const HANDSHAKE_UNKNOWN: &str =
    "Whether the handshake was completed: record its end, or the session as one of the programs logs it.";

fn check(case: &Case<'_>) -> Finding {
    let asked = case.leg.commands_of(Verb::StartTls).find(|(event, _)| case.clear(event));
    let Some((asked, _)) = asked else {
        return Finding::not_applicable("STARTTLS was never sent, so there was no result to check.");
    };
    let answer = case.leg.reply_to(asked.id).map(|(event, _)| event);
    let failed = case.leg.tls_failed().map(|(event, _)| event);
    let result = failed.or(answer).unwrap_or(asked);
    if let Some(note) = case.leg.note(case.side, |note| note == Note::ResultIgnored) {
        return Finding::fail([result, note], format!("The {} went on without looking.", case.side.name()));
    }
    let checked = case.leg.note(case.side, |note| note == Note::ResultChecked);
    if let Some(inside) = case.leg.inside_tls().filter(|event| event.id > asked.id) {
        return Finding::pass(
            [result, checked.unwrap_or(inside)],
            "TLS came up, and the session went on inside it.",
        );
    }
    match case.side {
        Side::Client => client(case, asked, result, checked),
        Side::Server => server(case, asked, result, checked),
    }
}

fn client<'a>(case: &Case<'a>, asked: &'a Event, result: &'a Event, checked: Option<&'a Event>) -> Finding {
    let exposed =
        case.leg.commands().find(|(event, command)| event.id > asked.id && command.verb.wants_protection());
    if let Some((event, command)) = exposed {
        return match case.policy() {
            Some((policy, Policy::TlsRequired)) => Finding::fail(
                policy.into_iter().chain([result, event]),
                format!(
                    "TLS did not come up, and the client sent {} although it requires TLS.",
                    command.name
                ),
            ),
            Some((policy, _)) => Finding::excused(
                policy.into_iter().chain([result, event]),
                format!("TLS did not come up, and the client sent {} as it is set to.", command.name),
                "RFC 2595 section 2.2 lets a client use TLS where it is offered and log in regardless.",
            ),
            None => Finding::cannot_tell(POLICY_UNKNOWN),
        };
    }
    let gave_up = case
        .leg
        .note(Side::Client, |note| matches!(note, Note::Refused(_)))
        .or_else(|| case.leg.closed_by(Side::Client))
        .or_else(|| case.leg.commands_of(Verb::Logout).map(|(event, _)| event).next_back())
        .filter(|event| event.id > asked.id);
    match checked.or(gave_up) {
        Some(event) => {
            Finding::pass([result, event], "TLS did not come up, and the client did not go on to log in.")
        }
        None if case.leg.tls_hidden() => Finding::cannot_tell(HANDSHAKE_UNKNOWN),
        None => Finding::cannot_tell(
            "What the client did with the result: the recording ends there. Record the session to its end.",
        ),
    }
}

fn server<'a>(case: &Case<'a>, asked: &'a Event, result: &'a Event, checked: Option<&'a Event>) -> Finding {
    let accepted = case.leg.answers().find(|answer| answer.asked.id == asked.id && answer.accepts());
    if accepted.is_none() {
        return Finding::not_applicable(
            "The server accepted no STARTTLS, so there was no handshake to check.",
        );
    }
    let mut logins = case
        .leg
        .answers()
        .filter(|a| a.at.id > result.id && a.in_clear() && a.is_to_password() && case.own(a.at));
    if let Some(taken) = logins.clone().find(|answer| answer.accepts()) {
        return match case.policy() {
            Some((policy, Policy::ClearTextRefused)) => Finding::fail(
                policy.into_iter().chain([result, taken.at]),
                format!(
                    "TLS did not come up, and the server accepted {} although it refuses clear-text passwords{}.",
                    taken.command.name,
                    case.here()
                ),
            ),
            Some((policy, _)) => Finding::pass(
                policy.into_iter().chain([result, taken.at]),
                "TLS did not come up, and the server takes passwords outside it by its own policy.",
            ),
            None => Finding::cannot_tell(POLICY_UNKNOWN),
        };
    }
    let refused = logins.next().map(|answer| answer.at);
    let closed = case.leg.closed_by(Side::Server).filter(|event| event.id > asked.id);
    match refused.or(checked).or(closed) {
        Some(event) => {
            Finding::pass([result, event], "TLS did not come up, and the server took no password.")
        }
        None if case.leg.tls_hidden() => Finding::cannot_tell(HANDSHAKE_UNKNOWN),
        None => Finding::cannot_tell(
            "What the server did with the result: the recording ends there. Record the session to its end.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    #[test]
    fn a_client_that_says_it_did_not_look_fails() {
        check(
            "A11",
            Client,
            "C: a STARTTLS
             S: a NO not now                <-- A11 fail
             N client ResultIgnored         <-- A11 fail
             C: b CAPABILITY",
        );
    }

    #[test]
    fn a_password_after_a_refusal_is_right_or_wrong_by_policy() {
        check(
            "A11",
            Client,
            "P client TlsRequired           <-- A11 fail
             C: a STARTTLS
             S: a BAD what                  <-- A11 fail
             C: b LOGIN ana s3cret          <-- A11 fail",
        );
        let verdict = check(
            "A11",
            Client,
            "P client TlsIfOffered          <-- A11 pass
             C: a STARTTLS
             S: a BAD what                  <-- A11 pass
             C: b LOGIN ana s3cret          <-- A11 pass",
        );
        assert!(verdict.excused_by.is_some());
        check(
            "A11",
            Client,
            "C: a STARTTLS
             S: a BAD what
             C: b LOGIN ana s3cret
             <-- A11 cannot-tell",
        );
    }

    #[test]
    fn a_success_answer_is_no_tls() {
        check(
            "A11",
            Client,
            "P client TlsRequired           <-- A11 fail
             C: a STARTTLS
             S+ a OK TLS active             <-- A11 fail
             C: b LOGIN ana s3cret          <-- A11 fail",
        );
    }

    #[test]
    fn closing_after_a_refusal_is_a_check_and_using_tls_too() {
        check(
            "A11",
            Client,
            "C: a STARTTLS
             S: a NO not now                <-- A11 pass
             ==CLIENT CLOSED==              <-- A11 pass",
        );
        check(
            "A11",
            Client,
            "C: a STARTTLS
             S: a OK go                     <-- A11 pass
             ==TLS==
             C: b CAPABILITY                <-- A11 pass",
        );
    }

    #[test]
    fn a_handshake_that_nobody_can_look_into_decides_nothing() {
        let script = "C: a STARTTLS\nS: a OK go\n==TLS==\n<-- A11 cannot-tell";
        check("A11", Client, script);
        check("A11", Server, script);
        check("A11", Client, "S: * OK hi\nC: a LOGIN ana s3cret\n<-- A11 not-applicable");
    }

    #[test]
    fn a_server_is_measured_by_its_own_policy_after_a_failed_handshake() {
        check(
            "A11",
            Server,
            "P server ClearTextRefused      <-- A11 fail
             C: a STARTTLS
             S: a OK go
             ==TLS FAILED==                 <-- A11 fail
             N server ResultChecked
             C: b LOGIN ana s3cret
             S: b OK welcome                <-- A11 fail",
        );
        check(
            "A11",
            Server,
            "P server ClearTextAccepted     <-- A11 pass
             C: a STARTTLS
             S: a OK go
             ==TLS FAILED==                 <-- A11 pass
             C: b LOGIN ana s3cret
             S: b OK welcome                <-- A11 pass",
        );
        check(
            "A11",
            Server,
            "C: a STARTTLS
             S: a OK go
             ==TLS FAILED==                 <-- A11 pass
             ==SERVER CLOSED==              <-- A11 pass",
        );
        check("A11", Server, "C: a STARTTLS\nS: a NO not now\n<-- A11 not-applicable");
    }
}
