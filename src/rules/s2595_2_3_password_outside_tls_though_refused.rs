//! A04: set to refuse clear-text passwords, a party refuses them.

use super::examples::Sample::{Run, Session};
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Protocol, Side};
use crate::trace::{Event, Policy, Status};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A04",
    title: "Where readable passwords are ruled out, none crosses without TLS",
    why: "Who listens on the wire reads a password that travels outside TLS, whether it was right or wrong. A setting that forbids this is worth something only if nothing gets past it.",
    how: "A client that requires TLS must show no password outside it. A server set to refuse them must answer none of them with OK. LOGIN, PASS, PLAIN and the nonstandard mechanism LOGIN count; CRAM-MD5, APOP and the like show no password, and bearer tokens are none. A run with another setting, or with an unknown one, cannot show that the refusal can be switched on.",
    blind: "In a recording the policy of a side is not known, and without it only a refusal can be seen.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "P server ClearTextRefused
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana s3cret
             S: a OK welcome",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-8314-minconf", "S-9051-login", "S-9051-plaincfg"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    match case.side {
        Side::Client => client(case),
        Side::Server => server(case),
    }
}

fn client(case: &Case<'_>) -> Finding {
    let shown =
        case.leg.credentials().find(|(event, credential)| case.clear(event) && credential.is_password());
    let refused = case.leg.note(Side::Client, |note| matches!(note, crate::trace::Note::Refused(_)));
    let Some((policy, Policy::TlsRequired)) = case.policy() else {
        if case.leg.credentials().next().is_none() && refused.is_none() {
            return Finding::not_applicable("The client sent no password.");
        }
        return Finding::cannot_tell(
            "Whether the client can be set to send no password outside TLS: record the run with that setting on, and note the client's policy.",
        );
    };
    if let Some((event, credential)) = shown {
        return Finding::fail(
            policy.into_iter().chain([event]),
            format!(
                "The client is set to require TLS and sent its password outside it by {}.",
                credential.mechanism
            ),
        );
    }
    let kept = "The client is set to require TLS, and no password left it outside TLS.";
    match (refused, case.leg.inside_tls(), case.leg.tls_began(), case.leg.closed_by(Side::Client)) {
        (Some(event), ..) | (_, Some(event), ..) | (_, _, Some(event), _) | (.., Some(event)) => {
            Finding::pass(policy.into_iter().chain([event]), kept)
        }
        _ => Finding::not_applicable("The session ended before the client could have sent a password."),
    }
}

fn server(case: &Case<'_>) -> Finding {
    let asked = case.leg.commands().any(|(event, command)| case.clear(event) && command.sends_password());
    if !asked {
        return Finding::not_applicable("Nobody offered the server a password outside TLS.");
    }
    let Some((policy, Policy::ClearTextRefused)) = case.policy() else {
        return Finding::cannot_tell(
            "Whether the server can be set to refuse passwords outside TLS: record the run with that setting on, and note the server's policy.",
        );
    };
    let answers = || case.leg.answers().filter(|a| a.in_clear() && a.is_to_password() && case.own(a.at));
    if let Some(taken) = answers().find(|answer| answer.accepts()) {
        return Finding::fail(
            policy.into_iter().chain([taken.asked, taken.at]),
            format!(
                "The server is set to refuse clear-text passwords and accepted {} outside TLS{}.",
                taken.command.name,
                case.here()
            ),
        );
    }
    let refusals: Vec<&Event> = answers()
        .filter(|a| a.reply.status.is_some_and(|status| status != Status::Ok))
        .map(|answer| answer.at)
        .collect();
    if refusals.is_empty() {
        return Finding::cannot_tell("The server's answer to the login: record the session to its end.");
    }
    Finding::pass(
        policy.into_iter().chain(refusals),
        here!(case, "The server accepted no password outside TLS"),
    )
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    #[test]
    fn a_password_answered_no_is_disclosed_all_the_same() {
        check(
            "A04",
            Client,
            "P client TlsRequired           <-- A04 fail
             C: a LOGIN ana s3cret          <-- A04 fail
             S: a NO wrong",
        );
    }

    #[test]
    fn a_password_in_a_literal_is_a_password() {
        check(
            "A04",
            Client,
            "P client TlsRequired           <-- A04 fail
             C: a LOGIN {3}                 <-- A04 fail
             S: + go on
             C: ana {6}
             S: + go on
             C: s3cret
             S: a OK done",
        );
    }

    #[test]
    fn a_literal_that_the_server_refuses_keeps_the_password_at_home() {
        check(
            "A04",
            Client,
            "P client TlsRequired           <-- A04 pass
             C: a LOGIN {3}
             S: a NO not here
             ==CLIENT CLOSED==              <-- A04 pass",
        );
    }

    #[test]
    fn the_nonstandard_mechanism_login_shows_the_password_at_its_second_answer() {
        check(
            "A04",
            Client,
            "P client TlsRequired           <-- A04 fail
             C: a AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: YW5h
             S: + UGFzc3dvcmQ6
             C: czNjcmV0                    <-- A04 fail
             S: a OK done",
        );
    }

    #[test]
    fn a_challenge_and_response_login_shows_no_password() {
        check(
            "A04",
            Client,
            "P client TlsRequired           <-- A04 pass
             C: a AUTHENTICATE CRAM-MD5
             S: + PDE4OTZAeD4=
             C: YW5hIGI5MTNhNjAy
             S: a OK done
             ==CLIENT CLOSED==              <-- A04 pass",
        );
    }

    #[test]
    fn a_run_with_another_setting_proves_nothing() {
        check("A04", Client, "P client TlsIfOffered\nC: a LOGIN ana s3cret\n<-- A04 cannot-tell");
        check("A04", Server, "C: a LOGIN ana s3cret\nS: a OK done\n<-- A04 cannot-tell");
        check("A04", Client, "S: * OK ready\n<-- A04 not-applicable");
    }

    #[test]
    fn a_server_that_is_set_to_refuse_must_refuse() {
        check(
            "A04",
            Server,
            "P server ClearTextRefused      <-- A04 fail
             C: a LOGIN ana s3cret          <-- A04 fail
             S: a OK welcome                <-- A04 fail",
        );
        check(
            "A04",
            Server,
            "P server ClearTextRefused      <-- A04 pass
             C: a LOGIN ana s3cret
             S: a NO not here               <-- A04 pass
             C: b AUTHENTICATE CRAM-MD5
             S: b OK welcome",
        );
        check(
            "A04",
            Server,
            "P server ClearTextRefused
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b LOGIN ana s3cret
             S: b OK welcome
             <-- A04 not-applicable",
        );
    }
}
