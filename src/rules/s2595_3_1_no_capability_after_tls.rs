//! A14: capabilities are asked for again inside TLS.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule};
use crate::base::Protocol;
use crate::trace::Verb;

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "A14",
    title: "Once TLS is on, the client asks again what the server can do",
    why: "The list from before TLS may be the attacker's. Only one that came through TLS is the server's own.",
    how: "Looks for CAPABILITY or CAPA inside TLS before the first command that needs to know what the server can do. A list that the server sends inside TLS unasked does as well. One that came in the clear in front of the handshake, also in the answer to STARTTLS, does not count.",
    blind: "What went through TLS, in recordings that do not show it.",
    protocols: &[Protocol::Imap, Protocol::Pop3],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: c LOGIN ana s3cret
             S: c OK welcome",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some((_, tls)) = leg.upgraded() else {
        return Finding::not_applicable("No TLS was started on a connection that had begun without it.");
    };
    if leg.tls_failed().is_some() && leg.inside_tls().is_none() {
        return Finding::not_applicable("The handshake failed.");
    }
    let mut inside = leg.commands().filter(|(event, _)| case.inside(event));
    let needs =
        inside.clone().find(|(_, c)| !matches!(c.verb, Verb::Capability | Verb::Neutral | Verb::Logout));
    let in_time = |id| needs.is_none_or(|(event, _)| id < event.id);
    let asked = inside.find(|(_, command)| command.verb == Verb::Capability);
    if let Some((asked, _)) = asked
        && in_time(asked.id)
    {
        return Finding::pass([asked], "The client asked for the capabilities inside TLS.");
    }
    let pushed = leg.lists().find(|(event, _)| case.inside(event) && in_time(event.id));
    match (needs, pushed) {
        (_, Some((list, _))) => Finding::excused(
            [list],
            "The server sent its list inside TLS without being asked.",
            "RFC 9051 section 7.2.2: a list that comes by itself makes the question needless.",
        ),
        (Some((event, command)), None) => Finding::fail(
            [tls, event],
            format!(
                "Inside TLS the client sent {} without having got a capability list there.",
                command.name
            ),
        ),
        (None, None) if !leg.tls_hidden() => {
            Finding::not_applicable("Inside TLS nothing was done that needs to know the capabilities.")
        }
        (None, None) => Finding::cannot_tell(
            "What was said inside TLS: record the session as one of the programs logs it.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn logging_in_without_a_list_of_the_inside_fails() {
        check(
            "A14",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi
             C: a STARTTLS
             S: a OK go
             ==TLS==                        <-- A14 fail
             C: b LOGIN ana s3cret          <-- A14 fail
             C: c CAPABILITY",
        );
    }

    #[test]
    fn asking_or_being_told_inside_tls_keeps_it() {
        check(
            "A14",
            Client,
            "C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b capability                <-- A14 pass
             C: c LOGIN ana s3cret",
        );
        let verdict = check(
            "A14",
            Client,
            "C: a STARTTLS
             S: a OK go
             ==TLS==
             S: * CAPABILITY IMAP4rev1      <-- A14 pass
             C: c LOGIN ana s3cret",
        );
        assert!(verdict.excused_by.is_some());
    }

    #[test]
    fn a_list_in_the_answer_to_starttls_is_clear_text() {
        check(
            "A14",
            Client,
            "C: a STARTTLS
             S: a OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] go
             ==TLS==                        <-- A14 fail
             C: b LOGIN ana s3cret          <-- A14 fail",
        );
    }

    #[test]
    fn a_list_that_comes_with_the_login_comes_too_late() {
        check(
            "A14",
            Client,
            "C: a STARTTLS
             S: a OK go
             ==TLS==                        <-- A14 fail
             C: b LOGIN ana s3cret          <-- A14 fail
             S: b OK [CAPABILITY IMAP4rev1] done",
        );
    }

    #[test]
    fn what_cannot_be_read_or_never_happened_decides_nothing() {
        check("A14", Client, "C: a STARTTLS\nS: a OK go\n==TLS==\n<-- A14 cannot-tell");
        check("A14", Client, "C: a STARTTLS\nS: a OK go\n==TLS FAILED==\n<-- A14 not-applicable");
        check("A14", Client, "C: a STARTTLS\nS: a OK go\n==TLS==\nC: b LOGOUT\n<-- A14 not-applicable");
        check("A14", Client, "C: a LOGIN ana s3cret\n<-- A14 not-applicable");
    }
}
