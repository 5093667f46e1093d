//! A02: in the private mode nobody logs in outside TLS.

use super::examples::Sample::{Run, Session};
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Protocol, Side};
use crate::trace::{Capabilities, Event, Policy, Status, Verb};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A02",
    title: "When TLS is required, nobody logs in without it",
    why: "Whoever sits on the path can take STARTTLS out of the list or refuse it in the server's name. Only a party that would rather not log in at all is safe from that.",
    how: "A client known to be set to require TLS must send no login command of any kind outside it, CRAM-MD5 and APOP included, and no command after TLS has ended. A mechanism that can bring encryption of its own, such as GSSAPI, is left open, because the trace does not show whether it did. A server shows the mode when it is set to refuse clear-text passwords, lists no way to log in outside TLS and refuses every attempt. A run without the mode says nothing about whether there is one, so a server never fails here.",
    blind: "In a recording the policy of a side is not known, and without it nothing can be said.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "P client TlsRequired
             S: * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
             C: a AUTHENTICATE CRAM-MD5
             S: a NO not here",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-6186-must", "S-8314-minconf"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    match case.side {
        Side::Client => client(case),
        Side::Server => server(case),
    }
}

fn brings_encryption(mechanism: &str) -> bool {
    ["GSSAPI", "GSS-", "DIGEST-MD5", "KERBEROS", "SRP"].iter().any(|known| mechanism.starts_with(known))
}

fn client(case: &Case<'_>) -> Finding {
    let mut logins = case.leg.logins();
    let in_clear = logins.clone().find(|(event, _)| case.clear(event));
    let refused = case.leg.note(Side::Client, |note| matches!(note, crate::trace::Note::Refused(_)));
    let Some((policy, Policy::TlsRequired)) = case.policy() else {
        if logins.next().is_none() && refused.is_none() {
            return Finding::not_applicable("The client never tried to log in.");
        }
        return Finding::cannot_tell(
            "Whether the client has a mode that requires TLS: record the run with that mode on, and note the client's policy.",
        );
    };
    let inside = case.leg.inside_tls();
    if let Some(tls) = inside
        && let Some((after, _)) =
            case.leg.commands().find(|(event, _)| case.clear(event) && event.id > tls.id)
    {
        return Finding::fail(
            policy.into_iter().chain([tls, after]),
            "The client is set to require TLS and went on after TLS had ended.",
        );
    }
    if let Some((login, command)) = in_clear {
        if command.mechanism.as_deref().is_some_and(brings_encryption) {
            return Finding::cannot_tell(
                "Whether the mechanism switched encryption of its own on: record the layer that it negotiated.",
            );
        }
        return Finding::fail(
            policy.into_iter().chain([login]),
            format!("The client is set to require TLS and sent {} outside it.", command.name),
        );
    }
    let kept = "The client is set to require TLS, and no login command left it outside TLS.";
    match (refused, inside, case.leg.tls_began(), case.leg.closed_by(Side::Client)) {
        (Some(event), ..) | (_, Some(event), ..) | (_, _, Some(event), _) | (.., Some(event)) => {
            Finding::pass(policy.into_iter().chain([event]), kept)
        }
        _ => Finding::not_applicable("The session ended before the client could have logged in."),
    }
}

/// Whether a list says that the protocol's own password command is not to be had. ACAP has none.
fn no_password_command(case: &Case<'_>, list: &Capabilities) -> bool {
    match case.leg.trace().protocol() {
        Protocol::Imap => list.login_disabled(),
        Protocol::Pop3 => !list.has("USER"),
        Protocol::Acap => true,
    }
}

fn server(case: &Case<'_>) -> Finding {
    let tries = || {
        let commands = case.leg.logins();
        commands.filter(|(event, _)| case.clear(event))
    };
    if tries().next().is_none() {
        return Finding::not_applicable("Nobody tried to log in outside TLS.");
    }
    let unknown = Finding::cannot_tell(
        "Whether the server has a mode that takes no login at all outside TLS: record the run with that mode on, and note the server's policy.",
    );
    let Some((policy, Policy::ClearTextRefused)) = case.policy() else { return unknown };
    let closed = case
        .leg
        .lists()
        .rfind(|(event, _)| case.clear(event) && case.own(event))
        .filter(|(_, list)| no_password_command(case, list) && list.mechanisms().all(brings_encryption));
    let refusals: Option<Vec<&Event>> = tries()
        .map(|(event, command)| {
            let (at, reply) = case.leg.reply_to(event.id)?;
            let harmless = command.verb == Verb::User;
            (harmless || reply.status != Some(Status::Ok)).then_some(at)
        })
        .collect();
    match (closed, refusals) {
        (Some((list, _)), Some(refusals)) => Finding::pass(
            policy.into_iter().chain([list]).chain(refusals),
            here!(case, "Outside TLS the server lists no way to log in and refused every attempt"),
        ),
        _ => unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    #[test]
    fn a_challenge_and_response_login_breaks_the_private_mode_too() {
        check(
            "A02",
            Client,
            "P client TlsRequired           <-- A02 fail
             S: * OK ready
             C: a AUTHENTICATE CRAM-MD5     <-- A02 fail
             S: a NO not here",
        );
    }

    #[test]
    fn a_mechanism_with_encryption_of_its_own_is_left_open() {
        check(
            "A02",
            Client,
            "P client TlsRequired
             C: a AUTHENTICATE GSSAPI
             <-- A02 cannot-tell",
        );
    }

    #[test]
    fn giving_up_or_logging_in_inside_tls_keeps_the_mode() {
        check(
            "A02",
            Client,
            "P client TlsRequired           <-- A02 pass
             S: * OK [CAPABILITY IMAP4rev1] ready
             N client Refused(NotOffered)   <-- A02 pass
             ==CLIENT CLOSED==",
        );
        check(
            "A02",
            Client,
            "P client TlsRequired           <-- A02 pass
             C: a STARTTLS
             S: a OK go
             ==TLS UP==                     <-- A02 pass
             C: b LOGIN ana s3cret",
        );
    }

    #[test]
    fn another_policy_says_nothing_about_the_mode() {
        check("A02", Client, "P client TlsIfOffered\nC: a LOGIN ana s3cret\n<-- A02 cannot-tell");
        check("A02", Client, "C: a LOGIN ana s3cret\n<-- A02 cannot-tell");
        check("A02", Client, "S: * OK ready\nC: a LOGOUT\n<-- A02 not-applicable");
    }

    #[test]
    fn a_server_in_the_mode_lists_nothing_and_refuses_everything() {
        check(
            "A02",
            Server,
            "P server ClearTextRefused                        <-- A02 pass
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi  <-- A02 pass
             C: a LOGIN ana s3cret
             S: a NO not here                                 <-- A02 pass",
        );
        check(
            "A02",
            Server,
            "P server ClearTextRefused
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=CRAM-MD5] hi
             C: a LOGIN ana s3cret
             S: a NO not here
             <-- A02 cannot-tell",
        );
        check("A02", Server, "S: * OK hi\nC: a LOGOUT\n<-- A02 not-applicable");
    }
}
