//! A21: PLAIN is not used outside TLS.

use super::examples::Sample::Session;
use super::s2595_6_plain_listed_without_tls::FOR_OLD_CLIENTS;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Layer, Protocol, Side};
use crate::trace::{Answer, Form, Policy};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "A21",
    title: "The password mechanism PLAIN is not used outside TLS",
    why: "PLAIN carries the password in a form that anybody on the wire can decode: base64 hides nothing.",
    how: "The client breaks the rule when its PLAIN message leaves it outside TLS; asking for the mechanism and being turned down does not. The server breaks it by inviting or accepting the message there. The text excepts backwards compatibility: a server that is known to be set to take clear-text passwords claims it. Clients have no such setting, because they can leave PLAIN alone. Whether a suite inside TLS is strong is not judged.",
    blind: "Whether old peers leave no choice: the exception is granted to those only who say so.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 SASL-IR] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a NO not here",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &["S-4616", "S-8314-minconf"],
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
    let mut messages = case.leg.plain_messages().filter(|message| message.credential.is_some());
    if let Some(shown) = messages.clone().find(|message| case.clear(message.at)) {
        return Finding::fail([shown.at], "The client sent a PLAIN message outside TLS.");
    }
    if case.leg.plain_left_open(Layer::Clear).is_some() {
        return Finding::cannot_tell(
            "Whether the PLAIN message followed: record the client's answer to the challenge.",
        );
    }
    match messages.next() {
        Some(message) => Finding::pass([message.at], "The client used PLAIN inside TLS only."),
        None => Finding::not_applicable("No PLAIN message was seen."),
    }
}

/// Whether an answer invites or accepts a PLAIN message.
pub(super) fn takes_plain(answer: &Answer<'_>) -> bool {
    answer.command.mechanism.as_deref() == Some("PLAIN")
        && (answer.accepts() || answer.reply.form == Form::Continue)
}

fn server(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut answers =
        leg.answers().filter(|a| case.own(a.at) && a.command.mechanism.as_deref() == Some("PLAIN"));
    if let Some(taken) = answers.clone().find(|a| a.in_clear() && takes_plain(a)) {
        return match case.policy() {
            Some((policy, Policy::ClearTextAccepted)) => Finding::excused(
                policy.into_iter().chain([taken.at]),
                "The server takes PLAIN outside TLS, as it is set to.",
                FOR_OLD_CLIENTS,
            ),
            _ => Finding::fail([taken.asked, taken.at], here!(case, "The server takes PLAIN outside TLS")),
        };
    }
    match answers.next() {
        Some(answer) => {
            Finding::pass([answer.at], here!(case, "The server took no PLAIN message outside TLS"))
        }
        None if leg.plain_left_open(Layer::Clear).is_some() => {
            Finding::cannot_tell("The server's answer to AUTHENTICATE: record the session to its end.")
        }
        None => Finding::not_applicable("PLAIN was not used."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    const IN_CLEAR: &str = "C: a AUTHENTICATE PLAIN
         S: +
         C: AGFuYQBzM2NyZXQ=                <-- A21 fail
         S: a NO wrong";

    #[test]
    fn a_plain_message_outside_tls_fails_whatever_the_answer() {
        check("A21", Client, IN_CLEAR);
        check("A21", Client, &format!("P client TlsIfOffered\n{IN_CLEAR}"));
        check("A21", Client, "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- A21 fail\nS: a NO wrong");
    }

    #[test]
    fn asking_and_being_turned_down_or_giving_up_shows_nothing() {
        check("A21", Client, "C: a AUTHENTICATE PLAIN\nS: a NO not here\n<-- A21 not-applicable");
        check(
            "A21",
            Client,
            "C: a AUTHENTICATE PLAIN
             S: +
             C: *
             S: a BAD given up
             <-- A21 not-applicable",
        );
        check("A21", Client, "C: a AUTHENTICATE PLAIN\nS: +\n<-- A21 cannot-tell");
    }

    #[test]
    fn inside_tls_and_other_mechanisms_are_fine() {
        check(
            "A21",
            Client,
            "==TLS==
             S: * OK hi
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=    <-- A21 pass
             S: a OK welcome",
        );
        check(
            "A21",
            Client,
            "C: a AUTHENTICATE CRAM-MD5
             S: + PDE4OTZAeD4=
             C: YW5hIGI5MTNhNjAy
             S: a OK done
             <-- A21 not-applicable",
        );
    }

    #[test]
    fn a_server_that_invites_or_accepts_it_fails_unless_it_is_set_to() {
        check(
            "A21",
            Server,
            "C: a AUTHENTICATE PLAIN                     <-- A21 fail
             S: +                                        <-- A21 fail
             C: AGFuYQBzM2NyZXQ=
             S: a NO wrong",
        );
        let verdict = check(
            "A21",
            Server,
            "P server ClearTextAccepted                  <-- A21 pass
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a OK welcome                             <-- A21 pass",
        );
        assert!(verdict.excused_by.is_some());
        check(
            "A21",
            Server,
            "C: a AUTHENTICATE PLAIN
             S: a NO not here                            <-- A21 pass",
        );
        check("A21", Server, "C: a LOGIN ana s3cret\n<-- A21 not-applicable");
    }
}
