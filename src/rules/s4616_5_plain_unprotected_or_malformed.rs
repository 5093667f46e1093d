//! S-4616: PLAIN is well formed, and not used or listed without protection.

use super::kit::EVERY_LIST;
use super::s2595_6_plain_without_tls::takes_plain;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::{Layer, Protocol, Side};
use crate::trace::Policy;

use super::repeated::{PLAIN_WITH_THIRD_NUL, UPGRADE_THEN_PLAIN};
/// The rule.
pub static RULE: Rule = Rule {
    id: "S-4616",
    title: "PLAIN messages have the right form and stay inside TLS",
    why: "PLAIN shows the password to everybody on the wire. A message that two programs take apart in different ways can log somebody in under another name.",
    how: "The client's PLAIN messages must follow the grammar of RFC 4616, in every layer; outside TLS there should be none. The server should neither list PLAIN outside TLS nor invite or accept it there. The text says 'by default': a server known to be set to take clear-text passwords has left the default and is excused. Text that is not base64 is a fault of another grammar and not judged here.",
    blind: "Text that is not base64, which is a fault of another grammar.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples { bad: PLAIN_WITH_THIRD_NUL, good: UPGRADE_THEN_PLAIN, implies: &["B26"] },
    check,
};

/// The clause about protection.
const UNPROTECTED: usize = 1;

fn check(case: &Case<'_>) -> Finding {
    match case.side {
        Side::Client => client(case),
        Side::Server => server(case),
    }
}

fn client(case: &Case<'_>) -> Finding {
    let mut messages = case.leg.plain_messages();
    for message in messages.clone() {
        if let Some(fault) = message.fault {
            return Finding::fail([message.at], format!("The PLAIN message is malformed: {fault}."));
        }
    }
    let in_clear = messages.clone().find(|m| case.clear(m.at) && m.credential.is_some());
    if let Some(shown) = in_clear {
        return Finding::fail([shown.at], "The client sent a PLAIN message outside TLS.")
            .of_clause(UNPROTECTED);
    }
    let hidden = messages.clone().any(|m| m.credential.is_some_and(|shown| shown.hidden));
    if hidden || case.leg.plain_left_open(Layer::Clear).or(case.leg.plain_left_open(Layer::Tls)).is_some() {
        return Finding::cannot_tell("The octets of the PLAIN message: the recording leaves them out.");
    }
    match messages.find(|message| message.credential.is_some()) {
        Some(message) => Finding::pass([message.at], "The PLAIN message is well formed and inside TLS."),
        None => Finding::not_applicable("No PLAIN message was seen."),
    }
}

fn server(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut lists = leg.lists().filter(|(event, _)| case.clear(event) && case.own(event));
    let listed = lists.clone().find(|(_, list)| list.mechanisms().any(|name| name == "PLAIN"));
    let taken = leg.answers().find(|a| case.own(a.at) && a.in_clear() && takes_plain(a));
    if let Some(event) = listed.map(|(event, _)| event).or(taken.map(|answer| answer.at)) {
        return match case.policy() {
            Some((policy, Policy::ClearTextAccepted)) => Finding::excused(
                policy.into_iter().chain([event]),
                "The server offers PLAIN outside TLS, as it is set to.",
                "RFC 4616 section 5 speaks of what happens by default; this server is set otherwise.",
            ),
            _ => Finding::fail([event], here!(case, "The server offers PLAIN outside TLS"))
                .of_clause(UNPROTECTED),
        };
    }
    match lists.next() {
        Some(_) if !leg.trace().carries().every_octet => Finding::cannot_tell(EVERY_LIST),
        Some((list, _)) => Finding::pass([list], here!(case, "The server does not offer PLAIN outside TLS")),
        None if leg.plain_left_open(Layer::Clear).is_some() => {
            Finding::cannot_tell("The server's answer to AUTHENTICATE: record the session to its end.")
        }
        None => Finding::not_applicable("The server listed nothing and took no PLAIN outside TLS."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::spec::Level;
    use crate::testing::check;

    #[test]
    fn a_malformed_message_is_an_error_even_inside_tls() {
        // A third NUL, as in the damaged copy of an example of RFC 2595.
        let verdict = check(
            "S-4616",
            Client,
            "==TLS==
             S: * OK hi
             C: a AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZgB0YW5zdGFhZg==    <-- S-4616 fail",
        );
        assert_eq!(verdict.level(), Level::Error);
        check("S-4616", Client, "C: a AUTHENTICATE PLAIN = <-- S-4616 fail");
    }

    #[test]
    fn use_outside_tls_is_a_warning() {
        let verdict = check(
            "S-4616",
            Client,
            "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=                                         <-- S-4616 fail",
        );
        assert_eq!(verdict.level(), Level::Warning);
    }

    #[test]
    fn well_formed_inside_tls_is_kept_and_a_missing_message_decides_nothing() {
        check(
            "S-4616",
            Client,
            "==TLS==
             S: * OK hi
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=                                         <-- S-4616 pass",
        );
        check("S-4616", Client, "C: a AUTHENTICATE PLAIN\nS: +\n<-- S-4616 cannot-tell");
        check("S-4616", Client, "C: a LOGIN ana s3cret\n<-- S-4616 not-applicable");
    }

    #[test]
    fn a_server_should_not_offer_it_by_default() {
        let verdict = check("S-4616", Server, "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi <-- S-4616 fail");
        assert_eq!(verdict.level(), Level::Warning);
        let verdict = check(
            "S-4616",
            Server,
            "P server ClearTextAccepted                                  <-- S-4616 pass
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi                <-- S-4616 pass",
        );
        assert!(verdict.excused_by.is_some());
        check("S-4616", Server, "S: * OK [CAPABILITY IMAP4rev1] hi <-- S-4616 pass");
        check("S-4616", Server, "S: * OK hi\n<-- S-4616 not-applicable");
    }
}
