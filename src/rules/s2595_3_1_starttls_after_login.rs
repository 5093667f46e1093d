//! B15: STARTTLS comes before the login.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Protocol, Side};
use crate::trace::{Event, EventId, EventKind, Form, GreetingStatus, Status, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "B15",
    title: "STARTTLS comes before the login, never after it",
    why: "A login in front of TLS belongs to whoever made it. If the session lives on inside TLS, a client can end up working in a session that an attacker opened under a name of his own.",
    how: "A session counts as logged in after a positive answer to a login command or a PREAUTH greeting, until UNAUTHENTICATE. The client breaks the rule by sending STARTTLS then, the server by accepting it. The grammar of RFC 2595 lists the command under those of any state; its prose and all later documents do not, and the prose decides.",
    blind: "A login before the recording began.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=CRAM-MD5] ready
             C: a AUTHENTICATE CRAM-MD5
             S: + PDFAeD4=
             C: dGltIGI5MTM=
             S: a OK welcome
             C: b STARTTLS
             S: b BAD too late",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &["S-8314-minconf"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    if leg.commands_of(Verb::StartTls).next().is_none() {
        return Finding::not_applicable("STARTTLS was never sent.");
    }
    let mut logged_in: Option<&Event> = None;
    let mut open_login: Option<EventId> = None;
    let mut seen: Option<&Event> = None;
    let mut answered: Option<&Event> = None;
    let believes = |event: &Event| case.side == Side::Client || case.own(event);
    for event in leg.events() {
        match &event.kind {
            // The server knows who is logged in; the client believes what reaches it.
            EventKind::Greeting(GreetingStatus::Preauth) if believes(event) => logged_in = Some(event),
            EventKind::Command(command) if command.verb.logs_in() => open_login = Some(event.id),
            EventKind::Command(command) if command.verb == Verb::StartTls => {
                seen = seen.or(Some(event));
                let pending = open_login.and_then(|login| leg.reply_to(login));
                let accepted = pending.filter(|(_, reply)| reply.status == Some(Status::Ok));
                if case.side == Side::Client
                    && let Some(login) = logged_in.or(accepted.map(|(at, _)| at))
                {
                    return Finding::fail(
                        [login, event],
                        "The client sent STARTTLS in a session that was logged in.",
                    );
                }
                if case.side == Side::Client && open_login.is_some() && pending.is_none() {
                    return Finding::cannot_tell(
                        "Whether the login in front of STARTTLS succeeded: record the server's answers too.",
                    );
                }
            }
            EventKind::Reply(reply) if reply.form == Form::Final => {
                let asked = reply.to.and_then(|id| leg.trace().event(id));
                let Some(EventKind::Command(command)) = asked.map(|event| &event.kind) else { continue };
                let ok = reply.status == Some(Status::Ok);
                if command.verb.logs_in() {
                    open_login = None;
                    // POP3: USER is the half of a login that opens nothing.
                    logged_in = if ok && command.verb != Verb::User && believes(event) {
                        Some(event)
                    } else {
                        logged_in
                    };
                } else if command.name == "UNAUTHENTICATE" && ok {
                    logged_in = None;
                } else if command.verb == Verb::StartTls {
                    answered = answered.or(Some(event));
                    if ok
                        && case.side == Side::Server
                        && case.own(event)
                        && let Some(login) = logged_in
                    {
                        let message =
                            here!(case, "The server accepted STARTTLS in a session that was logged in");
                        return Finding::fail([login, event], message);
                    }
                }
            }
            _ => {}
        }
    }
    match (seen, answered) {
        (None, _) => Finding::not_applicable("STARTTLS was never sent."),
        (Some(event), _) if case.side == Side::Client => {
            Finding::pass([event], "The client sent STARTTLS before any login.")
        }
        (Some(_), Some(answer)) => Finding::pass(
            [answer],
            here!(case, "The server accepted STARTTLS in no session that was logged in"),
        ),
        _ => Finding::cannot_tell("The server's answer to STARTTLS: record the session to its end."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    #[test]
    fn sending_or_accepting_starttls_after_login_fails() {
        check(
            "B15",
            Client,
            "C: a LOGIN ana s3cret
             S: a OK welcome                <-- B15 fail
             C: b STARTTLS                  <-- B15 fail
             S: b BAD too late",
        );
        check(
            "B15",
            Server,
            "C: a LOGIN ana s3cret
             S: a OK welcome                <-- B15 fail
             C: b STARTTLS
             S: b OK go                     <-- B15 fail",
        );
    }

    #[test]
    fn after_preauth_starttls_is_out_of_order() {
        check(
            "B15",
            Client,
            "S: * PREAUTH hi                <-- B15 fail
             C: a STARTTLS                  <-- B15 fail
             S: a BAD too late",
        );
    }

    #[test]
    fn a_server_that_refuses_it_then_keeps_the_rule() {
        check(
            "B15",
            Server,
            "C: a LOGIN ana s3cret
             S: a OK welcome
             C: b STARTTLS
             S: b BAD too late              <-- B15 pass",
        );
    }

    #[test]
    fn wrong_order_on_one_wire_a_login_still_open_is_judged_by_its_answer() {
        let script = |answer: &str, mark: &str| {
            format!("C: a LOGIN ana s3cret\nC: b STARTTLS{mark}\nS: a {answer}{mark}\nS: b NO no")
        };
        check("B15", Client, &script("OK yes", " <-- B15 fail"));
        check(
            "B15",
            Client,
            "C: a LOGIN ana s3cret
             C: b STARTTLS                  <-- B15 pass
             S: a NO wrong
             S: b OK go",
        );
        check("B15", Client, "C: a LOGIN ana s3cret\nC: b STARTTLS\n<-- B15 cannot-tell");
    }

    #[test]
    fn a_failed_login_or_unauthenticate_leaves_nobody_logged_in() {
        check(
            "B15",
            Client,
            "C: a LOGIN ana wrong
             S: a NO wrong
             C: b STARTTLS                  <-- B15 pass
             S: b OK go",
        );
        check(
            "B15",
            Client,
            "C: a LOGIN ana s3cret
             S: a OK welcome
             C: b UNAUTHENTICATE
             S: b OK done
             C: c STARTTLS                  <-- B15 pass
             S: c OK go",
        );
    }

    #[test]
    fn without_starttls_or_without_its_answer() {
        check("B15", Client, "C: a LOGIN ana s3cret\n<-- B15 not-applicable");
        check("B15", Server, "C: a STARTTLS\n<-- B15 cannot-tell");
    }
}
